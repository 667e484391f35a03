"""The built-in networks, layer by layer in darknet's order, which is the order of a weight file.

Only layers that another one refers to have names. Sources: yolov3.cfg and yolov3-tiny.cfg (pjreddie/darknet; tiny
with masks 0,1,2 for new training); MobileNetV2-YOLOv3-Nano (dog-qiuqiu/MobileNet-Yolo), whose backbone is
MobileNetV2 (arXiv 1801.04381) with narrow channels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Optional

from ..errors import TrainerError
from .cfg_reader import parse_cfg, read_cfg
from .cfg_writer import cfg_text
from .layers import Architecture, Convolution, Layer, LayerError, MaxPool, Route, Shortcut, Upsample, Yolo, strides
from .spec import ModelSpec, YoloHead

Layers = tuple[Layer, ...]


def _head(mask: tuple[int, ...], scale_x_y: float = 1.0, ignore_threshold: float = 0.7) -> Layers:
    """A 1x1 convolution with bias to the raw predictions of the anchors in ``mask``."""
    return Convolution(None, 1, activation="linear", normalized=False), Yolo(mask, scale_x_y, ignore_threshold)


# Darknet-53 (arXiv 1804.02767): channels and residual blocks of each stage; a stage halves the map first.
DARKNET53_STAGES = ((64, 1), (128, 2), (256, 8), (512, 8), (1024, 4))


def _yolov3() -> Layers:
    return (
        *_darknet53(),
        *_pyramid_level(512, neck="neck32"),
        *_head(mask=(6, 7, 8)),
        Route(("neck32",)),
        Convolution(256, 1),
        Upsample(name="enlarged32"),
        Route(("enlarged32", "stride16")),
        *_pyramid_level(256, neck="neck16"),
        *_head(mask=(3, 4, 5)),
        Route(("neck16",)),
        Convolution(128, 1),
        Upsample(name="enlarged16"),
        Route(("enlarged16", "stride8")),
        *_pyramid_level(128, neck="neck8"),
        *_head(mask=(0, 1, 2)),
    )


def _darknet53() -> Layers:
    layers: list[Layer] = [Convolution(32, 3)]
    for stage, (channels, blocks) in enumerate(DARKNET53_STAGES, start=1):
        stride = 2**stage
        layers.append(Convolution(channels, 3, stride=2, name=f"stride{stride}_0"))
        for block in range(1, blocks + 1):
            last = block == blocks
            layers += [
                Convolution(channels // 2, 1),
                Convolution(channels, 3),
                Shortcut((f"stride{stride}_{block - 1}",), name=f"stride{stride}" + ("" if last else f"_{block}")),
            ]
    return tuple(layers)


def _pyramid_level(channels: int, neck: str) -> Layers:
    """Five convolutions, narrow and wide in turn, to the ``neck``, and the wide one in front of a head."""
    narrow, wide = Convolution(channels, 1), Convolution(2 * channels, 3)
    return (narrow, wide, narrow, wide, Convolution(channels, 1, name=neck), wide)


def _tiny() -> Layers:
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
        *_head(mask=(3, 4, 5)),
        Route(("neck",)),
        Convolution(128, 1),
        Upsample(name="enlarged"),
        Route(("enlarged", "stride16")),
        Convolution(256, 3),
        *_head(mask=(0, 1, 2)),
    )


# MobileNetV2 blocks of the nano backbone: (output channels, stride, repeats). The first block of a group has the
# stride and no shortcut; inside, every block is NANO_EXPANSION times as wide as its input.
NANO_BLOCKS = ((12, 2, 2), (16, 2, 3), (32, 2, 4), (48, 1, 3), (80, 2, 3))
NANO_EXPANSION = 6


def _nano() -> Layers:
    return (
        Convolution(16, 3, stride=2, activation="relu"),
        _depthwise(16),
        Convolution(8, 1, activation="linear", name="block0"),
        *_inverted_residuals(8),
        # Spatial pyramid pooling: the map beside itself pooled over three windows.
        MaxPool(3, 1, name="reach3"),
        Route(("backbone",)),
        MaxPool(5, 1, name="reach5"),
        Route(("backbone",)),
        MaxPool(9, 1, name="reach9"),
        Route(("reach9", "reach5", "reach3", "backbone")),
        Convolution(288, 1, activation="relu", name="neck"),
        _depthwise(288),
        Convolution(96, 1, activation="relu"),
        Convolution(384, 1, activation="relu"),
        *_head(mask=(3, 4, 5), scale_x_y=1.1, ignore_threshold=0.5),
        Route(("neck",)),
        Upsample(name="enlarged"),
        Route(("enlarged", "stride16")),
        Convolution(80, 1, activation="relu"),
        Convolution(288, 1, activation="relu"),
        _depthwise(288),
        Convolution(192, 1, activation="relu"),
        Convolution(288, 1, activation="relu"),
        *_head(mask=(0, 1, 2), scale_x_y=1.05, ignore_threshold=0.5),
    )


def _depthwise(channels: int, stride: int = 1) -> Convolution:
    return Convolution(channels, 3, stride, activation="relu", groups=channels)


def _inverted_residuals(channels: int) -> Layers:
    layers: list[Layer] = []
    previous, block = "block0", 0
    for group, (out, stride, repeats) in enumerate(NANO_BLOCKS):
        for repeat in range(repeats):
            block += 1
            wide = channels * NANO_EXPANSION
            first, last_of_all = repeat == 0, group == len(NANO_BLOCKS) - 1 and repeat == repeats - 1
            # The second head reads the last map at stride 16 where it has the most channels.
            feeds_second_head = first and group == len(NANO_BLOCKS) - 1
            layers += [
                Convolution(wide, 1, activation="relu", name="stride16" if feeds_second_head else None),
                _depthwise(wide, stride if first else 1),
                Convolution(out, 1, activation="linear", name=f"block{block}" if first else None),
            ]
            if not first:
                layers.append(Shortcut((previous,), name="backbone" if last_of_all else f"block{block}"))
            previous, channels = f"block{block}", out
    return tuple(layers)


ARCHITECTURES: dict[str, Architecture] = {
    "yolov3": Architecture(
        layers=_yolov3(),
        anchors=((10, 13), (16, 30), (33, 23), (30, 61), (62, 45), (59, 119), (116, 90), (156, 198), (373, 326)),
    ),
    "yolov3-tiny": Architecture(
        layers=_tiny(),
        anchors=((10, 14), (23, 27), (37, 58), (81, 82), (135, 169), (344, 319)),
    ),
    "yolov3-nano": Architecture(
        layers=_nano(),
        anchors=((12, 18), (37, 49), (52, 132), (115, 74), (119, 199), (243, 238)),
    ),
}


def architecture(model: str) -> Architecture:
    """The built-in architecture called ``model``, or that of a darknet ``FILE.cfg``. Raises TrainerError."""
    if model in ARCHITECTURES:
        return ARCHITECTURES[model]
    if model.endswith(".cfg"):
        return read_cfg(Path(model)).plan
    raise TrainerError(f"unknown model {model!r}; expected one of {', '.join(ARCHITECTURES)}, or a darknet FILE.cfg")


def plan_of(spec: ModelSpec) -> Architecture:
    """The layers of a detector: those of its .cfg, or the built-in architecture of its name. Raises TrainerError."""
    if spec.cfg is None:
        return architecture(spec.model)
    return parse_cfg(spec.cfg.encode(), f"the .cfg of {spec.model}").plan


def make_spec(
    model: str,
    size: int,
    classes: Sequence[str],
    category_ids: Sequence[int],
    anchors: Optional[Sequence[Sequence[float]]] = None,
) -> ModelSpec:
    """The spec of a new detector.

    Args:
        model: the name of a built-in architecture, or a darknet ``FILE.cfg``.
        anchors: (width, height) in pixels of the input; default: the published ones.

    Raises:
        TrainerError: unknown model, a wrong number of anchors, or a size at which the layers do not fit.
    """
    return spec_of(architecture(model), model, size, classes, category_ids, anchors)


def spec_of(
    plan: Architecture,
    model: str,
    size: int,
    classes: Sequence[str],
    category_ids: Sequence[int],
    anchors: Optional[Sequence[Sequence[float]]] = None,
) -> ModelSpec:
    """As ``make_spec``, for an architecture already read."""
    if anchors is not None and len(anchors) != len(plan.anchors):
        raise TrainerError(f"{len(anchors)} anchors for {model}, which needs {len(plan.anchors)}")
    spec = ModelSpec(
        model=Path(model).stem if model.endswith(".cfg") else model,
        size=size,
        classes=tuple(classes),
        category_ids=tuple(category_ids),
        head=YoloHead(
            anchors=tuple((float(width), float(height)) for width, height in anchors or plan.anchors),
            masks=tuple(head.mask for head in plan.heads),
            strides=_strides(plan, model, size),
            scale_x_y=tuple(head.scale_x_y for head in plan.heads),
            ignore_thresholds=tuple(head.ignore_threshold for head in plan.heads),
        ),
    )
    return replace(spec, cfg=None if model in ARCHITECTURES else cfg_text(plan, spec))


def _strides(plan: Architecture, model: str, size: int) -> tuple[float, ...]:
    """As ``layers.strides``. Raises TrainerError with the next larger size that fits."""
    try:
        return strides(plan, size)
    except LayerError as error:
        fits = next((larger for larger in range(size + 1, size + 1025) if _works(plan, larger)), None)
        hint = f"; the next size that fits is {fits}" if fits else ""
        raise TrainerError(f"{model} does not work at size {size}: {error}{hint}") from error


def _works(plan: Architecture, size: int) -> bool:
    """Whether all maps fit and the cells of every head are 2, 4, 8, ... pixels wide."""
    try:
        return all(isinstance(stride, int) and stride.bit_count() == 1 for stride in strides(plan, size))
    except LayerError:
        return False
