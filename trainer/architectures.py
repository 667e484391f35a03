"""The networks as data, layer by layer in darknet's order (which is the order of a weight file).

A layer reads the one before it unless it names its sources. Names exist only where something refers to them.
Sources: yolov3-tiny.cfg (pjreddie/darknet) with masks 0,1,2 for new training; MobileNetV2-YOLOv3-Nano
(dog-qiuqiu/MobileNet-Yolo), whose backbone is MobileNetV2 (arXiv 1801.04381) with narrow channels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Union

from .errors import TrainerError
from .spec import DetectorSpec


@dataclass(frozen=True)
class Convolution:
    """A convolution without bias, batch normalisation, activation. ``depthwise``: one filter a channel."""

    filters: int
    size: int
    stride: int = 1
    activation: str = "leaky"
    depthwise: bool = False
    name: Optional[str] = None


@dataclass(frozen=True)
class MaxPool:
    """Max-pooling; at stride 1 the map keeps its size, padded bottom-right first."""

    size: int
    stride: int
    name: Optional[str] = None


@dataclass(frozen=True)
class Upsample:
    """Nearest-neighbour enlargement by 2."""

    name: Optional[str] = None


@dataclass(frozen=True)
class Route:
    """The channels of the named layers side by side; one name: that layer again."""

    sources: tuple
    name: Optional[str] = None


@dataclass(frozen=True)
class Shortcut:
    """Adds the output of the named layer."""

    source: str
    name: Optional[str] = None


@dataclass(frozen=True)
class Head:
    """A 1x1 convolution with bias to the raw predictions of the anchors in ``mask``."""

    mask: tuple
    stride: int
    scale_x_y: float = 1.0
    name: Optional[str] = None


Layer = Union[Convolution, MaxPool, Upsample, Route, Shortcut, Head]


@dataclass(frozen=True)
class Architecture:
    """A network and the constants it was published with; ``anchors`` are pixels of an ``anchor_size`` input."""

    layers: tuple
    anchors: tuple
    anchor_size: int
    ignore_threshold: float

    @property
    def heads(self) -> tuple:
        """The heads, coarsest grid first as in the weight file."""
        return tuple(layer for layer in self.layers if isinstance(layer, Head))


def _tiny() -> tuple:
    return (
        Convolution(16, 3),
        MaxPool(2, 2),
        Convolution(32, 3),
        MaxPool(2, 2),
        Convolution(64, 3),
        MaxPool(2, 2),
        Convolution(128, 3),
        MaxPool(2, 2),
        Convolution(256, 3, name="stride16"),
        MaxPool(2, 2),
        Convolution(512, 3),
        MaxPool(2, 1),
        Convolution(1024, 3),
        Convolution(256, 1, name="neck"),
        Convolution(512, 3),
        Head(mask=(3, 4, 5), stride=32),
        Route(("neck",)),
        Convolution(128, 1),
        Upsample(name="enlarged"),
        Route(("enlarged", "stride16")),
        Convolution(256, 3),
        Head(mask=(0, 1, 2), stride=16),
    )


# MobileNetV2 blocks of the nano backbone: (channels out, stride, repeats). The first block of a group has
# the stride and no shortcut; inside, every block is six times as wide as its input.
NANO_BLOCKS = ((12, 2, 2), (16, 2, 3), (32, 2, 4), (48, 1, 3), (80, 2, 3))
NANO_EXPANSION = 6


def _nano() -> tuple:
    return (
        Convolution(16, 3, stride=2, activation="relu"),
        Convolution(16, 3, activation="relu", depthwise=True),
        Convolution(8, 1, activation="linear", name="block0"),
        *_inverted_residuals(8),
        # Spatial pyramid pooling: the same map at three reaches beside itself.
        MaxPool(3, 1, name="reach3"),
        Route(("backbone",)),
        MaxPool(5, 1, name="reach5"),
        Route(("backbone",)),
        MaxPool(9, 1, name="reach9"),
        Route(("reach9", "reach5", "reach3", "backbone")),
        Convolution(288, 1, activation="relu", name="neck"),
        Convolution(288, 3, activation="relu", depthwise=True),
        Convolution(96, 1, activation="relu"),
        Convolution(384, 1, activation="relu"),
        Head(mask=(3, 4, 5), stride=32, scale_x_y=1.1),
        Route(("neck",)),
        Upsample(name="enlarged"),
        Route(("enlarged", "stride16")),
        Convolution(80, 1, activation="relu"),
        Convolution(288, 1, activation="relu"),
        Convolution(288, 3, activation="relu", depthwise=True),
        Convolution(192, 1, activation="relu"),
        Convolution(288, 1, activation="relu"),
        Head(mask=(0, 1, 2), stride=16, scale_x_y=1.05),
    )


def _inverted_residuals(channels: int) -> tuple:
    layers: list = []
    previous, block = "block0", 0
    for group, (out, stride, repeats) in enumerate(NANO_BLOCKS):
        for repeat in range(repeats):
            block += 1
            wide = channels * NANO_EXPANSION
            first, last_of_all = repeat == 0, group == len(NANO_BLOCKS) - 1 and repeat == repeats - 1
            # The detector's second head reads the last map at stride 16 where it is widest.
            feeds_second_head = first and group == len(NANO_BLOCKS) - 1
            layers += [
                Convolution(wide, 1, activation="relu", name="stride16" if feeds_second_head else None),
                Convolution(wide, 3, stride if first else 1, activation="relu", depthwise=True),
                Convolution(out, 1, activation="linear", name=f"block{block}" if first else None),
            ]
            if not first:
                layers.append(Shortcut(previous, name="backbone" if last_of_all else f"block{block}"))
            previous, channels = f"block{block}", out
    return tuple(layers)


ARCHITECTURES = {
    "yolov3-tiny": Architecture(
        layers=_tiny(),
        anchors=((10, 14), (23, 27), (37, 58), (81, 82), (135, 169), (344, 319)),
        anchor_size=416,
        ignore_threshold=0.7,
    ),
    "yolov3-nano": Architecture(
        layers=_nano(),
        anchors=((12, 18), (37, 49), (52, 132), (115, 74), (119, 199), (243, 238)),
        anchor_size=320,
        ignore_threshold=0.5,
    ),
}


def architecture(name: str) -> Architecture:
    """The architecture called ``name``. Raises TrainerError listing the names there are."""
    if name not in ARCHITECTURES:
        raise TrainerError(f"unknown model {name!r}; one of {', '.join(ARCHITECTURES)}")
    return ARCHITECTURES[name]


def make_spec(
    model: str, size: int, classes: tuple, category_ids: tuple, anchors: Optional[tuple] = None
) -> DetectorSpec:
    """The spec of a fresh detector; ``anchors`` (pixels of the input) default to the architecture's own."""
    plan = architecture(model)
    if anchors is not None and len(anchors) != len(plan.anchors):
        raise TrainerError(f"{len(anchors)} anchors for {model}, which needs {len(plan.anchors)}")
    return DetectorSpec(
        model=model,
        size=size,
        classes=tuple(classes),
        category_ids=tuple(category_ids),
        anchors=tuple(tuple(float(side) for side in anchor) for anchor in anchors or plan.anchors),
        masks=tuple(head.mask for head in plan.heads),
        strides=tuple(head.stride for head in plan.heads),
        scale_x_y=tuple(head.scale_x_y for head in plan.heads),
        ignore_threshold=plan.ignore_threshold,
    )
