"""Streams of the openai package, noted as the service takes their pieces."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from dataflows.tracker import openai_shapes
from dataflows.tracker.running_call import RunningCall


class Pieces(Iterator[Any]):
    """The pieces of a stream as they come."""

    def __init__(self, call: RunningCall, pieces: Iterator[Any]) -> None:
        self._call = call
        self._pieces = pieces

    def __next__(self) -> Any:
        try:
            piece = next(self._pieces)
        except StopIteration:
            self._call.over()
            raise
        except BaseException as error:
            self._call.failed(error)
            raise
        openai_shapes.note_piece(self._call, piece)
        return piece


class AsyncPieces(AsyncIterator[Any]):
    """The same for a stream that is awaited."""

    def __init__(self, call: RunningCall, pieces: AsyncIterator[Any]) -> None:
        self._call = call
        self._pieces = pieces

    async def __anext__(self) -> Any:
        try:
            piece = await anext(self._pieces)
        except StopAsyncIteration:
            self._call.over()
            raise
        except BaseException as error:
            self._call.failed(error)
            raise
        openai_shapes.note_piece(self._call, piece)
        return piece
