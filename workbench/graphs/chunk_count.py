"""How many pieces a document will be read in."""

from collections.abc import Mapping
from typing import Any

from workbench.graphs import graph
from workbench.records import Document


def count_chunks(document: Document, dataflow_name: str, inputs: Mapping[str, Any]) -> int:
    """Number of chunks with these inputs; 0 when the dataflow refuses them (the run will say why)."""
    dataflow = graph.dataflow_named(dataflow_name)
    built = graph.build(dataflow, None, {})
    values = {**inputs, dataflow.document: list(document.page_texts)}
    given, overrides = graph.bind(built, values)
    try:
        return len(built.execute([dataflow.chunks], inputs=given, overrides=overrides)[dataflow.chunks])
    except Exception:  # noqa: BLE001 nodes are user code; this is only a figure beside the file name
        return 0
