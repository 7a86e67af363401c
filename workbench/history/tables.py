"""The tables of the history. Rows that are listed stand apart from what is only read when one run is opened.

Columns of text hold what people read in lists, short and cleaned; whatever has to come back byte for byte is in a
LargeBinary, since databases refuse NUL and lone surrogates in texts.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

METADATA = MetaData()
_SERIAL = BigInteger().with_variant(Integer, "sqlite")

RUN = Table(
    "run",
    METADATA,
    Column("seq", _SERIAL, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("started_at", Float, nullable=False),  # seconds since the epoch
    Column("seconds", Float, nullable=False),
    Column("status", String(16), nullable=False),
    Column("source", String(80), nullable=False),
    Column("project", String(80), nullable=False),
    Column("dataflow", String(80), nullable=False),
    Column("experiment", String(64), nullable=False),
    Column("repetition", Integer, nullable=False),
    Column("variant", String(200), nullable=False),
    Column("base", String(200), nullable=False),
    Column("is_draft", Boolean, nullable=False),
    Column("person", String(120), nullable=False),
    Column("model", String(200), nullable=False),
    Column("document", String(64), nullable=False),  # SHA-256, hex
    Column("document_name", String(200), nullable=False),
    Column("inputs", String(200), nullable=False),  # the first words of them
    Column("git_sha", String(64), nullable=False),
    Column("git_dirty", Boolean, nullable=False),
    Column("request_id", String(200), nullable=False),  # a service's
    Column("output_sha256", String(64), nullable=False),
    Column("output_loose", String(64), nullable=False),  # the same with all white space as one blank
    Column("calls_made", Integer, nullable=False),
    Column("calls_reused", Integer, nullable=False),
    Column("calls_failed", Integer, nullable=False),
    Column("input_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("cost_usd", Float),  # null: its price is unknown
    Column("error", String(300), nullable=False),
    Index("run_by_start", "started_at", "seq"),
    Index("run_by_document", "document", "started_at"),
    Index("run_by_variant", "variant", "started_at"),
    Index("run_by_base", "base", "started_at"),
    Index("run_by_experiment", "experiment"),
    Index("run_by_request", "request_id"),
    Index("run_by_output", "output_sha256"),
    Index("run_by_loose_output", "output_loose"),
    Index("run_by_status", "status", "started_at"),
    Index("run_by_model", "model", "started_at"),
    Index("run_by_person", "person", "started_at"),
    Index("run_by_source", "source", "started_at"),
    Index("run_by_dataflow", "dataflow", "started_at"),
    Index("run_by_document_name", "document_name", "started_at"),
    Index("run_by_cost", "cost_usd"),
)

BODY = Table(
    "run_body",
    METADATA,
    Column("seq", _SERIAL, ForeignKey("run.seq", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),  # zlib of JSON, long texts by their hash
)

PROMPT = Table(
    "run_prompt",
    METADATA,
    Column("seq", _SERIAL, ForeignKey("run.seq", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("node", String(120), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Index("run_prompt_by_text", "node", "sha256"),
)

TEXT = Table(
    "kept_text",
    METADATA,
    Column("id", _SERIAL, primary_key=True, autoincrement=True),
    Column("sha256", String(64), nullable=False, unique=True),  # of UTF-8, lone surrogates in three bytes
    Column("loose_sha256", String(64), nullable=False),  # the same with all white space as one blank
    Column("characters", Integer, nullable=False),
    Column("is_found", Boolean, nullable=False),  # by search: prompts and answers are
    Column("data", LargeBinary, nullable=False),  # zlib of its bytes
    Index("kept_text_by_loose", "loose_sha256"),
)

USE = Table(
    "run_text",
    METADATA,
    Column("seq", _SERIAL, ForeignKey("run.seq", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("text", _SERIAL, ForeignKey("kept_text.id"), primary_key=True, autoincrement=False),
    Column("role", String(8), primary_key=True),  # "prompt", "output", "answer" or "other"
    Index("run_text_by_text", "text", "seq"),
)

MADE = Table(
    "made_call",
    METADATA,
    Column("key", String(64), primary_key=True),  # of the request
    Column("seq", _SERIAL, ForeignKey("run.seq", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Index("made_call_by_run", "seq"),
)

MARK = Table(
    "run_mark",
    METADATA,
    Column("seq", _SERIAL, ForeignKey("run.seq", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("starred", Boolean, nullable=False),
    Column("name", String(120), nullable=False),
    Column("note", String(4000), nullable=False),
    Column("changed_at", Float, nullable=False),
    Column("changed_by", String(120), nullable=False),
)

ROLLUP = Table(
    "rollup",
    METADATA,
    Column("hour", Integer, primary_key=True),  # hours since the epoch
    Column("kind", String(8), primary_key=True),  # "call" or "run"
    Column("dataflow", String(80), primary_key=True),
    Column("version", String(200), primary_key=True),
    Column("model", String(200), primary_key=True),
    Column("source", String(80), primary_key=True),
    Column("bucket", Integer, primary_key=True),  # of its duration, see rollups.bucket_of; -1: it failed
    Column("count", BigInteger, nullable=False),
    Column("input_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("cost_usd", Float, nullable=False),  # of those whose price is known
    Column("seconds", Float, nullable=False),
)
