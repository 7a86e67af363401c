import pytest

from dataflows.templates import fill, slots
from workbench.importing.failures import ImportFailed
from workbench.importing.imported import Refusal
from workbench.importing.reading import read_prompts_file, read_text


def one(name, text):
    """The only prompt of a file that has nothing to refuse."""
    imported = read_prompts_file(name, text.encode())
    assert imported.refused == ()
    (prompt,) = imported.prompts
    return prompt


def refusals(name, text):
    """Line and reason of everything refused, in a file that gives no prompt."""
    imported = read_prompts_file(name, text.encode())
    assert imported.prompts == ()
    assert {refusal.what for refusal in imported.refused} == {name}
    return [(refusal.line, refusal.reason) for refusal in imported.refused]


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.py", "python"),
        ("a.txt", "format"),
        ("A.MD", "format"),
        ("a.txt.j2", "jinja"),
        ("folder/a.jinja", "jinja"),
        ("folder\\a.njk", "jinja"),
        ("a.mustache", "mustache"),
        ("a.hbs", "mustache"),
    ],
)
def test_the_ending_says_the_format(name, format):
    """A file is read as what its ending stands for, in either case of letters."""
    imported = read_prompts_file(name, b"")

    assert imported.format == format


@pytest.mark.parametrize("name", ["a", "a.doc", "", ".txt", "a.yaml.bak", "\x00\u202e.pdf"])
def test_an_unknown_ending_is_refused_with_those_that_are_known(name):
    """A file without an ending of ours is not guessed at."""
    with pytest.raises(ImportFailed, match="no ending that says how to read it") as caught:
        read_prompts_file(name, b"text")

    assert ".prompty" in caught.value.hint
    assert caught.value.message.isprintable()


@pytest.mark.parametrize(
    ("text", "format", "template"),
    [
        ("Hi {{ name }}, {{name}}", "jinja", "Hi {name}, {name}"),
        ('{"a": 1} {{ name }}', "jinja", '{{"a": 1}} {name}'),
        ("{{!note}}Hi {{&name}}", "mustache", "Hi {name}"),
        ("Hi {{ name }} and {other}", "format", "Hi {{ name }} and {other}"),
        ('{{"a": 1}}', "format", '{{"a": 1}}'),
    ],
)
def test_a_text_file_is_read_as_its_tags_say(text, format, template):
    """Without fields of str.format, tags of Jinja or Mustache decide, and a note tells of it."""
    imported = read_prompts_file("a.txt", text.encode())

    assert (imported.format, imported.prompts[0].template) == (format, template)
    assert (format == "format") != any("was read as" in note for note in imported.notes)


def test_a_byte_order_mark_is_no_part_of_the_prompt():
    """A mark at the beginning of the file is dropped."""
    imported = read_prompts_file("a.txt", b"\xef\xbb\xbfHi {x}")

    assert imported.prompts[0].template == "Hi {x}"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"abc\xff", "a.txt is not UTF-8: byte 0xff at offset 3"),
        (b"\xef\xbb\xbfabc\xe9", "a.txt is not UTF-8: byte 0xe9 at offset 6"),
        (b"\xed\xa0\x80", "a.txt is not UTF-8: byte 0xed at offset 0"),
    ],
)
def test_bytes_that_are_no_utf8_are_told_with_their_offset(content, message):
    """The first wrong byte is named with where it stands in the file."""
    with pytest.raises(ImportFailed) as caught:
        read_prompts_file("a.txt", content)

    assert caught.value.message == message


