"""Runs that were going on when their process ended, each with a banner that offers the rest of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.dates import moment
from pages.shared.experiments import SLOT, documents_of, is_live, resume
from pages.shared.plan_words import calls, refusals
from workbench.engine.plans import Count
from workbench.records import Document, Experiment, Version

_POLL_SECONDS = 0.5


def interrupted_runs(
    versions: Mapping[str, Version],
    slot: str = SLOT,
    belongs: Callable[[Experiment], bool] = lambda _: True,
) -> None:
    """Offer to resume what this workspace was running when its process ended; shows nothing when nothing was.

    Args:
        versions: Label -> version, as read now.
        slot: Where a resumed experiment is kept.
        belongs: Whether an experiment is this page's.
    """
    for experiment in cached.experiments().interrupted(state.workspace()):
        if belongs(experiment):
            _banner(experiment, versions, slot)


def _banner(experiment: Experiment, versions: Mapping[str, Version], slot: str) -> None:
    live = is_live(slot)  # no other can be resumed in its place
    documents = documents_of(experiment)
    with st.container(
        horizontal=True, vertical_alignment="center", border=True, key=f"interrupted-{experiment.id[:8]}"
    ):
        if documents is None:
            names = ", ".join(own.name for own in experiment.documents)
            st.html(markup.banner_html(_title(experiment), f"{names} is not kept any more: upload it again to resume."))
        else:
            _what_it_has(experiment, documents, versions)
        st.button(
            "Resume",
            icon=":material/play_arrow:",
            key=f"resume-{experiment.id}",
            disabled=documents is None or live,
            help="Stop the run that goes on first, or wait for its end." if live else "Makes the missing calls only.",
            on_click=resume,
            args=(experiment, versions, slot),
        )
        st.button(
            "Dismiss",
            type="tertiary",
            key=f"dismiss-{experiment.id}",
            help="Don't offer it any more; what was answered is kept.",
            on_click=cached.experiments().dismiss,
            args=(state.workspace(), experiment.id),
        )


def _what_it_has(experiment: Experiment, documents: list[Document], versions: Mapping[str, Version]) -> None:
    whole = replace(experiment, documents=tuple(documents))

    def counts() -> tuple[Count, Count]:
        """What is missing, and what there would be if nothing were kept."""
        all_anew = replace(whole, fresh=True, started_at=0.0)
        asker = (state.workspace(), experiment.id)
        found = [cached.plans().count((*asker, own.fresh), own, versions) for own in (whole, all_anew)]
        return found[0], found[1]

    missing, everything = counts()
    if not (missing.counting or everything.counting):
        parts = [_has(missing, everything), *_changed(experiment, versions), *refusals(missing)]
        st.html(markup.banner_html(_title(experiment), " ".join(parts)))
        return

    @st.fragment(run_every=_POLL_SECONDS)
    def counting() -> None:
        st.html(markup.banner_html(_title(experiment), "What it has is being counted."))
        if not any(count.counting for count in counts()):
            st.rerun()

    counting()


def _title(experiment: Experiment) -> str:
    labels = [variant.label for variant in experiment.variants]
    shown = ", ".join(labels[:6]) + (f" and {len(labels) - 6} more" if len(labels) > 6 else "")
    names = ", ".join(document.name for document in experiment.documents)
    repeated = f", {experiment.repetitions} times each," if experiment.repetitions > 1 else ""
    return f"{shown}{repeated} on {names}, started {moment(experiment.started_at, date.today())}, was interrupted"


def _has(missing: Count, everything: Count) -> str:
    if not (missing.plan and everything.plan):
        return ""
    total = everything.plan.to_make
    return f"{total - missing.plan.to_make:,} of {calls(total)} {'is' if total == 1 else 'are'} answered."


def _changed(experiment: Experiment, versions: Mapping[str, Version]) -> list[str]:
    """Which prompts are not what they were when the experiment was started."""
    edited = [
        f"prompts_{label}.py"
        for label, sha256 in experiment.sources.items()
        if label in versions and versions[label].sha256 != sha256
    ]
    if not edited:
        return []
    have, are = ("has", "is") if len(edited) == 1 else ("have", "are")
    return [f"{' and '.join(edited)} {have} changed since, and {are} used as now."]
