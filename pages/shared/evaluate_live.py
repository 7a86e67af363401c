"""Evaluations in progress, which outlive the page that began them, each with what it came to."""

import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property

from pages.shared.evaluate_figures import Figures, figures_of
from workbench.errors import StopError, WorkbenchError
from workbench.evaluation.choice import Choice
from workbench.evaluation.outcome import Outcome, outcome_of
from workbench.evaluation.rows import Row, rows_of
from workbench.evaluation.running import Evaluation
from workbench.evaluation.sums import Tally, by_tag
from workbench.evaluation_request import Asked
from workbench.history.kept import KeptRun
from workbench.records import Run

_MOST_KEPT = 16  # one of a thousand cases holds some hundred megabytes


class LiveEvaluation:
    """One evaluation, from the press of the button on: its documents are read, it runs, it is summed up.

    Args:
        choice: What was chosen.
        at: Seconds since the epoch at which it began, before now where it goes on.
        prepare: Gives what was asked for; blocks. Gets what says that nobody waits any more.
        make: Makes the evaluation; gets what keeps in mind under which id the history has a run.
        on_end: Told once, from its thread, when all is over.
    """

    def __init__(
        self,
        choice: Choice,
        at: float,
        *,
        prepare: Callable[[Callable[[], bool]], Asked],
        make: Callable[[Asked, Callable[[Run, KeptRun], None]], Evaluation],
        on_end: Callable[["LiveEvaluation"], None],
    ) -> None:
        self.id, self.choice, self.at = secrets.token_urlsafe(16), choice, at
        self.planned: int | None = None
        """How many calls it was to make, where that was counted."""
        self.asked: Asked | None = None
        self.evaluation: Evaluation | None = None
        """None while the documents are read, and when it could not begin."""
        self.outcome: Outcome | None = None
        """Once it is over."""
        self.error: WorkbenchError | None = None
        """Why it could not begin."""
        self._prepare, self._make, self._on_end = prepare, make, on_end
        self._history: dict[int, tuple[str, Run]] = {}
        self._rows: tuple[tuple[int, bool], Sequence[Row]] | None = None
        self._wants_stop, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"evaluation-{self.id[:8]}", daemon=True)

    @property
    def live(self) -> bool:
        """Whether it goes on."""
        return not self._over.is_set()

    def start(self) -> None:
        """Run it; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End it; what is done and what was answered is kept."""
        self._wants_stop.set()
        if self.evaluation:
            self.evaluation.stop()

    def wait(self, timeout: float | None = None) -> bool:
        """Block until it is over or `timeout` seconds have passed; whether it is over."""
        return self._over.wait(timeout)

    def rows(self) -> Sequence[Row]:
        """Its rows as they stand; none while the documents are read."""
        if self.outcome:
            return self.outcome.rows
        if not self.evaluation:
            return ()
        version = self.evaluation.version, self.evaluation.live
        if self._rows is None or self._rows[0] != version or version[1]:
            self._rows = version, rows_of(self.evaluation.matrix, self.evaluation.cells())
        return self._rows[1]

    @cached_property
    def slices(self) -> Mapping[str, Mapping[str, Tally]]:
        """Tag -> label of the column -> its sum; to be asked for when it is over."""
        return by_tag(self.rows())

    @cached_property
    def figures(self) -> Mapping[str, Figures]:
        """Label of the column -> what its cards show; to be asked for when it is over."""
        return {label: figures_of(self.rows(), label) for label in (self.outcome.tallies if self.outcome else ())}

    def history_id(self, run: Run) -> str:
        """Under which id the history keeps a run of this evaluation; empty when it doesn't."""
        return self._history.get(id(run), ("",))[0]

    def _work(self) -> None:
        try:
            self.asked = self._prepare(self._wants_stop.is_set)
            self.evaluation = self._make(self.asked, self._note)
            if self._wants_stop.is_set():
                self.evaluation.stop()
            self.evaluation.start()
            self.evaluation.wait()
            matrix, cells = self.asked.matrix, self.evaluation.cells()
            self.outcome = outcome_of(matrix, cells, "any-failure", self.evaluation.seconds)
        except StopError:
            pass  # before it began: there is nothing to show
        except WorkbenchError as error:
            self.error = error
        except Exception as error:
            logging.getLogger(__name__).exception("an evaluation ended with a fault")
            self.error = WorkbenchError(f"The evaluation ended with a fault of the workbench: {type(error).__name__}.")
        finally:
            try:
                self._on_end(self)
            finally:
                self._over.set()

    def _note(self, run: Run, kept: KeptRun) -> None:
        self._history[id(run)] = kept.id, run  # the run along with it, so that no other can come to have its id


class Evaluations:
    """The last evaluation of each asker. Safe across threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, LiveEvaluation] = OrderedDict()

    def add(self, asker: Hashable, own: LiveEvaluation) -> None:
        """In the place of the asker's last one; of the others, the oldest that are over are forgotten."""
        with self._lock:
            self._known[asker] = own
            self._known.move_to_end(asker)
            over = [key for key, other in self._known.items() if not other.live]
            for key in over[: max(0, len(self._known) - _MOST_KEPT)]:
                del self._known[key]

    def find(self, asker: Hashable) -> LiveEvaluation | None:
        """The asker's last one in this process."""
        with self._lock:
            return self._known.get(asker)
