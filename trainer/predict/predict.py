"""`trainer predict`: detections of a model in images, videos, cameras and streams."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Optional

import numpy as np
from numpy.typing import NDArray

from ..detection.detector import Detections, Detector
from ..detection.thresholds import EVALUATION_CONFIDENCE, SHOWN_CONFIDENCE, Suppression
from ..errors import ImageError, TrainerError
from ..examples.video import frame_count
from ..formats.class_names import CLASSES_FILE
from ..network.spec import ModelSpec
from ..progress import note
from ..runtimes import BATCH, Runtime
from .drawings import DrawingOutput, file_stems
from .events import LEAST_SECONDS
from .frames import read_images, read_stream
from .listing import DetectionRow, FailedRow, ImageRow, PredictResult
from .outputs import CocoOutput, EventsOutput, ImageDetections, Output, ScoresOutput, TextOutput, check_events_file
from .people import one_box_per_person, people_labels
from .prefetch import ClosableIterator, prefetch
from .privacy import BLUR_CONFIDENCE
from .sources import InputImage, Sources
from .throughput import Throughput
from .tracking import Tracker

if TYPE_CHECKING:
    import keras

# Images that may wait before and behind the network; they bound the memory that is used.
_AHEAD = BATCH
# The rate of fewer images is not meaningful.
_IMAGES_FOR_A_RATE = 10


@dataclass(frozen=True)
class PredictRequest:
    """The outputs and options of one command.

    Attributes:
        out: folder of drawings. text: folder of keras-yolo3 lines. coco, scores: files.
        events: file of the events of videos (``events``), .csv or .jsonl; implies ``track``.
        events_least: the least duration of an event, in seconds.
        confidence: lowest confidence of the results; None: 0.25, and 0.001 in the COCO file.
        nms: how boxes that overlap are reduced.
        track: assign track ids in videos. blur_people: pixelate people in the drawings.
        people: names of the classes that are people; empty: the usual ones (``people.PEOPLE``).
        seconds: maximum length of every stream.
    """

    out: Optional[Path] = None
    text: Optional[Path] = None
    coco: Optional[Path] = None
    scores: Optional[Path] = None
    events: Optional[Path] = None
    events_least: float = LEAST_SECONDS
    confidence: Optional[float] = None
    nms: Suppression = field(default_factory=Suppression)
    track: bool = False
    blur_people: bool = False
    people: Sequence[str] = ()
    seconds: float = float("inf")

    def __post_init__(self) -> None:
        if self.blur_people and self.out is None:
            raise TrainerError("--blur-people pixelates the drawings of --out; give --out DIR, too")
        if self.events is not None:
            check_events_file(self.events)
            if self.events == self.scores:
                raise TrainerError(f"{self.events}: is given to --events and to --csv; choose two names")

    @property
    def tracks(self) -> bool:
        """Whether track ids are assigned."""
        return self.track or self.events is not None

    @property
    def shown(self) -> float:
        """The confidence above which a detection is shown."""
        return SHOWN_CONFIDENCE if self.confidence is None else self.confidence

    @property
    def listed(self) -> float:
        """The confidence above which a detection is written to the COCO file."""
        return EVALUATION_CONFIDENCE if self.confidence is None else self.confidence

    @property
    def lowest(self) -> float:
        """The lowest confidence that any output needs."""
        bounds = [self.shown]
        if self.coco is not None:
            bounds.append(self.listed)
        if self.blur_people:
            bounds.append(BLUR_CONFIDENCE)
        if self.tracks:
            bounds.append(Tracker.lowest_score)
        return min(bounds)


def predict(
    network: keras.Model | Runtime,
    spec: ModelSpec,
    sources: Sources,
    request: PredictRequest,
    add_row: Callable[[ImageRow], None],
    stopped: Callable[[], bool] = lambda: False,
) -> PredictResult:
    """Detect objects in every source, write the requested outputs, and pass on each result as it comes.

    Sources that cannot be read are named on standard error and in ``failed``; the others are processed.

    Args:
        add_row: called with the detections of every image, above the confidence for people.
        stopped: checked now and then; once it is true, this ends early.
    """
    failed: list[FailedRow] = []
    people = people_labels(spec.classes, request.people)

    def report(origin: str, error: ImageError) -> None:
        note(str(error))
        failed.append({"file": origin, "error": str(error)})

    with ExitStack() as stack:
        outputs = [stack.enter_context(output) for output in _outputs(spec, sources, request, people)]
        throughput = stack.enter_context(Throughput(_total(sources), "predicting"))
        for sequence in _sequences(network, spec, sources, request, report):
            for image, detections in _detect(sequence, request, people, stopped):
                for output in outputs:
                    output.write(image, detections)
                add_row(_row(image, detections, spec.classes))
                throughput.advance(time.monotonic() - image.read_at)
            if stopped() and not sequence.live:
                raise KeyboardInterrupt  # a recording may end at any moment; the images of a file are then incomplete
    if throughput.done >= _IMAGES_FOR_A_RATE:
        note(f"predicting: {throughput.text()}")
    return {"failed": failed, "speed": throughput.to_json()}


class _Detected(NamedTuple):
    """An image and all its detections, before they are divided by confidence."""

    image: InputImage
    detections: Detections


@dataclass(frozen=True)
class _Sequence:
    """Images that belong together (all still images, or one stream), their detector and tracker."""

    images: ClosableIterator[InputImage]
    detector: Detector
    tracker: Optional[Tracker] = None
    live: bool = False


def _sequences(
    network: keras.Model | Runtime,
    spec: ModelSpec,
    sources: Sources,
    request: PredictRequest,
    report: Callable[[str, ImageError], None],
) -> Iterator[_Sequence]:
    if sources.images:
        yield _Sequence(read_images(sources.images, report), Detector(network, spec, nms=request.nms))
    first_id = sources.first_frame_id
    for stream in sources.streams:
        counted = _Counted(read_stream(stream, first_id, request.seconds, report))
        # A live image is detected as it arrives, without waiting for the others of a batch.
        detector = Detector(network, spec, batch=1 if stream.live else None, nms=request.nms)
        yield _Sequence(counted, detector, Tracker() if request.tracks else None, stream.live)
        first_id += counted.count


class _Counted:
    """An iterator that counts the images it has yielded."""

    def __init__(self, images: ClosableIterator[InputImage]) -> None:
        self._images, self.count = images, 0

    def __iter__(self) -> _Counted:
        return self

    def __next__(self) -> InputImage:
        image = next(self._images)
        self.count += 1
        return image

    def close(self) -> None:
        """Close the counted iterator."""
        self._images.close()


def _detect(
    sequence: _Sequence, request: PredictRequest, people: NDArray[np.int64], stopped: Callable[[], bool]
) -> Iterator[tuple[InputImage, ImageDetections]]:
    """Yield each image with its detections: one thread reads, one detects, the caller's writes."""
    depth = 1 if sequence.live else _AHEAD
    images = prefetch(sequence.images, depth, stopped, newest=sequence.live)
    for image, detections in prefetch(_detect_batches(sequence.detector, images, request), depth, stopped):
        yield image, _image_detections(detections, request, people, sequence.tracker)


