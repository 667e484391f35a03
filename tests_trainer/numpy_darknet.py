"""Darknet's forward pass restated in plain numpy, straight from a .cfg text, with weights made up on the way.

Written from parser.c and the layers' .c files; shares no code with the trainer, its reader of .cfg included.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

ACTIVATIONS = {
    "linear": lambda x: x,
    "leaky": lambda x: np.where(x > 0, x, 0.1 * x),
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "logistic": lambda x: 1 / (1 + np.exp(-x)),
    "swish": lambda x: x / (1 + np.exp(-x)),
    "mish": lambda x: x * np.tanh(np.log1p(np.exp(x))),
    "tanh": np.tanh,
    "elu": lambda x: np.where(x >= 0, x, np.expm1(np.minimum(x, 0))),
    "selu": lambda x: 1.0507 * np.where(x >= 0, x, 1.6732 * np.expm1(np.minimum(x, 0))),
}


def sections(text):
    found = []
    for line in text.splitlines():
        line = line.split("#")[0].split(";")[0].replace(" ", "").replace("\t", "")
        if line.startswith("["):
            found.append((line[1:-1], {}))
        elif line:
            key, value = line.split("=")
            found[-1][1][key] = value
    return found


def run(text, pixels, seed=0, version=(0, 2, 5)):
    """(H, W, 3) pixels through the network of ``text`` -> (content of a weight file, raw heads as (h, w, channels)).

    Kernels are drawn, and batch normalisations given the statistics of what they see, off by a little: activations
    keep their size through any depth.
    """
    rng = np.random.default_rng(seed)
    seen = np.array([77], "<u8" if version[0] * 10 + version[1] >= 2 else "<u4").tobytes()
    file = [np.array(version, "<i4").tobytes(), seen]
    x = pixels.astype(np.float64).transpose(2, 0, 1)
    outputs, heads = [], []
    for kind, options in sections(text)[1:]:
        number = lambda key, default, options=options: int(options.get(key, default))  # noqa: E731
        sources = [
            outputs[int(index) if int(index) >= 0 else len(outputs) + int(index)]
            for index in (options.get("layers") or options.get("from") or "").split(",")
            if index
        ]
        if kind == "convolutional":
            x = convolutional(x, options, number, rng, file)
        elif kind == "maxpool":
            stride = number("stride", 1)
            size = number("size", stride)
            x = maxpool(x, size, stride, number("padding", size - 1))
        elif kind == "avgpool":
            x = x.mean(axis=(1, 2), keepdims=True)
        elif kind == "upsample":
            x = x.repeat(number("stride", 2), axis=1).repeat(number("stride", 2), axis=2)
        elif kind == "route":
            groups, part = number("groups", 1), number("group_id", 0)
            x = np.concatenate([np.split(source, groups)[part] for source in sources])
        elif kind == "shortcut":
            x = x.copy()
            for source in sources:
                shared = min(len(x), len(source))
                x[:shared] += source[:shared]
            x = ACTIVATIONS[options.get("activation", "linear")](x)
        elif kind == "scale_channels":
            x = ACTIVATIONS[options.get("activation", "linear")](sources[0] * x)
        elif kind == "yolo":
            heads.append(x.transpose(1, 2, 0))
        else:
            assert kind == "dropout", kind
        outputs.append(x)
    return b"".join(file), heads


def convolutional(x, options, number, rng, file):
    filters, size, stride = number("filters", 1), number("size", 1), number("stride", 1)
    groups, dilation = number("groups", 1), number("dilation", 1) if size > 1 else 1
    padding = size // 2 if number("pad", 0) else number("padding", 0)
    kernel = rng.normal(0, 1 / np.sqrt(len(x) / groups * size * size), (filters, len(x) // groups, size, size))
    kernel = kernel.astype(np.float32)
    y = convolve(x, kernel, stride, padding * dilation, dilation, groups)
    bias = rng.normal(0, 1, filters).astype(np.float32)
    parts = [bias]
    if number("batch_normalize", 0):
        gamma = rng.uniform(0.5, 1, filters).astype(np.float32)
        mean = (y.mean(axis=(1, 2)) + rng.normal(0, 0.1, filters)).astype(np.float32)
        variance = (y.var(axis=(1, 2)) * rng.uniform(0.7, 1.4, filters) + 0.5).astype(np.float32)
        parts += [gamma, mean, variance]
        y = (y - mean[:, None, None]) / np.sqrt(variance[:, None, None] + 1e-5) * gamma[:, None, None]
    file += [part.astype("<f4").tobytes() for part in (*parts, kernel)]
    return ACTIVATIONS[options.get("activation", "logistic")](y + bias[:, None, None])


def convolve(x, kernel, stride, margin, dilation, groups):
    reach = dilation * (kernel.shape[2] - 1) + 1
    padded = np.pad(x, ((0, 0), (margin, margin), (margin, margin)))
    seen = sliding_window_view(padded, (reach, reach), axis=(1, 2))
    seen = seen[:, ::stride, ::stride, ::dilation, ::dilation]
    if groups == len(x) == len(kernel):
        return np.einsum("cyxkl,ckl->cyx", seen, kernel[:, 0])
    results = [
        np.tensordot(weights, part, axes=([1, 2, 3], [0, 3, 4]))
        for weights, part in zip(np.split(kernel, groups), np.split(seen, groups))
    ]
    return np.concatenate(results)


def maxpool(x, size, stride, padding):
    before = padding // 2
    margins = (before, padding - before)
    padded = np.pad(x, ((0, 0), margins, margins), constant_values=-np.inf)
    return sliding_window_view(padded, (size, size), axis=(1, 2))[:, ::stride, ::stride].max(axis=(3, 4))
