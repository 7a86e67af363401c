"""Runs, their texts, marks and rolled-up figures."""

from alembic import op

from workbench.history.tables import METADATA

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables, and what finds words in texts: FTS5 in SQLite, a GIN index in PostgreSQL."""
    connection = op.get_bind()
    METADATA.create_all(connection)
    if connection.dialect.name == "sqlite":
        # The texts themselves are compressed in kept_text: only the index is in here.
        op.execute("CREATE VIRTUAL TABLE kept_words USING fts5(words, content='', detail=none)")
    else:
        op.execute("ALTER TABLE kept_text ADD COLUMN words TSVECTOR")
        op.execute("CREATE INDEX kept_text_by_words ON kept_text USING GIN (words)")
