"""Files of detections, written as they come: each appears under its name once it is complete."""

from __future__ import annotations

import abc
import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional, TextIO

import numpy as np
from numpy.typing import NDArray

from shared_format import atomic
from shared_format.boxes import xywh_to_xyxy
from shared_format.keras_yolo3 import format_box

from ..detection.detector import Detections
from ..disk_errors import make_folder, writing
from ..errors import TrainerError
from ..formats.class_names import CLASSES_FILE, write_class_names
from ..formats.label_set import SourceId
from ..network.spec import ModelSpec
from ..progress import note
from .events import Event, EventRecorder, Sighting
from .listing import printable
from .sources import InputImage
from .tracking import TrackIds

_EVENT_SUFFIXES = (".csv", ".jsonl")
_EVENT_COLUMNS = (
    *("source", "track", "event", "people"),
    *("start_seconds", "end_seconds", "duration_s", "mean_confidence"),
)
_COLUMNS = ("IMG", "xmin", "ymin", "xmax", "ymax", "class", "confidence", "frame", "seconds", "track")


@dataclass(frozen=True)
class ImageDetections:
    """The detections of one image.

    Attributes:
        all: down to the lowest confidence that any output needs.
        shown: those above the confidence for people, one box per person.
        track_ids: one per detection of ``shown``, or None.
    """

    all: Detections
    shown: Detections
    track_ids: Optional[TrackIds] = None


class Output(abc.ABC):
    """Writes the detections of one image after the other.

    A context manager: at its end the files appear under their names, an error leaves none.
    """

    @abc.abstractmethod
    def write(self, image: InputImage, detections: ImageDetections) -> None:
        """Write the detections of ``image``."""

    def __enter__(self) -> Output:
        return self

    @abc.abstractmethod
    def __exit__(self, kind: Optional[type], *_: object) -> None: ...


class _GrowingFile(Output):
    """One text file that grows in a temporary neighbour.

    Args:
        errors: how bytes of a file's name that are no text are written: an error handler of ``codecs``.
    """

    def __init__(self, path: Path, errors: str) -> None:
        self.path, self.temporary = path, atomic.temporary_path(path)
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self.file = self.temporary.open("w", encoding="utf-8", errors=errors, newline="")

    def end(self) -> None:
        """Write the end of the file."""

    def __exit__(self, kind: Optional[type], *_: object) -> None:
        if kind is None:
            self.end()
        self.file.close()
        if kind is None:
            atomic.commit(self.temporary, self.path)
        else:
            self.temporary.unlink(missing_ok=True)


class CocoOutput(_GrowingFile):
    """A COCO results list of the detections above ``confidence``.

    The category ids are those of the image's DATA, by class name; without DATA, and for classes that it does not
    have, those of the model.

    Raises:
        TrainerError: ``path`` is a JSON object, such as the labels of a dataset, which would be lost.
    """

    def __init__(self, path: Path, spec: ModelSpec, confidence: float) -> None:
        _refuse_labels(path)
        super().__init__(path, "backslashreplace")  # \udcff is an escape of JSON
        self._spec, self._confidence, self._before = spec, confidence, "["

    def write(self, image: InputImage, detections: ImageDetections) -> None:
        """Implement ``Output.write``."""
        from ..metrics.coco import coco_results  # imports the evaluation, which nothing else here needs

        rows = coco_results(
            [detections.all.above(self._confidence)],
            [(image.image_id, image.name)],
            self._spec.classes,
            category_ids(self._spec, image.category_ids),
        )
        for row in rows:
            self.file.write(self._before + json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":")))
            self._before = ","

    def end(self) -> None:
        """Implement ``_GrowingFile.end``."""
        self.file.write("[]\n" if self._before == "[" else "]\n")


def category_ids(spec: ModelSpec, of_data: Mapping[str, SourceId]) -> Sequence[SourceId]:
    """The COCO category id of each class of the model: the data's where it has the class, else one that is free."""
    if not of_data:
        return spec.category_ids
    taken = set(of_data.values())
    ids: list[SourceId] = []
    for name, usual in zip(spec.classes, spec.category_ids):
        number = of_data.get(name, usual)
        if name not in of_data and number in taken:
            number = 1 + max(one for one in (0, *taken) if isinstance(one, int))
        taken.add(number)
        ids.append(number)
    return ids


def _refuse_labels(path: Path) -> None:
    if path.is_file():
        with path.open("rb") as file:
            if file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
                raise TrainerError(f"{path}: holds a JSON object, not a COCO results list; choose another --coco")


class ScoresOutput(_GrowingFile):
    """A table of confidence scores: one row per box, corners in pixels."""

    def __init__(self, path: Path, spec: ModelSpec) -> None:
        super().__init__(path, "surrogateescape")
        self._classes, self._rows = spec.classes, csv.writer(self.file)
        self._rows.writerow(_COLUMNS)

    def write(self, image: InputImage, detections: ImageDetections) -> None:
        """Implement ``Output.write``."""
        shown = detections.shown
        for place, (box, score, label) in enumerate(zip(shown.boxes, shown.scores, shown.labels)):
            corners = [f"{side:.2f}" for side in xywh_to_xyxy(box)]
            seconds = None if image.seconds is None else f"{image.seconds:.3f}"
            track = detections.track_ids[place] if detections.track_ids else None
            row = [image.origin, *corners, self._classes[label], f"{score:.6f}", image.index, seconds, track]
            self._rows.writerow(row)


