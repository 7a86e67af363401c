"""What a run will cost, what became of it, and what mends it: the Workbench without a browser."""

import re
from dataclasses import replace
from html import unescape

import pytest

from pages.shared import cached
from tests.conftest import CHUNK_TOKENS, LAST_PROMPT, document_of, until
from tests.pages import DATAFLOW, Desk, shown, variants
from workbench.records import Experiment, ModelChoice, Run, Variant
from workbench.state.experiments import Experiments
from workbench.state.processes import Processes

pytest_plugins = ["tests.page_fixtures"]


def text_of(html):
    """What a piece of HTML says."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def plan(app):
    """The line of the plan, as text, once it is counted."""
    assert until(lambda: "wb-counting" not in shown(app) or not app.run())
    lines = re.findall(r'<div class="wb-plan">(.*?)</div>', shown(app), re.DOTALL)
    return text_of(lines[-1]) if lines else ""


def card_pieces(app, label, css):
    """Texts of the pieces of a card that have this class."""
    card = app.get_by_key(f"answer-{label}")
    html = "\n".join(piece.value for piece in card.html)
    return [text_of(own) for own in re.findall(rf'<p class="{css}[^"]*"[^>]*>(.*?)</p>', html)]


def from_paper(request):
    """Whether it is v2's call for a chunk."""
    return "from an academic paper" in request.prompt and request.prompt.startswith("Summarize")


def test_without_a_document_there_is_no_plan(desk):
    """The line says nothing as long as there is nothing to plan for."""
    assert plan(desk.open()) == ""


def test_the_plan_is_right_before_and_after_a_run(desk):
    """Before: all calls are to be made; after: none; after an edit of one last prompt: that one call."""
    desk.lay_document(chunks=3)
    app = desk.open()
    before = plan(app)

    desk.run_to_the_end(app)
    made, after = len(desk.endpoint.requests), plan(app)
    desk.lay_draft("v3", {LAST_PROMPT: "In short: {results}"})
    edited = plan(desk.open())

    total = int(before.split()[0])
    assert re.fullmatch(r"\d+ calls to make(, \d+ reused)? · about [\d,]+ tokens in · price unknown", before)
    assert made == total
    assert after == "Nothing to make: every answer is kept"
    assert re.match(r"1 call to make, 11 reused · about [\d,]+ tokens in", edited)
    assert len(desk.endpoint.requests) == made


def test_the_plan_of_a_priced_model_has_a_range(desk, monkeypatch):
    """For a model on the price list the line ends in dollars; no call is made for it."""
    monkeypatch.setenv("OPENAI_BASE_URL", "https://api.openai.com/v1")
    monkeypatch.setenv("WORKBENCH_MODEL", "gpt-4.1-mini")
    desk.lay_document()

    assert re.search(r" tokens in · \$0\.\d+ to \$0\.\d+$", plan(desk.open()))


def test_the_plan_says_why_a_variant_can_not_run(desk):
    """A draft that lacks its slot is named with the reason; the others are planned."""
    desk.lay_document()
    desk.lay_draft("v3", {LAST_PROMPT: "Nothing of the summaries."})

    said = plan(desk.open())

    assert said.startswith("4 calls to make")
    assert "v3-draft can't run: " in said and "results" in said


def test_repetitions_are_run_and_shown_as_a_spread(desk):
    """Three repetitions make three times the calls; each card says how they lie apart and shows the chosen one."""
    desk.endpoint.answer = lambda request: f"Answer {request.index}."
    desk.lay_document()
    app = desk.open()
    once = int(plan(app).split()[0])

    app.number_input(key="repetitions").set_value(3).run()
    planned = int(plan(app).split()[0])
    desk.run_to_the_end(app)
    page = shown(app)
    app.session_state["repetition-v2-of-3"] = 3
    app.run()

    assert len(desk.endpoint.requests) == planned == 3 * once
    assert page.count(">3 done<") == 3
    assert page.count('class="wb-spread"') == 3
    assert page.count("3 different answers in 3") == 3
    runs = {(run.variant, run.repetition): run for run in desk.kept_experiment().runs}
    assert len(runs) == 9
    assert runs["v2", 0].output in page and runs["v2", 2].output not in page
    assert runs["v2", 2].output in shown(app)


def test_equal_repetitions_are_called_the_same_answer(desk):
    """Where every repetition answers alike, the card says so in words."""
    desk.lay_document()
    app = desk.open()
    app.number_input(key="repetitions").set_value(2).run()

    desk.run_to_the_end(app)

    assert shown(app).count("The same answer 2 times") == 3


