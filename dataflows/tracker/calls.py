"""Calls of a model through a client that isn't the openai package's, told by whoever makes them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from dataflows.tracker.current import current_node
from dataflows.tracker.running_call import Asked, RunningCall


@contextmanager
def tracked_call(
    model: str,
    *,
    server: str = "",
    provider: str = "",
    messages: Sequence[tuple[str, str]] = (),
    **settings: float,
) -> Iterator[RunningCall]:
    """Notes what is done inside as one call; what it raises is noted and raised on. Outside of a run it does nothing.

        with tracked_call("mistral-small", server="models.local:8080", temperature=0.2) as call:
            reply = client.chat(…)
            call.answered(reply.text, input_tokens=reply.sent, output_tokens=reply.received)

    Args:
        model: Its name.
        server: Host and port.
        provider: As OpenTelemetry calls it: "mistral_ai", "aws.bedrock".
        messages: (role, text) pairs; only told where content is kept.
        settings: Temperature and the like, as they are sent.
    """
    node = current_node()
    keeps_content = node is not None and node.run.keeps_content
    call = RunningCall(node, Asked(provider, server, model, settings, tuple(messages) if keeps_content else ()))
    if node is not None:
        node.run.add_call(call)
    try:
        yield call
    except BaseException as error:
        call.failed(error)
        raise
    call.over()
