"""The model a dataflow asks for."""

from abc import ABC, abstractmethod
from collections.abc import Sequence


class Model(ABC):
    """Answers many prompts at once.

    An abstract class and not a Protocol, because Hamilton checks its inputs with isinstance.
    """

    @abstractmethod
    def complete(self, prompts: Sequence[str], *, max_tokens: int | None = None) -> list[str]:
        """One answer per prompt, in the same order.

        Args:
            prompts: The filled templates; may be empty.
            max_tokens: The longest answer, in tokens of the model; None leaves it to the model.
        """
