"""Requests that wait at the same time share a forward pass."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Optional

import numpy as np

from ..detection.detector import Detector
from ..detection.thresholds import EVALUATION_CONFIDENCE


@dataclass
class _Waiting:
    pixels: np.ndarray
    answer: asyncio.Future = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Batcher:
    """Feeds a detector with what has arrived since its last forward pass: no request waits for others to come.

    Args:
        observe: told how many images each pass had.
    """

    def __init__(self, detector: Detector, nms: float, observe: Callable[[int], None]) -> None:
        self._detector, self._nms, self._observe = detector, nms, observe
        self._waiting: asyncio.Queue = asyncio.Queue()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="network")
        self._task: Optional[asyncio.Task] = None

    async def __aenter__(self) -> Batcher:
        self._task = asyncio.create_task(self._work())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._thread.shutdown()

    async def predictions(self, pixels: np.ndarray) -> tuple:
        """(size, size, 3) letterboxed -> (P, 4) boxes in pixels of the input and (P, classes) scores."""
        waiting = _Waiting(pixels)
        self._waiting.put_nowait(waiting)
        return await waiting.answer

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < self._detector.batch and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            batch = [one for one in batch if not one.answer.cancelled()]  # their callers have gone
            if not batch:
                continue
            self._observe(len(batch))
            try:
                boxes, scores = await loop.run_in_executor(self._thread, self._look, [one.pixels for one in batch])
            except Exception as error:  # belongs to these requests; the next ones must be served
                for one in batch:
                    if not one.answer.cancelled():
                        one.answer.set_exception(error)
                continue
            for row, one in enumerate(batch):
                if not one.answer.cancelled():
                    one.answer.set_result((boxes[row], scores[row]))

    def _look(self, inputs: list) -> tuple:
        return self._detector.predictions(inputs, EVALUATION_CONFIDENCE, self._nms)
