"""Evidence for tests, without an evaluation."""

import json

from workbench.evaluation.evidence import Evidence, Figures, Slice
from workbench.evaluation.evidence_file import evidence_bytes, evidence_path
from workbench.evaluation.verdict_store import FOLDER, SCHEMA, KeptVerdict
from workbench.state.record_json import to_value

DATASET_SHA = "ab" * 32


def figures(word="better", *, n=20, **changes):
    """Figures that allow the word."""
    wins, losses, low, high, p = {
        "better": (12, 1, 0.3, 0.8, 0.003),
        "worse": (1, 12, -0.8, -0.3, 0.003),
        "not enough evidence": (3, 2, -0.2, 0.3, 1.0),
    }[word]
    difference, needed = (low + high) / 2, 40 if word == "not enough evidence" else None
    fields = {"wins": wins, "losses": losses, "ties": n - wins - losses, "interval": (low, high), "p": p}
    return Figures(word, n, **{**fields, "difference": difference, "needed": needed, **changes})


def evidence(word="better", prompts="1" * 64, against="2" * 64, worse_on=(), baseline="v1", **changes):
    """Of an evaluation of forty cases; prompts and against are the hashes of both sides."""
    slices = tuple(Slice(tag, figures("worse")) for tag in worse_on)
    fields = {"dataset": "letters", "dataset_sha256": DATASET_SHA, "cases": 40, "documents": 20, "model": "scripted"}
    fields |= {"passed": (30, 40), "baseline_passed": (20, 40), "slices": slices}
    return Evidence("evaluation", "2026-11-25", prompts, baseline, against, figures(word), **{**fields, **changes})


def put(root, dataflow, version, *told):
    """The file of a version's evidence, where the gate looks for it."""
    path = root / evidence_path(dataflow, version)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(evidence_bytes(dataflow, version, told))
    return path


def lay(home, told, at=1_000_000.0, dataflow="summarization"):
    """A kept verdict, as an evaluation that ended then would have left it."""
    folder = home / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    kept = KeptVerdict(dataflow, "mine", told, at, "Ada")
    (folder / f"{int(at):015d}.json").write_text(json.dumps({"schema": SCHEMA, "verdicts": to_value([kept])}), "ascii")
