"""Random darknet networks, and the heads that OpenCV and numpy compute for them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from trainer.network.decode import as_heads

from . import numpy_darknet
from .cfgs import NET

# Of |difference| over the head's standard deviation. Measured: 1.5e-5 against OpenCV; the smallest known mistake, a
# batch normalisation's epsilon of 1e-3, makes 4e-4 on these weights.
BOUND = 1e-4


def write_random_weights(path, network, seed=0):
    """A darknet weight file for ``network``; batch normalisations far from the identity."""
    rng = np.random.default_rng(seed)
    parts = [np.array([0, 2, 5], "<i4").tobytes(), np.array([0], "<i8").tobytes()]
    for layer in sorted(network.layers, key=lambda layer: layer.name):
        if not hasattr(layer, "kernel"):
            continue
        height, width, inputs, outputs = layer.kernel.shape
        if layer.__class__.__name__ == "DepthwiseConv2D":
            inputs, outputs = 1, inputs
        parts.append(rng.normal(0, 0.2, outputs))
        if not layer.use_bias:
            parts += [rng.uniform(0.5, 1.5, outputs), rng.normal(0, 0.2, outputs), rng.uniform(0.2, 2, outputs)]
        parts.append(rng.normal(0, 1.4 / np.sqrt(inputs * height * width), outputs * inputs * height * width))
    path.write_bytes(b"".join(p if isinstance(p, bytes) else p.astype("<f4").tobytes() for p in parts))


def darknet_files(folder, text, size, seed=0, **options):
    """Write net.cfg and net.weights; returns MODEL, the pixels and the heads that numpy gets for them."""
    text = text if text.startswith("[net]") else NET.format(size=size) + text
    pixels = np.random.default_rng(seed).uniform(0, 1, (size, size, 3)).astype(np.float32)
    weights, heads = numpy_darknet.run(text, pixels, seed, **options)
    (folder / "net.cfg").write_text(text)
    (folder / "net.weights").write_bytes(weights)
    return f"{folder}/net.cfg,{folder}/net.weights", pixels, heads


def opencv_heads(model, pixels):
    cv2 = pytest.importorskip("cv2")
    cfg, weights = model.split(",")
    network = cv2.dnn.readNetFromDarknet(cfg, weights)
    network.setInput(pixels.transpose(2, 0, 1)[None])
    kinds = [kind for kind, _ in numpy_darknet.sections(Path(cfg).read_text())[1:]]
    names = [f"conv_{index - 1}" for index, kind in enumerate(kinds) if kind == "yolo"]
    return [network.forward(name)[0].transpose(1, 2, 0) for name in names]


def assert_same(heads, expected, spread=(0.05, 50), bound=BOUND):
    heads = as_heads(heads)
    assert len(heads) == len(expected)
    for head, other in zip(heads, expected):
        head = np.asarray(head)[0]
        assert head.shape == other.shape
        assert spread[0] < other.std() < spread[1]  # else the bound says nothing
        assert np.abs(head - other).max() / other.std() < bound