def test_a_file_over_the_limit_is_refused():
    """1,000,000 bytes are read; one more is not, however the text comes in."""
    assert len(one("a.txt", "x" * 1_000_000).template) == 1_000_000

    for read in (lambda: read_prompts_file("a.txt", b"x" * 1_000_001), lambda: read_text("format", "é" * 500_001, "a")):
        with pytest.raises(ImportFailed, match="at most 1,000,000 are read"):
            read()


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("Hi {name}.", "Hi {name}."),
        ("{{{name}}}", "{{{name}}}"),
        ("Reply {{as JSON}} to {q}", "Reply {{as JSON}} to {q}"),
        ("no braces", "no braces"),
        ('{"a": {"b": 1}}', '{{"a": {{"b": 1}}}}'),
        ("one { brace", "one {{ brace"),
        ("}{", "}}{{"),
        ("", ""),
    ],
)
def test_a_format_text_becomes_a_template(text, template):
    """Slots and doubled braces stay; a text that is nothing for str.format is taken as plain."""
    prompt = one("greeting.txt", text)

    assert (prompt.name, prompt.template, prompt.line) == ("greeting", template, 1)


def test_doubled_braces_without_slots_are_noted():
    """A text that could be plain and could be str.format's is read as the latter, and that is said."""
    imported = read_prompts_file("a.txt", b'{{"a": 1}}')

    assert fill(imported.prompts[0].template, {}) == '{"a": 1}'
    assert imported.notes == (
        "A text without slots has doubled braces; they were read as single ones, as str.format does.",
    )


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("{user.name}", 1, "{user.name} reads an attribute; a slot is a plain name"),
        ("\n{a[0]}", 2, "{a[0]} reads an item; a slot is a plain name"),
        ("\r\n\r\n{a!r}", 3, "{a!r} has a conversion; a slot is a plain name"),
        ("{a:>9}", 1, "{a:>9} has a format spec; a slot is a plain name"),
        ("a\nb{}", 2, "{} is filled by position; a slot needs a name"),
        ("{0}", 1, "{0} is filled by position; a slot needs a name"),
        ("{q} {", 1, "a single { belongs to no slot; it would be {{ as a brace"),
        ("{q}\n\n}", 3, "a single } belongs to no slot; it would be }} as a brace"),
        ("{class}", 1, "“class” can't be a slot: it is a Python keyword"),
        ("{q} { q }", 1, "“ q ” can't be a slot: it is not a plain name"),
        ("{__x}", 1, "“__x” can't be a slot: it begins with _ or has __, which mean something to Hamilton"),
    ],
)
def test_what_a_format_text_can_do_beyond_slots_is_refused(text, line, reason):
    """Attributes, indexes, conversions, specs, positions and lone braces are told with their line."""
    assert refusals("a.txt", text) == [(line, reason)]


