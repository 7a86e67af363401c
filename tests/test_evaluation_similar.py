"""similar and its measures: vectors of an embedding model, asked for once per text, kept, planned and bounded."""

import math

import pytest

from tests.endpoint import FakeEndpoint
from tests.endpoint_replies import json_reply
from tests.evaluation_lab import EmbeddingEndpoint, case, dataset_of, evaluated, groups, matrix_of
from tests.scripted import out_of_order
from workbench.assertions.nouns import Assertion
from workbench.datasets.failures import DatasetError
from workbench.engine.call_store import CallStore
from workbench.engine.calls import CallPool
from workbench.engine.stopping import Stop
from workbench.errors import CallsFailed, UsageError
from workbench.evaluation.cells import Judgements
from workbench.evaluation.needs import refuse_unanswerable
from workbench.evaluation.planning import plan_evaluation
from workbench.evaluation.similar import similarity_finding
from workbench.models.catalog import call_request
from workbench.models.embeddings import embedding_choice, embedding_request, vector_in
from workbench.models.openai_endpoint import OpenAIEndpoint
from workbench.models.retries import Patience
from workbench.records import Budget, ModelChoice, Variant

EMBEDDER = ModelChoice("embedder", "remote")
TREES = "trees along the street"


def similar(*texts: str, kind="similar", **fields) -> Assertion:
    return Assertion(kind, list(texts) if len(texts) > 1 else texts[0], **fields)


@pytest.fixture
def lab(make_lab):
    return make_lab(EmbeddingEndpoint())


def test_an_answer_is_similar_by_the_vectors_of_the_embedding_model(lab):
    """Verdict, score and reason are those of the nearest expected text; not- turns them round."""
    near, far = similar(TREES, "boats at sea", threshold=0.8), similar("boats at sea")
    cases = [
        case("near", "trees along the long street", near),
        case("far", "trees along the long street", far),
        case("not", "trees along the long street", similar("boats at sea", negated=True)),
        case("variable", "boats at sea", similar("{{query}}")),
    ]

    cells = evaluated(lab, matrix_of(lab, cases), embedding="embedder").cells()

    assert [cell.passed for cell in cells] == [True, False, True, True]
    assert [cell.score for cell in cells] == pytest.approx([math.sqrt(0.8), 0.0, 1.0, 1.0])
    expected = f'similar: the cosine similarity to "{TREES}", the nearest of 2 is 0.89; the limit is 0.8.'
    assert cells[0].verdict.results[0].reason == expected
    assert "the limit is 0.75" in cells[1].verdict.results[0].reason


def test_each_text_is_embedded_once_kept_and_planned(lab):
    """Six cases on two answers and one expected text make three embeddings, as planned at most; again, none."""
    cases = [case(f"{number}", f"answer {number % 2}", similar(TREES)) for number in range(6)]
    matrix = matrix_of(lab, cases)

    plan = plan_evaluation(groups(lab, matrix), cases, lab.versions, lab.store)
    cells = evaluated(lab, matrix, embedding="embedder").cells()
    again = evaluated(lab, matrix, embedding="embedder").cells()

    assert (plan.embeddings, plan.judgements) == (3, 0)
    assert sorted(lab.endpoint.embedded) == ["answer 0", "answer 1", TREES]
    assert sum(cell.judgements.made for cell in cells) == 3
    assert {cell.judgements for cell in again} == {Judgements(0, 2, 0.0)}
    assert [cell.verdict for cell in again] == [cell.verdict for cell in cells]


def test_embeddings_count_in_the_budget(lab):
    """A budget of four calls ends with the second embedding; the cell is stopped, and says why."""
    cases = [case("a", "answer", similar(TREES, "two", "three"))]

    (cell,) = evaluated(lab, matrix_of(lab, cases, budget=Budget(calls=4)), embedding="embedder").cells()

    assert (len(lab.endpoint.asked), len(lab.endpoint.embedded)) == (4, 2)
    assert cell.status == "stopped"
    assert "budget of 4 calls" in cell.fault


MEASURES = [
    ("similar", None, [1, 0], [0.8, 0.6], True, 0.8),
    ("similar", 0.81, [1, 0], [0.8, 0.6], False, 0.8),
    ("similar:cosine", 0.8, [2, 0], [4, 3], True, 0.8),
    ("similar", 0.0, [1, 0], [-1, 0], False, 0.0),
    ("similar:dot", 2.0, [1, 2], [2, 0.5], True, 1.0),
    ("similar:dot", 3.1, [1, 2], [2, 0.5], False, 1.0),
    ("similar:euclidean", 5.0, [0, 0], [3, 4], True, 1 / 6),
    ("similar:euclidean", None, [0, 0], [3, 4], False, 1 / 6),
    ("similar", None, [1, 0], [0, 0], None, None),
    ("similar:dot", None, [1, 0], [1, 0, 0], None, None),
]


@pytest.mark.parametrize(("kind", "threshold", "output", "expected", "holds", "score"), MEASURES)
def test_measures_limits_and_scores_are_promptfoos(kind, threshold, output, expected, holds, score):
    """Cosine, dot product and distance, at their limits too; a distance has to be small; zero vectors can't be told."""
    finding = similarity_finding(kind, threshold, output, [("text", expected)])

    assert finding.holds is holds
    assert finding.score == (None if score is None else pytest.approx(score))


