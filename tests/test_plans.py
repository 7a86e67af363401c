import secrets
import threading

from tests.conftest import CHUNK_TOKENS, document_of, draft, until
from workbench.engine.call_store import CallStore
from workbench.engine.plans import Plans
from workbench.errors import InputError, PromptError
from workbench.records import Experiment, ModelChoice, Variant

ONE, TWO = draft("one", last="First"), draft("two", last="Second")


class GatedStore(CallStore):
    """A store whose look-ups wait for a gate, and are counted."""

    def __init__(self, path):
        super().__init__(path)
        self.gate = threading.Event()
        self.looked = 0

    def peek(self, keys, since=0.0):
        self.looked += 1
        assert self.gate.wait(10)
        return super().peek(keys, since)


def experiment_of(*variants, chunks=3, **inputs):
    return Experiment(
        secrets.token_hex(4),
        "summarization",
        ModelChoice("scripted", "remote"),
        variants,
        (document_of(chunks),),
        {"max_chunk_tokens": CHUNK_TOKENS, **inputs},
    )


def test_a_plan_is_counted_once_until_an_answer_is_kept(lab):
    """The same question gets the same plan; when a run has kept answers, it is counted anew and costs nothing."""
    plans = Plans(lab.store)

    first = plans.count("me", experiment_of(ONE), lab.versions, patience=10).plan
    again = plans.count("you", experiment_of(ONE), lab.versions, patience=10).plan
    lab.run(ONE, documents=[document_of(3)])
    after = plans.count("me", experiment_of(ONE), lab.versions, patience=10).plan

    assert again is first
    assert (first.to_make, first.reused) == (4, 0)
    assert (after.to_make, after.reused) == (0, 4)


def test_an_edit_is_another_plan(lab):
    """With all answers kept, an edit of the last prompt plans one call, and its undo none."""
    lab.run(ONE, documents=[document_of(3)])
    plans = Plans(lab.store)

    made = [plans.count("me", experiment_of(own), lab.versions, patience=10).plan.to_make for own in (ONE, TWO, ONE)]

    assert made == [0, 1, 0]


def test_who_does_not_wait_gets_the_last_plan_and_later_the_new_one(lab, tmp_path):
    """While a plan is counted, the asker is given the one before and told so; others' plans are not given."""
    store = GatedStore(tmp_path / "gated.db")
    store.gate.set()
    plans = Plans(store)
    before = plans.count("me", experiment_of(ONE), lab.versions, patience=10).plan
    store.gate.clear()

    mine = plans.count("me", experiment_of(ONE, TWO), lab.versions, patience=0)
    yours = plans.count("you", experiment_of(ONE, TWO), lab.versions, patience=0)
    store.gate.set()

    assert mine.counting and mine.plan is before
    assert yours.counting and yours.plan is None
    assert until(lambda: not plans.count("me", experiment_of(ONE, TWO), lab.versions, patience=0).counting)
    assert plans.count("me", experiment_of(ONE, TWO), lab.versions, patience=0).plan.to_make == 5


def test_a_plan_that_nobody_wants_any_more_is_not_begun(lab, tmp_path):
    """Of the edits typed while others' plans are counted, only the last is counted."""
    store = GatedStore(tmp_path / "gated.db")
    plans = Plans(store)
    for other in ("you", "them"):
        plans.count(other, experiment_of(draft(other, last=other)), lab.versions, patience=0)
    assert until(lambda: store.looked == 2)

    for number in range(20):
        edited = experiment_of(draft("mine", last=f"Edit {number}"))
        plans.count("me", edited, lab.versions, patience=0)
    store.gate.set()

    assert plans.count("me", edited, lab.versions, patience=10).plan.to_make == 4
    assert store.looked == 3 * 2  # the chunks, then the last call


def test_what_can_not_run_is_told_at_once(lab):
    """An input that no node has is an error; a variant that can't run is refused beside one that is planned."""
    plans = Plans(lab.store)
    broken = Variant("broken", "v3", {"summarize_text_from_summaries_prompt": "Nothing of the results."})

    wrong = plans.count("me", experiment_of(ONE, nonsense=1), lab.versions, patience=10)
    partly = plans.count("me", experiment_of(ONE, broken), lab.versions, patience=10)

    assert isinstance(wrong.error, InputError) and not wrong.counting
    assert isinstance(partly.plan.refused["broken"], PromptError) and partly.plan.to_make == 4


def test_edited_code_is_another_plan(lab):
    """When the text of a version has changed under its label, its plan is counted anew."""
    source = 'def summarize_chunk_of_text_prompt() -> str:\n    return "{word}: {{chunk}}"\n\n\n'
    source += 'def summarize_text_from_summaries_prompt() -> str:\n    return "All: {results}"\n'
    plans = Plans(lab.store)
    label = lab.add_version(77, source.replace("{word}", "Short").replace("{{chunk}}", "{chunk}"))
    lab.run(Variant(label, label), documents=[document_of(3)])

    kept = plans.count("me", experiment_of(Variant(label, label)), lab.versions, patience=10).plan
    lab.add_version(77, source.replace("{word}", "Brief").replace("{{chunk}}", "{chunk}"))
    edited = plans.count("me", experiment_of(Variant(label, label)), lab.versions, patience=10).plan

    assert (kept.to_make, edited.to_make) == (0, 4)
