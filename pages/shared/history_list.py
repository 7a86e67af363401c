"""The list of runs, and what can be done with those that are chosen in it."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from pages.shared import cached, markup, state
from pages.shared.dates import moment
from pages.shared.history_actions import delete_button, put_on_bench
from workbench.history.downloads import MOST_RUNS, Form, download
from workbench.history.kept import Filters, Page, RunRow

_EMPTY = "No run is kept yet. Whatever runs on the Workbench, in the Grid or by `compare` stands here from then on."
_NOTHING = "No run is like that. Change the filters, or clear them."
_MIME: dict[Form, str] = {
    "csv": "text/csv",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
}


def history_list(filters: Filters) -> None:
    """A page of the list, its actions below."""
    page = cached.history().runs(filters, state.address("at"))
    if not page.rows:
        st.html(markup.empty_html(_NOTHING if filters != Filters() else _EMPTY.replace("`", ""), ()))
        return
    chosen = _table(page)
    with st.container(horizontal=True, vertical_alignment="center", key="history-actions"):
        _actions(chosen)
        st.space("stretch")
        _paging(page)
        _downloads(filters)


def _table(page: Page) -> list[RunRow]:
    """The runs that are ticked."""
    event: Any = st.dataframe(
        [_cells(row) for row in page.rows],
        key=f"runs-{page.rows[0].seq}-{len(page.rows)}",
        hide_index=True,
        height=min(40 + 35 * len(page.rows), 570),
        row_height=35,
        on_select="rerun",
        selection_mode="multi-row",
        column_config={
            "★": st.column_config.TextColumn(width=30),
            "When": st.column_config.TextColumn(width=110),
            "Seconds": st.column_config.NumberColumn(format="%.1f", width=80),
            "Tokens": st.column_config.NumberColumn(format="localized", width=80),
            "Cost": st.column_config.TextColumn(width=85),
            "Calls": st.column_config.TextColumn(width=75, help="Made + reused"),
        },
    )
    return [page.rows[number] for number in event.selection.rows if number < len(page.rows)]


def _cells(row: RunRow) -> dict[str, Any]:
    return {
        "★": "★" if row.starred else "",
        "When": moment(row.started_at, date.today()),
        "Document": row.document_name,
        "Inputs": row.name or row.inputs,
        "Version": row.variant,
        "Dataflow": row.dataflow,
        "Model": row.model,
        "Status": row.status.capitalize(),
        "Seconds": row.seconds,
        "Calls": f"{row.calls_made} + {row.calls_reused}",
        "Tokens": row.input_tokens + row.output_tokens,
        "Cost": "unknown" if row.cost_usd is None else f"${row.cost_usd:.4f}",
        "Who": row.person,
        "Source": row.source,
    }


def _actions(chosen: Sequence[RunRow]) -> None:
    one, two = len(chosen) == 1, len(chosen) == 2
    st.button(
        "Open",
        icon=":material/open_in_full:",
        key="open-run",
        disabled=not one,
        on_click=_open,
        args=[row.id for row in chosen[:1]],
    )
    st.button(
        "Compare 2 runs",
        icon=":material/difference:",
        key="compare-runs",
        disabled=not two,
        on_click=_open,
        args=[row.id for row in chosen[:2]],
    )
    put_on_bench(chosen[0] if one else None)
    starred = bool(chosen) and all(row.starred for row in chosen)
    st.button(
        "Unstar" if starred else "Star",
        icon=":material/star:",
        key="star-runs",
        disabled=not chosen,
        on_click=_star,
        args=([row.id for row in chosen], not starred),
    )
    delete_button(chosen)
    if not chosen:
        st.caption("Tick runs at their left.", width="content")


def _open(run_id: str = "", other: str = "") -> None:
    if run_id:
        state.to_address(run=run_id, **{"with": other})


def _star(run_ids: Sequence[str], starred: bool) -> None:
    for run_id in run_ids:
        cached.history().mark(run_id, by=state.person(), starred=starred)


def _paging(page: Page) -> None:
    total = f"{page.total:,}{'+' if page.is_capped else ''} run{'' if page.total == 1 else 's'}"
    st.caption(total, width="content")
    for label, icon, cursor in (("Newer", "chevron_left", page.newer), ("Older", "chevron_right", page.older)):
        st.button(
            label,
            icon=f":material/{icon}:",
            key=f"page-{label.lower()}",
            disabled=not cursor,
            on_click=state.to_address,
            kwargs={"at": cursor},
        )


def _downloads(filters: Filters) -> None:
    with st.popover("Export", icon=":material/download:", key="history-export"):
        st.caption(f"The newest {MOST_RUNS:,} runs of this list, with their prompts and answers.")
        for form, mime in _MIME.items():
            st.download_button(
                form.upper() if form != "parquet" else "Parquet",
                partial(download, cached.history(), filters, form),
                f"runs.{form}",
                mime,
                key=f"download-{form}",
                on_click="ignore",
                width="stretch",
            )
