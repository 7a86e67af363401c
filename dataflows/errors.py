"""What a dataflow raises and a caller may want to tell apart; a module of its own because callers ask for its class."""


class TemplateError(ValueError):
    """A template breaks the grammar, or has a slot without a value.

    Args:
        message: What is wrong.
        template: The whole template.
        position: Where, in characters from its start.
    """

    def __init__(self, message: str, template: str, position: int) -> None:
        self.line = template.count("\n", 0, position) + 1
        self.column = position - template.rfind("\n", 0, position)
        super().__init__(f"line {self.line}, column {self.column}: {message}")
