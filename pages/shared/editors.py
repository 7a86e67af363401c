"""One editor per column for the prompt at hand, and the choice of what stands in the columns."""

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.prompt_editor import prompt_editor
from pages.shared.settings_card import readable_prompt
from workbench.errors import WorkbenchError
from workbench.graphs.rendering import rendered_prompts
from workbench.records import Draft, Version
from workbench.state import bench
from workbench.state.bench import Bench, Column


def prompt_switch(names: list[str]) -> str:
    """Choose which prompt of the chain the editors show."""
    if state.shown("prompt") not in names:
        state.show("prompt", state.kept("prompt") if state.kept("prompt") in names else names[-1])
    st.segmented_control(
        "Prompt",
        names,
        format_func=readable_prompt,
        key="prompt",
        required=True,
        label_visibility="collapsed",
        on_change=state.keep_widget,
        args=("prompt", "prompt"),
    )
    return str(state.shown("prompt"))


def column_choice(current: Bench, versions: Mapping[str, Version]) -> None:
    """Choose two to four versions and drafts, and begin drafts."""
    labels = bench.offered(current, versions)
    key = f"chosen-{state.passing('relabelled', 0)}"
    state.show(key, [label for label in labels if label in current.labels])

    def choose() -> None:
        wanted = state.shown(key, [])
        if set(wanted) == set(current.labels):
            return  # what was drawn comes back late, after an edit has changed the columns
        if len(wanted) > bench.MOST_COLUMNS:
            st.toast(f"{len(wanted)} variants are chosen; at most {bench.MOST_COLUMNS} fit. Take one out first.")
        state.put_bench(bench.choose(state.current_bench(versions), wanted))

    st.pills(
        "Variants",
        labels,
        selection_mode="multi",
        key=key,
        label_visibility="collapsed",
        on_change=choose,
    )
    with st.popover(
        "Draft", icon=":material/add:", type="tertiary", key="add-draft", help="Begin a draft of a version"
    ):
        for label in versions:
            st.button(
                f"Draft of {label}",
                key=f"draft-of-{label}",
                width="stretch",
                disabled=len(current.columns) >= bench.MOST_COLUMNS,
                on_click=lambda label=label: _relabel(bench.add_draft(state.current_bench(versions), label)),
            )
        if len(current.columns) >= bench.MOST_COLUMNS:
            st.caption(f"All {bench.MOST_COLUMNS} columns are in use. Take a variant out first.")


def editors(current: Bench, versions: Mapping[str, Version], prompt: str, on_run: Callable[[], None]) -> None:
    """An editor per column; typing in a version's column makes it a draft."""
    with st.grid(max(len(current.columns), 1), min_column_width=270, key="editors"):
        for column in current.columns:
            with st.container(gap="xxsmall", key=f"column-{column.id}"):
                editor(current, column, versions, prompt, on_run)


def editor(
    current: Bench, column: Column, versions: Mapping[str, Version], prompt: str, on_run: Callable[[], None]
) -> None:
    """The editor of one column; typing in a version's column makes it a draft."""
    draft = current.drafts.get(column.label)
    version = versions[draft.base if draft else column.label]
    found = version.prompts.get(prompt)
    use = cached.found_prompts(state.dataflow_name()).get(prompt)
    slots = use.slots if use else {}
    parameters = {own.name: f"a parameter, {own.default!r} unless set" for own in (found.parameters if found else ())}

    def changed(text: str) -> None:
        before = state.current_bench(versions)  # another column, or another tab, may have changed it
        after = bench.edit(before, column.id, prompt, text, versions)
        (state.put_bench if after.labels == before.labels else _relabel)(after)

    locked = found is None or (bool(found.reason) and prompt not in (draft.templates if draft else {}))
    key = f"editor-{column.id}-{prompt}"
    given, problem = _computed(version, prompt) if locked else (None, "")
    text = (given or problem) if locked else bench.template(current, column.label, prompt, versions)
    prompt_editor(
        key,
        text=text,
        seed=_seed(key, text),
        label=column.label,
        known={**{name: slot.meaning for name, slot in slots.items()}, **parameters},
        required=[name for name, slot in slots.items() if slot.required],
        optional_note={name: slot.meaning for name, slot in slots.items() if not slot.required},
        plain=use is not None and use.filling != "format",
        disabled=locked,
        on_change=changed,
        on_run=on_run,
    )
    if use and use.glued:
        st.caption(markup.plain_label(f"The dataflow adds to it: {', '.join(use.glued)}.", 200))
    if locked:
        reason = found.reason if found else f"{version.label} has no {prompt}"
        st.caption(markup.plain_label(f"Read-only: {reason}. Change it in its file.", 200))
        if given is not None:
            st.button(
                "Start a draft with this text",
                type="tertiary",
                icon=":material/edit:",
                key=f"draft-of-computed-{column.id}",
                help="The text that its code gives now, without the code.",
                on_click=changed,
                args=(given,),
            )
    elif draft:
        _draft_line(draft, column, versions)


def _seed(key: str, text: str) -> int:
    """A new number when another tab has changed the text, so that what is shown is what would be run."""
    seed = int(state.passing(f"seed-{key}", 0))
    match state.shown(key):
        case {"edit": {"seed": int(of), "text": str(typed)}} if of == seed and typed != text:
            seed += 1
            state.pass_on(f"seed-{key}", seed)
    return seed


def _computed(version: Version, prompt: str) -> tuple[str | None, str]:
    """What the prompt's code gives, or None and why it gives nothing."""
    try:
        return rendered_prompts(cached.dataflow(state.dataflow_name()), version, {}).get(prompt), ""
    except WorkbenchError as error:
        return None, error.message


def _draft_line(draft: Draft, column: Column, versions: Mapping[str, Version]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        edited = ", ".join(readable_prompt(name) for name in draft.templates)
        st.badge(
            f"Draft of {draft.base}", color="orange", help=f"Changed: {edited}" if edited else "Nothing changed yet"
        )
        st.space("stretch")
        st.button(
            "Discard",
            type="tertiary",
            icon=":material/undo:",
            key=f"discard-{column.id}",
            on_click=partial(_discard, versions, column.label),
        )


def _discard(versions: Mapping[str, Version], label: str) -> None:
    current = state.current_bench(versions)
    if label in current.drafts:
        draft = current.drafts[label]
        state.pass_on("discarded", (draft, draft.base in current.labels))
        _relabel(bench.discard_draft(current, label))


def undo_discard(versions: Mapping[str, Version]) -> None:
    """Offer the draft that was discarded last."""
    discarded = state.passing("discarded")
    if not discarded:
        return
    draft, beside_its_base = discarded

    def bring_back() -> None:
        state.pass_on("discarded", None)
        current = state.current_bench(versions)
        labels = [label for label in current.labels if label != draft.base or beside_its_base]
        _relabel(bench.add_draft(bench.choose(current, labels), draft.base, draft.templates))

    label = f"Bring back {draft.label}"
    st.button(label, icon=":material/undo:", type="tertiary", key="undo-discard", on_click=bring_back)


def _relabel(changed: Bench) -> None:
    """Keep a bench whose columns show something else now.

    The choice above gets a new key: what the browser still says of the old one is out of date, and would undo this.
    """
    state.pass_on("relabelled", state.passing("relabelled", 0) + 1)
    state.put_bench(changed)
