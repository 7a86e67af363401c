"""First wording."""


def highlights_prompt() -> str:
    return "Name the three exhibits of this passage that nobody should miss, a line each."


def guide_prompt() -> str:
    return "Exhibits:\n- {highlights}\n\nWrite a guide for a visitor who says: {wish}"