def test_every_fault_of_a_text_is_told_up_to_twenty():
    """A person sees all places at once, and a hostile text can't fill the page."""
    assert [line for line, _ in refusals("a.txt", "{0}\n{a.b}\n{c}\n{d!r}")] == [1, 2, 4]
    assert len(refusals("a.txt", "{0}" * 1000)) == 20


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("Hi {{ name }}{{name}}", "Hi {name}{name}"),
        ("{# a\ncomment #}Hi", "Hi"),
        ("{{ \"{\" }} {{ '}}' }}", "{{ }}}}"),
        ('{"a": 1}', '{{"a": 1}}'),
        ("{% raw %}{{ x }}{% endraw %}", "{{{{ x }}}}"),
        ("a  {{- x -}}  \n b", "a{x}b"),
        ("a\r\nb\rc\n", "a\r\nb\rc\n"),
        ("a \r\n{{- x }}", "a{x}"),
        ("{{ x\r\n}}\u2028\x0b\r", "{x}\u2028\x0b\r"),
        ('{{ "a\\n\\"b\\"" }}', 'a\n"b"'),
        ("x\n\n", "x\n\n"),
        ("{{ 名前 }}", "{名前}"),
    ],
)
def test_a_jinja_text_becomes_a_template(text, template):
    """Names are slots, constants text, comments gone, blanks controlled, and every newline is kept."""
    assert one("a.njk", text).template == template


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("\n{{ x | upper }}", 2, "an expression in {{ }} uses the filter upper; a slot is a plain name"),
        ("{{ x.y }}", 1, "an expression in {{ }} reads an attribute; a slot is a plain name"),
        ("{{ x['y'] }}", 1, "an expression in {{ }} reads an item; a slot is a plain name"),
        ("\n\n{{ x() }}", 3, "an expression in {{ }} makes a call; a slot is a plain name"),
        ("{{ x is defined }}", 1, "an expression in {{ }} uses a test; a slot is a plain name"),
        ("{{ x if y }}", 1, "an expression in {{ }} has a condition; a slot is a plain name"),
        (
            "{{ 5 }}",
            1,
            "an expression in {{ }} is a number or another constant that is no text; a slot is a plain name",
        ),
        ("{{ x ~ y }}", 1, "an expression in {{ }} computes its text; a slot is a plain name"),
        ("a\r\n{% if x %}y{% endif %}", 2, "a {% if %} block is more than a text with slots"),
        ("{% for x in y %}{{ x.z }}{% endfor %}", 1, "a {% for %} block is more than a text with slots"),
        ("{% set x = 1 %}", 1, "a {% set %} block is more than a text with slots"),
        ("{% include 'secret' %}", 1, "a {% include %} block is more than a text with slots"),
        ("{% extends 'base' %}", 1, "a {% extends %} block is more than a text with slots"),
        ("\n{% what %}", 2, "Jinja can't read it: Encountered unknown tag 'what'."),
        ("\n{{ x", 2, "Jinja can't read it: unexpected end of template, expected 'end of print statement'."),
        ("{{ __x }}", 1, "“__x” can't be a slot: it begins with _ or has __, which mean something to Hamilton"),
        ('\n{{ "\\x41" }}', 2, 'the constant "\\x41" has an escape that Jinja and Nunjucks read differently'),
        ("{{" + "(" * 3000, 1, "Jinja can't read it: it is nested too deep"),
        ("{{" + "1" * 5000 + "}}", 1, "Jinja can't read it: a number is too long"),
    ],
)
def test_what_jinja_computes_is_refused(text, line, reason):
    """Filters, attributes, calls, blocks and what Jinja itself can't read are told with their line."""
    assert refusals("a.j2", text) == [(line, reason)]


def test_carriage_returns_are_kept_as_long_as_any_blank_is_free_to_stand_in_for_them():
    """Jinja would make newlines of them; only a text with every kind of blank in it is refused."""
    blanks = "\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x2008))) + "\u2028\u2029"

    assert one("a.njk", f"{blanks}\r").template == f"{blanks}\r"
    assert refusals("a.njk", f"{blanks}\u3000\r")[0][1].startswith("it has carriage returns beside every other")


def test_the_last_newline_of_a_jinja_file_is_kept_and_noted():
    """Jinja drops it unless told otherwise, Nunjucks does not; the template has it."""
    jinja, nunjucks = (read_prompts_file(name, b"Hi\n") for name in ("a.j2", "a.njk"))

    assert jinja.prompts[0].template == nunjucks.prompts[0].template == "Hi\n"
    assert "newline at the end" in jinja.notes[0]
    assert nunjucks.notes == ()


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("{{x}} {{{ y }}} {{& z}}{{&z}}", "{x} {y} {z}{z}"),
        ('{"a": {{x}}}', '{{"a": {x}}}'),
        ("a {{! note }}b", "a b"),
        ("a\n  {{! note }}  \r\nb", "a\nb"),
        ("a\n{{! two\nlines }}\n{{! more }}\nb", "a\nb"),
        ("{{x}} {{! not alone }}\nb", "{x} \nb"),
        ("{{!-- with {{x}} in it --}}\nb", "b"),
        ("{{! last }}", ""),
        ("\\{{x}}", "\\{x}"),
        ("a\r\n", "a\r\n"),
    ],
)
def test_a_mustache_text_becomes_a_template(text, template):
    """All three kinds of values are slots; comments go, with their line when they are alone on it."""
    assert one("a.mustache", text).template == template


