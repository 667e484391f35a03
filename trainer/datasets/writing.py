"""Labelled images of any origin into a new folder of any kind, whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Literal, Optional, TypedDict

from shared_format import atomic, coco, dataset, keras_yolo3
from shared_format.errors import FormatError
from shared_format.policy import chosen_box
from shared_format.record import Frame, Instance, frame_to_json

from ..errors import TrainerError
from ..formats import class_names, voc_writer, yolo_writer
from ..formats.files import image_inside
from ..formats.label_set import SPLIT, LabelSet
from ..formats.skeletons import COCO_SKELETON, Skeleton

_MAPS = ("depth_file", "mask_file")


Classes = tuple[str, ...]
_Fate = Literal["boxes", "not_in_picture", "ignored"]
_IGNORED = "marked ignore, which the format cannot say"


class WrittenCounts(TypedDict):
    """How many images and boxes were written, and how many instances were not, as JSON."""

    pictures: int
    boxes: int
    not_in_picture: int
    ignored: int


@dataclass(frozen=True)
class Incoming:
    """An image to be written into a new folder.

    Attributes:
        frame: its record; ``file``, ``depth_file`` and ``mask_file`` are the requested names there.
        image: its present file.
        where: its label, for messages.
        maps: the files that ``depth_file`` and ``mask_file`` are now, by these names.
    """

    frame: Frame
    image: Path
    where: str
    maps: dict[str, Path] = field(default_factory=dict[str, Path])


def incoming(labels: LabelSet) -> Iterator[Incoming]:
    """The images of ``labels`` under the names they have. Raises FormatError: a map outside the data's folder."""
    for labelled in labels.images:
        frame = labelled.frame
        files = {name: getattr(frame, name) for name in _MAPS}
        maps = {name: image_inside(labels.root, file) for name, file in files.items() if file is not None}
        if labels.skeleton not in (None, COCO_SKELETON):
            instances = tuple(_with_coco_keypoints(instance, labels.skeleton) for instance in frame.instances)
            frame = replace(frame, instances=instances)
        yield Incoming(frame, labelled.image, labelled.where, maps)


def _with_coco_keypoints(instance: Instance, skeleton: Skeleton) -> Instance:
    """The instance with its key points as the 17 that a record has; without, where these have other names."""
    rows = instance.keypoints
    if rows is None:
        return instance
    fits = skeleton.fits_in(COCO_SKELETON)
    return replace(instance, keypoints=skeleton.rows_for(COCO_SKELETON, rows) if fits else None)


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """A temporary neighbour of ``out`` to write into; renamed to ``out`` at the block's end, or removed after an error.

    Raises:
        TrainerError: ``out`` is there and not empty, or cannot be written.
    """
    final = Path(os.path.abspath(out))
    part = atomic.temporary_path(final)
    try:
        if final.exists() and (not final.is_dir() or any(final.iterdir())):
            raise TrainerError(f"{out}: already exists and is not empty; give --out a new or empty folder")
        shutil.rmtree(part, ignore_errors=True)  # remains of a run that was killed
        part.mkdir(parents=True)
        yield part
        if final.exists():
            final.rmdir()
        part.rename(final)
    except OSError as error:
        raise TrainerError(f"{error.filename or out}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write_images(
    folder: Path,
    kind: str,
    info: dataset.DatasetInfo,
    images: Iterable[Incoming],
    classes: tuple[str, ...],
    policy: str,
    advance: Callable[[], None] = lambda: None,
) -> WrittenCounts:
    """Write ``images`` into ``folder`` as ``kind``, a key of ``WRITERS``.

    Args:
        classes: those to keep, in the order of their numbers.
        policy: the box that is written where the format holds one.
        advance: called after each image.

    Returns:
        Counts: ``images``, ``boxes`` written, instances ``not_in_picture`` and ``ignored``.

    Raises:
        TrainerError: an image that is not there, or a value the format cannot hold.
        FormatError: labels that cannot be used.
    """
    writer = WRITERS[kind]
    counts: WrittenCounts = {"pictures": 0, "boxes": 0, "not_in_picture": 0, "ignored": 0}

    def frames() -> Iterator[Frame]:
        names = _Names(writer.place)
        for one in images:
            kept = tuple(i for i in one.frame.instances if i.category in classes)
            frame = replace(one.frame, file=names.new(one.frame), instances=kept)
            _link(one.image, folder / frame.file)
            if writer.holds_maps:
                for name, source in one.maps.items():
                    _link(source, image_inside(folder, getattr(frame, name)))
            counts["pictures"] += 1
            for instance in kept:
                counts[_fate(instance, policy, writer, one.where)] += 1
            yield frame
            advance()

    kept_categories = tuple(category for category in info.categories if category.name in classes)
    try:
        writer.write(folder, replace(info, categories=kept_categories), frames(), classes, policy)
    except FormatError:
        raise
    except ValueError as error:  # from json: NaN in an attribute
        raise TrainerError(f"{info.name}: has a value that the format {kind} cannot hold: {error}") from error
    return counts


def kept_classes(labels: LabelSet, requested: tuple[str, ...]) -> tuple[str, ...]:
    """The ``requested`` classes, or all in the order of their ids. Raises TrainerError: the data lacks one."""
    there = labels.category_names
    for name in requested:
        if name not in there:
            raise TrainerError(f"{labels.path}: no class {name!r}; it has {', '.join(there)}")
    return requested or there


