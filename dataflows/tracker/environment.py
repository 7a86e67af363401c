"""On and off by configuration: what the environment says of the tracker.

WORKBENCH_TRACK          "off" (default), or any of these, with commas between them:
                         jsonl:PATH        a line of JSON for each run, at the end of a file; jsonl:- for the output
                         otel              traces, see OpenTelemetry
                         database:URL      the workbench's database, see Database
                         hamilton-ui       with HAMILTON_PROJECT_ID, HAMILTON_USERNAME, HAMILTON_API_URL
WORKBENCH_TRACK_CONTENT  "on" keeps texts, too: prompts, messages, answers, outputs; default: "off". Traces tell
                         them only where OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT is "true" as well
WORKBENCH_TRACK_SOURCE   which service this is, where its code doesn't say it
WORKBENCH_GIT_SHA        its commit
"""

import os
import sys
from collections.abc import Mapping
from typing import Any

from dataflows.tracker.json_lines import JsonLines
from dataflows.tracker.sink import Sink
from dataflows.tracker.tracker import Tracker

_OFF = ("", "off", "no", "false", "0")
_ON = ("on", "yes", "true", "1")
_KNOWN = "jsonl:PATH, otel, database:URL and hamilton-ui"
_UI = "hamilton-ui"


def adapters_from_environment(
    dataflow: str, *, source: str = "", environment: Mapping[str, str] = os.environ
) -> list[Any]:
    """For Builder().with_adapters(*…): the tracker, and the Hamilton UI's where it is wanted; none when it is off.

    Args:
        dataflow: What the driver runs.
        source: Which service this is; by default WORKBENCH_TRACK_SOURCE.
        environment: Where it is said.

    Raises:
        ValueError: It makes no sense, or names what isn't installed.
    """
    named = _named(environment)
    others = [name for name in named if name != _UI]
    options = options_from(source, {**environment, "WORKBENCH_TRACK": ",".join(others)})
    adapters: list[Any] = [Tracker(dataflow, **options)] if others else []
    if _UI in named:
        adapters.append(_hamilton_ui(dataflow, environment))
    return adapters


def options_from(source: str, environment: Mapping[str, str]) -> dict[str, Any]:
    """What the environment says of a Tracker, as its arguments.

    Raises:
        ValueError: It makes no sense, or names what isn't installed.
    """
    source = source or environment.get("WORKBENCH_TRACK_SOURCE", "")
    sinks = [_sink(name, source, environment) for name in _named(environment)]
    git_sha = environment.get("WORKBENCH_GIT_SHA", "")
    return {"source": source, "sinks": sinks, "keep_content": _keeps_content(environment), "git_sha": git_sha}


def _named(environment: Mapping[str, str]) -> list[str]:
    wanted = environment.get("WORKBENCH_TRACK", "").strip()
    if wanted.lower() in _OFF:
        return []
    return [name.strip() for name in wanted.split(",")]


def _sink(name: str, source: str, environment: Mapping[str, str]) -> Sink:
    kind, _, where = name.partition(":")
    if kind == "jsonl" and where:
        return JsonLines(sys.stdout if where == "-" else where)
    if name == "otel":
        from dataflows.tracker.open_telemetry import OpenTelemetry

        content = environment.get("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "").lower() == "true"
        return OpenTelemetry(content=content, service=source)
    if kind == "database" and where:
        try:
            from dataflows.tracker.database import Database
        except ImportError as error:
            raise ValueError("runs in a database need the package SQLAlchemy; install it") from error
        return Database(where)
    if name == _UI:
        raise ValueError("hamilton-ui is an adapter of its own; use adapters_from_environment")
    raise ValueError(f"WORKBENCH_TRACK has {kind[:40]!a}; it can be off, or any of {_KNOWN}")


def _keeps_content(environment: Mapping[str, str]) -> bool:
    said = environment.get("WORKBENCH_TRACK_CONTENT", "").strip().lower()
    if said not in (*_OFF, *_ON):
        raise ValueError(f"WORKBENCH_TRACK_CONTENT is {said[:40]!a}; it can be on or off")
    return said in _ON


def _hamilton_ui(dataflow: str, environment: Mapping[str, str]) -> Any:
    from dataflows.tracker.hamilton_ui import HamiltonUI

    project, username = environment.get("HAMILTON_PROJECT_ID", ""), environment.get("HAMILTON_USERNAME", "")
    if not (project.isascii() and project.isdigit() and username):
        raise ValueError("the Hamilton UI needs HAMILTON_PROJECT_ID, a number, and HAMILTON_USERNAME")
    keep_content = _keeps_content(environment)
    return HamiltonUI(dataflow, project_id=int(project), username=username, keep_content=keep_content)
