"""The A/B test page without a browser: drafting, starting after the gate, weights, stop, kill, and what it shows."""

import json

import pytest
from pyarrow import ipc

from dataflows.ab import ABDatabase, ABTests, Arm, ArmPrompts, LiveTests
from tests.ab_makers import CANDIDATE, LOG, NAME, draft_test, running_test
from tests.pages import shown
from workbench.ab import starting

pytest_plugins = ["tests.page_fixtures"]


@pytest.fixture
def visit(desk, monkeypatch):
    monkeypatch.delenv("WORKBENCH_PROMPT_STORE", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("WORKBENCH_USER", "Ada")
    return lambda: desk.open("pages/ab_test.py")


@pytest.fixture
def tests(desk):
    """The tests of the state folder, as another process has them open."""
    made = ABTests(ABDatabase(desk.home / "history.db"))
    yield made
    made.database.close()


def page(app):
    return shown(app).replace("\\", "").replace("\u200b", "")


def typed(app, **texts):
    for name, text in texts.items():
        app.text_input(key=name.replace("_", "-")).set_value(text).run()
    return app


def keys(app):
    return [button.key for button in app.button]


def vote(desk, wins, users=120):
    """Outcomes of so many users: those of the arm in `wins` are 1."""
    service = LiveTests(desk.home / "history.db")
    for number in range(users):
        assignment = service.assign(NAME, f"user {number}")
        service.exposed(assignment)
        service.outcome(NAME, f"user {number}", "helpful", assignment.arm.name == wins)
    assert service.flush(10)


def test_without_tests_it_says_what_they_are_for(visit):
    """And what to do: describe one, start it, name it in a service."""
    app = visit()

    assert "splits the users of a running service" in page(app)
    assert "Describe one at the left" in page(app)
    assert keys(app) == ["ab-add"]


def test_a_draft_is_described_and_started_after_the_gate(visit, tests):
    """Then its arms, their weights and who started it why stand there."""
    app = typed(visit(), ab_name_new="shorter", ab_outcome_new="helpful", person_ab_new="Ada", ab_new_why_new="to try")
    app.slider(key="ab-share").set_value(10).run()
    app.button(key="ab-add").click().run()
    drafted = page(app)
    typed(app, ab_why_start="it passed")
    app.button(key="ab-start").click().run()

    assert "shorter is a draft" in drafted and "Arms, and what came of" in drafted
    begun = tests.current(NAME)
    assert (begun.state, begun.weights, begun.by) == ("running", {"control": 90.0, "candidate": 10.0}, "Ada")
    assert "shorter is running." in page(app)
    assert "<td>90 (90.0%)</td>" in page(app)
    assert "<td>started</td><td>control 90, candidate 10</td><td>Ada</td><td>it passed</td>" in page(app)


def test_a_start_that_the_gate_refuses_says_which_rule(visit, tests):
    """Here there is no such version; the draft stays one."""
    tests.add(draft_test(Arm("control", 1.0, ArmPrompts("module", "v99")), CANDIDATE))
    app = typed(visit(), ab_why_start="in a hurry", person_ab_start="Ada")

    app.button(key="ab-start").click().run()

    assert "The arm control does not pass the gate: there is no prompts/summarization/prompts_v99.py" in page(app)
    assert tests.current(NAME).state == "draft"


def test_a_difference_is_shown_over_time_with_its_interval_and_what_to_do(visit, desk, tests):
    """Traffic, outcomes, e-value and the stop rule in words; the chart has the difference, its band and a line at 0."""
    running_test(tests)
    vote(desk, wins="candidate")

    app = visit()

    said = page(app)
    assert "Stop: candidate is better than control." in said
    assert "+100.0 points" in said and "<td>better</td>" in said
    assert "Stop at an e-value of 20, or at 2,000 units" in said
    [chart] = app.get("vega_lite_chart")
    marks = [layer["mark"]["type"] for layer in json.loads(chart.proto.spec)["layer"]]
    rows = [row for known in chart.proto.datasets for row in ipc.open_stream(known.data.data).read_all().to_pylist()]
    assert marks == ["rule", "area", "line"]
    differences = [row for row in rows if row.get("arm")]
    assert len(differences) > 5
    assert all(row["low"] <= row["difference"] <= row["high"] for row in differences)


def test_weights_are_changed_stopped_and_killed_with_who_and_why(visit, tests):
    """Each is a line of the log; what has ended can't be changed any more."""
    running_test(tests)
    running_test(tests, name="other")
    app = visit()
    app.radio(key="ab-test").set_value(NAME).run()

    typed(app, ab_why_weights="carefully", person_ab_weights="Grace")
    app.number_input(key="ab-weight-shorter-2-candidate").set_value(5.0).run()
    app.button(key="ab-weights").click().run()
    reweighted = tests.current(NAME)
    typed(app, ab_why_kill="it swears")
    app.button(key="ab-kill").click().run()

    assert (reweighted.weights["candidate"], reweighted.by, reweighted.why) == (5.0, "Grace", "carefully")
    assert (tests.current(NAME).state, tests.current(NAME).why) == ("killed", "it swears")
    assert "<td>other weights</td>" in page(app) and "<td>killed</td>" in page(app)
    assert not {"ab-start", "ab-weights", "ab-stop", "ab-kill"} & set(keys(app))
    assert tests.current("other").state == "running"


def test_a_third_arm_joins_a_running_test_after_the_gate(visit, tests):
    """It gets its share, the others keep their proportions, and the page says before how many users move."""
    running_test(tests)
    app = typed(visit(), ab_arm_name_shorter="third", ab_arm_why_shorter="one more", person_ab_arm_shorter="Grace")
    app.selectbox(key="ab-arm-module-shorter-2").set_value("v2").run()
    app.number_input(key="ab-arm-weight-shorter-2").set_value(25.0).run()
    before = page(app)

    app.button(key="ab-join").click().run()

    joined = tests.current(NAME)
    assert "It gets 20.0% of the traffic" in before and "control 50.0% → 40.0%, candidate 50.0% → 40.0%" in before
    assert joined.weights == {"control": 50.0, "candidate": 50.0, "third": 25.0}
    assert (joined.arms[2].prompts, joined.by, joined.why) == (ArmPrompts("module", "v2"), "Grace", "one more")
    assert joined.arms[2].passed_sha256
    assert "third is an arm of shorter." in page(app)
    assert "<td>an arm more</td>" in page(app)


def test_an_arm_that_does_not_pass_is_refused_with_the_gates_reason(visit, tests):
    """Variants of a file that isn't there: the test stays as it is, and what was typed stays, too."""
    running_test(tests)
    app = typed(visit(), ab_arm_name_shorter="third", ab_arm_why_shorter="one more", person_ab_arm_shorter="Grace")
    app.selectbox(key="ab-arm-way-shorter-2").set_value("config").run()
    typed(app, ab_arm_file_shorter="none/prompts.py", ab_arm_version_shorter="v4")

    app.button(key="ab-join").click().run()

    assert "The arm third does not pass the gate: there is no none/prompts.py in the project." in page(app)
    assert len(tests.current(NAME).arms) == 2
    assert app.text_input(key="ab-arm-name-shorter").value == "third"


def test_what_has_ended_takes_no_arm(visit, tests):
    """The form is gone; the command that gives the page's figures stands there still."""
    begun = running_test(tests)
    starting.stop(tests, begun, **LOG)

    app = visit()

    assert "ab-join" not in keys(app)
    assert [code.value for code in app.code] == ["python -m workbench ab show shorter"]


def test_a_change_without_a_reason_is_refused(visit, tests):
    """The page says so, and the test runs on."""
    running_test(tests)
    app = visit()

    app.button(key="ab-stop").click().run()

    assert "Why is empty; the log needs it." in page(app)
    assert tests.current(NAME).state == "running"


def test_what_somebody_else_changed_meanwhile_is_told_and_left(visit, tests):
    """Weights are not written over that the page has not shown; the kill switch works all the same."""
    begun = running_test(tests)
    app = typed(visit(), ab_why_weights="mine")
    starting.reweight(tests, begun, {"control": 1.0, "candidate": 2.0}, **LOG)

    app.button(key="ab-weights").click().run()

    assert "somebody else changed it meanwhile" in page(app)
    assert tests.current(NAME).weights == {"control": 1.0, "candidate": 2.0}


def test_hostile_words_are_shown_as_they_are(visit, tests):
    """Who and why are plain text."""
    bad = '<img src=x onerror="alert(1)"> [a](b) **c** \u202e'
    begun = running_test(tests)
    starting.reweight(tests, begun, begun.weights, by=bad, why=bad)

    assert "<img" not in page(visit())


@pytest.mark.parametrize("address", ["mysql://nowhere", "postgresql://ada@127.0.0.1:1/runs?sslmode=disable"])
def test_a_database_that_is_away_is_told_in_a_sentence(visit, monkeypatch, address):
    """An address that makes no sense, and one where nobody answers, stop no page with an exception."""
    monkeypatch.setenv("DATABASE_URL", address)

    app = visit()

    assert len(app.error) == 1
    assert keys(app) == ["ask-again"]
    assert page(app)
