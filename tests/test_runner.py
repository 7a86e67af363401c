import pytest

from tests.conftest import CHUNK_PROMPT, LAST_PROMPT, document_of, draft
from tests.scripted import ScriptedEndpoint, out_of_order
from workbench.errors import InputError, UsageError
from workbench.records import Variant


def by_variant(experiment):
    return {run.variant: run for run in experiment.runs}


def shared_times(run):
    return [node.name for node in run.nodes if node.shared]


def test_variants_that_differ_in_the_last_prompt_pay_for_the_chunks_once(make_lab, lab):
    """20 chunks and 2 variants: 22 calls; the last prompt changed: 1; the same again: 0; undone: 0; the chunk prompt
    changed: 21; in a process started afresh: still 0."""
    one, two = draft("one", last="First"), draft("two", last="Second")

    first = lab.calls_of(one, two)
    edited = lab.calls_of(one, draft("two", last="Third"))
    again = lab.calls_of(one, draft("two", last="Third"))
    undone = lab.calls_of(one, two)
    other_chunks = lab.calls_of(draft("two", chunk="Shorter", last="Second"))
    afresh = make_lab().calls_of(one, two, draft("three", chunk="Shorter", last="Second"))

    assert [first, edited, again, undone, other_chunks, afresh] == [22, 1, 0, 0, 21, 0]


def test_a_fresh_run_asks_for_everything_once(lab):
    """Asked for fresh answers, 20 chunks and 2 variants are 22 calls again: kept answers are not used, new ones are."""
    variants = [draft("one", last="First"), draft("two", last="Second")]
    lab.calls_of(*variants)

    assert lab.calls_of(*variants, fresh=True) == 22
    assert lab.calls_of(*variants) == 0


def test_a_grid_of_both_prompts_pays_for_each_chunk_prompt_once(lab):
    """M chunk prompts x R last prompts on N chunks are M·N + M·R calls."""
    grid = [draft(f"{m}-{r}", chunk=f"Way {m}", last=f"End {r}") for m in range(3) for r in range(2)]

    assert lab.calls_of(*grid, documents=[document_of(7)]) == 3 * 7 + 3 * 2


def test_shared_nodes_run_once_for_all_variants(lab):
    """Reading and chunking are executed once per document; every run shows them with the same times."""
    documents = [document_of(3), document_of(4, "oceans")]

    experiment = lab.run(draft("one", last="First"), Variant("v2", "v2"), Variant("v3", "v3"), documents=documents)

    for document, chunks in zip(documents, (3, 4), strict=True):
        runs = [run for run in experiment.runs if run.document == document.sha256]
        assert [len(run.values["chunked_text"]) for run in runs] == [chunks] * 3
        assert {"raw_text", "mended_text", "chunked_text"} <= set(shared_times(runs[0]))
        assert len({tuple(node for node in run.nodes if node.shared) for run in runs}) == 1


def test_a_node_above_which_variants_differ_is_not_shared(lab):
    """With chunk sizes of their own, two variants share the text but not the chunks."""
    one, two = draft("one", last="First"), draft("two", last="First", max_chunk_tokens=400)

    runs = by_variant(lab.run(one, two))

    assert all("mended_text" in shared_times(run) and "chunked_text" not in shared_times(run) for run in runs.values())
    assert len(runs["two"].values["chunked_text"]) == len(runs["one"].values["chunked_text"]) / 2


@pytest.mark.parametrize("label", ["v1", "v2", "v3"])
def test_a_draft_opened_from_a_version_asks_the_same(lab, label):
    """Opening a version as a draft with its own texts changes nothing that the model is asked."""
    texts = {name: prompt.template for name, prompt in lab.versions[label].prompts.items()}

    runs = by_variant(lab.run(Variant(label, label), Variant("draft", label, texts), documents=[document_of(2)]))

    asked = {name: [call.request for call in run.calls] for name, run in runs.items()}
    assert asked["draft"] == asked[label]
    assert runs["draft"].prompts == runs[label].prompts


def test_a_parameter_reaches_version_and_draft(lab):
    """A value given for a prompt's parameter stands in what a version and its draft ask."""
    texts = {name: prompt.template for name, prompt in lab.versions["v2"].prompts.items()}
    variants = [Variant("v2", "v2"), Variant("draft", "v2", texts)]

    experiment = lab.run(*variants, inputs={"content_type": "a fairy tale"}, documents=[document_of(1)])

    assert all("from a fairy tale." in run.prompts[CHUNK_PROMPT] for run in experiment.runs)


def refusals(lab):
    broken = lab.add_version(91, "def summarize_chunk_of_text_prompt(:\n")
    raising = lab.add_version(92, "1 / 0\n")
    untyped = lab.add_version(93, "def summarize_chunk_of_text_prompt():\n    return 'a'\n")
    lacking = lab.add_version(94, "def summarize_chunk_of_text_prompt() -> str:\n    return 'a'\n")
    asking = lab.add_version(
        95,
        "def summarize_chunk_of_text_prompt(tone: str) -> str:\n    return f'In a {tone} tone.'\n\n\n"
        "def summarize_text_from_summaries_prompt() -> str:\n    return '{results}'\n",
    )
    return {
        "is no Python": Variant("is no Python", broken),
        "fails on import": Variant("fails on import", raising),
        "cannot be built": Variant("cannot be built", untyped),
        "lacks a prompt": Variant("lacks a prompt", lacking),
        "lacks a parameter": Variant("lacks a parameter", asking),
        "draft lacks a parameter": Variant("draft lacks a parameter", asking, {CHUNK_PROMPT: "In a {tone} tone."}),
        "has no base": Variant("has no base", "v77"),
        "breaks the grammar": Variant("breaks the grammar", "v3", {LAST_PROMPT: "{results} {"}),
        "has an unknown slot": Variant("has an unknown slot", "v3", {LAST_PROMPT: "{results} {page}"}),
        "lacks a slot": Variant("lacks a slot", "v3", {LAST_PROMPT: "Nothing at all."}),
        "has an unknown prompt": Variant("has an unknown prompt", "v3", {"other_prompt": "x"}),
        "has a brace in a parameter": Variant("has a brace in a parameter", "v2", {}, {"content_type": "{x}"}),
    }


