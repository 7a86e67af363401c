"""A prompt's texts as an indented list of buttons; the chosen one is shown beside it."""

from collections import Counter
from datetime import date
from pathlib import Path

import streamlit as st

from pages.shared import markup, state
from pages.shared.lineage_folds import Fold, unfolded_rows
from pages.shared.lineage_words import ICONS, kind_words, live_words, name_words, new_words, row_words
from workbench import project
from workbench.errors import WorkbenchError
from workbench.lineage.line import Line
from workbench.lineage.tree import TextNode
from workbench.prompts.current import current_of

_CSS = Path(__file__).with_name("lineage.css").read_text("utf-8")
_STEP = 60
_DEEPEST = 4
"""What is further down is indented no more."""


def lineage_style() -> None:
    """Put this page's own CSS on it; it takes no room."""
    st.html(f"<style>{_CSS}</style>")


def chosen_node(line: Line) -> TextNode | None:
    """The text that the address names, else the newest version's; None where there is no text at all."""
    nodes = line.tree.nodes
    asked = state.address("text")
    named = [own for own in nodes if asked and own.key.startswith(asked)]
    newest = [own for own in nodes if own.kind == "version"]
    return next(iter([*named, *newest[::-1], *nodes]), None)


def production_label() -> str:
    """Label of the version that current.py names; empty where it names none."""
    try:
        number = current_of(project.versions_folder(state.dataflow_name()))
    except (WorkbenchError, OSError, ValueError):
        return ""
    return f"v{number}" if number else ""


def lineage_tree(line: Line, chosen: TextNode | None) -> None:
    """The list, from the first version to the newest; drafts and what else branches off stand indented below."""
    lineage_style()
    nodes = line.tree.nodes
    kinds = Counter(own.kind for own in nodes)
    others = len(nodes) - kinds["version"]
    texts = f"{kinds['version']:,} text{'' if kinds['version'] == 1 else 's'} of versions"
    st.caption(f"{texts} · {others:,} other{'' if others == 1 else 's'} that ran · the newest version is last")
    opened = state.passing("lineage-opened", ())
    rows = unfolded_rows(line.tree, opened, chosen)
    shown = int(state.passing("lineage-shown", _STEP))
    first = max(0, len(rows) - shown)
    if first:
        label = f"Show {min(_STEP, first)} earlier of {len(rows):,}"
        more = ("lineage-shown", shown + _STEP)
        st.button(label, icon=":material/expand_less:", key="lineage-more", on_click=state.pass_on, args=more)
    production, today = production_label(), date.today()
    with st.container(gap=None, key="lineage-tree"):
        for row in rows[first:]:
            if isinstance(row, Fold):
                _fold(row, opened)
            else:
                _row(row, line, row is chosen, production, today)
    for note in line.notes:
        st.caption(note)


def _row(node: TextNode, line: Line, is_chosen: bool, production: str, today: date) -> None:
    name = markup.plain_label(name_words(node), 80)
    live = markup.plain_label(live_words(node, production), 60)
    parent = next((own for own in line.tree.nodes if own.key == node.parent), None)
    said = markup.plain_label(new_words(node, parent), 60) if node.kind != "version" else ""
    kind = f"{kind_words(node)} · " if node.kind in ("former", "service") else ""
    figures = row_words(line.figures.get(node.key), today)  # without a word of others
    strong = f"**{name}**" if node.kind == "version" else name
    st.button(
        f"{strong} {f':green[{live}] ' if live else ''}{said} :gray[{kind}{figures}]",
        icon=ICONS[node.kind],
        key=f"line-{min(line.tree.depths[node.key], _DEEPEST)}-{'chosen' if is_chosen else 'row'}-{node.key[:16]}",
        type="tertiary",
        width="stretch",
        on_click=state.to_address,
        kwargs={"text": node.key[:16]},
    )


def _fold(fold: Fold, opened: tuple[str, ...]) -> None:
    st.button(
        f":gray[Show {fold.count:,} earlier texts here]",
        icon=":material/unfold_more:",
        key=f"line-{min(fold.depth, _DEEPEST)}-fold-{fold.parent[:16]}",
        type="tertiary",
        width="stretch",
        on_click=state.pass_on,
        args=("lineage-opened", (*opened, fold.parent)),
    )
