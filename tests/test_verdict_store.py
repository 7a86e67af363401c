"""Verdicts outlive their evaluation: of which evaluations, found by which prompts, and in which bounds."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import CHUNK_PROMPT, LAST_PROMPT, document_of
from tests.evaluation_lab import case, evaluated, evaluation_of, matrix_of
from tests.hostile import FRAGMENTS
from tests.scripted import ScriptedEndpoint
from workbench.assertions.nouns import Assertion
from workbench.evaluation.cells import Cell
from workbench.evaluation.evidence_sentence import evidence_sentence
from workbench.evaluation.outcome import outcome_of
from workbench.evaluation.prompt_texts import texts_sha256, variant_sha256
from workbench.evaluation.verdict_store import FOLDER, MOST_FILES, keep_verdicts, kept_verdicts
from workbench.prompts.versions import versions_of
from workbench.records import Variant
from workbench.settings import ROOT

SHORTER = "Shorter. {results} {query}"
V3 = Variant("v3", "v3")
MINE = Variant("mine", "v3", {LAST_PROMPT: SHORTER})
VERSIONS = versions_of("summarization", ROOT)
TOPICS = [f"topic {number}" for number in range(12)]


def says(prompt):
    """The draft finds roses, and v3 finds none; on short ones it is the other way round."""
    return "roses" if prompt.startswith("Shorter.") != ("brief" in prompt) else "thorns"


def cases(*, short=0):
    """A case for each of the topics; the last ones are short."""
    told = Assertion("contains", "roses")
    shorts = TOPICS[len(TOPICS) - short :]
    return [
        case(topic, "brief" if topic in shorts else "why", told, document=topic, tags=("short",) * (topic in shorts))
        for topic in TOPICS
    ]


@pytest.fixture
def outcome(make_lab):
    """Of an evaluation with that many short cases."""
    lab = make_lab(ScriptedEndpoint(says))

    def make(*variants, short=0, **options):
        matrix = matrix_of(lab, cases(short=short), V3, *(variants or [MINE]), baseline="v3", **options)
        return outcome_of(matrix, evaluated(lab, matrix).cells(), "never", 1.0)

    return make


def hashes(variant=MINE, base=V3):
    return variant_sha256(variant, VERSIONS), variant_sha256(base, VERSIONS)


def found(home, variant=MINE, base=V3, dataflow="summarization"):
    return kept_verdicts(home, dataflow, *hashes(variant, base))


def test_the_verdict_of_an_evaluation_is_kept_with_all_it_stands_on(tmp_path, outcome):
    """Dataset with its content's hash, counts, interval, p, pass rates, model, when and whose."""
    made = outcome()

    path = keep_verdicts(made, VERSIONS, tmp_path, "Ada", 1_000_000.0)
    (kept,) = found(tmp_path)
    own, verdict = kept.evidence, made.overall["mine"]

    assert path.parent == tmp_path / FOLDER
    assert (kept.label, kept.by, kept.ended_at, kept.dataflow) == ("mine", "Ada", 1_000_000.0, "summarization")
    assert (own.dataset, own.dataset_sha256, own.cases, own.documents) == ("set", made.matrix.dataset.sha256, 12, 12)
    assert (own.figures.word, own.figures.n, own.figures.wins, own.figures.ties) == ("better", 12, 12, 0)
    assert own.figures.interval == pytest.approx(verdict.interval) and own.figures.p == pytest.approx(verdict.p)
    assert (own.passed, own.baseline_passed, own.model, own.date) == ((12, 12), (0, 12), "scripted", "1970-01-12")
    assert (own.baseline, own.failed_runs) == ("v3", 0)


def test_nothing_is_kept_of_an_evaluation_that_did_not_end_whole(tmp_path, make_lab, outcome):
    """One cell that was stopped, is missing or has not ended is enough."""
    made = outcome()
    cells = [cell for row in made.rows for entry in row.entries.values() for cell in entry.cells]

    for spoilt in ([*cells[:-1], replace(cells[-1], status="stopped")], [*cells[:-1], Cell(cells[-1].key)]):
        keep_verdicts(outcome_of(made.matrix, spoilt, "never", 1.0), VERSIONS, tmp_path)
    keep_verdicts(
        outcome_of(made.matrix, evaluation_of(make_lab(), made.matrix).cells(), "never", 1.0), VERSIONS, tmp_path
    )

    assert found(tmp_path) == []
    assert not (tmp_path / FOLDER).exists()


