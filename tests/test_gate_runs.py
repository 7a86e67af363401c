from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import LAST_PROMPT
from tests.gate_project import edited, keep, module, real_project, record, seen, write
from workbench.cases.record import record_path, to_bytes
from workbench.gate.findings import RULES
from workbench.gate.gate import gate

TESTS = """\
tests:
  - description: finds the flowers
    vars: {document: gardens.pdf, flower: roses}
    assert:
      - {type: contains, value: "{{flower}}"}
  - assert:
      - {type: word-count, value: {max: 20}}
"""
OTHER_NODE = "\n\ndef chunked_text(mended_text: str) -> list[str]:\n    return [mended_text]\n"
NO_KEYS = """{True: "{results}"}[not [k for k in __import__('os').environ if "KEY" in k or "TOKEN" in k]]"""
CONNECTED = """"{results}" + str(__import__("socket").create_connection(("127.0.0.1", 9)))"""
BY_TIME = """"{results}" + str(__import__("time").perf_counter_ns())"""
BY_HASH = """"{results}" + str(hash("a text"))"""


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """The report on a project whose versions each have another fault that shows when they are run."""
    folder = tmp_path_factory.mktemp("faulty")
    sources = {
        1: module(1),
        2: module(2, last=BY_TIME),
        3: module(3, last=BY_HASH),
        4: module(4, last="5 + 5"),
        5: module(5, last="1 / 0"),
        6: module(6) + OTHER_NODE,
        7: module(7, last='__import__("os")._exit(3)'),
        8: module(8, last=NO_KEYS),
        9: module(9, last=CONNECTED),
        10: module(10, last='"{resu" + str("lts} {nobody}")'),
        11: module(11).replace(f"def {LAST_PROMPT}()", f"def {LAST_PROMPT}(raw_text: str)"),
        12: module(12, last='print("{}") or "{results}"'),
        13: f"open({str(folder / 'ran')!r}, 'w')\n" + module(13),
    }
    root = real_project(folder / "project", sources)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", "k" * 24)
        patch.setenv("MY_TOKEN", "t" * 24)
        return gate(root, run=True), folder


def of_version(report, number):
    return [own for own in report.findings if own.path.endswith(f"prompts_v{number}.py")]


@pytest.mark.parametrize(
    ("number", "rule", "words"),
    [
        (2, "deterministic", "another text"),
        (3, "deterministic", "another text"),
        (4, "driver", "int, not text"),
        (5, "driver", "division by zero"),
        (6, "shape", "chunked_text"),
        (7, "driver", "code 3"),
        (9, "driver", "network"),
        (10, "slot-unknown", "{nobody}"),
        (11, "shape", "raw_text"),
    ],
)
def test_a_module_that_runs_badly_is_found(faulty, number, rule, words):
    """What shows only when a module is run is an error of that module."""
    report, _ = faulty

    errors = [own for own in of_version(report, number) if own.level == "error"]

    assert {own.rule for own in errors} == {rule}
    assert words in "; ".join(own.message for own in errors)


@pytest.mark.parametrize("number", [1, 8, 12])
def test_a_module_that_runs_well_passes(faulty, number):
    """Computed prompts that give good texts pass, and one that would fail if it saw a key, beside those that crash."""
    report, _ = faulty

    assert [own.rule for own in of_version(report, number) if own.level == "error"] == []


def test_a_module_that_does_more_than_define_prompts_is_not_run(faulty):
    """It is an error as it is read, and leaves no file."""
    report, folder = faulty

    assert [own.rule for own in of_version(report, 13) if own.level == "error"] == ["import-effects"]
    assert not (folder / "ran").exists()


def test_no_call_is_made(faulty):
    """A report says how many calls were made: none."""
    assert faulty[0].calls == 0


def test_a_module_that_never_ends_is_stopped(tmp_path):
    """A run ends within its time limit, and says so of the module at which it was."""
    root = real_project(tmp_path / "project", {1: module(1, last='[None for _ in iter(int, 1)] or ""')})

    report = gate(root, seconds_limit=1)

    assert seen(report, errors_only=True) == {("prompts_v1.py", "driver")}
    assert "1 seconds" in next(own.message for own in report.findings if own.level == "error")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """The report on a project whose versions have records, each but the first with another fault."""
    folder = tmp_path_factory.mktemp("recorded")
    root = real_project(folder / "project", {number: module(number) for number in range(1, 13)})
    write(root, "datasets/summarization/tests.yaml", TESTS)
    good = record(root, 1, repetitions=2)
    other = [replace(good, version=f"v{number}") for number in range(13)]
    answers = list(good.cases[0].answers.items())
    keep(root, edited(other[2], 0, answers=dict(answers[1:])))
    keep(root, replace(other[3], cases=(*good.cases, good.cases[2])))
    keep(root, edited(other[4], 1, inputs={**good.cases[1].inputs, "no_such_input": "1"}))
    keep(root, edited(other[5], 2, output=good.cases[2].output + " "))
    keep(root, replace(other[6], prompts_sha256="0" * 64))
    write(root, record_path("summarization", "v7"), to_bytes(replace(other[7], dataflow="letters")))
    keep(root, replace(other[8], cases=()))
    write(root, record_path("summarization", "v9"), "[]")
    keep(root, edited(other[10], 0, repetition=1_000_000_000))
    write(root, "prompts/summarization/prompts_v11.py", module(11, chunk='"Hurry: {chunk}"', last='"Hurry: {results}"'))
    record(root, 11)
    return gate(root), root, good


