"""Which script a text is written in."""

_LOOKED_AT = 20_000


def is_mostly_latin(text: str) -> bool:
    """Whether more than half of the letters (of the first 20,000 characters) are Latin; true without letters."""
    letters = [character for character in text[:_LOOKED_AT] if character.isalpha()]
    latin = sum(character < "\u0250" or "\u1e00" <= character <= "\u1eff" for character in letters)
    return latin * 2 >= len(letters)
