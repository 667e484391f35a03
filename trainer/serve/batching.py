"""Requests that wait at the same time share a forward pass."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Optional

import numpy as np
from numpy.typing import NDArray

from ..detection.detector import Detector
from ..detection.thresholds import EVALUATION_CONFIDENCE
from ..runtimes import Predictions


@dataclass
class _Waiting:
    pixels: NDArray[np.float32]
    answer: asyncio.Future[Predictions] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Batcher:
    """Feeds a detector with the requests since its last forward pass; no request waits for later ones.

    Args:
        observe: called with the number of images of each pass.
    """

    def __init__(self, detector: Detector, observe: Callable[[int], None]) -> None:
        self._detector, self._observe = detector, observe
        self._waiting: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="network")
        self._task: Optional[asyncio.Task[None]] = None

    async def __aenter__(self) -> Batcher:
        self._task = asyncio.create_task(self._work())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        self._thread.shutdown()

    async def predictions(self, pixels: NDArray[np.float32]) -> Predictions:
        """Run the network on a letterboxed (size, size, 3) image -> (P, 4) boxes and (P, classes) scores."""
        waiting = _Waiting(pixels)
        self._waiting.put_nowait(waiting)
        return await waiting.answer

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < self._detector.batch and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            batch = [one for one in batch if not one.answer.cancelled()]  # the callers of the others have left
            if not batch:
                continue
            self._observe(len(batch))
            try:
                boxes, scores = await loop.run_in_executor(self._thread, self._predict, [one.pixels for one in batch])
            except Exception as error:  # it belongs to these requests; the next ones must be served
                for one in batch:
                    if not one.answer.cancelled():
                        one.answer.set_exception(error)
                continue
            for row, one in enumerate(batch):
                if not one.answer.cancelled():
                    one.answer.set_result(Predictions(boxes[row], scores[row]))

    def _predict(self, inputs: list[NDArray[np.float32]]) -> Predictions:
        return self._detector.predictions(inputs, EVALUATION_CONFIDENCE)
