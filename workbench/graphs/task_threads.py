"""The threads that the tasks of Parallelizable nodes run in."""

import threading
from concurrent.futures import Future

from hamilton.execution.executors import MultiThreadingExecutor, TaskFutureWrappingPythonFuture
from hamilton.execution.grouping import TaskImplementation
from hamilton.execution.state import TaskState

_ROUND_SECONDS = 0.005


class TaskThreads(MultiThreadingExecutor):  # type: ignore[misc] # Hamilton's has no types
    """Threads whose tasks are waited for: Hamilton asks the tasks in flight how they are, over and over.

    It does so without a pause, which takes a whole processor, and the interpreter's lock from the tasks themselves.
    Here the task that was begun first takes its time to answer: until there is something to tell, or for 5 ms, as
    Hamilton has other things to look after.

    Args:
        max_tasks: In flight at a time.
    """

    def __init__(self, max_tasks: int) -> None:
        super().__init__(max_tasks)
        self._news = threading.Event()
        """A task was begun or has ended since somebody waited last."""

    def submit_task(self, task: TaskImplementation) -> TaskFutureWrappingPythonFuture:
        """Begin a task."""
        future: Future[object] = super().submit_task(task).future
        self._news.set()
        future.add_done_callback(lambda _: self._news.set())
        return _Answered(future, self)

    def wait_for_news(self, future: "Future[object]") -> None:
        """Wait when nothing is new, and this is the task in flight that was begun first."""
        if next((own for own in self.active_futures if not own.done()), None) is future:
            self._news.wait(_ROUND_SECONDS)
            self._news.clear()


class _Answered(TaskFutureWrappingPythonFuture):  # type: ignore[misc]
    def __init__(self, future: "Future[object]", threads: TaskThreads) -> None:
        super().__init__(future)
        self._threads = threads

    def get_state(self) -> TaskState:
        """How the task is."""
        self._threads.wait_for_news(self.future)
        return super().get_state()
