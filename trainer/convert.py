"""`trainer convert`: labels of any kind written as another kind, with their pictures, whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Optional

from shared_format import atomic, class_names, coco, dataset, keras_yolo3, voc, yolo
from shared_format.errors import FormatError
from shared_format.label_set import SPLIT, LabelSet
from shared_format.paths import picture_inside
from shared_format.policy import chosen_box
from shared_format.record import Frame, Instance, frame_to_json

from .errors import TrainerError
from .progress import Progress
from .readers import read_labels

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class ConvertRequest:
    """What to convert into what.

    Attributes:
        data: DATA as the command line takes it.
        kind: the format to write, a key of ``WRITERS``.
        out: the new folder.
        boxes: the box policy of what has several boxes.
        classes: the classes to keep, in the order of their numbers; empty: all, as the data orders them.
        source_kind: the format to read, or None to recognise it.
    """

    data: str
    kind: str
    out: Path
    boxes: str = "covered"
    classes: tuple = ()
    source_kind: Optional[str] = None


def convert(request: ConvertRequest) -> dict:
    """Convert and return what was written: counts of pictures and boxes, the classes, the folder.

    Raises:
        TrainerError: the folder is there and not empty, cannot be written, or a class is not in the data.
        FormatError: labels that cannot be used.
    """
    labels = read_labels(request.data, request.classes or ("person",), request.source_kind)
    classes = _classes(labels, request.classes)
    out = Path(os.path.abspath(request.out))
    part = atomic.temporary_path(out)
    try:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise TrainerError(f"{request.out}: already there; --out is a new or empty folder")
        shutil.rmtree(part, ignore_errors=True)  # left by a run that was killed
        part.mkdir(parents=True)
        counts = _write(labels, classes, request, part)
        if out.exists():
            out.rmdir()
        part.rename(out)
    except FormatError:
        raise
    except OSError as error:
        raise TrainerError(f"{error.filename or out}: {error.strerror or error}") from error
    except ValueError as error:  # from json: NaN in an attribute
        raise TrainerError(f"{request.data}: a value that {request.kind} cannot hold: {error}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return {
        "schema_version": SCHEMA_VERSION,
        "format": request.kind,
        "out": str(request.out),
        "classes": list(classes),
        **counts,
    }


def _classes(labels: LabelSet, wanted: tuple) -> tuple:
    there = labels.category_names
    for name in wanted:
        if name not in there:
            raise TrainerError(f"{labels.path}: no class {name!r}; it has {', '.join(there)}")
    return wanted or there


def _write(labels: LabelSet, classes: tuple, request: ConvertRequest, folder: Path) -> dict:
    writer = WRITERS[request.kind]
    counts = {"pictures": 0, "boxes": 0, "not_in_picture": 0, "ignored": 0}
    policy = labels.policy or request.boxes
    info = replace(labels.info, categories=tuple(c for c in labels.info.categories if c.name in classes))
    with Progress(len(labels.pictures), "converting", "pictures") as progress:

        def frames() -> Iterator:
            names = _Names(writer.place)
            for labelled in labels.pictures:
                kept = tuple(i for i in labelled.frame.instances if i.category in classes)
                frame = replace(labelled.frame, file=names.new(labelled.frame), instances=kept)
                _link(labelled.picture, folder / frame.file)
                counts["pictures"] += 1
                for instance in kept:
                    counts[_fate(instance, policy, writer, labelled.where)] += 1
                yield writer.maps(labels.root, folder, frame)
                progress.advance()

        writer.write(folder, info, frames(), classes, policy)
    return counts


def _fate(instance: Instance, policy: str, writer: Writer, where: str) -> str:
    """What becomes of an instance: written as one of the ``boxes``, or left out and why."""
    if writer.needs_box and chosen_box(instance, policy, where) is None:
        return "not_in_picture"
    return "ignored" if instance.ignore and not writer.holds_ignored else "boxes"


class _Names:
    """New names for pictures: the old ones where they are free; no two differ only in their suffix or case."""

    def __init__(self, place: Callable) -> None:
        self.place, self.taken = place, set()

    def new(self, frame: Frame) -> str:
        """The picture's file in the new folder."""
        path = PurePosixPath(self.place(frame))
        candidate, number = path, 1
        while str(candidate.with_suffix("")).lower() in self.taken:
            number += 1
            candidate = path.with_stem(f"{path.stem}-{number}")
        self.taken.add(str(candidate.with_suffix("")).lower())
        return str(candidate)


def _inner_name(frame: Frame) -> str:
    """The picture's name below ``images/``, or its bare name where the data keeps it elsewhere."""
    path = PurePosixPath(frame.file.replace("\\", "/"))
    inside = not path.is_absolute() and ".." not in path.parts
    if inside and path.parts[:1] == (dataset.IMAGES,) and len(path.parts) > 1:
        path = path.relative_to(dataset.IMAGES)
    return str(path) if inside else path.name


