"""Labels in: DATA of any kind, recognised by what it holds, as records or as the examples of training and scoring."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple, Optional

from shared_format.policy import chosen_box, instance_area
from shared_format.record import DEFAULT_BOXES, DEFAULT_CLASSES, Box, Instance

from ..errors import TrainerError
from ..formats.class_choice import ClassChoice
from ..formats.class_rules import ClassRules
from ..formats.class_survey import apply_rules, choose
from ..formats.finding_ids import FindingId
from ..formats.kinds import DATA_HELP, open_labels, recognise
from ..formats.label_set import (
    TEST,
    TRAIN,
    VAL,
    LabelledImage,
    LabelSet,
    Reading,
    ReportProblem,
    refuse,
    split_name,
)
from ..progress import note
from .annotations import Carried, stacked_keypoints
from .example import Example, ExampleSet, LabelRow, make_example, split_slice, take
from .images import image_size

__all__ = ["open_labels", "recognise"]  # beside what is defined here

_SPLIT = re.compile(r"(?P<path>.+):(?P<split>[A-Za-z][\w-]*)")
Select = Callable[[LabelSet, str], LabelSet]  # given DATA too, for messages
_ABOUT_FILES = (FindingId.MISSING_IMAGE, FindingId.CORRUPT_IMAGE, FindingId.UNREADABLE_RECORD)


class DataName(NamedTuple):
    """DATA as the command line names it: ``PATH``, ``PATH:SPLIT``, ``PATH[A:B]`` or ``PATH:SPLIT[A:B]``.

    ``split`` is None where none is named; ``part`` is a slice over the images in the order of their ids.
    """

    path: Path
    split: Optional[str]
    part: slice

    @property
    def is_whole(self) -> bool:
        """Whether it names everything that is there."""
        return self.split is None and self.part == slice(None)


def parse_data(data: str) -> DataName:
    """Parse DATA; what it names is there. Raises TrainerError: no such file or folder."""
    if _exists(data):  # a name that ends in brackets, or holds a colon
        return DataName(Path(data), None, slice(None))
    name, part = split_slice(data)
    if _exists(name):
        return DataName(Path(name), None, part)
    match = _SPLIT.fullmatch(name)
    if match is not None and _exists(match["path"]):
        return DataName(Path(match["path"]), split_name(match["split"]), part)
    path = match["path"] if match is not None else name
    raise TrainerError(f"{path}: no such file or folder; DATA is {DATA_HELP}")


def read_data(
    data: str,
    classes: Sequence[str] = DEFAULT_CLASSES,
    boxes: str = DEFAULT_BOXES,
    kind: str | None = None,
    masks: bool = False,
    keypoints: bool = False,
    rules: Optional[ClassRules] = None,
) -> ExampleSet:
    """Read DATA as the command line takes it, such as ``folder``, ``data.yaml:val`` or ``folder[:40]``.

    Args:
        classes: names of the classes to keep, in the order of the labels; none: the images without labels.
        boxes: the box policy of WardSynth records: covered, visible or amodal. Other formats have one box.
        kind: a key of ``formats.kinds.FORMATS``, or None to recognise it.
        masks: keep the masks, where the data has some; copy-paste needs them.
        keypoints: keep the key points.
        rules: which objects are of which class, of ``choose_classes``; None: their categories are their classes.

    Raises:
        TrainerError: nothing is there, the kind is not recognised, a class or attribute the data does not have, or no
            key points where they are wanted.
        FormatError: labels that cannot be used, or a record without the asked box.
    """
    return _read(data, classes, boxes, kind, masks, keypoints, _everything, rules)


def read_training_data(
    data: str,
    classes: Sequence[str] = DEFAULT_CLASSES,
    boxes: str = DEFAULT_BOXES,
    kind: str | None = None,
    masks: bool = False,
    keypoints: bool = False,
    rules: Optional[ClassRules] = None,
) -> ExampleSet:
    """As ``read_data``, for training: where DATA names no split, images of the splits val and test are left out.

    What is left out is said on standard error. An image that the data puts in train and in val is one of train.

    Raises:
        TrainerError: as ``read_data``; also where every image is of val or test.
        FormatError: as ``read_data``.
    """
    return _read(data, classes, boxes, kind, masks, keypoints, _for_training, rules)


def read_validation_data(
    data: str,
    classes: Sequence[str] = DEFAULT_CLASSES,
    boxes: str = DEFAULT_BOXES,
    kind: str | None = None,
    masks: bool = False,
    keypoints: bool = False,
    rules: Optional[ClassRules] = None,
) -> ExampleSet:
    """As ``read_data``, for validation: where DATA names no split and has val beside others, only val is taken.

    What is taken is said on standard error.

    Raises:
        TrainerError: as ``read_data``.
        FormatError: as ``read_data``.
    """
    return _read(data, classes, boxes, kind, masks, keypoints, _for_validation, rules)


def read_labels(
    data: str,
    names: Sequence[str] = DEFAULT_CLASSES,
    kind: str | None = None,
    problem: ReportProblem = refuse,
    masks: bool = False,
    for_training: bool = False,
    rules: Optional[ClassRules] = None,
) -> LabelSet:
    """Read DATA with all that its labels hold.

    Args:
        names: the user's names of classes, where the data only numbers them.
        problem: as of ``label_set.Reading``.
        masks: whether masks are wanted; drawing those of polygons takes most of the time. Records keep theirs.
        for_training: leave out val and test as ``read_training_data`` does.
        rules: as of ``read_data``.

    Raises:
        TrainerError: nothing is there, the kind is not recognised, or nothing is left of the split or slice.
        FormatError: labels that cannot be used.
    """
    select = _for_training if for_training else _everything
    opened = open_data(data, names, kind, problem, masks=masks, select=select, rules=rules)
    if not len(opened.labels.images):
        raise TrainerError(f"{data}: no images; {opened.labels.path} has {opened.available}")
    return opened.labels


def choose_classes(
    data: Sequence[str], choice: ClassChoice, kind: Optional[str] = None, for_training: bool = False
) -> ClassRules:
    """The classes that ``choice`` means in all DATA together. The labels are read once more for it, without masks.

    Args:
        kind, for_training: as of ``read_labels``.

    Raises:
        TrainerError: as ``read_labels``, or the data does not have what ``choice`` names.
        FormatError: as ``read_labels``; single labels that cannot be used are passed over, as the next reading
            reports them.
    """
    select = partial(_for_training, say=_silent) if for_training else _everything
    opened = [open_data(one, (), kind, pass_over, pass_over, masks=False, select=select) for one in data]
    for one, read in zip(data, opened):
        if not len(read.labels.images):
            raise TrainerError(f"{one}: no images; {read.labels.path} has {read.available}")
    return choose(choice, [read.labels for read in opened])


def pass_over(finding: FindingId, message: str) -> None:
    """The answer to a problem that another reading of the labels reports."""


def _silent(message: str) -> None:
    """What another reading of the labels says."""


@dataclass(frozen=True)
class OpenedData:
    """The labels that DATA names, and how many images there are without its slice."""

    labels: LabelSet
    available: int


def open_data(
    data: str,
    names: Sequence[str],
    kind: str | None,
    problem: ReportProblem,
    notice: Optional[ReportProblem] = None,
    masks: bool = True,
    select: Optional[Select] = None,
    rules: Optional[ClassRules] = None,
) -> OpenedData:
    """As ``read_labels``, but it is no error if no image is left.

    ``notice`` is that of ``Reading``; None: what is left out is said on standard error.
    """
    name = parse_data(data)
    notices = _Notices()
    reading = Reading(image_size, tuple(names), problem, notice or notices.add, masks)
    labels = _selected(open_labels(name.path, kind, reading), name, data, select or _everything)
    if rules is not None:
        labels = apply_rules(labels, rules, name.part, data)
    notices.say()
    return OpenedData(labels.part(name.part), len(labels.images))


def _selected(labels: LabelSet, name: DataName, data: str, select: Select) -> LabelSet:
    """The images of the split that DATA names; where it names none, those that ``select`` takes."""
    return select(labels, data) if name.split is None else of_split(labels, name.split, data)


class _Notices:
    """What readers leave out although the rest is usable: said once per kind, with how often."""

    def __init__(self) -> None:
        self.first: dict[FindingId, str] = {}
        self.counts: dict[FindingId, int] = {}

    def add(self, finding: FindingId, message: str) -> None:
        """Keep the first of a kind, and count."""
        self.first.setdefault(finding, message)
        self.counts[finding] = self.counts.get(finding, 0) + 1

    def say(self) -> None:
        """One line per kind on standard error."""
        for finding, message in self.first.items():
            more = self.counts[finding] - 1
            note(f"{message}{f' (and {more} more of the kind)' if more else ''}")


def of_split(labels: LabelSet, split: Optional[str], data: str) -> LabelSet:
    """The images of a split; None: all. Raises TrainerError: the data names no such split."""
    if split is None:
        return labels
    chosen = labels.of_splits(lambda splits: split in splits)
    if not len(chosen.images):
        raise TrainerError(f"{data}: no images of the split {split!r}; {labels.path} has {_splits_of(labels)}")
    return chosen


def _splits_of(labels: LabelSet) -> str:
    counts = labels.split_counts()
    return ", ".join(f"{name} ({count})" for name, count in counts.items()) or "no splits"


def _everything(labels: LabelSet, data: str) -> LabelSet:
    return labels


def _for_training(labels: LabelSet, data: str, say: Callable[[str], None] = note) -> LabelSet:
    counts = labels.split_counts()
    if not counts[VAL] and not counts[TEST]:
        return labels
    chosen = labels.of_splits(lambda splits: not splits & {VAL, TEST} or TRAIN in splits)
    left_out = ", ".join(f"{name} ({counts[name]})" for name in (VAL, TEST) if counts[name])
    if not len(chosen.images):
        raise TrainerError(
            f"{data}: has no images to train on, only those of the splits {left_out}; "
            f"to train on them all the same, name one, such as {data}:{VAL if counts[VAL] else TEST}"
        )
    if len(chosen.images) < len(labels.images):
        say(f"{data}: training takes {len(chosen.images)} images; the splits {left_out} are left out")
    return chosen


def _for_validation(labels: LabelSet, data: str) -> LabelSet:
    counts = labels.split_counts()
    chosen = labels.of_splits(lambda splits: VAL in splits) if counts[VAL] else labels
    if len(chosen.images) < len(labels.images):
        note(f"{data}: validation takes the {len(chosen.images)} images of the split val, of {len(labels.images)}")
    return chosen


def _read(
    data: str,
    classes: Sequence[str],
    boxes: str,
    kind: str | None,
    masks: bool,
    keypoints: bool,
    select: Select,
    rules: Optional[ClassRules],
) -> ExampleSet:
    name = parse_data(data)
    notices = _Notices()
    problem = refuse if classes else refuse_lost_files
    reading = Reading(image_size, tuple(classes), problem, notices.add, masks)
    labels = open_labels(name.path, kind, reading)
    labels = _selected(labels, name, data, select)
    if rules is not None:
        labels = apply_rules(labels, rules, name.part, data)
    examples = examples_of(labels, tuple(classes), boxes, masks, keypoints)
    notices.say()
    return take(examples, name.part, data)


def refuse_lost_files(finding: FindingId, message: str) -> None:
    """The answer to a problem where only the images are wanted: their labels may be as they are."""
    if finding in _ABOUT_FILES:
        refuse(finding, message)


def examples_of(
    labels: LabelSet, classes: tuple[str, ...], boxes: str, masks: bool = False, keypoints: bool = False
) -> ExampleSet:
    """The examples of ``classes``.

    Args:
        boxes: the box policy where the data has several boxes.
        masks, keypoints: whether they are kept.

    Raises:
        TrainerError: a class the data does not have, or key points are wanted and it has none.
        FormatError: a record without the asked box.
    """
    category_ids = {category.name: category.id for category in labels.info.categories}
    for name in classes:
        if name not in category_ids:
            raise TrainerError(f"{labels.path}: no class {name!r}; it has {', '.join(category_ids)}")
    policy = labels.box_policy(boxes)
    skeleton = labels.skeleton if keypoints else None
    if keypoints and skeleton is None:
        raise TrainerError(f"{labels.path}: has no key points; expected WardSynth, COCO or YOLO labels with some")
    carried = Carried(masks, skeleton)
    examples = tuple(_example(labelled, classes, policy, carried) for labelled in labels.images)
    return ExampleSet(
        examples,
        classes,
        tuple(category_ids[name] for name in classes),
        str(labels.path),
        tuple(labels.source_category_ids.get(name, category_ids[name]) for name in classes),
        skeleton,
    )


def _example(labelled: LabelledImage, classes: tuple[str, ...], boxes: str, carried: Carried) -> Example:
    frame = labelled.frame
    rows: list[LabelRow] = []
    instances: list[Instance] = []
    for instance, box in labelled_boxes(labelled, classes, boxes):
        rows.append(LabelRow(box, classes.index(instance.category), instance.ignore, instance_area(instance, box)))
        instances.append(instance)
    keypoints = None
    if carried.skeleton is not None:
        keypoints = stacked_keypoints([one.keypoints for one in instances], carried.skeleton)
    return make_example(
        labelled.image,
        frame.index,
        rows,
        width=frame.width,
        height=frame.height,
        attributes=frame.attributes,
        masks=tuple(one.mask for one in instances) if carried.masks else (),
        keypoints=keypoints,
        object_attributes=tuple(one.attributes for one in instances),
        source_id=labelled.source_id,
    )


class LabelledBox(NamedTuple):
    """An instance and its box ``[x, y, width, height]`` by the policy in force."""

    instance: Instance
    box: Box


def labelled_boxes(labelled: LabelledImage, classes: Sequence[str], boxes: str) -> Iterator[LabelledBox]:
    """The boxes of the ``classes``, in the order of an example's boxes; without what is nowhere in the image.

    Raises:
        FormatError: a record without the asked box.
    """
    for instance in labelled.frame.instances:
        if instance.category in classes:
            box = chosen_box(instance, boxes, labelled.where)
            if box is not None:
                yield LabelledBox(instance, box)


def is_sliced(data: str) -> bool:
    """Whether DATA, such as ``folder[:40]`` or ``folder:val``, names a part of what is there."""
    return not parse_data(data).is_whole


def _exists(name: str) -> bool:
    """Whether something has that name; not where the disk refuses it, such as one too long."""
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        return False
