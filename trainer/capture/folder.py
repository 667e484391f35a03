"""The folder of captured images: Pascal VOC or YOLO, with an empty label for every image."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

from shared_format import atomic

from ..annotate import COLOURS
from ..disk_errors import writing
from ..errors import TrainerError
from ..formats import data_yaml, voc_writer
from ..formats.class_names import CLASSES_FILE, read_class_names, write_class_names
from ..formats.data_yaml import DATA_FILE, DataYaml
from ..formats.label_set import converted_frame
from ..formats.yolo_labels import label_path

LOG, LABEL_MAP, LABEL_STUDIO = "capture.csv", "labelmap.txt", "label_studio.xml"
_YOLO_IMAGES = "images"  # no folders by split, which Label Studio would not search
_COLUMNS: tuple[str, ...] = ("file", "label", "number", "taken", "seconds", "source")
_SUFFIX = ".jpg"


class CaptureFolder:
    """A folder of one format (``voc`` or ``yolo``) that grows image by image, and session by session.

    Every file is written completely, the line of ``capture.csv`` last, so that every listed file exists.

    Raises:
        TrainerError: something else is in the folder, it has the other format, or it cannot be written.
    """

    def __init__(self, folder: Path, kind: str, labels: Sequence[str]) -> None:
        self.folder, self.kind = folder, kind
        self.images = folder / (voc_writer.IMAGES if kind == "voc" else _YOLO_IMAGES)
        self.rows = self._rows_there()
        known = read_class_names(folder / CLASSES_FILE)
        self.classes = tuple(dict.fromkeys([*known, *labels]))
        with writing(folder):
            self.images.mkdir(parents=True, exist_ok=True)
            self._write_classes()

    def _rows_there(self) -> list[dict[str, str]]:
        """The images of earlier sessions."""
        folder = self.folder
        if (folder / LOG).is_file():
            if not self.images.is_dir():
                raise TrainerError(
                    f"{folder}: holds captured images in a format other than {self.kind}; choose another --out"
                )
            with open(folder / LOG, newline="", encoding="utf-8") as handle:
                return list(csv.DictReader(handle))
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise TrainerError(f"{folder}: already exists; give --out a new folder, or one that this command created")
        return []

    def add(self, jpeg: bytes, size: tuple, label: str, taken: str, seconds: float, source: str) -> Path:
        """Put an image of (width, height) ``size`` in, with an empty label beside it; returns its file."""
        stem, number = self._new_name(label)
        path = self.images / f"{stem}{_SUFFIX}"
        atomic.write_bytes(path, jpeg)
        file = path.relative_to(self.folder).as_posix()
        _WRITERS[self.kind](self, path, file, size)
        row = {"file": file, "label": label, "number": number, "taken": taken, "seconds": f"{seconds:.3f}"}
        self.rows.append({**row, "source": source})
        self._write_log()
        return path

    def _new_name(self, label: str) -> tuple[str, int]:
        """``mask_0007`` and 7: the first number of the label that is free, earlier sessions counted."""
        plain = re.sub(r"[^A-Za-z0-9-]+", "-", label).strip("-") or "picture"
        number = 1 + max((int(row["number"]) for row in self.rows if row["label"] == label), default=0)
        while (self.images / f"{plain}_{number:04d}{_SUFFIX}").exists():
            number += 1
        return f"{plain}_{number:04d}", number

    def _write_log(self) -> None:
        stream = io.StringIO()
        writer = csv.DictWriter(stream, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        atomic.write_bytes(self.folder / LOG, stream.getvalue().encode())

    def _write_classes(self) -> None:
        """The names, where each program looks for them: LabelImg, CVAT, Label Studio."""
        write_class_names(self.folder / CLASSES_FILE, self.classes)
        controls = "\n".join(f"    <Label value={quoteattr(name)}/>" for name in self.classes)
        text = (
            '<View>\n  <Image name="image" value="$image"/>\n  <RectangleLabels name="label" toName="image">\n'
            f"{controls}\n  </RectangleLabels>\n</View>\n"
        )
        atomic.write_bytes(self.folder / LABEL_STUDIO, text.encode())
        if self.kind == "voc":
            lines = ["# label:color_rgb:parts:actions", "background:0,0,0::"]
            colours = (",".join(map(str, COLOURS[place % len(COLOURS)])) for place in range(len(self.classes)))
            lines += [f"{name}:{colour}::" for name, colour in zip(self.classes, colours)]
            atomic.write_bytes(self.folder / LABEL_MAP, "".join(f"{line}\n" for line in lines).encode())
        else:
            labels = self.folder / label_path(Path(_YOLO_IMAGES) / "any.jpg").parent
            labels.mkdir(parents=True, exist_ok=True)
            write_class_names(labels / CLASSES_FILE, self.classes)
            described = DataYaml(self.classes, {"train": (_YOLO_IMAGES,)})
            atomic.write_bytes(self.folder / DATA_FILE, data_yaml.dump(described).encode())


def _write_voc(folder: CaptureFolder, path: Path, file: str, size: tuple) -> None:
    frame = converted_frame(len(folder.rows) + 1, file, size, ())
    annotations = folder.folder / voc_writer.ANNOTATIONS
    annotations.mkdir(exist_ok=True)
    document = voc_writer.document(folder.folder.resolve().name, frame, folder.classes, "covered")
    atomic.write_bytes(annotations / f"{path.stem}.xml", document)
    listed = folder.folder / voc_writer.LISTS / "default.txt"
    listed.parent.mkdir(parents=True, exist_ok=True)
    stems = [*(Path(row["file"]).stem for row in folder.rows), path.stem]
    atomic.write_bytes(listed, "".join(f"{stem}\n" for stem in stems).encode())


def _write_yolo(folder: CaptureFolder, path: Path, file: str, size: tuple) -> None:
    atomic.write_bytes(folder.folder / label_path(Path(file)), b"")


_WRITERS: dict[str, Callable] = {"voc": _write_voc, "yolo": _write_yolo}