def _in_images(frame: Frame) -> str:
    return f"{dataset.IMAGES}/{_inner_name(frame)}"


def _name_in_split(frame: Frame) -> str:
    """The inner name without the folder of the picture's split."""
    return _inner_name(frame).removeprefix(f"{frame.attributes.get(SPLIT)}/")


def _in_split(frame: Frame) -> str:
    return f"images/{yolo.split_of(frame)}/{_name_in_split(frame)}"


def _flat(frame: Frame) -> str:
    """VOC has no sub-folders."""
    return f"{voc.PICTURES}/{_name_in_split(frame).replace('/', '_')}"


def _with_maps(root: Path, folder: Path, frame: Frame) -> Frame:
    """The frame after its depth and mask maps were brought along."""
    for file in (frame.depth_file, frame.mask_file):
        if file is not None:
            _link(picture_inside(root, file), picture_inside(folder, file))
    return frame


def _without_maps(root: Path, folder: Path, frame: Frame) -> Frame:
    return frame


def _link(source: Path, target: Path) -> None:
    """A hard link where the disk allows one, else a copy."""
    if not source.is_file():
        raise TrainerError(f"{source}: no such file, named by its label")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source.resolve(), target)
    except OSError:  # another disk, or one without links
        shutil.copyfile(source, target)


def _write_wardsynth(folder: Path, info: dataset.DatasetInfo, frames: Iterator, classes: tuple, boxes: str) -> None:
    dataset.write_info(folder, info)
    for frame in frames:
        atomic.write_json(dataset.frame_path(folder, frame.index), frame_to_json(frame))


def _write_coco(folder: Path, info: dataset.DatasetInfo, frames: Iterator, classes: tuple, boxes: str) -> None:
    atomic.write_json(folder / coco.ANNOTATION_FILE, coco.coco_dict(info, frames, boxes))


def _write_yolo(folder: Path, info: dataset.DatasetInfo, frames: Iterator, classes: tuple, boxes: str) -> None:
    yolo.write(folder, frames, classes, boxes)


def _write_voc(folder: Path, info: dataset.DatasetInfo, frames: Iterator, classes: tuple, boxes: str) -> None:
    voc.write(folder, info.name, frames, classes, boxes)


def _write_keras_yolo3(folder: Path, info: dataset.DatasetInfo, frames: Iterator, classes: tuple, boxes: str) -> None:
    text = "".join(f"{line}\n" for line in keras_yolo3.lines(frames, classes, boxes))
    atomic.write_bytes(folder / keras_yolo3.ANNOTATION_FILE, text.encode())
    class_names.write_class_names(folder / class_names.CLASSES_FILE, classes)


@dataclass(frozen=True)
class Writer:
    """How one format is written.

    Attributes:
        place: where a picture goes.
        write: writes the labels of all pictures.
        maps: brings along what lies beside a picture.
        needs_box: an instance that is nowhere in the picture has no place in it.
        holds_ignored: it can say of a box that it counts neither way.
    """

    place: Callable[[Frame], str]
    write: Callable
    maps: Callable[[Path, Path, Frame], Frame] = _without_maps
    needs_box: bool = True
    holds_ignored: bool = True


WRITERS: dict[str, Writer] = {
    "wardsynth": Writer(_in_images, _write_wardsynth, _with_maps, needs_box=False),
    "coco": Writer(_in_images, _write_coco, _with_maps),
    "yolo": Writer(_in_split, _write_yolo, holds_ignored=False),
    "voc": Writer(_flat, _write_voc),
    "keras-yolo3": Writer(_in_images, _write_keras_yolo3, holds_ignored=False),
}


def summary(result: dict) -> str:
    """One line for people."""
    left = [f"{result[key]} {said}" for key, said in _LEFT_OUT.items() if result[key]]
    return (
        f"{result['out']}: {result['pictures']} pictures, {result['boxes']} boxes of {', '.join(result['classes'])} "
        f"as {result['format']}{'; left out: ' if left else ''}{', '.join(left)}"
    )


_LEFT_OUT = {"not_in_picture": "nowhere in their picture", "ignored": "marked ignore, which the format cannot say"}


def class_list(text: Optional[str]) -> tuple:
    """``a,b`` -> ("a", "b"); None -> (). Raises TrainerError: a name is empty or there twice."""
    if text is None:
        return ()
    names = tuple(name.strip() for name in text.split(","))
    if not all(names):
        raise TrainerError(f"--classes {text!r}: an empty name; expected names such as person,bed")
    if len(set(names)) < len(names):
        raise TrainerError(f"--classes {text!r}: a name twice; each class has one number")
    return names
