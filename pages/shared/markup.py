"""Pieces of the pages as HTML for st.html: pure functions, every text of theirs escaped. style.css dresses them."""

import re
from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Literal

from pages.shared.answer_markup import answer_html as answer_html

State = Literal["waiting", "running", "done", "reused", "failed", "stopped"]
Tone = Literal["", "running", "done", "failed", "stopped", "muted"]

_MAX_SEGMENTS = 60
_STATES: tuple[State, ...] = ("done", "reused", "failed", "stopped", "running", "waiting")
# Marks that turn the reading direction: a file name may hide its ending with them.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+")
_MARKS = re.compile(r"[!-/:-@\[-`{-~]")
# Streamlit turns :names:, arrows, dashes and addresses into something else after Markdown's own escapes are gone.
_PAIRED = ":-<>~=@."


def segments_html(steps: Sequence[str], label: str) -> str:
    """The progress of a run: a segment per chunk and a wide one for the last step; over 60 steps, one bar with counts.

    Args:
        steps: The state of each step, in order; the last one puts the others together.
        label: What makes progress, for screen readers.
    """
    known = [step if step in _STATES else "waiting" for step in steps]
    counts = Counter(known)
    over = len(steps) - counts["waiting"] - counts["running"]
    said = ", ".join(f"{counts[state]} {state}" for state in _STATES if counts[state])
    if len(steps) > _MAX_SEGMENTS:
        parts = "".join(
            f'<span class="wb-segment wb-{state}" style="flex-grow:{counts[state]}"></span>'
            for state in _STATES
            if counts[state]
        )
        parts = f'<span class="wb-bar">{parts}</span><span class="wb-counts">{over:,} of {len(steps):,}</span>'
    else:
        parts = "".join(f'<span class="wb-segment wb-{step}"></span>' for step in known)
    return (
        f'<div class="wb-segments" role="progressbar" aria-label="{_escaped(label)}" aria-valuemin="0" '
        f'aria-valuemax="{len(steps)}" aria-valuenow="{over}" aria-valuetext="{said}">{parts}</div>'
    )


def metrics_html(pairs: Sequence[tuple[str, str, str]]) -> str:
    """Numbers in a row.

    Args:
        pairs: (label, value, tone) of each; the tone is "", "best" or "muted".
    """
    rows = (
        f'<div><dt>{_escaped(label)}</dt><dd class="wb-tone-{_escaped(tone) or "plain"}">{_escaped(value)}</dd></div>'
        for label, value, tone in pairs
    )
    return f'<dl class="wb-metrics">{"".join(rows)}</dl>'


def status_html(text: str, tone: Tone) -> str:
    """A word or two on how a run stands ("Reading chunk 3 of 8"), told to screen readers when it changes."""
    return f'<span class="wb-status wb-tone-{tone or "plain"}" role="status">{_escaped(text)}</span>'


def card_head_html(name: str, status: str, tone: Tone) -> str:
    """The head of an answer card: its name at the left, how it stands at the right."""
    return f'<div class="wb-head"><b title="{_escaped(name)}">{_escaped(name)}</b>{status_html(status, tone)}</div>'


def empty_html(sentence: str, keys: Sequence[str] = ("Ctrl", "Enter"), purpose: str = "to run") -> str:
    """What stands where nothing is yet: a sentence, and the keys that change it; without keys, the sentence alone."""
    pressed = " ".join(f"<kbd>{_escaped(key)}</kbd>" for key in keys)
    hint = f"<p>Press {pressed} {_escaped(purpose)}.</p>" if keys else ""
    return f'<div class="wb-empty"><p>{_escaped(sentence)}</p>{hint}</div>'


def chip_html(name: str, detail: str) -> str:
    """The document in use: its file name, cut by the browser where the room ends, over its detail."""
    shown = _escaped(_UNSEEN.sub(" ", name).strip() or "unnamed")
    return (
        f'<div class="wb-chip"><span class="wb-chip-name" title="{shown}">{shown}</span>'
        f'<span class="wb-chip-detail">{_escaped(detail)}</span></div>'
    )


def diff_panel_html(title: str, count: str, body_html: str) -> str:
    """A panel of a difference.

    Args:
        title: Which text it is.
        count: Words taken out ("−24"), put in ("+22") or both ("−24 +22"); may be empty.
        body_html: The text as escaped HTML with ins and del elements.
    """
    tones = {"+": "added", "-": "removed", "−": "removed"}
    counts = " ".join(
        f'<span class="wb-tone-{tones.get(part[0], "plain")}">{_escaped(part)}</span>' for part in count.split()
    )
    return (
        f'<section class="wb-diff"><header><span>{_escaped(title)}</span><span>{counts}</span></header>'
        f'<div class="wb-diff-body">{body_html}</div></section>'
    )


def plain_label(text: str, limit: int = 80) -> str:
    """A text as a Streamlit label that shows as it is: no Markdown, math, colours, icons or images of its own.

    Args:
        text: Anything, a file name for example.
        limit: The most characters shown.
    """
    line = _UNSEEN.sub(" ", text.encode("utf-8", "replace").decode("utf-8")).strip()
    shown = line if len(line) <= limit else f"{line[: limit - 1]}…"
    return _MARKS.sub(lambda mark: f"\\{mark[0]}\u200b" if mark[0] in _PAIRED else f"\\{mark[0]}", shown)


def _escaped(text: str) -> str:
    # A file name or an answer may hold lone surrogates, which can't be sent to the browser.
    return escape(text.encode("utf-8", "replace").decode("utf-8"))
