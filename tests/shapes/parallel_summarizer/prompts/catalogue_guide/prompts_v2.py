"""Says for whom."""


def highlights_prompt(audience: str = "children") -> str:
    return f"Name the three exhibits of this passage that {audience} would stop at, a line each, and say why."


def guide_prompt(audience: str = "children") -> str:
    return (
        f"You guide {audience} through a museum.\n\nExhibits:\n- {{highlights}}\n\nPlan a walk. The wish is: {{wish}}"
    )
