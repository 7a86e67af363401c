"""One run: a variant on a document, after what all variants share."""

from typing import Any

from workbench.engine.lanes import Lane
from workbench.engine.preparation import PreparedExperiment
from workbench.engine.run_calls import RunCalls
from workbench.engine.shared_nodes import SharedNodes
from workbench.engine.shown import output_text
from workbench.graphs import graph
from workbench.graphs.execution import NodeWatch, execute
from workbench.graphs.model_types import as_model
from workbench.interception.scope import current, current_order


class _LaneWatch(NodeWatch):
    def __init__(self, lane: Lane) -> None:
        self._lane = lane

    def begun(self, name: str) -> None:
        self._lane.node_begun(name)

    def ended(self, name: str, seconds: float, value: Any) -> None:
        self._lane.node_ended(name, seconds, value, current_order())


def run_variant(prepared: PreparedExperiment, lane: Lane, shared: SharedNodes, calls: RunCalls) -> str:
    """The output of one variant; times and values go into the lane.

    Raises:
        WorkbenchError: A node failed; the message names it.
    """
    own = prepared.ready[lane.variant.label]
    lane.shared(shared.values, shared.times)
    built = graph.build(prepared.dataflow, own.module, own.config, modules=prepared.modules)
    models = {name: as_model(built.graph.nodes[name].type, calls) for name in graph.model_inputs(built)}
    values = {**own.values, **prepared.document_value(built, lane.document), **shared.frontier, **models}
    inputs, overrides = graph.bind(built, values)
    try:
        with current(calls):
            output = execute(built, [prepared.output, *own.prompts], inputs, overrides, _LaneWatch(lane))
    finally:
        texts = {**inputs, **overrides, **lane.values}
        lane.prompts = {name: str(texts[name]) for name in prepared.prompts if name in texts}
    return output_text(output[prepared.output])
