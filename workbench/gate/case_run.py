"""The recorded cases of a version, run again from their own answers and judged by the team's assertions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from workbench.assertions.cases import load_tests
from workbench.assertions.nouns import TestCase
from workbench.case_verdicts import judge
from workbench.cases.record import Record, RecordedCase, from_bytes, record_path, tests_path
from workbench.engine.replay import replay
from workbench.errors import VersionError, WorkbenchError
from workbench.prompts.provenance import prompts_sha256
from workbench.records import Answer, Document, Experiment, Run, Variant, Version

MOST_REPETITIONS = 30


def run_cases(root: Path, job: Mapping[str, Any], version: Version) -> dict[str, Any]:
    """What came of the cases, as plain JSON.

    Returns:
        "record": what is wrong with the record, a sentence each; "tests": why tests.yaml can't be read, or empty;
        "cases": one for each case of the record; "baseline_cases": scores only, one for each of the other record.
    """
    answer: dict[str, Any] = {"record": [], "tests": "", "cases": [], "baseline_cases": []}
    try:
        tests = _tests(root / tests_path(version.dataflow))
    except WorkbenchError as error:
        answer["tests"], tests = error.message, []
    try:
        if (content := _bytes(root / record_path(version.dataflow, version.label))) is not None:
            record = _record(content, "the record")
            answer["record"] = _faults(record, version)
            answer["cases"] = _run_again(record, version, tests)
        if job["baseline_record"] is not None:
            base = _record(bytes.fromhex(job["baseline_record"]), "the baseline's record")
            answer["baseline_cases"] = [_said(case) | _judged(case, tests) for case in base.cases]
    except WorkbenchError as error:
        answer["record"].append(error.message)
    return answer


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _tests(path: Path) -> Sequence[TestCase]:
    content = _bytes(path)
    return () if content is None else load_tests(content.decode("utf-8", "replace"))


def _record(content: bytes, name: str) -> Record:
    record = from_bytes(content, name)
    if any(not 0 <= case.repetition < MOST_REPETITIONS for case in record.cases):
        message = f"{name} has a repetition that is not from 0 to {MOST_REPETITIONS - 1}"
        raise VersionError(message, "Export it anew.")
    return record


def _faults(record: Record, version: Version) -> list[str]:
    faults = []
    for what, found, wanted in (
        ("dataflow", record.dataflow, version.dataflow),
        ("version", record.version, version.label),
    ):
        if found != wanted:
            faults.append(f"the record is of the {what} {found[:40]!a}, not of {wanted}")
    if record.prompts_sha256 != prompts_sha256(version.prompts.values()):
        faults.append(f"the record is of other prompts than {version.label} has")
    return faults


def _run_again(record: Record, version: Version, tests: Sequence[TestCase]) -> list[dict[str, Any]]:
    runs = _runs(record, version)
    seen = set()
    said = []
    for case in record.cases:
        run = runs[_place(case)]
        problem = _problem(case, run)
        if case.identity in seen:
            problem = {"rule": "case-duplicate", "message": "it is recorded twice"}
        seen.add(case.identity)
        said.append(_said(case) | problem | _judged(case, tests))
    return said


_Place = tuple[Document, str, int]
"""Document, inputs and repetition of a run."""


def _place(case: RecordedCase) -> _Place:
    return case.document, case.identity[1], case.repetition


def _runs(record: Record, version: Version) -> dict[_Place, Run | WorkbenchError]:
    """The runs of all cases, those with equal inputs as one experiment: what they share is computed once."""
    alike: dict[str, list[RecordedCase]] = defaultdict(list)
    for case in record.cases:
        alike[case.identity[1]].append(case)
    found: dict[_Place, Run | WorkbenchError] = {}
    for cases in alike.values():
        try:
            found |= _replayed(record, version, cases)
        except WorkbenchError as error:
            found |= {_place(case): error for case in cases}
    return found


def _replayed(record: Record, version: Version, cases: Sequence[RecordedCase]) -> dict[_Place, Run]:
    documents = tuple(dict.fromkeys(case.document for case in cases))
    asked = Experiment(
        id="gate",
        dataflow=version.dataflow,
        model=record.model,
        variants=(Variant(version.label, version.label),),
        documents=documents,
        inputs=cases[0].inputs,
        repetitions=1 + max(case.repetition for case in cases),
    )
    answers = {key: answer for case in cases for key, answer in case.answers.items()}

    def find(keys: Sequence[str]) -> dict[str, Answer]:
        return {key: answers[key] for key in keys if key in answers}

    # One run for each repetition and document, in this order.
    runs = iter(replay(asked, {version.label: version}, find, record.origin).runs)
    inputs = cases[0].identity[1]
    return {
        (document, inputs, repetition): next(runs) for repetition in range(asked.repetitions) for document in documents
    }


def _problem(case: RecordedCase, run: Run | WorkbenchError) -> dict[str, str]:
    if isinstance(run, WorkbenchError):
        return {"rule": "case-failed", "message": run.message}
    if missing := sum(call.answer is None for call in run.calls):
        message = f"{missing} of {len(run.calls)} answers are not in the record"
        return {"rule": "case-answer", "message": message}
    if run.status != "done":
        return {"rule": "case-failed", "message": run.error[1] if run.error else f"its run has {run.status}"}
    if run.output != case.output:
        return {"rule": "case-output", "message": _difference(run.output, case.output)}
    return {"rule": "", "message": ""}


def _difference(found: str, recorded: str) -> str:
    same = next(
        (at for at, (one, other) in enumerate(zip(found, recorded, strict=False)) if one != other),
        min(len(found), len(recorded)),
    )
    shown = [ascii(text[same : same + 20]) if text[same:] else "nothing" for text in (found, recorded)]
    return f"it gives {shown[0]} at character {same + 1} instead of {shown[1]}, which was recorded"


def _said(case: RecordedCase) -> dict[str, Any]:
    return {"document": case.document.name, "sha256": case.document.sha256, "repetition": case.repetition}


def _judged(case: RecordedCase, tests: Sequence[TestCase]) -> dict[str, Any]:
    verdict = judge(case, tests)
    return {"score": verdict.score, "failed": list(verdict.failed)}
