"""What a pull request's text is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.export.proof_lines import ProofLine
from workbench.records import Experiment


@dataclass(frozen=True)
class Change:
    """A new prompt version, and what is known of it."""

    dataflow: str
    label: str
    """Of the new version: "v4"."""
    parent: str
    """Of the version it was edited from: "v3"."""
    reason: str
    path: str
    """Of the new module; shown from the folder prompts on."""
    prompts_before: Mapping[str, str]
    """Prompt name -> template of the parent."""
    prompts_after: Mapping[str, str]
    model: str
    experiment: Experiment | None = None
    """What was run with both; None when nothing was."""
    before_variant: str = ""
    """What the experiment calls the parent; empty when it did not run."""
    after_variant: str = ""
    proof: tuple[ProofLine, ...] = ()
    verdicts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Document name -> variant label -> score."""
    current_path: str | None = None
    """The module that names the version in production; None when the team has none."""
    evidence: tuple[str, ...] = ()
    """Sentences, the newest first; see evidence_sentence."""
    dataset: str = ""
    """A folder of datasets/ that it could be evaluated on, where there is no evidence."""
