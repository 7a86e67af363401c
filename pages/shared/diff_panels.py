"""Two texts side by side or in one, with what changed marked."""

import streamlit as st

from pages.shared import cached, markup
from pages.shared.escaping import escaped


def diff_panels(labels: tuple[str, str], left: str, right: str, as_one: bool, key: str = "diff") -> None:
    """The difference of two texts, word by word.

    Args:
        labels: What the texts are called.
        left: The text before.
        right: The text after.
        as_one: Show both in one panel.
        key: Of the element.
    """
    inline, sides, (removed, added) = cached.difference(left, right)
    with st.container(key=key):
        if left == right:
            st.html(markup.diff_panel_html(f"{labels[0]} and {labels[1]} are identical", "", sides[0]))
        elif as_one:
            title = f"{labels[0]} → {labels[1]}"
            st.html(markup.diff_panel_html(title, f"−{removed} +{added}", inline))
        else:
            _beside(labels, (f"−{removed}", f"+{added}"), sides)


def half_panels(
    labels: tuple[str, str], left: str | None, right: str | None, reasons: tuple[str, str], key: str = "diff"
) -> None:
    """Two texts of which one at least is missing.

    Args:
        labels: What the texts are called.
        left: A text, or None.
        right: Another, or None.
        reasons: Why each is missing, as a sentence.
        key: Of the element.
    """
    notes = [f'<p class="wb-note">{escaped(reason)}</p>' for reason in reasons]
    bodies = [
        note if text is None else cached.difference(text, text)[1][0]
        for text, note in zip((left, right), notes, strict=True)
    ]
    with st.container(key=key):
        _beside(labels, ("", ""), (bodies[0], bodies[1]))


def _beside(labels: tuple[str, str], counts: tuple[str, str], bodies: tuple[str, str]) -> None:
    for column, label, count, body in zip(st.columns(2, gap="small"), labels, counts, bodies, strict=True):
        with column:
            st.html(markup.diff_panel_html(label, count, body))
