"""Pieces of the pages as HTML for st.html: pure functions, every text of theirs escaped. style.css dresses them."""

import re
from collections.abc import Sequence
from typing import Literal

from pages.shared.answer_markup import answer_html as answer_html
from pages.shared.escaping import escaped
from pages.shared.segments import segments_html as segments_html
from pages.shared.spread_markup import apart_html as apart_html
from pages.shared.spread_markup import spread_html as spread_html

Tone = Literal["", "running", "done", "failed", "stopped", "muted"]

# Marks that turn the reading direction: a file name may hide its ending with them.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+")
_MARKS = re.compile(r"[!-/:-@\[-`{-~]")
# Streamlit turns :names:, arrows, dashes and addresses into something else after Markdown's own escapes are gone.
_PAIRED = ":-<>~=@."


def metrics_html(pairs: Sequence[tuple[str, str, str]]) -> str:
    """Numbers in a row.

    Args:
        pairs: (label, value, tone) of each; the tone is "", "best" or "muted".
    """
    rows = (
        f'<div><dt>{escaped(label)}</dt><dd class="wb-tone-{escaped(tone) or "plain"}">{escaped(value)}</dd></div>'
        for label, value, tone in pairs
    )
    return f'<dl class="wb-metrics">{"".join(rows)}</dl>'


def status_html(text: str, tone: Tone) -> str:
    """A word or two on how a run stands ("Reading chunk 3 of 8"), told to screen readers when it changes."""
    return f'<span class="wb-status wb-tone-{tone or "plain"}" role="status">{escaped(text)}</span>'


def card_head_html(name: str, status: str, tone: Tone) -> str:
    """The head of an answer card: its name at the left, how it stands at the right."""
    return f'<div class="wb-head"><b title="{escaped(name)}">{escaped(name)}</b>{status_html(status, tone)}</div>'


def line_html(text: str, kind: Literal["title", "detail"]) -> str:
    """A line over what it is about; a title is told to screen readers when it changes."""
    role = ' role="status"' if kind == "title" else ""
    return f'<p class="wb-line wb-{kind}"{role}>{escaped(text)}</p>'


def plan_html(words: str, budget: str = "", refusals: Sequence[str] = (), *, counting: bool = False) -> str:
    """What a run will make, what its budget does to it, and what can't run.

    Args:
        words: The plan, or how far it is.
        budget: Empty when the budget doesn't touch it.
        refusals: Why something can't run, a line each.
        counting: A newer plan is being counted.
    """
    parts = [escaped(words)] if words else []
    parts += [f'<span class="wb-tone-stopped">{escaped(budget)}</span>'] if budget else []
    parts += ['<span class="wb-counting">counting</span>'] if counting else []
    lines = [" · ".join(parts), *(f'<span class="wb-tone-failed">{escaped(own)}</span>' for own in refusals)]
    return f'<div class="wb-plan">{"".join(f"<p>{line}</p>" for line in lines if line)}</div>'


def banner_html(title: str, detail: str) -> str:
    """Something to know of before anything else on the page: what it is, over what it means."""
    return f'<div class="wb-banner"><b>{escaped(title)}</b><p>{escaped(detail)}</p></div>'


def failure_html(place: str, reason: str) -> str:
    """A call that failed: which one, and why; told to screen readers at once."""
    return f'<p class="wb-failure" role="alert"><b>{escaped(place)}</b> {escaped(reason)}</p>'


def proof_html(lines: Sequence[tuple[str, str, bool]]) -> str:
    """A proof as a short list.

    Args:
        lines: (claim, detail, whether it was seen to hold).
    """
    items = "".join(
        f'<li class="wb-{"shown" if ok else "not-shown"}"><span aria-hidden="true">{"✓" if ok else "–"}</span>'
        f"<div>{escaped(claim)}{f'<small>{escaped(detail)}</small>' if detail else ''}</div></li>"
        for claim, detail, ok in lines
    )
    return f'<ul class="wb-proof" aria-label="Proof">{items}</ul>'


def empty_html(sentence: str, keys: Sequence[str] = ("Ctrl", "Enter"), purpose: str = "to run") -> str:
    """What stands where nothing is yet: a sentence, and the keys that change it; without keys, the sentence alone."""
    pressed = " ".join(f"<kbd>{escaped(key)}</kbd>" for key in keys)
    hint = f"<p>Press {pressed} {escaped(purpose)}.</p>" if keys else ""
    return f'<div class="wb-empty"><p>{escaped(sentence)}</p>{hint}</div>'


def chip_html(name: str, detail: str, share: float | None = None) -> str:
    """The document in use: its file name, cut by the browser where the room ends, over its detail.

    Args:
        name: Of the file.
        detail: Its size, or how far its reading is.
        share: Of the reading, from 0 to 1, as a bar below; None for a document that is read.
    """
    shown = escaped(_UNSEEN.sub(" ", name).strip() or "unnamed")
    bar = "" if share is None else _bar_html(share, detail)
    return (
        f'<div class="wb-chip"><span class="wb-chip-name" title="{shown}">{shown}</span>'
        f'<span class="wb-chip-detail">{escaped(detail)}</span>{bar}</div>'
    )


def _bar_html(share: float, said: str) -> str:
    percent = round(100 * min(max(share, 0.0), 1.0), 1)
    return (
        f'<div class="wb-track" role="progressbar" aria-label="Reading" aria-valuemin="0" aria-valuemax="100" '
        f'aria-valuenow="{percent:.0f}" aria-valuetext="{escaped(said)}"><span style="width:{percent}%"></span></div>'
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
        f'<span class="wb-tone-{tones.get(part[0], "plain")}">{escaped(part)}</span>' for part in count.split()
    )
    return (
        f'<section class="wb-diff"><header><span>{escaped(title)}</span><span>{counts}</span></header>'
        f'<div class="wb-diff-body">{body_html}</div></section>'
    )


def share_html(share: float | None, interval: tuple[float, float], said: str) -> str:
    """Where a share lies between 0 and 1, its interval around it, and even in the middle.

    Args:
        share: None draws the interval alone.
        interval: From low to high.
        said: The same in words, for screen readers.
    """
    low, high = interval
    point = "" if share is None else f'<i class="wb-share-point" style="left:{100 * share:.2f}%"></i>'
    return (
        f'<div class="wb-share" role="img" aria-label="{escaped(said)}"><i class="wb-share-even"></i>'
        f'<i class="wb-share-range" style="left:{100 * low:.2f}%;width:{100 * (high - low):.2f}%"></i>{point}</div>'
    )


def legend_html(meanings: Sequence[tuple[str, str]]) -> str:
    """What colours mean: (class, words) each."""
    items = "".join(f'<li class="wb-mark-{escaped(kind)}">{escaped(words)}</li>' for kind, words in meanings)
    return f'<ul class="wb-legend" aria-label="What the colours mean">{items}</ul>'


def plain_label(text: str, limit: int = 80) -> str:
    """A text as a Streamlit label that shows as it is: no Markdown, math, colours, icons or images of its own.

    Args:
        text: Anything, a file name for example.
        limit: The most characters shown.
    """
    line = _UNSEEN.sub(" ", text.encode("utf-8", "replace").decode("utf-8")).strip()
    shown = line if len(line) <= limit else f"{line[: limit - 1]}…"
    return _MARKS.sub(lambda mark: f"\\{mark[0]}\u200b" if mark[0] in _PAIRED else f"\\{mark[0]}", shown)
