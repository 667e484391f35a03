"""How detection is used: a network with YOLOv3 heads, or an exported file, finds boxes in images of any size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Optional, Union

from ...detection.detector import Detections, Detector
from ...detection.labelled import Change, detect_examples
from ...detection.thresholds import EVALUATION_CONFIDENCE, Suppression
from ...examples.example import ExampleSet
from ...models.class_subset import narrowed, resized
from ...models.files import LoadedModel
from ...network.spec import ModelSpec
from ...runtimes import Runtime
from ..task import Predicting

if TYPE_CHECKING:
    import keras


class DetectPredicting(Predicting[Detections]):
    """Implements ``Predicting`` for boxes."""

    finds_boxes = True

    def predictor(self, network: Union[keras.Model, Runtime], spec: ModelSpec, batch: Optional[int] = None) -> Detector:
        """Implement ``Predicting.predictor``."""
        return Detector(network, spec, batch)

    def suppressing(self, predictor: Detector, nms: Suppression) -> Detector:
        """Implement ``Predicting.suppressing``."""
        return Detector(predictor.network, predictor.spec, predictor.batch, nms)

    def for_classes(self, model: LoadedModel, classes: Sequence[str], size: Optional[int]) -> LoadedModel:
        """Implement ``Predicting.for_classes``: the other class channels are left out."""
        return resized(*narrowed(*model, classes), size)

    def predict_examples(
        self,
        predictor: Detector,
        examples: ExampleSet,
        show: bool = True,
        lowest: Optional[float] = None,
        change: Optional[Change] = None,
        label: str = "evaluating",
    ) -> list[Detections]:
        """Implement ``Predicting.predict_examples``."""
        lowest = EVALUATION_CONFIDENCE if lowest is None else lowest
        return detect_examples(predictor, examples, show, lowest, change, label)
