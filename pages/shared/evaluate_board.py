"""The matrix with what sorts, filters and turns its pages; drawn anew by itself while cells stream in."""

from collections.abc import Callable, Sequence
from typing import Literal, get_args

import streamlit as st

from pages.shared import markup, state
from pages.shared.evaluate_cells import heads_of, line_of
from pages.shared.evaluate_live import LiveEvaluation
from pages.shared.evaluate_matrix import evaluate_matrix
from workbench.evaluation.listing import ORDERS, filtered_rows, page_of, sorted_rows
from workbench.evaluation.matrix import Matrix
from workbench.evaluation.rows import Row
from workbench.evaluation.sums import by_column

_PAGE_ROWS = 50
_POLL_SECONDS = 0.5
_MANY_CELLS = 1_000
"""Looking at more takes so long that once in two seconds has to do."""

Only = Literal["", "failed", "regressed", "gained", "open"]
_NEED_BASELINE = ("regressed", "gained")
_ALL = "all cases"


def evaluate_board(own: LiveEvaluation) -> None:
    """Show the matrix; it redraws itself while the evaluation goes on, and not at all otherwise."""
    live = own.live
    asked = own.asked
    if not asked or not own.evaluation:
        _waiting(own, live)
        return
    matrix = asked.matrix
    many = len(matrix.dataset.cases) * len(matrix.columns) * matrix.repetitions > _MANY_CELLS

    @st.fragment(run_every=(4 * _POLL_SECONDS if many else _POLL_SECONDS) if live else None)
    def board() -> None:
        rows = own.rows()
        tallies = own.outcome.tallies if own.outcome else by_column(rows)
        shown = _sorted_and_filtered(rows, matrix)
        page = _page(shown, len(rows))
        opened = opened_cell(own)
        selected = next(
            ((at, list(row.entries).index(opened[1])) for at, row in enumerate(page) if opened and row is opened[0]),
            None,
        )
        if page:
            place = evaluate_matrix("matrix", heads_of(matrix, tallies), [line_of(row) for row in page], selected)
            if place and place != selected:
                row, column = page[place[0]], place[1]
                state.keep("evaluate-open", {"case": row.case.name, "column": list(row.entries)[column]})
                st.rerun()
        else:
            st.html(markup.empty_html("No case is like that.", keys=()))
        if live and not own.live:
            st.rerun()  # once: the whole page is drawn anew, without polling

    board()


def opened_cell(own: LiveEvaluation) -> tuple[Row, str] | None:
    """The case whose cell is open, and the label of its column; None when none is."""
    kept = state.kept("evaluate-open", {})
    found = (row for row in own.rows() if row.case.name == kept.get("case") and kept.get("column") in row.entries)
    row = next(found, None)
    return (row, str(kept["column"])) if row else None


def _waiting(own: LiveEvaluation, live: bool) -> None:
    """Until its documents are read."""

    @st.fragment(run_every=_POLL_SECONDS if live else None)
    def waiting() -> None:
        if live and (own.evaluation or not own.live):
            st.rerun()
        if own.error:
            st.html(markup.failure_html("It could not begin:", f"{own.error.message} {own.error.hint}".strip()))
        elif live:
            st.html(markup.empty_html("The documents are being read.", keys=()))
        else:
            st.html(markup.empty_html("It was stopped before it began."))

    waiting()


def _sorted_and_filtered(rows: Sequence[Row], matrix: Matrix) -> list[Row]:
    orders = [own for own in ORDERS if matrix.baseline or own != "regressed most"]
    known_kinds: tuple[Only, ...] = get_args(Only)
    kinds_by_name = {own or _ALL: own for own in known_kinds if matrix.baseline or own not in _NEED_BASELINE}
    kinds = list(kinds_by_name)
    with st.container(horizontal=True, vertical_alignment="bottom", key="matrix-bar"):
        _restore("evaluate-order", orders[0], orders)
        order = st.selectbox("Sort", orders, key="evaluate-order", width=190, on_change=_keep("evaluate-order"))
        _restore("evaluate-only", kinds[0], kinds)
        only = st.selectbox("Show", kinds, key="evaluate-only", width=150, on_change=_keep("evaluate-only"))
        tags: list[str] = []
        if known := matrix.dataset.tags:
            state.show("evaluate-tags", [tag for tag in state.kept("evaluate-tags", []) if tag in known])
            tags = st.multiselect(
                "Tags",
                known,
                format_func=lambda tag: markup.plain_label(tag, 60),
                key="evaluate-tags",
                width=260,
                placeholder="any",
                on_change=_keep("evaluate-tags"),
            )
        if state.shown("evaluate-text") is None:  # showing it again would undo what is being typed
            state.show("evaluate-text", state.kept("evaluate-text", ""))
        text = st.text_input(
            "Find",
            key="evaluate-text",
            width=220,
            placeholder="in names and documents",
            on_change=_keep("evaluate-text"),
        )
    found = filtered_rows(rows, tags=tags, text=text, only=kinds_by_name[only])
    return sorted_rows(found, order)


def _page(rows: Sequence[Row], total: int) -> Sequence[Row]:
    """The rows of the page at hand; where there are more, which one is asked."""
    _, count = page_of(rows, 0, _PAGE_ROWS)
    number = 1
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="pages"):
        of = f" of {total:,}" if len(rows) < total else ""
        st.caption(f"{len(rows):,}{of} case{'' if total == 1 else 's'}", width="content")
        if count > 1:
            number = st.pagination(count, key=f"evaluate-page-of-{count}", max_visible_pages=7)
    page, _ = page_of(rows, number - 1, _PAGE_ROWS)
    return page


def _restore(key: str, default: str, options: Sequence[str]) -> None:
    kept = state.kept(key, default)
    state.show(key, kept if kept in options else default)


def _keep(key: str) -> Callable[[], None]:
    return lambda: state.keep_widget(key, key)
