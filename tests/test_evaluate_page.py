"""The Evaluate page without a browser: its plan, its matrix, its verdicts, and the command that gives the same."""

import json
import shlex

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared import cached
from tests.conftest import CHUNK_PROMPT, LAST_PROMPT, until
from tests.pages import DATAFLOW, component, place, shown
from workbench import settings
from workbench.command_line import main
from workbench.state import bench
from workbench.state.record_json import to_json
from workbench.state.workspaces import Workspaces

pytest_plugins = ["tests.dataset_fixtures"]

PAGE = "pages/evaluate.py"
V3 = "Question: "


def moon_by(*marks):
    """Answers of versions whose last prompt has one of the marks name the moon; others, and chunks, the sun."""
    return lambda seen: "the moon" if any(mark in seen.prompt for mark in marks) else "the sun"


@pytest.fixture
def table(team):
    """Writes the dataset of the project: its cases, one document each of them."""
    root, _ = team

    def write(cases, name="cases.yaml"):
        folder = root / "datasets" / DATAFLOW
        folder.mkdir(parents=True, exist_ok=True)
        for topic in ("gardens", "oceans"):
            (folder / f"{topic}.txt").write_text(f"All about {topic}. " * 30, encoding="utf-8")
        (folder / name).write_text(cases, encoding="utf-8")
        return folder / name

    return write


def cases(count=3, query="Why {}?"):
    """Cases named "case 1" and so on, on two documents in turn, each of which asks for the moon."""
    asked = "assert: [{type: icontains, value: moon}, {type: not-is-refusal}]"
    lines = []
    for number in range(1, count + 1):
        document, tag = ("gardens", "oceans")[number % 2], ("even", "odd")[number % 2]
        about = (
            f"name: case {number}, document: {document}.txt, tags: [{tag}], inputs: {{query: {query.format(number)}}}"
        )
        lines.append(f"  - {{{about}, {asked}}}")
    return "\n".join(["cases:", *lines])


@pytest.fixture
def opened(team, table):
    """The page in a session, with three cases and two versions chosen, v1 the baseline."""
    _, desk = team
    table(cases())
    desk.endpoint.answer = moon_by(V3)
    return opened_with(desk, ["v1", "v3"], "v1")


def page_of(desk):
    """The page in a new session, without the Workbench before it."""
    app = AppTest.from_file(str(settings.ROOT / "app.py"), default_timeout=30)
    app.session_state["workspace"] = desk.id
    app.session_state["kept"] = Workspaces(desk.home / "workbench.db").read(desk.id)
    return app.switch_page(PAGE).run()


def opened_with(desk, labels, baseline):
    """The page, with these versions and baseline chosen before."""
    kept = Workspaces(desk.home / "workbench.db")
    kept.write(desk.id, place("evaluate-labels"), labels)
    kept.write(desk.id, place("evaluate-baseline"), baseline)
    return page_of(desk)


def evaluated(desk, app):
    """The page when all has ended."""
    app.button(key="run").click().run()
    own = evaluation(desk)
    assert own.wait(20)
    return app.run()


def evaluation(desk):
    return cached.evaluations().find((desk.id, DATAFLOW))


def matrix(app):
    (data,) = component(app, "evaluate_matrix")
    return data


def boxes(app):
    return [[box["text"] for box in line["boxes"]] for line in matrix(app)["lines"]]


def names(app):
    return [line["name"] for line in matrix(app)["lines"]]


def line_of(app):
    """The command that is shown."""
    return next(own.value for own in app.code if "workbench evaluate" in own.value)


def by_command(app, capsys):
    """What the command that is shown gives, as JSON."""
    words = shlex.split(line_of(app))
    capsys.readouterr()
    main([*words[words.index("evaluate") :], "--json", "-"])
    return json.loads(capsys.readouterr().out)


def test_the_plan_is_that_of_the_run(team, opened):
    """Before it is paid the line says how many calls will be made; so many are made, and then none is missing."""
    _, desk = team
    assert until(lambda: "calls to make" in shown(opened.run()))
    said, before = shown(opened), len(desk.endpoint.requests)

    app = evaluated(desk, opened)

    made = len(desk.endpoint.requests)
    assert before == 0
    assert f"{made} calls to make" in said
    assert opened.button(key="run").label == "Evaluate 6 cells"
    assert until(lambda: "Nothing to make: every answer is kept" in shown(app.run()))


