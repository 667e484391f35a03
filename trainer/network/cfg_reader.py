"""Reads a darknet .cfg of the YOLOv3 family into an ``Architecture``: the same data as the built-in networks.

Defaults and meanings: parser.c of AlexeyAB/darknet. What only concerns darknet's own training is left aside and
reported; what changes the network's numbers and cannot be built is an error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from ..disk_errors import read_bytes
from ..errors import TrainerError
from .cfg_sections import Section, nearest, read_sections
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
    """What a .cfg says.

    Attributes:
        plan: the layers and anchors.
        width, height: of the input, pixels.
        classes: how many.
        ignored: ``line N: [section] key`` of settings that are darknet's own training's, or unknown.
    """

    plan: Architecture
    width: int
    height: int
    classes: int
    ignored: tuple


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
    layers, outputs = [], _Outputs()
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
    """What the sections read so far offer to later ones, and the anchors of the heads."""

    def __init__(self) -> None:
        self.count = 0
        self.anchors: list = []
        self.classes: dict = {}

    def names(self, section: Section, key: str) -> tuple:
        """The layers that ``key`` of ``section`` means, as names: indices from 0, or back from here."""
        places, line = section.wholes(key, -1_000_000, 1_000_000)
        found = []
        for place in places:
            index = place if place >= 0 else self.count + place
            if not 0 <= index < self.count:
                raise section.error(
                    f"{key} is {place}: no such layer before layer {self.count}; "
                    f"expected {-self.count} to {self.count - 1}",
                    line,
                )
            found.append(str(index))
        return tuple(found)

    def owned(self, anchors: tuple) -> list:
        """The places of ``anchors`` among those of all heads; new ones are added."""
        self.anchors += [anchor for anchor in anchors if anchor not in self.anchors]
        return [self.anchors.index(anchor) for anchor in anchors]


def _input_size(net: Section) -> tuple:
    width, height = net.whole("width", None, 1, MAX_SIDE), net.whole("height", None, 1, MAX_SIDE)
    channels = net.entries.get("channels")
    if net.whole("channels", INPUT_CHANNELS, 1) != INPUT_CHANNELS:
        raise net.value_error("channels", channels, f"{INPUT_CHANNELS}, colour images")
    return width, height


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
        # cbn: batch normalisation over several batches, which only training tells apart
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
    sources = outputs.names(section, "from")
    if len(sources) > 1:
        raise section.error("from names more than one layer", line)
    return ScaleChannels(sources[0], section.choice("activation", "linear", ACTIVATIONS))


def _dropout(section: Section, outputs: _Outputs) -> Dropout:
    return Dropout(section.number("probability", 0.5, 0, 0.999))


def _yolo(section: Section, outputs: _Outputs) -> Yolo:
    values, line = section.numbers("anchors", 1e-6, 1e6)
    if len(values) % 2:
        raise section.error(f"anchors are {len(values)} numbers; expected pairs of width and height", line)
    anchors = tuple(zip(values[::2], values[1::2]))
    num = section.entries.get("num")
    if section.whole("num", len(anchors), 1) != len(anchors):
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
_UNSUPPORTED = {
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
_MEANINGFUL = {
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
# Keys of darknet's training whose names resemble one with a meaning.
_TRAINING = {"scales", "scale", "steps", "step", "random", "map", "max", "classes_multipliers", "resize"}


def _left_over(section: Section) -> list:
    """What the reader of ``section`` did not take: an error if it matters, else a line of ``ignored``."""
    kind = ALIASES.get(section.name, section.name)
    ignored = []
    for key, entry in section.entries.items():
        if key in _UNSUPPORTED[kind]:
            neutral = _UNSUPPORTED[kind][key]
            if neutral is None or not _equal(entry.text, neutral):
                text = f"{key}={entry.text} changes what the network computes and cannot be built"
                raise section.error(text, entry.line)
            continue
        meant = None if key in _TRAINING else nearest(key, _MEANINGFUL[kind])
        if meant:
            raise section.error(f"unknown key {key!r}; did you mean {meant!r}?", entry.line)
        ignored.append(f"line {entry.line}: [{section.name}] {key}")
    return ignored


def _equal(text: str, neutral: str) -> bool:
    try:
        return float(text) == float(neutral)
    except ValueError:
        return text == neutral


def _with_heads(layers: list, sections: list, outputs: _Outputs) -> tuple:
    """The architecture, and its number of classes: the convolution in front of a head loses its filters, which
    follow from the classes, and every layer that is referred to gets its index as its name.
    """
    if not outputs.classes:
        raise sections[-1].error("is the last layer, and none is [yolo]: not a detector")
    (first, classes), *others = outputs.classes.items()
    for place, count in others:
        if count != classes:
            raise sections[place].error(f"classes is {count}; line {sections[first].line} says {classes}")
    for place in outputs.classes:
        if place == 0 or not isinstance(layers[place - 1], Convolution):
            raise sections[place].error("does not follow a [convolutional]")
        expected = len(layers[place].mask) * (5 + classes)
        if layers[place - 1].filters != expected:
            raise sections[place - 1].error(
                f"filters is {layers[place - 1].filters}; expected {expected}: "
                f"{len(layers[place].mask)} anchors in the mask x (5 + {classes} classes) of the [yolo] after it"
            )
        layers[place - 1] = replace(layers[place - 1], filters=None)
    used = {name for layer in layers for name in _sources(layer)}
    named = (replace(layer, name=str(place)) if str(place) in used else layer for place, layer in enumerate(layers))
    return Architecture(tuple(named), tuple(outputs.anchors)), classes


def _sources(layer: Layer) -> tuple:
    if isinstance(layer, ScaleChannels):
        return (layer.source,)
    return layer.sources if isinstance(layer, (Route, Shortcut)) else ()


def _check_all_used(layers: list, sections: list) -> None:
    """Every convolution must lead to a head: what nothing reads has no place in a network, but bytes in the file."""
    used: set = set()
    for place in reversed(range(len(layers))):
        layer = layers[place]
        if isinstance(layer, Yolo) or place in used:
            used |= {int(name) for name in _sources(layer)}
            if not isinstance(layer, Route):
                used.add(place - 1)
        elif isinstance(layer, Convolution):
            raise sections[place].error("leads to no [yolo]: nothing reads its output")


def _check_shapes(plan: Architecture, sections: list, classes: int, size: int) -> None:
    """Every layer must fit its sources. Raises TrainerError naming the section and its line."""
    try:
        shapes(plan, size, classes)
    except LayerError as error:
        raise sections[error.place].error(error.reason) from error
