import importlib.util
import sys
from itertools import count
from types import ModuleType

import pytest
from hamilton import async_driver, base, driver

from dataflows import summarization
from dataflows.templates import Slot
from tests.shapes import SHAPES, shape
from workbench.prompts.finding import FoundPrompt, calling_nodes, find_prompts

_numbers = count()

HEAD = """
from hamilton.function_modifiers import config, tag
from pathlib import Path
client = None
def _ask(text, system="", model="m"):
    messages = [{"role": "system", "content": system}, {"role": "user", "content": text}]
    return client.chat.completions.create(model=model, messages=messages)
"""


@pytest.fixture
def module_of(monkeypatch):
    """Name and file -> the module, imported under a name of its own, for as long as the test runs."""

    def load(name, path) -> ModuleType:
        spec = importlib.util.spec_from_file_location(f"{name}_{next(_numbers)}", path)
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, module.__name__, module)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture
def built_shape(module_of, tmp_path, monkeypatch):
    """Name of a shape, config beside its own -> its driver."""

    def build(name, **config):
        own = SHAPES[name]
        folder = shape(name, tmp_path) / own.imports_from
        monkeypatch.setenv("OPENAI_API_KEY", "none")
        for imported in [known for known in sys.modules if known.partition(".")[0] == "triage"]:
            monkeypatch.delitem(sys.modules, imported)
        monkeypatch.syspath_prepend(folder)
        modules = [module_of("shape", folder / f"{module.replace('.', '/')}.py") for module in own.modules]
        config = {**{key: value for key, value in own.config.items() if key != "version"}, **config}
        if name == "async_summarizer":
            return async_driver.AsyncDriver(config, *modules, result_builder=base.DictResult())
        dynamic = driver.Builder().enable_dynamic_execution(allow_experimental_mode=True)
        return dynamic.with_modules(*modules).with_config(config).build()

    return build


@pytest.fixture
def found_in(module_of, tmp_path):
    """Body of a module, and config -> its prompts."""

    def find(source, also=(), never=(), **config):
        path = tmp_path / f"flow_{next(_numbers)}.py"
        path.write_text(HEAD + source, encoding="utf-8")
        built = driver.Builder().with_modules(module_of("flow", path)).with_config(config).build()
        return find_prompts(built, also=also, never=never)

    return find


def value(of):
    """The slot that the finder makes of what is filled in."""
    return Slot(f"the value of {of}")


@pytest.mark.parametrize(
    ("name", "prompts", "calling"),
    [
        (
            "pdf_summarizer",
            [
                FoundPrompt("digest_section_prompt", "name", "plain", {}, ("section",)),
                FoundPrompt(
                    "digest_whole_prompt",
                    "name",
                    "format",
                    {"question": value("user_query"), "notes": value("section_notes")},
                ),
            ],
            ["section_notes", "report_digest"],
        ),
        (
            "parallel_summarizer",
            [
                FoundPrompt("highlights_prompt", "name", "plain", {}, ("passage",)),
                FoundPrompt(
                    "guide_prompt",
                    "name",
                    "format",
                    {"highlights": value("all_highlights"), "wish": value("user_query")},
                ),
            ],
            ["room_highlights", "visitor_guide"],
        ),
        (
            "config_prompts",
            [
                FoundPrompt("clause_prompt", "config", "plain", {}, ("clause",)),
                FoundPrompt(
                    "brief_prompt", "config", "format", {"duties": value("clause_duties"), "concern": value("concern")}
                ),
            ],
            ["clause_duties", "contract_brief"],
        ),
        (
            "async_summarizer",
            [
                FoundPrompt("turn_prompt", "name", "plain", {}, ("stretch",)),
                FoundPrompt(
                    "notes_prompt",
                    "name",
                    "format",
                    {"turn_notes": value("numbered"), "editor_question": value("editor_question")},
                ),
            ],
            ["turn_notes", "interview_notes"],
        ),
        (
            "ticket_triage",
            [
                FoundPrompt("routing_wording", "call", "plain", {"rules": value("rules"), "ticket": value("ticket")}),
                FoundPrompt("house_style", "tag", "plain"),
                FoundPrompt("reply_prompt", "name", "format", {"ticket": value("ticket_text"), "team": value("team")}),
            ],
            ["ticket_route", "first_reply"],
        ),
    ],
)
def test_every_prompt_of_a_foreign_project_is_found(built_shape, name, prompts, calling):
    """With why it is one, how it is filled, its slots and what is glued to it; and the nodes that ask the model."""
    built = built_shape(name)

    found = find_prompts(built)

    assert list(found.values()) == prompts
    assert sorted(calling_nodes(built)) == sorted(calling)
    assert sorted(found) == sorted(SHAPES[name].prompts)


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_chosen_family_is_found_like_one_that_is_open(built_shape, version):
    """Whether the config chooses a version or not changes nothing about its prompts."""
    chosen = find_prompts(built_shape("config_prompts", version=version))

    assert {name: found.why for name, found in chosen.items()} == {"clause_prompt": "config", "brief_prompt": "config"}
    assert chosen["clause_prompt"].glued == ("clause",)


