"""Cuts the pages of a document into passages, each on one page."""

from dataflows.chunking import split


def split_pages(text: str, max_tokens: int) -> list[str]:
    """The text in passages of at most max_tokens tokens, page breaks apart; joined, they are the text.

    A form feed ends a page and the passage before it. A page without words belongs to a neighbour's passage.

    Args:
        text: The pages, a form feed between two.
        max_tokens: At least 8.

    Raises:
        ValueError: max_tokens is below 8.
    """
    passages: list[str] = []
    blank = ""
    for page in text.split("\f"):
        parts = split(page, max_tokens) if page.strip() else []
        if parts:
            parts[0] = blank + parts[0]
            passages += parts
            blank = ""
        elif passages:
            passages[-1] += page
        else:
            blank += page
        if passages:
            passages[-1] += "\f"
        else:
            blank += "\f"
    # After the last page there is no break.
    if passages:
        passages[-1] = passages[-1][:-1]
    return [own for own in passages or [blank[:-1]] if own]
