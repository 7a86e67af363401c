import signal
import subprocess
import sys

from workbench.settings import ROOT
from workbench.state.processes import Processes

CHILD = """
import sys
from pathlib import Path
from workbench.state.processes import Processes
processes = Processes(Path(sys.argv[1]))
print(processes.name(), flush=True)
sys.stdin.read()
"""


def child(home):
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(home)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    return process, process.stdout.readline().strip()


def test_a_process_lives_until_it_is_killed(tmp_path):
    """Another process is alive while it runs, and gone the moment it was killed with -9; its file goes too."""
    here = Processes(tmp_path)
    process, name = child(tmp_path)

    while_running = here.lives(name)
    process.send_signal(signal.SIGKILL)
    process.wait()
    after = here.lives(name)

    assert (while_running, after) == (True, False)
    assert not list((tmp_path / "processes").glob(f"{name}*"))
    assert not here.lives(name)


def test_a_process_ends_by_itself_and_is_gone(tmp_path):
    """A process that ended in peace is as gone as a killed one."""
    here = Processes(tmp_path)
    process, name = child(tmp_path)

    process.communicate()

    assert not here.lives(name)


def test_this_process_knows_itself(tmp_path):
    """It lives by its own name, for others too, and a name that nobody has is nobody's."""
    here, beside = Processes(tmp_path), Processes(tmp_path)

    assert here.lives(here.name()) and beside.lives(here.name())
    assert not here.lives("nobody") and not here.lives("../../etc/passwd")
    assert here.name() != beside.name()
