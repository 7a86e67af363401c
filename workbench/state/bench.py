"""What lies on the bench: columns side by side, each a version or a draft. Pure: every change gives a new bench."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from workbench.records import Draft, Variant, Version

MOST_COLUMNS = 4


@dataclass(frozen=True)
class Column:
    """A place on the bench; it stays the same place when a version in it becomes a draft."""

    id: str
    label: str
    """Of a version or a draft."""


@dataclass(frozen=True)
class Bench:
    """Columns and drafts; a draft may be in no column."""

    columns: tuple[Column, ...] = ()
    drafts: Mapping[str, Draft] = field(default_factory=dict)

    @property
    def labels(self) -> list[str]:
        """What the columns hold, from left to right."""
        return [column.label for column in self.columns]


def first_bench(versions: Mapping[str, Version]) -> Bench:
    """The newest versions side by side, at most three; those of a store only where there are no others."""
    merged = [label for label, version in versions.items() if version.origin != "store"]
    return choose(Bench(), (merged or list(versions))[-3:])


def repaired(bench: Bench, versions: Mapping[str, Version]) -> Bench:
    """The bench without columns of what is gone from disk; a draft stays, and is back when its version is."""
    known = offered(bench, versions)
    return replace(bench, columns=tuple(column for column in bench.columns if column.label in known))


def offered(bench: Bench, versions: Mapping[str, Version]) -> list[str]:
    """What can stand in a column: all versions, then the drafts of versions that exist."""
    return [*versions, *drafts_of(bench, versions)]


def drafts_of(bench: Bench, versions: Mapping[str, Version]) -> list[str]:
    """Labels of the drafts whose version exists, the oldest first."""
    return [label for label, draft in bench.drafts.items() if draft.base in versions and label not in versions]


def choose(bench: Bench, labels: Sequence[str]) -> Bench:
    """Columns for exactly these labels, at most four: those on the bench stay where they are, new ones follow."""
    stay = [column for column in bench.columns if column.label in labels]
    there = {column.label for column in stay}
    new = [Column(secrets.token_hex(4), label) for label in dict.fromkeys(labels) if label not in there]
    return replace(bench, columns=tuple([*stay, *new][:MOST_COLUMNS]))


def edit(bench: Bench, column_id: str, prompt: str, text: str, versions: Mapping[str, Version]) -> Bench:
    """A prompt of one column with a new text; a version in that column becomes a draft of itself."""
    column = _column(bench, column_id)
    draft = bench.drafts.get(column.label)
    base = draft.base if draft else column.label
    templates = {**(draft.templates if draft else {}), prompt: text}
    if text == original(versions[base], prompt):
        del templates[prompt]
    if not draft:
        if not templates:
            return bench
        bench, label = _with_draft(bench, base)
        bench = _relabelled(bench, column_id, label)
        draft = bench.drafts[label]
    return replace(bench, drafts={**bench.drafts, draft.label: replace(draft, templates=templates)})


def add_draft(bench: Bench, base: str, templates: Mapping[str, str] | None = None) -> Bench:
    """A new draft of a version, in a column of its own while there is room."""
    bench, label = _with_draft(bench, base, templates)
    return choose(bench, [*bench.labels, label])


def discard_draft(bench: Bench, label: str) -> Bench:
    """Without the draft; its column shows the version it began as, unless another column does."""
    base = bench.drafts[label].base
    bench = replace(bench, drafts={name: draft for name, draft in bench.drafts.items() if name != label})
    columns = [column for column in bench.columns if column.label != label or base not in bench.labels]
    return replace(
        bench,
        columns=tuple(Column(secrets.token_hex(4), base) if column.label == label else column for column in columns),
    )


def original(version: Version, prompt: str) -> str:
    """The version's own text of a prompt; empty when its module has none that can be read as a text."""
    return version.prompts[prompt].template if prompt in version.prompts else ""


def template(bench: Bench, label: str, prompt: str, versions: Mapping[str, Version]) -> str:
    """The text of a prompt as this version or draft has it."""
    draft = bench.drafts.get(label)
    if draft and prompt in draft.templates:
        return draft.templates[prompt]
    return original(versions[draft.base if draft else label], prompt)


def variant(bench: Bench, label: str) -> Variant:
    """A version or draft, ready for an experiment."""
    draft = bench.drafts.get(label)
    return Variant(label, draft.base, dict(draft.templates)) if draft else Variant(label, label)


def _with_draft(bench: Bench, base: str, templates: Mapping[str, str] | None = None) -> tuple[Bench, str]:
    label = f"{base}-draft"
    number = 2
    while label in bench.drafts:
        label, number = f"{base}-draft-{number}", number + 1
    draft = Draft(label, base, dict(templates or {}))
    return replace(bench, drafts={**bench.drafts, label: draft}), label


def _column(bench: Bench, column_id: str) -> Column:
    return next(column for column in bench.columns if column.id == column_id)


def _relabelled(bench: Bench, column_id: str, label: str) -> Bench:
    columns = tuple(replace(own, label=label) if own.id == column_id else own for own in bench.columns)
    return replace(bench, columns=columns)
