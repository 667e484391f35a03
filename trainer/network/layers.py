"""The layers of a network of the YOLOv3 family as data: one class per kind of darknet layer.

A layer reads the output of the one before it unless it names its sources. A definition in ``architectures``
and a .cfg read by ``cfg_reader`` are both a tuple of these, and ``build`` builds both; one layer is one section of a
.cfg.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Optional, Union

from ..errors import TrainerError

ACTIVATIONS = ("linear", "leaky", "relu", "relu6", "mish", "swish", "logistic", "tanh", "elu", "selu")
INPUT_CHANNELS = 3


@dataclass(frozen=True)
class Convolution:
    """A convolution, batch normalisation unless ``normalized`` is off (a bias then), an activation.

    Attributes:
        filters: output channels; None in front of a ``Yolo``: as many as its predictions need.
        padding: pixels of zeros on every side; None: size // 2, which keeps the size at stride 1.
        groups: number of groups of channels that are convolved separately; as many as channels: depthwise.
    """

    filters: Optional[int]
    size: int
    stride: int = 1
    activation: str = "leaky"
    groups: int = 1
    normalized: bool = True
    padding: Optional[int] = None
    dilation: int = 1
    name: Optional[str] = None

    @property
    def margin(self) -> int:
        """Pixels of zeros on every side; darknet widens the padding with the dilation."""
        return (self.size // 2 if self.padding is None else self.padding) * self.dilation


@dataclass(frozen=True)
class MaxPool:
    """Max-pooling over a map padded by ``padding`` in total (None: size - 1), the smaller half top-left."""

    size: int
    stride: int
    padding: Optional[int] = None
    name: Optional[str] = None

    @property
    def margins(self) -> tuple[int, int]:
        """Padding (before, after) on each axis, pixels."""
        whole = self.size - 1 if self.padding is None else self.padding
        return whole // 2, whole - whole // 2


@dataclass(frozen=True)
class AveragePool:
    """Global average pooling: the mean of each channel, a map of one cell."""

    name: Optional[str] = None


@dataclass(frozen=True)
class Upsample:
    """Nearest-neighbour enlargement by ``stride``."""

    stride: int = 2
    name: Optional[str] = None


@dataclass(frozen=True)
class Route:
    """The channels of the named layers concatenated; of each only part ``group_id`` of ``groups``."""

    sources: tuple[str, ...]
    groups: int = 1
    group_id: int = 0
    name: Optional[str] = None


@dataclass(frozen=True)
class Shortcut:
    """Adds the outputs of the named layers, in the channels that both have; then the activation."""

    sources: tuple[str, ...]
    activation: str = "linear"
    name: Optional[str] = None


@dataclass(frozen=True)
class ScaleChannels:
    """The named layer's map times one number per channel, the output of the layer before (a map of one cell)."""

    source: str
    activation: str = "linear"
    name: Optional[str] = None


@dataclass(frozen=True)
class Dropout:
    """Sets a fraction of the values to zero, in training only."""

    probability: float = 0.5
    name: Optional[str] = None


@dataclass(frozen=True)
class Yolo:
    """Marks the output of the layer before as raw predictions of the anchors in ``mask``: a head of the detector.

    Attributes:
        scale_x_y: darknet's stretch of the sigmoid of the centre (1 = none).
        ignore_threshold: a prediction above this IoU with any object is not taught to be background.
    """

    mask: tuple[int, ...]
    scale_x_y: float = 1.0
    ignore_threshold: float = 0.7
    name: Optional[str] = None


Layer = Union[Convolution, MaxPool, AveragePool, Upsample, Route, Shortcut, ScaleChannels, Dropout, Yolo]


@dataclass(frozen=True)
class Architecture:
    """A network and its published anchors, (width, height) in pixels of its input."""

    layers: tuple[Layer, ...]
    anchors: tuple[tuple[float, float], ...]

    @property
    def heads(self) -> tuple[Yolo, ...]:
        """The ``Yolo`` layers in order."""
        return tuple(layer for layer in self.layers if isinstance(layer, Yolo))

    @property
    def head_places(self) -> tuple[int, ...]:
        """Indices of the convolutions whose outputs are the heads."""
        return tuple(place - 1 for place, layer in enumerate(self.layers) if isinstance(layer, Yolo))


