"""The tables of reviews, in the database of the history; votes are only ever added."""

from sqlalchemy import BigInteger, Column, Float, Integer, LargeBinary, MetaData, String, Table

METADATA = MetaData()
_SERIAL = BigInteger().with_variant(Integer, "sqlite")

REVIEW = Table(
    "review",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("created_at", Float, nullable=False),
    Column("dataflow", String(80), nullable=False),
    Column("body", LargeBinary, nullable=False),  # JSON of records.Review
)

SEAT = Table(
    "review_seat",
    METADATA,
    Column("review", String(32), primary_key=True),
    Column("reviewer", String(120), primary_key=True),
    Column("places", LargeBinary, nullable=False),  # JSON: [pair, is flipped] in the reviewer's order
)

VOTE = Table(
    "review_vote",
    METADATA,
    Column("seq", _SERIAL, primary_key=True, autoincrement=True),
    Column("review", String(32), nullable=False, index=True),
    Column("reviewer", String(120), nullable=False),
    Column("pair", Integer, nullable=False),
    Column("choice", String(8), nullable=False),  # "left", "right", "tie", or "undo" for the one before
    Column("is_flipped", Integer, nullable=False),
    Column("reasons", String(20), nullable=False),  # keys
    Column("at", Float, nullable=False),
)
