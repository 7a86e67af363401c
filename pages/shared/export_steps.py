"""What is exported, and whether its slots are in order."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.experiments import documents_of, last_experiment
from pages.shared.export_evidence import show_evidence
from pages.shared.settings_card import readable_prompt
from workbench import settings
from workbench.export.evidence import Question, evidence_of
from workbench.export.module_file import ExportFile
from workbench.export.ran import cases_of
from workbench.export.request import ExportRequest
from workbench.graphs import graph
from workbench.prompts.slot_check import check_template
from workbench.records import Experiment, Variant, Version


def export_request(variant: Variant, versions: Mapping[str, Version], reason: str) -> ExportRequest:
    """The export of a variant, with what it was judged on and the choice of taking the cases along."""
    request = ExportRequest(
        state.dataflow_name(), settings.project(), settings.home(), versions, variant, reason, _judged_experiment()
    )
    question = Question(request.dataflow, variant, variant.base, versions)
    request = replace(request, evidence=evidence_of(cached.history(), request.home, question))
    show_evidence(request)
    cases = cases_of(request.experiment, variant, request.store)
    if cases is None:
        return request
    count = len(cases.experiment.runs)
    wanted = st.toggle(
        f"Take {count} recorded case{'' if count == 1 else 's'} along",
        key="with-cases",
        persist_state="session",
        help="The gate runs them again without a key. They hold the text of the documents and the answers.",
        on_change=lambda: state.pass_on("export", None),
    )
    return replace(request, with_cases=wanted)


def _judged_experiment() -> Experiment | None:
    experiment = last_experiment()
    documents = documents_of(experiment) if experiment else None
    return replace(experiment, documents=tuple(documents)) if experiment and documents else experiment


def show_slots(file: ExportFile) -> bool:
    """A line per prompt on its slots; whether all are in order."""
    slots = graph.slots_of(cached.dataflow(state.dataflow_name()))
    fine = True
    for prompt in file.prompts:
        parameters = [parameter.name for parameter in prompt.parameters]
        findings = check_template(prompt.template, slots.get(prompt.name, {}), parameters, plain=prompt.plain)
        errors = [finding for finding in findings if finding.is_error]
        fine = fine and not errors
        words = "; ".join(finding.message for finding in findings) or "all slots are used"
        icon = ":material/error:" if errors else ":material/check:"
        st.caption(f"{icon} {markup.plain_label(f'{readable_prompt(prompt.name)}: {words}', 300)}")
    missing = [
        name
        for name in cached.prompt_names(state.dataflow_name())
        if name not in {prompt.name for prompt in file.prompts}
    ]
    for name in missing:
        st.caption(
            f":material/error: {markup.plain_label(f'{readable_prompt(name)}: the module has no such prompt', 300)}"
        )
    return fine and not missing