def test_each_cell_says_how_many_assertions_pass(team, opened):
    """v1 names no moon, so one of its two assertions passes; v3 gains each case, and the figures say so."""
    app = evaluated(team[1], opened)

    page = shown(app)
    assert boxes(app) == [["1 of 2 pass", "2 of 2 pass"]] * 3
    assert [(head["label"], head["is_baseline"]) for head in matrix(app)["heads"]] == [("v1", True), ("v3", False)]
    assert {box["change"] for line in matrix(app)["lines"] for box in line["boxes"]} == {"", "gained"}
    assert {line["boxes"][0]["mark"] for line in matrix(app)["lines"]} == {"◐"}
    assert "<b>100%</b>" in page and "+100 points against v1" in page
    assert "<b>6 / 6</b>" in page and "v1: 3 / 6" in page
    assert "not enough evidence" in page


def test_the_command_beside_the_figures_gives_them(team, opened, capsys):
    """The line under the matrix, run, makes no call and gives each rate, count and verdict that the page shows."""
    _, desk = team
    app = evaluated(desk, opened)
    made, outcome = len(desk.endpoint.requests), evaluation(desk).outcome

    told = by_command(app, capsys)

    assert len(desk.endpoint.requests) == made
    shown_tallies = [(own.passed, own.failed, own.score, own.seconds, own.cost_usd) for own in outcome.tallies.values()]
    by_line = [
        (own["passed"], own["failed"], own["score"], own["seconds"], own["cost_usd"]) for own in told["variants"]
    ]
    assert by_line == shown_tallies
    assert [own["label"] for own in told["variants"]] == [head["label"] for head in matrix(app)["heads"]]
    assert [(own["word"], own["p"], own["n"], own["slice"]) for own in told["verdicts"]] == [
        (own.word, own.p, own.n, own.slice) for own in outcome.verdicts
    ]


def test_the_command_takes_drafts_and_grids_along(team, opened, capsys):
    """A draft of the bench in a grid of both prompts: the line has its text, and gives the same cells with no call."""
    _, desk = team
    laid = bench.add_draft(bench.first_bench(cached.versions(DATAFLOW)), "v3", {LAST_PROMPT: 'It\'s "new":\n{results}'})
    Workspaces(desk.home / "workbench.db").write(desk.id, place("bench"), to_json(laid))
    opened.toggle(key="evaluate-grid").set_value(True).run()
    assert not opened.button(key="run").disabled
    opened.button_group(key=f"grid-{CHUNK_PROMPT}").set_value(["v1", "v3"]).run()
    opened.button_group(key=f"grid-{LAST_PROMPT}").set_value(["v1", "v3-draft"]).run()
    app = evaluated(desk, opened)
    made = len(desk.endpoint.requests)

    told = by_command(app, capsys)

    assert [own["label"] for own in told["variants"]] == ["v1 × v1", "v1 × v3-draft", "v3 × v1", "v3 × v3-draft"]
    assert len(desk.endpoint.requests) == made
    assert told["joint"] and all(own in shown(app) for own in told["joint"])


def test_rows_are_sorted_by_what_regressed_most(team, opened):
    """A case that fails where the baseline passes comes first, others in the dataset's order; and back again."""
    _, desk = team
    desk.endpoint.answer = lambda seen: "the sun" if V3 in seen.prompt and "Why 2?" in seen.prompt else "the moon"
    app = evaluated(desk, opened)
    assert names(app) == ["case 1", "case 2", "case 3"]

    app.selectbox(key="evaluate-order").set_value("regressed most").run()

    assert names(app) == ["case 2", "case 1", "case 3"]
    assert [box["change"] for box in matrix(app)["lines"][0]["boxes"]] == ["", "regressed"]
    assert names(page_of(desk)) == ["case 2", "case 1", "case 3"]


def test_rows_are_filtered_by_what_became_of_them_by_tag_and_by_text(team, opened):
    """Each filter leaves the cases that are so; where none is, the page says that."""
    _, desk = team
    desk.endpoint.answer = lambda seen: "the sun" if V3 in seen.prompt and "Why 2?" in seen.prompt else "the moon"
    app = evaluated(desk, opened)

    app.selectbox(key="evaluate-only").set_value("regressed").run()
    regressed = names(app)
    app.selectbox(key="evaluate-only").set_value("all cases").run()
    app.multiselect(key="evaluate-tags").set_value(["odd"]).run()
    odd = names(app)
    app.text_input(key="evaluate-text").set_value("CASE 3").run()
    both = names(app)
    app.selectbox(key="evaluate-only").set_value("gained").run()

    assert (regressed, odd, both) == (["case 2"], ["case 1", "case 3"], ["case 3"])
    assert component(app, "evaluate_matrix") == []
    assert "No case is like that." in shown(app)


