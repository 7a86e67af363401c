import os
import sys
from dataclasses import replace
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile import templates
from workbench.errors import ExportError, VersionError
from workbench.export.config_check import check_added
from workbench.export.config_form import add_variants, next_config_number
from workbench.prompts.opening import open_source
from workbench.prompts.writer import module_source
from workbench.records import Parameter, Prompt

os.environ["HAMILTON_AUTOLOAD_EXTENSIONS"] = "0"

PLAIN = '''\
"""Prompts of the birds."""

import re


def a_prompt(topic: str = "birds") -> str:
    """Asks."""
    return f"About {topic}: {{query}}"


def answer(a_prompt: str, query: str) -> str:
    """The node that asks."""
    return re.sub("x", "y", a_prompt)
'''
VARIANTS = """\
from hamilton.function_modifiers import config


@config.when(version="v1")
def a_prompt__v1() -> str:
    return "one"


@config.when_not(version="v1")
def a_prompt__other() -> str:
    return "other"
"""
WHEN = "from hamilton.function_modifiers import config\n@config."
NEW = Prompt("a_prompt", "new {query}", doc="Asks anew.")


def node_values(content, config, names=("a_prompt", "b_prompt")):
    """What Hamilton gives for those of the nodes that the module has in this config; content is a file's bytes."""
    from hamilton import driver

    module = ModuleType("config_form_module")
    sys.modules[module.__name__] = module
    exec(compile(content, "birds.py", "exec", dont_inherit=True), module.__dict__)
    built = driver.Builder().with_modules(module).with_config(config).build()
    return built.execute([name for name in names if name in built.graph.nodes and name not in config])


def lines_of(source):
    return source.encode().replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")


def test_an_unconditional_prompt_becomes_the_fallback_of_its_new_variant():
    """Only the import, the variant, and the old function's condition and name are new."""
    edited = Prompt("a_prompt", "On {topic}: {query}", (Parameter("topic", "birds"),), "Asks.")

    source = add_variants(PLAIN, [edited], "v2")

    assert (
        source
        == '''\
"""Prompts of the birds."""

import re

from hamilton.function_modifiers import config


@config.when_not_in(version=["v2"])
def a_prompt__default(topic: str = "birds") -> str:
    """Asks."""
    return f"About {topic}: {{query}}"


@config.when(version="v2")
def a_prompt__v2(topic: str = "birds") -> str:
    """Asks."""
    return f"On {topic}: {{query}}"


def answer(a_prompt: str, query: str) -> str:
    """The node that asks."""
    return re.sub("x", "y", a_prompt)
'''
    )


def test_a_second_variant_changes_the_fallbacks_list_only():
    """The version after the next adds its function and one word in one line."""
    first = add_variants(PLAIN, [replace(NEW, template="two")], "v2")

    second = add_variants(first, [NEW], "v3")

    assert 'when_not_in(version=["v2", "v3"])' in second
    without = second.replace(', "v3"]', "]").replace(
        '@config.when(version="v3")\ndef a_prompt__v3() -> str:\n    """Asks anew."""\n    return "new {query}"\n\n\n',
        "",
    )
    assert without == first
    chosen = [node_values(second, {"version": version})["a_prompt"] for version in ("v2", "v3")]
    assert chosen == ["two", "new {query}"]
    assert node_values(second, {}) == node_values(PLAIN, {})


