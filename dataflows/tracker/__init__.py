"""Tells what a service's Hamilton driver did: prompts and their versions, node times, calls, tokens, errors.

    from dataflows.tracker import adapters_from_environment

    adapters = adapters_from_environment("summarization", source="ticket-service")
    chain = driver.Builder().with_modules(summarization, prompts).with_adapters(*adapters).build()

It needs nothing of the workbench, and of packages only Hamilton; it is off unless WORKBENCH_TRACK says where runs go,
see environment.py. Runs in the workbench's database appear in its History. What fails in it fails no run, and keys are
in nothing that it tells.
"""

from dataflows.tracker.calls import tracked_call as tracked_call
from dataflows.tracker.current import tracked_request as tracked_request
from dataflows.tracker.environment import adapters_from_environment as adapters_from_environment
from dataflows.tracker.json_lines import JsonLines as JsonLines
from dataflows.tracker.record_json import from_json as from_json
from dataflows.tracker.record_json import to_json as to_json
from dataflows.tracker.records import RunRecord as RunRecord
from dataflows.tracker.records import spacing_sha256 as spacing_sha256
from dataflows.tracker.records import text_sha256 as text_sha256
from dataflows.tracker.sink import Sink as Sink
from dataflows.tracker.tracker import Tracker as Tracker
