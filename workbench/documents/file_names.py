"""Names of files that others chose."""


def shown(name: str) -> str:
    """A file name fit for a sentence: one line, printable, at most 80 characters."""
    plain = "".join(character if character.isprintable() else "?" for character in name) or "the file"
    return plain if len(plain) <= 80 else f"{plain[:79]}…"