def test_a_variant_that_cannot_run_leaves_the_others_alone(lab):
    """Each kind of bad variant ends in a plain error of its own without a call; the good one beside them is done."""
    bad = refusals(lab)

    experiment = lab.run(*bad.values(), draft("good", last="Well"), documents=[document_of(2)])

    runs = by_variant(experiment)
    assert runs.pop("good").status == "done"
    assert {label: run.status for label, run in runs.items()} == dict.fromkeys(bad, "failed")
    assert all(run.error[1].strip() and "fault of the workbench" not in run.error[1] for run in runs.values())
    assert [run.calls for run in runs.values()] == [()] * len(bad)
    assert len(lab.endpoint.asked) == 3


def test_a_value_for_a_refused_variant_does_not_take_the_others_along(lab):
    """A parameter that only a version has which can't be loaded is no unknown input."""
    lab.add_version(96, "1 / 0\n\n\ndef summarize_chunk_of_text_prompt(tone: str = 'dry') -> str:\n    return tone\n")
    variants = [Variant("v96", "v96"), Variant("v3", "v3")]

    runs = by_variant(lab.run(*variants, inputs={"tone": "warm"}, documents=[document_of(1)]))

    assert [runs["v96"].status, runs["v3"].status] == ["failed", "done"]


def test_a_failing_chunk_keeps_its_brothers(make_lab):
    """Of 20 chunks one fails: the other 19 are kept; a retry after the fault makes that call and the last one."""
    broken = [True]
    fault = lambda prompt: out_of_order() if "Part 28 of" in prompt and broken[0] else None  # noqa: E731
    lab = make_lab(ScriptedEndpoint(failure=fault))
    job = lab.job(Variant("v3", "v3"))
    job.start()
    assert job.wait(30)
    failed = job.experiment().runs[0]
    broken[0] = False
    before = len(lab.endpoint.asked)

    job.retry(("v3", failed.document, 0))
    assert job.wait(30)

    done = job.experiment().runs[0]
    assert (failed.status, failed.calls_made) == ("failed", 19)
    assert "summarized_chunks: call 8 of 20" in failed.error[1]
    assert (done.status, done.calls_made, done.calls_reused) == ("done", 2, 19)
    assert len(lab.endpoint.asked) == before + 2


def test_a_value_for_an_unknown_node_stops_the_experiment(lab):
    """A misspelt input is refused before anything runs, with the name that was meant."""
    with pytest.raises(InputError) as raised:
        lab.job(Variant("v3", "v3"), inputs={"querry": "Why?"})

    assert "'querry'" in raised.value.message
    assert raised.value.hint == "Did you mean query?"


def test_a_value_for_a_computed_node_takes_its_place(lab):
    """Chunks given from outside are used as they are, and nothing above them runs."""
    chunks = ["one", "two", "three"]

    run = lab.run(Variant("v3", "v3"), inputs={"chunked_text": chunks}).runs[0]

    assert len(run.calls) == 4
    assert "raw_text" not in [node.name for node in run.nodes]


def test_a_fault_in_a_shared_node_is_every_run_s(lab):
    """A chunk size that no chunker can keep fails both variants with the node's name, without a call."""
    experiment = lab.run(Variant("v2", "v2"), Variant("v3", "v3"), inputs={"max_chunk_tokens": 1})

    assert [run.status for run in experiment.runs] == ["failed", "failed"]
    assert all("chunked_text: max_tokens is 1" in run.error[1] for run in experiment.runs)
    assert lab.endpoint.asked == []


def test_a_run_tells_what_it_made(lab):
    """Prompts, values of every step, tokens, node times and the answer are in the run."""
    run = lab.run(Variant("v2", "v2"), documents=[document_of(3)]).runs[0]

    assert set(run.prompts) == {CHUNK_PROMPT, LAST_PROMPT}
    assert run.output == run.values["summarized_text"] == run.calls[-1].answer.text
    assert len(run.values["summarized_chunks"]) == 3
    assert [call.node for call in run.calls] == ["summarized_chunks"] * 3 + ["summarized_text"]
    assert run.input_tokens == sum(call.answer.input_tokens for call in run.calls)
    assert all(node.seconds >= 0 for node in run.nodes)
    assert "model" not in run.values


def test_an_unknown_dataflow_is_refused(lab):
    """An experiment on a dataflow that nobody registered can't be prepared."""
    from dataclasses import replace

    from workbench.engine.preparation import prepare

    experiment = replace(lab.job(Variant("v3", "v3")).experiment(), dataflow="nothing")

    with pytest.raises(UsageError):
        prepare(experiment, lab.versions)
