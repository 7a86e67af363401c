"""What each assertion of a case came to: a mark, what was asked, what it got and why."""

from collections.abc import Iterator, Sequence

from pages.shared.escaping import escaped
from pages.shared.evaluate_cells import counts
from workbench.assertions.nouns import Assertion, Result
from workbench.datasets.spelling import yaml_of

_LONGEST = 600


def assertions_html(results: Sequence[Result]) -> str:
    """A table with a row for each, those of a set beneath it."""
    heads = ("", "Assertion", "Got", "Score", "Weight")
    first = "".join(f'<th scope="col">{head or "&nbsp;"}</th>' for head in heads)
    rows = "".join(_row(result, depth) for result, depth in _flat(results))
    return (
        '<div class="wb-verdicts wb-checks"><table aria-label="Assertions">'
        f"<thead><tr>{first}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _flat(results: Sequence[Result], depth: int = 0) -> Iterator[tuple[Result, int]]:
    for result in results:
        yield result, depth
        yield from _flat(result.members, depth + 1)


def _row(result: Result, depth: int) -> str:
    own = result.assertion
    mark, tone, said = ("✓", "done", "passes") if result.passed else ("✗", "failed", "fails")
    if not result.checked:
        mark, tone, said = "?", "stopped", "could not be checked"
    indent = f' style="padding-left:{1.2 * depth:.1f}rem"' if depth else ""
    metric = f"<small>{escaped(own.metric)}</small>" if own.metric else ""
    weight = f"{own.weight:g}" if counts(result) else "0, only measured"
    return (
        f'<tr><td class="wb-tone-{tone}" aria-label="{said}">{mark}</td>'
        f"<td{indent}><b>{escaped(own.name)}</b>{_asked(own)}{metric}</td>"
        f"<td>{escaped(result.reason)}</td><td>{result.score:.2f}</td><td>{escaped(weight)}</td></tr>"
    )


def _asked(assertion: Assertion) -> str:
    parts = [] if assertion.value is None else [_spelt(assertion.value)]
    parts += [] if assertion.threshold is None else [f"threshold {assertion.threshold:g}"]
    return "".join(f"<small><code>{escaped(part)}</code></small>" for part in parts)


def _spelt(value: object) -> str:
    text = value if isinstance(value, str) else yaml_of(value).removesuffix("...\n").strip()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