def test_mustaches_escaping_is_noted_where_it_would_happen():
    """Only {{x}} is escaped for HTML by Mustache."""
    assert "escapes the value" in read_prompts_file("a.hbs", b"{{x}}").notes[0]
    assert read_prompts_file("a.hbs", b"{{{x}}} {{&y}} {{! z }}").notes == ()


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("\n{{#x}}a{{/x}}", 2, "{{#x}} belongs to a section, which is more than a text with slots"),
        ("{{^x}}a\n{{/x}}", 1, "{{^x}} belongs to a section, which is more than a text with slots"),
        ("\n\n{{/x}}", 3, "{{/x}} belongs to a section, which is more than a text with slots"),
        ("{{! c\n}}\n{{> part}}", 3, "{{> part}} is a partial, another file"),
        ("a\n{{=<% %>=}} <%#x%>", 2, "{{=<% %>=}} changes the delimiters"),
        ("{{upper x}}", 1, "{{upper x}} calls a helper; a slot is a plain name"),
        ("{{a.b}}", 1, "{{a.b}} reads a path or a context; a slot is a plain name"),
        ("{{../a}}", 1, "{{../a}} reads a path or a context; a slot is a plain name"),
        ("{{.}}", 1, "{{.}} reads a path or a context; a slot is a plain name"),
        ("{{this}}", 1, "{{this}} reads a path or a context; a slot is a plain name"),
        ("{{~x}}", 1, "{{~x}} takes away blanks around it"),
        ("{{@root}}", 1, "{{@root}} is a variable of Handlebars itself"),
        ("{{*inline}}", 1, "{{*inline}} is a decorator"),
        ("{{<x}}", 1, "{{<x}} takes another template as its parent"),
        ("{{$x}}", 1, "{{$x}} is a block of inheritance"),
        ("{{}}", 1, "“” can't be a slot: it is not a plain name"),
        ("{{a-b}}", 1, "“a-b” can't be a slot: it is not a plain name"),
        ("\n{{x", 2, "the {{ is never closed by }}"),
        ("{{{x}}", 1, "the {{{ is never closed by }}}"),
        ("{{{{raw}}}}", 1, "{{{{raw}}} is a raw block"),
    ],
)
def test_what_mustache_computes_is_refused(text, line, reason):
    """Sections, partials, delimiters, helpers, paths and open tags are told with their line."""
    assert refusals("a.mustache", text)[0] == (line, reason)


def test_a_backslash_before_a_tag_is_refused_in_handlebars_only():
    r"""\{{x}} is plain text for Handlebars and a value behind a backslash for Mustache."""
    assert refusals("a.hbs", "\n\\{{x}}")[0][0] == 2
    assert one("a.mustache", "\\{{x}}").template == "\\{x}"


PYTHON = '''\
"""Prompts."""
import os

SUMMARY_PROMPT = "Summarize {text}."
PLAIN = ('{"a": 1} '
    "and more")
SYSTEM: str = """\\
Be brief.
"""
__version__ = "1"
COUNT = 3
HOST = os.environ["HOST"]
GREETING = f"Hi {os.getcwd()}"
TEMPLATE = "a" * 3
BAD = "x {0}"


def opening(tone: str = "calm") -> str:
    """How it begins."""
    return f"Begin in a {tone} way: {{query}}"


def closing_prompt() -> str:
    return open("x").read()


def count_words(text: str) -> int:
    return len(text.split())
'''


def test_functions_and_constants_of_a_python_file_are_taken():
    """Functions come first, then constants; defaults and left-out functions are noted."""
    imported = read_prompts_file("prompts.py", PYTHON.encode())

    assert [(prompt.name, prompt.template, prompt.line, prompt.doc) for prompt in imported.prompts] == [
        ("opening", "Begin in a {tone} way: {query}", 18, "How it begins."),
        ("summary_prompt", "Summarize {text}.", 4, ""),
        ("plain", '{{"a": 1}} and more', 5, ""),
        ("system", "Be brief.\n", 7, ""),
    ]
    assert imported.prompts[0].slots == ("tone", "query")
    assert "In opening, {tone} has the value “calm” when none is given." in imported.notes
    assert "Functions that are no texts were left out: count_words." in imported.notes


