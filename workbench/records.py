"""The nouns of the workbench: frozen, plain values only, so that they can be stored, shown and compared."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["waiting", "running", "done", "failed", "stopped"]
Origin = Literal["module", "dataflow", "config", "store"]


@dataclass(frozen=True)
class Parameter:
    """An early slot of a prompt: a function argument, drawn as an input of the DAG."""

    name: str
    default: str | None = None
    """None: the prompt asks for a value."""


@dataclass(frozen=True)
class Prompt:
    """One prompt of a version, as a template."""

    name: str
    template: str
    """Grammar of dataflows.templates unless it is plain; parameters and late slots both stand as {name}."""
    parameters: tuple[Parameter, ...] = ()
    doc: str = ""
    line: int = 0
    """Where its function begins in the module, from 1; 0 when it is in no module."""
    reason: str = ""
    """Why it can't be edited as a text ("it has more than one statement"); empty when it can."""
    plain: bool = False
    """The dataflow takes it as it stands, so that braces are braces: grammar of workbench.prompts.plain_text."""


@dataclass(frozen=True)
class Version:
    """A set of prompts that production can run: mostly one merged prompts_vN.py."""

    dataflow: str
    number: int
    """0 where it has none."""
    path: str
    """Absolute; of the file that holds it."""
    doc: str
    prompts: Mapping[str, Prompt]
    source: str
    sha256: str
    """Of the source's bytes."""
    origin: Origin = "module"
    """"module": prompts_vN.py; "dataflow": the dataflow's own module; "config": that too, chosen by Hamilton's
    config; "store": a prompt store, by a loader module."""
    name: str = ""
    """What it is called where it is no numbered module: "code", "version=v2"."""
    config: Mapping[str, Any] = field(default_factory=dict)
    """Hamilton config that chooses it."""
    stored: int = 0
    """Its number in the prompt store; 0 where it is in none."""

    @property
    def label(self) -> str:
        """ "v3", or its name."""
        return self.name or f"v{self.number}"


@dataclass(frozen=True)
class Draft:
    """Templates typed in the app on top of a version."""

    label: str
    base: str
    """Label of the version it began as."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """Prompt name -> edited template; prompts not named are the base's."""


@dataclass(frozen=True)
class ModelChoice:
    """Which model answers, and how."""

    name: str
    """What the endpoint calls it."""
    endpoint: Literal["local", "remote", "code"]
    """"local": the small model that comes along; "remote": the endpoint of the environment; "code": whatever the
    dataflow's own clients ask, each at its own endpoint."""
    temperature: float | None = None
    seed: int | None = None


@dataclass(frozen=True)
class CallRequest:
    """Everything that decides an answer. Never the key."""

    origin: str
    """"local", or the endpoint's base URL without user info."""
    model: str
    messages: tuple[tuple[str, str], ...]
    """(role, content) pairs."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Sampling parameters in the endpoint's own names; JSON values only."""
    repetition: int = 0

    def key(self) -> str:
        """SHA-256 (hex) of the request as canonical JSON; equal for requests that may share an answer."""
        parts = [1, self.origin, self.model, self.messages, dict(self.parameters), self.repetition]
        text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Answer:
    """What a model call gave."""

    text: str
    input_tokens: int
    output_tokens: int
    seconds: float
    """From sending to the last byte."""
    first_token_seconds: float | None
    """From sending to the first text; None when the answer is empty."""
    finish_reason: str = "stop"
    made_at: float = 0.0
    """Seconds since the epoch; 0 when it isn't known."""
    cost_usd: float | None = None
    """By the prices of the day it was made; 0 for the local model, None when the price is unknown."""


@dataclass(frozen=True)
class Document:
    """The text of one file, kept by the hash of its bytes."""

    sha256: str
    """Of the file; where a password opened it, or its name says that it is JSON or a table, a key of the same form
    made from both."""
    name: str
    bytes: int
    pages: int
    """Pages of a PDF, at least as many as were read; rows of a table or of JSON Lines; else 1."""
    page_texts: tuple[str, ...]
    """Of a file that is no PDF its whole text, once."""
    reader: str
    """"pypdf" or "pdfium"; of a file that is no PDF its form: "text", "json", "jsonl", "csv" or "tsv"."""
    note: str = ""
    """What a person should know ("read 410 of 619 pages: the time limit was reached"); mostly empty."""
    kind: Literal["pdf", "text", "json", "table"] = "pdf"

    @property
    def characters(self) -> int:
        """Characters of all pages read."""
        return sum(map(len, self.page_texts))


