"""A prompt store's versions, labels and moves, as words and HTML; all that comes out of a store is escaped."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from dataflows.prompt_store import LabelMove, StoredVersion
from pages.shared import dates, markup
from pages.shared.escaping import escaped
from workbench.prompts.stored import StoreView

_LONGEST = 300


def label_html(label: str, number: int, move: LabelMove | None, today: date) -> str:
    """A label: where it points, over since when, by whom and why."""
    title = f'<p class="wb-line wb-title">{escaped(line(label))} → v{number}</p>'
    if move is None:
        return title
    how = "rolled back by" if move.undoes else "by"
    parts = [f"since {_at(move.at, today)}", f"{how} {line(move.by)}", line(move.why)]
    return f"{title}{markup.line_html(' · '.join(parts), 'detail')}"


def versions_html(versions: Collection[StoredVersion], view: StoreView, today: date) -> str:
    """Versions as a table, in this order."""
    rows = []
    for own in versions:
        labels = ", ".join(label for label, number in view.labels.items() if number == own.number)
        rows.append([f"v{own.number}", line(labels), line(own.reason), line(own.author), _at(own.created_at, today)])
    return _table_html(["Version", "Labels", "Why", "Author", "Added"], rows)


def log_html(moves: Collection[LabelMove], today: date) -> str:
    """Moves as a table, in this order."""
    rows = []
    for own in moves:
        way = f"{_version(own.before)}\u00a0→\u00a0v{own.after}"
        note = "rolled back later" if own.is_undone else "a rollback" if own.undoes else ""
        rows.append([_at(own.at, today), line(own.label), way, line(own.by), line(own.why), note])
    return _table_html(["When", "Label", "Move", "By", "Why", "Note"], rows)


def version_option(version: StoredVersion) -> str:
    """A version in a list of options, which is no Markdown."""
    return line(f"v{version.number} · {version.reason}", 120)


def origin_words(version: StoredVersion, today: date) -> str:
    """Who added a version when, and where its texts came from, for Markdown."""
    who = f" by {line(version.author)}" if version.author.strip() else ""
    origin = f" · from {line(version.source)}" if version.source.strip() else ""
    return markup.plain_label(f"Added {_at(version.created_at, today)}{who}{origin}", 3 * _LONGEST)


def way_back(label: str, view: StoreView) -> LabelMove | None:
    """The move that a rollback of the label would undo: the last one that stands; None where it is not known."""
    own = (move for move in view.moves if move.label == label)
    return next((move for move in own if move.undoes is None and not move.is_undone), None)


def last_move(label: str, view: StoreView) -> LabelMove | None:
    """The move that brought the label where it is."""
    return next((move for move in view.moves if move.label == label), None)


def _table_html(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    titles = "".join(f'<th scope="col">{escaped(own)}</th>' for own in head)
    body = "".join(f"<tr>{''.join(f'<td>{escaped(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="wb-answer"><table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table></div>'


def _version(number: int | None) -> str:
    return "new" if number is None else f"v{number}"


def _at(at: datetime, today: date) -> str:
    return dates.moment(at.timestamp(), today)


def line(text: str, longest: int = _LONGEST) -> str:
    """A text on one line, cut, without marks that turn the reading direction; it still has to be escaped."""
    shown = " ".join("".join(own if own.isprintable() else " " for own in text[:longest]).split())
    return f"{shown}…" if len(text) > longest else shown
