"""Writes an ``Architecture`` as a darknet .cfg: to store it, and for darknet, OpenCV and other readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Optional, Union

from .layers import (
    Architecture,
    AveragePool,
    Convolution,
    Dropout,
    Layer,
    MaxPool,
    Route,
    ScaleChannels,
    Shortcut,
    Upsample,
    Yolo,
)
from .spec import ModelSpec

Values = Mapping[str, Union[str, int, float, None]]


class _CfgSection(NamedTuple):
    """The name of a section and its values."""

    name: str
    values: Values


def cfg_text(plan: Architecture, spec: ModelSpec) -> str:
    """The .cfg of the detector; ``cfg_reader.parse_cfg`` reads the same layers back."""
    size = str(spec.size)
    sections = [_CfgSection("net", {"width": size, "height": size, "channels": "3"})]
    places = {layer.name: str(place) for place, layer in enumerate(plan.layers) if layer.name}
    heads = {place + 1: head for head, place in enumerate(plan.head_places)}
    for place, layer in enumerate(plan.layers):
        if isinstance(layer, Yolo):
            sections.append(_CfgSection("yolo", _yolo(spec, heads[place])))
        elif isinstance(layer, Convolution) and place + 1 in heads:
            filters = len(spec.yolo_head.masks[heads[place + 1]]) * (5 + len(spec.classes))
            sections.append(_CfgSection("convolutional", _convolutional(layer, filters)))
        else:
            sections.append(_section(layer, places))
    return "\n".join(_lines(name, values) for name, values in sections)


def _lines(name: str, values: Values) -> str:
    return "".join([f"[{name}]\n", *(f"{key}={value}\n" for key, value in values.items())])


def _section(layer: Layer, places: Mapping[str, str]) -> _CfgSection:
    match layer:
        case Convolution():
            return _CfgSection("convolutional", _convolutional(layer, layer.filters))
        case MaxPool(size=size, stride=stride, padding=padding):
            return _CfgSection(
                "maxpool", {"size": size, "stride": stride, **({} if padding is None else {"padding": padding})}
            )
        case AveragePool():
            return _CfgSection("avgpool", {})
        case Upsample(stride=stride):
            return _CfgSection("upsample", {"stride": stride})
        case Route(groups=1):
            return _CfgSection("route", {"layers": _places(layer.sources, places)})
        case Route(groups=groups, group_id=part):
            return _CfgSection("route", {"layers": _places(layer.sources, places), "groups": groups, "group_id": part})
        case Shortcut(sources=sources, activation=activation):
            return _CfgSection("shortcut", {"from": _places(sources, places), "activation": activation})
        case ScaleChannels(source=source, activation=activation):
            return _CfgSection("scale_channels", {"from": places[source], "activation": activation})
        case Dropout(probability=probability):
            return _CfgSection("dropout", {"probability": probability})
    raise TypeError(f"no such layer: {layer!r}")


def _places(sources: Sequence[str], places: Mapping[str, str]) -> str:
    return ",".join(places[source] for source in sources)


def _convolutional(layer: Convolution, filters: Optional[int]) -> Values:
    values: dict[str, Union[str, int, None]] = {
        "batch_normalize": int(layer.normalized),
        "filters": filters,
        "size": layer.size,
        "stride": layer.stride,
        # OpenCV reads pad only; padding=N is for paddings that pad cannot express.
        **({"pad": 1} if layer.padding is None else {"pad": 0, "padding": layer.padding}),
        "activation": layer.activation,
    }
    if layer.groups > 1:
        values["groups"] = layer.groups
    if layer.dilation > 1:
        values["dilation"] = layer.dilation
    return values


def _yolo(spec: ModelSpec, head: int) -> Values:
    return {
        "mask": ",".join(map(str, spec.yolo_head.masks[head])),
        "anchors": ", ".join(f"{width:g},{height:g}" for width, height in spec.yolo_head.anchors),
        "classes": len(spec.classes),
        "num": len(spec.yolo_head.anchors),
        "scale_x_y": repr(spec.yolo_head.scale_x_y[head]),
        "ignore_thresh": repr(spec.yolo_head.ignore_thresholds[head]),
    }
