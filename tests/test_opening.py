import pytest

from dataflows.templates import escape, fill
from tests.hostile import FRAGMENTS
from workbench.errors import ExportError, VersionError
from workbench.export.rendered import rendered_text, rendered_values
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

LOGIC = '''\
"""Prompts that compute."""

import os

from hamilton.function_modifiers import config

from shared.words import LANGUAGE

print("a module may print")


def examples(count: str = "2") -> str:
    """Examples."""
    return "\\n".join(f"{{{number}}}" for number in range(int(count)))


@config.when(version="v1")
def a_prompt__v1() -> str:
    """Another one."""
    return "v1".upper()


@config.when(version="v2")
def a_prompt__v2(examples: str, topic: str, tone: str = "calm") -> str:
    """Built from another node."""
    text = f"In {LANGUAGE}, {tone}, about {topic}:\\r\\n{examples}"
    return text + os.environ.get("OPENAI_API_KEY", "")


@config.when(version="v3")
def a_prompt__v3() -> int:
    """No text."""
    return 3


@config.when(version="v5")
def a_prompt__v5() -> str:
    """Hangs."""
    while True:
        pass


@config(lambda config: config.get("version") == "v6")
def a_prompt__v6() -> str:
    """Nobody can tell when."""
    return "6".strip()


@config.when(version="v7")
def a_prompt__v7() -> str:
    """A text without end."""
    return "x" * 5_000_001
'''


@pytest.fixture
def root(tmp_path):
    """A project whose prompts compute."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "words.py").write_text("LANGUAGE = 'English'\n")
    (tmp_path / "prompts.py").write_text(LOGIC)
    return tmp_path


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


def test_a_prompt_with_logic_gives_its_text_without_seeing_a_key(root, monkeypatch):
    """Its config is chosen, other nodes and the project's modules are there, and keys are not."""
    monkeypatch.setenv("OPENAI_API_KEY", "not-a-key")
    topic = "".join(FRAGMENTS)

    text = rendered_text(root / "prompts.py", "a_prompt__v2", root, {"topic": topic, "unknown": "x"})

    assert text == f"In English, calm, about {topic}:\r\n{{0}}\n{{1}}"
    assert fill(escape(text), {}) == text


def test_the_texts_of_a_config_come_at_once(root):
    """Several nodes of one config are one process."""
    values = rendered_values(root / "prompts.py", ["a_prompt", "examples"], {"version": "v1"}, root, {"count": "1"})

    assert values == {"a_prompt": "V1", "examples": "{0}"}


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("a_prompt__v2", "topic"),
        ("a_prompt__v3", "a_prompt gave int, not text"),
        ("a_prompt__v7", "a_prompt gave 5000001 characters; at most 5000000"),
    ],
)
def test_a_function_that_gives_no_text_is_told_with_what_happened(root, function, message):
    """Missing inputs, other values and endless texts are errors that say so."""
    with pytest.raises(ExportError, match=message):
        rendered_text(root / "prompts.py", function, root, {})


def test_a_function_that_hangs_is_ended(root):
    """A text has to be there within the time limit."""
    with pytest.raises(ExportError, match=r"within 0\.5 seconds"):
        rendered_text(root / "prompts.py", "a_prompt__v5", root, {}, seconds_limit=0.5)


def test_what_cant_be_chosen_is_not_run(root):
    """Unknown functions, unknown conditions, broken files and files outside of the project are refused."""
    (root / "latin.py").write_bytes(b"# \xff")
    (root / "inside").mkdir()
    (root / "inside" / "link.py").symlink_to(root / "prompts.py")
    (root / "inside" / "bytes.py").write_text(
        "from hamilton.function_modifiers import config\n@config.when(version=b'1')\ndef a_prompt() -> str: ...\n"
    )

    for path, function, message in [
        ("prompts.py", "a_prompt__v9", "has 0 functions 'a_prompt__v9'"),
        ("prompts.py", "a_prompt", "has 0 functions 'a_prompt'"),
        ("prompts.py", "a_prompt__v6", "no config is known"),
        ("latin.py", "a_prompt", "latin.py can't be read"),
        ("missing.py", "a_prompt", "'missing.py' is no file of the project"),
        ("inside", "a_prompt", "'inside' is no file of the project"),
        ("inside/bytes.py", "a_prompt", "the config's version is neither a text nor a number"),
    ]:
        with pytest.raises(ExportError) as caught:
            rendered_text(root / path, function, root, {})
        assert message in caught.value.message
        assert caught.value.hint
    with pytest.raises(ExportError, match=r"'link\.py' is no file of the project"):
        rendered_text(root / "inside" / "link.py", "a_prompt__v1", root / "inside", {})
