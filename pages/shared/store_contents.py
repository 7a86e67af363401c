"""What a prompt store holds: where it is, its versions with their texts, and its change log."""

from datetime import date

import streamlit as st

from dataflows.prompt_store import PromptStoreError
from pages.shared import markup, state
from pages.shared.settings_card import readable_prompt
from pages.shared.store_words import line, log_html, origin_words, version_option, versions_html
from workbench import settings
from workbench.prompts import stored
from workbench.prompts.stored import StoreView

_STEP = 20


def store_place(view: StoreView) -> None:
    """Which store it is; while it is away, why and what to do."""
    count = len(view.versions)
    status = "away" if view.problem else f"{count:,} version{'' if count == 1 else 's'}" if count else "empty"
    st.html(markup.card_head_html("Prompt store", status, "failed" if view.problem else "muted"))
    st.caption(_place())
    if view.problem:
        known = "What was known last is shown." if count else "All other pages work without it."
        said = f"{view.problem[:1].upper()}{view.problem[1:]}. Start it, or correct WORKBENCH_PROMPT_STORE. {known}"
        st.error(markup.plain_label(said, 500), icon=":material/error:")
        st.button("Try again", icon=":material/refresh:", key="ask-again", on_click=stored.forget)


def store_versions(view: StoreView) -> None:
    """A table of the versions, the newest first, and the texts of one."""
    st.caption("A version never changes, here or in the database: another text is another version.")
    newest = view.versions[::-1]
    st.html(versions_html(newest[: _shown("versions")], view, date.today()))
    _more("versions", len(newest))
    by_number = {own.number: own for own in newest}
    number = st.selectbox(
        "Texts of",
        list(by_number),
        format_func=lambda own: version_option(by_number[own]),
        key="store-version",
        persist_state="session",
    )
    if number is None:
        return
    chosen = by_number[number]
    st.caption(origin_words(chosen, date.today()))
    for name, text in chosen.texts.items():
        st.caption(markup.plain_label(readable_prompt(line(name, 80))))
        st.code(text, language=None, wrap_lines=True)


def store_log(view: StoreView) -> None:
    """Who moved which label when and why, the newest first."""
    if not view.moves:
        st.caption("No label was moved yet.")
        return
    st.html(log_html(view.moves[: _shown("log")], date.today()))
    _more("log", len(view.moves))
    if len(view.moves) >= stored.MOST_MOVES:
        st.caption(f"Older moves than the newest {stored.MOST_MOVES} are in the store and not shown.")


def _place() -> str:
    """Without a password."""
    if settings.own_prompt_store():
        return "`prompts.db` in the state folder. `WORKBENCH_PROMPT_STORE` names another: a SQLite file or PostgreSQL."
    try:
        return markup.plain_label(stored.open_store().place, 300)
    except PromptStoreError:
        return "`WORKBENCH_PROMPT_STORE` names none."


def _shown(what: str) -> int:
    return int(state.passing(f"store-shown-{what}", _STEP))


def _more(what: str, count: int) -> None:
    shown = _shown(what)
    if count > shown:
        label = f"Show {min(_STEP, count - shown)} more of {count:,}"
        st.button(label, key=f"more-{what}", on_click=state.pass_on, args=(f"store-shown-{what}", shown + _STEP))
