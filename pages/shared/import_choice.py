"""Which prompt of a file takes the place of which prompt of ours, and what its slots are called here."""

from collections.abc import Mapping, Sequence

import streamlit as st

from dataflows.templates import Slot
from pages.shared import cached, markup, state
from pages.shared.settings_card import readable_prompt
from workbench.errors import WorkbenchError
from workbench.graphs import graph
from workbench.importing.imported import Imported, ImportedPrompt
from workbench.importing.renaming import rename_slots
from workbench.prompts.slot_check import check_template
from workbench.records import Version
from workbench.state import bench

_NONE = "leave out"
_MOST_REFUSALS = 20
_LONG_CHARS, _LONG_LINES = 1_200, 12


def refusals(found: Imported) -> None:
    """What was left behind, with its line and the reason."""
    if not found.refused:
        return
    count = len(found.refused)
    with st.expander(f"{count} left out", icon=":material/block:", expanded=not found.prompts, key="refused"):
        for own in found.refused[:_MOST_REFUSALS]:
            st.html(markup.failure_html(f"{own.what}, line {own.line}", own.reason))
        if count > _MOST_REFUSALS:
            st.caption(f"and {count - _MOST_REFUSALS:,} more")


def import_choice(found: Imported, base: Version, versions: Mapping[str, Version]) -> None:
    """A card per prompt, and the button that opens the chosen ones as a draft."""
    slots = graph.slots_of(cached.dataflow(state.dataflow_name()))
    chosen: dict[str, str] = {}
    fine = True
    for index, prompt in enumerate(found.prompts):
        with st.container(border=True, key=f"imported-{index}"):
            target, template = _card(index, prompt, base, slots)
        if target and target in chosen:
            st.error(f"Two prompts are chosen for {readable_prompt(target)}: leave one out.", icon=":material/error:")
            fine = False
        if target:
            chosen[target] = template or ""
            fine = fine and template is not None
    if not found.prompts:
        st.info("No prompt in this file can be taken over.", icon=":material/info:")
    st.button(
        "Open as a draft",
        type="primary",
        icon=":material/edit:",
        key="open-draft",
        disabled=not (chosen and fine),
        on_click=_open,
        args=(base.label, chosen, versions),
    )


def _card(
    index: int, prompt: ImportedPrompt, base: Version, slots: Mapping[str, Mapping[str, Slot]]
) -> tuple[str, str | None]:
    """The prompt of ours it is for ("" for none), and its template with our slots; None while that isn't in order."""
    st.html(markup.card_head_html(prompt.name, f"line {prompt.line}", ""))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = [_NONE, *base.prompts]
        near = _suggested(index, prompt, list(base.prompts))
        label = st.selectbox(
            "Takes the place of",
            names,
            index=names.index(near) if near else 0,
            format_func=lambda name: name if name == _NONE else readable_prompt(name),
            key=f"target-{index}",
            width=280,
        )
        target = "" if label == _NONE else label
        known = [*slots.get(target, {}), *(own.name for own in base.prompts[target].parameters)] if target else []
        renamed = _renamed(index, prompt.slots, known) if target else {}
    long = len(prompt.template) > _LONG_CHARS or prompt.template.count("\n") > _LONG_LINES
    st.code(prompt.template, language=None, wrap_lines=True, height=280 if long else "content")
    if not target:
        return "", None
    try:
        template = rename_slots(prompt.template, renamed)
    except WorkbenchError as error:
        st.error(markup.plain_label(error.message, 300), icon=":material/error:")
        return target, None
    except ValueError as error:  # of the grammar
        st.error(markup.plain_label(str(error), 300), icon=":material/error:")
        return target, None
    for finding in check_template(
        template, slots.get(target, {}), [own.name for own in base.prompts[target].parameters]
    ):
        icon = ":material/error:" if finding.is_error else ":material/info:"
        st.caption(f"{icon} {markup.plain_label(finding.message, 300)}")
    return target, template


def _renamed(index: int, slots: Sequence[str], known: Sequence[str]) -> dict[str, str]:
    """What each slot is called here; unknown ones are taken for ours that are not used yet, in their order."""
    free = [name for name in known if name not in slots]
    renamed = {}
    for name in slots:
        options = list(dict.fromkeys([*([] if name in known else [name]), *known]))
        likely = name if name in known or not free else free.pop(0)
        key = f"slot-{index}-{name}-{'-'.join(known)}"
        renamed[name] = st.selectbox(f"{{{name}}} is", options, index=options.index(likely), key=key, width=180)
    return renamed


def _suggested(index: int, prompt: ImportedPrompt, names: Sequence[str]) -> str:
    if prompt.name in names:
        return prompt.name
    return names[index] if index < len(names) else ""


def _open(base: str, templates: Mapping[str, str], versions: Mapping[str, Version]) -> None:
    changed = bench.add_draft(state.current_bench(versions), base, templates)
    state.put_bench(changed)
    state.pass_on("imported", list(changed.drafts)[-1])
