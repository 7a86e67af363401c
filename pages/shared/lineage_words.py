"""A prompt's texts, their origins and their figures, in words; still to be escaped where they are shown."""

from collections.abc import Mapping
from datetime import date

from pages.shared import dates
from workbench.lineage.figures import Figures
from workbench.lineage.origins import Origin
from workbench.lineage.tree import TextNode, Tree

_SHA = 7
_MOST_NAMES = 4
_LONGEST_LINE = 48
_KINDS = {
    "version": "version",
    "draft": "draft",
    "former": "no version's text any more",
    "service": "sent by a service",
}
ICONS = {
    "version": ":material/check_circle:",
    "draft": ":material/edit:",
    "former": ":material/history:",
    "service": ":material/cloud:",
}


def name_words(node: TextNode) -> str:
    """ "v2, store:v1"; the first few of many."""
    more = len(node.labels) - _MOST_NAMES
    return ", ".join(node.labels[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def live_words(node: TextNode, production: str) -> str:
    """Where services get it: "production", or the store's labels that point at it; empty where nowhere."""
    live = [own.removeprefix("store:") for own in node.labels if own.startswith("store:") and not _is_number(own)]
    if production and production in node.labels:
        live = ["production", *live]
    return " · ".join(dict.fromkeys(live))


def kind_words(node: TextNode) -> str:
    """What it is: "draft", "sent by a service"."""
    return _KINDS[node.kind]


def new_words(node: TextNode, parent: TextNode | None) -> str:
    """The first line that the text it was made from doesn't have, cut; tells drafts of the same name apart."""
    before = set(parent.prompt.template.splitlines()) if parent and parent.prompt else set()
    lines = node.prompt.template.splitlines() if node.prompt else []
    new = next((own.strip() for own in lines if own.strip() and own not in before), "")
    return new if len(new) <= _LONGEST_LINE else f"{new[: _LONGEST_LINE - 1]}…"


def row_words(figures: Figures | None, today: date) -> str:
    """A few figures behind a name: "14 runs · 2.1 s · today"."""
    if figures is None:
        return "never ran"
    parts = [f"{figures.runs:,} run{'' if figures.runs == 1 else 's'}"]
    parts += [seconds_words(figures.median_seconds)] if figures.median_seconds is not None else []
    parts += [f"{figures.failures:,} failed"] if figures.failures else []
    return " · ".join([*parts, dates.day(figures.last_at, today)])


def figure_pairs(figures: Figures, today: date) -> list[tuple[str, str, str]]:
    """All figures of a text, as (label, value, tone)."""
    tokens, cost = figures.tokens_per_run, figures.cost_per_run
    return [
        ("Runs", f"{figures.runs:,}", ""),
        ("Failed", f"{figures.failures:,}", "failed" if figures.failures else ""),
        ("Documents", f"{figures.documents:,}", ""),
        ("Calls made", f"{figures.calls:,}", ""),
        ("Median time", "–" if figures.median_seconds is None else seconds_words(figures.median_seconds), ""),
        ("Tokens / run", "–" if tokens is None else f"{tokens:,.0f}", ""),
        ("Cost / run", "–" if cost is None else f"${cost:,.4f}", ""),
        ("Last used", dates.moment(figures.last_at, today), ""),
    ]


def origin_words(node: TextNode, tree: Tree, origins: Mapping[str, Origin], today: date) -> list[str]:
    """How the text came to be, a line for each thing that is known."""
    names = {own.key: name_words(own) for own in tree.nodes}
    lines = []
    if node.kind == "version":
        if node.parent:
            lines.append(f"Made from {names[node.parent]}")
        if node.drafts:
            drafts = ", ".join(node.drafts[:_MOST_NAMES])
            lines.append(f"Ran as {drafts} first; that draft became {node.labels[0]}")
        lines += [line for label in node.labels if label in origins for line in _exported(label, origins[label], today)]
    elif node.base:
        lines.append(f"Began as {node.base}" + ("" if node.parent else ", whose text isn't known here"))
    if node.first_at:
        lines.append(f"Ran first {dates.moment(node.first_at, today)}")
    return lines


def seconds_words(seconds: float) -> str:
    """ "2.1 s"."""
    return f"{seconds:,.1f} s"


def _exported(label: str, origin: Origin, today: date) -> list[str]:
    parts = [f"{label} was exported" + (f" from a draft of {origin.parent}" if origin.parent else "")]
    parts[0] += f" {dates.moment(origin.at, today)}" if origin.at else ""
    if origin.git_sha:
        dirty = " with uncommitted changes" if origin.git_dirty else ""
        parts.append(f"on commit {origin.git_sha[:_SHA]}{dirty}")
    if origin.runs > 0:
        models = f" with {', '.join(origin.models)}" if origin.models else ""
        parts.append(f"judged on {origin.runs:,} run{'' if origin.runs == 1 else 's'}{models}")
    return [" · ".join(parts), *([f"{label}: {origin.edited}"] if origin.edited else [])]


def _is_number(label: str) -> bool:
    return label.removeprefix("store:v").isdigit()
