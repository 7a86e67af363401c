"""The line of a prompt: its texts as a tree, and what each gave."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from workbench.lineage.figures import Figures, figures_of
from workbench.lineage.ran import MOST_READ, ran_texts
from workbench.lineage.sent import MOST_RUNS, last_left_out, sent_texts
from workbench.lineage.texts import key_of
from workbench.lineage.tree import Tree, tree_of
from workbench.records import Version


@dataclass(frozen=True)
class Line:
    """A prompt's texts with their figures."""

    tree: Tree
    figures: Mapping[str, Figures] = field(default_factory=dict)
    """Key of a text -> what it gave; texts that never ran have none."""
    notes: tuple[str, ...] = ()
    """What was left out, a sentence each."""


def line_of(
    connection: Connection, dataflow: str, prompt: str, versions: Mapping[str, Version], most_runs: int = MOST_RUNS
) -> Line:
    """The line of one prompt of a dataflow, as its versions and the history have it now.

    Where the same text was sent for two templates (one has a parameter for what the other has as a word), its runs
    count for the one that was run last.
    """
    known = {key_of(own.prompts[prompt], own.sha256): label for label, own in versions.items() if prompt in own.prompts}
    after = last_left_out(connection, dataflow, most_runs)
    sent = sent_texts(connection, dataflow, prompt, after)
    ran, unread = ran_texts(connection, prompt, sent, known)
    keys: dict[str, str] = {}
    for own in sorted(ran, key=lambda own: -own.sent.newest):
        keys.setdefault(own.sent.sha256, own.key)
    tree = tree_of(prompt, versions, ran)
    notes = []
    if after:
        notes.append(
            f"The figures are of the newest {most_runs:,} runs of the dataflow; older ones are in the history."
        )
    if unread or tree.left_out:
        left_out = unread + tree.left_out
        notes.append(f"{left_out:,} older texts that ran are left out; the last {MOST_READ} that were sent are read.")
    return Line(tree, figures_of(connection, dataflow, prompt, keys, after), tuple(notes))
