"""Evaluations in tests: cases on scripted answers, judged and summed."""

import hashlib
from dataclasses import replace
from pathlib import Path

from tests.conftest import Lab, document_of
from tests.endpoint_replies import word_vector
from tests.scripted import ScriptedEndpoint, short
from workbench.datasets.nouns import Case, Dataset
from workbench.datasets.reading import content_sha256
from workbench.evaluation.grouping import groups_of
from workbench.evaluation.matrix import Matrix
from workbench.evaluation.running import Evaluation
from workbench.evaluation.surroundings import Surroundings
from workbench.graphs import graph
from workbench.graphs.inputs import input_specs
from workbench.models.embeddings import is_embedding, text_of_vector
from workbench.models.endpoints import OnQuota, OnText
from workbench.records import Answer, CallRequest, ModelChoice, Variant

QUESTION = "Question: "
"""Stands before the query in v3's last prompt."""


def says_the_query(prompt: str) -> str:
    """An answer of v3 that a test decides: the query itself."""
    if QUESTION not in prompt:
        return short(prompt)
    return prompt.rpartition(QUESTION)[2].partition("\nAnswer the question")[0]


class EmbeddingEndpoint(ScriptedEndpoint):
    """Answers as a scripted one, and with the vectors that a test gives texts, or those of their words."""

    def __init__(self, answer=says_the_query, vectors=word_vector, **options) -> None:
        super().__init__(answer, **options)
        self.vectors = vectors
        self.embedded: list[str] = []

    async def ask(self, request: CallRequest, on_text: OnText, on_quota: OnQuota) -> Answer:
        """The vector as the text of the answer, if one is asked for."""
        answer = await super().ask(request, on_text, on_quota)
        if not is_embedding(request):
            return answer
        text = request.messages[0][1]
        self.embedded.append(text)
        return replace(answer, text=text_of_vector(self.vectors(text)))


def dataset_of(cases, name="set") -> Dataset:
    """Cases whose documents are called by their topics."""
    hashes = {case.document: hashlib.sha256(case.document.encode()).hexdigest() for case in cases if case.document}
    return Dataset(name, tuple(cases), Path(f"{name}.yaml"), hashes, content_sha256(cases, hashes))


def matrix_of(lab: Lab, cases, *variants, baseline="", models=("scripted",), **options) -> Matrix:
    """The cases with these variants and models; a document of one chunk for each topic that cases name."""
    chosen = variants or (Variant("v3", "v3"),)
    base = lab.experiment(*chosen, documents=[document_of(1)], **{"started_at": 1.0, **options})
    bases = tuple(replace(base, model=ModelChoice(name, "remote")) for name in models)
    documents = {case.document: document_of(1, case.document or "nothing") for case in cases}
    return Matrix(dataset_of(cases), bases, documents, {}, baseline)


def groups(lab: Lab, matrix: Matrix):
    """Its experiments."""
    dataflow = graph.dataflow_named("summarization")
    return groups_of(matrix, [input_specs(dataflow, own.model, list(lab.versions.values())) for own in matrix.bases])


def evaluation_of(lab: Lab, matrix: Matrix, judge=None, on_run=None, embedding=None) -> Evaluation:
    """Not started yet."""
    chosen, embedder = (ModelChoice(name, "remote") if name else None for name in (judge, embedding))
    around = Surroundings(lab.versions, lab.pool, lambda _: lab.endpoint, chosen, on_run, embedder)
    return Evaluation(matrix, groups(lab, matrix), around)


def evaluated(lab: Lab, matrix: Matrix, **options) -> Evaluation:
    """After all cells have ended."""
    evaluation = evaluation_of(lab, matrix, **options)
    evaluation.start()
    assert evaluation.wait(60)
    return evaluation


def case(name: str, query: str, *assertions, document="gardens", **fields) -> Case:
    """A case whose answer is its query."""
    return Case(name, document, {"query": query}, tuple(assertions), **fields)
