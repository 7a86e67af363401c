"""Labels that point at versions, and the log of who moved which, when and why."""

from collections.abc import Iterator
from contextlib import contextmanager

from dataflows.prompt_store import checks, rows
from dataflows.prompt_store.database import Run
from dataflows.prompt_store.records import LabelMove, LabelMovedError, PromptStoreError, UnknownVersionError
from dataflows.prompt_store.versions import VersionStore, now


class PromptStore(VersionStore):
    """A store in a database; for any number of threads and processes at once.

    Args:
        url: "sqlite:///path", a plain path, or "postgresql://user:password@host:port/database". Reading makes nothing;
            the tables are made, or brought up to date, when something is stored.
    """

    def labels(self, dataflow: str) -> dict[str, int]:
        """Label -> number of the version it points at, by label."""
        with self._database.reading() as run:
            return rows.labels(run, dataflow) if self._database.schema(run) else {}

    def log(self, dataflow: str, label: str = "", most: int = 1_000) -> list[LabelMove]:
        """Moves of one label, or of all, the newest first."""
        with self._database.reading() as run:
            return rows.moves(run, dataflow, label, most) if self._database.schema(run) else []

    def move_label(
        self, dataflow: str, label: str, number: int | str, *, by: str, why: str, expected: int | None = None
    ) -> LabelMove:
        """Point a label at another version; it is made where it isn't there.

        Args:
            dataflow: Its name.
            label: "production", for example.
            number: Of the version, or another label that points at it.
            by: Who moves it.
            why: For the log.
            expected: The number it is believed to point at now, 0 for a new label; None moves it from wherever it is.

        Raises:
            LabelMovedError: It doesn't point at the expected version.
            UnknownVersionError: There is no such version.
            PromptStoreError: It points there already, or by or why is empty.
        """
        checks.check_name("label", label)
        with self._moving(by, why) as run:
            before = _checked(run, dataflow, label, expected)
            after = self._found(run, dataflow, number).number
            if before == after:
                raise PromptStoreError(f"{label} of {dataflow} points at v{after} already")
            move = LabelMove(rows.next_move_id(run), dataflow, label, before, after, now(), by, why, None)
            rows.insert_move(run, move)
            return move

    def roll_back(self, dataflow: str, label: str, *, by: str, why: str, expected: int | None = None) -> LabelMove:
        """Point a label where it pointed before its last move that isn't rolled back itself; again, one move further.

        Args:
            dataflow: Its name.
            label: Which.
            by: Who moves it.
            why: For the log.
            expected: As move_label's; with it, two people who roll back at once go back one step.

        Raises:
            LabelMovedError: It doesn't point at the expected version.
            UnknownVersionError: There is no such label.
            PromptStoreError: It has pointed nowhere before.
        """
        with self._moving(by, why) as run:
            before = _checked(run, dataflow, label, expected)
            if before is None:
                raise UnknownVersionError(f"{dataflow} has no label {label[:80]!a}")
            last = _last_standing(rows.moves(run, dataflow, label))
            if last is None or last.before is None:
                raise PromptStoreError(
                    f"{label} of {dataflow} pointed nowhere before v{before}; there is nothing to undo"
                )
            move = LabelMove(rows.next_move_id(run), dataflow, label, before, last.before, now(), by, why, last.id)
            rows.insert_move(run, move)
            return move

    @contextmanager
    def _moving(self, by: str, why: str) -> Iterator[Run]:
        checks.check_remark("who moves the label", by, required=True)
        checks.check_remark("why the label is moved", why, required=True)
        with self._database.writing(create=False) as run:
            self._database.migrate(run)
            yield run


def _checked(run: Run, dataflow: str, label: str, expected: int | None) -> int | None:
    """Where the label points now."""
    number = rows.labels(run, dataflow).get(label)
    if expected is not None and expected != (number or 0):
        where = f"points at v{number}" if number else "isn't there"
        believed = f"v{expected}" if expected else "nothing"
        raise LabelMovedError(f"{label[:80]} of {dataflow} {where} and no longer at {believed}; look again and decide")
    return number


def _last_standing(newest_first: list[LabelMove]) -> LabelMove | None:
    """The last move forward that is not undone: moves are undone as from a stack."""
    return next((move for move in newest_first if move.undoes is None and not move.is_undone), None)
