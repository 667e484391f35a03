"""Checking a finished dataset with nothing but Blender: files that are whole, labels that agree, what is in it.

``trainer doctor`` looks deeper, at any format.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .dataset_format import dataset, errors, record
from .job import Wholeness
from .label.checks import LabelError, check_record

_PERSON = "person"
_SHOWN = ("role", "posture", "cover", "sex", "age_group")


@dataclass(frozen=True)
class Inspection:
    """What was found.

    Attributes:
        images: how many records there are.
        instances: category -> how many of them.
        attributes: of people: attribute -> {value: how many}.
        findings: one line for everything that is wrong.
    """

    images: int
    instances: dict
    attributes: dict
    findings: tuple

    def lines(self) -> list:
        """What was found, in a few lines for people."""
        people, things = self.instances.get(_PERSON, 0), sum(self.instances.values())
        lines = [f"{self.images} images, {people} people, {things - people} other labelled things"]
        for name, values in self.attributes.items():
            lines.append(f"{name}: " + ", ".join(f"{value} {count}" for value, count in values.items()))
        return lines


def inspect(folder: Path, step: Callable[[bool], None] = lambda failed: None) -> Inspection:
    """Look at every record and image of the dataset ``folder``; ``step(failed)`` is called after each.

    Raises:
        FormatError: ``folder`` is no WardSynth dataset.
    """
    info = dataset.read_info(folder)
    categories = {category.name for category in info.categories}
    whole = Wholeness(folder, info.config, info.seed)
    instances: Counter = Counter()
    attributes: dict = {name: Counter() for name in _SHOWN}
    findings = []
    indices = dataset.frame_indices(folder)
    for index in indices:
        wrong = _wrong(folder, index, categories, whole)
        findings += [f"image {index}: {what}" for what in wrong]
        step(bool(wrong))
        if not wrong:
            _count(dataset.read_frame(dataset.frame_path(folder, index)), instances, attributes)
    if not indices:
        findings.append("no records in frames/")
    if not (folder / "coco.json").is_file():
        findings.append("no coco.json: the dataset was not finished, Resume goes on with it")
    counted = {name: dict(values.most_common()) for name, values in attributes.items() if values}
    return Inspection(len(indices), dict(instances), counted, tuple(findings))


def _wrong(folder: Path, index: int, categories: set, whole: Wholeness) -> list:
    try:
        frame = dataset.read_frame(dataset.frame_path(folder, index))
        check_record(frame)
    except (errors.FormatError, LabelError) as error:
        return [str(error)]
    flaw = whole.flaw(index)
    found = [flaw] if flaw else []
    unknown = sorted({instance.category for instance in frame.instances} - categories)
    return found + [f"category {name!r} is not in dataset.json" for name in unknown]


def _count(frame: record.Frame, instances: Counter, attributes: dict) -> None:
    for instance in frame.instances:
        instances[instance.category] += 1
        for name, counter in attributes.items():
            if instance.category == _PERSON and name in instance.attributes:
                counter[instance.attributes[name]] += 1