@pytest.mark.parametrize(
    ("condition", "extended"),
    [
        ('when_not(version="v1")', 'when_not_in(version=["v1", "v2"])'),
        ('when_not(version=("v1"))', 'when_not_in(version=(["v1", "v2"]))'),
        ('when_not_in(version=["v1"])', 'when_not_in(version=["v1", "v2"])'),
        ('when_not_in(version=["v1"  ,])', 'when_not_in(version=["v1", "v2"  ,])'),
        ('when_not_in(version=("v1",))', 'when_not_in(version=("v1", "v2",))'),
        ('when_not_in(version={"v1"})', 'when_not_in(version={"v1", "v2"})'),
        ("when_not_in(version=[])", 'when_not_in(version=["v2", ])'),
        ('when_not_in(version=[("v1")])', 'when_not_in(version=["v2", ("v1")])'),
        ('when_not_in(version=[("v1" # )\n)])', 'when_not_in(version=["v2", ("v1" # )\n)])'),
        (
            'when_not_in(\n    version=[\n        "v1",  # 1\n    ],\n)',
            'when_not_in(\n    version=[\n        "v1", "v2",  # 1\n    ],\n)',
        ),
        ('when_not_in(version=["v1"], region=["us"])', 'when_not_in(version=["v1", "v2"], region=["us"])'),
        ('when_not_in(version=["v2", "v1"])', 'when_not_in(version=["v2", "v1"])'),
    ],
)
def test_a_fallback_is_extended_in_whatever_way_it_is_written(condition, extended):
    """Lists, tuples, sets and single values get one more, and nothing else of the decorator changes."""
    source = f"{WHEN}{condition}\ndef a_prompt__x() -> str:\n    return 'old'\n"

    new = add_variants(source, [NEW], "v2")

    assert f"@config.{extended}\n" in new
    assert node_values(new, {"version": "v2"}) == {"a_prompt": "new {query}"}
    for config in ({}, {"version": "v1"}, {"version": "v7"}):
        assert node_values(new, config) == node_values(source, config)


def variant(number, template):
    return [f'@config.when(version="v{number}")', f"def a_prompt__v{number}() -> str:", f"\treturn {template!r}"]


FAMILIES = {
    "none": [],
    "unconditional": [["def a_prompt() -> str:", '\t"""Old."""', "\treturn 'old'", "\t# the end"]],
    "tagged": [["@tag(kind='prompt')", "def  a_prompt( ) -> str: return 'old'"]],
    "variants": [variant(1, "one"), variant(2, "two\r\n")],
    "variants and rest": [
        variant(1, "one"),
        ["@config.when_not(version='v1')", "def a_prompt__x() -> str:", "\treturn ''"],
    ],
    "lists": [
        [
            "@config.when_in(version=['v1', 'v2'])",
            "def a_prompt__old() -> str:",
            '\treturn """1',
            "2\f\u2028 \n猫\n",
            '"""',
        ],
        ["@config.when_not_in(version=('v1', 'v2',))", "def a_prompt__x() -> str:", "\treturn 'x'"],
    ],
}
HEADS = [
    ["# -*- coding: utf-8 -*-", '"""Döc."""', "from __future__ import annotations", "import re; import os"],
    ["#!/usr/bin/env python", "# 猫", "X = 'é'; Y = '\x0c'"],
    ['"""Döc', "of two lines.", '"""; import hashlib'],
    [],
]


@st.composite
def modules(draw):
    """A module as it may lie on disk: any newlines, indents, byte order mark, head and family of a_prompt."""
    blocks = [*draw(st.sampled_from(list(FAMILIES.values())))]
    blocks.insert(draw(st.integers(0, len(blocks))), ["def b_prompt() -> str:", "\treturn 'b'  # é"])
    head = [*draw(st.sampled_from(HEADS)), "from hamilton.function_modifiers import config, tag"]
    if draw(st.booleans()):
        head = [*head[:-1], "from hamilton.function_modifiers import *"]
    between = draw(st.sampled_from([[], [""], ["", "", ""], ["", "# about", ""]]))
    lines = head
    for block in blocks:
        lines = [*lines, *between, *block]
    source = "\n".join(lines) + draw(st.sampled_from(["", "\n", "\n\n\n", "\n# the end"]))
    source = source.replace("\t", draw(st.sampled_from(["\t", "    ", " "])))
    return draw(st.sampled_from(["", "\ufeff"])) + source.replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"])))


