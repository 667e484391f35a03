"""Counts over all images and boxes, for the checks of the whole dataset and for the card."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import numpy as np

from shared_format.record import Box, Frame, Instance

from ..formats.skeletons import COCO_SKELETON, Skeleton

ValueCounts = dict[str, Counter[str]]  # attribute -> how often each of its values occurs
GRID = 32  # cells per side of the heat map of positions


class Statistics:
    """Counts and lists over all images. Boxes are those that count; ``ignored`` is the number of the others.

    Attributes:
        sizes: image sizes (width, height) -> images. boxes_per_image: number of boxes -> images.
        classes: class -> boxes. widths, heights: of every box, as fractions of the longer side of its image.
        heat: (GRID, GRID) how many boxes lie over each cell of the image.
        fractions: name of a fraction -> values. keypoints: (K, 3) people by key point of ``skeleton`` and v.
        image_attributes: attribute -> value -> images. of_sensor: sensor ("" where the data says none) -> the same.
        person_attributes: role ("" where the data says none) -> attribute -> value -> people. of_sex: sex -> the same.
    """

    def __init__(self, skeleton: Skeleton = COCO_SKELETON) -> None:
        self.skeleton = skeleton
        self.images = self.ignored = 0
        self.sizes: Counter[tuple[int, int]] = Counter()
        self.boxes_per_image: Counter[int] = Counter()
        self.classes: Counter[str] = Counter()
        self.widths: list[float] = []
        self.heights: list[float] = []
        self.heat = np.zeros((GRID, GRID))
        self.fractions: dict[str, list[float]] = defaultdict(list)
        self.keypoints = np.zeros((len(skeleton), 3), dtype=int)
        self.image_attributes: ValueCounts = defaultdict(Counter)
        self.of_sensor: dict[str, ValueCounts] = defaultdict(lambda: defaultdict(Counter))
        self.person_attributes: dict[str, ValueCounts] = defaultdict(lambda: defaultdict(Counter))
        self.of_sex: dict[str, ValueCounts] = defaultdict(lambda: defaultdict(Counter))

    @property
    def boxes(self) -> int:
        """All boxes that count."""
        return sum(self.classes.values())

    def people(self, name: str, without: str = "") -> Counter[str]:
        """How often each value of an attribute occurs among the people, except those of the role ``without``."""
        roles = (counted for role, counted in self.person_attributes.items() if not without or role != without)
        return sum((counted[name] for counted in roles), Counter[str]())

    def add(self, frame: Frame, good: Iterable[tuple[Instance, Box]]) -> None:
        """Count an image and its instances with their boxes."""
        rows = list(good)
        self.images += 1
        self.sizes[frame.width, frame.height] += 1
        for name, value in frame.attributes.items():
            self.image_attributes[name][str(value)] += 1
            self.of_sensor[str(frame.attributes.get("sensor", ""))][name][str(value)] += 1
        counted = [(instance, box) for instance, box in rows if not instance.ignore]
        self.ignored += len(rows) - len(counted)
        self.boxes_per_image[len(counted)] += 1
        for instance, box in counted:
            self._add_box(frame, instance.category, box)
        for instance in frame.instances:
            if instance.category == "person":
                self._add_person(instance)

    def _add_box(self, frame: Frame, category: str, box: Box) -> None:
        longer = max(frame.width, frame.height)
        x, y, w, h = box
        self.classes[category] += 1
        self.widths.append(w / longer)
        self.heights.append(h / longer)
        columns = _cells(x / frame.width, (x + w) / frame.width)
        rows = _cells(y / frame.height, (y + h) / frame.height)
        self.heat[rows, columns] += 1

    def _add_person(self, instance: Instance) -> None:
        role, sex = (str(instance.attributes.get(name, "")) for name in ("role", "sex"))
        for name, value in instance.attributes.items():
            self.person_attributes[role][name][str(value)] += 1
            self.of_sex[sex][name][str(value)] += 1
        for name in ("visible_fraction", "covered_fraction", "in_frame_fraction"):
            value = getattr(instance, name)
            if value is not None:
                self.fractions[name].append(float(value))
        for joint, point in enumerate(instance.keypoints or ()):
            if point[2] in (0, 1, 2):
                self.keypoints[joint, int(point[2])] += 1


def _cells(low: float, high: float) -> slice:
    return slice(max(0, int(low * GRID)), min(GRID, max(int(low * GRID) + 1, round(high * GRID))))