def left_out(counts: WrittenCounts) -> str:
    """What ``write_images`` could not write, for people: ``; left out: 2 nowhere in their image``."""
    kinds = {"nowhere in their image": counts["not_in_picture"], _IGNORED: counts["ignored"]}
    reasons = [f"{count} {reason}" for reason, count in kinds.items() if count]
    return f"; left out: {', '.join(reasons)}" if reasons else ""


def _fate(instance: Instance, policy: str, writer: Writer, where: str) -> _Fate:
    """Whether an instance is written as one of the ``boxes``, or why it is left out."""
    if writer.needs_box and chosen_box(instance, policy, where) is None:
        return "not_in_picture"
    return "ignored" if instance.ignore and not writer.holds_ignored else "boxes"


class _Names:
    """New names for images: the old ones if they are free; no two names differ only in suffix or case."""

    def __init__(self, place: Callable[[Frame], str]) -> None:
        self.place = place
        self.used: set[str] = set()

    def new(self, frame: Frame) -> str:
        """The image's file in the new folder."""
        path = PurePosixPath(self.place(frame))
        candidate, number = path, 1
        while str(candidate.with_suffix("")).lower() in self.used:
            number += 1
            candidate = path.with_stem(f"{path.stem}-{number}")
        self.used.add(str(candidate.with_suffix("")).lower())
        return str(candidate)


def inner_name(frame: Frame) -> str:
    """The image's name below ``images/``, or its bare name where the data keeps it elsewhere."""
    path = PurePosixPath(frame.file.replace("\\", "/"))
    inside = not path.is_absolute() and ".." not in path.parts
    if inside and path.parts[:1] == (dataset.IMAGES,) and len(path.parts) > 1:
        path = path.relative_to(dataset.IMAGES)
    return str(path) if inside else path.name


def _in_images(frame: Frame) -> str:
    return f"{dataset.IMAGES}/{inner_name(frame)}"


def _name_in_split(frame: Frame) -> str:
    """The inner name without the folder of the image's split."""
    return inner_name(frame).removeprefix(f"{frame.attributes.get(SPLIT)}/")


def _in_split(frame: Frame) -> str:
    return f"images/{yolo_writer.split_of(frame)}/{_name_in_split(frame)}"


def _flat(frame: Frame) -> str:
    """The name without sub-folders, which VOC does not have."""
    return f"{voc_writer.IMAGES}/{_name_in_split(frame).replace('/', '_')}"


def _link(source: Path, target: Path) -> None:
    """A hard link where the disk allows one, else a copy."""
    if not source.is_file():
        raise TrainerError(f"{source}: image not found; its label names it")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source.resolve(), target)
    except OSError:  # another disk, or one without links
        shutil.copyfile(source, target)


def _write_wardsynth(
    folder: Path, info: dataset.DatasetInfo, frames: Iterator[Frame], classes: tuple[str, ...], boxes: str
) -> None:
    dataset.write_info(folder, info)
    for frame in frames:
        atomic.write_json(dataset.frame_path(folder, frame.index), frame_to_json(frame))


def _write_coco(
    folder: Path, info: dataset.DatasetInfo, frames: Iterator[Frame], classes: tuple[str, ...], boxes: str
) -> None:
    atomic.write_json(folder / coco.ANNOTATION_FILE, coco.coco_dict(info, frames, boxes))


def _write_yolo(
    folder: Path, info: dataset.DatasetInfo, frames: Iterator[Frame], classes: tuple[str, ...], boxes: str
) -> None:
    yolo_writer.write(folder, frames, classes, boxes)


def _write_voc(
    folder: Path, info: dataset.DatasetInfo, frames: Iterator[Frame], classes: tuple[str, ...], boxes: str
) -> None:
    voc_writer.write(folder, info.name, frames, classes, boxes)


def _write_keras_yolo3(
    folder: Path, info: dataset.DatasetInfo, frames: Iterator[Frame], classes: tuple[str, ...], boxes: str
) -> None:
    text = "".join(f"{line}\n" for line in keras_yolo3.lines(frames, classes, boxes))
    atomic.write_bytes(folder / keras_yolo3.ANNOTATION_FILE, text.encode())
    class_names.write_class_names(folder / class_names.CLASSES_FILE, classes)


@dataclass(frozen=True)
class Writer:
    """How one format is written.

    Attributes:
        place: where an image goes.
        write: writes the labels of all images.
        holds_maps: depth and mask maps go along.
        needs_box: an instance outside the image cannot be stored.
        holds_ignored: it can mark a box as ignored.
        holds_masks: it has a place for masks.
    """

    place: Callable[[Frame], str]
    write: Callable[[Path, dataset.DatasetInfo, Iterator[Frame], tuple[str, ...], str], None]
    holds_maps: bool = False
    needs_box: bool = True
    holds_ignored: bool = True
    holds_masks: bool = False


WRITERS: dict[str, Writer] = {
    "wardsynth": Writer(_in_images, _write_wardsynth, holds_maps=True, needs_box=False, holds_masks=True),
    "coco": Writer(_in_images, _write_coco, holds_maps=True, holds_masks=True),
    "yolo": Writer(_in_split, _write_yolo, holds_ignored=False),
    "voc": Writer(_flat, _write_voc),
    "keras-yolo3": Writer(_in_images, _write_keras_yolo3, holds_ignored=False),
}


def keeps_masks(kind: Optional[str]) -> bool:
    """Whether data written as ``kind`` keeps masks; None, which is the kind of the data read, may."""
    return kind is None or WRITERS[kind].holds_masks
