"""Figures over time in words."""

import re
from datetime import datetime, timedelta

from workbench.history.monitoring_records import Change, Figures, LiveVersion
from workbench.models.local_settings import MODEL

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
_LONGEST = 40
SAME = "±0 %"


def plain(text: str) -> str:
    """A name as a chart or a table shows it, which read no Markdown: on one line, at most 40 characters."""
    line = _UNSEEN.sub(" ", text).strip() or "unnamed"
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def seconds_words(seconds: float | None) -> str:
    """ "0.42 s", "12.4 s", "3.2 min"; "–" where there is none."""
    if seconds is None:
        return "–"
    if seconds >= 120:
        return f"{seconds / 60:.1f} min"
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s"


def count_words(count: float) -> str:
    """ "950", "12,400", "1.2 M", "3.4 B"."""
    for size, unit in ((1e9, "B"), (1e6, "M")):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count:,.0f}"


def cost_words(cost: float) -> str:
    """ "$0.0004", "$1.25", "$12,400"."""
    return f"${cost:.4f}" if cost < 1 else f"${cost:,.2f}" if cost < 1_000 else f"${cost:,.0f}"


def cost_axis(most: float) -> str:
    """How numbers of an axis up to so many dollars are written, in the words of d3-format."""
    return "$.4f" if most < 0.02 else "$.2f" if most < 100 else "$,.0f"


def share_words(share: float | None) -> str:
    """ "1.2 %"; "–" where there is none."""
    return "–" if share is None else f"{100 * share:.1f} %"


def change_words(now: float | None, before: float | None) -> str | None:
    """Against the span before: "+12 %", "from 0"; None where one of both is not known, or both are 0."""
    if now is None or before is None or not (now or before):
        return None
    if not before:
        return "from 0"
    percent = f"{100 * (now - before) / before:+.0f} %"
    return SAME if percent in ("+0 %", "-0 %") else percent


def moment_words(seconds: float, *, is_day: bool = False) -> str:
    """ "Tue 12 Nov 2024, 14:00", or the day alone; by the clock of this machine."""
    own = datetime.fromtimestamp(seconds)
    return f"{own:%a} {own.day} {own:%b %Y}" + ("" if is_day else f", {own:%H:%M}")


def step_words(at: float, ends: float, figures: Figures) -> str:
    """When a step is: "Tue 12 Nov 2024", "Mon 11 Nov 2024 to Sun 17 Nov 2024", "Tue 12 Nov 2024, 14:00 to 17:00"."""
    if not figures.frame.is_days:
        return f"{moment_words(at)} to {datetime.fromtimestamp(ends):%H:%M}"
    last = (datetime.fromtimestamp(ends) - timedelta(hours=12)).timestamp()
    first = moment_words(at, is_day=True)
    return first if figures.frame.size == 1 else f"{first} to {moment_words(last, is_day=True)}"


def version_words(dataflow: str, version: str, figures: Figures) -> str:
    """The version; with its dataflow where there are several."""
    several = len({own.dataflow for own in figures.live}) > 1
    return plain(f"{dataflow} {version}" if several else version)


def change_label(change: Change, figures: Figures) -> str:
    """ "v2 → v3"; with the dataflow and the source where several changed."""
    parts = [f"{plain(change.before)} → {plain(change.after)}"]
    for own, all_of_them in (
        (change.dataflow, {known.dataflow for known in figures.changes}),
        (change.source, {known.source for known in figures.changes}),
    ):
        parts += [plain(own)] if len(all_of_them) > 1 else []
    return " · ".join(parts)


def base_of(version: LiveVersion) -> str:
    """Under which version History lists its runs: a draft's are those of what it began as."""
    return version.version.removesuffix(" (draft)")


def unpriced_words(figures: Figures) -> str:
    """Of which models no cost is known; empty where there is none."""
    models = [plain(own) for own in figures.unpriced if own != MODEL]
    named = ", ".join(models[:5]) + (f" and {len(models) - 5} more" if len(models) > 5 else "")
    return f"No cost is known of {named}: no price was known when the calls were made." if models else ""


def clock_words(figures: Figures) -> str:
    """How long a step is, and whose clock the charts go by."""
    zone = datetime.fromtimestamp(figures.frame.until).astimezone().isoformat()[-6:]
    monday = ", from Monday" if figures.frame.is_days and figures.frame.size > 1 else ""
    return f"One bar is {_one(figures.frame.step_name)}{monday}, by the server's clock (UTC{zone})."


def _one(step: str) -> str:
    return step if step[0].isdigit() else f"an {step}" if step == "hour" else f"a {step}"
