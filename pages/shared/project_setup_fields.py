"""Fields that say what a dataflow is made of, each with the best guess in it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from dataflows import Dataflow
from pages.shared import markup, state
from pages.shared.project_setup_prompts import as_option, corrected
from workbench import project, settings
from workbench.discovery.facts import Facts, facts_of
from workbench.discovery.findings import Findings, guess_of
from workbench.errors import InputError, WorkbenchError
from workbench.graphs.inputs import coerced

_UNSAID = "(not said)"
_MOST_FIELDS = 12


def dataflow_fields(name: str, start: Dataflow, findings: Findings) -> Dataflow:
    """What was chosen; as it started where Hamilton can't build the modules, and the page says why.

    Args:
        name: Of the dataflow; fields of another one show its own.
        start: What the fields begin with.
        findings: What there is in the project.
    """
    modules = st.multiselect(
        "Modules",
        list(dict.fromkeys([*start.modules, *findings.modules])),
        default=list(start.modules),
        format_func=as_option,
        key=f"setup-modules-{name}",
        help="Hamilton makes the nodes of them together: name all that have a node of the chain.",
    )
    if not modules:
        st.info("Choose the modules that hold the nodes.", icon=":material/info:")
        return replace(start, modules=())
    chosen = replace(start, modules=tuple(modules))
    if chosen.modules != start.modules:
        guess = guess_of(settings.project(), project.folders(), name, modules)
        chosen = replace(chosen, document=guess.document, output="", prompts=start.prompts or guess.prompts)
    place = f"{name}-{'-'.join(modules)}"
    try:
        facts = facts_of(chosen)
        chosen = replace(chosen, config=_config(place, chosen, facts))
        chosen = corrected(place, chosen, facts_of(chosen))
        facts = facts_of(chosen)
    except WorkbenchError as error:
        st.error(markup.plain_label(f"{error.message} {error.hint}".strip(), 400), icon=":material/error:")
        return chosen
    with st.container(horizontal=True):
        output = _one("Output", f"setup-output-{place}", [facts.output, *facts.outputs], chosen.output or facts.output)
        document = _document(place, chosen, facts)
    folder = _prompts(name, place, chosen, findings)
    named = "" if output == facts.output else output
    chosen = replace(chosen, output=named, document=document, prompts=folder)
    return replace(chosen, inputs=_inputs(place, chosen))


def _document(place: str, chosen: Dataflow, facts: Facts) -> str:
    def said(name: str) -> str:
        kinds = ", ".join(facts.documents.get(name, ())[:4])
        return as_option(f"{name} ({kinds})") if name else "none"

    return _one("Document", f"setup-document-{place}", [*facts.documents, ""], chosen.document or facts.document, said)


def _prompts(name: str, place: str, chosen: Dataflow, findings: Findings) -> str:
    """The folder of the versions; empty for the one it would have anyway."""
    usual = f"prompts/{name}"
    folders = [chosen.prompts, usual, *findings.prompt_folders]
    folder = _one("Prompt versions in", f"setup-prompts-{place}", folders, chosen.prompts or usual)
    return "" if folder == usual else folder


def _config(place: str, chosen: Dataflow, facts: Facts) -> dict[str, Any]:
    """Config where it differs from what is chosen without being said."""
    said = dict(chosen.config)
    for key, values in list(facts.config.items())[:_MOST_FIELDS]:
        default = said.get(key, facts.chosen.get(key, _UNSAID))
        options = [*dict.fromkeys(map(repr, values)), _UNSAID]
        shown = default if default == _UNSAID else repr(default)
        picked = _one(f"Config: {key}", f"setup-config-{place}-{key}", [shown, *options], shown)
        said.pop(key, None)
        if picked != _UNSAID and picked != repr(facts.chosen.get(key, _UNSAID)):
            said[key] = next((value for value in values if repr(value) == picked), chosen.config.get(key))
    return said


def _inputs(place: str, chosen: Dataflow) -> dict[str, Any]:
    """A default for each input that has none; an empty field leaves it to be asked for on the Workbench page."""
    given = dict(chosen.inputs)
    # A table is no value of a file; it comes in as the document, or is asked for.
    asked = [own for own in facts_of(chosen).inputs if "DataFrame" not in str(own.type)]
    for spec in asked[:_MOST_FIELDS]:
        key = f"setup-input-{place}-{spec.name}"
        before = given.pop(spec.name, None)
        text = st.text_input(
            markup.plain_label(f"Default of {spec.name}", 120),
            value=before if isinstance(before, str) else "" if before is None else json.dumps(before),
            key=key,
            placeholder="JSON" if spec.kind == "json" else "none: asked for on the Workbench page",
        )
        try:
            given |= {spec.name: coerced(spec, text)} if text.strip() else {}
        except InputError as error:
            st.error(markup.plain_label(f"{error.message} {error.hint}", 300), icon=":material/error:")
    return given


def _one(label: str, key: str, options: Sequence[str], chosen: str, said: Any = None) -> str:
    names = list(dict.fromkeys(options if said else filter(None, options)))
    if state.shown(key) not in names:
        state.show(key, chosen if chosen in names else next(iter(names), None))
    return str(st.selectbox(markup.plain_label(label, 120), names, format_func=said or as_option, key=key) or "")
