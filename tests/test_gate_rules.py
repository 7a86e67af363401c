import json
import os
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dataflows.tokens import count_tokens
from tests.gate_project import GOOD, small_project, write
from tests.hostile import FRAGMENTS
from workbench.errors import UsageError
from workbench.gate.gate import gate
from workbench.gate.hidden import visible
from workbench.gate.registry import dataflows_of
from workbench.prompts.provenance import prompts_sha256
from workbench.prompts.reader import read_prompts
from workbench.settings import ROOT

KEY = "sk-" + "a1" * 20


def checking(text):
    """The good module with another text of check_prompt."""
    return GOOD.replace('"Check {draft}"', text)


def with_provenance(source, **fields):
    own = {"schema": 1, "version": "v1", "parent": "v0", "date": "2026-01-01"}
    own |= {"prompts_sha256": prompts_sha256(read_prompts(GOOD).values()), **fields}
    return f"{source}\n\nPROVENANCE = {own!r}\n"


FAILING = [
    ("syntax", "error", "def check_prompt(:\n", 1),
    ("syntax", "error", b"x = 1\n# \xff\n", 2),
    ("syntax", "error", GOOD + "\0", 1),
    ("syntax", "error", "x = " + "-" * 100_000 + "1\n", 1),
    ("syntax", "error", b"#" * 1_000_001, 1),
    ("import-effects", "error", GOOD + "\nprint(1)\n", 13),
    ("import-effects", "error", GOOD + "\nimport os\n", 13),
    ("import-effects", "error", GOOD + "\nfrom .flow import x\n", 13),
    ("import-effects", "error", GOOD + "\nX = [i for i in (1,)]\n", 13),
    ("import-effects", "error", GOOD + "\nif True:\n    pass\n", 13),
    ("import-effects", "error", GOOD + "\n\ndef _f(x=print(1)): ...\n", 14),
    ("import-effects", "error", GOOD + "\n\ndef _f(*x: print(1)): ...\n", 14),
    ("import-effects", "error", GOOD + "\n\ndef _f() -> (lambda: 1)(): ...\n", 14),
    ("import-effects", "error", GOOD + "\n\n@print\ndef _f(): ...\n", 15),
    ("import-effects", "error", GOOD + "\n\n@config.when(version=print(1))\ndef _f(): ...\n", 15),
    ("import-effects", "error", GOOD + "\n\nclass Evil: ...\n", 14),
    (
        "import-effects",
        "error",
        checking("__import__('os') or ''").replace("return __", "import os\n    return __"),
        11,
    ),
    ("duplicate-name", "error", GOOD + "\n\ndef check_prompt() -> str:\n    return 'x'\n", 14),
    ("duplicate-name", "error", GOOD + "\ncheck_prompt = 'x'\n", 13),
    ("annotation", "error", GOOD.replace("check_prompt() -> str", "check_prompt()"), 9),
    ("annotation", "error", GOOD.replace("check_prompt() -> str", "check_prompt() -> bytes"), 9),
    ("docstring", "warning", GOOD.replace('"""v1: a first one."""', ""), 1),
    ("docstring", "warning", GOOD.replace('    """Reads it again."""\n', ""), 9),
    ("hidden-char", "error", GOOD.replace("Reads it", "Reads\u202eit"), 10),
    ("hidden-char", "error", checking('"Check \u200b{draft}"'), 11),
    ("hidden-char", "error", GOOD + "# \x1b[31m\n", 12),
    ("hidden-char", "error", GOOD + "# \U000e0041\n", 12),
    ("hidden-char", "error", "\ufeff" + GOOD, 1),
    ("hidden-char", "warning", checking('"Check \\u200b{draft}"'), 9),
    ("hidden-char", "warning", GOOD.replace('"plain"', '"pl\\u2066ain"'), 4),
    ("secret", "error", GOOD + f"# {KEY}\n", 12),
    ("secret", "error", checking(f'"Check {{draft}} {KEY}"'), 11),
    ("secret", "error", checking(f'"Check {{draft}} s" "k-{KEY[3:]}"'), 11),
    ("secret", "error", checking(f'"Check {{draft}} \\x73k-{KEY[3:]}"'), 11),
    ("secret", "error", checking('"Authorization: Bearer abcdef0123456789 {draft}"'), 11),
    ("provenance", "error", with_provenance(checking('"Look at {draft}"')), 14),
    ("provenance", "error", with_provenance(GOOD, version="v2"), 14),
    ("node-missing", "error", GOOD.replace("check_prompt", "other_prompt"), 1),
    ("node-unknown", "warning", GOOD + '\n\ndef helper() -> str:\n    """Helps."""\n    return "x"\n', 14),
    ("computed", "warning", checking('"Check {draft}".strip()'), 9),
    ("computed", "warning", checking('open("/etc/passwd").read()'), 9),
    ("empty", "error", checking('" \\n"'), 9),
    ("brace", "error", checking('"Check {draft} as {"'), 9),
    ("brace", "error", checking("'Check {draft} as {\"a\": 1}'"), 9),
    ("format-trick", "error", checking('"Check {draft.__class__}"'), 9),
    ("format-trick", "error", checking('"Check {draft[0]}"'), 9),
    ("format-trick", "error", checking('"Check {draft!r}"'), 9),
    ("format-trick", "error", checking('"Check {draft:>99}"'), 9),
    ("slot-unknown", "error", checking('"Check {draft} for {query}"'), 9),
    ("slot-unknown", "error", GOOD.replace("{{tone}}", "{{style}}"), 4),
    ("slot-missing", "error", checking('"Check it"'), 9),
    ("parameter-unused", "warning", GOOD.replace("a {style} letter", "a letter"), 4),
    ("parameter-braces", "error", GOOD.replace('"plain"', '"{facts}"'), 4),
    ("surrogate", "error", checking('"Check \\ud800 {draft}"'), 9),
    ("token-budget", "error", checking('"Check {draft}" "' + "one two " * 5_000 + '"'), 9),
]
PASSING = [
    GOOD,
    with_provenance(GOOD),
    GOOD.replace("\n", "\r\n"),
    '"""v1: one."""\n\nfrom __future__ import annotations\n\nfrom hamilton.function_modifiers import config, tag\n'
    + GOOD.partition('"""\n')[2],
    GOOD + '\nMODEL = {"name": "m", "temperature": 0.0}\nLIMIT: int = 3\n',
    GOOD.replace("def check", '@tag(role="prompt")\ndef check'),
    GOOD.replace("def check_prompt", '@config.when_not_in(version=["v2"])\ndef check_prompt__default'),
    GOOD.replace("{{facts}}, {{tone}}", "{{facts}}"),
    GOOD + "\n\ndef _helper(x: list[str] | None = None) -> int: ...\n",
    checking('"Write {{ and }}: {draft}"'),
    checking('"Use clearer language and wearer instructions: {draft}"'),
    checking('"Wo\\u0308rter, \\t emoji \\U0001f600 and 日本語: {draft}"'),
    checking('"Check {draft}" "' + "word " * 3_000 + '"'),
]


