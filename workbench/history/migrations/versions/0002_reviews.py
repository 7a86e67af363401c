"""Blind reviews: pairs, seats and votes."""

from alembic import op

from workbench.history.review_tables import METADATA

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    METADATA.create_all(op.get_bind())
