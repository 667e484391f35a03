"""`trainer predict`: what a model finds in images, videos, cameras and streams."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Optional

import numpy as np

from ..detection.detector import Detections, Detector
from ..detection.thresholds import EVALUATION_CONFIDENCE, NMS_THRESHOLD, SHOWN_CONFIDENCE
from ..errors import ImageError, TrainerError
from ..network.spec import DetectorSpec
from ..progress import note
from ..runtimes import BATCH, Runtime
from .drawings import DrawingOutput, file_stems
from .frames import read_images, read_stream
from .outputs import CocoOutput, Found, ScoresOutput, TextOutput
from .prefetch import ahead
from .privacy import BLUR_CONFIDENCE
from .sources import Frame, Sources
from .throughput import Pace
from .tracking import Tracker
from .video import frame_count

if TYPE_CHECKING:
    import keras

# Frames that may wait before and behind the network: what memory is bounded by.
_AHEAD = BATCH
# Images from which on their rate means something.
_WORTH_A_RATE = 10


@dataclass(frozen=True)
class PredictRequest:
    """What to do with the detections.

    Attributes:
        out: folder for drawings. text: folder for keras-yolo3 lines. coco, scores: files.
        confidence: of what is shown; None: 0.25, and the COCO file down to 0.001.
        nms: IoU of the suppression.
        track: give those of a video ids. blur_people: pixelate them in the drawings.
        seconds: of every stream, at most.
    """

    out: Optional[Path] = None
    text: Optional[Path] = None
    coco: Optional[Path] = None
    scores: Optional[Path] = None
    confidence: Optional[float] = None
    nms: float = NMS_THRESHOLD
    track: bool = False
    blur_people: bool = False
    seconds: float = float("inf")

    def __post_init__(self) -> None:
        if self.blur_people and self.out is None:
            raise TrainerError("--blur-people pixelates the drawings, and there is no --out to draw into")

    @property
    def shown(self) -> float:
        """The confidence above which a detection is shown."""
        return SHOWN_CONFIDENCE if self.confidence is None else self.confidence

    @property
    def listed(self) -> float:
        """The confidence above which a detection is in the COCO file."""
        return EVALUATION_CONFIDENCE if self.confidence is None else self.confidence

    @property
    def lowest(self) -> float:
        """The confidence down to which the network is asked."""
        bounds = [self.shown]
        if self.coco is not None:
            bounds.append(self.listed)
        if self.blur_people:
            bounds.append(BLUR_CONFIDENCE)
        if self.track:
            bounds.append(Tracker.lowest_score)
        return min(bounds)


def predict(
    network: keras.Model | Runtime,
    spec: DetectorSpec,
    sources: Sources,
    request: PredictRequest,
    listed: Callable[[dict], None],
    stopped: Callable[[], bool] = lambda: False,
) -> dict:
    """Look at every source; write what was asked for, and hand on each result as it comes.

    What cannot be read is named on standard error and in ``failed``; the rest goes on.

    Args:
        listed: called with ``{file, image_id, detections: [{category, score, bbox}]}`` of every image, above
            the shown confidence; of a frame with ``frame`` and ``seconds`` as well, and ``track`` of a detection.
        stopped: asked now and then; once true, this ends early.

    Returns:
        ``failed``: ``[{file, error}]``, and ``speed``.
    """
    failed: list = []

    def fail(origin: str, error: ImageError) -> None:
        note(str(error))
        failed.append({"file": origin, "error": str(error)})

    with ExitStack() as stack:
        outputs = [stack.enter_context(output) for output in _outputs(spec, sources, request)]
        pace = stack.enter_context(Pace(_total(sources), "predicting"))
        for run in _runs(network, spec, sources, request, fail):
            for frame, found in _look(run, request, stopped):
                for output in outputs:
                    output.write(frame, found)
                listed(_row(frame, found, spec.classes))
                pace.advance(time.monotonic() - frame.read_at)
            if stopped() and not run.live:
                raise KeyboardInterrupt  # a recording may end at any moment, the images of a file may not
    if pace.done >= _WORTH_A_RATE:
        note(f"predicting: {pace.text()}")
    return {"failed": failed, "speed": pace.to_json()}


@dataclass(frozen=True)
class _Run:
    """Frames that belong together, and who looks at them."""

    frames: Iterator
    detector: Detector
    tracker: Optional[Tracker] = None
    live: bool = False


def _runs(
    network: keras.Model | Runtime,
    spec: DetectorSpec,
    sources: Sources,
    request: PredictRequest,
    fail: Callable[[str, ImageError], None],
) -> Iterator[_Run]:
    if sources.images:
        yield _Run(read_images(sources.images, fail), Detector(network, spec))
    first_id = sources.first_frame_id
    for stream in sources.streams:
        counted = _Counted(read_stream(stream, first_id, request.seconds, fail))
        # What is live is looked at as it comes: nobody waits for the other seven images of a batch.
        detector = Detector(network, spec, batch=1 if stream.live else None)
        yield _Run(counted, detector, Tracker() if request.track else None, stream.live)
        first_id += counted.count


class _Counted:
    """An iterator that knows how many it gave."""

    def __init__(self, items: Iterator) -> None:
        self._items, self.count = items, 0

    def __iter__(self) -> _Counted:
        return self

    def __next__(self) -> Frame:
        frame = next(self._items)
        self.count += 1
        return frame

    def close(self) -> None:
        """As a generator's."""
        self._items.close()


