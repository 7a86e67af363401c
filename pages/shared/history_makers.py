"""Who made this output? Paste it, and get the run, its prompts, and how to make it again."""

from datetime import date

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.dates import moment
from workbench.history.finding import MOST_CHARACTERS, Match

_MOST_SHOWN = 10


def history_makers() -> None:
    """A field, and what it leads to; what was pasted survives a refresh."""
    state.show("pasted", state.kept("pasted", ""))
    st.text_area(
        "An answer, a part of one, a request id, or a line of a service's log",
        key="pasted",
        height=160,
        max_chars=MOST_CHARACTERS,
        placeholder="Paste it here",
        on_change=state.keep_widget,
        args=("pasted", "pasted"),
    )
    st.button("Find its run", type="primary", icon=":material/search:", key="find-run", shortcut="Mod+Enter")
    pasted = str(state.kept("pasted", "")).strip()
    if not pasted:
        return
    found = cached.history().makers(pasted)
    if not found:
        st.info(
            "No run gave that. Runs that were deleted, or that a service made without the tracker, can't be found.",
            icon=":material/search_off:",
        )
    for match in found[:_MOST_SHOWN]:
        _match(match)
    if len(found) > _MOST_SHOWN:
        st.caption(f"and {len(found) - _MOST_SHOWN} more runs with the same text")


def _match(match: Match) -> None:
    row = match.row
    with st.container(border=True, key=f"match-{row.seq}"):
        head, button = st.columns([5, 1], vertical_alignment="center")
        commit = f" · {row.git_sha[:10]}{' + changes' if row.git_dirty else ''}" if row.git_sha else ""
        who = f"{row.person or 'somebody'}, {moment(row.started_at, date.today())}"
        head.html(markup.card_head_html(f"{row.variant} · {row.dataflow}", _how(match), "done"))
        head.caption(markup.plain_label(f"{who} · {row.model} · {row.document_name or row.source}{commit}", 300))
        button.button(
            "Open",
            icon=":material/open_in_full:",
            key=f"open-{row.seq}",
            width="stretch",
            on_click=state.to_address,
            kwargs={"run": row.id, "view": ""},
        )
        (_, prompts), *_ = cached.history().texts_of([row])
        for name, text in prompts.items():
            with st.expander(markup.plain_label(name, 120)):
                st.code(text, language=None, wrap_lines=True)


def _how(match: Match) -> str:
    what = {"output": "its output", "answer": "the answer of a call", "prompt": "its prompt"}.get(match.role, "")
    if match.how == "a part of it":
        return f"part of {what}"
    return f"{what}: {match.how}" if what else match.how
