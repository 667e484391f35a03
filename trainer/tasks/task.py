"""What a task is: the interface between the machinery of training and scoring, and what is learned.

The loop, mixing, resuming, stages, several validation sets, the report's frame and the export's runner know only
this interface. A task has four parts, and a fifth if its models can be exported. They are imported when they are first
asked for: an exported file is used without Keras, and a training without the pages of reports.
"""

from __future__ import annotations

import abc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Optional, TypeVar, Union

import numpy as np
from PIL import Image

from ..detection.thresholds import Suppression
from ..errors import TrainerError
from ..examples.annotations import Carried, ViewAnnotations
from ..examples.example import ExampleSet
from ..feeding.target_rows import BatchTargets
from ..formats.class_rules import ClassRules
from ..formats.skeletons import Skeleton
from ..metrics.attributes import Attributes
from ..models.files import LoadedModel
from ..network.spec import ModelNetwork, ModelSpec
from ..runtimes import Runtime

if TYPE_CHECKING:
    import keras

    from ..detection.labelled import Change
    from ..metrics.analysis import AnalysisRequest
    from ..network.tensors import Tensor
    from ..report.frame import Evaluation
    from .exporting import Exporting

PredictionT = TypeVar("PredictionT")
# A task's own numbers, as they go into JSON. Any: each task has metrics of its own.
Scores = Mapping[str, Any]


@dataclass(frozen=True)
class NetworkRequest:
    """The settings that a fresh network depends on.

    Attributes:
        model: name of a built-in architecture, or a darknet ``FILE.cfg``. size: side of the input, pixels.
        weights: MODEL to start from, or None. classes_from: how the classes were chosen, or None.
        anchors, new_classes_from, loss, batch_norm_momentum, objectness_prior: as the settings of a training.
    """

    model: str
    size: int
    weights: Optional[str]
    classes_from: Optional[ClassRules]
    anchors: str
    new_classes_from: str
    loss: str
    batch_norm_momentum: float
    objectness_prior: float


class Learning(abc.ABC):
    """How a network learns the task.

    Attributes:
        terms: the names of the loss's terms, for each loss that can be asked for.
    """

    terms: Mapping[str, tuple[str, ...]]

    @abc.abstractmethod
    def check(self, sources: Sequence[ExampleSet], classes: Sequence[str]) -> None:
        """Raise TrainerError if there is nothing to learn from."""

    @abc.abstractmethod
    def chosen_loss(self, loss: str, weights: Optional[str]) -> str:
        """The loss for the setting ``loss``, one of ``Task.losses`` or "auto"."""

    @abc.abstractmethod
    def fresh(self, train: ExampleSet, request: NetworkRequest) -> ModelNetwork:
        """The network to train and its spec: fresh, or with the weights of another model. Raises TrainerError."""

    @abc.abstractmethod
    def build(
        self,
        spec: ModelSpec,
        batch_norm_momentum: float,
        objectness_prior: Optional[float] = None,
        any_size: bool = False,
    ) -> keras.Model:
        """The untrained network of ``spec``; ``any_size`` leaves rows and columns of the input open."""

    @abc.abstractmethod
    def describe(self, train: ExampleSet, network: keras.Model, spec: ModelSpec) -> str:
        """One line about the network, and how well it fits the training data."""

    @abc.abstractmethod
    def targets(self, images: Sequence[ViewAnnotations], side: int) -> BatchTargets:
        """What is to be learned of a batch: arrays by name. Uses no Keras; input ``side`` in pixels."""

    @abc.abstractmethod
    def loss_terms(self, outputs: Tensor, targets: Mapping[str, Tensor], spec: ModelSpec, loss: str) -> dict[str, Any]:
        """The loss of a batch summed over its images: a scalar for each name in ``terms[loss]``; in the graph.

        Any: a scalar tensor of Keras's backend.
        """

    @abc.abstractmethod
    def draw_targets(self, image: Image.Image, targets: Mapping[str, np.ndarray]) -> None:
        """Draw the targets of one image, those of its row of the batch, on it, in place."""


class Predicting(abc.ABC, Generic[PredictionT]):
    """How a network's outputs become predictions for an image.

    Attributes:
        finds_boxes: whether predictions are boxes, of which those that overlap are reduced (``suppressing``).
    """

    finds_boxes: bool = False

    @abc.abstractmethod
    def predictor(self, network: Union[keras.Model, Runtime], spec: ModelSpec, batch: Optional[int] = None) -> Any:
        """The model ready to use on images of any size. Any: each task has a predictor of its own."""

    def suppressing(self, predictor: Any, nms: Suppression) -> Any:
        """The predictor, reducing boxes that overlap as ``nms`` says. A task without boxes need not implement it.

        Raises:
            TrainerError: the task has no boxes, and ``nms`` is not the default.
        """
        if nms != Suppression():
            raise TrainerError("--nms and --suppression are for boxes that overlap; models of this task find no boxes")
        return predictor

    def for_classes(self, model: LoadedModel, classes: Sequence[str], size: Optional[int]) -> LoadedModel:
        """The model with only ``classes``, in their order, and an input of ``size`` pixels, or its own for None.

        A task whose models can change neither need not implement it.

        Raises:
            TrainerError: the model cannot be changed so.
        """
        spec = model.spec
        if tuple(classes) != spec.classes or size not in (None, spec.size):
            raise TrainerError(
                f"{spec.model}: asked for {', '.join(classes)} at {size or spec.size} pixels; a model for the task "
                f"{spec.task} is scored in all its classes, {', '.join(spec.classes)}, at {spec.size} pixels"
            )
        return model

    @abc.abstractmethod
    def predict_examples(
        self,
        predictor: Any,  # one of ``predictor``
        examples: ExampleSet,
        show: bool = True,
        lowest: Optional[float] = None,
        change: Optional[Change] = None,
        label: str = "evaluating",
    ) -> list[PredictionT]:
        """The prediction for every example, in order, in pixels of its image and in the examples' classes.

        Args:
            show: whether progress is shown.
            lowest: predictions of a lower confidence are left out; None: none that the metrics count.
            change: applied to each image before, such as a degradation.
        """


