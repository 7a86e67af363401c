"""An export made and proved, before anything of it is offered to a person or to git."""

import os
from collections.abc import Mapping
from dataclasses import replace

from workbench.cases.record import record_of, record_path, to_bytes
from workbench.errors import WorkbenchError
from workbench.evaluation.evidence_file import evidence_bytes, evidence_path
from workbench.evaluation.evidence_sentence import evidence_sentence
from workbench.evaluation.prompt_texts import texts_sha256
from workbench.export.module_file import ExportFile, expected_values, preview
from workbench.export.no_evidence import dataset_named
from workbench.export.origin import pinned_model, provenance_of
from workbench.export.proof import prove
from workbench.export.pull_request import Change, pull_request_text, pull_request_title
from workbench.export.ran import cases_of, what_ran
from workbench.export.request import ExportRequest, Offer
from workbench.export.verdicts import verdicts_of
from workbench.git.repository import Repository
from workbench.prompts.current import FILE, current_of
from workbench.prompts.provenance import prompts_sha256
from workbench.records import Experiment


def offer(request: ExportRequest, number: int) -> Offer:
    """Version `number` made of the request, its proof, and the text of its pull request.

    Raises:
        ExportError: It can't be written, or gives something else than what was run.
    """
    file = draw(request, number)
    ran = what_ran(request.experiment, request.variant)
    cases = cases_of(request.experiment, request.variant, request.store)
    asked = {parameter.name for prompt in file.prompts for parameter in prompt.parameters}
    inputs = {name: value for name, value in ran.inputs.items() if name in asked}
    values = {**expected_values(file, inputs), **ran.prompts}
    proof = prove(file.source, request.dataflow_modules, values, inputs, request.root, cases, config=request.config)
    folder = request.folder.relative_to(request.root).as_posix()
    path, label = f"{folder}/{file.name}", f"v{number}"
    files = {path: file.source.encode("utf-8")}
    if request.with_cases and cases:
        record = record_of(cases.experiment, cases.variant, label, prompts_sha256(file.prompts))
        files[record_path(request.dataflow, label)] = to_bytes(record)
    evidence = [own for own in request.evidence if own.prompts_sha256 == texts_sha256(file.prompts)]
    if evidence:
        files[evidence_path(request.dataflow, label)] = evidence_bytes(request.dataflow, label, evidence)
    change = change_of(request, file, label, path)
    text = pull_request_text(replace(change, proof=proof), keys=known_keys())
    return Offer(number, file, path, proof, pull_request_title(change, known_keys()), text, files)


def draw(request: ExportRequest, number: int) -> ExportFile:
    """The file that version `number` would be, not proved yet.

    Raises:
        ExportError: It can't be written.
    """
    variant, experiment = request.variant, request.experiment
    cases = cases_of(experiment, variant, request.store)
    judged = experiment if cases else None
    labels = [label for label in [variant.base, variant.label] if label] if judged else []
    model = pinned_model(cases.experiment, cases.variant) if cases else None
    repository = repository_of(request)
    provenance = provenance_of(number, variant.base, repository, judged, list(dict.fromkeys(labels)))
    return preview(request.base, _templates(request), number, request.reason, model, provenance)


def known_keys() -> list[str]:
    """Keys of the environment, which may stand in nothing that is exported."""
    return [key for key in [os.environ.get("OPENAI_API_KEY", "")] if key]


def repository_of(request: ExportRequest) -> Repository | None:
    """The project's repository; None where there is none, or no git."""
    try:
        return Repository.of(request.root)
    except WorkbenchError:
        return None


def _templates(request: ExportRequest) -> dict[str, str]:
    """The edited prompts, and those that stand in for the base's."""
    variant = request.variant
    borrowed = {name: request.versions[label].prompts[name].template for name, label in variant.prompts_from.items()}
    return {**borrowed, **variant.templates}


def change_of(request: ExportRequest, file: ExportFile, label: str, path: str) -> Change:
    """What a pull request has to say of an export; its proof is still to come."""
    base, variant, experiment = request.base, request.variant, request.experiment
    after = variant.label if cases_of(experiment, variant, request.store) else ""
    before = base.label if experiment and _is_run_as_it_is(experiment, base.label) else ""
    current = f"{request.folder.relative_to(request.root).as_posix()}/{FILE}"
    return Change(
        dataflow=request.dataflow,
        label=label,
        parent=base.label,
        reason=request.reason,
        path=path,
        prompts_before={name: prompt.template for name, prompt in base.prompts.items()},
        prompts_after={prompt.name: prompt.template for prompt in file.prompts},
        model=experiment.model.name if experiment and after else "",
        experiment=experiment if after else None,
        before_variant=before,
        after_variant=after,
        proof=(),
        verdicts=_verdicts(request, [own for own in (before, after) if own]) if after else {},
        evidence=tuple(map(evidence_sentence, request.evidence)),
        dataset=dataset_named(request.root, request.dataflow),
        current_path=current if current_of(request.folder) else None,
    )


def _is_run_as_it_is(experiment: Experiment, label: str) -> bool:
    return any(own.label == own.base == label and not own.templates for own in experiment.variants)


def _verdicts(request: ExportRequest, labels: list[str]) -> Mapping[str, Mapping[str, float]]:
    return verdicts_of(request.root, request.experiment, labels) if request.experiment else {}
