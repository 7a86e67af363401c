"""The gate as pytest items, one for each rule of each file: `pytest -p workbench.gate.pytest_plugin --prompt-gate`."""

from pathlib import Path
from typing import Any

import pytest

from workbench.gate.findings import RULES, Finding
from workbench.gate.gate import gate
from workbench.gate.text_report import finding_line


class GateFailed(Exception):
    """Its message is what `python -m workbench check` would print."""


class GateItem(pytest.Item):
    """A rule held against a file."""

    def __init__(self, *, path_of_rule: str, findings: list[Finding], **rest: Any) -> None:
        super().__init__(**rest)
        self.path_of_rule, self.findings = path_of_rule, findings

    def runtest(self) -> None:
        """Fails with the errors."""
        words = [f"{finding_line(own)}\n    {own.hint}" for own in self.findings if own.level == "error"]
        if words:
            raise GateFailed("\n".join(words))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The errors, without a traceback."""
        return str(excinfo.value) if excinfo.errisinstance(GateFailed) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where pytest says that it is."""
        line = self.findings[0].line - 1 if self.findings else 0
        return Path(self.path_of_rule), line, self.name


def pytest_addoption(parser: pytest.Parser) -> None:
    """The two options."""
    group = parser.getgroup("prompt gate")
    group.addoption("--prompt-gate", action="store_true", help="hold prompts/ against the rules of the prompt gate")
    group.addoption("--prompt-baseline", metavar="REV", help="the revision that the gate holds the checkout against")


def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Adds an item for each rule of each file."""
    if not config.getoption("--prompt-gate"):
        return
    report = gate(config.rootpath, baseline=config.getoption("--prompt-baseline"))
    found: dict[tuple[str, str], list[Finding]] = {(path, rule): [] for path in report.files for rule in RULES}
    for finding in report.findings:
        found.setdefault((finding.path, finding.rule), []).append(finding)
    for (path, rule), findings in found.items():
        name = f"{path}::{rule}"
        items.append(GateItem.from_parent(session, name=name, path_of_rule=path, findings=findings))
