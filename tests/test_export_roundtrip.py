import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from types import ModuleType

import black
import pytest

from dataflows.templates import fill_some
from tests.hostile import FRAGMENTS, LONG, hostile_prompts
from workbench.export.config_form import add_variants
from workbench.export.fresh_process import ask, hexed, unhexed
from workbench.prompts.opening import open_source
from workbench.prompts.reader import read_prompts
from workbench.prompts.writer import module_source
from workbench.records import Parameter, Prompt
from workbench.settings import ROOT

COUNT = 3_000
BATCH = 500
NO_BRACES = [fragment for fragment in FRAGMENTS if not set("{}") & set(fragment)]
QUERY = "".join(NO_BRACES)
FORMS = ["module", "config"]


@dataclass(frozen=True)
class Written:
    """The same prompts in one of the two forms."""

    form: str
    prompts: list[Prompt]
    source: str

    def function(self, prompt):
        return f"{prompt.name}__v2" if self.form == "config" else prompt.name


def old_text(prompt):
    return f"old {prompt.name} of {{query}}"


def written(form, prompts):
    if form == "module":
        return Written(form, prompts, module_source(prompts, "v1: hostile"))
    nodes = "".join(f'\n\ndef {prompt.name}() -> str:\n    return "{old_text(prompt)}"\n' for prompt in prompts)
    # A node of a slot's name: ruff takes {chunk} in a plain text for a forgotten f then.
    chunk = '\n\ndef chunk(text: str) -> str:\n    """A piece."""\n    return text\n'
    return Written(form, prompts, add_variants(f'"""Old prompts."""\n{nodes}{chunk}', prompts, "v2"))


@cache
def hostile():
    """3,000 hostile prompts; two of three have a parameter."""
    many = hostile_prompts(COUNT + 20, seed=21)
    # Two of the twelve endless ones are enough: what they cost grows faster than their number.
    endless = [text for text in many if len(text) >= LONG]
    texts = [*endless[:2], *(text for text in many if len(text) < LONG)][:COUNT]
    prompts = []
    for index, template in enumerate(texts):
        default = NO_BRACES[index % len(NO_BRACES)] * (index % 5)
        parameters = (Parameter("query", default),) if index % 3 else ()
        prompts.append(Prompt(f"p{index}_prompt", template, parameters, FRAGMENTS[index % len(FRAGMENTS)] * 2))
    return prompts


@cache
def all_written(form):
    return written(form, hostile())


def filled(prompts, query=None):
    """Prompt name -> its text, with its parameter's default or the given value."""
    return {
        prompt.name: fill_some(prompt.template, {own.name: query or own.default for own in prompt.parameters})
        for prompt in prompts
    }


def different(found, expected):
    return [name for name, text in expected.items() if found.get(name) != text]


def called(own, content):
    """Prompt name -> what its function gives in a file of these bytes, run as an import would."""
    module = ModuleType("roundtrip_prompts")
    sys.modules[module.__name__] = module
    exec(compile(content, "prompts.py", "exec", dont_inherit=True), module.__dict__)
    return {prompt.name: getattr(module, own.function(prompt))() for prompt in own.prompts}


def ruff(*arguments, source):
    command = [sys.executable, "-m", "ruff", *arguments, "--isolated", "--quiet", "--stdin-filename", "prompts.py", "-"]
    done = subprocess.run(command, input=source.encode(), capture_output=True, check=True)
    return done.stdout.decode()


def fixed(source):
    return ruff("check", "--fix", "--unsafe-fixes", "--select", "ALL", "--preview", "--exit-zero", source=source)


def without_trailing_blanks(content):
    """As the hooks trailing-whitespace and end-of-file-fixer leave a file."""
    return re.sub(rb"[ \t\x0b\x0c]+(?=\r?\n|\Z)", b"", content).rstrip(b"\r\n") + b"\n"


def with_crlf(content):
    """As git with core.autocrlf writes a file."""
    return content.replace(b"\n", b"\r\n")


