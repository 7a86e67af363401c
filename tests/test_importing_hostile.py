import random
import time

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dataflows.templates import escape, fill, parse, slots
from tests.hostile import FRAGMENTS, any_text, templates
from workbench.errors import WorkbenchError
from workbench.importing.failures import ImportFailed
from workbench.importing.reading import read_prompts_file, read_text
from workbench.importing.renaming import rename_slots

VALUES = {"query": "{q}", "chunk": "{{c}} {{ x }}"}
FORMATS = ["python", "format", "jinja", "mustache", "promptfoo", "prompty"]
NAMES = ["a.py", "a.txt", "a.md", "a.j2", "a.njk", "a.mustache", "a.hbs", "a.yaml", "a.prompty"]
TAGS = [
    *[
        "{{ x }}",
        "{{x",
        "{{{x}}}",
        "{{#x}}",
        "{{/x}}",
        "{{! c }}",
        "{{!-- ",
        "--}}",
        "{{=<% %>=}}",
        "{{> p}}",
        "{{&x}}",
    ],
    *["{% if x %}", "{% endif %}", "{% raw %}", "{% endraw %}", "{#", "#}", "{{-", "-}}", "{{ x|y }}", "{{ '", "' }}"],
    *[
        "prompts:\n",
        "- ",
        "tests:\n",
        "&a ",
        "*a ",
        "!!python/name:os ",
        "|\n  ",
        ">-\n ",
        "? ",
        ": ",
        "<<: ",
        "[",
        "]",
    ],
    *["---\n", "\n---\n", "user:\n", "system:\n", "template: mustache\n", "inputs:\n", "sample: {x: 1}\n", "name: x\n"],
    *[
        "def a_prompt() -> str:\n    return ",
        "X = ",
        "f'{x}'",
        '"""',
        "raw: ",
        "label: ",
        "file://a.txt",
        "file://a.json",
    ],
    *[
        '[{"role": "user", "content": "x"}]',
        "role: user",
        "content: ",
        "{x}",
        "{x.y}",
        "{0}",
        "{x!r:>9}",
        "\\",
        "\\x41",
    ],
]


def as_jinja(text):
    """The Jinja template of a text: its opening braces are constants."""
    return text.replace("{", '{{ "{" }}')


def as_source(template, opening, closing):
    """A template of ours in another language, its texts being fit for it already."""
    pieces = parse(template)
    return "".join(as_jinja(piece) if isinstance(piece, str) else f"{opening}{piece.name}{closing}" for piece in pieces)


def only(format, text, name="a"):
    """The template of the only prompt in a text."""
    imported = read_text(format, text, name)
    assert imported.refused == ()
    (prompt,) = imported.prompts
    return prompt.template


@settings(max_examples=200, deadline=None)
@given(templates())
def test_every_template_of_ours_is_a_format_text(template):
    """What our grammar accepts comes back as it is."""
    assert only("format", template) == template


@settings(max_examples=200, deadline=None)
@given(any_text())
@example('{"a": {"b": 1}}')
def test_a_text_without_fields_is_a_template_that_fills_to_itself(text):
    """Plain texts with lone braces are escaped, whatever is in them."""
    imported = read_text("format", text, "a")

    if any("taken as it is" in note for note in imported.notes):
        assert fill(imported.prompts[0].template, {}) == text
    elif imported.prompts:
        assert imported.prompts[0].template == text


@settings(max_examples=200, deadline=None)
@given(templates())
@example("\r\n {query}\r")
def test_every_template_can_be_said_in_jinja(template):
    """Constants for braces and names for slots come back as the same filled text, newlines included."""
    source = as_source(template, "{{ ", " }}")

    assert fill(only("jinja", source), VALUES) == fill(template, VALUES)


@settings(max_examples=200, deadline=None)
@given(templates())
def test_every_template_without_two_braces_in_a_row_can_be_said_in_mustache(template):
    """Mustache has no way to say {{; everything else comes back."""
    pieces = [piece.replace("{", "(") if isinstance(piece, str) else piece for piece in parse(template)]
    source = "".join(piece if isinstance(piece, str) else f"{{{{{piece.name}}}}}" for piece in pieces)
    filled = "".join(piece if isinstance(piece, str) else VALUES[piece.name] for piece in pieces)

    assert fill(only("mustache", source), VALUES) == filled


@settings(max_examples=200, deadline=None)
@given(templates())
def test_every_template_can_stand_in_a_python_file(template):
    """A constant and a returned literal come back as they are."""
    literal = ascii(template)
    source = f"TEXT = {literal}\ndef a_prompt() -> str:\n    return {literal}\n"

    imported = read_text("python", source, "a")

    assert [prompt.template for prompt in imported.prompts] == [template, template]


