"""One walk over a dataset: every image decoded, every label checked, everything counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Optional

from shared_format.errors import FormatError
from shared_format.label_set import LabelledImage, LabelSet
from shared_format.record import DEFAULT_BOXES

from ..errors import NotADataset, TrainerError
from ..examples.readers import is_sliced, open_data, read_labels
from ..progress import Progress
from .findings import ERROR, WARNING, Findings
from .image_checks import ImageReport, check_image
from .info_checks import check_info
from .label_checks import check_labels
from .map_checks import check_maps
from .set_checks import Seen, check_balance, check_files, check_leakage
from .statistics import Tally

SCHEMA_VERSION = 1
_BATCH = 64  # images decoded ahead


@dataclass(frozen=True)
class Examination:
    """What ``examine`` saw."""

    data: str
    labels: LabelSet
    findings: Findings
    tally: Tally
    policy: str
    size: int
    folders: frozenset  # of the images, resolved

    def failed(self, strict: bool) -> bool:
        """Whether there are errors or, if ``strict``, warnings."""
        return bool(self.findings.count(ERROR) or (strict and self.findings.count(WARNING)))

    def to_json(self, strict: bool) -> dict:
        """The report, JSON-able."""
        return {
            "schema_version": SCHEMA_VERSION,
            "data": self.data,
            "kind": self.labels.kind,
            "ok": not self.failed(strict),
            "strict": strict,
            "pictures": self.tally.images,
            "boxes": self.tally.boxes,
            "ignored": self.tally.ignored,
            "classes": dict(self.tally.classes),
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
) -> Examination:
    """Examine DATA as the command line takes it; the data is read only.

    Args:
        names: classes of a format that numbers them and does not name them.
        boxes: the box that is looked at where a record has several.
        size: side of the network's input in pixels, for what is tiny.
        against: other DATA that must not share an image.

    Raises:
        NotADataset: it is not a dataset of a known kind, or an empty one.
        TrainerError: the slice of DATA holds no images.
        FormatError: ``against`` is none of these.
    """
    findings = Findings()
    try:
        labels, whole = open_data(data, names, kind, findings.add)
    except FormatError as error:
        raise NotADataset(str(error)) from error
    if whole and not len(labels.images):
        raise TrainerError(f"{data}: no images; {labels.path} has {whole}")
    policy = labels.policy or boxes
    categories = set(labels.category_names)
    tally, seen = Tally(), []
    digests: dict = {}
    check_info(labels.info, str(labels.path), findings)
    with Progress(len(labels.images), "examining", "images") as progress:
        for labelled, report in _reports(labels.images, partial(_check_files_of, labels)):
            for problem in report.problems:
                findings.add(*problem)
            tally.add(labelled.frame, check_labels(labelled, categories, policy, size, findings.add))
            seen.append(Seen.of(labelled))
            if report.digest is not None:
                digests.setdefault(report.digest, []).append(seen[-1])
            progress.advance()
    if not is_sliced(data):
        check_files(labels, seen, findings)
    check_balance(labels, tally, findings)
    check_leakage(digests, _digests_of(against) if against else {}, findings)
    folders = frozenset(one.image.parent.resolve() for one in seen)
    return Examination(data, labels, findings, tally, policy, size, folders)


def _digests_of(data: str) -> dict:
    """Digest -> ``Seen`` of the images of other DATA; what is wrong with its labels is not asked here."""
    found: dict = {}
    labels = read_labels(data, (), problem=_pass_over)
    with Progress(len(labels.images), "comparing", "images") as progress:
        for labelled, report in _reports(labels.images, check_image):
            if report.digest is not None:
                found.setdefault(report.digest, []).append(Seen(labelled.image))
            progress.advance()
    return found


def _pass_over(rule: str, example: str) -> None:
    """The problem belongs to the other data's own examination."""


def _check_files_of(labels: LabelSet, labelled: LabelledImage) -> ImageReport:
    """The image and the maps beside it."""
    report = check_image(labelled)
    return replace(report, problems=(*report.problems, *check_maps(labelled, labels.root, labels.info.config)))


def _reports(images: Iterable[LabelledImage], check: Callable) -> Iterator:
    """(labelled image, its ``PictureReport`` by ``check``) in order, some decoded at a time."""
    walk = iter(images)
    with ThreadPoolExecutor() as pool:
        while batch := list(islice(walk, _BATCH)):
            yield from zip(batch, pool.map(check, batch))
