"""What a proof says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProofLine:
    """One claim about an exported file, and whether it was seen to hold."""

    claim: str
    """ "Every prompt is equal, byte for byte, to what was run"."""
    ok: bool
    """False: it could not be looked at; a claim that was seen not to hold stops the export instead."""
    detail: str = ""
    """With figures: "2 prompts", "3 cases, 0 calls"; or why it could not be looked at."""
