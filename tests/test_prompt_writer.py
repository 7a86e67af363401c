import ast
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflows.templates import fill_some
from tests.hostile import FRAGMENTS, any_text, hostile_prompts, templates
from workbench.errors import ExportError
from workbench.prompts.python_text import normal_doc
from workbench.prompts.reader import module_doc, read_prompts
from workbench.prompts.writer import module_source
from workbench.records import Parameter, Prompt

PROJECT = Path(__file__).parents[1]
NO_BRACES = [fragment for fragment in FRAGMENTS if not set("{}") & set(fragment)]
ALLOWED = {
    *(ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.Return, ast.Expr),
    *(ast.Constant, ast.JoinedStr, ast.FormattedValue, ast.Name, ast.Load),
}

values = any_text(12).map(lambda text: text.replace("{", "").replace("}", ""))
prompts_with_parameters = st.builds(
    lambda template, parameters, doc: Prompt("a_prompt", template, parameters, doc),
    templates(),
    st.sampled_from([("query",), ("query", "unused"), ("chunk", "query")]).flatmap(
        lambda names: st.tuples(*(st.builds(Parameter, st.just(name), values) for name in names))
    ),
    any_text(),
)


def loaded(source):
    """The source as a module, run as an import would."""
    module = ModuleType("written_prompts")
    sys.modules[module.__name__] = module
    exec(compile(source, "prompts_v1.py", "exec"), module.__dict__)
    return module


def hostile_module():
    """500 prompts with hostile templates, docstrings and defaults; two of three have parameters."""
    prompts = []
    for index, template in enumerate(hostile_prompts(500, seed=7)):
        default = NO_BRACES[index % len(NO_BRACES)] * (index % 7)
        parameters = (Parameter("query", "a b"), Parameter("unused", default)) if index % 3 else ()
        prompts.append(Prompt(f"p{index}_prompt", template, parameters, FRAGMENTS[index % len(FRAGMENTS)] * 3))
    return prompts


def ruff(*arguments, source):
    command = [sys.executable, "-m", "ruff", *arguments, "--config", str(PROJECT / "pyproject.toml")]
    command += ["--stdin-filename", str(PROJECT / "prompts" / "summarization" / "prompts_v9.py"), "-"]
    return subprocess.run(command, input=source.encode(), capture_output=True, check=False)


def test_a_plain_prompt_is_written_as_a_person_would():
    """Short texts are plain literals, longer ones stand in triple quotes, parameters make f-strings."""
    prompts = [
        Prompt("greet_prompt", "Say hello to {name}.", doc="Greets."),
        Prompt("ask_prompt", 'About {topic}:\n\n{query} as {{"json": 1}}\n', (Parameter("topic", "birds"),)),
    ]

    source = module_source(prompts, "v2: shorter")

    assert (
        source
        == '''\
# ruff: noqa: ARG001, E501, RUF027, RUF100
"""v2: shorter"""


def greet_prompt() -> str:
    """Greets."""
    return "Say hello to {name}."


def ask_prompt(topic: str = "birds") -> str:
    """Prompt: ask."""
    return f"""\\
About {topic}:

{{query}} as {{{{"json": 1}}}}
"""
'''
    )


def test_a_text_with_unseen_line_ends_is_written_line_by_line():
    """CRLF and trailing blanks are readable as one literal per line."""
    template = "".join(f"line {number} of a text that came from elsewhere\r\n" for number in range(5))

    source = module_source([Prompt("a_prompt", template)], "v1: from Windows")

    assert source.count('        "line ') == 5
    assert loaded(source).a_prompt() == template


@given(templates(), any_text())
def test_a_prompt_without_parameters_gives_its_template(template, doc):
    """The written function returns exactly the template."""
    source = module_source([Prompt("a_prompt", template)], doc)

    assert loaded(source).a_prompt() == template


@given(prompts_with_parameters, values)
def test_a_prompt_with_parameters_gives_what_fill_some_gives(prompt, value):
    """The written function returns the template with its parameters filled, late slots and braces untouched."""
    source = module_source([prompt], "v1: x")

    given_by_default = {parameter.name: parameter.default for parameter in prompt.parameters}
    function = loaded(source).a_prompt
    assert function() == fill_some(prompt.template, given_by_default)
    assert function(query=value) == fill_some(prompt.template, {**given_by_default, "query": value})


@given(st.lists(prompts_with_parameters, min_size=1, max_size=3), any_text())
def test_reading_gives_back_what_was_written(prompts, doc):
    """Templates, parameters and docstrings survive; docstrings in their normal form, an empty one getting a text."""
    named = [
        Prompt(f"p{index}_prompt", prompt.template, prompt.parameters, prompt.doc)
        for index, prompt in enumerate(prompts)
    ]

    source = module_source(named, doc)

    read = list(read_prompts(source).values())
    assert [(p.name, p.template, p.parameters, p.reason) for p in read] == [
        (p.name, p.template, p.parameters, "") for p in named
    ]
    assert [p.doc for p in read] == [normal_doc(p.doc) or f"Prompt: {p.name[:2]}." for p in named]
    assert module_doc(source) == normal_doc(doc)