def test_what_a_python_file_computes_is_refused_with_its_line():
    """Functions named as prompts, f-strings and computed templates say why they are not taken."""
    imported = read_prompts_file("prompts.py", PYTHON.encode())

    assert imported.refused == (
        Refusal("closing_prompt", 23, "it calls a function"),
        Refusal("GREETING", 13, "it is an f-string, whose values are known only when it is run"),
        Refusal("TEMPLATE", 14, "it computes its text"),
        Refusal("BAD", 15, "{0} is filled by position; a slot needs a name"),
    )


def test_a_constant_that_is_assigned_twice_is_refused():
    """Which text would hold is known only when the file is run."""
    imported = read_prompts_file("a.py", b"A = 'x'\nA = 'y'\nB = 'z'\n")

    assert imported.refused == (
        Refusal("A", 1, "it is assigned more than once"),
        Refusal("A", 2, "it is assigned more than once"),
    )
    assert [prompt.name for prompt in imported.prompts] == ["b"]


def test_nothing_of_a_python_file_is_run(tmp_path):
    """Effects at the module's top, in f-strings and in defaults don't happen."""
    trace = tmp_path / "ran"
    effect = f"open({str(trace)!r}, 'w')"
    source = f"{effect}\nA = f'''{{{effect}}}'''\ndef a_prompt(x: str = {effect}) -> str:\n    return ''\n"

    imported = read_prompts_file("a.py", source.encode())

    assert len(imported.refused) == 2
    assert not trace.exists()


@pytest.mark.parametrize("source", ["def f(:", "x = '\0'", "(" * 5000, "\n\nclass"])
def test_a_file_that_is_no_python_fails_with_its_name(source):
    """The reason of the reader is told with the file's name before it."""
    with pytest.raises(ImportFailed, match=r"^a\.py: "):
        read_prompts_file("a.py", source.encode())


def test_more_than_five_hundred_prompts_are_refused():
    """500 constants are taken; one more fails the file."""
    source = "".join(f"P{number} = 'x'\n" for number in range(500))

    assert len(read_text("python", source, "a.py").prompts) == 500
    with pytest.raises(ImportFailed, match="more than 500 prompts"):
        read_text("python", f"{source}LAST = 'x'\n", "a.py")


def test_refusals_are_listed_up_to_five_hundred():
    """A note tells that there are more."""
    source = "".join(f"P{number} = f'x'\n" for number in range(502))

    imported = read_text("python", source, "a.py")

    assert len(imported.refused) == 500
    assert "More than 500 things were refused" in imported.notes[0]


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("Customer greeting (v2).txt", "customer_greeting_v2"),
        ("2nd.txt", "prompt_2nd"),
        ("class.txt", "class_prompt"),
        ("str.txt", "str_prompt"),
        ("__init__.txt", "init"),
        ("要約.txt", "要約"),
        ("ＡＢＣ.txt", "abc"),
        ("!!!.txt", "prompt"),
        ("é" * 300 + ".txt", "é" * 60),
        ("a\u202eb\u200bc.txt", "a_b_c"),
    ],
)
def test_a_prompt_gets_a_name_that_python_takes(name, suggested):
    """Whatever the file is called, the suggestion is a plain name."""
    prompt = one(name, "x")

    assert prompt.name == suggested
    assert slots(f"{{{prompt.name}}}") == [suggested]


def test_names_of_one_import_differ():
    """Constants that differ only in what a name can't say get numbers."""
    imported = read_prompts_file("a.py", b"A = 'x'\n_a = 'y'\na_ = 'z'\n")

    assert [prompt.name for prompt in imported.prompts] == ["a", "a_2", "a_3"]