def test_repetitions_and_budget_are_kept_by_the_workspace(desk):
    """A new session shows what was set before."""
    app = desk.open()
    app.number_input(key="repetitions").set_value(7).run()
    app.number_input(key="budget-calls").set_value(40).run()
    app.number_input(key="budget-usd").set_value(0.5).run()
    desk.forget_all()

    again = desk.open()

    assert again.number_input(key="repetitions").value == 7
    assert again.number_input(key="budget-calls").value == 40
    assert again.number_input(key="budget-usd").value == 0.5


@pytest.mark.parametrize("restarted", [False, True])
def test_a_budget_stops_a_run_that_can_go_on(desk, restarted):
    """The plan says where the budget ends it, exactly so many calls are made, and Go on makes the missing ones; the
    same after a restart."""
    desk.lay_document(chunks=3)
    app = desk.open()
    total = int(plan(app).split()[0])
    app.number_input(key="budget-calls").set_value(7).run()
    said = plan(app)

    desk.run_to_the_end(app)
    made = len(desk.endpoint.requests)
    if restarted:
        desk.forget_all()
        app = desk.open()
    warnings = [warning.value for warning in app.warning]
    stopped = next(button for button in app.button if button.key.startswith("go-on-"))
    stopped.click().run()
    desk.wait(app)

    assert said.endswith(f"the budget of 7 calls stops it after 7 of {total}")
    assert made == 7
    assert any(
        re.fullmatch(r"The budget of 7 calls is used up: \d of 4 calls were not made\.", own) for own in warnings
    )
    assert len(desk.endpoint.requests) == total
    assert shown(app).count("Done · ") == 3


def test_each_failed_call_is_listed_and_retried_alone(desk):
    """Of three failed chunks each has its reason; Retry makes one call, Retry all those left and what follows."""
    broken = {"Part 0 of", "Part 8 of", "Part 16 of"}
    desk.endpoint.fault = lambda request: (
        "401" if from_paper(request) and any(own in request.prompt for own in broken) else ""
    )
    desk.lay_document(chunks=6)
    app = desk.run_to_the_end(desk.open())
    listed = card_pieces(app, "v2", "wb-failure")
    headline = "Failed · 3 of 7 calls" in shown(app)
    desk.endpoint.fault = lambda request: ""
    before = len(desk.endpoint.requests)

    app.button(key="retry-v2-summarized_chunks-2").click().run()
    desk.wait(app)
    alone = len(desk.endpoint.requests) - before
    left = card_pieces(app, "v2", "wb-failure")
    app.button(key="retry-v2").click().run()
    desk.wait(app)

    assert [own.split(" The ")[0].split(" of 6")[0] for own in listed] == ["chunk 1", "chunk 3", "chunk 5"]
    assert all("key" in own for own in listed)
    assert headline and alone == 1
    assert left == [listed[0], listed[2]]
    assert len(desk.endpoint.requests) - before == 1 + 2 + 1
    assert shown(app).count("Done · ") == 3


def test_at_most_five_failures_are_listed(desk):
    """Of seven failed chunks five stand there with a button each, and a line says that there are two more."""
    desk.endpoint.fault = lambda request: "401" if from_paper(request) else ""
    desk.lay_document(chunks=7)

    app = desk.run_to_the_end(desk.open())

    assert len(card_pieces(app, "v2", "wb-failure")) == 5
    assert len([button for button in app.button if button.key.startswith("retry-v2-")]) == 5
    assert "and 2 more" in shown(app)
    assert app.button(key="retry-v2").label == "Retry all 7"


def test_a_failed_run_is_resumed_after_a_restart(desk):
    """When the process that ran it is gone, a failed card offers Resume, which makes the missing calls only."""
    desk.endpoint.fault = lambda request: "401" if from_paper(request) else ""
    desk.lay_document()
    desk.run_to_the_end(desk.open())
    made, ran = len(desk.endpoint.requests), desk.kept_experiment().id
    desk.endpoint.fault = lambda request: ""
    desk.forget_all()
    app = desk.open()
    assert card_pieces(app, "v2", "wb-failure")

    app.button(key="resume-v2").click().run()
    desk.wait(app)

    assert len(desk.endpoint.requests) == made + 2
    assert shown(app).count("Done · ") == 3
    assert desk.kept_experiment().id == ran


