"""Examining a dataset: every image decoded, every label checked, everything counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Optional, TypedDict

from shared_format.errors import FormatError
from shared_format.record import DEFAULT_BOXES, Frame

from ..errors import NotADataset, TrainerError
from ..examples.readers import is_sliced, open_data, pass_over, read_labels
from ..formats.class_choice import IGNORE, ClassChoice
from ..formats.class_rules import ClassRules, of_classes
from ..formats.class_survey import apply_rules, choose
from ..formats.label_set import LabelledImage, LabelSet
from ..formats.skeletons import COCO_SKELETON
from ..progress import Progress
from .dataset_checks import (
    ExaminedImage,
    check_balance,
    check_files,
    check_info,
    check_leakage,
    check_skeleton,
)
from .file_checks import ImageReport, check_image, check_maps
from .findings import ERROR, WARNING, FindingJson, Findings
from .label_checks import CheckedBox, check_labels
from .statistics import Statistics

SCHEMA_VERSION = 1
_BATCH = 64  # images decoded ahead


class ReportJson(TypedDict):
    """The doctor's report, as JSON."""

    schema_version: int
    data: str
    kind: str
    ok: bool
    strict: bool
    pictures: int
    boxes: int
    ignored: int
    classes: dict[str, int]
    errors: int
    warnings: int
    findings: list[FindingJson]


@dataclass(frozen=True)
class Examination:
    """The result of ``examine``."""

    data: str
    labels: LabelSet
    findings: Findings
    statistics: Statistics
    policy: str
    size: int
    folders: frozenset[Path]  # of the images, resolved

    def failed(self, strict: bool) -> bool:
        """Whether there are errors or, if ``strict``, warnings."""
        return bool(self.findings.count(ERROR) or (strict and self.findings.count(WARNING)))

    def to_json(self, strict: bool) -> ReportJson:
        """The report, JSON-able."""
        return {
            "schema_version": SCHEMA_VERSION,
            "data": self.data,
            "kind": self.labels.kind,
            "ok": not self.failed(strict),
            "strict": strict,
            "pictures": self.statistics.images,
            "boxes": self.statistics.boxes,
            "ignored": self.statistics.ignored,
            "classes": dict(self.statistics.classes),
            "errors": self.findings.count(ERROR),
            "warnings": self.findings.count(WARNING),
            "findings": self.findings.to_json(),
        }


def examine(
    data: str,
    names: Sequence[str] = (),
    kind: Optional[str] = None,
    boxes: str = DEFAULT_BOXES,
    size: int = 416,
    against: Optional[str] = None,
    choice: Optional[ClassChoice] = None,
) -> Examination:
    """Examine DATA as the command line takes it; the data is read only.

    Args:
        names: the user's names of classes, where the data only numbers them.
        boxes: the box policy, where a record has several boxes.
        size: side of the network's input in pixels, by which tiny objects are judged.
        against: other DATA that must not share an image.
        choice: the classes, where they are not the categories of DATA.

    Raises:
        NotADataset: it is not a dataset of a known kind, or an empty one.
        TrainerError: the slice of DATA holds no images, or DATA has not what ``choice`` names.
        FormatError: ``against`` is none of these.
    """
    findings = Findings()
    labels = _opened(data, names, kind, findings)
    rules = choose(choice, [labels]) if choice is not None else ClassRules(labels.category_names)
    classified = of_classes(apply_rules(labels, rules, slice(None), data), rules.classes)
    policy = labels.box_policy(boxes)
    categories = set(labels.category_names)
    skeleton = labels.skeleton or COCO_SKELETON
    statistics = Statistics(skeleton)
    seen: list[ExaminedImage] = []
    digests: dict[str, list[ExaminedImage]] = {}
    check_info(labels.info, str(labels.path), findings)
    with Progress(len(labels.images), "examining", "images") as progress:
        for labelled, report in _reports(labels.images, partial(_check_files_of, labels)):
            for problem in report.problems:
                findings.add(*problem)
            checked = check_labels(labelled, categories, policy, size, findings.add, skeleton)
            statistics.add(labelled.frame, _classified(checked, labelled.frame, rules))
            seen.append(ExaminedImage.of(labelled))
            if report.digest is not None:
                digests.setdefault(report.digest, []).append(seen[-1])
            progress.advance()
    if not is_sliced(data):
        check_files(labels, seen, findings)
    check_skeleton(labels, statistics, findings)
    check_balance(classified, statistics, findings)
    check_leakage(digests, _digests_of(against) if against else {}, findings)
    folders = frozenset(one.image.parent.resolve() for one in seen)
    return Examination(data, classified, findings, statistics, policy, size, folders)


def _opened(data: str, names: Sequence[str], kind: Optional[str], findings: Findings) -> LabelSet:
    """The labels of DATA; what is wrong with them is added to ``findings``. Raises NotADataset, TrainerError."""
    try:
        opened = open_data(data, names, kind, findings.add, findings.add)
    except FormatError as error:
        raise NotADataset(str(error)) from error
    if opened.available and not len(opened.labels.images):
        raise TrainerError(f"{data}: no images; {opened.labels.path} has {opened.available}")
    return opened.labels


def _classified(checked: Sequence[CheckedBox], frame: Frame, rules: ClassRules) -> Iterator[CheckedBox]:
    """The objects with their classes as categories. Objects of no class are ignored once, or left out."""
    for instance, box in checked:
        name = rules.class_for(instance, frame)
        if name is not None and name in rules.classes:
            yield CheckedBox(replace(instance, category=name), box)
        elif name is None and rules.unmapped == IGNORE:
            yield CheckedBox(replace(instance, ignore=True), box)


def _digests_of(data: str) -> dict[str, list[ExaminedImage]]:
    """Digest -> the images of other DATA that have it; problems of its labels are not reported."""
    found: dict[str, list[ExaminedImage]] = {}
    labels = read_labels(data, (), problem=pass_over)
    with Progress(len(labels.images), "comparing", "images") as progress:
        for labelled, report in _reports(labels.images, check_image):
            if report.digest is not None:
                found.setdefault(report.digest, []).append(ExaminedImage(labelled.image))
            progress.advance()
    return found


def _check_files_of(labels: LabelSet, labelled: LabelledImage) -> ImageReport:
    """Check the image and the maps beside it."""
    report = check_image(labelled)
    return report._replace(problems=(*report.problems, *check_maps(labelled, labels.root, labels.info.config)))


class _Checked(NamedTuple):
    """An image with its labels, and the report of its files."""

    labelled: LabelledImage
    report: ImageReport


def _reports(images: Iterable[LabelledImage], check: Callable[[LabelledImage], ImageReport]) -> Iterator[_Checked]:
    """Every image with its report by ``check``, in order; a batch is decoded at a time."""
    walk = iter(images)
    with ThreadPoolExecutor() as pool:
        while batch := list(islice(walk, _BATCH)):
            yield from map(_Checked, batch, pool.map(check, batch))
