"""Darknet's yolo layer restated in plain numpy loops: its ``delta``, minus the gradient of the summed loss.

Written from yolo_layer.c's rules, sharing no code with the trainer, as the referee on random data.
"""

from __future__ import annotations

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def iou(a, b):
    """Of two centre boxes."""
    w = min(a[0] + a[2] / 2, b[0] + b[2] / 2) - max(a[0] - a[2] / 2, b[0] - b[2] / 2)
    h = min(a[1] + a[3] / 2, b[1] + b[3] / 2) - max(a[1] - a[3] / 2, b[1] - b[3] / 2)
    inter = w * h if w > 0 and h > 0 else 0.0
    return inter / (a[2] * a[3] + b[2] * b[3] - inter)


def deltas(logits, ground_truths, labels, anchors, masks, net, threshold, stretch=None):
    """For one image: logits per head (A, 5 + C, H, W) -> delta of the same shape."""
    stretch = stretch or [1.0] * len(masks)
    result = []
    for values, mask, s in zip(logits, masks, stretch):
        values = values.astype(np.float64)
        a_count, channels, height, width = values.shape
        delta = np.zeros_like(values)
        for a in range(a_count):
            for j in range(height):
                for i in range(width):
                    v = values[a, :, j, i]
                    box = (
                        (s * sigmoid(v[0]) - (s - 1) / 2 + i) / width,
                        (s * sigmoid(v[1]) - (s - 1) / 2 + j) / height,
                        np.exp(v[2]) * anchors[mask[a]][0] / net,
                        np.exp(v[3]) * anchors[mask[a]][1] / net,
                    )
                    if max((iou(box, t) for t in ground_truths), default=0) <= threshold:
                        delta[a, 4, j, i] = 0 - sigmoid(v[4])
        for t, label in zip(ground_truths, labels):
            shapes = [iou((0, 0, t[2], t[3]), (0, 0, w / net, h / net)) for w, h in anchors]
            best = int(np.argmax(shapes))
            if best not in list(mask):
                continue
            a = list(mask).index(best)
            i, j = int(t[0] * width), int(t[1] * height)
            v, d = values[a, :, j, i], delta[a, :, j, i]
            scale = 2 - t[2] * t[3]
            d[0] = scale * ((t[0] * width - i + (s - 1) / 2) / s - sigmoid(v[0]))
            d[1] = scale * ((t[1] * height - j + (s - 1) / 2) / s - sigmoid(v[1]))
            d[2] = scale * (np.log(t[2] * net / anchors[best][0]) - v[2])
            d[3] = scale * (np.log(t[3] * net / anchors[best][1]) - v[3])
            d[4] = 1 - sigmoid(v[4])
            first_here = not np.any(d[5:])
            for c in range(channels - 5):
                target = 1.0 if c == label else 0.0
                if first_here:
                    d[5 + c] = target - sigmoid(v[5 + c])
                elif c == label:  # another truth owned this box before: its class stays set
                    d[5 + c] = 1 - sigmoid(v[5 + c])
        result.append(delta)
    return result