def _look(run: _Run, request: PredictRequest, stopped: Callable[[], bool]) -> Iterator[tuple]:
    """Yield (frame, Found): one thread reads, one detects, the caller's writes."""
    depth = 1 if run.live else _AHEAD
    frames = ahead(run.frames, depth, stopped, newest=run.live)
    for frame, detections in ahead(_detected(run.detector, frames, request), depth, stopped):
        yield frame, _found(detections, request, run.tracker)


def _detected(detector: Detector, frames: Iterator, request: PredictRequest) -> Iterator[tuple]:
    try:
        while batch := list(islice(frames, detector.batch)):
            images = [frame.image for frame in batch]
            yield from zip(batch, detector.detect_batch(images, request.lowest, request.nms))
    finally:
        frames.close()


def _found(detections: Detections, request: PredictRequest, tracker: Optional[Tracker]) -> Found:
    shown = np.flatnonzero(detections.scores > request.shown)
    ids = None
    if tracker is not None:
        followed = tracker.ids(detections.above(tracker.lowest_score))  # the best come first, so places stay
        ids = [followed[place] if place < len(followed) else None for place in shown]
    return Found(detections, detections.where(shown), ids)


def _outputs(spec: DetectorSpec, sources: Sources, request: PredictRequest) -> Iterator:
    stems = file_stems(sources)
    if request.out is not None:
        yield DrawingOutput(request.out, spec, stems, request.blur_people)
    if request.text is not None:
        yield TextOutput(request.text, spec, stems)
    if request.scores is not None:
        yield ScoresOutput(request.scores, spec)
    if request.coco is not None:
        yield CocoOutput(request.coco, spec, request.listed)


def _total(sources: Sources) -> Optional[int]:
    """How many frames there will be, where all sources say it."""
    if any(stream.live for stream in sources.streams):
        return None
    counts = [frame_count(stream.address) for stream in sources.streams]
    return None if None in counts else len(sources.images) + sum(counts)


def _row(frame: Frame, found: Found, classes: Sequence[str]) -> dict:
    shown = found.shown
    detections = [
        {"category": classes[label], "score": float(score), "bbox": box.tolist()}
        for box, score, label in zip(shown.boxes, shown.scores, shown.labels)
    ]
    for detection, number in zip(detections, found.ids or ()):
        detection["track"] = number
    row = {"file": frame.origin, "image_id": frame.image_id}
    if frame.index is not None:
        row |= {"frame": frame.index, "seconds": round(frame.seconds, 6)}
    return {**row, "detections": detections}
