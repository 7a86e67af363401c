"""python -m workbench export."""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench import settings
from workbench.command_experiment import experiment_of
from workbench.engine.call_store import CallStore
from workbench.engine.replay import replay
from workbench.errors import ExportError, InputError, UsageError, VersionError, WorkbenchError
from workbench.evaluation.evidence_sentence import evidence_sentence
from workbench.export.config_offer import config_offer
from workbench.export.delivery import (
    deliver_branch,
    deliver_config_branch,
    free_number,
    overwrite,
    patch_of_offer,
    write_offer,
)
from workbench.export.evidence import Question, evidence_of
from workbench.export.offer import offer
from workbench.export.request import ExportRequest
from workbench.export.said import delivered_json, evidence_json, offer_json, said_text
from workbench.export.version_evidence import write_version_evidence
from workbench.graphs.sources import versions_of_dataflow
from workbench.history.places import open_history
from workbench.reading_ahead import ReadingAhead
from workbench.records import Document, Experiment, Variant, Version


def export(options: argparse.Namespace, reading: ReadingAhead) -> int:
    """Export the variant the options describe, and print what came of it; the exit code."""
    try:
        said = _export(options, reading)
    except (UsageError, InputError, VersionError) as error:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
        return 2
    except WorkbenchError as error:
        print(f"{error.message}. {error.hint}".replace("..", ".").strip(), file=sys.stderr)
        return 1
    finally:
        reading.stop()
    if options.json == "-":
        print(json.dumps(said))
    else:
        print(said_text(said).encode(sys.stdout.encoding or "utf-8", "replace").decode(sys.stdout.encoding or "utf-8"))
        if options.json:
            Path(options.json).write_text(json.dumps(said), encoding="ascii")
    return 0


def _export(options: argparse.Namespace, reading: ReadingAhead) -> dict[str, Any]:
    versions = versions_of_dataflow(options.dataflow)
    asked = experiment_of(options, versions, ())
    if len(asked.variants) != 1:
        raise UsageError(f"{len(asked.variants)} variants are given; export takes 1.", "Give one --variant or --draft.")
    variant = asked.variants[0]
    if options.evidence:
        return _evidence(options.dataflow, variant, versions)
    documents, unread = reading.result()
    if unread:
        raise ExportError(unread[0][1].message, unread[0][1].hint)
    experiment = _judged(asked, variant, tuple(documents), versions) if documents else None
    root, home = settings.project(), settings.home()
    request = ExportRequest(options.dataflow, root, home, versions, variant, options.reason, experiment, options.cases)
    question = Question(options.dataflow, variant, variant.base, versions)
    request = replace(request, evidence=evidence_of(open_history(), home, question))
    said = _made(options, request)
    return {**said, **evidence_json(request)}


def _made(options: argparse.Namespace, request: ExportRequest) -> dict[str, Any]:
    if options.form == "config":
        return _into_module(options, request)
    if options.branch:
        delivered = deliver_branch(request)
        return delivered_json(delivered)
    made = offer(request, free_number(request))
    said = offer_json(made)
    if options.patch:
        Path(options.patch).write_bytes(patch_of_offer(request, made))
        return {**said, "patch": options.patch}
    if options.write:
        return {**said, "written": [str(path.relative_to(settings.project())) for path in write_offer(request, made)]}
    return {**said, "source": made.file.source}


def _evidence(dataflow: str, variant: Variant, versions: dict[str, Version]) -> dict[str, Any]:
    root, home = settings.project(), settings.home()
    path, evidence = write_version_evidence(open_history(), root, home, dataflow, versions, variant.label)
    return {
        "version": variant.label,
        "path": versions[variant.label].path,
        "proof": [],
        "evidence": list(map(evidence_sentence, evidence)),
        "written": [str(path.relative_to(root))],
    }


def _into_module(options: argparse.Namespace, request: ExportRequest) -> dict[str, Any]:
    if not options.into:
        raise UsageError("--form config needs --into.", "Name the module that gets the variants.")
    made = config_offer(request, Path(options.into))
    if options.branch:
        return delivered_json(deliver_config_branch(request, made))
    if options.patch:
        Path(options.patch).write_bytes(patch_of_offer(request, made))
        return {**offer_json(made), "patch": options.patch}
    if options.write:
        return {**offer_json(made), "written": [str(overwrite(request, made).relative_to(settings.project()))]}
    return {**offer_json(made), "source": made.file.source}


def _judged(
    asked: Experiment, variant: Variant, documents: tuple[Document, ...], versions: dict[str, Version]
) -> Experiment:
    """The runs of the variant and of its base, made again from kept answers.

    Raises:
        ExportError: An answer is missing.
    """
    base = Variant(variant.base, variant.base)
    both = (base, variant) if base.label != variant.label else (variant,)
    store = CallStore(settings.home() / "calls.db")
    judged = replay(replace(asked, variants=both, documents=documents), versions, store.peek)
    lacking = [run for run in judged.runs if run.variant == variant.label and run.status != "done"]
    if lacking:
        message = f"{len(lacking)} runs of {variant.label} on these documents are not kept"
        raise ExportError(message, "Run `python -m workbench compare` with the same options first, then export.")
    return judged