def found(root, **options):
    return gate(root, run=False, **options).findings


@pytest.mark.parametrize(("rule", "level", "source", "line"), FAILING)
def test_a_bad_module_is_found(tmp_path, rule, level, source, line):
    """Each rule has modules that break it, and says where, why and what to do."""
    findings = found(small_project(tmp_path, source))

    hits = [own for own in findings if own.rule == rule and own.level == level]
    assert hits, findings
    assert line in [own.line for own in hits]
    assert {own.path for own in hits} == {"prompts/letters/prompts_v1.py"}
    assert all(own.message and own.hint.endswith((".", '."""')) for own in hits)
    assert KEY not in repr(findings)


@pytest.mark.parametrize("source", PASSING)
def test_a_good_module_passes(tmp_path, source):
    """What a module may hold is no error, and computed prompts apart no warning either."""
    assert [own for own in found(small_project(tmp_path, source)) if own.rule != "computed"] == []


def test_the_tokens_that_are_allowed_can_be_set(tmp_path):
    """A prompt passes at its own number of tokens and fails at one less."""
    text = "Check {draft} " + "word " * 300
    root = small_project(tmp_path, checking(repr(text)))
    tokens = count_tokens(text)

    assert found(root, prompt_tokens=tokens) == ()
    assert [own.rule for own in found(root, prompt_tokens=tokens - 1)] == ["token-budget"]


@pytest.mark.parametrize(
    ("current", "message"),
    [
        ("from prompts.letters import prompts_v3 as prompts\n", "v3"),
        ("from . import prompts_v3 as prompts\n", "v3"),
        ("import prompts_v1\n", "no prompts_vN"),
        ("from (\n", "not Python"),
        (b"\xff", "can't be read"),
    ],
)
def test_a_current_version_that_is_not_there_is_found(tmp_path, current, message):
    """current.py has to name a version that exists, in one plain line."""
    root = small_project(tmp_path, GOOD, GOOD.replace("v1", "v2"))
    write(root, "prompts/letters/current.py", current)

    (finding,) = found(root)

    assert (finding.rule, finding.level, finding.path) == ("current", "error", "prompts/letters/current.py")
    assert message in finding.message


def test_a_current_version_that_is_there_passes(tmp_path):
    """A folder with a good current.py has no finding."""
    root = small_project(tmp_path, GOOD, GOOD.replace("v1", "v2"))
    write(root, "prompts/letters/current.py", "from . import prompts_v2 as prompts\n")

    assert found(root) == ()


def test_a_gap_in_the_numbers_is_a_warning(tmp_path):
    """v3 after v1 is told at v3."""
    root = small_project(tmp_path, GOOD)
    write(root, "prompts/letters/prompts_v3.py", GOOD.replace("v1", "v3"))

    (finding,) = found(root)

    assert (finding.rule, finding.level) == ("number-gap", "warning")
    assert finding.path.endswith("prompts_v3.py")
    assert "v2" in finding.message