def test_a_failed_run_counts_and_is_told(tmp_path, outcome):
    """It has ended: it counts as not passed, and the sentence says how many there were."""
    made = outcome()
    cells = [cell for row in made.rows for entry in row.entries.values() for cell in entry.cells]
    last = replace(cells[-1], status="failed", verdict=None)

    keep_verdicts(outcome_of(made.matrix, [*cells[:-1], last], "never", 1.0), VERSIONS, tmp_path)
    (kept,) = found(tmp_path)

    assert kept.evidence.failed_runs == 1
    assert "1 run failed, which counts as not passed." in evidence_sentence(kept.evidence)


def test_what_differs_in_more_than_its_prompts_is_no_evidence_for_them(tmp_path, outcome):
    """Another model, other inputs of its own, the baseline itself: none of these leaves a verdict behind."""
    other = replace(MINE, inputs={"query": "Something else?"})

    keep_verdicts(outcome(other), VERSIONS, tmp_path)
    keep_verdicts(outcome(Variant("twin", "v3")), VERSIONS, tmp_path)

    assert found(tmp_path) == []
    assert not (tmp_path / FOLDER).exists()


@settings(max_examples=40)
@given(
    st.sampled_from([CHUNK_PROMPT, LAST_PROMPT]),
    st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=3).map("".join),
    st.integers(0, 30),
    st.booleans(),
)
def test_any_edit_of_a_prompt_makes_it_other_prompts(name, piece, place, is_version):
    """However small it is, in a draft or in a version: a label stays when its texts change, so only texts count."""
    before = V3 if is_version else MINE
    text = before.templates.get(name, VERSIONS["v3"].prompts[name].template)
    edited = replace(before, templates={**before.templates, name: text[:place] + piece + text[place:]})

    assert variant_sha256(edited, VERSIONS) != variant_sha256(before, VERSIONS)
    assert variant_sha256(replace(before, label="other"), VERSIONS) == variant_sha256(before, VERSIONS)


def test_evidence_is_found_by_texts_alone(tmp_path, outcome):
    """Another label finds it; an edit, another base, another dataflow or a changed parameter does not."""
    keep_verdicts(outcome(), VERSIONS, tmp_path)
    prompts = list(VERSIONS["v3"].prompts.values())

    assert found(tmp_path, replace(MINE, label="renamed"))
    assert not found(tmp_path, replace(MINE, templates={LAST_PROMPT: SHORTER + " "}))
    assert not found(tmp_path, base=Variant("v2", "v2"))
    assert not found(tmp_path, dataflow="extraction")
    assert texts_sha256(prompts) == texts_sha256(prompts[::-1])
    assert texts_sha256([replace(prompts[0], parameters=())]) == texts_sha256([replace(prompts[0], doc="Other.")])
    assert texts_sha256([replace(prompts[0], template="", reason="it computes its text")]) == ""


def test_the_newest_on_a_dataset_counts_and_tells_of_others(tmp_path, outcome):
    """An earlier word that was another one is counted, so that asking again until it fits is seen."""
    keep_verdicts(outcome(short=12), VERSIONS, tmp_path, ended_at=1_000.0)
    keep_verdicts(outcome(), VERSIONS, tmp_path, ended_at=2_000.0)
    (kept,) = found(tmp_path)

    assert (kept.ended_at, kept.evidence.figures.word, kept.evidence.otherwise) == (2_000.0, "better", 1)
    assert "1 earlier evaluation of the same came to another word" in evidence_sentence(kept.evidence)


def test_a_tag_that_is_worse_is_said_whatever_the_word(tmp_path, outcome):
    """Its sentence has n, interval, ties and the short hash, and then the tag with its own figures."""
    keep_verdicts(outcome(short=6), VERSIONS, tmp_path)
    (kept,) = found(tmp_path)
    said = evidence_sentence(kept.evidence)

    assert "not enough evidence against v3" in said
    assert f"content {kept.evidence.dataset_sha256[:8]}, 12 cases, model scripted" in said
    assert "n = 12 documents: 6 won, 6 lost, 0 tied" in said and "95% interval \N{MINUS SIGN}" in said
    assert "Worse on the tag short (n = 6: 0 won, 6 lost, 0 tied)." in said


