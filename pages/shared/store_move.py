"""The form that moves a label: to which version, what that changes word by word, who and why."""

import streamlit as st

from pages.shared import markup, state
from pages.shared.diff_panels import diff_panels
from pages.shared.settings_card import readable_prompt
from pages.shared.store_fields import WHO, attempt, kept_text, problem_at
from pages.shared.store_words import line, version_option
from workbench.prompts import store_changes
from workbench.prompts.stored import StoreView

_PLACE = "move"
_WHY, _NAME = "store-why", "store-label"
_MOST_PANELS = 12


def begin_move(label: str) -> None:
    """Open the form in the next run of the page; with an empty label that of a new one, which gets its name there."""
    state.pass_on("store-problem", None)
    state.pass_on("moving", [label])


def is_moving(label: str) -> bool:
    """Whether the form of this label is open; an empty one is the new label's."""
    return bool(state.passing("moving") == [label])


def move_form(label: str, view: StoreView) -> None:
    """Show the form; what is moved is what it shows, so that somebody else's move in between is not written over."""
    now = view.labels.get(label, 0)
    by_number = {own.number: own for own in view.versions if own.number != now}
    with st.container(horizontal=True):
        if not label:
            kept_text("Label", _NAME, "new", max_chars=80, placeholder="production")
        chosen = st.selectbox(
            "To" if label else "Points at",
            sorted(by_number, reverse=True),
            format_func=lambda number: version_option(by_number[number]),
            key=f"move-to-{label}",
        )
    if chosen is None:
        st.info("There is no other version yet: add one first.", icon=":material/info:")
    else:
        _changes(now, chosen, view)
        with st.container(horizontal=True):
            kept_text("Who", WHO, "move")
            kept_text("Why", _WHY, "move", placeholder="for the log")
    with st.container(horizontal=True):
        if chosen is not None:
            said = f"Move {line(label, 60)} to v{chosen}" if label else f"Point it at v{chosen}"
            button, args = markup.plain_label(said, 100), (label, chosen, now)
            st.button(button, type="primary", key="move-label", on_click=_move, args=args)
        st.button("Leave it", key="leave-label", on_click=_end)
    problem_at(_PLACE)


def _changes(now: int, chosen: int, view: StoreView) -> None:
    """The prompts that the move changes, word by word."""
    texts = {own.number: own.texts for own in view.versions}
    before, after = texts.get(now, {}), texts[chosen]
    if not before:
        return
    changed = [name for name in dict.fromkeys([*after, *before]) if before.get(name) != after.get(name)]
    for place, name in enumerate(changed[:_MOST_PANELS]):
        labels = (f"{readable_prompt(line(name, 80))}: v{now}", f"v{chosen}")
        diff_panels(labels, before.get(name, ""), after.get(name, ""), True, key=f"move-diff-{place}")
    same = [readable_prompt(line(name, 80)) for name in after if name not in changed]
    if len(changed) > _MOST_PANELS:
        st.caption(f"and {len(changed) - _MOST_PANELS} more")
    if same:
        st.caption(markup.plain_label(f"The same in both: {', '.join(same)}", 400))


def _move(label: str, chosen: int, now: int) -> None:
    name = label or str(state.kept(_NAME, "")).strip() or "production"

    def change() -> str:
        by, why = state.person(), state.kept(_WHY, "")
        store_changes.move_label(state.dataflow_name(), name, chosen, by=by, why=why, expected=now)
        return f"{name} points at v{chosen}."

    if attempt(_PLACE, change):
        state.keep(_WHY, "")
        state.keep(_NAME, "")
        _end()


def _end() -> None:
    state.pass_on("moving", None)
