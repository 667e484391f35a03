"""Keras models out of ``layers``: darknet's arithmetic in plain Keras layers, no custom code to load."""

from __future__ import annotations

import math
import re
from typing import Optional

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
from .spec import DetectorSpec

# Darknet adds this inside the square root. Keras's own 1e-3 shifts the gain of real weights.
BATCH_NORM_EPSILON = 1e-5
LEAKY_SLOPE = 0.1
HEAD_SUFFIX, BATCH_NORM_SUFFIX = "_head", "_bn"
KERAS_ACTIVATIONS = {"logistic": "sigmoid", "swish": "silu"}


def build_network(
    spec: DetectorSpec,
    batch_norm_momentum: float = 0.99,
    objectness_prior: Optional[float] = None,
    any_size: bool = False,
) -> keras.Model:
    """Build the untrained network of ``spec``.

    Input (B, size, size, 3) float32 RGB in 0..1. Outputs, one a head, in the order of the weight file, coarsest
    grid first in the built-in networks: (B, rows, columns, A * (5 + classes)) raw numbers, anchor-major: x, y, w,
    h, objectness, classes.

    Convolutions are called ``conv001``, ``conv002``, ... in the order of a weight file, with ``_head`` behind it
    where the raw predictions come out; their batch normalisations have the same name with ``_bn`` behind it.

    Args:
        batch_norm_momentum: share of the running statistics kept at each step.
        objectness_prior: if given, the objectness a fresh head predicts everywhere: nearly every place is
            background, and a network that starts at 0.5 spends its first steps learning only that.
        any_size: leave rows and columns of the input open, for training at several sizes.
    """
    return _Builder(plan_of(spec), spec, batch_norm_momentum, objectness_prior, any_size).model()


class _Builder:
    """Walks the layers once; ``outputs`` holds what later layers refer to by name."""

    def __init__(
        self,
        plan: Architecture,
        spec: DetectorSpec,
        batch_norm_momentum: float,
        objectness_prior: Optional[float],
        any_size: bool,
    ) -> None:
        self.plan, self.spec, self.side = plan, spec, None if any_size else spec.size
        self.batch_norm_momentum, self.objectness_prior = batch_norm_momentum, objectness_prior
        self.outputs: dict = {}
        self.heads: list = []
        self.convolutions = 0

    def model(self) -> keras.Model:
        pixels = keras.Input((self.side, self.side, INPUT_CHANNELS), name="pixels")
        x = pixels
        for layer in self.plan.layers:
            x = self.apply(layer, x)
            if layer.name:
                self.outputs[layer.name] = x
        # TensorFlow takes no other letters; the spec keeps the name as it is.
        name = re.sub(r"[^A-Za-z0-9]", "_", self.spec.model)
        return keras.Model(pixels, self.heads, name=f"net_{name}" if name[0] in "_0123456789" else name)

    def apply(self, layer: Layer, x: keras.KerasTensor) -> keras.KerasTensor:
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

    def convolution(self, layer: Convolution, x: keras.KerasTensor) -> keras.KerasTensor:
        self.convolutions += 1
        name = f"conv{self.convolutions:03d}"
        is_head = layer.filters is None
        padding = "same"
        if layer.stride > 1 or layer.margin != layer.dilation * (layer.size - 1) / 2:
            # Darknet pads both sides alike and drops what is left over at the end; 'same' would pad the end.
            padding = "valid"
            if layer.margin:
                x = keras.layers.ZeroPadding2D(layer.margin, name=f"{name}_pad")(x)
        common = {
            "kernel_size": layer.size,
            "strides": layer.stride,
            "padding": padding,
            "dilation_rate": layer.dilation,
            "use_bias": not layer.normalized,
            "name": name + (HEAD_SUFFIX if is_head else ""),
        }
        start = keras.initializers.RandomNormal(stddev=0.01) if is_head else "he_normal"
        mask = self.spec.masks[len(self.heads)] if is_head else ()
        filters = len(mask) * (5 + len(self.spec.classes)) if is_head else layer.filters
        channels = x.shape[-1]
        if layer.groups == channels and channels > 1:
            convolution = keras.layers.DepthwiseConv2D(
                depth_multiplier=filters // channels, depthwise_initializer=start, **common
            )
        else:
            convolution = keras.layers.Conv2D(filters, groups=layer.groups, kernel_initializer=start, **common)
        x = convolution(x)
        shift = convolution
        if layer.normalized:
            shift = keras.layers.BatchNormalization(
                momentum=self.batch_norm_momentum, epsilon=BATCH_NORM_EPSILON, name=common["name"] + BATCH_NORM_SUFFIX
            )
            x = shift(x)
        if is_head and self.objectness_prior is not None:
            self.expect_background(shift.beta if layer.normalized else shift.bias, len(mask))
        return activated(layer.activation, x)

    def expect_background(self, bias: keras.Variable, anchors: int) -> None:
        """Have a head predict the prior objectness everywhere."""
        values = keras.ops.convert_to_numpy(bias).reshape(anchors, -1).copy()
        values[:, 4] = -math.log(1 / self.objectness_prior - 1)
        bias.assign(values.reshape(-1))


def max_pool(layer: MaxPool, x: keras.KerasTensor) -> keras.KerasTensor:
    """Pool as darknet pads: half of the padding in front, whatever the size of the map."""
    before, after = layer.margins
    if layer.stride == 1 and (before, after) == MaxPool(layer.size, 1).margins:
        return keras.layers.MaxPooling2D(layer.size, 1, padding="same")(x)
    if (before, after) == (0, 0) or (layer.size, layer.stride, after) == (2, 2, 1):
        return keras.layers.MaxPooling2D(layer.size, layer.stride, padding="same" if after else "valid")(x)
    # 'same' would pad the end first; of the windows of stride 1 those that start where darknet's do are the same.
    x = keras.layers.MaxPooling2D(layer.size, 1, padding="same")(x)
    front, back = MaxPool(layer.size, 1).margins
    if (front, back) != (before, after):
        x = keras.layers.Cropping2D(((front - before, back - after),) * 2)(x)
    return keras.layers.MaxPooling2D(1, layer.stride)(x) if layer.stride > 1 else x


def route(layer: Route, sources: list) -> keras.KerasTensor:
    """One part of the channels of each source, side by side."""
    if layer.groups > 1:
        parts = [source.shape[-1] // layer.groups for source in sources]
        first = layer.group_id
        sources = [source[..., first * part : (first + 1) * part] for source, part in zip(sources, parts)]
    return keras.layers.Concatenate()(sources) if len(sources) > 1 else sources[0]


def add(x: keras.KerasTensor, other: keras.KerasTensor) -> keras.KerasTensor:
    """The sum in the channels that both have; the others of ``x`` stay (partial residuals)."""
    channels, shared = x.shape[-1], min(x.shape[-1], other.shape[-1])
    if other.shape[-1] > shared:
        other = other[..., :shared]
    if channels == shared:
        return keras.layers.Add()([x, other])
    return keras.layers.Concatenate()([keras.layers.Add()([x[..., :shared], other]), x[..., shared:]])


def activated(activation: str, x: keras.KerasTensor) -> keras.KerasTensor:
    """Darknet's activation of that name."""
    if activation == "linear":
        return x
    if activation == "leaky":
        return keras.layers.LeakyReLU(negative_slope=LEAKY_SLOPE)(x)
    if activation == "relu":
        return keras.layers.ReLU()(x)
    return keras.layers.Activation(KERAS_ACTIVATIONS.get(activation, activation))(x)
