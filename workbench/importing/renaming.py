"""Slots of a template under other names."""

from collections.abc import Mapping

from dataflows.templates import SlotUse, TemplateError, escape, parse, wrong_name


def rename_slots(template: str, names: Mapping[str, str]) -> str:
    """The template with its slots renamed, all at once, so that two may swap their names.

    Args:
        template: Grammar of dataflows.templates.
        names: Old name -> new one; slots not named keep theirs, and names of no slot are passed over.

    Raises:
        TemplateError: The template breaks the grammar, a new name can't be a slot, or two slots would become one.
    """
    texts = []
    old_names: dict[str, str] = {}
    for piece in parse(template):
        if not isinstance(piece, SlotUse):
            texts.append(escape(piece))
            continue
        new = names.get(piece.name, piece.name)
        if wrong := wrong_name(new):
            message = f"{{{piece.name}}} can't be renamed: {new[:40]!a} {wrong}"
            raise TemplateError(message, template, piece.position)
        if old_names.setdefault(new, piece.name) != piece.name:
            message = f"{{{old_names[new]}}} and {{{piece.name}}} would both become {{{new}}}"
            raise TemplateError(message, template, piece.position)
        texts.append(f"{{{new}}}")
    return "".join(texts)
