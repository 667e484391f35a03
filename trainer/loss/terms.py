"""The losses of YOLOv3 as named terms. Both read darknet's decode, so weights trained by either run in darknet.

``darknet``: the loss whose gradient is minus darknet's ``delta``. Darknet never computes its value, only the
gradient. All terms are sums, the box terms of small objects have more weight (2 - w * h), and every prediction that
overlaps *any* object of the image beyond the threshold is left out of the background, whichever head made it.

``modern``: complete IoU for the box, objectness that predicts the IoU of its box, and several anchors and cells per
object (``assign.modern_targets``). Fresh heads use ``MODERN_SCALE_X_Y`` so that the neighbouring cells reach the
centre; the factor is darknet's own ``scale_x_y``, written into the exported .cfg.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Union

from ..errors import TrainerError
from ..network.decode import CENTRE, CLASSES, OBJECT, SIZE, as_heads, decode_boxes, predictions
from ..network.spec import ModelSpec
from ..network.tensors import Tensor, ops
from .assign import Targets, darknet_targets, modern_targets
from .overlap import iou_and_ciou, overlaps_any

TERMS = {
    "darknet": ("centre", "size", "object", "background", "class"),
    "modern": ("box", "object", "background", "class"),
}
MODERN_SCALE_X_Y = 2.0
Terms = dict[str, Tensor]
# Weight of the box against the cross-entropies, as in YOLOX (arXiv 2107.08430).
BOX_WEIGHT = 5.0


def loss_terms(heads: Tensor, ground_truths: Tensor, spec: ModelSpec, loss: str = "darknet") -> Terms:
    """The loss of a batch, term by term, summed over its images.

    Args:
        heads: for each head (B, rows, columns, A * (5 + classes)) raw outputs of the network.
        ground_truths: (B, T, 6) of ``ground_truth_rows``: all objects of each image; T is not limited.
        loss: a key of ``TERMS``.

    Returns:
        A float32 scalar for each name in ``TERMS[loss]``.

    Raises:
        TrainerError: ``loss`` is unknown.
    """
    if loss not in TERMS:
        raise TrainerError(f"loss is {loss!r}; expected one of {', '.join(TERMS)}")
    return {"darknet": _darknet_terms, "modern": _modern_terms}[loss](as_heads(heads), ground_truths, spec)


def _darknet_terms(heads: Sequence[Tensor], ground_truths: Tensor, spec: ModelSpec) -> Terms:
    totals: Terms = dict.fromkeys(TERMS["darknet"], 0.0)
    for head, raw in enumerate(heads):
        raw = predictions(raw, spec, head)
        grid = raw.shape[1:3]
        targets = darknet_targets(ground_truths, spec, head, grid)
        boxes = decode_boxes(ops.stop_gradient(raw), spec, head)
        centre_error, size_error = _box_errors(raw, targets, spec, head)
        weight = targets.positive * (2 - targets.boxes[..., 2] * targets.boxes[..., 3])
        terms = {
            "centre": weight[..., None] * centre_error,
            "size": weight[..., None] * size_error,
            "object": targets.positive * cross_entropy(raw[..., OBJECT], 1.0),
            "background": _background(raw, boxes, targets, ground_truths, spec, head),
            "class": targets.positive[..., None] * cross_entropy(raw[..., CLASSES], targets.classes),
        }
        totals = {name: total + ops.sum(terms[name]) for name, total in totals.items()}
    return totals


class _BoxErrors(NamedTuple):
    """Darknet's errors of the centre and of the size, each (B, rows, columns, A, 2)."""

    centre: Tensor
    size: Tensor


def _box_errors(raw: Tensor, targets: Targets, spec: ModelSpec, head: int) -> _BoxErrors:
    rows, columns = raw.shape[1:3]
    cells = ops.convert_to_tensor([columns, rows], "float32")
    place = targets.boxes[..., CENTRE] * cells
    within = place - ops.minimum(ops.floor(place), cells - 1)
    # With scale_x_y = s the centre is s * sigmoid - (s - 1) / 2; this is the sigmoid that gives the target.
    stretch = spec.yolo_head.scale_x_y[head]
    centre = cross_entropy(raw[..., CENTRE], (within + (stretch - 1) / 2) / stretch)
    # 1 where no object is matched: the padding has size 0, whose logarithm is infinite.
    size = ops.where(targets.positive[..., None] > 0, targets.boxes[..., SIZE], 1.0)
    anchors = spec.yolo_head.anchors_of(head) / spec.yolo_head.strides[head]
    return _BoxErrors(centre, 0.5 * ops.square(raw[..., SIZE] - ops.log(size * cells / anchors)))


def _modern_terms(heads: Sequence[Tensor], ground_truths: Tensor, spec: ModelSpec) -> Terms:
    totals: Terms = dict.fromkeys(TERMS["modern"], 0.0)
    positives = 0.0
    for head, raw in enumerate(heads):
        raw = predictions(raw, spec, head)
        targets = modern_targets(ground_truths, spec, head, raw.shape[1:3])
        boxes = decode_boxes(raw, spec, head)
        iou, ciou = iou_and_ciou(boxes, targets.boxes)
        terms = {
            "box": targets.positive * (1 - ciou) * BOX_WEIGHT,
            "object": targets.positive * cross_entropy(raw[..., OBJECT], ops.stop_gradient(iou)),
            "background": _background(raw, ops.stop_gradient(boxes), targets, ground_truths, spec, head),
            "class": targets.positive[..., None] * cross_entropy(raw[..., CLASSES], targets.classes),
        }
        totals = {name: total + ops.sum(terms[name]) for name, total in totals.items()}
        positives = positives + ops.sum(targets.positive)
    # Average over matched cells, times the batch size, so that the step does not grow with the number of objects. A
    # batch with fewer matched cells than images counts as having one per image.
    images = ops.cast(ops.shape(ground_truths)[0], "float32")
    weight = images / ops.maximum(positives, images)
    return {name: total * weight for name, total in totals.items()}


def _background(
    raw: Tensor, boxes: Tensor, targets: Targets, ground_truths: Tensor, spec: ModelSpec, head: int
) -> Tensor:
    """(B, rows, columns, A) cross-entropy with "no object", 0 at matched predictions and those of the ignore rule."""
    near = overlaps_any(boxes, ground_truths, spec.yolo_head.ignore_thresholds[head])
    return (1 - targets.positive) * (1 - near) * cross_entropy(raw[..., OBJECT], 0.0)


def cross_entropy(logits: Tensor, target: Union[Tensor, float]) -> Tensor:
    """Binary cross-entropy of sigmoid(logits); its gradient is sigmoid(logits) - target."""
    return ops.softplus(logits) - logits * target
