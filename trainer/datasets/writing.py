"""Labelled images of any origin into a new folder of any kind, whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Literal, Optional, TypedDict

from shared_format import atomic, coco, dataset, keras_yolo3, masks
from shared_format.errors import FormatError
from shared_format.policy import chosen_box
from shared_format.record import Frame, Instance, frame_to_json

from ..errors import TrainerError
from ..formats import class_names, voc_writer, yolo_writer
from ..formats.files import image_inside
from ..formats.label_set import SPLIT, LabelSet
from ..formats.skeletons import KeypointRows, Skeleton
from ..progress import note
from .label_style import DEFAULT_STYLE, KEYPOINTS, MASKS, LabelStyle

_MAPS = ("depth_file", "mask_file")
_ConvertKeypoints = Callable[[KeypointRows], Optional[KeypointRows]]

_Fate = Literal["boxes", "not_in_picture", "ignored"]
_IGNORED = "marked ignore, which the format cannot say"


class WrittenCounts(TypedDict):
    """What was written, as JSON.

    Images; boxes, those of them with key points, with masks, and outlined by the box for lack of a mask; and instances
    that were not written: those nowhere in their image, and those ignored, which the format cannot say.
    """

    pictures: int
    boxes: int
    keypoints: int
    masks: int
    box_outlines: int
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


def incoming(labels: LabelSet, style: LabelStyle) -> Iterator[Incoming]:
    """The images of ``labels`` under the names they have, their key points those that ``style`` writes.

    Raises:
        FormatError: a map outside the data's folder.
    """
    convert = _keypoint_conversion(labels, style.skeleton)
    for labelled in labels.images:
        frame = labelled.frame
        files = {name: getattr(frame, name) for name in _MAPS}
        maps = {name: image_inside(labels.root, file) for name, file in files.items() if file is not None}
        yield Incoming(_with_keypoints(frame, convert), labelled.image, labelled.where, maps)


def _keypoint_conversion(labels: LabelSet, wanted: Skeleton) -> Optional[_ConvertKeypoints]:
    """How the key points of ``labels`` become those of ``wanted``; None: they are."""
    own = labels.skeleton
    if own is None or own == wanted:
        return None
    if own.fits_in(wanted):
        return partial(own.rows_for, wanted)
    note(
        f"{labels.path}: its {len(own)} key points ({', '.join(own.names[:3])} ...) are left out: they are not among "
        f"the {len(wanted)} to write ({', '.join(wanted.names[:3])} ...)"
    )
    return lambda rows: None


def _with_keypoints(frame: Frame, convert: Optional[_ConvertKeypoints]) -> Frame:
    """The record with its key points converted."""
    if convert is None:
        return frame
    instances = tuple(
        instance if instance.keypoints is None else replace(instance, keypoints=convert(instance.keypoints))
        for instance in frame.instances
    )
    return replace(frame, instances=instances)


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


@dataclass(frozen=True)
class NewDataset:
    """A dataset that is being written.

    Attributes:
        folder: where.
        kind: its format, a key of ``WRITERS``.
        info: what is known of the dataset as a whole.
        classes: those to keep, in the order of their numbers.
        boxes: the box policy, where the format holds one box.
        style: what is written beside the boxes, the same as that of ``incoming``.
    """

    folder: Path
    kind: str
    info: dataset.DatasetInfo
    classes: tuple[str, ...]
    boxes: str
    style: LabelStyle = DEFAULT_STYLE


def write_images(
    new: NewDataset, images: Iterable[Incoming], advance: Callable[[], None] = lambda: None
) -> WrittenCounts:
    """Write ``images`` as the new dataset; ``advance`` is called after each.

    Raises:
        TrainerError: an image that is not there, or a value the format cannot hold.
        FormatError: labels that cannot be used.
    """
    writer = WRITERS[new.kind]
    counts: WrittenCounts = {
        "pictures": 0, "boxes": 0, "keypoints": 0, "masks": 0, "box_outlines": 0, "not_in_picture": 0, "ignored": 0
    }  # fmt: skip

    def frames() -> Iterator[Frame]:
        names = _Names(writer.place)
        for one in images:
            kept = tuple(i for i in one.frame.instances if i.category in new.classes)
            frame = replace(one.frame, file=names.new(one.frame), instances=kept)
            _link(one.image, new.folder / frame.file)
            if writer.holds_maps:
                for name, source in one.maps.items():
                    _link(source, image_inside(new.folder, getattr(frame, name)))
            counts["pictures"] += 1
            for instance in kept:
                _count(instance, new, writer, one.where, counts)
            yield frame
            advance()

    kept_categories = tuple(category for category in new.info.categories if category.name in new.classes)
    try:
        writer.write(replace(new, info=replace(new.info, categories=kept_categories)), frames())
    except FormatError:
        raise
    except ValueError as error:  # from json: NaN in an attribute
        raise TrainerError(f"{new.info.name}: has a value that the format {new.kind} cannot hold: {error}") from error
    return counts


def _count(instance: Instance, new: NewDataset, writer: Writer, where: str, counts: WrittenCounts) -> None:
    """Count what becomes of an instance."""
    fate = _fate(instance, new, writer, where)
    counts[fate] += 1
    if fate == "boxes":
        counts["keypoints"] += instance.keypoints is not None and writer.holds(KEYPOINTS, new.style)
        counts["masks"] += instance.mask is not None and writer.holds(MASKS, new.style)
        counts["box_outlines"] += instance.mask is None and writer.one_label and new.style.labels == MASKS


def kept_classes(labels: LabelSet, requested: tuple[str, ...]) -> tuple[str, ...]:
    """The ``requested`` classes, or all in the order of their ids. Raises TrainerError: the data lacks one."""
    there = labels.category_names
    for name in requested:
        if name not in there:
            raise TrainerError(f"{labels.path}: no class {name!r}; it has {', '.join(there)}")
    return requested or there


def remarks(counts: WrittenCounts) -> str:
    """What became of instances that could not be written as they are, for people, to be put after their number.

    Such as ``, 3 of them without a mask and outlined as rectangles; left out: 2 nowhere in their image``.
    """
    outlines = counts["box_outlines"]
    text = f", {outlines} of them without a mask and outlined as rectangles" if outlines else ""
    kinds = {"nowhere in their image": counts["not_in_picture"], _IGNORED: counts["ignored"]}
    reasons = [f"{count} {reason}" for reason, count in kinds.items() if count]
    return f"{text}; left out: {', '.join(reasons)}" if reasons else text


def _fate(instance: Instance, new: NewDataset, writer: Writer, where: str) -> _Fate:
    """Whether an instance is written as one of the ``boxes``, or why it is left out."""
    if writer.needs_box and chosen_box(instance, new.boxes, where) is None:
        return "not_in_picture"
    if writer.one_label and new.style.labels == MASKS and instance.mask is not None and not masks.area(instance.mask):
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


def _write_wardsynth(new: NewDataset, frames: Iterator[Frame]) -> None:
    dataset.write_info(new.folder, new.info)
    for frame in frames:
        atomic.write_json(dataset.frame_path(new.folder, frame.index), frame_to_json(frame))


def _write_coco(new: NewDataset, frames: Iterator[Frame]) -> None:
    content = coco.coco_dict(new.info, frames, new.boxes, new.style.coco())
    atomic.write_json(new.folder / coco.ANNOTATION_FILE, content)


def _write_yolo(new: NewDataset, frames: Iterator[Frame]) -> None:
    yolo_writer.write(new.folder, frames, new.classes, new.boxes, new.style.labels, new.style.skeleton)


def _write_voc(new: NewDataset, frames: Iterator[Frame]) -> None:
    voc_writer.write(new.folder, new.info.name, frames, new.classes, new.boxes)


def _write_keras_yolo3(new: NewDataset, frames: Iterator[Frame]) -> None:
    text = "".join(f"{line}\n" for line in keras_yolo3.lines(frames, new.classes, new.boxes))
    atomic.write_bytes(new.folder / keras_yolo3.ANNOTATION_FILE, text.encode())
    class_names.write_class_names(new.folder / class_names.CLASSES_FILE, new.classes)


@dataclass(frozen=True)
class Writer:
    """How one format is written.

    Attributes:
        place: where an image goes.
        write: writes the labels of all images.
        holds_maps: depth and mask maps go along.
        needs_box: an instance outside the image cannot be stored.
        holds_ignored: it can mark a box as ignored.
        holds_all: it has a place for key points and masks.
        one_label: it holds one kind of label, which the style chooses.
    """

    place: Callable[[Frame], str]
    write: Callable[[NewDataset, Iterator[Frame]], None]
    holds_maps: bool = False
    needs_box: bool = True
    holds_ignored: bool = True
    holds_all: bool = False
    one_label: bool = False

    def holds(self, labels: str, style: LabelStyle) -> bool:
        """Whether it holds labels of that kind, one of ``yolo_writer.LABELS``, when it is written in that style."""
        return self.holds_all or (self.one_label and style.labels == labels)


WRITERS: dict[str, Writer] = {
    "wardsynth": Writer(_in_images, _write_wardsynth, holds_maps=True, needs_box=False, holds_all=True),
    "coco": Writer(_in_images, _write_coco, holds_maps=True, holds_all=True),
    "yolo": Writer(_in_split, _write_yolo, holds_ignored=False, one_label=True),
    "voc": Writer(_flat, _write_voc),
    "keras-yolo3": Writer(_in_images, _write_keras_yolo3, holds_ignored=False),
}


def written_kind(kind: str) -> str:
    """The format that data of the format ``kind`` is written in: its own, or COCO where it is only read."""
    return kind if kind in WRITERS else "coco"