def _detect_batches(
    detector: Detector, images: ClosableIterator[InputImage], request: PredictRequest
) -> Generator[_Detected, None, None]:
    try:
        while batch := list(islice(images, detector.batch)):
            decoded = [image.image for image in batch]
            yield from map(_Detected, batch, detector.detect_batch(decoded, request.lowest))
    finally:
        images.close()


def _image_detections(
    detections: Detections, request: PredictRequest, people: NDArray[np.int64], tracker: Optional[Tracker]
) -> ImageDetections:
    single = one_box_per_person(detections, people, request.nms.iou)
    shown = np.flatnonzero(single.scores > request.shown)
    track_ids = None
    if tracker is not None:
        tracked = tracker.track_ids(single.above(tracker.lowest_score))  # best first, so positions stay
        track_ids = [tracked[place] if place < len(tracked) else None for place in shown]
    return ImageDetections(detections, single.where(shown), track_ids)


def _outputs(spec: ModelSpec, sources: Sources, request: PredictRequest, people: NDArray[np.int64]) -> Iterator[Output]:
    if request.events is not None and not sources.streams:
        raise TrainerError("--events: none of the SOURCEs is a video, a camera or a stream; images have no duration")
    stems = file_stems(sources, reserved=(Path(CLASSES_FILE).stem,) if request.text is not None else ())
    if request.out is not None:
        yield DrawingOutput(request.out, spec, stems, request.blur_people, request.people)
    if request.text is not None:
        yield TextOutput(request.text, spec, stems, [source.path for source in sources.images])
    if request.scores is not None:
        yield ScoresOutput(request.scores, spec)
    if request.coco is not None:
        yield CocoOutput(request.coco, spec, request.listed)
    if request.events is not None:
        yield EventsOutput(request.events, spec, people, request.events_least)


def _total(sources: Sources) -> Optional[int]:
    """The expected number of images, if all sources state theirs."""
    if any(stream.live for stream in sources.streams):
        return None
    total = len(sources.images)
    for stream in sources.streams:
        count = frame_count(stream.address)
        if count is None:
            return None
        total += count
    return total


def _row(image: InputImage, detections: ImageDetections, classes: Sequence[str]) -> ImageRow:
    shown = detections.shown
    rows = [
        DetectionRow(category=classes[int(label)], score=float(score), bbox=box.tolist())
        for box, score, label in zip(shown.boxes, shown.scores, shown.labels)
    ]
    for row, track_id in zip(rows, detections.track_ids or ()):
        row["track"] = track_id
    if image.index is None or image.seconds is None:
        return {"file": image.origin, "image_id": image.image_id, "detections": rows}
    return {
        "file": image.origin,
        "image_id": image.image_id,
        "frame": image.index,
        "seconds": round(image.seconds, 6),
        "detections": rows,
    }
