"""One run: a variant on a document, after what all variants share."""

from dataflows.model import Model
from workbench.engine.lanes import Lane
from workbench.engine.preparation import PreparedExperiment
from workbench.engine.shared_nodes import SharedNodes
from workbench.engine.watched import NodeWatch, execute
from workbench.graphs import graph


def run_variant(prepared: PreparedExperiment, lane: Lane, shared: SharedNodes, model: Model) -> str:
    """The output of one variant; times and values go into the lane.

    Raises:
        WorkbenchError: A node failed; the message names it.
    """
    own = prepared.ready[lane.variant.label]
    lane.shared(shared.values, shared.times)
    watch = NodeWatch(on_begin=lambda name: setattr(lane, "node", name), on_end=lane.node_ended)
    built = graph.build(prepared.dataflow, own.module, prepared.config, watch, modules=prepared.modules)
    models = dict.fromkeys(graph.model_inputs(built), model)
    values = {**own.values, **prepared.document_value(lane.document), **shared.frontier, **models}
    inputs, overrides = graph.bind(built, values)
    try:
        output = execute(built, [prepared.output, *prepared.prompts], inputs, overrides, watch)
    finally:
        texts = {**inputs, **overrides, **lane.values}
        lane.prompts = {name: texts[name] for name in prepared.prompts if name in texts}
    return str(output[prepared.output])
