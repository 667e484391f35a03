"""A capture session: the camera runs, the countdown is printed, and images go into their folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import chain
from pathlib import Path
from typing import Literal, Optional, TypedDict

import cv2
import numpy as np

from ..errors import TrainerError
from ..progress import note
from ..stop import StopRequest
from .folder import CaptureFolder
from .frames import frames
from .preview import Preview
from .shots import Shots

SCHEMA_VERSION = 1
_QUALITY = 95  # quality of the JPEGs, which will be training data
_FLASH = 0.25  # seconds for which the preview shows that an image was taken


@dataclass(frozen=True)
class CaptureRequest:
    """The options of a capture session.

    Attributes:
        labels: the subjects of the images, one after the other; the classes to annotate.
        every, count, delay: as of ``shots.Shots``.
        out: the folder; one that this command filled before is added to.
        source: as of ``frames.frames``.
        kind: ``voc`` or ``yolo``.
        preview: the port of the page that shows the camera, 0 for any; None: no page.
    """

    labels: tuple[str, ...]
    out: Path
    every: float = 2.0
    count: int = 20
    delay: float = 3.0
    source: str = "camera:0"
    kind: str = "voc"
    preview: Optional[int] = None

    def __post_init__(self) -> None:
        if len(set(self.labels)) < len(self.labels):
            raise TrainerError(
                f"--label {', '.join(self.labels)}: a label is repeated; --count sets the number of images per label"
            )
        for label in self.labels:
            if not label or label != " ".join(label.split()):
                raise TrainerError(f"--label {label!r}: expected a name, such as mask")


class CaptureResult(TypedDict):
    """What a capture session did.

    Attributes:
        format: as of ``CaptureRequest.kind``.
        taken, asked: images of this session.
        labels: images of each label that the folder now holds.
        ended: ``all``, ``source`` (it gave no more) or ``stopped``.
    """

    schema_version: int
    out: str
    format: str
    taken: int
    asked: int
    labels: dict[str, int]
    ended: Literal["all", "source", "stopped"]


def capture(request: CaptureRequest) -> CaptureResult:
    """Take the images.

    Raises:
        TrainerError: no such camera or video, or the folder cannot be used.
    """
    shots = Shots(request.labels, request.count, request.every, request.delay)
    with closing(frames(request.source)) as source:
        first = next(source)  # a missing camera is reported before a folder is created
        shown = nullcontext() if request.preview is None else Preview(request.preview)
        with shown as preview, StopRequest() as stop:
            folder = CaptureFolder(request.out, request.kind, request.labels)
            if preview is not None:
                note(f"preview: {preview.address}")
            _take_all(request, chain([first], source), shots, folder, preview, stop)
            ended = "all" if shots.next is None else "stopped" if stop.requested else "source"
    counts = {label: sum(row["label"] == label for row in folder.rows) for label in folder.classes}
    return {
        "schema_version": SCHEMA_VERSION,
        "out": str(request.out),
        "format": request.kind,
        "taken": shots.taken,
        "asked": shots.total,
        "labels": counts,
        "ended": ended,
    }


def summary(result: CaptureResult) -> str:
    """One line for people."""
    held = ", ".join(f"{count} {label}" for label, count in result["labels"].items())
    return f"{result['out']}: {result['taken']} of {result['asked']} images taken; it now holds {held}"


def _take_all(
    request: CaptureRequest,
    source: Iterator,
    shots: Shots,
    folder: CaptureFolder,
    preview: Optional[Preview],
    stop: StopRequest,
) -> None:
    announced, flash_until = None, -1.0
    for seconds, image in source:
        if stop.requested:
            return
        shot = shots.due(seconds)
        if shot is not None:
            path = folder.add(_jpeg(image), image.shape[1::-1], shot.label, _now(), seconds, request.source)
            note(f"{path.name}: {shot.label} {shot.number} of {request.count}")
            flash_until = seconds + _FLASH
        if shots.next is None:
            return
        countdown = shots.countdown(seconds)
        if countdown is not None and (shots.next, countdown) != announced:
            announced = (shots.next, countdown)
            note(f"{shots.next.label} {shots.next.number} in {countdown}")
        if preview is not None:
            caption = f"{shots.next.label} {shots.next.number}/{request.count}"
            preview.show(image, caption, countdown, flash=seconds < flash_until)


def _jpeg(image: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")
