"""Evidence as a sentence for people: the word first, then what it stands on."""

from datetime import date

from workbench.evaluation.evidence import Evidence, Figures

_MOST_NAMED = 5
_HASH_CHARS = 8
_MINUS = "\N{MINUS SIGN}"


def evidence_sentence(own: Evidence) -> str:
    """What was found, with n, interval and ties; and where it is worse, whatever the word.

    Its names are as they came: whoever shows it escapes them.
    """
    heading, word, details = evidence_heading(own), evidence_word(own), evidence_details(own)
    if own.kind == "review":
        return f"{heading}: {word} ({details})."
    return f"{heading} ({circumstances(own)}): {word}; {details}"


def evidence_heading(own: Evidence) -> str:
    """Who judged, or on what: "Evaluation on contracts", "Blind review by 2 people"."""
    if own.kind == "review":
        return f"Blind review by {own.people} {'person' if own.people == 1 else 'people'}"
    return f"Evaluation on {own.dataset}"


def evidence_word(own: Evidence) -> str:
    """The word with what it is said against, and what it would take where it decides nothing."""
    word = own.figures.word
    if own.kind == "review":
        return word
    return f"{word}{' against' if word == 'not enough evidence' else ' than'} {own.baseline}{_needed(own)}"


def circumstances(own: Evidence) -> str:
    """Of an evaluation: when, on which content of its dataset, with which model."""
    content = own.dataset_sha256[:_HASH_CHARS]
    # The model stands between blanks, since most names of models have to be quoted in Markdown.
    return f"content {content}, {_count(own.cases, 'case')}, model {own.model} on {_day(own.date)}"


def evidence_details(own: Evidence) -> str:
    """What the word stands on, and what speaks against it."""
    return _of_review(own) if own.kind == "review" else _of_evaluation(own)


def _of_evaluation(own: Evidence) -> str:
    figures = own.figures
    parts = [
        f"n = {_count(figures.n, own.unit)}: {_counts(figures)}{_difference(figures)}; p = {figures.p:.2g}; "
        f"passes {own.passed[0]:,} of {own.passed[1]:,} cases, {own.baseline} "
        f"{own.baseline_passed[0]:,} of {own.baseline_passed[1]:,}."
    ]
    if worse := own.worse_slices:
        named = [f"{part.tag} (n = {part.figures.n:,}: {_counts(part.figures)})" for part in worse[:_MOST_NAMED]]
        more = f" and {_count(len(worse) - _MOST_NAMED, 'more tag')}" if len(worse) > _MOST_NAMED else ""
        parts.append(f"Worse on the {'tag' if len(worse) == 1 else 'tags'} {', '.join(named)}{more}.")
    parts += own.joint
    if own.failed_runs:
        parts.append(f"{_count(own.failed_runs, 'run')} failed, which counts as not passed.")
    if own.otherwise:
        parts.append(f"{_count(own.otherwise, 'earlier evaluation')} of the same came to another word.")
    return " ".join(parts)


def _of_review(own: Evidence) -> str:
    figures = own.figures
    low, high = figures.interval or (0.0, 1.0)
    more = f"; about {figures.needed:,} more documents would decide it" if figures.needed else ""
    return (
        f"{_counts(figures)} of {_count(figures.n, 'document')}; "
        f"95% interval of decided {low:.0%} to {high:.0%}; p = {figures.p:.2g}{more}"
    )


def _needed(own: Evidence) -> str:
    if own.figures.word != "not enough evidence" or own.figures.needed is None:
        return ""
    return f" (about {_count(own.figures.needed, f'more {own.unit}')} needed)"


def _counts(figures: Figures) -> str:
    return f"{figures.wins:,} won, {figures.losses:,} lost, {figures.ties:,} tied"


def _difference(figures: Figures) -> str:
    if figures.difference is None:
        return ""
    shown = f"; difference {_signed(figures.difference)}"
    if figures.interval is None:
        return f"{shown}, no interval"
    low, high = map(_signed, figures.interval)
    return f"{shown}, 95% interval {low} to {high}"


def _day(iso: str) -> str:
    """In words: an ISO date would have to be quoted in Markdown, where "-11" may be an issue's number."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{day.day} {day:%B} {day.year}"


def _signed(value: float) -> str:
    """A real minus sign: a hyphen before a figure would have to be quoted in Markdown."""
    return f"{value:.3g}".replace("-", _MINUS)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