def test_our_own_dataflow_keeps_the_slots_it_writes_down():
    """SLOTS win over what the code shows; the chunk that is added to a prompt without its slot is seen too."""
    built = driver.Builder().with_modules(summarization).build()

    found = find_prompts(built)

    assert {name: prompt.slots for name, prompt in found.items()} == summarization.SLOTS
    assert {prompt.filling for prompt in found.values()} == {"format"}
    assert found["summarize_chunk_of_text_prompt"].glued == ("chunk",)
    assert calling_nodes(built) == ["summarized_chunks", "summarized_text"]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        # An input is one when something is filled into it, when it is the system message, or leads and is named so.
        ("def answer(wording: str, text: str) -> str:\n    return _ask(wording.format(text=text))", ["wording"]),
        ("def answer(wording: str, text: str) -> str:\n    return _ask(text, system=wording)", ["wording"]),
        ("def answer(instruction: str, text: str) -> str:\n    return _ask(instruction + text)", ["instruction"]),
        (
            "def answer(text: str, tone: str = 'Sum up what follows here.') -> str:\n    return _ask(tone + text)",
            ["tone"],
        ),
        ("def answer(wording: str | None, text: str) -> str:\n    return _ask(wording % text)", ["wording"]),
        # Its text may be filled in one node and asked in another.
        (
            "def request(wording: str, text: str) -> str:\n    return wording.format(text=text)\n"
            "def answer(request: str) -> str:\n    return _ask(request)",
            ["wording"],
        ),
        (
            "def chosen(short: str, long: str, brief: bool) -> str:\n    return short if brief else long\n"
            "def answer(chosen: str, text: str) -> str:\n    return _ask(chosen.format(text=text))",
            ["long", "short"],
        ),
        # Documents, questions, settings and languages are no prompts, nor is a template that no model reads.
        ("def answer(text: str, query: str) -> str:\n    return _ask(f'{text}\\n\\n{query}')", []),
        ("def answer(query: str) -> str:\n    return _ask(query)", []),
        ("def answer(text: str) -> str:\n    return _ask(text.replace('\\n', ' '))", []),
        ("def answer(text: str, llm: str) -> str:\n    return _ask(text, model=llm)", []),
        ("def answer(text: str, language: str) -> str:\n    return _ask(f'Write in {language}: {text}')", []),
        ("def path(pattern: str, year: int) -> str:\n    return pattern.format(year=year)", []),
        # A function that gives its own text is one, whatever it is called; a word is none, and a computed text neither.
        (
            "def rules() -> str:\n    return 'Be brief.'\ndef answer(rules: str) -> str:\n    return _ask(rules)",
            ["rules"],
        ),
        (
            "def language() -> str:\n    return 'English'\n"
            "def answer(language: str, text: str) -> str:\n    return _ask(language + text)",
            [],
        ),
        (
            "def clean(text: str) -> str:\n    return 'What is this? ' + text\n"
            "def answer(clean: str) -> str:\n    return _ask(clean)",
            [],
        ),
        # By name: unless it is no text, or a document or another prompt is put into it.
        ("def answer(a_prompt: str) -> str:\n    return a_prompt", ["a_prompt"]),
        ("def a_prompt(folder: Path, tone: str) -> str:\n    return 'x'", ["a_prompt"]),
        ("def answer(use_prompt: bool, longest_prompt: int) -> str:\n    return 'x'", []),
        ("def full_prompt(a_prompt: str, query: str) -> str:\n    return a_prompt.format(q=query)", ["a_prompt"]),
        ("def full_prompt(a_prompt: str, query: str) -> str:\n    return f'{a_prompt} {query}'", ["a_prompt"]),
        ("def a_prompt(rows: list[dict]) -> str:\n    return str(rows)", []),
        (
            "def parts(text: str) -> list[str]:\n    return [text]\n"
            "def a_prompt(parts: list[str]) -> str:\n    return 'x'",
            [],
        ),
        (
            "def tone() -> str:\n    return 'warm'\ndef a_prompt(tone: str) -> str:\n    return f'Be {tone}'",
            ["a_prompt"],
        ),
        ("def answer(q: str) -> str:\n    return _ask(q)\ndef next_prompt(answer: str) -> str:\n    return answer", []),
        # A tag says so in any case.
        ("@tag(kind='prompt')\ndef style(rows: list) -> str:\n    return 'x'", ["style"]),
        ("@tag(kind='query')\ndef style() -> str:\n    return 'x'", []),
    ],
)
def test_a_prompt_is_told_from_other_texts(found_in, source, names):
    """By tag, by name or by what is done with it, and rather not than wrongly."""
    assert list(found_in(source)) == names


