"""The formats by name: which of them a file or folder is, and its labels read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Optional

from shared_format import dataset

from ..errors import TrainerError
from . import coco_reader, cvat_reader, darknet_lists, keras_yolo3_reader, voc_reader, wardsynth_reader, yolo_reader
from .files import entries, mentions
from .label_set import LabelSet, Reading, known_split
from .split_folders import join, split_folders
from .xml_files import root_tag


class LabelFormat(NamedTuple):
    """How data of one format is read, and whether a folder holds such data."""

    read: Callable[[Path, Reading], LabelSet]
    is_folder: Callable[[Path], bool]


def _has_coco_file(folder: Path) -> bool:
    return bool(coco_reader.annotation_files(folder))


def _has_keras_yolo3_text(folder: Path) -> bool:
    return keras_yolo3_reader.annotation_file(folder) is not None


# In this order: of several label formats in a folder, the one that holds the most information is read.
FORMATS: dict[str, LabelFormat] = {
    "wardsynth": LabelFormat(wardsynth_reader.read, dataset.is_dataset),
    "coco": LabelFormat(coco_reader.read, _has_coco_file),
    "cvat": LabelFormat(cvat_reader.read, cvat_reader.is_folder),
    "yolo": LabelFormat(yolo_reader.read, yolo_reader.is_folder),
    "voc": LabelFormat(voc_reader.read, voc_reader.is_folder),
    "keras-yolo3": LabelFormat(keras_yolo3_reader.read, _has_keras_yolo3_text),
}
DATA_HELP = (
    "a WardSynth folder, a COCO JSON, a YOLO folder or data.yaml, a Pascal VOC folder, CVAT's annotations.xml or a "
    "keras-yolo3 .txt"
)

_BY_SUFFIX = {".json": "coco", ".yaml": "yolo", ".yml": "yolo", darknet_lists.DATA_SUFFIX: "yolo"}
# Common export formats that are not read: the file's name, and what it is.
_NOT_READ = {
    "_annotations.csv": "TensorFlow's CSV",
    "_annotations.createml.json": "CreateML's JSON",
    ".tfrecord": "TensorFlow records",
    ".jsonl": "JSON lines",
}
# JSON files that are not read, by keys that they have and others do not.
_JSON_NOT_READ = {
    "Datumaro's JSON": ("items", "categories", "annotations"),
    "Label Studio's own JSON": ("annotations", "result", "data"),
    "LabelMe's JSON": ("shapes", "imagePath"),
    "VGG Image Annotator's JSON": ("regions", "shape_attributes"),
    "Supervisely's JSON": ("objects", "classTitle"),
}
_ANNOTATION_FOLDERS = ("annotations", "ann")
_MOST_JSON_FILES = 20  # of a folder, that are looked at
_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".7z", ".rar")


def open_labels(path: Path, kind: Optional[str], reading: Reading) -> LabelSet:
    """The labels of the existing file or folder ``path``; ``kind`` None: the format is recognised.

    Raises:
        TrainerError: the format is not recognised.
        FormatError: labels that cannot be used.
    """
    kind = kind or recognise(path)
    if path.is_dir():
        parts = _parts(path, kind)
        if parts:
            return join(kind, path, [(split, FORMATS[kind].read(part, reading)) for split, part in parts.items()])
    return FORMATS[kind].read(path, reading)


def recognise(path: Path) -> str:
    """The format of the existing file or folder ``path``: a key of ``FORMATS``. Raises TrainerError."""
    if path.is_dir():
        for kind, described in FORMATS.items():
            if described.is_folder(path):
                return kind
        for kind, described in FORMATS.items():
            if split_folders(path, described.is_folder):
                return kind
        raise TrainerError(_not_recognised(path))
    suffix = path.suffix.lower()
    if suffix == ".txt":
        return "yolo" if darknet_lists.is_image_list(path) else "keras-yolo3"
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if suffix == ".xml" and root_tag(path) in (cvat_reader.ROOT, None):
        return "cvat"
    if suffix in _ARCHIVES:
        raise TrainerError(f"{path}: an archive is not read; unpack it and give its folder")
    raise TrainerError(f"{path}: not recognised; DATA is {DATA_HELP}")


def _parts(folder: Path, kind: str) -> dict[str, Path]:
    """Split -> the folder or file that is read for it, where the data of a folder is in one per split; else {}."""
    if kind == "coco":
        files = coco_reader.annotation_files(folder)
        parts = {file.split: file.path for file in files if file.split is not None}
        if len(files) == len(parts) and parts:
            return {str(split): path for split, path in parts.items()}
    if FORMATS[kind].is_folder(folder):
        return {}
    return split_folders(folder, FORMATS[kind].is_folder)


def _not_recognised(folder: Path) -> str:
    inner = [place for place in entries(folder) if known_split(place.name) or place.name in _ANNOTATION_FOLDERS]
    for path in (path for place in (folder, *inner) for path in entries(place)):
        name = next((what for end, what in _NOT_READ.items() if path.name.endswith(end)), None)
        if name is not None:
            return _not_read(path, name)
    for place in (folder, *inner):
        for path in [path for path in entries(place) if path.suffix.lower() == ".json"][:_MOST_JSON_FILES]:
            name = next((what for what, keys in _JSON_NOT_READ.items() if mentions(path, keys)), None)
            if name is not None:
                return _not_read(path, name)
    return (
        f"{folder}: neither dataset.json (WardSynth) nor a COCO JSON such as coco.json, data.yaml or images with label "
        "texts (YOLO), Annotations/*.xml (Pascal VOC), annotations.xml (CVAT) or annotations.txt (keras-yolo3) in this "
        "folder"
    )


def _not_read(path: Path, name: str) -> str:
    return f"{path}: this is {name}, which is not read; export the data as COCO, YOLO or Pascal VOC"
