"""python -m workbench compare."""

import argparse
import hashlib
import json
import secrets
import sys
from contextlib import closing
from pathlib import Path

from workbench import settings
from workbench.documents.reading import read_document
from workbench.engine.call_store import CallStore
from workbench.engine.calls import CallPool
from workbench.engine.jobs import Job
from workbench.errors import DocumentError, InputError, UsageError, VersionError, WorkbenchError
from workbench.graphs import graph
from workbench.graphs.inputs import input_specs, typed_inputs
from workbench.models.catalog import choice_named, default_choice, endpoint_for
from workbench.prompts.versions import versions_of
from workbench.records import Document, Experiment, Variant
from workbench.report import experiment_json, experiment_text, progress_line, with_unread


def compare(options: argparse.Namespace) -> int:
    """Run the experiment the options describe and print what it gave; the exit code."""
    try:
        return _compare(options)
    except (UsageError, InputError, VersionError) as error:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
        return 2
    except WorkbenchError as error:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
        return 1


def _compare(options: argparse.Namespace) -> int:
    dataflow = graph.dataflow_named(options.dataflow)
    versions = versions_of(options.dataflow, settings.ROOT)
    variants = _variants(options, list(versions))
    choice = choice_named(options.model) if options.model else default_choice()
    used = {variant.base for variant in variants}
    specs = input_specs(dataflow, choice, [version for label, version in versions.items() if label in used])
    inputs = typed_inputs(specs, dict(_pair(text, "--input", "NAME=VALUE") for text in options.input))
    _refuse_bad_target(options.json)
    documents, unread = _read(options.documents)
    experiment = Experiment(
        id=secrets.token_urlsafe(16),
        dataflow=options.dataflow,
        model=choice,
        variants=variants,
        documents=tuple(documents),
        inputs=inputs,
    )
    pool = CallPool(CallStore(settings.home() / "calls.db"), options.in_flight)
    with closing(pool):
        job = Job(experiment, versions, pool, endpoint_for(choice), fresh=options.fresh)
        job.start()
        _watch(job)
    done = with_unread(job.experiment(), unread)
    if options.json == "-":
        print(json.dumps(experiment_json(done)))
    elif options.json:
        Path(options.json).write_text(json.dumps(experiment_json(done)), encoding="ascii")
    if options.json != "-":
        encoding = sys.stdout.encoding or "utf-8"
        print(experiment_text(done).encode(encoding, "replace").decode(encoding))
    return 0 if all(run.status == "done" for run in done.runs) else 1


def _variants(options: argparse.Namespace, versions: list[str]) -> tuple[Variant, ...]:
    drafts = dict(_pair(text, "--draft", "LABEL=BASE") for text in options.draft)
    for label in drafts:
        if label in versions:
            raise UsageError(f"The draft {label} has the name of a version.", "Give the draft another name.")
    templates: dict[str, dict[str, str]] = {label: {} for label in drafts}
    for text in options.set:
        name, value = _pair(text, "--set", "LABEL.PROMPT=@FILE")
        label, _, prompt = name.rpartition(".")
        if label not in drafts:
            raise UsageError(f"--set names {label!r}, which is no draft.", f"Add --draft {label or 'LABEL'}=v1.")
        templates[label][prompt] = _text_of(value[1:]) if value.startswith("@") else value
    labels = list(dict.fromkeys([*options.variant, *drafts]))
    if not labels:
        raise UsageError("No variant is given.", f"Add --variant with one of: {', '.join(versions)}.")
    for label in labels:
        if label not in drafts and label not in versions:
            raise UsageError(f"There is no version or draft {label!r}.", f"Versions: {', '.join(versions) or 'none'}.")
    return tuple(Variant(label, drafts.get(label, label), templates.get(label, {})) for label in labels)


def _pair(text: str, option: str, form: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise UsageError(f"{option} {text!r} is not of the form {form}.")
    return name, value


def _bytes_of(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}.") from error


def _text_of(path: str) -> str:
    try:
        return _bytes_of(path).decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 (byte {error.start}).", "Save it as UTF-8.") from error


def _refuse_bad_target(path: str | None) -> None:
    """Before the run: afterwards all its answers would be lost."""
    if path and path != "-" and (Path(path).is_dir() or not Path(path).parent.is_dir()):
        raise UsageError(f"--json {path} can't be written.", "Name a file in a folder that exists.")


def _read(paths: list[str]) -> tuple[list[Document], list[tuple[Document, DocumentError]]]:
    """The documents that have text, and those that don't, each with its reason."""
    documents, unread = {}, {}
    for path in paths:
        data, name = _bytes_of(path), Path(path).name
        sha256 = hashlib.sha256(data).hexdigest()
        try:
            documents[sha256] = read_document(data, name, settings.home())
        except DocumentError as error:
            unread[sha256] = (Document(sha256, name, len(data), 0, (), ""), error)
    return list(documents.values()), list(unread.values())


def _watch(job: Job) -> None:
    """Wait for the end, with a progress line on a terminal; Ctrl+C stops and keeps what is done."""
    try:
        while not job.wait(0.1 if sys.stderr.isatty() else None):
            print("\r" + progress_line(job), end="\x1b[K", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        job.stop.set()
        job.wait()
    if sys.stderr.isatty():
        print("\r" + progress_line(job), end="\x1b[K\n", file=sys.stderr)
