"""Prefetching: items are produced in a thread while the consumer works on earlier ones."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from typing import Any, Protocol, TypeVar

Item = TypeVar("Item", covariant=True)

_END = object()
_SECONDS_BETWEEN_CHECKS = 0.1


class ClosableIterator(Protocol[Item]):
    """An iterator that releases what it holds when it is closed, as a generator does."""

    def __iter__(self) -> Iterator[Item]: ...

    def __next__(self) -> Item: ...

    def close(self) -> None:
        """Release what it holds."""


class _Failure:
    def __init__(self, error: BaseException) -> None:
        self.error = error


def prefetch(
    items: ClosableIterator[Item], depth: int, stopped: Callable[[], bool], newest: bool = False
) -> Generator[Item, None, None]:
    """Yield ``items``, produced in a thread up to ``depth`` ahead; an error there is raised here.

    Args:
        stopped: checked now and then; iteration ends once it is true.
        newest: drop the oldest waiting item rather than hold up the thread.
    """
    # Any: the queue also holds _END and _Failure.
    waiting: queue.Queue[Any] = queue.Queue(depth)
    abandoned = threading.Event()

    def given_up() -> bool:
        return abandoned.is_set() or stopped()

    thread = threading.Thread(target=_produce, args=(items, waiting, given_up, newest), daemon=True)
    thread.start()
    try:
        while not stopped():
            try:
                item = waiting.get(timeout=_SECONDS_BETWEEN_CHECKS)
            except queue.Empty:
                continue
            if item is _END:
                return
            if isinstance(item, _Failure):
                raise item.error
            yield item
    finally:
        abandoned.set()
        thread.join(timeout=5)


def _produce(
    items: ClosableIterator[object], waiting: queue.Queue[object], given_up: Callable[[], bool], newest: bool
) -> None:
    try:
        for item in items:
            if not _put(waiting, item, given_up, newest):
                return
        last = _END
    except BaseException as error:
        last = _Failure(error)
    finally:
        items.close()
    _put(waiting, last, given_up, newest=False)  # the end must not push out an item


def _put(waiting: queue.Queue[object], item: object, given_up: Callable[[], bool], newest: bool) -> bool:
    """Put the item into the queue; False if the consumer has gone."""
    while not given_up():
        try:
            waiting.put(item, timeout=0 if newest else _SECONDS_BETWEEN_CHECKS)
            return True
        except queue.Full:
            if newest:
                with suppress(queue.Empty):  # the consumer was faster
                    waiting.get_nowait()
    return False