NO_DOCUMENT = Document("", "no document", 0, 0, (), "")
"""What a dataflow that reads none is run on."""


@dataclass(frozen=True)
class Variant:
    """What takes part in an experiment: a version or a draft, with its parameters."""

    label: str
    base: str
    """Label of the version whose module is in the driver."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """Prompt name -> edited template; empty for a version as it is."""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    """Inputs of the dataflow that are this variant's own; they win over the experiment's."""
    prompts_from: Mapping[str, str] = field(default_factory=dict)
    """Prompt name -> label of the version whose prompt stands here instead of the base's; an edited template wins."""


@dataclass(frozen=True)
class Budget:
    """What the calls of an experiment may come to; a run stops before the call that would cross it."""

    calls: int | None = None
    usd: float | None = None
    """US dollars."""


@dataclass(frozen=True)
class Call:
    """One model call of a run."""

    node: str
    index: int
    """Position among the node's prompts, from 0."""
    request: CallRequest
    answer: Answer | None
    error: str = ""
    hint: str = ""
    """What to do about the error."""
    reused: bool = False
    """The answer was there before (kept, or made by another variant); nothing was paid for it by this run."""


@dataclass(frozen=True)
class NodeTime:
    """How long one node of a run took."""

    name: str
    seconds: float
    shared: bool
    """Executed once for all variants of the experiment."""


@dataclass(frozen=True)
class Run:
    """One variant on one document, once."""

    variant: str
    document: str
    """SHA-256 of the document."""
    status: Status
    repetition: int = 0
    """From 0."""
    output: str = ""
    error: tuple[str, str] | None = None
    """(type, message), redacted."""
    hint: str = ""
    prompts: Mapping[str, str] = field(default_factory=dict)
    """Prompt name -> its value in the run: the template with its parameters filled."""
    model: str = ""
    output_node: str = ""
    """The node whose value the output is; empty when nothing was run."""
    values: Mapping[str, str | list[str]] = field(default_factory=dict)
    """Node name -> its value, for nodes that give a text or a list of texts."""
    nodes: tuple[NodeTime, ...] = ()
    calls: tuple[Call, ...] = ()
    seconds: float = 0.0
    first_token_seconds: float | None = None
    """From the run's start to the first text the model wrote for it, in whatever step."""
    cost_usd: float | None = 0.0
    """Of the calls this run made; None when the model's price is unknown."""
    started_at: float = 0.0
    """Seconds since the epoch; 0 when it wasn't."""
    passed_on: int = 0
    """Requests of the dataflow's own clients that went to the network as they were, and are not among the calls."""

    @property
    def calls_made(self) -> int:
        """Answered calls this run paid for."""
        return sum(call.answer is not None and not call.reused for call in self.calls)

    @property
    def calls_reused(self) -> int:
        """Calls whose answer was there before."""
        return sum(call.reused for call in self.calls)

    @property
    def reused_seconds(self) -> float:
        """What the reused answers took when they were made, one after the other."""
        return sum(call.answer.seconds for call in self.calls if call.reused and call.answer)

    @property
    def reused_cost_usd(self) -> float | None:
        """What the reused answers cost when they were made; None when a price is unknown."""
        costs = [call.answer.cost_usd for call in self.calls if call.reused and call.answer]
        return None if None in costs else sum((cost for cost in costs if cost is not None), 0.0)

    @property
    def input_tokens(self) -> int:
        """Tokens sent over all calls, reused ones included."""
        return sum(call.answer.input_tokens for call in self.calls if call.answer)

    @property
    def output_tokens(self) -> int:
        """Tokens answered over all calls, reused ones included."""
        return sum(call.answer.output_tokens for call in self.calls if call.answer)


@dataclass(frozen=True)
class Experiment:
    """Variants x documents x repetitions."""

    id: str
    dataflow: str
    model: ModelChoice
    variants: tuple[Variant, ...]
    documents: tuple[Document, ...]
    inputs: Mapping[str, Any]
    repetitions: int = 1
    """How often each variant runs on each document, from 1 to 30; each time with answers of its own."""
    budget: Budget = Budget()
    fresh: bool = False
    """Answers kept before its start are not used."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """Version label -> SHA-256 of its module when the experiment was started."""
    runs: tuple[Run, ...] = ()
    started_at: float = 0.0
    """Seconds since the epoch."""
    seconds: float = 0.0
