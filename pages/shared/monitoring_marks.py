"""Marks at the moments at which another version took over."""

from collections.abc import Sequence
from typing import Literal

import altair as alt

from pages.shared.monitoring_axes import GREY, Chart, Row, chart_of, time_axis, wall
from pages.shared.monitoring_words import change_label, moment_words
from workbench.history.monitoring_records import Figures

_CHARACTER = 0.01
"""Of the span: what a character of a label takes on a small screen."""
_SIDES: tuple[Literal["left"], Literal["right"]] = ("left", "right")


def with_changes(figures: Figures, height: int, *charts: alt.Chart) -> Chart:
    """Charts on top of each other, with a line and words at each change of version.

    Args:
        figures: With the changes.
        height: In pixels, a legend included.
        charts: Of the same axes.
    """
    marks = [
        {"at": wall(own.at), "label": label, "side": side}
        | {"kind": change_label(own, figures), "when": moment_words(own.at)}
        for own, (label, side) in zip(figures.changes, _labels(figures), strict=True)
    ]
    told = [alt.Tooltip("when:N", title="When"), alt.Tooltip("kind:N", title="Change of version")]
    rules = (
        chart_of(marks)
        .encode(x=time_axis(figures), tooltip=told)
        .mark_rule(color=GREY, strokeDash=[4, 3], strokeWidth=1.5)
    )
    words = [
        _words(figures, own, side)
        for side in _SIDES
        if (own := [mark for mark in marks if mark["side"] == side and mark["label"]])
    ]
    drawn = alt.layer(*charts, *([rules] if marks else []), *words)
    sized: Chart = drawn.properties(height=height)
    return sized


def _words(figures: Figures, marks: Sequence[Row], side: Literal["left", "right"]) -> alt.Chart:
    """The words at marks, which they begin at or end at."""
    away = 4 if side == "left" else -4
    text = chart_of(marks).mark_text(color=GREY, align=side, baseline="top", dx=away, fontSize=11, fontWeight=600)
    drawn: alt.Chart = text.encode(x=time_axis(figures), y=alt.value(1), text="label:N")
    return drawn


def _labels(figures: Figures) -> list[tuple[str, str]]:
    """(words, side that stands at the mark) of each; no words where they would lie over those of the mark before."""
    length = figures.frame.until - figures.frame.since
    found: list[tuple[str, str]] = []
    taken = 0.0
    for own in figures.changes:
        label = change_label(own, figures)
        place, wide = (own.at - figures.frame.since) / length, _CHARACTER * len(label)
        side = "left" if place + wide <= 1 else "right"
        begin = place if side == "left" else place - wide
        is_free = begin >= taken
        taken = begin + wide if is_free else taken
        found.append((label if is_free else "", side))
    return found
