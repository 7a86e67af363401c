"""A run's prompts back on the bench: what a draft needs to be what ran."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.history.opening import OpenedRun
from workbench.records import Version


@dataclass(frozen=True)
class Revived:
    """What to put on the bench."""

    label: str
    """Of a version that is what ran; empty when a draft has to be made."""
    base: str = ""
    """Of the version to begin the draft from."""
    templates: Mapping[str, str] | None = None
    note: str = ""
    """What is not as it was, as a sentence; mostly empty."""


def revived(opened: OpenedRun, versions: Mapping[str, Version]) -> Revived | None:
    """How the bench of today comes to the prompts of a run; None when there is no version to begin from.

    Args:
        opened: The run.
        versions: Label -> version, as they are now.
    """
    if not versions:
        return None
    then = _templates(opened)
    variant = opened.row.base
    label = variant if variant in versions else list(versions)[-1]
    now = {name: prompt.template for name, prompt in versions[label].prompts.items()}
    different = {name: text for name, text in then.items() if name in now and now[name] != text}
    gone = sorted(set(then) - set(now))
    note = f"The dataflow has no {', '.join(gone)} any more; the rest is on the bench." if gone else ""
    return Revived("", label, different, note) if different else Revived(label, note=note)


def _templates(opened: OpenedRun) -> dict[str, str]:
    """Prompt -> its template as it ran; of a service's run its text, in which parameters are filled already."""
    if opened.experiment is None:
        return dict(opened.run.prompts)
    variant = opened.experiment.variants[0]
    found = {}
    for name, text in opened.run.prompts.items():
        version = opened.versions.get(variant.prompts_from.get(name, variant.base))
        prompt = version.prompts.get(name) if version else None
        found[name] = variant.templates.get(name) or (prompt.template if prompt and not prompt.reason else text)
    return found
