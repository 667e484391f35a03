"""Reads a darknet .cfg of the YOLOv3 family into an ``Architecture``: the same data as the built-in networks.

Defaults and meanings: parser.c of AlexeyAB/darknet. Settings of darknet's own training are ignored and reported; a
setting that changes the network's numbers and cannot be built is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Optional

from ..disk_errors import read_bytes
from ..errors import TrainerError
from .cfg_sections import MAX_WHOLE, Section, nearest, read_sections
from .layers import (
    ACTIVATIONS,
    INPUT_CHANNELS,
    Architecture,
    AveragePool,
    Convolution,
    Dropout,
    Layer,
    LayerError,
    MaxPool,
    Route,
    ScaleChannels,
    Shortcut,
    Upsample,
    Yolo,
    shapes,
)

ALIASES = {"network": "net", "conv": "convolutional", "max": "maxpool", "avg": "avgpool"}
MAX_SIDE = 65536


@dataclass(frozen=True)
class DarknetCfg:
    """The content of a .cfg.

    Attributes:
        plan: the layers and anchors.
        width, height: size of the input, pixels.
        classes: number of classes.
        ignored: ``line N: [section] key`` of settings of darknet's own training and of unknown ones.
    """

    plan: Architecture
    width: int
    height: int
    classes: int
    ignored: tuple[str, ...]


def read_cfg(path: Path) -> DarknetCfg:
    """Read the .cfg file at ``path``. Raises TrainerError naming section, value and line."""
    return parse_cfg(read_bytes(path, "network"), str(path))


def parse_cfg(content: bytes, where: str) -> DarknetCfg:
    """As ``read_cfg``; ``where`` names the origin in errors."""
    sections = read_sections(content, where)
    if not sections or ALIASES.get(sections[0].name, sections[0].name) != "net":
        first = f", line {sections[0].line}: [{sections[0].name}]" if sections else ": no section"
        raise TrainerError(f"{where}{first}; expected [net] first")
    net, *rest = sections
    if not rest:
        raise net.error("no layer follows")
    width, height = _input_size(net)
    ignored = _left_over(net)
    layers: list[Layer] = []
    outputs = _Outputs()
    for section in rest:
        kind = ALIASES.get(section.name, section.name)
        if kind not in _READERS:
            known = ", ".join(f"[{name}]" for name in _READERS)
            raise section.error(f"is not a layer of YOLOv3 that can be built; known: {known}")
        layers.append(_READERS[kind](section, outputs))
        ignored += _left_over(section)
        outputs.count += 1
    plan, classes = _with_heads(layers, rest, outputs)
    _check_all_used(layers, rest)
    _check_shapes(plan, rest, classes, max(width, height))
    return DarknetCfg(plan, width, height, classes, tuple(ignored))


class _Outputs:
    """The outputs of the sections read so far, which later sections refer to, and the anchors of the heads."""

    def __init__(self) -> None:
        self.count = 0
        self.anchors: list[tuple[float, float]] = []
        self.classes: dict[int, int] = {}

    def names(self, section: Section, key: str) -> tuple[str, ...]:
        """Names of the layers that ``key`` of ``section`` refers to by index from 0, or backwards from here."""
        places, line = section.wholes(key, -MAX_WHOLE, MAX_WHOLE)
        names: list[str] = []
        for place in places:
            index = place if place >= 0 else self.count + place
            if not 0 <= index < self.count:
                raise section.error(
                    f"{key} is {place}: no such layer before layer {self.count}; "
                    f"expected {-self.count} to {self.count - 1}",
                    line,
                )
            names.append(str(index))
        return tuple(names)

    def owned(self, anchors: Sequence[tuple[float, float]]) -> list[int]:
        """The indices of ``anchors`` among those of all heads; new ones are added."""
        self.anchors += [anchor for anchor in anchors if anchor not in self.anchors]
        return [self.anchors.index(anchor) for anchor in anchors]


class _InputSize(NamedTuple):
    """Width and height of the input, pixels."""

    width: int
    height: int


def _input_size(net: Section) -> _InputSize:
    size = _InputSize(net.required_whole("width", 1, MAX_SIDE), net.required_whole("height", 1, MAX_SIDE))
    channels = net.entries.get("channels")
    if net.whole("channels", INPUT_CHANNELS, 1) != INPUT_CHANNELS and channels is not None:
        raise net.value_error("channels", channels, f"{INPUT_CHANNELS}, colour images")
    return size


def _convolutional(section: Section, outputs: _Outputs) -> Convolution:
    size = section.whole("size", 1, 1)
    stride = _one_stride(section)
    padded, padding = section.whole("pad", 0, 0), section.whole("padding", 0, 0)
    dilation = section.whole("dilation", 1, 1)
    line = section.line
    convolution = Convolution(
        filters=section.whole("filters", 1, 1),
        size=size,
        stride=stride,
        activation=section.choice("activation", "logistic", ACTIVATIONS),
        groups=section.whole("groups", 1, 1),
        # cbn: batch normalisation over several batches, which differs in training only
        normalized=section.whole("batch_normalize", 0, 0) + section.whole("cbn", 0, 0) > 0,
        padding=None if padded or padding == size // 2 else padding,
        dilation=1 if size == 1 else dilation,
    )
    if convolution.dilation > 1 and stride > 1:
        raise section.error(f"dilation {dilation} with stride {stride}; one of them must be 1", line)
    return convolution


def _maxpool(section: Section, outputs: _Outputs) -> MaxPool:
    stride = _one_stride(section)
    size = section.whole("size", stride, 1)
    padding = section.whole("padding", size - 1, 0, size - 1)
    return MaxPool(size, stride, None if padding == size - 1 else padding)


def _one_stride(section: Section) -> int:
    """``stride``, or ``stride_x`` and ``stride_y`` instead, which must be equal."""
    whole = section.whole("stride", 1, 1)
    across, down = section.whole("stride_x", whole, 1), section.whole("stride_y", whole, 1)
    if across != down:
        raise section.error(f"stride is {across} across and {down} down; cells must be square")
    return across


def _avgpool(section: Section, outputs: _Outputs) -> AveragePool:
    return AveragePool()


def _upsample(section: Section, outputs: _Outputs) -> Upsample:
    return Upsample(section.whole("stride", 2, 1))


def _route(section: Section, outputs: _Outputs) -> Route:
    sources = outputs.names(section, "layers")
    groups = section.whole("groups", 1, 1)
    return Route(sources, groups, section.whole("group_id", 0, 0, groups - 1))


def _shortcut(section: Section, outputs: _Outputs) -> Shortcut:
    return Shortcut(outputs.names(section, "from"), section.choice("activation", "linear", ACTIVATIONS))


def _scale_channels(section: Section, outputs: _Outputs) -> ScaleChannels:
    line = section.line
    source, *others = outputs.names(section, "from")
    if others:
        raise section.error("from names more than one layer", line)
    return ScaleChannels(source, section.choice("activation", "linear", ACTIVATIONS))


def _dropout(section: Section, outputs: _Outputs) -> Dropout:
    return Dropout(section.number("probability", 0.5, 0, 0.999))


def _yolo(section: Section, outputs: _Outputs) -> Yolo:
    values, line = section.numbers("anchors", 1e-6, 1e6)
    if len(values) % 2:
        raise section.error(f"anchors are {len(values)} numbers; expected pairs of width and height", line)
    anchors = tuple(zip(values[::2], values[1::2]))
    num = section.entries.get("num")
    if section.whole("num", len(anchors), 1) != len(anchors) and num is not None:
        raise section.value_error("num", num, f"{len(anchors)}, the pairs of anchors")
    if "mask" in section.entries:
        mask, _ = section.wholes("mask", 0, len(anchors) - 1)
    else:
        mask = tuple(range(len(anchors)))
    outputs.classes[outputs.count] = section.whole("classes", 20, 1)
    owned = outputs.owned(anchors)
    return Yolo(
        mask=tuple(owned[index] for index in mask),
        scale_x_y=section.number("scale_x_y", 1.0, 1.0, 10.0),
        ignore_threshold=section.number("ignore_thresh", 0.5, 0.0, 1.0),
    )


_READERS: dict[str, Callable[[Section, _Outputs], Layer]] = {
    "convolutional": _convolutional,
    "maxpool": _maxpool,
    "avgpool": _avgpool,
    "upsample": _upsample,
    "route": _route,
    "shortcut": _shortcut,
    "scale_channels": _scale_channels,
    "dropout": _dropout,
    "yolo": _yolo,
}

# Keys that change the network's numbers, and the value at which they do not.
_UNSUPPORTED: dict[str, dict[str, Optional[str]]] = {
    "net": {},
    "convolutional": {
        **dict.fromkeys(("binary", "xnor", "bin_output", "antialiasing", "flipped", "coordconv"), "0"),
        **dict.fromkeys(("sway", "rotate", "stretch", "stretch_sway", "reverse"), "0"),
        **dict.fromkeys(("dontload", "dontloadscales", "dontsave"), "0"),
        "share_index": None,
    },
    "maxpool": {"maxpool_depth": "0", "antialiasing": "0", "maxpool_zero_nonmax": "0"},
    "avgpool": {},
    "upsample": {"scale": "1"},
    "route": {},
    "shortcut": {"weights_type": "none", "alpha": "1", "beta": "1"},
    "scale_channels": {"scale_wh": "0"},
    "dropout": {},
    "yolo": {"new_coords": "0", "embedding_layer": None},
}
_MEANINGFUL: dict[str, tuple[str, ...]] = {
    "net": ("width", "height", "channels"),
    "convolutional": (
        *("filters", "size", "stride", "pad", "padding", "activation", "groups", "batch_normalize", "dilation"),
    ),
    "maxpool": ("size", "stride", "padding"),
    "avgpool": (),
    "upsample": ("stride",),
    "route": ("layers", "groups", "group_id"),
    "shortcut": ("from", "activation"),
    "scale_channels": ("from", "activation"),
    "dropout": (),
    "yolo": ("mask", "anchors", "classes", "num", "scale_x_y"),
}
# Keys of darknet's training whose names resemble a key of the network.
_TRAINING = {"scales", "scale", "steps", "step", "random", "map", "max", "classes_multipliers", "resize"}


def _left_over(section: Section) -> list[str]:
    """The entries of ``section`` that its reader did not read: an error if they matter, else lines of ``ignored``."""
    kind = ALIASES.get(section.name, section.name)
    ignored: list[str] = []
    for key, entry in section.entries.items():
        if key in _UNSUPPORTED[kind]:
            neutral = _UNSUPPORTED[kind][key]
            if neutral is None or not _equal(entry.text, neutral):
                text = f"{key}={entry.text} changes what the network computes and cannot be built"
                raise section.error(text, entry.line)
            continue
        similar = None if key in _TRAINING else nearest(key, _MEANINGFUL[kind])
        if similar:
            raise section.error(f"unknown key {key!r}; did you mean {similar!r}?", entry.line)
        ignored.append(f"line {entry.line}: [{section.name}] {key}")
    return ignored


def _equal(text: str, neutral: str) -> bool:
    try:
        return float(text) == float(neutral)
    except ValueError:
        return text == neutral


class _NamedLayers(NamedTuple):
    """The architecture, and its number of classes."""

    plan: Architecture
    classes: int


def _with_heads(layers: list[Layer], sections: Sequence[Section], outputs: _Outputs) -> _NamedLayers:
    """The layers with heads and names.

    The convolution in front of a head loses its filters, which follow from the classes, and every layer that another
    one refers to is named by its index.
    """
    if not outputs.classes:
        raise sections[-1].error("is the last layer, and none is [yolo]: not a detector")
    (first, classes), *others = outputs.classes.items()
    for place, count in others:
        if count != classes:
            raise sections[place].error(f"classes is {count}; line {sections[first].line} says {classes}")
    for place in outputs.classes:
        convolution, head = layers[place - 1] if place else None, layers[place]
        if not isinstance(convolution, Convolution) or not isinstance(head, Yolo):
            raise sections[place].error("does not follow a [convolutional]")
        expected = len(head.mask) * (5 + classes)
        if convolution.filters != expected:
            raise sections[place - 1].error(
                f"filters is {convolution.filters}; expected {expected}: "
                f"{len(head.mask)} anchors in the mask x (5 + {classes} classes) of the [yolo] after it"
            )
        layers[place - 1] = replace(convolution, filters=None)
    used = {name for layer in layers for name in _sources(layer)}
    named = (replace(layer, name=str(place)) if str(place) in used else layer for place, layer in enumerate(layers))
    return _NamedLayers(Architecture(tuple(named), tuple(outputs.anchors)), classes)


def _sources(layer: Layer) -> tuple[str, ...]:
    if isinstance(layer, ScaleChannels):
        return (layer.source,)
    return layer.sources if isinstance(layer, (Route, Shortcut)) else ()


def _check_all_used(layers: Sequence[Layer], sections: Sequence[Section]) -> None:
    """Refuse a convolution that leads to no head: it would be missing in the network, but not in the weight file."""
    used: set[int] = set()
    for place in reversed(range(len(layers))):
        layer = layers[place]
        if isinstance(layer, Yolo) or place in used:
            used |= {int(name) for name in _sources(layer)}
            if not isinstance(layer, Route):
                used.add(place - 1)
        elif isinstance(layer, Convolution):
            raise sections[place].error("leads to no [yolo]: nothing reads its output")


def _check_shapes(plan: Architecture, sections: Sequence[Section], classes: int, size: int) -> None:
    """Refuse a layer that does not fit its sources. Raises TrainerError naming the section and its line."""
    try:
        shapes(plan, size, classes)
    except LayerError as error:
        raise sections[error.place].error(error.reason) from error