def test_3000_prompts_are_read_back_from_both_forms():
    """Read without running, each function gives its template, parameters and node."""
    module, config = map(all_written, FORMS)

    strict = {prompt.name: prompt for prompt in read_prompts(module.source).values()}
    opened = {own.name: own for own in open_source(config.source) if own.condition == {"version": "v2"}}

    for found in (strict, {name: own.prompt for name, own in opened.items()}):
        assert len(found) == COUNT
        assert [prompt.name for prompt in found.values() if prompt.reason] == []
        assert (
            different(
                {name: (prompt.template, prompt.parameters) for name, prompt in found.items()},
                {prompt.name: (prompt.template, prompt.parameters) for prompt in module.prompts},
            )
            == []
        )


def test_3000_prompts_come_through_hamilton_in_a_fresh_process(tmp_path):
    """A driver gives each text with its parameter filled, byte for byte; in the config form, the old ones."""
    runs = [
        {"form": "module", "config": {}, "inputs": {"query": hexed(QUERY)}},
        {"form": "config", "config": {"version": "v2"}, "inputs": {"query": hexed(QUERY)}},
        {"form": "config", "config": {}, "inputs": {}},
    ]
    for form in FORMS:
        (tmp_path / f"{form}_prompts.py").write_bytes(all_written(form).source.encode())
    for run in runs:
        run |= {"path": str(tmp_path / f"{run['form']}_prompts.py"), "nodes": list(filled(hostile()))}

    answer = ask("tests.driver_child", {"root": str(ROOT), "runs": runs})

    values = [{name: unhexed(text) for name, text in own.items()} for own in answer["values"]]
    old = {prompt.name: old_text(prompt) for prompt in hostile()}
    new = filled(hostile(), QUERY)
    assert [len(own) for own in values] == [COUNT] * 3
    assert [different(own, wanted) for own, wanted in zip(values, [new, new, old], strict=True)] == [[], [], []]


@pytest.mark.parametrize("form", FORMS)
def test_3000_prompts_stay_equal_under_formatter_linter_and_hooks(form):
    """After ruff's formatter, all of its fixes, the whitespace hooks and autocrlf, each text is the same."""
    own = all_written(form)

    tidied = fixed(ruff("format", source=own.source))
    content = with_crlf(without_trailing_blanks(tidied.encode()))

    assert tidied != own.source
    assert different(called(own, content), filled(own.prompts)) == []


def test_3000_prompts_stay_equal_under_black():
    """Black may lay out the files anew, and each text is the same: all as a module, the first 500 as variants too."""
    for start in range(0, COUNT, BATCH):
        # Black's time grows faster than a file, and the functions are the same in both forms but for a line and a name.
        prompts = hostile()[start : start + BATCH]
        sources = {"module": module_source(prompts, "v1: hostile")}
        if start == 0:
            sources["config"] = add_variants("", prompts, "v2")
        for form, source in sources.items():
            formatted = black.format_str(source, mode=black.Mode())

            assert different(called(Written(form, prompts, source), formatted.encode()), filled(prompts)) == []


def test_the_linter_would_make_f_strings_without_our_word():
    """What keeps late slots as they are is the line that add_variants puts in; without it ruff fills them early."""
    own = written("config", [Prompt("a_prompt", "Read {chunk}.")])
    bare = own.source.replace("# ruff: noqa: RUF027, RUF100\n", "")

    assert open_source(fixed(own.source), names=["a_prompt__v2"])[0].prompt.template == "Read {chunk}."
    assert 'f"Read {chunk}."' in fixed(bare)


def test_the_transformations_are_seen_where_a_text_is_unprotected():
    """The hooks and autocrlf do change a careless file: the tests above can fail."""
    careless = b'TEXT = """a \nb"""\n\n\n'

    assert without_trailing_blanks(careless) == b'TEXT = """a\nb"""\n'
    assert with_crlf(b"a\nb\n") == b"a\r\nb\r\n"
