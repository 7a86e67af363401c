"""Run and Stop, the same on each page that runs something."""

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.shared import awaited, state
from pages.shared.experiments import SLOT, current_job, experiment_of, is_live, start
from pages.shared.settings_card import RunSettings
from workbench.records import Document, Variant, Version


def ask_to_run(slot: str = SLOT) -> None:
    """Run in the page run to come, when all that was just typed has arrived."""
    state.pass_on(f"wanted-{slot}", True)


def run_if_asked(
    variants: Sequence[Variant],
    settings: RunSettings,
    document: Document | None,
    versions: Mapping[str, Version],
    slot: str = SLOT,
) -> None:
    """Start what was asked for, or say what is missing for it.

    Args:
        variants: What to run, two at least.
        settings: As set on the page.
        document: The one at hand, if any.
        versions: Label -> version, as read now.
        slot: Where the experiment is kept.
    """
    if not state.passing(f"wanted-{slot}"):
        return
    if is_live(slot):
        pass
    elif document is None:
        st.toast(awaited.why_no_document(), icon=":material/description:")
    elif len(variants) < 2:
        st.toast("Choose at least two variants.", icon=":material/compare:")
    else:
        start(experiment_of(variants, settings, document), versions, slot)
    # Last: another message of the browser may end this page run anywhere above, and then the next one starts it.
    state.pass_on(f"wanted-{slot}", False)


def run_or_stop(label: str, live: bool, enabled: bool, slot: str = SLOT) -> None:
    """The one button: Run while nothing runs, Stop while something does.

    Args:
        label: What Run would run: "Run 3 variants".
        live: Whether this slot's experiment runs.
        enabled: Whether there is anything to run.
        slot: Where the experiment is kept.
    """
    job = current_job(slot)
    if job and live:
        st.button("Stop", icon=":material/stop_circle:", key="stop", width=240, on_click=job.stop.set)
        return
    st.button(
        label,
        type="primary",
        icon=":material/play_arrow:",
        key="run",
        width=240,
        shortcut="Mod+Enter",
        disabled=not enabled,
        on_click=ask_to_run,
        args=(slot,),
    )
