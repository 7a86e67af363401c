from hypothesis import given
from hypothesis import strategies as st

from tests.hostile import FRAGMENTS
from workbench.records import (
    Answer,
    Call,
    CallRequest,
    Document,
    Draft,
    Experiment,
    ModelChoice,
    NodeTime,
    Run,
    Variant,
)
from workbench.state.bench import Bench, Column
from workbench.state.record_json import from_json, to_json

TEXT = st.sampled_from([*FRAGMENTS, "", "\ud83d\ude00", "plain"])
SECONDS = st.floats(0, 1e9)
COUNT = st.integers(0, 2**53)
JSON = st.recursive(
    st.none() | st.booleans() | COUNT | SECONDS | TEXT,
    lambda own: st.lists(own) | st.dictionaries(TEXT, own),
    max_leaves=4,
)
TEMPLATES = st.dictionaries(TEXT, TEXT, max_size=2)

REQUESTS = st.builds(
    CallRequest,
    TEXT,
    TEXT,
    st.lists(st.tuples(TEXT, TEXT), max_size=2).map(tuple),
    st.dictionaries(TEXT, JSON, max_size=2),
)
ANSWERS = st.builds(Answer, TEXT, COUNT, COUNT, SECONDS, st.none() | SECONDS, TEXT)
CALLS = st.builds(Call, TEXT, COUNT, REQUESTS, st.none() | ANSWERS, TEXT, TEXT, st.booleans())
RUNS = st.builds(
    Run,
    variant=TEXT,
    document=TEXT,
    status=st.sampled_from(["done", "failed", "stopped"]),
    output=TEXT,
    error=st.none() | st.tuples(TEXT, TEXT),
    hint=TEXT,
    prompts=TEMPLATES,
    values=st.dictionaries(TEXT, TEXT | st.lists(TEXT, max_size=2), max_size=2),
    nodes=st.lists(st.builds(NodeTime, TEXT, SECONDS, st.booleans()), max_size=2).map(tuple),
    calls=st.lists(CALLS, max_size=2).map(tuple),
    cost_usd=st.none() | SECONDS,
)
DOCUMENTS = st.builds(Document, TEXT, TEXT, COUNT, COUNT, st.lists(TEXT, max_size=2).map(tuple), TEXT, TEXT)
EXPERIMENTS = st.builds(
    Experiment,
    id=TEXT,
    dataflow=TEXT,
    model=st.builds(ModelChoice, TEXT, st.sampled_from(["local", "remote"]), st.none() | SECONDS, st.none() | COUNT),
    variants=st.lists(
        st.builds(Variant, TEXT, TEXT, TEMPLATES, st.dictionaries(TEXT, JSON, max_size=2)), max_size=2
    ).map(tuple),
    documents=st.lists(DOCUMENTS, max_size=1).map(tuple),
    inputs=st.dictionaries(TEXT, JSON, max_size=2),
    runs=st.lists(RUNS, max_size=1).map(tuple),
    started_at=SECONDS,
    seconds=SECONDS,
)


@given(EXPERIMENTS)
def test_an_experiment_comes_back_as_it_was(experiment):
    """Whatever texts are in it, lone surrogates and NUL included, the record read is the record written."""
    text = to_json(experiment)

    assert "\n" not in text
    assert from_json(text, Experiment) == experiment


@given(
    st.lists(st.builds(Column, TEXT, TEXT), max_size=3).map(tuple),
    st.dictionaries(TEXT, st.builds(Draft, TEXT, TEXT, TEMPLATES), max_size=2),
)
def test_a_bench_comes_back_as_it_was(columns, drafts):
    """Columns and drafts of any labels are the same after writing and reading."""
    bench = Bench(columns, drafts)

    assert from_json(to_json(bench), Bench) == bench


def test_a_record_of_an_older_workbench_can_be_read():
    """Fields that came later have their defaults, and fields that are gone are left alone."""
    text = '{"variant": "v1", "document": "d", "status": "done", "mood": "good"}'

    assert from_json(text, Run) == Run("v1", "d", "done")
