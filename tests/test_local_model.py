import asyncio
import json
import os
import select
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from workbench.engine.attempts import answer_to
from workbench.engine.call_limit import CallLimit
from workbench.engine.fair_limit import FairLimit
from workbench.models.catalog import call_request, default_choice, endpoint_for
from workbench.models.local_server import local_model_problem, running_server, stop_server

pytestmark = [
    pytest.mark.small_model,
    pytest.mark.skipif(bool(local_model_problem()), reason=local_model_problem() or "it runs here"),
]

PROMPT = 'Text:\n"""\nHamilton turns Python functions into a graph.\n"""\n\nSummarize the text above in one sentence.'


@pytest.fixture(autouse=True, scope="module")
def _server_ends():
    yield
    stop_server()


async def asked(at_each_piece=lambda: None):
    pieces, waits = [], []

    def text(piece):
        pieces.append(piece)
        at_each_piece()

    def wait(reason, seconds):
        waits.append(reason)
        pieces.clear()

    endpoint = endpoint_for(default_choice({}), {})
    answer = await answer_to(
        call_request(default_choice({}), PROMPT, 20, env={}),
        endpoint,
        FairLimit(CallLimit(endpoint.in_flight)),
        caller="test",
        on_start=lambda: None,
        on_text=text,
        on_wait=wait,
    )
    await endpoint.close()
    return answer, pieces, waits


def has_ended(process_id, seconds):
    """Whether a process that is not our child ended in time."""
    handle = os.pidfd_open(process_id)
    try:
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)


def test_it_answers_in_english_pieces():
    """The small model streams an answer with the tokens it counted, and equal seeds give equal answers."""
    answer, pieces, waits = asyncio.run(asked())
    again, _, _ = asyncio.run(asked())

    assert len(answer.text.split()) > 3
    assert "".join(pieces) == answer.text == again.text
    assert answer.input_tokens > 30
    assert 0 < answer.output_tokens <= 20
    assert waits == []


def test_many_callers_share_one_server():
    """Threads that ask at once, before there is a server, get the same one."""
    stop_server()

    with ThreadPoolExecutor(8) as threads:
        servers = list(threads.map(lambda _: running_server(), range(8)))

    assert len({server.process.pid for server in servers}) == 1


def test_it_starts_again_after_its_process_died():
    """A call whose server dies in the middle is told so, and answered by a new server."""
    first = running_server()

    answer, pieces, waits = asyncio.run(asked(first.process.kill))

    assert running_server().process.pid != first.process.pid
    assert "has to start again" in waits[-1]
    assert "".join(pieces) == answer.text != ""


def test_other_programs_cannot_use_it():
    """Without the key made up for this process, the server refuses to answer."""
    body = json.dumps({"messages": [{"role": "user", "content": "hello"}]}).encode()

    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(f"{running_server().base_url}/chat/completions", body)

    assert raised.value.code == 401


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs Linux to watch a process of another")
def test_it_ends_with_its_parent_whatever_happens():
    """After kill -9 of the process that started it, the server ends too."""
    code = (
        "import sys; from workbench.models.local_server import running_server; "
        "sys.stdout.write(f'{running_server().process.pid}\\n'); sys.stdout.flush(); sys.stdin.read()"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with parent:
        child = int(parent.stdout.readline())
        lived = not has_ended(child, 0)
        parent.send_signal(signal.SIGKILL)

        assert lived
        assert has_ended(child, 10)


def test_ctrl_c_in_the_terminal_is_not_its_business():
    """The server is detached from the terminal, so that Ctrl-C goes to the workbench alone."""
    server = running_server()

    assert os.getsid(server.process.pid) != os.getsid(0)
