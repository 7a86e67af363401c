"""Definitions of A/B tests: versions that are added and never changed."""

from dataflows.ab.database import ABDatabase
from dataflows.ab.definition_json import from_json, to_json
from dataflows.ab.records import ABTest, ABTestChangedError, UnknownABTestError


class ABTests:
    """All tests of a database, for any number of processes at once.

    Args:
        database: Where they are.
    """

    def __init__(self, database: ABDatabase) -> None:
        self.database = database

    def all(self) -> list[ABTest]:
        """Each test as it is now, the last changed first.

        Raises:
            ABTestsUnavailableError: The database can't be asked.
            ABTestError: A row can't be read.
        """
        from sqlalchemy import func, select, tuple_

        from dataflows.ab.tables import VERSION

        last = select(VERSION.c.test, func.max(VERSION.c.number)).group_by(VERSION.c.test)
        wanted = select(VERSION.c.body).where(tuple_(VERSION.c.test, VERSION.c.number).in_(last))
        with self.database.reading() as connection:
            bodies = connection.execute(wanted).scalars().all()
        return sorted(map(from_json, bodies), key=lambda test: test.at, reverse=True)

    def versions(self, name: str) -> list[ABTest]:
        """What a test was, the newest first; empty where there is none. Raises as all()."""
        from sqlalchemy import select

        from dataflows.ab.tables import VERSION

        wanted = select(VERSION.c.body).where(VERSION.c.test == name).order_by(VERSION.c.number.desc())
        with self.database.reading() as connection:
            bodies = connection.execute(wanted).scalars().all()
        return [from_json(body) for body in bodies]

    def current(self, name: str) -> ABTest:
        """A test as it is now.

        Raises:
            UnknownABTestError: There is none of this name.
            ABTestsUnavailableError: The database can't be asked.
            ABTestError: Its row can't be read.
        """
        from sqlalchemy import select

        from dataflows.ab.tables import VERSION

        wanted = select(VERSION.c.body).where(VERSION.c.test == name).order_by(VERSION.c.number.desc()).limit(1)
        with self.database.reading() as connection:
            body = connection.execute(wanted).scalar()
        if body is None:
            raise UnknownABTestError(f"there is no A/B test {name[:80]!a}")
        return from_json(body)

    def add(self, test: ABTest) -> None:
        """Add a version, which holds from now on.

        Raises:
            ABTestChangedError: Somebody else has added this number: a test of the name is there, or was changed since.
            ABTestsUnavailableError: The database can't be asked.
        """
        from sqlalchemy import insert
        from sqlalchemy.exc import IntegrityError

        from dataflows.ab.tables import VERSION

        row = {"test": test.name, "number": test.number, "body": to_json(test)}
        try:
            with self.database.writing() as connection:
                connection.execute(insert(VERSION).values(row))
        except IntegrityError as error:
            what = "there is one already" if test.number == 1 else "somebody else changed it meanwhile; look again"
            raise ABTestChangedError(f"the A/B test {test.name}: {what}") from error
