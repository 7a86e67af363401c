"""What the history keeps, for how long, and what is taken out of it; and who is at work in this browser."""

import streamlit as st

from pages.shared import cached, markup, state
from workbench import settings
from workbench.errors import WorkbenchError
from workbench.history.privacy import DAYS, Privacy, keep_privacy, privacy_of


def person_field() -> None:
    """The name under which runs are kept and labels are moved."""
    state.show("person-name", state.person())
    st.text_input(
        "Your name",
        key="person-name",
        max_chars=120,
        help="Stands at your runs in the history, and at labels you move in the store.",
        on_change=state.keep_widget,
        args=("person", "person-name"),
        width=480,
    )


def privacy_card() -> None:
    """A form; nothing holds before it is set."""
    now = privacy_of(settings.home())
    st.html(markup.card_head_html("History", "kept for good" if now.days is None else f"kept {now.days} days", "muted"))
    try:
        history = cached.history()
        page = history.runs(size=1)
        total = f"{page.total:,}{'+' if page.is_capped else ''} run{'' if page.total == 1 else 's'}"
        st.caption(markup.plain_label(f"{total} in {history.place}", 300))
    except WorkbenchError as error:
        st.error(markup.plain_label(f"{error.message} {error.hint}".strip(), 400), icon=":material/error:")
    with st.form("privacy", border=False):
        keeps = st.toggle(
            "Keep documents' text",
            value=now.keeps_documents,
            key="keep-documents",
            help="Off: of a document its hash, name and size are kept; answers and prompts are, what was asked is not. "
            "Documents themselves are forgotten after a day.",
        )
        days = st.number_input(
            "Delete runs after days",
            min_value=DAYS[0],
            max_value=DAYS[-1],
            value=now.days,
            placeholder="never",
            key="history-days",
            help="Starred runs stay. Empty keeps all.",
            width=220,
        )
        patterns = st.text_area(
            "Take out of everything that is kept, one regular expression on each line",
            value="\n".join(now.patterns),
            key="redact",
            placeholder=r"\bTicket-\d+",
            height=100,
            help="Keys and bearer tokens are always taken out. What is kept already stays as it is.",
        )
        pressed = st.form_submit_button("Set", icon=":material/check:", key="set-privacy")
    if pressed:
        wanted = tuple(line.strip() for line in patterns.splitlines() if line.strip())
        try:
            keep_privacy(settings.home(), Privacy(keeps, None if days is None else int(days), wanted))
        except WorkbenchError as error:
            st.error(markup.plain_label(f"{error.message} {error.hint}".strip(), 400), icon=":material/error:")
            return
        cached.history.clear()  # looked after anew, so that what is too old goes now
        state.pass_on("privacy-set", True)
        st.rerun()
    if state.passing("privacy-set"):
        state.pass_on("privacy-set", False)
        st.toast("The history keeps to it from now on.", icon=":material/check:")