class Resampled(NamedTuple):
    """A metric, its value in each of R resamples of the scenes, NaN where it has none, and which models are better."""

    value: Optional[float]
    draws: np.ndarray
    higher_is_better: bool = True


class Scoring(abc.ABC, Generic[PredictionT]):
    """What predictions are worth.

    Attributes:
        columns: the metrics in a training's history. The first decides which epoch is the best, the others break ties.
        text: the metrics in the lines of ``trainer compare``.
        constants: what else a score depends on, by name; reports list it.
    """

    columns: tuple[str, ...]
    text: tuple[str, ...]
    constants: Mapping[str, float]

    @abc.abstractmethod
    def score(self, examples: ExampleSet, predictions: Sequence[PredictionT]) -> Scores:
        """The plain score, with the ``columns`` among it; a metric without ground truth is None."""

    @abc.abstractmethod
    def analyse(
        self,
        examples: ExampleSet,
        predictions: Sequence[PredictionT],
        attributes: Attributes,
        request: AnalysisRequest,
    ) -> Any:
        """Every metric with its interval and slices; its ``metrics`` go to ``metrics.json``. Any: a task's own."""

    @abc.abstractmethod
    def degraded(
        self, examples: ExampleSet, predictions: Sequence[PredictionT], level: float, confidence: Optional[float]
    ) -> Scores:
        """The row of one level of a degradation; ``confidence`` is that of the images as they are."""

    @abc.abstractmethod
    def undegraded(self, metrics: Scores) -> Scores:
        """The row of the images as they are, from their metrics."""

    @abc.abstractmethod
    def summary(self, metrics: Scores) -> dict[str, Optional[float]]:
        """The numbers of a model in the table of several."""

    @abc.abstractmethod
    def resampled(self, analysis: Any) -> dict[str, Resampled]:
        """The metrics that models are compared by, on the resamples that all models share."""

    @abc.abstractmethod
    def curves(self, examples: ExampleSet, predictions: Sequence[PredictionT], analysis: Any) -> dict[str, Any]:
        """Further curves of a model that is compared with others; they join its ``metrics["curves"]``."""

    @abc.abstractmethod
    def table(self, metrics: Scores) -> str:
        """The metrics as lines of text."""

    def rank(self, metrics: Scores) -> tuple[float, ...]:
        """What epochs are compared by; a metric without ground truth counts as 0."""
        return tuple(metrics[name] or 0.0 for name in self.columns)


class Showing(abc.ABC, Generic[PredictionT]):
    """How predictions are shown to people."""

    @abc.abstractmethod
    def sheet(self, examples: ExampleSet, predictions: Sequence[PredictionT]) -> Image.Image:
        """Ground truth beside prediction, for some images."""

    @abc.abstractmethod
    def write_report(self, out: Path, evaluation: Evaluation[Any, Any, PredictionT]) -> Path:
        """Write the page of an evaluation and its files; returns the page. Raises TrainerError."""

    @abc.abstractmethod
    def write_comparison(self, out: Path, compared: Any) -> Path:
        """Write the page of a comparison and its files; returns the page. Raises TrainerError."""


class Task(abc.ABC):
    """One task.

    Attributes:
        name: as ``--task`` takes it and models store it.
        losses: the losses that can be asked for, keys of ``Learning.terms``.
        masks, keypoints: whether labels are read with them.
    """

    name: str
    losses: tuple[str, ...]
    masks: bool = False
    keypoints: bool = False

    def carried(self, skeleton: Optional[Skeleton]) -> Carried:
        """The annotations that every augmentation has to carry, of data with this skeleton."""
        return Carried(self.masks, skeleton if self.keypoints else None)

    @property
    @abc.abstractmethod
    def learning(self) -> Learning:
        """How it is learned."""

    @property
    @abc.abstractmethod
    def predicting(self) -> Predicting[Any]:
        """How a model is used."""

    @property
    @abc.abstractmethod
    def scoring(self) -> Scoring[Any]:
        """How it is scored."""

    @property
    @abc.abstractmethod
    def showing(self) -> Showing[Any]:
        """How it is shown."""

    @property
    def exporting(self) -> Optional[Exporting]:
        """What its models give in other programs' formats; None: they cannot be exported."""
        return None
