"""What a model of a task gives in the formats of other programs, and how far a file may differ from Keras."""

from __future__ import annotations

import abc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from PIL import Image

from ..network.spec import ModelSpec
from ..runtimes.exported import ExportedRuntime

if TYPE_CHECKING:
    import keras

    from ..network.tensors import Tensor


class DifferenceRow(TypedDict):
    """An ``OutputDifference`` in JSON."""

    score: float
    box_pixels: float


@dataclass(frozen=True)
class OutputDifference:
    """The largest difference in a score (0..1) and in a box edge (pixels of the network's input)."""

    score: float
    box_pixels: float

    def within(self, bound: OutputDifference) -> bool:
        """Whether neither number exceeds that of the ``bound``."""
        return self.score <= bound.score and self.box_pixels <= bound.box_pixels

    def to_json(self) -> DifferenceRow:
        """Convert to JSON."""
        return {"score": self.score, "box_pixels": self.box_pixels}


class HeadDescription(NamedTuple):
    """What a card says about a model's head: ``values`` for programs, ``text`` in Markdown for people."""

    values: dict[str, object]
    text: str


class Exporting(abc.ABC):
    """What a model of the task gives in the formats of other programs.

    Attributes:
        outputs: what a file can give, names of ``runtimes.exported.OUTPUTS``, each described for the card.
    """

    outputs: Mapping[str, str]

    @abc.abstractmethod
    def named_outputs(self, outputs: Tensor, spec: ModelSpec, output: str) -> dict[str, Tensor]:
        """The outputs of the file by their names there, of those of the network; in the graph."""

    @abc.abstractmethod
    def largest_difference(
        self, network: keras.Model, spec: ModelSpec, runtime: ExportedRuntime, images: Sequence[Image.Image]
    ) -> OutputDifference:
        """Compare the file in its runtime with Keras on ``images``."""

    @abc.abstractmethod
    def describe_head(self, spec: ModelSpec) -> HeadDescription:
        """What a program that reads the raw outputs has to know."""