def both_lose(prompt):
    """Each new version finds roses beside the other's old one, and not beside the new one."""
    return "roses" if prompt.startswith("Last.") != ("noted" in prompt) else "noted" * prompt.startswith("First.")


def test_two_single_wins_that_lose_together_are_said(tmp_path, make_lab):
    """The sentence of the joint test stands at the combination, and not at either change alone."""
    lab = make_lab(ScriptedEndpoint(both_lose))
    first, last = "First. {chunk}", "Last. {results} {query}"
    grid = {
        "v3 × v3": V3,
        "a × v3": Variant("", "v3", {CHUNK_PROMPT: first}),
        "v3 × b": Variant("", "v3", {LAST_PROMPT: last}),
        "a × b": Variant("", "v3", {CHUNK_PROMPT: first, LAST_PROMPT: last}),
    }
    variants = [replace(own, label=label) for label, own in grid.items()]
    matrix = matrix_of(lab, cases(), *variants, baseline="v3 × v3")
    keep_verdicts(outcome_of(matrix, evaluated(lab, matrix).cells(), "never", 1.0), VERSIONS, tmp_path)

    said = {
        label: " ".join(evidence_sentence(own.evidence) for own in found(tmp_path, variant))
        for label, variant in grid.items()
    }

    assert "each alone wins, but together" in said["a × b"]
    assert all("alone wins" not in said[label] for label in ("a × v3", "v3 × b"))
    assert "better than v3" in said["a × v3"]


def test_only_the_newest_files_are_kept(tmp_path, outcome):
    """With one more than the limit the oldest goes, and nothing half written lies about."""
    folder = tmp_path / FOLDER
    folder.mkdir()
    for number in range(MOST_FILES):
        (folder / f"{number:015d}-old.json").write_text("{}")

    path = keep_verdicts(outcome(), VERSIONS, tmp_path)

    assert sorted(folder.iterdir()) == sorted(
        [path, *(folder / f"{own:015d}-old.json" for own in range(1, MOST_FILES))]
    )


def test_a_file_that_makes_no_sense_is_passed_over(tmp_path, outcome):
    """Cut, of another form, without its fields, or not even text: the others are found."""
    made = outcome()
    paths = [keep_verdicts(made, VERSIONS, tmp_path, ended_at=float(at)) for at in range(1, 5)]

    paths[3].write_text(paths[3].read_text()[:-9])
    paths[2].write_text(json.dumps({**json.loads(paths[2].read_text()), "schema": 99}))
    paths[1].write_text(f'{{"schema": 1, "verdicts": [{{"label": "{hashes()[0]}"}}]}}')
    (tmp_path / FOLDER / "zz.json").write_bytes(b"\xff\x00" + hashes()[0].encode())

    assert [kept.ended_at for kept in found(tmp_path)] == [1.0]


def test_a_folder_that_can_not_be_written_loses_no_evaluation(tmp_path, outcome):
    """The verdict is not kept, and nothing is raised: its report is still to come."""
    (tmp_path / FOLDER).write_text("in the way")

    assert keep_verdicts(outcome(), VERSIONS, tmp_path) is None


def test_no_key_and_no_text_of_a_document_is_kept(tmp_path, make_lab):
    """A name that looks like a key is redacted, and answers and documents are in no file."""
    lab = make_lab(ScriptedEndpoint(says))
    key = "sk-" + "a1B2" * 12
    matrix = matrix_of(lab, [replace(own, tags=(key, "\ud800")) for own in cases()], V3, MINE, baseline="v3")

    path = keep_verdicts(outcome_of(matrix, evaluated(lab, matrix).cells(), "never", 1.0), VERSIONS, tmp_path)
    content = path.read_text("ascii")

    assert key not in content
    assert document_of(1).page_texts[0][:40] not in content and "roses" not in content and "Shorter" not in content
    assert found(tmp_path)


def test_keeping_a_verdict_loads_no_database():
    """SQLAlchemy takes a third of a second, which the command need not wait for."""
    code = "import sys, workbench.evaluation.verdict_store; print('sqlalchemy' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
