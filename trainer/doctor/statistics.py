"""What is counted while the images go by, for the checks of the whole and for the card."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np

from shared_format.keypoints import NAMES
from shared_format.record import Frame, Instance

GRID = 32  # cells a side of the heat map of positions


class Tally:
    """Counts and lists over all images. Boxes are those that count; ``ignored`` is the number of the others.

    Attributes:
        sizes: image sizes (width, height) -> images. boxes_per_picture: number of boxes -> images.
        classes: class -> boxes. widths, heights: of every box, as shares of the longer side of its image.
        heat: (GRID, GRID) how often each place of the image, by shares of its sides, lies in a box.
        fractions: name of a fraction -> values. keypoints: (17, 3) people by joint and v.
        picture_attributes: attribute -> value -> images. of_sensor: sensor ("" where the data says none) -> the same.
        person_attributes: role ("" where the data says none) -> attribute -> value -> people. of_sex: sex -> the same.
    """

    def __init__(self) -> None:
        self.images = self.ignored = 0
        self.sizes: Counter = Counter()
        self.boxes_per_image: Counter = Counter()
        self.classes: Counter = Counter()
        self.widths: list = []
        self.heights: list = []
        self.heat = np.zeros((GRID, GRID))
        self.fractions: dict = defaultdict(list)
        self.keypoints = np.zeros((len(NAMES), 3), dtype=int)
        self.image_attributes: dict = defaultdict(Counter)
        self.of_sensor: dict = defaultdict(lambda: defaultdict(Counter))
        self.person_attributes: dict = defaultdict(lambda: defaultdict(Counter))
        self.of_sex: dict = defaultdict(lambda: defaultdict(Counter))

    @property
    def boxes(self) -> int:
        """All boxes that count."""
        return sum(self.classes.values())

    def people(self, name: str, without: str = "") -> Counter:
        """How often each value of an attribute was met among the people, those of the role ``without`` left out."""
        roles = (counted for role, counted in self.person_attributes.items() if not without or role != without)
        return sum((counted[name] for counted in roles), Counter())

    def add(self, frame: Frame, good: list) -> None:
        """Count an image and its (instance, box) rows."""
        self.images += 1
        self.sizes[frame.width, frame.height] += 1
        for name, value in frame.attributes.items():
            self.image_attributes[name][str(value)] += 1
            self.of_sensor[str(frame.attributes.get("sensor", ""))][name][str(value)] += 1
        counted = [(instance, box) for instance, box in good if not instance.ignore]
        self.ignored += len(good) - len(counted)
        self.boxes_per_image[len(counted)] += 1
        for instance, box in counted:
            self._add_box(frame, instance.category, box)
        for instance in frame.instances:
            if instance.category == "person":
                self._add_person(instance)

    def _add_box(self, frame: Frame, category: str, box: list) -> None:
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
