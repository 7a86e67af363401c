import argparse
import json
import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.gate_project import GOOD, commit, real_project, small_project, write
from tests.hostile import FRAGMENTS
from workbench.check_command import check
from workbench.gate.arguments import add_arguments
from workbench.gate.findings import RULES, CaseResult, Finding, GateReport
from workbench.gate.github_report import annotations, summary
from workbench.gate.junit_report import junit_xml
from workbench.gate.text_report import report_json, report_text
from workbench.settings import ROOT

V1 = "prompts/letters/prompts_v1.py"
RECORD = "datasets/letters/recorded_v1.json"
EVIL = "x\n::set-output name=a::b\r\n##[error]%0A @org/team #12 ![i](http://e/i.png) | <img src=x> `\x1b[31m\ud800\x00"
HOSTILE = st.lists(
    st.sampled_from([*FRAGMENTS, EVIL, "\n", "::", "%0A", "|", "@team", "[a](http://e)", "www.e.org"])
).map("".join)


def bad(**fields):
    given_fields = {
        "rule": "empty",
        "level": "error",
        "path": V1,
        "line": 7,
        "message": "it is blank",
        "hint": "Write.",
    }
    return Finding(**{**given_fields, **fields})


def report(*findings, cases=(), note=""):
    return GateReport(findings, (V1,), cases, 1.25, note)


def test_people_read_findings_by_file_with_what_to_do():
    """Each file has its findings with line, level, rule, sentence and hint, and the last line has the counts."""
    of_case = bad(path=RECORD, rule="assertion", line=1, message="pets.pdf: contains", hint="")
    warning = bad(level="warning", rule="docstring", line=1, message="no docstring", hint="Say it.")
    case = CaseResult(RECORD, "pets.pdf", "0" * 64, 0, passed=False)

    text = report_text(report(of_case, warning, bad(), cases=(case,)))

    assert text == (
        f"{RECORD}\n  {RECORD}:1: error assertion: pets.pdf: contains\n\n"
        f"{V1}\n  {V1}:1: warning docstring: no docstring\n    Say it.\n"
        f"  {V1}:7: error empty: it is blank\n    Write.\n\n"
        "Failed: 1 module, 1 recorded case, 2 errors, 1 warning, 0 calls made in 1.2 s."
    )


def test_a_report_without_findings_says_that_it_passed():
    """The closing line has the verdict, or why nothing was looked at."""
    assert report_text(report()) == "Passed: 1 module, 0 recorded cases, 0 errors, 0 warnings, 0 calls made in 1.2 s."
    assert report_text(report(note="nothing changed")) == "Passed: nothing changed; 0 calls made."


def test_programs_read_everything():
    """The JSON has all findings and cases with all of their fields."""
    case = CaseResult(RECORD, "pets.pdf", "0" * 64, 1, passed=True, score=0.5)

    read = json.loads(json.dumps(report_json(report(bad(message=EVIL), cases=(case,)))))

    assert (read["passed"], read["calls"], read["files"]) == (False, 0, [V1])
    assert (read["findings"][0]["message"], read["findings"][0]["rule"], read["findings"][0]["line"]) == (
        EVIL,
        "empty",
        7,
    )
    assert (read["cases"][0]["score"], read["cases"][0]["repetition"]) == (0.5, 1)


def test_junit_has_a_test_for_each_rule_of_a_file_and_for_each_case():
    """Errors fail their test, warnings don't, and each recorded case is a test with its document's errors."""
    cases = (
        CaseResult(RECORD, "pets.pdf", "0" * 64, 0, passed=False),
        CaseResult(RECORD, "pets.pdf", "0" * 64, 1, passed=True),
    )
    of_case = bad(path=RECORD, rule="case-output", message="pets.pdf: another output", document="pets.pdf")
    warning = bad(level="warning", rule="docstring", message="no docstring")

    suite = ElementTree.fromstring(junit_xml(report(of_case, warning, bad(), cases=cases))).find("testsuite")

    tests = {(test.get("classname"), test.get("name")): test for test in suite}
    failed = {name for name, test in tests.items() if test.find("failure") is not None}
    assert len(tests) == len(RULES) + 1 + 2
    assert failed == {(V1, "empty"), (RECORD, "case-output"), (RECORD, "case pets.pdf")}
    assert (suite.get("tests"), suite.get("failures")) == (str(len(tests)), "3")
    assert "it is blank" in tests[V1, "empty"].find("failure").get("message")
    assert "another output" in tests[RECORD, "case pets.pdf"].find("failure").text
    assert "no docstring" in tests[V1, "docstring"].find("system-out").text


@settings(max_examples=100, deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE)
def test_junit_is_xml_whatever_it_tells(message, document, path):
    """Any text of a prompt, a document's name or a path can stand in it."""
    case = CaseResult(path, document, "0", 0, passed=False)

    content = junit_xml(report(bad(message=message, document=document, path=path, hint=message), cases=(case,)))

    assert ElementTree.fromstring(content).find("testsuite") is not None


def test_an_annotation_is_a_command_with_its_values_escaped():
    """File, line, rule, sentence and hint, with what GitHub would read otherwise escaped."""
    finding = bad(path="prompts/a,b:c%.py", message="100 % wrong: {x}, y")

    assert annotations(report(finding)) == (
        "::error file=prompts/a%2Cb%3Ac%25.py,line=7,title=empty::100 %25 wrong: {x}, y Write.\n"
    )