@settings(max_examples=200, deadline=None)
@given(templates().filter(lambda template: not any("\ud800" <= char <= "\udfff" for char in template)))
def test_every_template_can_stand_in_promptfoo_yaml(template):
    """A text of any characters but surrogates, which YAML can't say, comes back; so do its tests."""
    source = as_source(f"a line\n{template}", "{{", "}}")
    tests = [{"vars": {"text": template, "number": 5, "none": None}}]

    imported = read_text("promptfoo", yaml.safe_dump({"prompts": [source, {"raw": source}], "tests": tests}), "a")

    assert imported.refused == ()
    assert {fill(prompt.template, VALUES) for prompt in imported.prompts} == {f"a line\n{fill(template, VALUES)}"}
    assert yaml.safe_load(imported.tests_source) == {"tests": tests}


@settings(max_examples=200, deadline=None)
@given(templates())
def test_every_template_can_be_the_body_of_a_prompty(template):
    """All but the newlines around it comes back."""
    source = as_source(template, "{{", "}}")
    body = f"---\nname: x\n---\nuser:\nbegin\n{source}end"

    assert fill(only("prompty", body), VALUES) == f"begin\n{fill(template, VALUES)}end"


@settings(max_examples=200, deadline=None)
@given(templates(), st.permutations(["query", "chunk", "third"]))
def test_renaming_back_gives_the_template_again(template, names):
    """A renaming that loses nothing can be undone."""
    there = dict(zip(["query", "chunk"], names, strict=False))

    renamed = rename_slots(template, there)

    assert slots(renamed) == [there[name] for name in slots(template)]
    assert rename_slots(renamed, {new: old for old, new in there.items()}) == template


def holds(imported):
    """Whether every template is one, and everything shown can be."""
    for prompt in imported.prompts:
        assert prompt.slots == tuple(slots(prompt.template))
        assert prompt.name.isidentifier()
        assert prompt.line >= 1
    for refusal in imported.refused:
        assert refusal.line >= 1
        assert refusal.what.isprintable()
        assert refusal.reason.isprintable()
    return True


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
def test_four_thousand_hostile_texts_raise_nothing_but_import_failed():
    """Fragments of every format in any order, read as each, give prompts, refusals or ImportFailed."""
    choice = random.Random(7)
    pieces = [*FRAGMENTS, *TAGS, *TAGS, *TAGS]
    taken = refused = failed = 0
    for number in range(4_200):
        text = "".join(choice.choices(pieces, k=choice.randint(1, 12)))
        heads = {"promptfoo": "prompts:\n- ", "prompty": "---\nname: x\n---\n", "python": "X = "}
        format = FORMATS[number % len(FORMATS)]
        if number % 3:
            text = heads.get(format, "") + text
        try:
            imported = read_text(
                format, text, f"{text[:9]}.hbs", {"a.txt": text.encode("utf-8", "replace"), "a.json": b"["}
            )
        except ImportFailed as error:
            failed += 1
            assert error.message.isprintable()
            continue
        assert holds(imported)
        taken += bool(imported.prompts)
        refused += bool(imported.refused)

    assert min(taken, refused, failed) > 400


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
def test_two_thousand_files_of_random_bytes_raise_nothing_but_import_failed():
    """Bytes of any value, and texts with some of them broken, are told or taken."""
    choice = random.Random(11)
    for number in range(2_250):
        content = b"".join(choice.choice(TAGS).encode() for _ in range(choice.randint(0, 8)))
        content += choice.randbytes(choice.randint(0, 6)) if number % 2 else bytes(choice.choices(range(128), k=9))
        try:
            assert holds(read_prompts_file(NAMES[number % len(NAMES)], content, {"a.txt": content, "a.json": content}))
        except ImportFailed as error:
            assert isinstance(error, WorkbenchError)
            assert error.hint


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "{{ " * 100_000),
        ("a.txt", "{a[" * 100_000),
        ("a.txt", "{a" + ".a" * 100_000),
        ("a.j2", "{%" + " " * 300_000),
        ("a.j2", "{% raw %}" + "{% " * 100_000),
        ("a.j2", "{{ '" + "a\\" * 100_000),
        ("a.hbs", "{{!--" * 60_000),
        ("a.hbs", "{{!}} " * 50_000),
        ("a.yaml", "prompts: " + "{a: " * 80_000),
        ("a.prompty", "---\n---\nuser" + " " * 300_000 + ":x"),
        ("a.prompty", "---\n---\nuser" + "[" * 300_000 + ":"),
        ("a.prompty", "---\n---\n" + "![" * 100_000),
        ("a.py", "x = " + "-" * 100_000 + "1"),
    ],
)
def test_no_text_takes_long_by_its_form(name, text):
    """Repeated openings and endless blanks are read in one pass: a quadratic one would take minutes."""
    begun = time.process_time()

    try:
        assert holds(read_prompts_file(name, text.encode()))
    except ImportFailed as error:
        assert error.message.isprintable()

    assert time.process_time() - begun < 20


def test_plain_text_is_escaped_not_guessed():
    """A text with braces of every kind, and no field, fills to itself."""
    text = 'JSON: {"a": [{"b": { }'

    assert only("format", text) == escape(text)
