"""Keras models from ``layers``: darknet's arithmetic in Keras's own layers, so that no custom code loads them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any, NamedTuple, Optional

import keras

from .architectures import plan_of
from .layers import (
    INPUT_CHANNELS,
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
from .tensors import Tensor, ops

# Darknet adds this inside the square root. Keras's own 1e-3 shifts the gain of real weights.
BATCH_NORM_EPSILON = 1e-5
LEAKY_SLOPE = 0.1
HEAD_SUFFIX, BATCH_NORM_SUFFIX = "_head", "_bn"
KERAS_ACTIVATIONS = {"logistic": "sigmoid", "swish": "silu"}


def build_network(
    spec: ModelSpec,
    batch_norm_momentum: float = 0.99,
    objectness_prior: Optional[float] = None,
    any_size: bool = False,
) -> keras.Model:
    """Build the untrained network of ``spec``.

    Input (B, size, size, 3) float32 RGB in 0..1. One output per head, in the order of the weight file, coarsest grid
    first in the built-in networks: (B, rows, columns, A * (5 + classes)) raw numbers, anchor-major: x, y, w, h,
    objectness, classes.

    Convolutions are called ``conv001``, ``conv002``, ... in the order of a weight file, with the suffix ``_head`` if
    their output are raw predictions; batch normalisations have the name of their convolution and the suffix ``_bn``.

    Args:
        batch_norm_momentum: fraction of the running statistics kept per step.
        objectness_prior: if given, the initial objectness of every cell: nearly all cells are background, and a
            network that starts at 0.5 spends its first steps learning only that.
        any_size: leave rows and columns of the input open, for training at several sizes.
    """
    return _Builder(plan_of(spec), spec, batch_norm_momentum, objectness_prior, any_size).model()


class _Builder:
    """Applies the layers in order; ``outputs`` holds the maps that later layers refer to by name."""

    def __init__(
        self,
        plan: Architecture,
        spec: ModelSpec,
        batch_norm_momentum: float,
        objectness_prior: Optional[float],
        any_size: bool,
    ) -> None:
        self.plan, self.spec, self.side = plan, spec, None if any_size else spec.size
        self.batch_norm_momentum, self.objectness_prior = batch_norm_momentum, objectness_prior
        self.outputs: dict[str, Tensor] = {}
        self.heads: list[Tensor] = []
        self.convolutions = 0

    def model(self) -> keras.Model:
        pixels = keras.Input((self.side, self.side, INPUT_CHANNELS), name="pixels")
        x = pixels
        for layer in self.plan.layers:
            x = self.apply(layer, x)
            if layer.name:
                self.outputs[layer.name] = x
        # TensorFlow accepts no other characters; the spec keeps the name unchanged.
        name = re.sub(r"[^A-Za-z0-9]", "_", self.spec.model)
        return keras.Model(pixels, self.heads, name=f"net_{name}" if name[0] in "_0123456789" else name)

    def apply(self, layer: Layer, x: Tensor) -> Tensor:
        match layer:
            case Convolution():
                return self.convolution(layer, x)
            case MaxPool():
                return max_pool(layer, x)
            case AveragePool():
                return keras.layers.GlobalAveragePooling2D(keepdims=True)(x)
            case Upsample(stride=stride):
                return keras.layers.UpSampling2D(stride, interpolation="nearest")(x)
            case Route():
                return route(layer, [self.outputs[source] for source in layer.sources])
            case Shortcut():
                for source in layer.sources:
                    x = add(x, self.outputs[source])
                return activated(layer.activation, x)
            case ScaleChannels():
                return activated(layer.activation, keras.layers.Multiply()([self.outputs[layer.source], x]))
            case Dropout(probability=probability):
                return keras.layers.Dropout(probability)(x)
            case Yolo():
                self.heads.append(x)
                return x
        raise TypeError(f"no such layer: {layer!r}")

    def convolution(self, layer: Convolution, x: Tensor) -> Tensor:
        self.convolutions += 1
        name = f"conv{self.convolutions:03d}"
        mask = self.spec.yolo_head.masks[len(self.heads)] if layer.filters is None else ()
        x, padding = padded(layer, x, name)
        if layer.filters is None:
            name += HEAD_SUFFIX
        convolution = self.kernel(layer, x.shape[-1], len(mask), padding, name)
        x = convolution(x)
        shift: Any = convolution  # Any: the attribute that holds the bias depends on the layer
        if layer.normalized:
            shift = keras.layers.BatchNormalization(
                momentum=self.batch_norm_momentum, epsilon=BATCH_NORM_EPSILON, name=name + BATCH_NORM_SUFFIX
            )
            x = shift(x)
        if mask and self.objectness_prior is not None:
            bias = shift.beta if layer.normalized else shift.bias
            self.expect_background(bias, len(mask), self.objectness_prior)
        return activated(layer.activation, x)

    def kernel(self, layer: Convolution, channels: int, anchors: int, padding: str, name: str) -> keras.layers.Layer:
        """Keras's layer for a convolution of ``channels`` input channels; a head has one or more ``anchors``."""
        common: dict[str, Any] = {
            "kernel_size": layer.size,
            "strides": layer.stride,
            "padding": padding,
            "dilation_rate": layer.dilation,
            "use_bias": not layer.normalized,
            "name": name,
        }
        start: Any = "he_normal" if layer.filters is not None else keras.initializers.RandomNormal(stddev=0.01)
        filters = anchors * (5 + len(self.spec.classes)) if layer.filters is None else layer.filters
        if layer.groups == channels and channels > 1:
            return keras.layers.DepthwiseConv2D(
                depth_multiplier=filters // channels, depthwise_initializer=start, **common
            )
        return keras.layers.Conv2D(filters, groups=layer.groups, kernel_initializer=start, **common)

    def expect_background(self, bias: keras.Variable, anchors: int, prior: float) -> None:
        """Let a head predict the prior objectness everywhere."""
        values = ops.convert_to_numpy(bias).reshape(anchors, -1).copy()
        values[:, 4] = -math.log(1 / prior - 1)
        bias.assign(values.reshape(-1))


