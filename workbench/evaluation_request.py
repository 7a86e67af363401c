"""An evaluation as it is asked for, by a command's options or by values: dataset, variants, models, all settled."""

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench import project, settings
from workbench.command_experiment import experiment_of
from workbench.datasets.documents import read_documents
from workbench.datasets.failures import DatasetError
from workbench.datasets.reading import FILE, FOLDER, open_dataset
from workbench.documents.reading import read_document
from workbench.errors import UsageError
from workbench.evaluation.choice import Request
from workbench.evaluation.grouping import Group, groups_of, idle_inputs
from workbench.evaluation.matrix import Matrix
from workbench.evaluation.needs import refuse_unanswerable
from workbench.evaluation.policy import NEEDS_BASELINE
from workbench.graphs import graph
from workbench.graphs.inputs import input_specs
from workbench.graphs.sources import versions_of_dataflow
from workbench.models.catalog import choice_named
from workbench.models.embeddings import embedding_choice
from workbench.prompts.current import current_of
from workbench.reading_ahead import bytes_of
from workbench.records import NO_DOCUMENT, Document, Experiment, ModelChoice, Version


@dataclass(frozen=True)
class Asked:
    """An evaluation that can begin."""

    matrix: Matrix
    groups: Sequence[Group]
    versions: Mapping[str, Version]
    judge: ModelChoice | None
    embedding: ModelChoice | None
    notes: Sequence[DatasetError]
    """Variables of promptfoo's tests that go nowhere."""


def asked_of(options: argparse.Namespace) -> Asked:
    """What `evaluate` was asked for; blocks until the documents are read.

    Raises:
        UsageError: An option makes no sense.
        InputError: A value does not fit its input.
        DatasetError: The dataset, a case or a document can't be used.
    """
    versions = versions_of_dataflow(options.dataflow)
    bases = _bases(options, versions)
    if options.fail_on in NEEDS_BASELINE and not options.baseline:
        raise UsageError(f"--fail-on {options.fail_on} needs a baseline.", "Add --baseline with a variant.")
    dataset = open_dataset(_file(options.suite), settings.project(), settings.home())
    path = options.document
    document = read_document(bytes_of(path), Path(path).name, settings.home()) if path else None
    return settled(
        Request(dataset, bases, options.baseline or "", options.judge or "", options.embedding or "", document),
        versions,
    )


def settled(request: Request, versions: Mapping[str, Version], stop: Callable[[], bool] = lambda: False) -> Asked:
    """The request with all its documents read; blocks until they are.

    Raises:
        UsageError: The baseline is no column, or there are too many cells.
        InputError: A value does not fit its input.
        DatasetError: A case or a document can't be used.
        StopError: stop said so.
    """
    dataset, bases = request.dataset, request.bases
    if not dataset.cases:
        raise UsageError(f"{dataset.path.name} has no cases.", "Add one, from the app or by hand.")
    judge = choice_named(request.judge) if request.judge else None
    embedding = embedding_choice(request.embedding) if request.embedding else None
    refuse_unanswerable(dataset, sum(len(base.variants) for base in bases), judge, embedding)
    own = _own_document(request)
    dataflow = graph.dataflow_named(bases[0].dataflow)
    specs = [input_specs(dataflow, base.model, _used(base, versions)) for base in bases]
    notes = idle_inputs(dataset, [spec for own in specs for spec in own])
    if notes and dataset.is_ours:
        raise notes[0]
    texts, unread = read_documents(dataset, settings.project(), settings.home(), stop)
    matrix = Matrix(dataset, bases, {**texts, "": own}, unread, request.baseline)
    return Asked(matrix, groups_of(matrix, specs), versions, judge, embedding, notes)


def _bases(options: argparse.Namespace, versions: Mapping[str, Version]) -> tuple[Experiment, ...]:
    """An experiment for each model, begun at one moment so that --fresh means the same for all."""
    labels = list(options.variant)
    if not labels and not options.grid and not options.draft:
        labels = _current(options.dataflow)
    if options.baseline in versions and options.baseline not in labels:
        labels = [options.baseline, *labels]
    names: list[str | None] = [name.strip() for name in (options.model or "").split(",") if name.strip()] or [None]
    now = time.time()
    asked = [argparse.Namespace(**{**vars(options), "variant": labels, "model": name}) for name in dict.fromkeys(names)]
    return tuple(replace(experiment_of(own, versions, ()), started_at=now) for own in asked)


def _current(dataflow: str) -> list[str]:
    number = current_of(project.versions_folder(dataflow))
    return [f"v{number}"] if number else []


def _file(suite: str) -> Path:
    path = Path(suite)
    named = settings.project() / FOLDER / suite / FILE
    if not path.is_file() and named.is_file():
        return named
    if not path.is_file():
        message = f"There is no dataset {suite!r}: neither a file, nor {FOLDER}/{suite}/{FILE}."
        raise UsageError(message, "Name a file, or a folder of datasets/.")
    return path


def _own_document(request: Request) -> Document:
    """What cases that name no document are run on."""
    if request.document:
        return request.document
    without = next((case for case in request.dataset.cases if not case.document), None)
    dataflow = request.bases[0].dataflow
    if without and project.dataflows()[dataflow].document:
        reason = f"the case {without.name[:80]!r} names no document, and {dataflow} reads one"
        hint = "Add document: to it, or choose one for all (--document FILE)."
        raise DatasetError(request.dataset.path.name, without.line, reason, hint)
    return NO_DOCUMENT


def _used(base: Experiment, versions: Mapping[str, Version]) -> list[Version]:
    labels = {label for own in base.variants for label in [own.base, *own.prompts_from.values()]}
    return [version for label, version in versions.items() if label in labels]