def test_the_user_has_the_last_word(found_in):
    """What also names is a prompt, and what never names is none; a name that is no node is left out."""
    source = "def answer(query: str, a_prompt: str) -> str:\n    return _ask(a_prompt.format(q=query) + query)"

    found = found_in(source, also=["query", "nothing"], never=["a_prompt"])

    assert {name: prompt.why for name, prompt in found.items()} == {"query": "you"}


def test_the_slots_of_another_project_are_read_by_their_parts(found_in):
    """SLOTS of any class with meaning and required count; what is no such table is no hindrance."""
    source = """
class Own:
    meaning = "the ticket"
    required = True
class Odd:
    @property
    def meaning(self):
        raise RuntimeError
SLOTS = {"a_prompt": {"ticket": Own(), "team": "who gets it", 7: 7}, "b_prompt": [], "c_prompt": {"x": Odd()}}
def answer(a_prompt: str, b_prompt: str) -> str:
    return a_prompt.format(t=1) + b_prompt.format(x=1)
"""

    found = found_in(source)

    assert found["a_prompt"].slots == {"ticket": Slot("the ticket", required=True), "team": Slot("who gets it")}
    assert found["b_prompt"].slots == {"x": Slot("a value")}


def test_a_prompt_of_which_nothing_is_known_takes_its_braces_as_they_are(found_in):
    """Where the code that uses it can't be followed, no brace in it is called a mistake."""
    found = found_in("import json\ndef answer(a_prompt: str) -> str:\n    return json.loads(a_prompt)")

    assert found["a_prompt"] == FoundPrompt("a_prompt", "name", "plain")


def test_prompts_come_in_the_order_of_the_chain(found_in):
    """The one with more nodes behind it is first."""
    source = (
        "def a(z_prompt: str) -> str:\n    return _ask(z_prompt)\n"
        "def b(a: str, b_prompt: str, a_prompt: str) -> str:\n    return _ask(b_prompt + a_prompt + a)"
    )

    assert list(found_in(source)) == ["z_prompt", "a_prompt", "b_prompt"]
