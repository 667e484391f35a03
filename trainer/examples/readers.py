"""Labels in: DATA of any kind, recognised by what it holds, as records or as the examples of training and scoring."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from shared_format import coco, dataset, keras_yolo3, voc, wardsynth, yolo
from shared_format.label_set import LabelledImage, LabelSet, Reading, refuse
from shared_format.policy import chosen_box, instance_area
from shared_format.record import DEFAULT_BOXES, DEFAULT_CLASSES

from ..errors import TrainerError
from .example import Example, ExampleSet, make_example, split_slice, take
from .images import image_size

READERS: dict[str, Callable] = {
    "wardsynth": wardsynth.read,
    "coco": coco.read,
    "yolo": yolo.read,
    "voc": voc.read,
    "keras-yolo3": keras_yolo3.read,
}
_KINDS = "a WardSynth folder, a COCO JSON, a YOLO folder or data.yaml, a Pascal VOC folder or a keras-yolo3 .txt"


def read_data(
    data: str,
    classes: Sequence[str] = DEFAULT_CLASSES,
    boxes: str = DEFAULT_BOXES,
    kind: str | None = None,
    masks: bool = False,
) -> ExampleSet:
    """Read DATA as the command line takes it: a path, possibly with a slice such as ``folder[:40]``.

    Args:
        classes: names of the classes to keep, in the order of the labels; none: the images without labels.
        boxes: the box policy of WardSynth records: covered, visible or amodal. Other formats have one box.
        kind: a key of ``READERS``, or None to recognise it.
        masks: keep the masks, where the data has some; copy-paste needs them.

    Raises:
        TrainerError: nothing is there, the kind is not recognised, or a class the data does not have.
        FormatError: labels that cannot be used, or a record without the asked box.
    """
    path, part = _place(data)
    labels = open_labels(path, kind, Reading(image_size, tuple(classes), masks=masks))
    examples = examples_of(labels, tuple(classes), boxes, masks)
    return take(examples, part, data)


def read_labels(
    data: str, names: Sequence[str] = DEFAULT_CLASSES, kind: str | None = None, problem: Callable = refuse
) -> LabelSet:
    """Read DATA with all that its labels hold; ``names`` and ``problem`` are those of ``label_set.Reading``.

    Raises:
        TrainerError: nothing is there, the kind is not recognised, or the slice has no images.
        FormatError: labels that cannot be used.
    """
    labels, whole = open_data(data, names, kind, problem)
    if not len(labels.images):
        raise TrainerError(f"{data}: no images; {labels.path} has {whole}")
    return labels


def open_data(data: str, names: Sequence[str], kind: str | None, problem: Callable) -> tuple:
    """As ``read_labels``, but none may be left: the labels, and how many images there are without the slice."""
    path, part = _place(data)
    labels = open_labels(path, kind, Reading(image_size, tuple(names), problem))
    return labels.part(part), len(labels.images)


def open_labels(path: Path, kind: str | None, reading: Reading) -> LabelSet:
    """The labels of the existing file or folder ``path``. Raises FormatError."""
    return READERS[kind or recognise(path)](path, reading)


def recognise(path: Path) -> str:
    """The kind of the existing file or folder ``path``: a key of ``READERS``. Raises TrainerError."""
    if path.is_dir():
        for kind, fits in _FOLDERS.items():
            if fits(path):
                return kind
        raise TrainerError(
            f"{path}: neither dataset.json (WardSynth) nor a COCO JSON such as coco.json, data.yaml (YOLO), "
            "Annotations/*.xml (Pascal VOC) or annotations.txt (keras-yolo3) in this folder"
        )
    kinds = {".json": "coco", ".txt": "keras-yolo3", ".yaml": "yolo", ".yml": "yolo"}
    if path.suffix.lower() in kinds:
        return kinds[path.suffix.lower()]
    raise TrainerError(f"{path}: not recognised; DATA is {_KINDS}")


# In this order: a folder that holds its labels in several formats is read from the one that says most.
_FOLDERS: dict[str, Callable] = {
    "wardsynth": dataset.is_dataset,
    "coco": coco.annotation_file,
    "yolo": yolo.is_folder,
    "voc": voc.is_folder,
    "keras-yolo3": keras_yolo3.annotation_file,
}


def examples_of(labels: LabelSet, classes: tuple, boxes: str, masks: bool = False) -> ExampleSet:
    """The examples of ``classes``; ``boxes`` is the box policy where the data has several boxes; ``masks``: keep them.

    Raises:
        TrainerError: a class the data does not have.
        FormatError: a record without the asked box.
    """
    category_ids = {category.name: category.id for category in labels.info.categories}
    for name in classes:
        if name not in category_ids:
            raise TrainerError(f"{labels.path}: no class {name!r}; it has {', '.join(category_ids)}")
    policy = labels.policy or boxes
    examples = tuple(_example(labelled, classes, policy, masks) for labelled in labels.images)
    return ExampleSet(examples, classes, tuple(category_ids[name] for name in classes), str(labels.path))


def _example(labelled: LabelledImage, classes: tuple, boxes: str, masks: bool) -> Example:
    frame = labelled.frame
    rows, kept_masks = [], []
    for instance, box in labelled_boxes(labelled, classes, boxes):
        rows.append((box, classes.index(instance.category), instance.ignore, instance_area(instance, box)))
        kept_masks.append(instance.mask)
    return make_example(
        labelled.image,
        frame.index,
        rows,
        width=frame.width,
        height=frame.height,
        attributes=frame.attributes,
        masks=tuple(kept_masks) if masks else (),
    )


def labelled_boxes(labelled: LabelledImage, classes: Sequence[str], boxes: str) -> Iterator[tuple]:
    """(instance, box) of the ``classes``, in the order of an example's boxes; without what is nowhere in the image.

    Raises:
        FormatError: a record without the asked box.
    """
    for instance in labelled.frame.instances:
        if instance.category in classes:
            box = chosen_box(instance, boxes, labelled.where)
            if box is not None:
                yield instance, box


def is_sliced(data: str) -> bool:
    """Whether DATA, such as ``folder[:40]``, names a part of what is there."""
    return _place(data)[1] != slice(None)


def _place(data: str) -> tuple:
    """``folder[:40]`` -> the existing path and the slice. Raises TrainerError."""
    name, part = split_slice(data)
    if _exists(data):  # a folder whose own name ends in brackets
        name, part = data, slice(None)
    if not _exists(name):
        raise TrainerError(f"{name}: no such file or folder; DATA is {_KINDS}")
    return Path(name), part


def _exists(name: str) -> bool:
    """Whether something has that name; not where the disk refuses it, such as one too long."""
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        return False