def test_fifty_rows_are_on_a_page(team, table):
    """Of 60 cases the browser gets 50, and the last 10 on the second page."""
    _, desk = team
    table(cases(60, query="Why?"))  # with equal inputs, so that two runs answer all
    app = evaluated(desk, opened_with(desk, ["v3"], "v3"))
    first = names(app)

    app.session_state["evaluate-page-of-2"] = 2
    app.run()

    assert (len(first), names(app)) == (50, [f"case {number}" for number in range(51, 61)])


def test_an_opened_cell_says_what_each_assertion_got(team, opened):
    """A click shows answer, mark and reason of each assertion, what parts it from the baseline, and its calls."""
    _, desk = team
    app = evaluated(desk, opened)

    app.session_state["matrix"] = {"chosen": {"row": 1, "column": 1}}
    app.run()
    app.run()

    page = shown(app)
    assert "case 2 with v3" in page
    assert "the output has &quot;moon&quot;" in page and "not-is-refusal" in page and "✓" in page
    assert "v3 parts from v1 at prompt_and_text_content" in page
    assert matrix(app)["selected"] == [1, 1]
    app.session_state["sent-calls"] = True
    sent = [own.value for own in app.run().code]
    assert any("Why 2?" in text and V3 in text for text in sent)
    assert "case 2 with v3" in shown(page_of(desk))


def test_an_opened_cell_leads_to_its_run_in_the_history(team, opened):
    """Of two cases on one document each link leads to the run that answered it."""
    _, desk = team
    evaluated(desk, opened)
    own = evaluation(desk)
    runs = [row.entries["v3"].cells[0].run for row in own.rows()]

    kept = [cached.history().open(own.history_id(run)) for run in runs]

    assert [one.run.output for one in kept] == [run.output for run in runs]
    assert [one.experiment.inputs["query"] for one in kept] == ["Why 1?", "Why 2?", "Why 3?"]


def test_repetitions_are_counted_in_the_cell_and_shown_one_at_a_time(team, opened):
    """Two repetitions of a case say how many of both pass; which one is open is asked."""
    _, desk = team
    opened.number_input(key="repetitions").set_value(2).run()
    app = evaluated(desk, opened)

    app.session_state["matrix"] = {"chosen": {"row": 0, "column": 1}}
    app.run()
    app.run()

    assert boxes(app)[0] == ["0 of 2 runs pass", "2 of 2 runs pass"]
    assert app.selectbox(key="repetition-of-2").value == 0


def test_stopped_it_keeps_what_is_done_and_goes_on_with_the_rest(team, opened):
    """The open cells say that they were stopped; evaluated again, only what is missing is asked."""
    _, desk = team
    desk.endpoint.latency = 30.0
    opened.button(key="run").click().run()
    assert desk.endpoint.wait_until(lambda: len(desk.endpoint.requests) > 0)
    opened.run()
    assert opened.button(key="stop").label == "Stop"
    opened.button(key="stop").click().run()
    assert evaluation(desk).wait(20)
    app = opened.run()
    assert {text for line in boxes(app) for text in line} == {"Stopped"}

    desk.endpoint.latency = 0.0
    app = evaluated(desk, app)

    assert boxes(app) == [["1 of 2 pass", "2 of 2 pass"]] * 3
    assert desk.endpoint.answered == 2 * 2 + 2 * 3


def test_another_session_finds_it(team, opened):
    """A refresh has the same matrix, whether or not the page was there when it ended."""
    _, desk = team
    opened.button(key="run").click().run()
    assert evaluation(desk).wait(20)

    app = page_of(desk)

    assert boxes(app) == [["1 of 2 pass", "2 of 2 pass"]] * 3
    assert app.multiselect(key="evaluate-labels").value == ["v1", "v3"]


def test_after_a_restart_it_goes_on_without_a_call(team, opened):
    """A server that knows nothing of it says so and offers it; what was answered is not asked again."""
    _, desk = team
    evaluated(desk, opened)
    made = len(desk.endpoint.requests)
    desk.forget_all()

    app = page_of(desk)
    said = shown(app)
    app.button(key="go-on").click().run()
    assert evaluation(desk).wait(20)
    app.run()

    assert "was over before the server was started again" in said
    assert boxes(app) == [["1 of 2 pass", "2 of 2 pass"]] * 3
    assert len(desk.endpoint.requests) == made


def test_a_killed_one_is_offered_as_interrupted(team, opened):
    """What the workspace has of an evaluation that never ended is said to be interrupted; Dismiss takes it away."""
    _, desk = team
    evaluated(desk, opened)
    kept = Workspaces(desk.home / "workbench.db").read(desk.id)[place("evaluation")]
    Workspaces(desk.home / "workbench.db").write(desk.id, place("evaluation"), {**kept, "standing": "going"})
    desk.forget_all()

    app = page_of(desk)
    said = shown(app)
    app.button(key="dismiss-evaluation").click().run()

    assert "v1, v3" in said and "was interrupted when the server ended" in said
    assert "was interrupted" not in shown(page_of(desk))


