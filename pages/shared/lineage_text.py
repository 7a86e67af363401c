"""One text of a prompt: where it comes from, what it gave, how it differs from the one it was made from."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.diff_panels import diff_panels, half_panels
from pages.shared.lineage_tree import production_label
from pages.shared.lineage_words import figure_pairs, kind_words, live_words, name_words, origin_words
from workbench.lineage.line import Line
from workbench.lineage.origins import origin_of
from workbench.lineage.tree import TextNode
from workbench.records import Version
from workbench.state import bench

_NOT_KEPT = "Nobody kept this text, only its hash: the service keeps no texts."
_FIGURES = "Time, tokens and cost are of the {new:,} of {runs:,} runs that were done and reused no answer."
_MOST_LINKS = 3


def lineage_text(line: Line, node: TextNode | None, versions: Mapping[str, Version]) -> None:
    """The chosen text in a card; nothing where there is none."""
    if node is None:
        st.html(markup.empty_html("No version has this prompt, and it never ran.", ()))
        return
    today = date.today()
    with st.container(border=True, key="lineage-text"):
        live = live_words(node, production_label())
        tone: markup.Tone = "done" if live else "muted"
        st.html(markup.card_head_html(name_words(node), live or kind_words(node), tone))
        origins = {label: own for label in node.labels if label in versions and (own := origin_of(versions[label]))}
        told = origin_words(node, line.tree, origins, today)
        st.html(
            "".join(markup.line_html(words, "detail") for words in told) or markup.line_html("The first.", "detail")
        )
        if figures := line.figures.get(node.key):
            st.html(markup.metrics_html(figure_pairs(figures, today)))
            if figures.new_runs < figures.runs:
                st.caption(_FIGURES.format(new=figures.new_runs, runs=figures.runs))
        else:
            st.caption("No run sent this text.")
        _ways(node, versions)
        _texts(line, node)


def _ways(node: TextNode, versions: Mapping[str, Version]) -> None:
    base = next((own for own in (*node.labels, node.base) if own in versions), list(versions)[-1])
    with st.container(horizontal=True, vertical_alignment="center", key="lineage-ways"):
        pressed = st.button(
            "Edit as a draft",
            icon=":material/edit:",
            key="lineage-draft",
            disabled=node.prompt is None or bool(node.prompt.reason),
            help=f"Puts a draft of {markup.plain_label(base)} with this text on the Workbench.",
        )
        for number, sha256 in enumerate(node.hashes[:_MOST_LINKS]):
            label = "Runs with it" if not number else f"With other parameters {number}"
            st.page_link("pages/history.py", label=label, icon=":material/history:", query_params={"prompt": sha256})
    if len(node.hashes) > _MOST_LINKS:
        st.caption(f"It ran with {len(node.hashes):,} sets of parameters; those used most are linked.")
    if pressed and node.prompt:
        _put_on_bench(base, node.prompt.name, node.prompt.template)


def _texts(line: Line, node: TextNode) -> None:
    text = node.prompt.template if node.prompt else None
    parent = next((own for own in line.tree.nodes if own.key == node.parent), None)
    if node.prompt and node.prompt.reason and not text:
        st.caption(markup.plain_label(f"It has no text to be shown: {node.prompt.reason}.", 200))
        return
    tabs = st.tabs(["Difference", "Text"] if parent else ["Text"])
    if parent:
        labels = (name_words(parent), name_words(node) if node.kind == "version" else f"{name_words(node)} as it ran")
        before = parent.prompt.template if parent.prompt else None
        with tabs[0]:
            if text is None or before is None:
                half_panels(labels, before, text, (_NOT_KEPT, _NOT_KEPT), key="lineage-diff")
            else:
                diff_panels(labels, before, text, as_one=True, key="lineage-diff")
    with tabs[-1]:
        if text is None:
            st.caption(_NOT_KEPT)
        else:
            st.code(text, language=None, wrap_lines=True)
        if node.hashes:
            st.caption(f"SHA-256 as it was sent: `{node.hashes[0]}`")


def _put_on_bench(base: str, prompt: str, text: str) -> None:
    """In a column of its own; the last one makes room where all are taken."""
    versions = cached.versions(state.dataflow_name())
    current = state.current_bench(versions)
    templates = {} if text == bench.original(versions[base], prompt) else {prompt: text}
    state.put_bench(bench.add_draft(bench.choose(current, current.labels[: bench.MOST_COLUMNS - 1]), base, templates))
    st.switch_page("pages/compare.py")
