"""The templates that runs were of, out of what the history keeps of them."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from workbench.history import tables
from workbench.history.texts import places_of, unpacked, with_texts
from workbench.lineage.sent import Sent
from workbench.lineage.texts import key_of
from workbench.records import Prompt
from workbench.state.record_json import from_value

MOST_READ = 300
"""Runs that are opened for their template, those of what was sent last."""


@dataclass(frozen=True)
class RanText:
    """A text of a prompt as runs had it."""

    sent: Sent
    key: str
    """Of the text, see key_of."""
    prompt: Prompt | None
    """None: it is that of a version, or nobody kept it."""
    base_key: str = ""
    """Of the text that its base had when it ran; empty where that isn't known."""


def ran_texts(
    connection: Connection, name: str, sent: Sequence[Sent], known: Mapping[str, str]
) -> tuple[list[RanText], int]:
    """What was sent, each with the text it is of; and of how many groups of runs the template was not read.

    A run is known by the hash of what it sent: where that is what a version sends with its parameters at their
    defaults, the run is of that text. Else the run itself is opened, which holds the template and the defaults of its
    parameters, so that runs with other values for them are of the same text. Where a run holds no template, as those
    of services, what was sent counts as one. At most 300 are opened.

    Args:
        connection: To the history.
        name: Of the prompt.
        sent: What was sent, what was sent last first.
        known: Keys of the versions' texts -> anything.
    """
    unknown = [own for own in sent if own.sha256 not in known]
    opened = unknown[:MOST_READ]
    parts = _parts(connection, name, [own.newest for own in opened])
    texts = _texts(connection, {own.sha256 for own in opened} | set(places_of([*parts.values()])))
    found = [RanText(own, own.sha256, None) for own in sent if own.sha256 in known]
    for own in opened:
        try:
            found.append(_ran(own, name, with_texts(parts[own.newest], texts)))
        except (KeyError, TypeError, ValueError):
            whole = texts.get(own.sha256)
            found.append(RanText(own, own.sha256, None if whole is None else Prompt(name, whole)))
    return found, len(unknown) - len(opened)


def _ran(own: Sent, name: str, part: Mapping[str, Any]) -> RanText:
    base = from_value(part["prompt"], Prompt)
    key = base_key = key_of(base, part["sha256"])
    prompt = base
    if (template := part["template"]) is not None:
        prompt = replace(base, template=str(template), reason="")
        key = key_of(prompt, part["sha256"])
    return RanText(own, key, replace(prompt, name=name), base_key)


def _parts(connection: Connection, name: str, seqs: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Number of a run -> what it says of one prompt, long texts by their hash; runs that say nothing are left out."""
    query = select(tables.BODY).where(tables.BODY.c.seq.in_(list(seqs)))
    found = {}
    for row in connection.execute(query):
        try:
            body = json.loads(zlib.decompress(row.body).decode("utf-8", "surrogatepass"))
            (variant,) = body["experiment"]["variants"]
            version = body["versions"][variant["prompts_from"].get(name, variant["base"])]
            found[row.seq] = {
                "prompt": version["prompts"][name],
                "sha256": version["sha256"],
                "template": variant["templates"].get(name),
            }
        except (KeyError, TypeError, ValueError, AttributeError, zlib.error):
            continue
    return found


def _texts(connection: Connection, hashes: set[str]) -> dict[str, str]:
    wanted = sorted(hashes)
    found: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        some = tables.TEXT.c.sha256.in_(wanted[start : start + 500])
        rows = connection.execute(select(tables.TEXT.c.sha256, tables.TEXT.c.data).where(some))
        found |= {row.sha256: unpacked(row.data) for row in rows}
    return found