def test_without_a_dataset_the_page_says_where_one_goes(team):
    """It names the file, shows its form, and where a case comes from."""
    app = page_of(team[1])

    assert f"datasets/{DATAFLOW}/cases.yaml" in shown(app)
    assert app.code[0].value.startswith("cases:")


def test_a_dataset_with_an_error_is_refused_with_its_line(team, table):
    """File, line, reason and what to do; corrected, the page has it at once."""
    _, desk = team
    table("cases:\n  - name: one\n    assert:\n      - {type: python, value: 1}\n")

    app = page_of(desk)
    said = shown(app)
    table(cases())
    app.run()

    assert "line 4" in said and "python runs code" in said
    assert app.button(key="run").label == "Evaluate 9 cells"


def test_what_cannot_run_is_said_before_it_is_paid(team, table):
    """A case without a document where there is none at hand, and a document that can't be read, are named."""
    _, desk = team
    path = table("cases:\n  - {name: nothing named}\n")
    app = page_of(desk)
    assert until(lambda: "names no document" in shown(app.run()))

    (path.parent / "broken.pdf").write_bytes(b"no PDF")
    table("cases:\n  - {name: one, document: gardens.txt}\n  - {name: two, document: broken.pdf}\n")
    app.run()

    assert until(lambda: "broken.pdf can&#x27;t be read, so its cases fail" in shown(app.run()))
    assert desk.endpoint.requests == []


def test_a_rubric_asks_for_its_judge(team, table):
    """Where a case has llm-rubric the judge is asked for, its calls are in the plan, and its reason in the cell."""
    _, desk = team
    table("cases:\n  - {name: kind, document: gardens.txt, assert: [{type: llm-rubric, value: is kind}]}\n")
    judged = json.dumps({"reason": "it is rude", "pass": False, "score": 0})
    desk.endpoint.answer = lambda seen: judged if "You judge" in seen.prompt else "Hello."
    app = opened_with(desk, ["v3"], "v3")
    assert until(lambda: "at most 1 call of the judge, not in the price" in shown(app.run()))
    app = evaluated(desk, app)

    app.session_state["matrix"] = {"chosen": {"row": 0, "column": 0}}
    app.run()
    app.run()

    assert app.selectbox(key="evaluate-judge").value
    assert "it is rude" in shown(app)
    assert "--judge" in line_of(app)


def test_without_variants_nothing_can_be_evaluated(team, opened):
    """The page says what to choose and the button is off."""
    opened.multiselect(key="evaluate-labels").set_value([]).run()

    assert "Choose a version or a draft to evaluate." in shown(opened)
    assert opened.button(key="run").disabled


def test_the_current_version_is_the_baseline_unless_another_is_chosen(team, table):
    """What current.py names is; where nothing is named, the first of the variants."""
    root, desk = team
    table(cases())
    current = root / "prompts" / DATAFLOW / "current.py"
    current.write_text("from . import prompts_v2 as prompts\n", encoding="utf-8")
    named = page_of(desk).selectbox(key="evaluate-baseline").value
    current.unlink()

    unnamed = page_of(desk).selectbox(key="evaluate-baseline")

    assert named == "v2"
    assert unnamed.value == "v1"
    assert "No version is named as current" in unnamed.help


def test_names_in_a_dataset_are_texts(team, table):
    """Markup in the names of cases and tags and in what models say is shown as it is."""
    _, desk = team
    table(
        "cases:\n  - {name: '<img src=x onerror=alert(1)>', document: gardens.txt, tags: ['<b>bold</b>'], "
        "assert: [{type: contains, value: '<i>'}]}\n"
    )
    desk.endpoint.answer = lambda _: "<script>alert(2)</script>"
    app = evaluated(desk, opened_with(desk, ["v1", "v3"], "v1"))
    app.session_state["matrix"] = {"chosen": {"row": 0, "column": 1}}
    app.run()
    app.run()

    html = "\n".join(str(own.value) for own in app.html)
    assert not any(mark in html for mark in ("<img src=x", "<b>bold", "<script>alert", "<i>"))
    assert "&lt;script&gt;" in html


def test_it_is_marked_as_over_without_a_page(team, opened):
    """The workspace has it as ended though no page run came after the last answer."""
    _, desk = team
    opened.button(key="run").click().run()
    assert evaluation(desk).wait(20)

    kept = Workspaces(desk.home / "workbench.db").read(desk.id)[place("evaluation")]

    assert kept["standing"] == "ended"
    assert settings.project().name not in kept["choice"]["labels"]
