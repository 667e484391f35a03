"""What is kept of detections, written as they come: a file is there under its name once it is whole."""

from __future__ import annotations

import abc
import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from shared_format import atomic
from shared_format.boxes import xywh_to_xyxy
from shared_format.class_names import CLASSES_FILE, write_class_names
from shared_format.keras_yolo3 import format_box

from ..detection.detector import Detections
from ..disk_errors import make_folder, writing
from ..network.spec import DetectorSpec
from .sources import Frame

_COLUMNS = ("IMG", "xmin", "ymin", "xmax", "ymax", "class", "confidence", "frame", "seconds", "track")


@dataclass(frozen=True)
class Found:
    """What was found in a frame.

    Attributes:
        all: down to the lowest confidence anything was asked for.
        shown: those above the confidence to show. ids: of the tracks of ``shown``, or None.
    """

    all: Detections
    shown: Detections
    ids: Optional[Sequence] = None


class Output(abc.ABC):
    """Takes frames in turn. A context manager: an error inside leaves no file, the end makes them whole."""

    @abc.abstractmethod
    def write(self, frame: Frame, found: Found) -> None:
        """Keep what was found in ``frame``."""

    def __enter__(self) -> Output:
        return self

    @abc.abstractmethod
    def __exit__(self, kind: Optional[type], *_: object) -> None: ...


class _Growing(Output):
    """One text file that grows in a temporary neighbour."""

    def __init__(self, path: Path) -> None:
        self.path, self.temporary = path, atomic.temporary_path(path)
        with writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self.file = self.temporary.open("w", encoding="utf-8", newline="")

    def end(self) -> None:
        """Write what comes last."""

    def __exit__(self, kind: Optional[type], *_: object) -> None:
        if kind is None:
            self.end()
        self.file.close()
        if kind is None:
            atomic.commit(self.temporary, self.path)
        else:
            self.temporary.unlink(missing_ok=True)


class CocoOutput(_Growing):
    """A COCO results list of what scores above ``confidence``."""

    def __init__(self, path: Path, spec: DetectorSpec, confidence: float) -> None:
        super().__init__(path)
        self._spec, self._confidence, self._before = spec, confidence, "["

    def write(self, frame: Frame, found: Found) -> None:
        """As ``Output.write``."""
        from ..metrics.coco import coco_results  # brings the evaluation, which nothing else here needs

        names = [(frame.image_id, frame.name)]
        for row in coco_results(
            [found.all.above(self._confidence)], names, self._spec.classes, self._spec.category_ids
        ):
            self.file.write(self._before + json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":")))
            self._before = ","

    def end(self) -> None:
        """As ``_Growing.end``."""
        self.file.write("[]\n" if self._before == "[" else "]\n")


class ScoresOutput(_Growing):
    """A table of the confidence scores: a row a box, corners in pixels."""

    def __init__(self, path: Path, spec: DetectorSpec) -> None:
        super().__init__(path)
        self._classes, self._rows = spec.classes, csv.writer(self.file)
        self._rows.writerow(_COLUMNS)

    def write(self, frame: Frame, found: Found) -> None:
        """As ``Output.write``."""
        shown = found.shown
        for place, (box, score, label) in enumerate(zip(shown.boxes, shown.scores, shown.labels)):
            corners = [f"{side:.2f}" for side in xywh_to_xyxy(box)]
            seconds = None if frame.seconds is None else f"{frame.seconds:.3f}"
            track = found.ids[place] if found.ids else None
            row = [frame.origin, *corners, self._classes[label], f"{score:.6f}", frame.index, seconds, track]
            self._rows.writerow(row)


class TextOutput(Output):
    """Lines of keras-yolo3: a file an image, with its absolute path, and one a video, a line a frame.

    ``classes.txt`` beside them names the classes, so an image's file is DATA to every command.
    """

    def __init__(self, folder: Path, spec: DetectorSpec, names: dict) -> None:
        self.folder, self._names = folder, names
        self._videos: dict = {}
        make_folder(folder)
        write_class_names(folder / CLASSES_FILE, spec.classes)

    def write(self, frame: Frame, found: Found) -> None:
        """As ``Output.write``."""
        name = frame.name if frame.index is not None else str(Path(frame.origin).resolve())
        boxes = [format_box(box, int(label)) for box, label in zip(found.shown.boxes, found.shown.labels)]
        line = " ".join([name, *boxes]) + "\n"
        path = self.folder / f"{self._names[frame.origin]}.txt"
        if frame.index is None:
            atomic.write_bytes(path, line.encode())
            return
        if path not in self._videos:
            self._videos[path] = atomic.temporary_path(path).open("w", encoding="utf-8")
        self._videos[path].write(line)

    def __exit__(self, kind: Optional[type], *_: object) -> None:
        for path, file in self._videos.items():
            file.close()
            if kind is None:
                atomic.commit(atomic.temporary_path(path), path)
            else:
                atomic.temporary_path(path).unlink(missing_ok=True)
