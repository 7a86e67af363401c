"""Offers proved in the background, each once, so that a page never waits for a proof."""

import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from workbench.errors import ExportError, WorkbenchError
from workbench.evaluation.evidence import Evidence
from workbench.export.delivery import patch_of_offer
from workbench.export.module_file import ExportFile
from workbench.export.offer import offer
from workbench.export.request import ExportRequest, Offer

_KEPT = 16
_Key = tuple[str, str, str, bool, str, tuple[Evidence, ...]]


@dataclass(frozen=True)
class Proving:
    """How a proof stands."""

    made: Offer | None = None
    patch: bytes | None = None
    """For `git am`; None also where git can't make one."""
    error: WorkbenchError | None = None

    @property
    def live(self) -> bool:
        """Whether it goes on."""
        return self.made is None and self.error is None


class Offers:
    """Makes offers, one at a time, in a thread of its own. Safe across threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: OrderedDict[_Key, Future[tuple[Offer, bytes | None]]] = OrderedDict()
        self._thread = ThreadPoolExecutor(1, "proofs")

    def find(self, request: ExportRequest, number: int, file: ExportFile) -> Proving:
        """How the proof of this file stands; begins it when nobody has asked for it before.

        Args:
            request: What is exported.
            number: Of the new version.
            file: As it is drawn now; another text is another proof.
        """
        experiment = request.experiment
        judged = f"{experiment.id} {len(experiment.runs)} {experiment.seconds}" if experiment else ""
        key = (str(request.root), file.source, judged, request.with_cases, request.reason, request.evidence)
        with self._lock:
            future = self._made.get(key)
            if future is None:
                future = self._made[key] = self._thread.submit(_make, request, number)
                while len(self._made) > _KEPT:
                    self._made.popitem(last=False)[1].cancel()
        return _standing(future)


def _make(request: ExportRequest, number: int) -> tuple[Offer, bytes | None]:
    made = offer(request, number)
    try:
        return made, patch_of_offer(request, made)
    except WorkbenchError:
        return made, None  # no git, no identity: the other ways say so, and the download works


def _standing(future: "Future[tuple[Offer, bytes | None]]") -> Proving:
    if not future.done():
        return Proving()
    try:
        return Proving(*future.result())
    except WorkbenchError as error:
        return Proving(error=error)
    except Exception as error:  # noqa: BLE001 - whatever it is, the page has to say that there is no proof
        return Proving(error=ExportError(f"the proof failed: {type(error).__name__}", "Report it."))
