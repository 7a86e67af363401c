"""A/B tests as words and HTML; whatever people typed is escaped."""

from collections.abc import Sequence
from datetime import date

from dataflows.ab import ABTest, ArmPrompts
from pages.shared import dates
from pages.shared.escaping import escaped
from pages.shared.store_words import line


def prompts_words(prompts: ArmPrompts) -> str:
    """ "v3", "store v3", "v2 in examples/service/config_prompts.py"."""
    if prompts.way == "config":
        return f"{prompts.version} in {line(prompts.file, 120)}"
    return f"store {prompts.version}" if prompts.way == "store" else prompts.version


def points(share: float | None) -> str:
    """ "+3.4 points" of a hundred; "–" where it is unknown."""
    return "–" if share is None else f"{100 * share:+.1f} points"


def weights_words(test: ABTest) -> str:
    """ "control 90, candidate 10"."""
    return ", ".join(f"{arm.name} {arm.weight:g}" for arm in test.arms)


def log_html(versions: Sequence[ABTest]) -> str:
    """Changes as a table, the newest first as they are given."""
    rows = [
        [
            dates.moment(own.at.timestamp(), date.today()),
            _what(own, before),
            weights_words(own),
            line(own.by),
            line(own.why),
        ]
        for own, before in zip(versions, [*versions[1:], None], strict=True)
    ]
    return table_html(["When", "What", "Weights", "By", "Why"], rows)


def table_html(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of plain texts."""
    titles = "".join(f'<th scope="col">{escaped(own)}</th>' for own in head)
    body = "".join(f"<tr>{''.join(f'<td>{escaped(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="wb-answer"><table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table></div>'


def _what(test: ABTest, before: ABTest | None) -> str:
    if before is None:
        return "drafted"
    if test.state != before.state:
        return "started" if test.state == "running" else test.state
    return "an arm more" if len(test.arms) > len(before.arms) else "other weights"