class Padded(NamedTuple):
    """A map ready for a convolution, and Keras's name of the padding that the convolution adds."""

    map: Tensor
    padding: str


def padded(layer: Convolution, x: Tensor, name: str) -> Padded:
    """Pad as darknet does: both sides alike, and what is left over at the end is dropped; 'same' would pad the end."""
    if layer.stride == 1 and layer.margin == layer.dilation * (layer.size - 1) / 2:
        return Padded(x, "same")
    return Padded(keras.layers.ZeroPadding2D(layer.margin, name=f"{name}_pad")(x) if layer.margin else x, "valid")


def max_pool(layer: MaxPool, x: Tensor) -> Tensor:
    """Max-pooling with darknet's padding: half of it in front, whatever the size of the map."""
    before, after = layer.margins
    if layer.stride == 1 and (before, after) == MaxPool(layer.size, 1).margins:
        return keras.layers.MaxPooling2D(layer.size, 1, padding="same")(x)
    if (before, after) == (0, 0) or (layer.size, layer.stride, after) == (2, 2, 1):
        return keras.layers.MaxPooling2D(layer.size, layer.stride, padding="same" if after else "valid")(x)
    # 'same' would pad the end first; pooling at stride 1 contains darknet's windows, which are then selected.
    x = keras.layers.MaxPooling2D(layer.size, 1, padding="same")(x)
    front, back = MaxPool(layer.size, 1).margins
    if (front, back) != (before, after):
        x = keras.layers.Cropping2D(((front - before, back - after),) * 2)(x)
    return keras.layers.MaxPooling2D(1, layer.stride)(x) if layer.stride > 1 else x


def route(layer: Route, sources: Sequence[Tensor]) -> Tensor:
    """The chosen part of the channels of each source, concatenated."""
    if layer.groups > 1:
        parts = [source.shape[-1] // layer.groups for source in sources]
        first = layer.group_id
        sources = [source[..., first * part : (first + 1) * part] for source, part in zip(sources, parts)]
    return keras.layers.Concatenate()(sources) if len(sources) > 1 else sources[0]


def add(x: Tensor, other: Tensor) -> Tensor:
    """The sum of the channels that both have; further channels of ``x`` stay unchanged (partial residuals)."""
    channels, shared = x.shape[-1], min(x.shape[-1], other.shape[-1])
    if other.shape[-1] > shared:
        other = other[..., :shared]
    if channels == shared:
        return keras.layers.Add()([x, other])
    return keras.layers.Concatenate()([keras.layers.Add()([x[..., :shared], other]), x[..., shared:]])


def activated(activation: str, x: Tensor) -> Tensor:
    """Apply darknet's activation of that name."""
    if activation == "linear":
        return x
    if activation == "leaky":
        return keras.layers.LeakyReLU(negative_slope=LEAKY_SLOPE)(x)
    if activation == "relu":
        return keras.layers.ReLU()(x)
    return keras.layers.Activation(KERAS_ACTIVATIONS.get(activation, activation))(x)