@given(st.lists(prompts_with_parameters, min_size=1, max_size=2), any_text())
def test_the_source_is_plain_and_calls_nothing(prompts, doc):
    """Printable lines without trailing blanks, one newline at the end, and only functions that return texts."""
    named = [
        Prompt(f"p{index}_prompt", prompt.template, prompt.parameters, prompt.doc)
        for index, prompt in enumerate(prompts)
    ]

    source = module_source(named, doc)

    assert all(line.isprintable() and line == line.rstrip() for line in source.split("\n"))
    assert source.endswith("\n") and not source.endswith("\n\n")
    assert {type(node) for node in ast.walk(ast.parse(source))} <= ALLOWED


@given(any_text(80))
def test_a_normal_docstring_stays_as_it_is(text):
    """normal_doc of a normal docstring changes nothing."""
    doc = normal_doc(text)

    assert normal_doc(doc) == doc


def test_a_docstring_has_no_lone_surrogates():
    """Python 3.13 can't compile a docstring that has one, so U+FFFD stands in its place."""
    source = module_source([Prompt("a_prompt", "\ud800", doc="One \ud800.")], "v1: \udfff")

    assert loaded(source).a_prompt.__doc__ == "One \ufffd."
    assert module_doc(source) == "v1: \ufffd"


def test_500_hostile_prompts_come_back_through_hamilton():
    """A driver over one module of 500 hostile prompts gives each, byte for byte, with and without parameters."""
    os.environ["HAMILTON_AUTOLOAD_EXTENSIONS"] = "0"
    from hamilton import driver

    prompts = hostile_module()
    inputs = {"query": "".join(NO_BRACES), "unused": "x"}
    expected = {
        prompt.name: fill_some(prompt.template, {p.name: inputs[p.name] for p in prompt.parameters})
        for prompt in prompts
    }

    built = driver.Builder().with_modules(loaded(module_source(prompts, "v1: hostile"))).build()
    given_back = built.execute(list(expected), inputs=inputs)

    assert len(given_back) == 500
    assert [name for name, text in expected.items() if given_back[name] != text] == []


def test_the_formatter_and_the_linter_leave_hostile_modules_alone():
    """ruff format changes no byte of 500 hostile prompts and ruff check finds nothing."""
    source = module_source(hostile_module(), 'v1: hostile\n\nwith \'quotes\' and """more"""')

    formatted = ruff("format", source=source)
    checked = ruff("check", source=source)

    assert formatted.stdout.decode() == source
    assert checked.returncode == 0, checked.stdout.decode()


@pytest.mark.parametrize("length", range(40, 140, 9))
def test_the_formatter_agrees_about_every_length(length):
    """Around the line's limit, too, no signature and no literal is written otherwise than the formatter would."""
    words = ("word " * length)[:length]
    prompts = [
        Prompt("a_prompt", words),
        Prompt("b_prompt", f"{words}{{tone}}", (Parameter("tone", words),)),
        Prompt("c_prompt", "猫" * length),
        Prompt("d_prompt", "\r\n".join([words[:20]] * (length // 20)) + "\r\n"),
        Prompt("e_prompt", 'say "' * (length // 5)),
        Prompt("long_" * 14 + "prompt", "x", (Parameter("tone", "y" * (length - 40)),)),
    ]
    source = module_source(prompts, "v1: lengths")

    formatted = ruff("format", source=source)

    assert formatted.stdout.decode() == source


def test_required_parameters_are_written_first():
    """Python wants parameters without a default before those with one."""
    prompt = Prompt("a_prompt", "{b} {a}", (Parameter("a", "x"), Parameter("b")))

    source = module_source([prompt], "v1: x")

    assert 'def a_prompt(b: str, a: str = "x") -> str:' in source


@pytest.mark.parametrize(
    ("prompts", "message"),
    [
        ([], "there is no prompt"),
        ([Prompt("a_prompt", "fine\n oh {")], "a_prompt, line 2, column 5: single {"),
        ([Prompt("a_prompt", "{a.b}")], "a_prompt, line 1, column 1: {a.b} is not a plain name"),
        ([Prompt("a_prompt", ""), Prompt("a_prompt", "")], "two prompts have the name a_prompt"),
        ([Prompt("a_prompt", "", (Parameter("x"), Parameter("x")))], "two parameters of a_prompt have the name x"),
        ([Prompt("a_prompt", "", (Parameter("b_prompt"),)), Prompt("b_prompt", "")], "a_prompt has a parameter b_prom"),
        ([Prompt("a_prompt", "", (Parameter("x", "{y}"),))], "the default of x has braces"),
        ([Prompt("a-prompt", "")], "the name 'a-prompt' is not a plain name"),
        ([Prompt("a():\n    evil", "")], "the name 'a():\\n    evil' is not a plain name"),
        ([Prompt("a__v1", "")], "the name 'a__v1' begins with _ or has __"),
        ([Prompt("class", "")], "the name 'class' is a Python keyword"),
        ([Prompt("str", "")], "a prompt named str would hide"),
        ([Prompt("a" * 81, "")], "has 81 characters; at most 80"),
        ([Prompt("a_prompt", "", (Parameter("x=1, y"),))], "the name 'x=1, y' is not a plain name"),
    ],
)
def test_what_would_not_run_is_refused(prompts, message):
    """Broken templates are refused with line and column, names with what is wrong about them."""
    with pytest.raises(ExportError) as caught:
        module_source(prompts, "v1: x")

    assert message in caught.value.message
    assert caught.value.hint
