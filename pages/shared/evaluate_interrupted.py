"""An evaluation whose process is gone, with a banner that offers the rest of it, or what it had."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import streamlit as st

from pages.shared import markup, state
from pages.shared.dates import moment
from pages.shared.evaluate_run import forget, left_behind, start
from workbench import settings
from workbench.evaluation.choice import Choice
from workbench.records import Version

_SAID = {
    "going": "was interrupted when the server ended",
    "stopped": "was stopped, and the server was started again since",
    "ended": "was over before the server was started again",
}


def interrupted_evaluation(versions: Mapping[str, Version]) -> None:
    """Offer to go on with what this workspace evaluated last; shows nothing when this process has it."""
    if not (found := left_behind()):
        return
    choice, kept = found
    variants = " and ".join(f"{len(own)} of {name}" for name, own in choice.grid.items())
    variants = f"a grid of {variants}" if variants else ", ".join(choice.labels)
    title = f"The evaluation of {variants} on {_name(choice)}, begun {moment(kept['at'], date.today())}, "
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="interrupted-evaluation"):
        detail = "Every answer it got is kept"
        detail += (
            ": nothing is asked again." if kept["standing"] == "ended" else ", so only the missing calls are made."
        )
        st.html(markup.banner_html(title + _SAID.get(kept["standing"], _SAID["going"]), detail))
        st.button(
            "Show its results" if kept["standing"] == "ended" else "Go on",
            icon=":material/play_arrow:",
            key="go-on",
            help="0 calls for what is done.",
            on_click=_go_on,
            args=(choice, kept["at"], versions),
        )
        st.button("Dismiss", type="tertiary", key="dismiss-evaluation", on_click=forget)


def _name(choice: Choice) -> str:
    path = Path(choice.dataset)
    root = settings.project()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _go_on(choice: Choice, at: float, versions: Mapping[str, Version]) -> None:
    """With the form as it was then."""
    state.keep("evaluate-dataset", _name(choice))
    state.keep("evaluate-models", list(choice.models))
    state.keep("evaluate-baseline", choice.baseline or "–")
    state.keep("evaluate-grid", bool(choice.grid))
    state.keep("repetitions", choice.repetitions)
    if choice.judge:
        state.keep("evaluate-judge", choice.judge)
    if choice.embedding:
        state.keep("evaluate-embedding", choice.embedding)
    if choice.grid:
        grid = {"prompts": list(choice.grid), "labels": {name: list(own) for name, own in choice.grid.items()}}
        state.keep("grid", {**state.kept("grid", {}), **grid})
    else:
        state.keep("evaluate-labels", list(choice.labels))
    start(choice, versions, at=at)
