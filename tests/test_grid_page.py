"""The Grid page without a browser: empty, its main path, its limits, and what a new session finds again."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import CHUNK_PROMPT, LAST_PROMPT, until
from tests.pages import component, shown
from workbench.state.experiments import Experiments
from workbench.state.processes import Processes

pytest_plugins = ["tests.page_fixtures"]

PAGE = "pages/grid.py"
SLOT = "grid-experiment"


@pytest.fixture
def opened(desk):
    """The page in a session of the desk, with a document and two versions of each prompt chosen."""
    desk.lay_document()
    app = desk.open(PAGE)
    choose(app, CHUNK_PROMPT, ["v1", "v3"])
    return choose(app, LAST_PROMPT, ["v1", "v2"])


def choose(app, prompt, labels):
    app.button_group(key=f"grid-{prompt}").set_value(labels)
    return app.run()


def matrix(app):
    (data,) = component(app, "grid_matrix")
    return data


def test_the_grid_opens_empty(desk):
    """A new workspace shows its versions for both prompts, a matrix of nothing, and what to do first."""
    app = desk.open(PAGE)

    page = shown(app)
    assert [list(group.value) for group in app.button_group if group.key.startswith("grid-")] == [
        ["v1", "v2", "v3"]
    ] * 2
    assert [cell["status"] for cell in matrix(app)["cells"]] == ["Not run yet"] * 9
    assert "Add a PDF above" in page
    assert app.button(key="run").label == "Run 9 combinations"


def test_each_combination_is_run_once(desk, opened):
    """Two versions of each prompt on one chunk are two calls for the chunk and four for the answers, and four runs."""
    app = desk.run_to_the_end(opened, SLOT)

    runs = {run.variant: run for run in desk.kept_experiment(SLOT).runs}
    assert list(runs) == ["v1 × v1", "v1 × v2", "v3 × v1", "v3 × v2"]
    assert len(desk.endpoint.requests) == 2 * 1 + 2 * 2
    data = matrix(app)
    assert (data["rows"]["labels"], data["columns"]["labels"]) == (["v1", "v3"], ["v1", "v2"])
    assert [cell["status"].split(" · ")[0] for cell in data["cells"]] == ["Done"] * 4
    assert [cell["words"].split()[0] for cell in data["cells"]] == [run.output.split()[0] for run in runs.values()]


def test_a_cell_says_where_it_parts_from_the_baseline(desk, opened):
    """Another last prompt parts at the text that is asked last, another chunk prompt at the first chunk."""
    app = desk.run_to_the_end(opened, SLOT)

    assert [cell["parting"] for cell in matrix(app)["cells"]] == [
        "",
        "parts at prompt_and_text_content",
        "parts at chunk 1 of summarized_chunks",
        "parts at chunk 1 of summarized_chunks",
    ]
    app.selectbox(key="grid-baseline").set_value("v3 × v1").run()
    assert [cell["parts"] for cell in matrix(app)["cells"]] == [True, True, False, True]


def test_a_clicked_cell_opens_beside_the_baseline(desk, opened):
    """A click shows both answers, their difference, and the steps from the first that differs on."""
    app = desk.run_to_the_end(opened, SLOT)

    app.session_state["grid-matrix"] = {"chosen": 1}
    app.run()

    page = shown(app)
    runs = {run.variant: run for run in desk.kept_experiment(SLOT).runs}
    assert "v1 × v2 parts from v1 × v1 at prompt_and_text_content" in page
    assert all(page.count(runs[label].output.split()[0]) >= 2 for label in ("v1 × v1", "v1 × v2"))
    assert not app.exception
    (strip,) = component(app, "step_strip")
    assert [row["states"] for row in strip["rows"]] == ["s", "d", "d"]


def test_the_baseline_beside_itself_is_shown_alone(desk, opened):
    """A click on the baseline shows its answer and no difference."""
    app = desk.run_to_the_end(opened, SLOT)

    app.session_state["grid-matrix"] = {"chosen": 0}
    app.run()

    assert "This is the baseline." in shown(app)
    assert component(app, "step_strip") == []


def test_each_cell_says_what_it_will_need(opened):
    """Before a run the first of a row makes its chunk's call too, and the others reuse it."""
    assert until(lambda: all(cell["figures"] for cell in matrix(opened.run())["cells"]))

    said = [cell["figures"] for cell in matrix(opened)["cells"]]

    assert said == ["2 calls to make", "1 call to make, 1 reused"] * 2