@settings(deadline=None)
@given(modules(), templates(), templates())
def test_old_configs_keep_their_values_in_any_module_and_the_new_one_has_its_own(source, first, second):
    """Whatever the file looks like, the new version gives the new texts, other configs and other lines stay."""
    prompts = [Prompt("a_prompt", first), Prompt("b_prompt", second)]

    new = add_variants(source, prompts, "v9")

    assert node_values(new.encode(), {"version": "v9"}) == {"a_prompt": first, "b_prompt": second}
    for config in ({}, {"version": "v1"}, {"version": "v2"}, {"version": "v8"}):
        assert node_values(new.encode(), config) == node_values(source.encode(), config)
    left = iter(lines_of(new))
    touched = (b"a_prompt(", b"a_prompt( ", b"b_prompt(", b"when_not")
    assert all(line in left for line in lines_of(source) if not any(word in line for word in touched))
    assert len(set(new.replace("\r\n", "\0")) & {"\n", "\r", "\0"}) <= 1


def test_existing_variants_stay_byte_for_byte():
    """With variants only, the old file is the start of the new one, CRLF, tabs and byte order mark included."""
    source = "\ufeff" + VARIANTS[: VARIANTS.index("\n\n\n@config.when_not")].replace("\n", "\r\n").replace("    ", "\t")

    new = add_variants(source, [NEW], "v2")

    added = '\r\n\r\n\r\n@config.when(version="v2")\r\ndef a_prompt__v2() -> str:\r\n    """Asks anew."""\r\n'
    assert new == f'{source}{added}    return "new {{query}}"\r\n'


def test_a_texts_newlines_do_not_become_the_files():
    """In a CRLF file, LF of a text is LF and CRLF is CRLF when the function runs."""
    text = "".join(f"line {number}\nof\r\nmany {'words ' * 9}\n" for number in range(4))

    new = add_variants(VARIANTS.replace("\n", "\r\n"), [replace(NEW, template=text)], "v2")

    assert "\n" not in new.replace("\r\n", "")
    assert node_values(new.encode(), {"version": "v2"}) == {"a_prompt": text}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            f"{WHEN}when(version='v2')\ndef a_prompt__b() -> str: ...",
            "a_prompt__b (line 3) is the variant for version=v2",
        ),
        (
            f"{WHEN}when_in(version=['v1', 'v2'])\ndef a_prompt__b() -> str: ...",
            "(line 3) is the variant for version=v2",
        ),
        ("def a_prompt__v2() -> str: ...", "line 1 has a_prompt__v2 already"),
        (f"{WHEN}when(region='us')\ndef a_prompt__us() -> str: ...", "depends on region and not on version"),
        (f"{WHEN}when()\ndef a_prompt__us() -> str: ...", "depends on no key and not on version"),
        (f"{WHEN}when(version=OLD)\ndef a_prompt__b() -> str: ...", "a condition that is not plain values"),
        (f"{WHEN}when(**OLD)\ndef a_prompt__b() -> str: ...", "a condition that is not plain values"),
        (f"{WHEN}when_not_in(version='v1')\ndef a_prompt__b() -> str: ...", "a condition that is not plain values"),
        ("import hamilton.function_modifiers as h\n@h.config(f)\ndef a_prompt() -> str: ...", "is not plain values"),
        (f"{WHEN}when_not(version='v1', region='us')\ndef a_prompt__b() -> str: ...", "a when_not of several values"),
        (f"{WHEN}when(name='a_prompt', version='v2')\ndef other() -> str: ...", "other (line 3) is the variant for"),
        ("def a_prompt() -> str: ...\na_prompt = print", "a_prompt is defined more than once, in lines 1 and 2"),
        ("a_prompt = 'text'", "line 1 makes a_prompt otherwise than by a function"),
        ("from x import y as a_prompt", "line 1 makes a_prompt otherwise than by a function"),
        ("if True:\n    def a_prompt() -> str: ...", "line 2 makes a_prompt otherwise than by a function"),
        ("@lru_cache\ndef a_prompt() -> str: ...", "a_prompt (line 2) has a decorator that is not Hamilton's"),
        (
            "def a_prompt() -> str: ...\ndef a_prompt__default() -> str: ...",
            "would become a_prompt__default, a name that",
        ),
        ("def a_prompt() -> str: ...\nx = a_prompt()", "line 2 uses a_prompt as a Python function"),
        (
            "def a_prompt() -> str: ...\ndef f(a_prompt): a_prompt\n\ndef g():\n return a_prompt()",
            "line 5 uses a_prompt",
        ),
        ("def a_prompt() -> str: ...\n__all__ = ['a_prompt']", "line 2 uses a_prompt as a Python function"),
        ("def topic() -> str: ...", "it is built from topic, another function of the module"),
        ("import config, hamilton_config", "config and hamilton_config are both taken"),
        ("# -*- coding: latin-1 -*-", "the file says that it is written in iso-8859-1"),
        ("# -*- coding: nonsense -*-", "the file says that it is written in an unknown encoding"),
        ("return 1", "'return' outside function"),
    ],
)
def test_what_would_be_there_twice_or_break_is_refused(source, message):
    """A conflict is an error that names the function or the line and says what to do."""
    with pytest.raises(ExportError) as caught:
        add_variants(source, [replace(NEW, template="{topic}", parameters=(Parameter("topic", "x"),))], "v2")

    assert message in caught.value.message
    assert caught.value.hint


