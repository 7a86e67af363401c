"""The cases of an export, run again with the exported file from answers that are kept: nobody is asked."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench.engine.call_store import CallStore
from workbench.engine.replay import replay
from workbench.graphs.sources import version_from
from workbench.records import Experiment, Variant
from workbench.state.record_json import from_json

_LABEL = "exported"


def run_again(path: str, experiment_json: str, store: str) -> dict[str, Any]:
    """What came of the finished runs of an experiment of one variant, as plain JSON.

    Args:
        path: The exported module.
        experiment_json: The experiment, with its documents' texts and its runs.
        store: The call store's file.

    Returns:
        "count": runs; "missing": those that lack a kept answer; "different": names of documents whose output is
        another one, or whose run failed.
    """
    before = from_json(experiment_json, Experiment)
    version = version_from(before.dataflow, 1, Path(path))
    inputs = before.variants[0].inputs
    origins = {call.request.origin for run in before.runs for call in run.calls}
    asked = replace(before, variants=(Variant(_LABEL, _LABEL, inputs=inputs),), runs=())
    after = replay(asked, {_LABEL: version}, CallStore(Path(store)).peek, next(iter(origins), ""))
    found = {(run.document, run.repetition): run for run in after.runs}
    names = {document.sha256: document.name for document in before.documents}
    missing, different = 0, []
    for run in before.runs:
        again = found[run.document, run.repetition]
        if any(call.error for call in again.calls):
            missing += 1
        elif again.status != "done" or again.output != run.output:
            different.append(names[run.document])
    return {"count": len(before.runs), "missing": missing, "different": different}
