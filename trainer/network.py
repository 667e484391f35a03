"""Keras models out of ``architectures``: darknet's arithmetic, plain Keras layers, no custom code to load."""

from __future__ import annotations

import math
from typing import Optional

import keras

from .architectures import Architecture, Convolution, Head, MaxPool, Route, Shortcut, Upsample, architecture
from .spec import DetectorSpec

# Darknet adds this inside the square root. Keras's own 1e-3 shifts the gain of real weights.
BATCH_NORM_EPSILON = 1e-5
LEAKY_SLOPE = 0.1


def build_network(
    spec: DetectorSpec, batch_norm_momentum: float = 0.99, objectness_prior: Optional[float] = None
) -> keras.Model:
    """Build the untrained network of ``spec``.

    Input (B, size, size, 3) float32 RGB in 0..1. Outputs, one a head, coarsest grid first:
    (B, grid, grid, A * (5 + classes)) raw numbers, anchor-major: x, y, w, h, objectness, classes.

    Args:
        batch_norm_momentum: share of the running statistics kept at each step.
        objectness_prior: if given, the objectness a fresh head predicts everywhere: nearly every place is
            background, and a network that starts at 0.5 spends its first steps learning only that.
    """
    builder = _Builder(architecture(spec.model), spec, batch_norm_momentum, objectness_prior)
    return builder.model()


class _Builder:
    """Walks the layers once; ``outputs`` holds what later layers refer to by name."""

    def __init__(
        self, plan: Architecture, spec: DetectorSpec, batch_norm_momentum: float, objectness_prior: Optional[float]
    ) -> None:
        self.plan, self.spec = plan, spec
        self.batch_norm_momentum, self.objectness_prior = batch_norm_momentum, objectness_prior
        self.outputs: dict = {}
        self.heads: list = []
        self.convolutions = 0

    def model(self) -> keras.Model:
        pixels = keras.Input((self.spec.size, self.spec.size, 3), name="pixels")
        x = pixels
        for layer in self.plan.layers:
            x = self.apply(layer, x)
            if layer.name:
                self.outputs[layer.name] = x
        return keras.Model(pixels, self.heads, name=self.spec.model.replace("-", "_"))

    def apply(self, layer: object, x: keras.KerasTensor) -> keras.KerasTensor:
        match layer:
            case Convolution():
                return self.convolution(layer, x)
            case MaxPool(size=size, stride=stride):
                return keras.layers.MaxPooling2D(size, stride, padding="same")(x)
            case Upsample():
                return keras.layers.UpSampling2D(2, interpolation="nearest")(x)
            case Route(sources=(source,)):
                return self.outputs[source]
            case Route(sources=sources):
                return keras.layers.Concatenate()([self.outputs[source] for source in sources])
            case Shortcut(source=source):
                return keras.layers.Add()([x, self.outputs[source]])
            case Head():
                return self.head(layer, x)
        raise TypeError(f"no such layer: {layer!r}")

    def convolution(self, layer: Convolution, x: keras.KerasTensor) -> keras.KerasTensor:
        name = self.next_name()
        padding = "same"
        if layer.stride == 2:
            # Darknet pads left and top where 'same' would pad right and bottom.
            x = keras.layers.ZeroPadding2D(((1, 0), (1, 0)), name=f"{name}_pad")(x)
            padding = "valid"
        if layer.depthwise:
            x = keras.layers.DepthwiseConv2D(
                layer.size, layer.stride, padding, use_bias=False, depthwise_initializer="he_normal", name=name
            )(x)
        else:
            x = keras.layers.Conv2D(
                layer.filters,
                layer.size,
                layer.stride,
                padding,
                use_bias=False,
                kernel_initializer="he_normal",
                name=name,
            )(x)
        x = keras.layers.BatchNormalization(
            momentum=self.batch_norm_momentum, epsilon=BATCH_NORM_EPSILON, name=f"{name}_bn"
        )(x)
        if layer.activation == "leaky":
            return keras.layers.LeakyReLU(negative_slope=LEAKY_SLOPE)(x)
        return keras.layers.ReLU()(x) if layer.activation == "relu" else x

    def head(self, layer: Head, x: keras.KerasTensor) -> keras.KerasTensor:
        channels = 5 + len(self.spec.classes)
        convolution = keras.layers.Conv2D(
            len(layer.mask) * channels,
            1,
            kernel_initializer=keras.initializers.RandomNormal(stddev=0.01),
            name=f"{self.next_name()}_head",
        )
        x = convolution(x)
        if self.objectness_prior is not None:
            bias = convolution.bias.numpy().reshape(len(layer.mask), channels)
            bias[:, 4] = -math.log(1 / self.objectness_prior - 1)
            convolution.bias.assign(bias.reshape(-1))
        self.heads.append(x)
        return x

    def next_name(self) -> str:
        self.convolutions += 1
        return f"conv{self.convolutions:03d}"
