"""Both rules of assignment restated in plain loops, one truth, head, anchor and cell at a time; shares no code."""

from __future__ import annotations

import numpy as np


def shape_iou(a, b):
    overlap = min(a[0], b[0]) * min(a[1], b[1])
    return overlap / (a[0] * a[1] + b[0] * b[1] - overlap)


def best_anchor(size, anchors):
    shapes = [shape_iou(size, anchor) for anchor in anchors]
    return shapes.index(max(shapes))


def darknet(boxes, labels, spec, head):
    """{(row, column, slot): (index of the object, set of classes)}."""
    grid, answers = spec.size // spec.head.strides[head], {}
    for number, ((x, y, w, h), label) in enumerate(zip(boxes, labels)):
        best = best_anchor((w * spec.size, h * spec.size), spec.head.anchors)
        for slot, anchor in enumerate(spec.head.masks[head]):
            if anchor == best:
                place = (min(int(y * grid), grid - 1), min(int(x * grid), grid - 1), slot)
                _, classes = answers.get(place, (None, set()))
                answers[place] = (number, classes | {label})
    return answers


def modern(boxes, labels, spec, head):
    """{(row, column, slot): (index of the object, {its class})}."""
    grid, strongest = spec.size // spec.head.strides[head], {}
    reach = min((spec.head.scale_x_y[head] - 1) / 2, 0.5)
    for number, (x, y, w, h) in enumerate(boxes):
        size = (w * spec.size, h * spec.size)
        best = best_anchor(size, spec.head.anchors)
        for slot, anchor in enumerate(spec.head.masks[head]):
            sides = [size[axis] / spec.head.anchors[anchor][axis] for axis in range(2)]
            if anchor != best and not all(1 / 4 < side < 4 for side in sides):
                continue
            for row, column, home in cells(x * grid, y * grid, grid, reach):
                claim = (home, shape_iou(size, spec.head.anchors[anchor]), -number)
                place = (row, column, slot)
                if place not in strongest or claim > strongest[place]:
                    strongest[place] = claim
    return {place: (-claim[2], {labels[-claim[2]]}) for place, claim in strongest.items()}


def cells(x, y, grid, reach):
    """The cell of the centre, and the neighbours across its nearer edges that reach it: (row, column, home)."""
    i, j = min(int(x), grid - 1), min(int(y), grid - 1)
    found = [(j, i, True)]
    if x - i < reach and i > 0:
        found.append((j, i - 1, False))
    if i + 1 - x < reach and i + 1 < grid:
        found.append((j, i + 1, False))
    if y - j < reach and j > 0:
        found.append((j - 1, i, False))
    if j + 1 - y < reach and j + 1 < grid:
        found.append((j + 1, i, False))
    return found


def dense(answers, spec, head):
    """The answers as arrays: positive (g, g, A), index of the object, multi-hot classes."""
    grid = spec.size // spec.head.strides[head]
    shape = (grid, grid, len(spec.head.masks[head]))
    positive, owner = np.zeros(shape), np.zeros(shape, int)
    classes = np.zeros((*shape, len(spec.classes)))
    for place, (number, labels) in answers.items():
        positive[place], owner[place] = 1, number
        classes[place][list(labels)] = 1
    return positive, owner, classes