class TextOutput(Output):
    """keras-yolo3 lines: one file per image, with its absolute path, and one per video, with one line per frame.

    ``classes.txt`` beside them names the classes, so every command reads an image's file as DATA.

    Args:
        names: the stem of the file of each origin. images: paths of the source images.

    Raises:
        TrainerError: the folder holds the images, and maybe their labels; or a path that a line cannot hold.
    """

    def __init__(self, folder: Path, spec: ModelSpec, names: Mapping[str, str], images: Iterable[Path]) -> None:
        self.folder, self._names = folder, names
        self._videos: dict[Path, TextIO] = {}
        for path in images:
            if path.resolve().parent == folder.resolve():
                raise TrainerError(f"{folder}: holds the images, whose labels would be lost; choose another --text")
            if not str(path).isprintable() and "".join(str(path).splitlines()) != str(path):
                raise TrainerError(f"{printable(str(path))}: a name with a line break cannot go into --text")
        make_folder(folder)
        write_class_names(folder / CLASSES_FILE, spec.classes)

    def write(self, image: InputImage, detections: ImageDetections) -> None:
        """Implement ``Output.write``."""
        name = image.name if image.index is not None else str(Path(image.origin).resolve())
        shown = detections.shown
        boxes = [format_box(box, int(label)) for box, label in zip(shown.boxes, shown.labels)]
        line = " ".join([name, *boxes]) + "\n"
        path = self.folder / f"{self._names[image.origin]}.txt"
        if image.index is None:
            atomic.write_bytes(path, line.encode(errors="surrogateescape"))
            return
        if path not in self._videos:
            self._videos[path] = atomic.temporary_path(path).open("w", encoding="utf-8", errors="surrogateescape")
        self._videos[path].write(line)

    def __exit__(self, kind: Optional[type], *_: object) -> None:
        for path, file in self._videos.items():
            file.close()
            if kind is None:
                atomic.commit(atomic.temporary_path(path), path)
            else:
                atomic.temporary_path(path).unlink(missing_ok=True)


def check_events_file(path: Path) -> None:
    """Raises TrainerError: the name of ``path`` does not say in which format to write events."""
    if path.suffix.lower() not in _EVENT_SUFFIXES:
        raise TrainerError(f"--events {path}: expected a name that ends in {' or '.join(_EVENT_SUFFIXES)}")


class EventsOutput(_GrowingFile):
    """The events of all videos, cameras and streams, one row per event: CSV or JSON lines, by the suffix of ``path``.

    Args:
        people: (P,) indices of the classes that are people; empty: all of them.
        least: the least duration of an event, in seconds.
    """

    def __init__(self, path: Path, spec: ModelSpec, people: NDArray[np.int64], least: float) -> None:
        super().__init__(path, "surrogateescape" if path.suffix.lower() == ".csv" else "backslashreplace")
        self._classes, self._least = spec.classes, least
        self._people = people
        self._table = csv.DictWriter(self.file, _EVENT_COLUMNS) if path.suffix.lower() == ".csv" else None
        if self._table is not None:
            self._table.writeheader()
        self._source, self._recorder = "", EventRecorder(least)

    def write(self, image: InputImage, detections: ImageDetections) -> None:
        """Implement ``Output.write``; a still image has no events."""
        if image.seconds is None:
            return
        if image.origin != self._source:
            self.end()
            self._source, self._recorder = image.origin, EventRecorder(self._least)
        self._write(self._recorder.add(image.seconds, list(self._sightings(detections))))

    def end(self) -> None:
        """Implement ``_GrowingFile.end``."""
        self._write(self._recorder.end())
        if self._recorder.pauses:
            note(
                f"{printable(self._source)}: {self._recorder.pauses} of {self._recorder.frames} frames came more than "
                f"{self._least:g} s after the one before, which ends every event; --events-min-seconds raises this"
            )

    def _sightings(self, detections: ImageDetections) -> Iterator[Sighting]:
        shown = detections.shown
        for track, label, score in zip(detections.track_ids or (), shown.labels, shown.scores):
            if track is not None and (label in self._people or not len(self._people)):
                yield Sighting(track, self._classes[label], float(score))

    def _write(self, events: Iterable[Event]) -> None:
        for event in events:
            row = {"source": self._source, **event._asdict(), "duration_s": event.duration_s}
            for name in ("start_seconds", "end_seconds", "duration_s", "mean_confidence"):
                row[name] = None if row[name] is None else round(row[name], 3)
            row = {name: row[name] for name in _EVENT_COLUMNS}
            if self._table is not None:
                self._table.writerow(row)
            else:
                self.file.write(json.dumps(row, allow_nan=False) + "\n")
        self.file.flush()