def test_a_new_session_finds_choice_and_runs(desk, opened):
    """After a restart the same versions are chosen, their runs are in the cells, and no call is made."""
    desk.run_to_the_end(opened, SLOT)
    made = len(desk.endpoint.requests)
    desk.forget_all()

    app = desk.open(PAGE)

    data = matrix(app)
    assert (data["rows"]["labels"], data["columns"]["labels"]) == (["v1", "v3"], ["v1", "v2"])
    assert [cell["status"].split(" · ")[0] for cell in data["cells"]] == ["Done"] * 4
    assert len(desk.endpoint.requests) == made


def test_the_grid_and_the_workbench_keep_their_own_runs(desk, opened):
    """What a grid has run is not shown as the Workbench's last run."""
    desk.run_to_the_end(opened, SLOT)

    app = desk.open()

    assert "No answer from v1 yet." in shown(app)


class Gone(Processes):
    """A process of which nothing is left."""

    def name(self):
        return "gone"


def test_an_interrupted_grid_is_offered_on_its_own_page(desk, opened):
    """A grid whose process is gone is listed here and not on the Workbench; Resume makes the missing calls only."""
    desk.run_to_the_end(opened, SLOT)
    made = len(desk.endpoint.requests)
    ended = desk.kept_experiment(SLOT)
    going = replace(ended, runs=(*ended.runs[:-1], replace(ended.runs[-1], status="running")))
    Experiments(desk.home / "workbench.db", Gone(desk.home)).save(desk.id, going)
    desk.forget_all()
    assert "was interrupted" not in shown(desk.open())

    app = desk.open(PAGE)
    assert "was interrupted" in shown(app)
    next(button for button in app.button if button.label == "Resume").click().run()
    desk.wait(app, SLOT)

    assert "was interrupted" not in shown(app)
    assert [cell["status"].split(" · ")[0] for cell in matrix(app)["cells"]] == ["Done"] * 4
    assert len(desk.endpoint.requests) == made


@pytest.mark.parametrize(("labels", "said"), [([], "Choose the versions of "), (["v1"], "One combination is chosen")])
def test_too_few_versions_are_asked_for(desk, labels, said):
    """Without versions of a prompt, or with a single combination, the page says what to choose and Run is off."""
    desk.lay_document()
    app = desk.open(PAGE)

    choose(app, CHUNK_PROMPT, ["v1"])
    choose(app, LAST_PROMPT, labels)

    assert said in shown(app)
    assert app.button(key="run").disabled


def test_too_many_runs_are_refused(desk, opened):
    """More combinations times repetitions than a person can take in are not run; the sentence has the numbers."""
    opened.number_input(key="repetitions").set_value(8).run()

    assert "4 combinations × 8 repetitions are 32 runs; at most 30 can be run." in shown(opened)
    assert opened.button(key="run").disabled
    assert desk.endpoint.requests == []


def test_repetitions_are_shown_one_at_a_time(desk, opened):
    """With two repetitions each cell counts both, and the words are those of the chosen one."""
    opened.number_input(key="repetitions").set_value(2).run()
    app = desk.run_to_the_end(opened, SLOT)

    app.selectbox(key="repetition-of-2").set_value(1).run()

    runs = [run for run in desk.kept_experiment(SLOT).runs if run.repetition == 1]
    cells = matrix(app)["cells"]
    assert [sum(count for _, count in cell["steps"]) for cell in cells] == [2] * 4
    assert [cell["words"].split()[0] for cell in cells] == [run.output.split()[0] for run in runs]


def three_prompts():
    from pages.shared import state
    from pages.shared.grid_choice import grid_choice, kept_grid

    state.enter()
    prompts = ["first_prompt", "second_prompt", "third_prompt"]
    grid = kept_grid(prompts, ["v1", "v2"], first=["v2"])
    grid_choice(grid, prompts, ["v1", "v2"])


def test_of_a_longer_chain_two_prompts_are_chosen(desk):
    """With three prompts, which two are combined is asked; the one that is taken twice changes places."""
    app = AppTest.from_function(three_prompts)
    app.session_state["workspace"] = desk.id
    app.session_state["kept"] = {}
    app.run()
    assert [box.value for box in app.selectbox] == ["first_prompt", "second_prompt"]

    app.selectbox(key="grid-prompt-1").set_value("third_prompt").run()
    assert [group.label for group in app.button_group] == ["First", "Third"]
    app.selectbox(key="grid-prompt-0").set_value("third_prompt").run()

    assert [box.value for box in app.selectbox] == ["third_prompt", "first_prompt"]
    assert not app.exception
