"""The small foreign projects run by hand, without the workbench, as their teams run them."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import pytest

from tests.endpoint import FakeEndpoint
from tests.endpoint_replies import SeenRequest
from tests.shapes import SHAPES, TICKET, TRANSCRIPT, report_pdf, shape

# One process for all: what they import is dear, their own modules are cheap. Reads and writes JSON.
CHILD = """
import asyncio, importlib, inspect, io, json, pathlib, sys
from hamilton import async_driver, base, driver
from hamilton.execution.executors import SynchronousLocalTaskExecutor

results = {}
for name, asked in json.load(sys.stdin).items():
    sys.path.insert(0, asked["path"])
    modules = [importlib.import_module(module) for module in asked["modules"]]
    inputs, output = asked["inputs"], asked["output"]
    if "pdf" in asked["document"]:
        pdf = pathlib.Path(inputs[asked["document"]])
        inputs[asked["document"]] = {"pdf_source": io.BytesIO, "contract_pdf": bytes}.get(
            asked["document"], lambda _: pdf)(pdf.read_bytes())
    if name == "async_summarizer":
        built = async_driver.AsyncDriver(asked["config"], *modules, result_builder=base.DictResult())
        result = asyncio.run(built.execute([output], inputs=inputs))
    else:
        builder = driver.Builder().with_modules(*modules).with_config(asked["config"])
        if name == "parallel_summarizer":
            builder = builder.enable_dynamic_execution(allow_experimental_mode=True)
            builder = builder.with_remote_executor(SynchronousLocalTaskExecutor())
        result = builder.build().execute([output], inputs=inputs)
    results[name] = result[output]
    sys.path.remove(asked["path"])
    for own in [own for own in sys.modules if own.partition(".")[0] in ("dataflows", "prompts", "chains", "flows")]:
        del sys.modules[own]
print(json.dumps(results))
"""


@dataclass
class Ran:
    """What the runs gave, and what each endpoint saw."""

    results: dict[str, str]
    usual: list[SeenRequest]
    triage: list[SeenRequest]

    def prompts(self, name: str) -> list[str]:
        """What one shape asked, in order of arrival; each names its model as itself."""
        return [request.prompt for request in [*self.usual, *self.triage] if request.body["model"] == name]


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> Iterator[Ran]:
    """All of them, once."""
    folder = tmp_path_factory.mktemp("shapes")
    (folder / "report.pdf").write_bytes(report_pdf())
    asked = {}
    for name, own in SHAPES.items():
        document = {"transcript": TRANSCRIPT, "raw_ticket": TICKET}.get(own.document, str(folder / "report.pdf"))
        asked[name] = {
            **asdict(own),
            "path": str(shape(name, folder) / own.imports_from),
            "modules": [*own.modules, *filter(None, [own.prompt_module])],
            "inputs": {**own.inputs, own.document: document, own.model_input: name},
        }
    with FakeEndpoint() as usual, FakeEndpoint(answer=_answer) as triage:
        environment = {**os.environ, "OPENAI_BASE_URL": usual.url, "OPENAI_API_KEY": "k", "PYTHONPATH": ""}
        environment |= {"TRIAGE_BASE_URL": triage.url, "TRIAGE_API_KEY": "t", "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-c", CHILD],
            input=json.dumps(asked),
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        yield Ran(json.loads(done.stdout), usual.requests, triage.requests)


def _answer(request: SeenRequest) -> str:
    if request.prompt.startswith("Rules:"):
        return 'Sure:\n```json\n{"team": "workshop", "urgent": true}\n```'
    return "We will look at your brake."


@pytest.mark.parametrize(
    ("name", "calls"),
    [
        ("pdf_summarizer", 6 + 1),
        ("parallel_summarizer", 8 + 1),
        ("config_prompts", 6 + 1),
        ("async_summarizer", 3 + 1),
        ("ticket_triage", 1 + 1),
    ],
)
def test_a_shape_runs_by_hand_with_so_many_calls(ran, name, calls):
    """A plain Hamilton driver runs each project as it is; the model is asked once a piece, and once for the whole."""
    assert len(ran.prompts(name)) == calls
    assert ran.results[name]


def test_each_shape_asks_the_server_that_it_was_configured_for(ran):
    """The triage has its own address; all others take what the environment says to every client of openai."""
    seen = Counter(request.body["model"] for request in ran.triage)

    assert seen == {"ticket_triage": 2}
    assert {request.body["model"] for request in ran.usual} == set(SHAPES) - {"ticket_triage"}


def test_a_glued_prompt_stands_before_every_piece(ran):
    """The helper puts the text of the prompt before each section; the last prompt is filled, its braces single."""
    *pieces, whole = ran.prompts("pdf_summarizer")

    assert all(piece.startswith("You read a yearly report for a resident of the valley.") for piece in pieces)
    assert sum("Section:\nClause 1 says" in piece for piece in pieces) == 1
    assert "How much water was lost?" in whole
    assert "{unit: figure}" in whole


def test_the_triage_reads_its_answer_as_json(ran):
    """The team of the first answer is in the second question and in what comes out; the style is a system message."""
    reply = ran.triage[1]

    assert "The workshop team takes care" in reply.prompt
    assert reply.messages[0][0] == "system"
    assert "{curly}" in reply.messages[0][1]
    assert json.loads(ran.results["ticket_triage"]) == {
        "reply": "We will look at your brake.",
        "team": "workshop",
        "urgent": True,
    }
