"""Verdicts as sentences for people."""

from workbench.statistics.verdict import Verdict


def sentence(verdict: Verdict) -> str:
    """The verdict with its subject, n, interval, ties and method, in one line."""
    where = f" on {verdict.slice}" if verdict.slice else ""
    return f"{verdict.subject}{where}: {short(verdict)}; {figures(verdict)}."


def short(verdict: Verdict) -> str:
    """The word, and for an undecided verdict what it would take."""
    if verdict.word != "not enough evidence":
        return verdict.word
    if verdict.n == 0:
        return "not enough evidence (no document was scored for both)"
    if verdict.needed is None:
        return "not enough evidence (no difference was seen)"
    return f"not enough evidence (about {verdict.needed:,} more {_cases(verdict.needed)} needed)"


def figures(verdict: Verdict) -> str:
    """Difference, interval, counts, p and method; without the word."""
    difference = "no difference known" if verdict.difference is None else f"difference {verdict.difference:+.3g}"
    between = "no interval"
    if verdict.interval is not None:
        between = f"interval {verdict.interval[0]:+.3g} to {verdict.interval[1]:+.3g}"
    counts = f"{verdict.wins} won, {verdict.losses} lost, {verdict.ties} tied"
    left_out = f", {verdict.unpaired} without a counterpart left out" if verdict.unpaired else ""
    size = f"n = {verdict.n} {_cases(verdict.n)}: {counts}{left_out}"
    return f"{difference}, {between}; {size}; p = {verdict.p:.2g} ({verdict.method})"


def _cases(count: int) -> str:
    return "case" if count == 1 else "cases"
