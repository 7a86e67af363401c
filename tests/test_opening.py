import pytest
from hamilton import driver

from dataflows.templates import fill_some
from workbench.errors import VersionError
from workbench.export.fresh_process import module_at
from workbench.prompts.opening import open_source
from workbench.prompts.reader import read_prompts
from workbench.records import Parameter, Prompt

VARIANTS = '''\
"""Prompts with variants."""

import hamilton.function_modifiers as h
from hamilton.function_modifiers import config, tag


@config.when(version="v1")
def a_prompt__v1(topic: str = "birds") -> str:
    """Asks."""
    return f"About {topic}: {{query}}"


@tag(owner="us")
@h.config.when_in(version=["v2", "v3"], region=("eu",))
def a_prompt__v2() -> str:
    return "two"


@config.when_not_in(version=["v1", "v2", "v3"])
def a_prompt__default() -> str:
    return "rest"


@config.when(name="named_prompt", size=3)
def other() -> str:
    return "named"


def opening() -> str:
    return "Once upon a time"
'''


def test_variants_are_opened_under_their_nodes_name_with_their_config():
    """Each variant is a prompt of its node, with the smallest config that chooses it; tags don't matter."""
    opened = open_source(VARIANTS)

    assert [(own.name, own.function, own.condition) for own in opened] == [
        ("a_prompt", "a_prompt__v1", {"version": "v1"}),
        ("a_prompt", "a_prompt__v2", {"version": "v2", "region": "eu"}),
        ("a_prompt", "a_prompt__default", {}),
        ("named_prompt", "other", {"size": 3}),
    ]
    assert opened[0].prompt == Prompt(
        "a_prompt", "About {topic}: {query}", (Parameter("topic", "birds"),), "Asks.", line=8
    )
    assert [own.prompt.template for own in opened[1:]] == ["two", "rest", "named"]
    assert {own.prompt.reason for own in opened} == {""}


def test_hamilton_takes_a_variant_under_the_config_it_is_opened_with(tmp_path):
    """A driver with a variant's config gives what was read in it, with the defaults of its parameters."""
    path = tmp_path / "variants.py"
    path.write_text(VARIANTS)
    module = module_at("opened_variants", str(path))
    opened = open_source(VARIANTS)

    given = [
        driver.Builder().with_modules(module).with_config(own.condition).build().execute([own.name])[own.name]
        for own in opened
    ]

    assert given == [
        fill_some(own.prompt.template, {own.name: own.default for own in own.prompt.parameters}) for own in opened
    ]


def test_functions_are_opened_by_any_name_that_is_asked_for():
    """Names may be nodes or functions and need no ending."""
    assert [own.prompt.template for own in open_source(VARIANTS, names=["opening"])] == ["Once upon a time"]
    assert [own.function for own in open_source(VARIANTS, names=["a_prompt__v2", "other"])] == ["a_prompt__v2", "other"]
    assert len(open_source(VARIANTS, names=["a_prompt"])) == 3


def test_what_a_version_module_may_have_is_opened_as_it_is_read():
    """For plain functions, opening and the strict reading of versions agree."""
    source = "def a_prompt(x: str) -> str:\n    return 'a' + x\n\n\ndef b_prompt(n: int) -> str:\n    return ''\n"

    assert {own.function: own.prompt for own in open_source(source)} == read_prompts(source)


def test_the_strict_reading_of_versions_refuses_conditions_as_before():
    """A version module has no variants: there, a decorator is a reason."""
    assert {prompt.reason for prompt in read_prompts(VARIANTS, ["a_prompt__v1"]).values()} == {"it has a decorator"}


@pytest.mark.parametrize(
    ("decorator", "condition"),
    [
        ("config.when(version='v1', size=2)", {"version": "v1", "size": 2}),
        ("config.when()", {}),
        ("config.when(version=None)", {"version": None}),
        ("config.when_not(version='v1')", {}),
        ("config.when_not(version=None)", None),
        ("config.when_in(version=[])", None),
        ("config.when_in(version='v1')", None),
        ("config.when(version=LATEST)", None),
        ("config.when(**EVERYTHING)", None),
        ("config.when('a_prompt', version='v1')", None),
        ("config.when(version=print('run'))", None),
        ("config(lambda config: True)", None),
        ("config", None),
        ("config.when(version='v1')\n@config.when_not(version='v1')", None),
        ("config.when(version='v1')\n@config.when_not(region='us')", {"version": "v1"}),
    ],
)
def test_a_condition_that_cant_be_told_is_none_and_its_text_is_opened_all_the_same(decorator, condition):
    """Only conditions of plain values become a config; the text has nothing to do with it."""
    source = (
        f"from hamilton.function_modifiers import config\n@{decorator}\ndef a_prompt__x() -> str:\n    return 'text'\n"
    )

    (opened,) = open_source(source)

    assert (opened.condition, opened.name) == (condition, "a_prompt")
    assert (opened.prompt.template, opened.prompt.reason) == ("text", "")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("@cached\ndef a_prompt() -> str:\n    return ''", "it has a decorator"),
        ("@config.when(version='v1')\ndef a_prompt() -> str:\n    return ''", "it has a decorator"),
        (
            "def topic_prompt() -> str: ...\ndef a_prompt(topic_prompt: str) -> str:\n    return ''",
            "it is built from to",
        ),
        ("def a_prompt() -> str:\n    return ''.join(words)", "it calls a function"),
        (
            "def a_prompt() -> str:\n    return ''\ndef a_prompt() -> str:\n    return ''",
            "it is defined more than once",
        ),
        ("if True:\n    def a_prompt() -> str:\n        return ''", "it is defined inside another statement"),
    ],
)
def test_functions_with_logic_say_so(source, reason):
    """What can't be read as a text has a reason, whatever is around it."""
    opened = open_source(source)[-1]

    assert opened.prompt.reason.startswith(reason)
    assert opened.prompt.template == ""


def test_nothing_of_an_opened_source_is_run(tmp_path):
    """Effects at the module's top, in decorators, conditions and defaults don't happen."""
    trace = tmp_path / "ran"
    effect = f"open({str(trace)!r}, 'w')"
    head = f"from hamilton.function_modifiers import config\n{effect}\n@config.when(version={effect})\n@{effect}\n"

    opened = open_source(f"{head}def a_prompt__x(topic: str = {effect}) -> str:\n    return {effect}\n")

    assert [own.name for own in opened] == ["a_prompt"]
    assert not trace.exists()


def test_a_byte_order_mark_and_crlf_are_no_obstacle():
    """A source from Windows is opened like any other."""
    opened = open_source("\ufeff" + VARIANTS.replace("\n", "\r\n"))

    assert opened == open_source(VARIANTS)


def test_a_source_that_is_no_python_is_refused_under_its_name():
    """The error names file and line."""
    with pytest.raises(VersionError, match=r"birds\.py: line 2 is not Python"):
        open_source("x = 1\ndef broken(:", "birds.py")
