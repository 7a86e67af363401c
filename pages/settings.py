"""Settings: which project is open, how much room kept answers may take, and how to be rid of them."""

from datetime import date

import streamlit as st

from pages.shared import cached, markup, shell, state
from pages.shared.privacy_card import person_field, privacy_card
from pages.shared.project_card import project_card
from pages.shared.store_card import answers_words, figures_of, hit_rate_words, room_html, size_words
from workbench import settings
from workbench.engine.call_store import CallStore
from workbench.engine.store_room import goal_of
from workbench.errors import UsageError
from workbench.settings import STORE_MB, StoreLimit

shell.guard(for_all=True)


def what_is_kept(store: CallStore, limit: StoreLimit) -> None:
    """The room that is taken, and the figures once there are any."""
    counts = store.counts()
    st.html(room_html(counts.bytes if counts.answers else 0, limit))
    if counts.answers:
        st.html(markup.metrics_html(figures_of(counts, date.today(), cached.STORE_FILE)))
        st.caption(hit_rate_words(counts))
    else:
        st.caption("Nothing is kept yet. Each answer of a model stays here, so that an equal call is not paid again.")


def limit_form(store: CallStore, limit: StoreLimit) -> None:
    """The limit, to be changed; nothing goes before it is set."""
    used = store.counts().bytes
    with st.container(horizontal=True, vertical_alignment="bottom", key="limit"):
        wanted = st.number_input(
            "Limit in MB",
            min_value=STORE_MB[0],
            max_value=STORE_MB[-1],
            value=limit.megabytes,
            step=50,
            width=180,
            disabled=limit.from_environment,
            key="store-limit",
        )
        changed = wanted != limit.megabytes and not limit.from_environment
        pressed = st.button("Set the limit", icon=":material/check:", disabled=not changed, key="set-limit")
    if limit.from_environment:
        st.caption("`WORKBENCH_STORE_MB` sets the limit. Unset it to change the limit here.")
    elif changed and used > wanted * 2**20:
        gone = size_words(used - goal_of(wanted * 2**20))
        st.caption(f":material/warning: About {gone} of answers will go, those used longest ago.")
    else:
        st.caption("When the answers take more room, those used longest ago go.")
    if pressed:
        settings.keep_store_limit(settings.home(), wanted)
        with st.spinner("Making room"):
            store.shrink()
        st.rerun()


def emptying(store: CallStore) -> None:
    """A button that first says what will be lost."""
    answers = store.counts().answers
    if not answers:
        return
    with st.popover("Empty the store", icon=":material/delete:", key="empty-store"):
        st.markdown(f"**{answers_words(answers)}; the next run pays for them again.**")
        st.caption("Drafts, runs and documents stay.")
        pressed = st.button(f"Forget {answers_words(answers)}", type="primary", width="stretch", key="forget")
    if pressed:
        with st.spinner("Emptying the store"):
            store.empty()
        state.pass_on("emptied", answers)
        st.rerun()


with st.container(border=True, width=760, key="project"):
    project_card()

try:
    store, limit = cached.store(), settings.store_limit(settings.home())
except UsageError as error:
    st.error(markup.plain_label(f"{error.message} {error.hint}", 400), icon=":material/error:")
    st.stop()
if forgotten := state.passing("emptied"):
    state.pass_on("emptied", 0)
    st.toast(f"{answers_words(forgotten)} forgotten.", icon=":material/delete:")

with st.container(border=True, width=760, key="history"):
    person_field()
    privacy_card()

with st.container(border=True, width=760, key="store"):
    what_is_kept(store, limit)
    limit_form(store, limit)
    emptying(store)
