"""The part of a detector that is not weights: classes, anchors and all that turns raw outputs into boxes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Optional

import numpy as np

from ..errors import TrainerError
from ..formats.class_rules import ClassRules, rules_from_json

if TYPE_CHECKING:
    import keras

SPEC_VERSION = 2


@dataclass(frozen=True)
class DetectorSpec:
    """Everything that defines a detector, but its weights; stored with every saved model.

    Attributes:
        model: name of the architecture, or of the .cfg it was read from.
        size: side of the square network input, pixels.
        classes: class names in the order of the network's class channels.
        category_ids: COCO category_id of each class, as in the data it was trained on.
        anchors: (width, height) in pixels of the network input.
        masks: for each head the indices into ``anchors`` it owns.
        strides: for each head, the side of a cell in input pixels; the grid times the stride is the input.
        scale_x_y: for each head darknet's stretch of the sigmoid of the centre (1 = none).
        ignore_thresholds: for each head; a prediction above this IoU with any object is not taught to be background.
        letterbox: the rule of ``letterbox.py``; the only one so far.
        cfg: the layers as darknet's .cfg, where they are not those of a built-in architecture.
        seen: number of images darknet counted in training these weights; its schedule continues from there.
        classes_from: by which rules the objects of the training data got their classes; None: they are categories.
    """

    model: str
    size: int
    classes: tuple[str, ...]
    category_ids: tuple[int, ...]
    anchors: tuple[tuple[float, float], ...]
    masks: tuple[tuple[int, ...], ...]
    strides: tuple[float, ...]
    scale_x_y: tuple[float, ...]
    ignore_thresholds: tuple[float, ...]
    letterbox: str = "darknet"
    cfg: Optional[str] = None
    seen: int = 0
    classes_from: Optional[ClassRules] = None

    def __post_init__(self) -> None:
        if self.size <= 0:
            raise TrainerError(f"size is {self.size}; expected a positive number of pixels, such as 416")
        if not self.classes:
            raise TrainerError("a detector needs at least one class")

    def grid(self, head: int) -> int:
        """Number of cells per side of the ``head``'s grid."""
        return round(self.size / self.strides[head])

    def head_anchors(self, head: int) -> np.ndarray:
        """(A, 2) float32 anchors of the ``head``, (width, height) in input pixels."""
        return np.array([self.anchors[index] for index in self.masks[head]], dtype=np.float32)

    def to_json(self) -> dict[str, Any]:
        """A JSON-able dict; the inverse of ``spec_from_json``. Without ``classes_from`` where there are no rules."""
        value = {"schema_version": SPEC_VERSION, **asdict(self)}
        del value["classes_from"]
        return value if self.classes_from is None else {**value, "classes_from": self.classes_from.to_json()}


class DetectorNetwork(NamedTuple):
    """A detector as a Keras model and its spec."""

    network: keras.Model
    spec: DetectorSpec


def spec_from_json(value: Any, where: str) -> DetectorSpec:
    """A parsed JSON -> ``DetectorSpec``. Raises TrainerError naming ``where``."""
    if not isinstance(value, dict) or value.get("schema_version") != SPEC_VERSION:
        raise TrainerError(f"{where}: not a detector description of version {SPEC_VERSION}")
    body = {key: _frozen(item) for key, item in value.items() if key not in ("schema_version", "classes_from")}
    if value.get("classes_from") is not None:
        body["classes_from"] = rules_from_json(value["classes_from"], where)
    try:
        return DetectorSpec(**body)
    except TypeError as error:
        raise TrainerError(f"{where}: {error}") from error


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