class MapShape(NamedTuple):
    """Rows, columns and channels of a feature map."""

    height: int
    width: int
    channels: int


class LayerError(TrainerError):
    """A layer that does not fit the others; ``place`` is its index, ``reason`` the problem."""

    def __init__(self, place: int, reason: str) -> None:
        super().__init__(f"layer {place}: {reason}")
        self.place, self.reason = place, reason


def shapes(plan: Architecture, size: int, classes: int) -> tuple[MapShape, ...]:
    """The ``MapShape`` of every layer's output for a ``size`` x ``size`` input.

    Raises:
        LayerError: a layer does not fit its sources.
    """
    outputs: list[MapShape] = []
    named: dict[str, MapShape] = {}
    for place, layer in enumerate(plan.layers):
        before = outputs[-1] if outputs else MapShape(size, size, INPUT_CHANNELS)
        if isinstance(layer, Convolution) and layer.filters is None:
            head = plan.layers[place + 1]
            anchors = len(head.mask) if isinstance(head, Yolo) else 0
            layer = replace(layer, filters=anchors * (5 + classes))
        try:
            shape = _shape(layer, before, named)
        except ValueError as error:
            raise LayerError(place, str(error)) from error
        outputs.append(shape)
        if layer.name:
            named[layer.name] = shape
    return tuple(outputs)


def strides(plan: Architecture, size: int) -> tuple[float, ...]:
    """Input pixels per cell, for each head; not an integer where unpadded layers made the grid smaller.

    Raises LayerError where the maps do not fit each other at this size.
    """
    walked = shapes(plan, size, 1)
    cells = [walked[place].height for place in plan.head_places]
    return tuple(size // count if size % count == 0 else size / count for count in cells)


def _shape(layer: Layer, before: MapShape, named: dict[str, MapShape]) -> MapShape:
    """The output of ``layer``. Raises ValueError that says what does not fit."""
    match layer:
        case Convolution():
            return _convolved(layer, before)
        case MaxPool():
            added = sum(layer.margins) - layer.size
            rows, columns = ((side + added) // layer.stride + 1 for side in before[:2])
            return _sized(layer, rows, columns, before.channels)
        case AveragePool():
            return MapShape(1, 1, before.channels)
        case Upsample(stride=stride):
            return MapShape(before.height * stride, before.width * stride, before.channels)
        case Route():
            return _routed(layer, [named[source] for source in layer.sources])
        case Shortcut():
            for source in layer.sources:
                _same_size("adds", named[source], before)
            return before
        case ScaleChannels():
            source = named[layer.source]
            if before != MapShape(1, 1, source.channels):
                raise ValueError(f"scales {_text(source)} by {_text(before)}; expected 1 x 1 x {source.channels}")
            return source
    return before


def _convolved(layer: Convolution, before: MapShape) -> MapShape:
    filters = layer.filters or 0
    for name, channels in (("input", before.channels), ("filters", filters)):
        if channels % layer.groups:
            raise ValueError(f"{channels} channels ({name}) cannot be divided into {layer.groups} groups")
    reach = layer.dilation * (layer.size - 1) + 1
    rows, columns = ((side + 2 * layer.margin - reach) // layer.stride + 1 for side in before[:2])
    return _sized(layer, rows, columns, filters)


def _routed(layer: Route, sources: Sequence[MapShape]) -> MapShape:
    for source in sources:
        _same_size("joins", source, sources[0])
        if source.channels % layer.groups:
            raise ValueError(f"{source.channels} channels cannot be divided into {layer.groups} groups")
    return sources[0]._replace(channels=sum(source.channels // layer.groups for source in sources))


def _same_size(verb: str, one: MapShape, other: MapShape) -> None:
    if one[:2] != other[:2]:
        raise ValueError(f"{verb} maps of different size: {_text(one)} and {_text(other)}")


def _sized(layer: Union[Convolution, MaxPool], height: int, width: int, channels: int) -> MapShape:
    if height < 1 or width < 1:
        raise ValueError(f"nothing is left of the map after size {layer.size}, stride {layer.stride}")
    return MapShape(height, width, channels)


def _text(shape: MapShape) -> str:
    return " x ".join(map(str, shape))
