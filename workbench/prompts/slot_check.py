"""Do a template's slots fit its dataflow?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from dataflows.templates import Slot, SlotUse, TemplateError, parse
from workbench.errors import PromptError
from workbench.prompts.plain_text import parse_plain


@dataclass(frozen=True)
class Finding:
    """Something about a template that a person should know."""

    kind: Literal["grammar", "unknown", "missing", "unused"]
    """"unused" is no fault: an optional slot or a parameter the template does without."""
    slot: str
    message: str
    """One sentence, with line and column where there is a place."""

    @property
    def is_error(self) -> bool:
        """Whether a run with this template is refused."""
        return self.kind != "unused"


def check_template(
    template: str, slots: Mapping[str, Slot], parameters: Collection[str] = (), *, plain: bool = False
) -> list[Finding]:
    """What is wrong with a template, errors first; empty when nothing is.

    Args:
        template: Text in the grammar of dataflows.templates, or of plain_text.
        slots: What the dataflow fills.
        parameters: What the prompt fills itself.
        plain: The dataflow takes it as it stands, so that braces are braces: grammar of plain_text.
    """
    known = [*slots, *parameters]
    try:
        pieces = parse_plain(template, known) if plain else parse(template)
    except TemplateError as error:
        return [Finding("grammar", "", str(error))]
    uses = [piece for piece in pieces if isinstance(piece, SlotUse)]
    names = ", ".join(f"{{{name}}}" for name in known) or "none"
    findings = [
        Finding(
            "unknown",
            use.name,
            str(TemplateError(f"nothing fills {{{use.name}}}", template, use.position)) + f"; known: {names}",
        )
        for use in uses
        if use.name not in known
    ]
    used = {use.name for use in uses}
    for name in known:
        if name in used:
            continue
        if name in slots and slots[name].required:
            findings.append(Finding("missing", name, f"{{{name}}} is missing: {slots[name].meaning} would be lost"))
        else:
            meaning = slots[name].meaning if name in slots else "a parameter of this prompt"
            findings.append(Finding("unused", name, f"{{{name}}} is not used: {meaning}"))
    return sorted(findings, key=lambda finding: not finding.is_error)


def refuse_bad_template(
    prompt: str, template: str, slots: Mapping[str, Slot], parameters: Collection[str] = (), *, plain: bool = False
) -> None:
    """PromptError naming prompt, line and column when a run with this template makes no sense, see check_template."""
    for finding in check_template(template, slots, parameters, plain=plain):
        if finding.is_error:
            raise PromptError(f"{prompt}: {finding.message}.", "Change the prompt, then run again.")