def test_good_cases_are_run_again_and_judged(recorded):
    """Cases whose answers are there give what was recorded, byte for byte, and hold all assertions."""
    report, _, good = recorded

    cases = [own for own in report.cases if own.path.endswith("recorded_v1.json")]

    assert [(own.sha256, own.repetition) for own in cases] == [
        (own.document.sha256, own.repetition) for own in good.cases
    ]
    assert [(own.passed, own.score) for own in cases] == [(True, 1.0)] * 4
    assert [own for own in report.findings if "v1." in own.path] == []


@pytest.mark.parametrize(
    ("number", "rule", "document", "words"),
    [
        (2, "case-answer", "gardens.pdf", "1 of 2 answers"),
        (3, "case-duplicate", "gardens.pdf", "gardens.pdf, repetition 2: it is recorded twice"),
        (4, "case-failed", "parks.pdf", "no_such_input"),
        (5, "case-output", "gardens.pdf", "instead of ' '"),
        (6, "record", "", "other prompts than v6"),
        (7, "record", "", "dataflow 'letters'"),
        (9, "record", "", "no record of cases"),
        (10, "record", "", "from 0 to 29"),
        (11, "assertion", "gardens.pdf", "finds the flowers: contains"),
    ],
)
def test_a_bad_case_is_an_error_that_names_its_document(recorded, number, rule, document, words):
    """A missing answer, a failed case, a case twice, another output, another version's record, a failed assertion."""
    report, root, _ = recorded

    findings = [own for own in report.findings if own.path.endswith(f"recorded_v{number}.json")]

    assert {(own.rule, own.level, own.document) for own in findings} == {(rule, "error", document)}
    assert words in findings[0].message
    assert document in findings[0].message
    assert (root / findings[0].path).is_file()


def test_a_version_without_cases_is_a_warning(recorded):
    """No record, or one without cases, is told at the module."""
    report, _, _ = recorded

    found = {(own.path.rpartition("_")[2], own.level) for own in report.findings if own.rule == "no-record"}

    assert found == {("v8.py", "warning"), ("v12.py", "warning")}


def test_a_changed_dataflow_shows_in_the_recorded_cases(recorded, tmp_path):
    """A node that gives something else asks for other answers, which the record hasn't."""
    _, root, _ = recorded
    new = real_project(tmp_path / "project", {1: module(1)})
    write(new, record_path("summarization", "v1"), (root / record_path("summarization", "v1")).read_bytes())
    place = new / "dataflows" / "summarization.py"
    place.write_text(place.read_text("utf-8").replace('"\\n".join(summarized_chunks)', '" ".join(summarized_chunks)'))

    report = gate(new)

    assert {(own.rule, own.document) for own in report.findings} == {
        ("case-answer", "gardens.pdf"),
        ("case-answer", "parks.pdf"),
    }


def test_what_can_not_be_read_is_found_in_the_run(tmp_path):
    """Where SLOTS is made by code the running dataflow tells it; a bad tests.yaml, or no record where asked, fails."""
    root = real_project(tmp_path / "project", {1: module(1, last='"Sum up {query}"')})
    place = root / "dataflows" / "summarization.py"
    place.write_text(place.read_text("utf-8").replace("SLOTS = {", "SLOTS = {} | {"))
    write(root, "datasets/summarization/tests.yaml", "tests: [{assert: [{type: javascript, value: '1'}]}]")

    report = gate(root, require_record=True)

    assert {(own.rule, own.level) for own in report.findings} == {
        ("dataflow", "warning"),
        ("slot-missing", "error"),
        ("no-record", "error"),
        ("tests", "error"),
    }


def test_every_rule_has_an_example():
    """No rule is without a test that names it."""
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_gate*.py"))

    assert [rule for rule in RULES if f'"{rule}"' not in tests] == []
