"""Small dataflows and sinks for the tests of the tracker."""

import threading
from concurrent.futures import ThreadPoolExecutor

from hamilton import ad_hoc_utils, driver
from hamilton.execution import executors
from hamilton.htypes import Collect, Parallelizable

from dataflows.tracker import Sink, Tracker

KEY = "sk-" + "k3Y" * 8


class Kept(Sink):
    """Keeps what it is given."""

    def __init__(self):
        self.records = []

    def write(self, record):
        self.records.append(record)

    @property
    def record(self):
        """The only one."""
        [record] = self.records
        return record


class Stuck(Sink):
    """Takes nothing until it is let go."""

    def __init__(self):
        self.begun, self.go = threading.Event(), threading.Event()
        self.records = []

    def write(self, record):
        self.begun.set()
        self.go.wait(10)
        self.records.append(record)


class Broken(Sink):
    """Raises as long as it is broken."""

    def __init__(self):
        self.is_broken = True

    def write(self, record):
        if self.is_broken:
            raise RuntimeError(f"no place for it, Bearer {KEY}")


def client_of(endpoint, kind="OpenAI", **options):
    # Imported here, as it takes a while, and workers ask nobody.
    import openai

    return getattr(openai, kind)(base_url=endpoint.url, **{"api_key": KEY, "max_retries": 0, **options})


def asked(client, text, **options):
    """The answer's text."""
    reply = client.chat.completions.create(model="m-1", messages=[{"role": "user", "content": text}], **options)
    return reply.choices[0].message.content


def chunks(count: int = 3) -> list[str]:
    return [f"chunk {number}" for number in range(count)]


def chunk_prompt() -> str:
    return "Say more: "


def answers(chunks: list[str], chunk_prompt: str, client: object) -> list[str]:
    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(lambda chunk: asked(client, chunk_prompt + chunk), chunks))


def summary(answers: list[str]) -> str:
    return " ".join(answers)


def chunk(chunks: list[str]) -> Parallelizable[str]:
    yield from chunks


def chunk_answer(chunk: str, chunk_prompt: str, client: object) -> str:
    return asked(client, chunk_prompt + chunk)


def parallel_summary(chunk_answer: Collect[str]) -> str:
    return " ".join(sorted(chunk_answer))


def built(*functions, adapters=(), config=None):
    module = ad_hoc_utils.create_temporary_module(*functions)
    return driver.Builder().with_modules(module).with_adapters(*adapters).with_config(config or {}).build()


def built_in_pool(adapters):
    return built(chunks, chunk_prompt, answers, summary, adapters=adapters)


def built_in_parallel(adapters):
    module = ad_hoc_utils.create_temporary_module(chunks, chunk_prompt, chunk, chunk_answer, parallel_summary)
    builder = driver.Builder().with_modules(module).enable_dynamic_execution(allow_experimental_mode=True)
    builder = builder.with_remote_executor(executors.MultiThreadingExecutor(max_tasks=4))
    return builder.with_adapters(*adapters).build()


def tracked(*functions, outputs, inputs=None, overrides=None, config=None, **options):
    """The one record of an execution."""
    sink = Kept()
    tracker = Tracker("test", source="tests", sinks=[sink], **options)
    chain = built(*functions, adapters=[tracker], config=config)
    try:
        chain.execute(outputs, inputs=inputs or {}, overrides=overrides or {})
    finally:
        assert tracker.flush()
    return sink.record


def shout(text: str) -> str:
    return text.upper()
