"""Stopping between two steps: on Ctrl-C, or on the signal that a scheduler sends before it stops a machine."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType
from typing import Any, ClassVar, Optional

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopRequest:
    """While it is open, the first signal sets ``requested``; the second Ctrl-C interrupts at once.

    A request opened inside another one that is already set, such as one training of many, is set from the start.
    """

    _open: ClassVar[list[StopRequest]] = []  # the outermost first

    def __init__(self) -> None:
        self.requested = False
        self._before: dict[int, Any] = {}  # Any: what signal.signal returns, which typeshed keeps private

    def __enter__(self) -> StopRequest:
        self._open.append(self)
        if threading.current_thread() is threading.main_thread():  # only the main thread can handle a signal
            self._before = {number: signal.signal(number, self._handle) for number in _SIGNALS}
        self.requested = any(
            request.requested for request in self._open
        )  # last, so that no signal arrives between the two
        return self

    def __exit__(self, *_: object) -> None:
        self._open.remove(self)
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _handle(self, number: int, frame: Optional[FrameType]) -> None:
        if self.requested:
            raise KeyboardInterrupt
        self.requested = True
        # os.write, not a stream: the signal may arrive while one is being written to.
        os.write(2, b"stopping after this step; once more stops at once\n")
