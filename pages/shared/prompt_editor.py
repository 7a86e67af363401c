"""An editor for one prompt: a plain textarea with its slots marked behind it.

The browser checks the template while one types; the script hears of it when typing stops. The state is
{"edit": {"seed": ..., "text": ...}}, so an edit made before Python overwrote the text can't come back.
"""

import keyword
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent
_editor = st.components.v2.component(
    "prompt_editor",
    css=(_HERE / "prompt_editor.css").read_text("utf-8"),
    # One module: it runs from an address of its own, from which it could import nothing.
    js="".join((_HERE / name).read_text("utf-8") for name in ("template_grammar.js", "prompt_editor.js")),
)


@dataclass(frozen=True)
class Edit:
    """What the editor holds now."""

    value: str
    """The template as typed; it may break the grammar."""
    run: bool
    """Whether Ctrl+Enter was pressed since the last script run."""


def prompt_editor(
    key: str,
    *,
    text: str,
    seed: int,
    label: str,
    known: Mapping[str, str],
    required: Sequence[str] = (),
    optional_note: Mapping[str, str] | None = None,
    plain: bool = False,
    height: int = 170,
    disabled: bool = False,
    on_change: Callable[[str], None] | None = None,
    on_run: Callable[[], None] | None = None,
) -> Edit:
    """Show the editor and give what it holds.

    A test drives it with `at.session_state[key] = {"edit": {"seed": seed, "text": "..."}}`.

    Args:
        key: Of the element; its state is in the session under this name.
        text: What to show when the editor opens, or when seed is new; ignored otherwise, so no keystroke is lost.
        seed: A new number overwrites what was typed with text.
        label: Name of the editor, plain text.
        known: Slot name -> what is filled into it.
        required: Slots a template must have.
        optional_note: Slot name -> what happens when the template lacks it.
        plain: Braces are braces, but around the known names.
        height: Of the text, in pixels, when it opens; a person can drag it.
        disabled: The text can be read and copied, but not changed.
        on_change: Called with the new text before the script runs.
        on_run: Called after on_change when Ctrl+Enter was pressed.
    """

    def now() -> str:
        return _text(st.session_state.get(key), seed, text)

    def changed() -> None:
        if on_change and not disabled:
            on_change(now())

    data = {
        "text": now(),
        "seed": seed,
        "label": label,
        "known": dict(known),
        "required": list(required),
        "notes": dict(optional_note or {}),
        "keywords": keyword.kwlist,
        "plain": plain,
        "height": height,
        "disabled": disabled,
    }
    state = _editor(key=key, data=data, on_edit_change=changed, on_run_change=on_run or _nothing)
    return Edit(text if disabled else _text(state, seed, text), bool(state.get("run")))


def _text(state: Any, seed: int, text: str) -> str:
    """The text of the state, or the given one when there is none of this seed."""
    match state:
        case {"edit": {"seed": int(of), "text": str(typed)}} if of == seed:
            return typed
    return text


def _nothing() -> None:
    pass
