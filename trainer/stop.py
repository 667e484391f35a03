"""Stopping between two steps: Ctrl-C, or the signal with which a scheduler takes a machine back."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType
from typing import ClassVar, Optional

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopRequest:
    """While it is open, the first signal sets ``made``; the second Ctrl-C interrupts at once.

    What is begun within another request that was made, as a training of many, is to stop too.
    """

    _open: ClassVar[list] = []  # the outermost first

    def __init__(self) -> None:
        self.made = False
        self._before: dict = {}

    def __enter__(self) -> StopRequest:
        self._open.append(self)
        if threading.current_thread() is threading.main_thread():  # only there can a signal be handled
            self._before = {number: signal.signal(number, self._heard) for number in _SIGNALS}
        self.made = any(request.made for request in self._open)  # last: no signal falls between the two
        return self

    def __exit__(self, *_: object) -> None:
        self._open.remove(self)
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _heard(self, number: int, frame: Optional[FrameType]) -> None:
        if self.made:
            raise KeyboardInterrupt
        self.made = True
        # Not a stream: the signal may have come while one was being written to.
        os.write(2, b"stopping after this step; once more stops at once\n")
