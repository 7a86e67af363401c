"""Starting an A/B test: only with prompts that have passed the gate, and what is refused says which rule failed."""

import pytest

from dataflows.ab import ABDatabase, ABTests, Arm, ArmPrompts
from dataflows.prompt_store import PromptStore
from tests.ab_makers import CANDIDATE, CONTROL, LOG, NAME, draft_test, running_test
from tests.conftest import CHUNK_PROMPT, LAST_PROMPT
from workbench.ab import starting
from workbench.errors import UsageError
from workbench.settings import ROOT

pytest_plugins = ["tests.ab_fixtures"]

CONFIG = ArmPrompts("config", "v2", "examples/service/config_prompts.py")
GOOD = {CHUNK_PROMPT: "Sum up: {chunk}", LAST_PROMPT: "{query}: {results}"}


@pytest.fixture
def store(tmp_path):
    """v1 is good, v2 has a slot that nothing fills."""
    made = PromptStore(tmp_path / "prompts.db")
    made.add_version("summarization", GOOD, reason="good")
    made.add_version("summarization", {**GOOD, LAST_PROMPT: "{results} {nonsense}"}, reason="bad")
    made.move_label("summarization", "production", 1, **LOG)
    return made


@pytest.fixture
def broken(tmp_path):
    """A project whose v2 of the summarization has a slot that nothing fills; the rest of it is this one's."""
    root = tmp_path / "project"
    (root / "prompts" / "summarization").mkdir(parents=True)
    for name in ("dataflows", "datasets"):
        if (ROOT / name).exists():
            (root / name).symlink_to(ROOT / name)
    for name in ("prompts_v1.py", "prompts_v2.py"):
        source = (ROOT / "prompts" / "summarization" / name).read_text()
        text = source.replace("{{results}}", "{{results}} {{nonsense}}") if name.endswith("v2.py") else source
        (root / "prompts" / "summarization" / name).write_text(text)
    return root


def by_store(which):
    return Arm("candidate", 50.0, ArmPrompts("store", which))


def test_a_test_starts_once_every_arm_has_passed(file_tests, store):
    """By module, by config and by the store; what passed stays with the test, and a label becomes its version."""
    arms = (CONTROL, Arm("variant", 10.0, CONFIG), by_store("production"))
    made = starting.draft(file_tests, NAME, "summarization", arms, "helpful", draft_test().rule, **LOG)

    begun = starting.start(file_tests, made, ROOT, store, **LOG)

    assert file_tests.current(NAME) == begun
    assert begun.state == "running"
    assert begun.arms[2].prompts.version == "v1"
    assert begun.arms[2].passed_sha256 == store.version("summarization", 1).sha256
    assert len({arm.passed_sha256 for arm in begun.arms}) == 3


def test_a_start_is_refused_where_an_arm_does_not_pass(file_tests, store, broken):
    """The refusal names the arm, the file and the rule, and nothing is started."""
    made = draft_test(by_store("v1"), Arm("b", 1.0, ArmPrompts("module", "v2")))
    file_tests.add(made)

    said = (
        "^The arm b does not pass the gate: prompts/.*prompts_v2.py, line .* breaks the rule slot-unknown: .*nonsense"
    )
    with pytest.raises(UsageError, match=said):
        starting.start(file_tests, made, broken, store, **LOG)

    assert file_tests.current(NAME) == made


@pytest.mark.parametrize(
    ("prompts", "said"),
    [
        (ArmPrompts("module", "v9"), "there is no prompts/summarization/prompts_v9.py"),
        (ArmPrompts("config", "v9", "variants.py"), "variants.py, line 1 breaks the rule node-missing"),
        (ArmPrompts("config", "v1", "../elsewhere.py"), "there is no ../elsewhere.py in the project"),
        (ArmPrompts("store", "v2"), "v2 in the prompt store breaks the rule slot-unknown: .*nonsense"),
        (ArmPrompts("store", "nobody"), "nobody"),
    ],
)
def test_an_arm_is_not_added_where_it_does_not_pass(file_tests, store, broken, prompts, said):
    """By whichever way its prompts come; the message says which rule, and the test stays as it is."""
    (broken / "variants.py").write_text((ROOT / CONFIG.file).read_text())
    made = draft_test()
    file_tests.add(made)

    with pytest.raises(UsageError, match=f"^The arm b does not pass the gate: .*{said}"):
        starting.add_arm(file_tests, made, Arm("b", 1.0, prompts), broken, store, **LOG)

    assert file_tests.current(NAME) == made


def test_a_third_arm_joins_a_running_test_after_the_gate(file_tests, store):
    """The weights of the others stay."""
    begun = running_test(file_tests)

    changed = starting.add_arm(file_tests, begun, Arm("third", 10.0, CANDIDATE.prompts), ROOT, store, **LOG)

    assert file_tests.current(NAME).weights == {"control": 50.0, "candidate": 50.0, "third": 10.0}
    assert changed.arms[2].passed_sha256


def test_the_kill_switch_works_whatever_was_changed_meanwhile(file_tests):
    """Other changes are refused by who has not seen the last one; a kill never is."""
    begun = running_test(file_tests)
    starting.reweight(file_tests, begun, {"control": 1.0, "candidate": 9.0}, **LOG)

    with pytest.raises(UsageError, match="somebody else changed it meanwhile"):
        starting.stop(file_tests, begun, **LOG)
    starting.kill(file_tests, begun, by="Grace", why="it swears")

    assert (file_tests.current(NAME).state, file_tests.current(NAME).number) == ("killed", 4)


def test_a_database_that_is_away_is_said_with_what_to_do(tmp_path):
    """And nothing else than that is raised."""
    away = ABTests(ABDatabase(tmp_path / "missing" / "runs.db"))

    with pytest.raises(UsageError, match="can't be asked") as refused:
        starting.draft(away, NAME, "summarization", [CONTROL, CANDIDATE], "helpful", draft_test().rule, **LOG)

    assert refused.value.hint == "Start the database, then try again."
