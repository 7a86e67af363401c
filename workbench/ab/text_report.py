"""An A/B test with what came of it, to be read on a terminal."""

from collections.abc import Sequence

from dataflows.ab import ABTest, ArmPrompts
from workbench.ab.figures import ABFigures
from workbench.ab.verdict import ABVerdict, ArmVerdict, rule_words

_HEAD = (
    "arm",
    "prompts",
    "weight",
    "units",
    "traffic",
    "outcomes",
    "mean",
    "difference",
    "interval",
    "e-value",
    "verdict",
)


def list_text(tests: Sequence[ABTest]) -> str:
    """A line for each: name, state, dataflow, weights, and who changed it last and when."""
    rows = [
        [own.name, own.state, own.dataflow, _weights(own), own.by, own.at.isoformat(" ", "minutes")] for own in tests
    ]
    return _table([["name", "state", "dataflow", "weights", "by", "since"], *rows])


def report_text(test: ABTest, figures: ABFigures, verdict: ABVerdict) -> str:
    """Arms with their figures, what the stop rule says, and the rule itself."""
    exposed, weights = sum(figures.exposed.values()), sum(test.weights.values())
    by_arm = {own.arm: own for own in verdict.arms}
    rows = [list(_HEAD)]
    for arm in test.arms:
        units, count = figures.exposed.get(arm.name, 0), figures.count(arm.name)
        rows.append(
            [
                arm.name,
                _prompts(arm.prompts),
                f"{arm.weight:g} ({arm.weight / weights:.1%})",
                f"{units:,}",
                f"{units / exposed:.1%}" if exposed else "-",
                f"{count.units:,}",
                "-" if count.rate is None else f"{count.rate:.1%}",
                *_compared(by_arm.get(arm.name)),
            ]
        )
    head = f"{test.name} of {test.dataflow}, {test.state}, by {test.by}: {test.why}"
    return "\n".join([_plain(head), "", _table(rows), "", verdict.said, rule_words(test)])


def _compared(own: ArmVerdict | None) -> list[str]:
    if own is None:
        return ["-", "-", "-", "control"]
    if not own.looks:
        return ["-", "-", "-", own.word]
    known = own.looks[-1].known
    low, high = known.interval
    e_value = f"{known.e_value:,.2f} of {own.limit:g}"
    return [_points(known.difference), f"{_points(low)} to {_points(high)}", e_value, own.word]


def _points(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:+.1f}"


def _prompts(prompts: ArmPrompts) -> str:
    if prompts.way == "config":
        return f"{prompts.version} in {prompts.file}"
    return f"store {prompts.version}" if prompts.way == "store" else prompts.version


def _weights(test: ABTest) -> str:
    return ", ".join(f"{arm.name} {arm.weight:g}" for arm in test.arms)


def _table(rows: Sequence[Sequence[str]]) -> str:
    cells = [[_plain(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    )


def _plain(text: str) -> str:
    """On one line: what people typed must not steer a terminal."""
    return "".join(character if character.isprintable() else " " for character in text)
