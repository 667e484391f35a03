"""Work done in a thread while its consumer is busy with what came before."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator

_END = object()
_SECONDS_BETWEEN_LOOKS = 0.1


class _Failure:
    def __init__(self, error: BaseException) -> None:
        self.error = error


def ahead(items: Iterator, depth: int, stopped: Callable[[], bool], newest: bool = False) -> Iterator:
    """Yield ``items``, made in a thread up to ``depth`` ahead; an error there is raised here.

    Args:
        stopped: asked now and then; once true, this ends.
        newest: rather lose the oldest that waits than hold up the thread.
    """
    waiting: queue.Queue = queue.Queue(depth)
    left = threading.Event()

    def given_up() -> bool:
        return left.is_set() or stopped()

    thread = threading.Thread(target=_produce, args=(items, waiting, given_up, newest), daemon=True)
    thread.start()
    try:
        while not stopped():
            try:
                item = waiting.get(timeout=_SECONDS_BETWEEN_LOOKS)
            except queue.Empty:
                continue
            if item is _END:
                return
            if isinstance(item, _Failure):
                raise item.error
            yield item
    finally:
        left.set()
        thread.join(timeout=5)


def _produce(items: Iterator, waiting: queue.Queue, given_up: Callable[[], bool], newest: bool) -> None:
    try:
        for item in items:
            if not _put(waiting, item, given_up, newest):
                return
        last = _END
    except BaseException as error:
        last = _Failure(error)
    finally:
        items.close()
    _put(waiting, last, given_up, newest=False)  # the end takes no image's place


def _put(waiting: queue.Queue, item: object, given_up: Callable[[], bool], newest: bool) -> bool:
    """Whether somebody still wants it."""
    while not given_up():
        try:
            waiting.put(item, timeout=0 if newest else _SECONDS_BETWEEN_LOOKS)
            return True
        except queue.Full:
            if newest:
                _drop_oldest(waiting)
    return False


def _drop_oldest(waiting: queue.Queue) -> None:
    try:
        waiting.get_nowait()
    except queue.Empty:
        return  # the consumer was faster
