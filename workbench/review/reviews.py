"""Reviews in the database of the history: made, sat down to, voted in. No vote is ever changed."""

import random
import secrets
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from workbench.errors import HistoryError, UsageError
from workbench.history import review_tables as tables
from workbench.history.history import History
from workbench.review.pairing import order_of, pairs_of
from workbench.review.records import REASONS, Choice, Place, Review, Vote
from workbench.state.record_json import from_value, to_value
from workbench.state.stored_json import from_bytes, to_bytes

_LONGEST_TITLE = 120
_MOST_LISTED = 100


class Reviews:
    """Of one history.

    Args:
        history: Its database has the tables.
        chance: Where sides and orders come from; by default one that nobody can foresee.
    """

    def __init__(self, history: History, chance: random.Random | None = None) -> None:
        self._history = history
        self._chance = chance or secrets.SystemRandom()

    def create(self, dataflow: str, labels: Sequence[str], *, by: str, title: str = "") -> Review:
        """A review of these variants' answers, the baseline's label first.

        Raises:
            UsageError: There are not two different labels, or the title is too long.
            HistoryError: No document has answers of two of them.
        """
        chosen = list(dict.fromkeys(labels))
        if len(chosen) < 2:
            raise UsageError(f"{len(chosen)} variant is chosen; a review needs at least 2.", "Choose another one.")
        if len(title) > _LONGEST_TITLE:
            raise UsageError(f"The title has {len(title)} characters; at most {_LONGEST_TITLE} are kept.")
        pairs, alike = pairs_of(self._history, dataflow, chosen, self._chance)
        named = title.strip() or f"{' and '.join(chosen[1:])} against {chosen[0]}"
        review = Review(secrets.token_hex(8), named, dataflow, time.time(), by, tuple(pairs), tuple(alike))
        with self._history.writing() as connection:
            row = {"id": review.id, "created_at": review.created_at, "dataflow": dataflow}
            connection.execute(insert(tables.REVIEW).values(**row, body=to_bytes(to_value(review))))
        return review

    def all(self, dataflow: str) -> list[Review]:
        """Those of a dataflow, the newest first, up to 100."""
        query = select(tables.REVIEW.c.body).where(tables.REVIEW.c.dataflow == dataflow)
        with self._history.reading() as connection:
            rows = connection.execute(query.order_by(tables.REVIEW.c.created_at.desc()).limit(_MOST_LISTED)).scalars()
            return [from_value(from_bytes(row), Review) for row in rows]

    def find(self, review_id: str) -> Review:
        """A review by its id.

        Raises:
            HistoryError: There is none.
        """
        with self._history.reading() as connection:
            body = connection.execute(select(tables.REVIEW.c.body).where(tables.REVIEW.c.id == review_id)).scalar()
        if body is None:
            raise HistoryError(f"There is no review {review_id[:40]!a}.", "Choose one of the list.")
        return from_value(from_bytes(body), Review)

    def seat(self, review: Review, reviewer: str) -> list[Place]:
        """The reviewer's own order and sides, the same each time."""
        with self._history.reading() as connection:
            if (known := _seat(connection, review.id, reviewer)) is not None:
                return known
        made = order_of(len(review.pairs), self._chance)
        try:
            with self._history.writing() as connection:
                row = {"review": review.id, "reviewer": reviewer, "places": to_bytes(made)}
                connection.execute(insert(tables.SEAT).values(**row))
        except (IntegrityError, HistoryError):  # the same person in another tab was quicker
            with self._history.reading() as connection:
                if (known := _seat(connection, review.id, reviewer)) is not None:
                    return known
            raise
        return [Place(*own) for own in made]

    def vote(self, review: Review, reviewer: str, place: Place, choice: Choice, reasons: Sequence[str] = ()) -> None:
        """Add a vote; one on a pair that has the reviewer's vote already takes its place."""
        known = "".join(key for key in reasons if key in REASONS)
        self._add(review.id, reviewer, place.pair, choice, place.is_flipped, known)

    def undo(self, review: Review, reviewer: str) -> Vote | None:
        """Take the reviewer's last vote back, by a row that says so; which one it was."""
        last = max(self.votes(review, reviewer), key=lambda vote: vote.at, default=None)
        if last:
            self._add(review.id, reviewer, last.pair, "undo", last.is_flipped, "")
        return last

    def votes(self, review: Review, reviewer: str = "") -> list[Vote]:
        """Votes that stand: each reviewer's last word on each pair; of one reviewer, or of all."""
        vote = tables.VOTE.c
        query = select(tables.VOTE).where(vote.review == review.id).order_by(vote.seq)
        if reviewer:
            query = query.where(vote.reviewer == reviewer)
        standing: dict[tuple[str, int], Vote] = {}
        with self._history.reading() as connection:
            for row in connection.execute(query):
                key = (row.reviewer, row.pair)
                standing.pop(key, None)
                if row.choice != "undo":
                    standing[key] = Vote(*key, row.choice, bool(row.is_flipped), tuple(row.reasons), row.at)
        return list(standing.values())

    def _add(self, review: str, reviewer: str, pair: int, choice: str, is_flipped: bool, reasons: str) -> None:
        row: dict[str, Any] = {"review": review, "reviewer": reviewer, "pair": pair, "choice": choice}
        row |= {"is_flipped": int(is_flipped), "reasons": reasons, "at": time.time()}
        with self._history.writing() as connection:
            connection.execute(insert(tables.VOTE).values(**row))


def _seat(connection: Connection, review: str, reviewer: str) -> list[Place] | None:
    seat = tables.SEAT.c
    found = connection.execute(select(seat.places).where(seat.review == review, seat.reviewer == reviewer)).scalar()
    return None if found is None else [Place(int(pair), bool(flipped)) for pair, flipped in from_bytes(found)]