@settings(max_examples=100, deadline=None)
@given(HOSTILE, HOSTILE)
def test_no_text_leaves_its_annotation(message, path):
    """Each finding is one line that begins with its own command, and nothing in it begins another."""
    text = annotations(report(bad(message=message, path=path), bad(level="warning", hint=message)))

    lines = re.split(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", text)
    assert [line[:9] for line in lines] == ["::error f", "::warning", ""]
    assert "##[" not in text
    assert text.encode("utf-8").decode("utf-8") == text


@settings(max_examples=100, deadline=None)
@given(HOSTILE, HOSTILE)
def test_no_text_leaves_its_cell_of_the_summary(message, path):
    """Whatever a finding says, the summary is one table of five columns without links, images, HTML or mentions."""
    text = summary(report(bad(message=message, path=path), bad(hint=message), note=message))

    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    kinds = [child.type for token in tokens for child in [token, *(token.children or [])]]
    plain = [child.content for token in tokens for child in token.children or [] if child.type == "text"]
    assert kinds.count("table_open") == 1
    assert (kinds.count("tr_open"), kinds.count("th_open"), kinds.count("td_open")) == (3, 5, 10)
    assert not {"image", "link_open", "html_inline", "html_block", "fence", "code_block"} & set(kinds)
    assert not re.search(r"@\w|#\d|www\.\w|://", " ".join(plain))


def test_a_long_summary_counts_what_it_leaves_out():
    """GitHub drops a summary that is too long, so it has at most 200 rows."""
    text = summary(report(*[bad(line=number) for number in range(1, 251)]))

    assert text.count("| error |") == 200
    assert "50 more findings" in text


def options(*arguments):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(arguments)


def test_the_command_passes_fails_and_refuses(tmp_path, capsys):
    """Its exit code is 0, 1 or 2, and it prints the findings, or what is wrong with the usage."""
    root = small_project(tmp_path, GOOD)

    passed = check(options("--static", "prompts/letters"), root)
    good = capsys.readouterr()
    write(root, V1, GOOD.replace("{draft}", "{nothing}"))
    failed = check(options("--static", str(root / V1)), root)
    wrong = capsys.readouterr()
    refused = [check(options(*words), root) for words in (["nowhere"], ["--baseline", "main"], ["--json", "no/x.json"])]
    problem = capsys.readouterr()

    assert (passed, failed, refused) == (0, 1, [2, 2, 2])
    assert good.out.startswith("Passed: 1 module")
    assert f"{V1}:9: error slot-unknown: check_prompt" in wrong.out
    assert len(problem.err.splitlines()) == 3
    assert problem.out == ""


@pytest.mark.parametrize("words", [["--tolerance", "2"], ["--tolerance", "nan"], ["--prompt-tokens", "0"]])
def test_values_out_of_range_are_wrong_usage(words):
    """argparse ends with 2 for them."""
    with pytest.raises(SystemExit) as raised:
        options(*words)

    assert raised.value.code == 2


def test_the_command_writes_all_reports(tmp_path, capsys):
    """JUnit and JSON go to their files, annotations to the output, and one summary to the file that GitHub names."""
    root = small_project(tmp_path / "project", GOOD.replace("{draft}", "{nothing}"))
    files = {name: tmp_path / name for name in ("gate.xml", "gate.json", "summary.md")}
    words = ["--static", "--github", "--junit", str(files["gate.xml"]), "--json", str(files["gate.json"])]

    code = check(options(*words), root, {"GITHUB_STEP_SUMMARY": str(files["summary.md"])})

    assert code == 1
    assert f"\n::error file={V1},line=9,title=slot-unknown::" in capsys.readouterr().out
    assert ElementTree.parse(files["gate.xml"]).find("testsuite").get("failures") == "2"
    assert json.loads(files["gate.json"].read_text())["passed"] is False
    assert files["summary.md"].read_text("utf-8").count("## Prompt gate: failed") == 1


def test_json_on_the_output_stands_alone(tmp_path, capsys):
    """With - nothing else is on standard output, so that a program can read it."""
    root = small_project(tmp_path, GOOD.replace("{draft}", "{nothing}"))

    check(options("--static", "--github", "--json", "-"), root, {})

    printed = capsys.readouterr()
    assert json.loads(printed.out)["passed"] is False
    assert printed.err.startswith("::error ")


def test_pytest_has_an_item_for_each_rule_of_each_file(tmp_path):
    """With the plugin a broken rule is a failed item with the same words, and all others pass."""
    root = real_project(tmp_path / "project", {1: "def check_prompt(:\n"})
    write(root, "pyproject.toml", "[tool.pytest.ini_options]\n")
    commit(root)
    write(root, "datasets/x", "")
    command = [sys.executable, "-m", "pytest", "-p", "workbench.gate.pytest_plugin", "-p", "no:cacheprovider", "-q"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}

    done = subprocess.run(
        [*command, "--prompt-gate", "--prompt-baseline", "HEAD"],
        cwd=root,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert f"1 failed, {len(RULES) - 1} passed" in done.stdout
    assert "prompts/summarization/prompts_v1.py:1: error syntax: line 1 is not Python" in done.stdout
    assert "Traceback" not in done.stdout
