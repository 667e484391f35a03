"""The part of a model that is not weights: its task, its classes, and the head that turns outputs into predictions."""

from __future__ import annotations

import abc
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Optional

import numpy as np

from ..errors import TrainerError
from ..formats.class_rules import ClassRules, rules_from_json

if TYPE_CHECKING:
    import keras

SPEC_VERSION = 3
# Version 2 knew detectors with YOLOv3 heads only, whose fields stood among those of the model.
_VERSION_OF_ONE_HEAD = 2
DETECT = "detect"


@dataclass(frozen=True)
class Head(abc.ABC):
    """What the outputs of a network are.

    Attributes:
        kind: the name that a stored model has for this kind of head.
    """

    kind: ClassVar[str]

    @property
    @abc.abstractmethod
    def stride(self) -> float:
        """The side of the input is a multiple of this, pixels."""


@dataclass(frozen=True)
class YoloHead(Head):
    """The outputs of a YOLOv3 network: grids of cells, each with several anchors.

    Attributes:
        anchors: (width, height) in pixels of the network input.
        masks: for each grid the indices into ``anchors`` it owns.
        strides: for each grid, the side of a cell in input pixels; the number of cells times the stride is the input.
        scale_x_y: for each grid darknet's stretch of the sigmoid of the centre (1 = none).
        ignore_thresholds: for each grid; a prediction above this IoU with any object is not taught to be background.
    """

    kind = "yolo"

    anchors: tuple[tuple[float, float], ...]
    masks: tuple[tuple[int, ...], ...]
    strides: tuple[float, ...]
    scale_x_y: tuple[float, ...]
    ignore_thresholds: tuple[float, ...]

    @property
    def stride(self) -> float:
        """Implement ``Head.stride``."""
        return max(self.strides)

    def anchors_of(self, grid: int) -> np.ndarray:
        """(A, 2) float32 anchors of a grid, (width, height) in input pixels."""
        return np.array([self.anchors[index] for index in self.masks[grid]], dtype=np.float32)


HEADS: dict[str, type[Head]] = {kind.kind: kind for kind in (YoloHead,)}


@dataclass(frozen=True)
class ModelSpec:
    """Everything that defines a model, but its weights; stored with every saved model.

    Attributes:
        model: name of the architecture, or of the .cfg it was read from.
        size: side of the square network input, pixels.
        classes: class names in the order of the network's class channels.
        category_ids: COCO category_id of each class, as in the data it was trained on.
        head: what the network's outputs are.
        task: what the model was trained for, a name in ``trainer.tasks``.
        letterbox: the rule of ``letterbox.py``; the only one so far.
        cfg: the layers as darknet's .cfg, where they are not those of a built-in architecture.
        seen: number of images darknet counted in training these weights; its schedule continues from there.
        classes_from: by which rules the objects of the training data got their classes; None: they are categories.
    """

    model: str
    size: int
    classes: tuple[str, ...]
    category_ids: tuple[int, ...]
    head: Head
    task: str = DETECT
    letterbox: str = "darknet"
    cfg: Optional[str] = None
    seen: int = 0
    classes_from: Optional[ClassRules] = None

    def __post_init__(self) -> None:
        if self.size <= 0:
            raise TrainerError(f"size is {self.size}; expected a positive number of pixels, such as 416")
        if not self.classes:
            raise TrainerError("a model needs at least one class")

    @property
    def yolo_head(self) -> YoloHead:
        """The head of a YOLOv3 network. Raises TrainerError: this network has a head of another kind."""
        if not isinstance(self.head, YoloHead):
            raise TrainerError(f"{self.model}: has a head of the kind {self.head.kind}; expected {YoloHead.kind}")
        return self.head

    def to_json(self) -> dict[str, Any]:
        """A JSON-able dict; the inverse of ``spec_from_json``. Without ``classes_from`` where there are no rules."""
        value = {"schema_version": SPEC_VERSION, **asdict(self)}
        value["head"] = {"kind": self.head.kind, **asdict(self.head)}
        del value["classes_from"]
        return value if self.classes_from is None else {**value, "classes_from": self.classes_from.to_json()}


def require_task(spec: ModelSpec, task: str, model: str, command: str) -> None:
    """Raise TrainerError where MODEL was trained for another task than ``command`` needs."""
    if spec.task != task:
        raise TrainerError(f"{model}: was trained for the task {spec.task}; {command} needs one for the task {task}")


class ModelNetwork(NamedTuple):
    """A model as a Keras model and its spec."""

    network: keras.Model
    spec: ModelSpec


def spec_from_json(value: Any, where: str) -> ModelSpec:
    """A parsed JSON -> ``ModelSpec``. Raises TrainerError naming ``where``."""
    version = value.get("schema_version") if isinstance(value, dict) else None
    if version not in (SPEC_VERSION, _VERSION_OF_ONE_HEAD):
        raise TrainerError(f"{where}: not the description of a model of version {SPEC_VERSION}")
    body = {key: _frozen(item) for key, item in value.items() if key not in ("schema_version", "classes_from")}
    if value.get("classes_from") is not None:
        body["classes_from"] = rules_from_json(value["classes_from"], where)
    if version == _VERSION_OF_ONE_HEAD:
        of_head = [item.name for item in fields(YoloHead) if item.name in body]
        body["head"] = {"kind": YoloHead.kind, **{name: body.pop(name) for name in of_head}}
    try:
        return ModelSpec(**{**body, "head": _head(body["head"], where)})
    except (TypeError, KeyError) as error:
        raise TrainerError(f"{where}: {error}") from error


def _head(value: dict[str, Any], where: str) -> Head:
    kind = value.get("kind")
    if kind not in HEADS:
        raise TrainerError(f"{where}: a head of kind {kind!r}; this version reads {', '.join(HEADS)}")
    return HEADS[kind](**{name: item for name, item in value.items() if name != "kind"})


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
