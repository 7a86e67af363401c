"""What an evaluation runs with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from workbench.engine.calls import CallPool
from workbench.models.endpoints import Endpoint
from workbench.records import Experiment, ModelChoice, Run, Version


@dataclass(frozen=True)
class Surroundings:
    """Code, calls and endpoints, and who is told."""

    versions: Mapping[str, Version]
    pool: CallPool
    endpoint_for: Callable[[ModelChoice], Endpoint]
    """Makes an endpoint."""
    judge: ModelChoice | None = None
    """Answers llm-rubric and select-best."""
    on_run: Callable[[Experiment, Run], None] | None = None
    """Told of each run that has ended, from a thread of its job."""
    embedding: ModelChoice | None = None
    """Answers similar; of embedding_choice."""
    _made: dict[str, Endpoint] = field(default_factory=dict)

    def endpoint_of(self, model: ModelChoice) -> Endpoint:
        """Where a model is asked; one for all models of an endpoint, and so for all experiments and judges.

        Raises:
            UsageError: The base URL or the key can't be used.
        """
        if model.endpoint not in self._made:
            self._made[model.endpoint] = self.endpoint_for(model)
        return self._made[model.endpoint]