def test_a_folder_without_a_dataflow_is_an_error(tmp_path):
    """Prompts that nothing uses can't be checked, so they don't pass."""
    root = small_project(tmp_path, GOOD)
    write(root, "prompts/poems/prompts_v1.py", GOOD)

    (finding,) = found(root)

    assert (finding.rule, finding.level) == ("dataflow", "error")
    assert "letters" in finding.hint


def test_slots_that_can_not_be_read_are_said(tmp_path):
    """SLOTS made by code are a warning: their templates are checked when they are run."""
    root = small_project(tmp_path, checking('"Check {query}"'), dataflow="SLOTS = dict(draft_prompt={})\n")

    (finding,) = found(root)

    assert (finding.rule, finding.level) == ("dataflow", "warning")


def test_the_real_dataflow_is_read_as_it_is():
    """Reading SLOTS out of the source gives what importing it gives."""
    from dataflows import DATAFLOWS, summarization

    read = dataflows_of(ROOT)

    assert list(read) == list(DATAFLOWS)
    assert read["summarization"].modules == DATAFLOWS["summarization"].modules
    # Not compared as objects: a test before this one may have loaded the class anew.
    assert repr(read["summarization"].slots) == repr(summarization.SLOTS)


def test_our_own_prompts_pass():
    """The versions of this project have no finding."""
    assert found(ROOT) == ()


@pytest.mark.parametrize(
    ("paths", "files"),
    [
        ([], ["v1", "v2"]),
        (["prompts"], ["v1", "v2"]),
        (["prompts/letters"], ["v1", "v2"]),
        (["prompts/letters/prompts_v2.py"], ["v2"]),
        (["prompts/letters/prompts_v2.py", "prompts/letters/prompts_v2.py"], ["v2"]),
    ],
)
def test_only_what_was_named_is_checked(tmp_path, paths, files):
    """A path may be all prompts, a dataflow's, or one version."""
    root = small_project(tmp_path, "bad(", "bad(")

    report = gate(root, paths, run=False)

    assert report.files == tuple(f"prompts/letters/prompts_{label}.py" for label in files)
    assert {own.path for own in report.findings} == set(report.files)


@pytest.mark.parametrize(
    "path", ["prompts/x", "dataflows", "..", "/etc", "prompts/letters/current.py", "prompts/../.."]
)
def test_another_path_is_wrong_usage(tmp_path, path):
    """A path that is missing, outside or no version is refused with what may be named."""
    root = small_project(tmp_path, GOOD)
    write(root, "prompts/letters/current.py", "")

    with pytest.raises(UsageError) as raised:
        gate(root, [path], run=False)

    assert "prompts_vN.py" in raised.value.hint


def test_the_static_part_loads_neither_hamilton_nor_a_module(tmp_path):
    """Nothing of a module that would leave a file is run; Hamilton, pandas and the dataflow are not loaded."""
    mark = tmp_path / "ran"
    evil = f"open({str(mark)!r}, 'w')\n{GOOD}\n\ndef _f(x=open({str(mark)!r}, 'w')): ...\n"
    root = small_project(tmp_path, evil)
    code = (
        "import json, sys; from pathlib import Path; from workbench.gate.gate import gate\n"
        "report = gate(Path(sys.argv[1]), run=False)\n"
        "print(json.dumps([[own.rule for own in report.findings], sorted(sys.modules)]))"
    )

    done = subprocess.run([sys.executable, "-c", code, str(root)], cwd=ROOT, capture_output=True, text=True, check=True)

    rules, modules = json.loads(done.stdout)
    assert rules.count("import-effects") == 2
    assert not {"hamilton", "pandas", "numpy", "toktok", "dataflows.letters", "openai"} & set(modules)
    assert not mark.exists()
    assert os.listdir(root / "prompts" / "letters") == ["prompts_v1.py"]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*FRAGMENTS, GOOD, "def check_prompt() -> str:\n    return '", "{draft}", "(", "'"])))
def test_no_source_breaks_the_static_part(tmp_path, parts):
    """Whatever a file holds, the gate tells its findings."""
    root = small_project(tmp_path, "".join(parts))

    report = gate(root, run=False)

    assert report.files == ("prompts/letters/prompts_v1.py",)
    assert all(own.line >= 1 and own.message for own in report.findings)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*FRAGMENTS, "##[error]x", "::set-output name=x::y"])).map("".join))
def test_a_shown_text_is_one_printable_line(text):
    """Nothing in a finding can break its line, steer a terminal, or begin a command of GitHub's old form."""
    shown = visible(text)

    assert not set("\n\r\t\x1b\u202e\u200b\x00\u2028") & set(shown)
    assert "##[" not in shown
    assert shown.encode("utf-8").decode("utf-8") == shown
