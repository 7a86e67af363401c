"""What a person wants to export, and everything an offer is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench import project, settings
from workbench.errors import ExportError
from workbench.evaluation.evidence import Evidence
from workbench.export.module_file import ExportFile
from workbench.export.proof_lines import ProofLine
from workbench.graphs import graph
from workbench.graphs.default_config import default_config
from workbench.records import Experiment, Variant, Version


@dataclass(frozen=True)
class ExportRequest:
    """A variant that is to become a version."""

    dataflow: str
    root: Path
    """The project."""
    home: Path
    """The state folder; the call store is in it."""
    versions: Mapping[str, Version]
    variant: Variant
    reason: str = ""
    experiment: Experiment | None = None
    """What it was judged on, with its documents' texts."""
    with_cases: bool = False
    """The recorded cases go along. They hold the documents' texts."""
    evidence: tuple[Evidence, ...] = ()
    """What was found of it against its base, see workbench.export.evidence."""

    @property
    def base(self) -> Version:
        """The version it was edited from.

        Raises:
            ExportError: There is no such version.
        """
        if self.variant.base not in self.versions:
            known = ", ".join(self.versions) or "none"
            raise ExportError(f"there is no version {self.variant.base!a}", f"Choose one of: {known}.")
        return self.versions[self.variant.base]

    @property
    def folder(self) -> Path:
        """Where the dataflow's versions are."""
        return self.root / project.versions_folder(self.dataflow).relative_to(settings.project())

    @property
    def store(self) -> Path:
        """The call store's file."""
        return self.home / "calls.db"

    @property
    def config(self) -> dict[str, Any]:
        """Hamilton config that its dataflow is built with."""
        dataflow = graph.dataflow_named(self.dataflow)
        return {**default_config(graph.modules_of(dataflow)), **dataflow.config}

    @property
    def dataflow_modules(self) -> tuple[str, ...]:
        """Of the dataflow, by import name."""
        return project.dataflows()[self.dataflow].modules


@dataclass(frozen=True)
class Offer:
    """A proved export: nothing of it is written yet."""

    number: int
    """Of the new version."""
    file: ExportFile
    path: str
    """Where the file will be, relative to the project."""
    proof: tuple[ProofLine, ...]
    title: str
    text: str
    """Of the pull request; Markdown."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Path relative to the project -> content: the module, and the recorded cases if they go along."""

    @property
    def label(self) -> str:
        """ "v4"."""
        return f"v{self.number}"
