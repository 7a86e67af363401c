"""Ctrl+C while a command runs."""

import os
import signal
import threading

import pytest

from workbench.interrupting import on_interrupt


def test_the_first_one_asks_to_stop_and_the_second_interrupts():
    """The first raises nothing where the command is; the second is Python's own."""
    asked = threading.Event()

    with pytest.raises(KeyboardInterrupt), on_interrupt(asked.set):
        os.kill(os.getpid(), signal.SIGINT)
        assert asked.wait(10)
        os.kill(os.getpid(), signal.SIGINT)


def test_it_is_as_before_afterwards():
    """Whatever handled it handles it again."""
    before = signal.getsignal(signal.SIGINT)

    with on_interrupt(lambda: None):
        during = signal.getsignal(signal.SIGINT)

    assert signal.getsignal(signal.SIGINT) is before is not during


def test_another_thread_changes_nothing():
    """A command that is called there runs all the same."""
    seen = []

    def work():
        with on_interrupt(lambda: None):
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)
    assert seen == [signal.getsignal(signal.SIGINT)]