def interrupted(desk, *labels, **fields):
    """An experiment of this workspace, on three chunks about moors, whose process is gone."""
    document = document_of(3, "moors")
    experiment = Experiment(
        "i" * 22,
        "summarization",
        ModelChoice("fake", "remote"),
        tuple(Variant(label, label) for label in labels),
        (document,),
        {"max_chunk_tokens": CHUNK_TOKENS},
        started_at=1_700_000_000.0,
        sources={label: version.sha256 for label, version in cached.versions(DATAFLOW).items()},
        runs=tuple(Run(label, document.sha256, "running") for label in labels),
    )
    experiment = replace(experiment, **fields)
    Experiments(desk.home / "workbench.db", Processes(desk.home)).save(desk.id, experiment)
    return experiment


def banners(app):
    """The banners of interrupted runs, as text, once what they have is counted."""
    assert until(lambda: "is being counted" not in shown(app) or not app.run())
    found = re.findall(r'<div class="wb-banner">(.*?)</div>', shown(app), re.DOTALL)
    return [text_of(own) for own in found]


def test_an_interrupted_run_says_what_it_has_and_is_resumed(desk):
    """With 3 of its 8 calls kept, the banner says so, and Resume makes the other 5 under the same id."""
    desk.lay_document("moors", chunks=3)
    app = desk.open()
    variants(app).set_value(["v1", "v2"]).run()
    app.number_input(key="budget-calls").set_value(3).run()
    desk.run_to_the_end(app)
    ran = interrupted(desk, "v1", "v2")
    app = desk.open()
    (said,) = banners(app)

    app.button(key=f"resume-{ran.id}").click().run()
    desk.wait(app)

    assert re.match(r"v1, v2 on moors.pdf, started 14 Nov 2023, \d\d:\d\d, was interrupted", said)
    assert said.endswith("3 of 8 calls are answered.")
    assert len(desk.endpoint.requests) == 8
    assert desk.kept_experiment().id == ran.id
    assert [run.status for run in desk.kept_experiment().runs] == ["done", "done"]
    assert banners(app) == []
    assert shown(app).count("Done · ") == 2


def test_a_dismissed_run_is_not_offered_again(desk):
    """Dismiss takes the banner away, in later sessions too, and makes no call."""
    desk.lay_document("moors", chunks=3)
    ran = interrupted(desk, "v1", "v2")
    app = desk.open()
    assert len(banners(app)) == 1

    app.button(key=f"dismiss-{ran.id}").click().run()

    assert banners(app) == banners(desk.open()) == []
    assert desk.endpoint.requests == []


def test_prompts_that_changed_since_are_named(desk):
    """When the file of a version is not what it was at the start, the banner says so."""
    desk.lay_document("moors", chunks=3)
    interrupted(desk, "v1", "v2", sources={"v1": "0" * 64, "v2": cached.versions(DATAFLOW)["v2"].sha256})

    assert "prompts_v1.py has changed since, and is used as now." in banners(desk.open())[0]


def test_an_interrupted_run_without_its_document_waits_for_it(desk):
    """Resume is off while the document is gone, and on again when it is there."""
    ran = interrupted(desk, "v1", "v2")
    app = desk.open()
    (said,) = banners(app)
    off = app.button(key=f"resume-{ran.id}").disabled

    desk.lay_document("moors", chunks=3)
    app.run()

    assert "moors.pdf is not kept any more: upload it again to resume." in said
    assert off and not app.button(key=f"resume-{ran.id}").disabled
    assert "0 of 8 calls are answered." in banners(app)[0]


def test_nobody_else_is_offered_an_interrupted_run(desk, tmp_path):
    """Another workspace sees no banner."""
    desk.lay_document("moors", chunks=3)
    interrupted(desk, "v1", "v2")

    assert banners(Desk(tmp_path, desk.endpoint).open()) == []


def test_reused_answers_are_told_apart_from_what_the_run_took(desk):
    """Run again, a card says what its answers took when they were made, and each step says that it is reused."""
    desk.lay_document(chunks=3)
    app = desk.open()
    desk.run_to_the_end(app)
    first = shown(app).count("reused: ")

    desk.run_to_the_end(app)

    page = shown(app)
    assert first == 0
    assert len(re.findall(r"4 reused: \d+\.\d s when they were made, today", page)) == 3
    assert page.count(">0 / 4<") == 3
    assert page.count('title="chunk 2 of 3: reused, made in ') == 3