def test_what_has_no_vector_can_not_be_told(make_lab):
    """An empty answer and a model that fails leave similar and not-similar unchecked, with the reason."""
    broken = EmbeddingEndpoint(failure=lambda prompt: out_of_order() if prompt == "broken" else None)
    lab = make_lab(broken)
    both = [similar("broken", negated=negated) for negated in (False, True)]
    cases = [case("fails", "answer", *both), case("empty", " ", *both)]

    fails, empty = evaluated(lab, matrix_of(lab, cases), embedding="embedder").cells()

    assert not any(own.passed or own.checked for own in (*fails.verdict.results, *empty.verdict.results))
    assert "the embedding model gave no answer" in fails.verdict.results[0].reason
    assert "the output is empty" in empty.verdict.results[0].reason


def test_without_an_embedding_model_the_case_is_named_before_anything_is_paid():
    """similar without an embedding model, and rubrics without a judge, are refused with case and line."""
    dataset = dataset_of([case("a", "q", Assertion("assert-set", members=(similar(TREES),)), line=7)])
    judged = dataset_of([case("a", "q", Assertion("llm-rubric", "is kind"))])

    with pytest.raises(DatasetError, match=r"line 7.*'a' has similar, and no embedding model is named"):
        refuse_unanswerable(dataset, 1, EMBEDDER, None)
    with pytest.raises(DatasetError, match="llm-rubric, and no judge model is named"):
        refuse_unanswerable(judged, 1, None, EMBEDDER)
    refuse_unanswerable(dataset, 1, None, EMBEDDER)


@pytest.mark.parametrize("name", ["local", "code"])
def test_a_model_that_makes_no_embeddings_is_refused_with_what_to_do(name):
    """The small model and "code" write texts: the message says so, and what to name instead."""
    with pytest.raises(UsageError, match="makes no embeddings") as raised:
        embedding_choice(name, {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"})

    assert "an embedding model of that endpoint" in raised.value.hint


def test_an_embedding_never_shares_an_answer_with_a_chat():
    """The same model asked the same text by both ways has two keys."""
    env = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}

    assert embedding_request(EMBEDDER, "hello", env).key() != call_request(EMBEDDER, "hello", env=env).key()


@pytest.fixture
def vectors_from(tmp_path):
    """Asks a server for the vectors of texts, through a pool."""
    pool = CallPool(CallStore(tmp_path / "calls.db"))

    def ask(server, *texts):
        endpoint = OpenAIEndpoint(server.url, "sk-secret-key-0123456789", patience=Patience(attempts=1))
        requests = [embedding_request(EMBEDDER, text, {"OPENAI_BASE_URL": server.url}) for text in texts]
        answers = pool.answer_all(endpoint, requests, caller="test", stop=Stop(), watch=lambda _: None)
        return answers, [vector_in(answer) for answer in answers]

    yield ask
    pool.close()


def test_an_endpoint_is_asked_as_openais_is(vectors_from):
    """/v1/embeddings gets model, input and encoding; vectors, tokens and the missing price are kept as an answer."""
    with FakeEndpoint() as server:
        answers, (first, second, third) = vectors_from(server, "a b", "b a", "lone \ud800 half")
        again, _ = vectors_from(server, "a b")

    assert first == second != third
    assert math.hypot(*first) == pytest.approx(1.0)
    assert [seen.path for seen in server.requests] == ["/v1/embeddings"] * 3
    bodies = sorted((seen.body for seen in server.requests), key=lambda body: body["input"])
    assert bodies[0] == {"model": "embedder", "input": ["a b"], "encoding_format": "float"}
    assert (answers[0].input_tokens, answers[0].output_tokens, answers[0].cost_usd) == (1, 0, None)
    assert again == [answers[0]]


@pytest.mark.parametrize("embedding", [[], "none", [1, None], [math.nan], [True], [10**400], None])
def test_a_reply_without_a_vector_is_no_answer_and_is_not_kept(vectors_from, embedding):
    """An endpoint that sends something else than finite numbers gave no usable answer."""
    body = {"data": [{"embedding": embedding}]}
    with FakeEndpoint(fault=lambda seen: json_reply(200, body)) as server:
        for _ in range(2):
            with pytest.raises(CallsFailed) as raised:
                vectors_from(server, "a")

    assert "no vector of finite numbers" in raised.value.failures[0].message
    assert len(server.requests) == 2


@pytest.mark.parametrize("fault", ["401", "500", "429 quota", "html"])
def test_faults_of_embeddings_are_told_as_those_of_chats(vectors_from, fault):
    """A key that is refused, a broken server and a web page are failures with a reason, and no key is in it."""
    with FakeEndpoint(fault=lambda seen: fault) as server, pytest.raises(CallsFailed) as raised:
        vectors_from(server, "a")

    assert raised.value.failures[0].message
    assert "sk-secret" not in str(raised.value.failures[0].message)


def test_variants_are_held_against_the_same_expected_text(lab):
    """Two variants and two repetitions share the expected text's vector."""
    matrix = matrix_of(
        lab, [case("a", "answer", similar(TREES))], Variant("v3", "v3"), Variant("v2", "v2"), repetitions=2
    )

    cells = evaluated(lab, matrix, embedding="embedder").cells()

    assert len(cells) == 4
    assert lab.endpoint.embedded.count(TREES) == 1
