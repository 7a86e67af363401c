"""The room that kept answers take, as HTML and words."""

from datetime import date

from pages.shared import dates
from pages.shared.escaping import escaped
from workbench.engine.call_tables import Counts
from workbench.settings import StoreLimit

_MB, _GB = 2**20, 2**30


def room_html(used: int, limit: StoreLimit) -> str:
    """How much of the limit is taken, as a line of words over a quiet bar."""
    share = min(100 * used / limit.bytes, 100.0)
    said = f"{size_words(used)} of {size_words(limit.bytes)}"
    return (
        f'<div class="wb-head"><b>Kept answers</b><span class="wb-status">{escaped(said)}</span></div>'
        f'<div class="wb-track wb-room" role="meter" aria-label="Room taken" aria-valuemin="0" aria-valuemax="100" '
        f'aria-valuenow="{share:.0f}" aria-valuetext="{escaped(said)}"><span style="width:{share:.2f}%"></span></div>'
    )


def figures_of(counts: Counts, today: date, file_name: str) -> list[tuple[str, str, str]]:
    """What is known of the store, as (label, value, tone)."""
    rate = "–" if counts.hit_rate is None else f"{counts.hit_rate:.0%}"
    uses = [use for use in (counts.newest_use, counts.oldest_use) if use is not None]
    newest, oldest = (dates.moment(use, today) for use in uses) if uses else ("–", "–")
    return [
        ("Answers", f"{counts.answers:,}", ""),
        ("Hit rate", rate, ""),
        ("Last use", newest, ""),
        ("Oldest use", oldest, ""),
        ("File in the state folder", file_name, ""),
    ]


def hit_rate_words(counts: Counts) -> str:
    """What the hit rate means, in one sentence."""
    if counts.hit_rate is None:
        return (
            "The hit rate is the share of calls that find their answer here; no call has been made since it is counted."
        )
    calls = counts.hits + counts.made
    return (
        f"Of {calls_words(calls)} since the store was last emptied, {counts.hits:,} found "
        f"{'its' if counts.hits == 1 else 'their'} answer here and cost nothing."
    )


def answers_words(count: int) -> str:
    """ "1 answer", "1,204 answers"."""
    return f"{count:,} answer{'' if count == 1 else 's'}"


def calls_words(count: int) -> str:
    """ "1 call", "1,204 calls"."""
    return f"{count:,} call{'' if count == 1 else 's'}"


def size_words(size: int) -> str:
    """ "0.4 MB", "128 MB", "2.4 GB"; whole where a tenth says nothing.

    Args:
        size: In bytes.
    """
    amount, unit = (size / _GB, "GB") if size >= _GB else (size / _MB, "MB")
    text = f"{amount:,.1f}" if amount < 100 else f"{amount:,.0f}"
    return f"{text.removesuffix('.0')} {unit}"