def test_a_source_that_is_no_python_is_refused():
    """Nothing is added to a file with a syntax error."""
    with pytest.raises(VersionError, match="line 1"):
        add_variants("def broken(:", [NEW], "v2")


@pytest.mark.parametrize(
    ("prompts", "version", "key", "message"),
    [
        ([], "v2", "version", "there is no prompt to export"),
        ([NEW, NEW], "v2", "version", "two prompts have the name a_prompt"),
        ([replace(NEW, template="{")], "v2", "version", "a_prompt, line 1, column 1: single {"),
        ([NEW], "2", "version", "'2' is no version"),
        ([NEW], 'v2")\ndef evil(): ("', "version", "is no version"),
        ([NEW], "v2", "a b", "the config key 'a b' is not a plain name"),
        ([NEW], "v2", "name", "the config key 'name' is Hamilton's own word"),
        ([NEW], "v2", "a_prompt", "is also the name of a prompt"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(prompts, version, key, message):
    """Bad templates, versions and config keys don't get into a file."""
    with pytest.raises(ExportError) as caught:
        add_variants(PLAIN, prompts, version, key)

    assert message in caught.value.message


def test_a_prompt_with_variants_is_not_left_out():
    """Under the new version every prompt that has variants has one, or a fallback."""
    both = (
        VARIANTS.split("\n\n\n@config.when_not")[0] + "\n\n\n@config.when(version='v1')\ndef b_prompt__v1() -> str: ..."
    )

    with pytest.raises(ExportError, match=r"b_prompt \(line 10\) would have no variant for version=v2"):
        add_variants(both, [NEW], "v2")
    assert "b_prompt__v2" in add_variants(both, [NEW, replace(NEW, name="b_prompt")], "v2")


@pytest.mark.parametrize(
    ("head", "decorator"),
    [
        ("from hamilton.function_modifiers import config as c", "@c.when"),
        ("from hamilton.function_modifiers import *", "@config.when"),
        ("from hamilton import function_modifiers", "@function_modifiers.config.when"),
        ("import hamilton.function_modifiers", "@hamilton.function_modifiers.config.when"),
        ("from hamilton.function_modifiers.configuration import config", "@config.when"),
        ("config = {}", "@hamilton_config.when"),
        ("from hamilton.function_modifiers import config\nconfig = {}", "@hamilton_config.when"),
        ("'''Doc.'''; from dataclasses import field; import json", "@config.when"),
        ("import hamilton", "@config.when"),
        ("from __future__ import annotations; import hamilton.driver", "@config.when"),
    ],
)
def test_config_is_called_what_the_module_calls_it(head, decorator):
    """An import that is there is used under its name; one is added where it is missing, and never hides a name."""
    new = add_variants(f"{head}\n", [NEW], "v1")

    assert f"{decorator}(version=" in new
    assert new.count("import config as hamilton_config") == ("hamilton_config" in decorator)
    assert node_values(new, {"version": "v1"}) == {"a_prompt": "new {query}"}


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("", 1),
        (PLAIN, 1),
        (VARIANTS, 2),
        (f"{WHEN}when_in(version=['v3', 'v12', 'w40', 7])\ndef a_prompt__x() -> str: ...", 13),
        (f"{WHEN}when_not_in(version=['v5'])\ndef a_prompt__default() -> str: ...", 6),
        (f"{WHEN}when(region='v9')\ndef a_prompt__v4() -> str: ...", 5),
        (f"{WHEN}when(version='v9')\ndef b_prompt__v9() -> str: ...", 1),
    ],
)
def test_the_next_number_is_one_above_every_variants(source, number):
    """Conditions on the key and functions' endings count, those of other prompts don't."""
    assert next_config_number(source, ["a_prompt"]) == number


def test_the_next_number_is_free():
    """A variant can be added under the number that next_config_number gives."""
    number = next_config_number(VARIANTS, ["a_prompt"])

    opened = open_source(add_variants(VARIANTS, [NEW], f"v{number}"))

    assert [own.condition for own in opened] == [{"version": "v1"}, {}, {"version": "v2"}]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda new: new.replace("Prompts of the birds", "Prompts of the bees"), "would change other lines"),
        (lambda new: new.replace("import re\n", "import re\nprint(re)\n"), "would change what other lines"),
        (lambda new: new.replace('return f"About', 'return "" f"About'), "would change other lines"),
        (lambda new: new.replace("def a_prompt__default", "def a_prompt__other"), "would change what other lines"),
        (lambda new: new.replace('when_not_in(version=["v2"])', 'when_not_in(version=["v3"])'), "would both make"),
        (lambda new: new.replace('"new {query}"', '"old {query}"'), "it reads differently there"),
        (lambda new: new.replace('when(version="v2")', 'when(version="v3")'), "it reads differently there"),
        (lambda new: new.replace('"new {query}"', "print()"), "it calls a function"),
        (lambda new: new + "return\n", "is not Python"),
        (lambda new: new + "(", "is not Python"),
    ],
)
def test_the_last_check_sees_every_other_change(change, message):
    """A new module that differs in a line, a statement or a variant is not given out."""
    new = add_variants(PLAIN, [NEW], "v2")

    def check(source):
        check_added(
            PLAIN,
            source,
            changed_lines={6},
            renamed={"a_prompt": "a_prompt__default"},
            import_line="from hamilton.function_modifiers import config",
            added={"a_prompt__v2": NEW},
            config={"version": "v2"},
        )

    check(new)
    with pytest.raises(ExportError, match=message):
        check(change(new))


def test_a_module_form_file_can_get_variants():
    """What module_source wrote is a module like any other: its prompts become the fallbacks."""
    old = [Prompt("a_prompt", "{x}{{}}\r\n"), Prompt("b_prompt", "b {t}", (Parameter("t", "'"),))]

    new = add_variants(module_source(old, "v1: old"), [NEW], "v2")

    assert node_values(new, {}) == {"a_prompt": "{x}{{}}\r\n", "b_prompt": "b '"}
    assert node_values(new, {"version": "v2"}) == {"a_prompt": "new {query}", "b_prompt": "b '"}
