import secrets

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import LAST_PROMPT, Lab, document_of, draft, until
from tests.scripted import HANG, ScriptedEndpoint
from workbench.errors import WorkbenchError
from workbench.records import ModelChoice, Variant

DOCUMENTS = [document_of(3), document_of(2, "oceans")]
SHORT = DOCUMENTS[:1]
WAYS = st.sampled_from(["", "Way A", "Way B"])
VARIANTS = st.lists(st.tuples(WAYS, WAYS), min_size=1, max_size=4).map(
    lambda ways: [draft(f"d{number}", chunk=chunk, last=last) for number, (chunk, last) in enumerate(ways)]
)
SCENARIOS = st.fixed_dictionaries(
    {
        "documents": st.sampled_from([DOCUMENTS, SHORT]),
        "repetitions": st.integers(1, 2),
        "fresh": st.booleans(),
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(VARIANTS, SCENARIOS), min_size=1, max_size=3))
def test_a_plan_says_exactly_what_is_paid_for(tmp_path, monkeypatch, scenarios):
    """Whatever was run before, over variants, documents, repetitions and fresh runs: the calls planned to be made and
    reused are those that are made and reused, per run and in all, and planning makes none."""
    monkeypatch.setenv("OPENAI_BASE_URL", "http://scripted")
    folder = tmp_path / secrets.token_hex(4)
    folder.mkdir()
    lab = Lab(folder, ScriptedEndpoint())
    for variants, options in scenarios:
        before = len(lab.endpoint.asked)
        plan = lab.plan(*variants, **options)
        assert len(lab.endpoint.asked) == before

        experiment = lab.run(*variants, **options)

        assert plan.complete
        assert plan.to_make == len(lab.endpoint.asked) - before == sum(run.calls_made for run in experiment.runs)
        assert plan.reused == sum(run.calls_reused for run in experiment.runs)
        totals = {(run.variant, run.document, run.repetition): len(run.calls) for run in experiment.runs}
        assert {cell: own.to_make + own.reused for cell, own in plan.cells.items()} == totals
    lab.pool.close()


def test_a_plan_tells_the_steps_that_are_paid_for(lab):
    """With the chunks kept and the last prompt edited, the last step alone is to be made."""
    lab.run(draft("one", last="First"), documents=SHORT)

    plan = lab.plan(draft("one", last="Second"), documents=SHORT)

    (cell,) = plan.cells.values()
    assert dict(cell.nodes) == {"summarized_chunks": (0, 3), "summarized_text": (1, 0)}


def test_a_stopped_run_leaves_a_plan_of_what_is_missing(make_lab):
    """After a run that was stopped with 5 of 21 calls answered, 16 are to be made and 5 reused."""
    places = iter(range(100))
    lab = make_lab(ScriptedEndpoint(latency=lambda _: 0.0 if next(places) < 5 else HANG))
    job = lab.job(draft("one", last="First"))
    job.start()
    assert lab.endpoint.wait_until(lambda: len(lab.endpoint.answered) == 5)
    job.stop.set()
    assert job.wait(5)

    def planned():
        plan = lab.plan(draft("one", last="First"))
        return plan.to_make, plan.reused

    assert until(lambda: planned() == (16, 5))


def test_the_cost_that_comes_is_within_the_range(make_lab, monkeypatch):
    """For a priced model, what a run costs lies between the two ends of the plan; tokens in are those that are sent."""
    monkeypatch.setenv("OPENAI_BASE_URL", "https://api.openai.com/v1")
    lab = make_lab(ScriptedEndpoint(answer=lambda prompt: f"{len(prompt)} " + "word " * 30))
    model = {"model": ModelChoice("gpt-4.1-mini", "remote"), "documents": SHORT}

    plan = lab.plan(draft("one", last="First"), draft("two", last="Second"), **model)
    experiment = lab.run(draft("one", last="First"), draft("two", last="Second"), **model)

    cost = sum(run.cost_usd for run in experiment.runs)
    assert 0 < plan.cost_low < cost < plan.cost_high
    assert plan.input_tokens > 3 * 200


def test_an_unknown_price_is_said_and_the_local_model_is_free(lab):
    """A model on no price list has a plan without a cost; the small model's is 0."""
    unknown = lab.plan(draft("one", last="First"), documents=SHORT)
    local = lab.plan(draft("one", last="First"), documents=SHORT, model=ModelChoice("smollm", "local"))

    assert (unknown.cost_low, unknown.cost_high) == (None, None)
    assert (local.cost_low, local.cost_high) == (0.0, 0.0)


def test_a_variant_that_cannot_run_is_refused_in_the_plan(lab):
    """A draft without its required slot is named with its reason; the others are planned."""
    broken = Variant("broken", "v3", {LAST_PROMPT: "Nothing of the results."})

    plan = lab.plan(broken, draft("one", last="First"), documents=SHORT)

    assert list(plan.refused) == ["broken"] and isinstance(plan.refused["broken"], WorkbenchError)
    assert plan.to_make == 4


@pytest.mark.parametrize("fresh", [False, True])
def test_outputs_with_and_without_the_store_are_byte_equal(make_lab, fresh):
    """What a deterministic endpoint gives comes back from the store byte for byte, whatever characters are in it."""
    lab = make_lab(ScriptedEndpoint(answer=lambda prompt: f"\x00\ud800 é {len(prompt)} \r\n\u2028{{x}} 🌳"))
    first = lab.run(draft("one", last="First"), documents=SHORT)

    second = lab.run(draft("one", last="First"), documents=SHORT, fresh=fresh)

    assert [run.output for run in first.runs] == [run.output for run in second.runs]
    assert [dict(run.values) for run in first.runs] == [dict(run.values) for run in second.runs]
    assert second.runs[0].calls_made == (4 if fresh else 0)
