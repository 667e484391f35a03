"""Checks a finished dataset with nothing but Blender: whole files, consistent labels, and counts of what is in it.

``trainer doctor`` checks more, and any format.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from .dataset_format import dataset, errors, record
from .job import FileVerifier
from .label.checks import LabelError, check_record

_PERSON = "person"
_COUNTED_ATTRIBUTES = ("role", "posture", "cover", "sex", "age_group")


@dataclass(frozen=True)
class Inspection:
    """The result of an inspection.

    Attributes:
        images: the number of records.
        instances: category -> number of instances.
        attributes: of people: attribute -> {value: number of people}.
        findings: one line per problem.
    """

    images: int
    instances: dict[str, int]
    attributes: dict[str, dict[str, int]]
    findings: tuple[str, ...]

    def lines(self) -> list[str]:
        """A summary in a few lines for people."""
        people, instances = self.instances.get(_PERSON, 0), sum(self.instances.values())
        lines = [f"{self.images} images, {people} people, {instances - people} other labelled objects"]
        for name, values in self.attributes.items():
            lines.append(f"{name}: " + ", ".join(f"{value} {count}" for value, count in values.items()))
        return lines


def inspect(folder: Path, step: Callable[[bool], None] = lambda failed: None) -> Inspection:
    """Check every record and image of the dataset ``folder``; ``step(failed)`` is called after each.

    Raises:
        FormatError: ``folder`` is not a WardSynth dataset.
    """
    info = dataset.read_info(folder)
    categories = {category.name for category in info.categories}
    verifier = FileVerifier(folder, info.config, info.seed)
    instances: Counter[str] = Counter()
    attributes: dict[str, Counter[str]] = {name: Counter() for name in _COUNTED_ATTRIBUTES}
    findings = []
    indices = dataset.frame_indices(folder)
    for index in indices:
        problems = _find_problems(folder, index, categories, verifier)
        findings += [f"image {index}: {problem}" for problem in problems]
        step(bool(problems))
        if not problems:
            _count(dataset.read_frame(dataset.frame_path(folder, index)), instances, attributes)
    if not indices:
        findings.append("there are no records in frames/")
    if not (folder / "coco.json").is_file():
        findings.append("there is no coco.json: the dataset is unfinished; Resume completes it")
    counted = {name: dict(values.most_common()) for name, values in attributes.items() if values}
    return Inspection(len(indices), dict(instances), counted, tuple(findings))


def _find_problems(folder: Path, index: int, categories: Collection[str], verifier: FileVerifier) -> list[str]:
    try:
        frame = dataset.read_frame(dataset.frame_path(folder, index))
        check_record(frame)
    except (errors.FormatError, LabelError) as error:
        return [str(error)]
    problem = verifier.find_problem(index)
    unknown = sorted({instance.category for instance in frame.instances}.difference(categories))
    return ([problem] if problem else []) + [f"category {name!r} is not in dataset.json" for name in unknown]


def _count(frame: record.Frame, instances: Counter[str], attributes: dict[str, Counter[str]]) -> None:
    for instance in frame.instances:
        instances[instance.category] += 1
        for name, counter in attributes.items():
            if instance.category == _PERSON and name in instance.attributes:
                counter[instance.attributes[name]] += 1
