"""How detection is learned: a network with YOLOv3 heads, its loss, and the boxes of a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Optional

import keras
import numpy as np
from PIL import Image

from ...annotate import GROUND_TRUTH_COLOUR, IGNORE_COLOUR, draw_box
from ...errors import TrainerError
from ...examples.annotations import ViewAnnotations
from ...examples.example import ExampleSet
from ...feeding.target_rows import GROUND_TRUTH, GROUND_TRUTHS, IGNORE, BatchTargets, box_targets
from ...loss.terms import MODERN_SCALE_X_Y, TERMS, loss_terms
from ...models.transfer import chosen_loss, start_from
from ...network.anchors import best_possible_recall, box_sizes, cluster_anchors, mean_best_iou
from ...network.architectures import architecture, spec_of
from ...network.build import build_network
from ...network.darknet_detector import with_head
from ...network.spec import ModelNetwork, ModelSpec
from ...network.tensors import Tensor
from ..task import Learning, NetworkRequest


class DetectLearning(Learning):
    """Implements ``Learning`` for boxes."""

    terms = TERMS

    def check(self, sources: Sequence[ExampleSet], classes: Sequence[str]) -> None:
        """Implement ``Learning.check``."""
        if not any(examples.box_count for examples in sources):
            where = " + ".join(examples.source for examples in sources)
            images = sum(len(examples.examples) for examples in sources)
            raise TrainerError(f"{where}: no box of {', '.join(classes)} in {images} images")

    def chosen_loss(self, loss: str, weights: Optional[str]) -> str:
        """Implement ``Learning.chosen_loss``: "auto" is darknet's loss for weights in darknet's format."""
        return chosen_loss(loss, weights)

    def fresh(self, train: ExampleSet, request: NetworkRequest) -> ModelNetwork:
        """Implement ``Learning.fresh``."""
        plan, anchors = architecture(request.model), None
        if request.anchors == "data" or (request.anchors == "auto" and request.weights is None):
            anchors = cluster_anchors(box_sizes(train, request.size), len(plan.anchors))
        spec = spec_of(plan, request.model, request.size, train.classes, train.category_ids, anchors)
        if request.loss == "modern" and request.weights is None:
            spec = with_head(spec, scale_x_y=(MODERN_SCALE_X_Y,) * len(spec.yolo_head.masks))
        spec = replace(spec, classes_from=request.classes_from)
        network = self.build(spec, request.batch_norm_momentum, request.objectness_prior)
        if request.weights is not None:
            keep_anchors = request.anchors != "auto"
            spec = start_from(network, spec, request.weights, keep_anchors, request.new_classes_from)
        return ModelNetwork(network, spec)

    def build(
        self,
        spec: ModelSpec,
        batch_norm_momentum: float,
        objectness_prior: Optional[float] = None,
        any_size: bool = False,
    ) -> keras.Model:
        """Implement ``Learning.build``."""
        return build_network(spec, batch_norm_momentum, objectness_prior, any_size)

    def describe(self, train: ExampleSet, network: keras.Model, spec: ModelSpec) -> str:
        """Implement ``Learning.describe``."""
        sizes = box_sizes(train, spec.size)
        return (
            f"{spec.model}, {network.count_params():,} weights, {spec.size}x{spec.size}; anchors: mean IoU "
            f"{mean_best_iou(sizes, spec.yolo_head.anchors):.2f}, "
            f"best possible recall {best_possible_recall(sizes, spec.yolo_head.anchors):.2f}"
        )

    def targets(self, images: Sequence[ViewAnnotations], side: int) -> BatchTargets:
        """Implement ``Learning.targets``."""
        return box_targets(images, side)

    def loss_terms(self, outputs: Tensor, targets: Mapping[str, Tensor], spec: ModelSpec, loss: str) -> dict[str, Any]:
        """Implement ``Learning.loss_terms``."""
        return loss_terms(outputs, targets[GROUND_TRUTHS], spec, loss)

    def draw_targets(self, image: Image.Image, targets: Mapping[str, np.ndarray]) -> None:
        """Implement ``Learning.draw_targets``."""
        for x, y, width, height, kind, _ in targets[GROUND_TRUTHS]:
            if kind in (GROUND_TRUTH, IGNORE):
                box = np.array([x - width / 2, y - height / 2, width, height]) * image.width
                draw_box(image, box, GROUND_TRUTH_COLOUR if kind == GROUND_TRUTH else IGNORE_COLOUR)
