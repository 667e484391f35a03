"""`python benchmarks/lying.py MODEL DATA...`: does a detector of postures tell lying people from others?

DATA are images of one person each with the attribute `lying` of the image (1 or yes: the person lies). An image counts
as lying if its most confident detection is of one of the classes `--lying`; an image without a detection is wrong
either way. Balanced accuracy is the mean of the two fractions of correct images, so it does not depend on how many
people of the set lie.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import click

from trainer.cli.options import class_list
from trainer.detection.detector import Detections, Detector
from trainer.examples.images import image_size, load_image
from trainer.examples.readers import open_labels, recognise
from trainer.formats.label_set import Reading
from trainer.models.class_subset import resized
from trainer.models.files import load_model

_YES = ("1", "yes", "true")


@dataclass(frozen=True)
class LyingScore:
    """Counts of images: of people who lie, of others, and how many of each are told correctly."""

    lying: int
    lying_correct: int
    others: int
    others_correct: int

    @property
    def balanced_accuracy(self) -> float:
        """Mean of the fractions of lying people and of others that are told correctly."""
        return (self.lying_correct / self.lying + self.others_correct / self.others) / 2


def best_class(detections: Detections, classes: Sequence[str]) -> Optional[str]:
    """The class of the most confident detection; None without detections."""
    return classes[int(detections.labels[0])] if len(detections.labels) else None


def lying_score(truths: Sequence[bool], answers: Sequence[Optional[str]], lying: Sequence[str]) -> LyingScore:
    """Compare the class of each image's best detection with whether its person lies.

    Raises:
        click.UsageError: no person lies, or all do: there is nothing to tell apart.
    """
    told = list(zip(truths, answers, strict=True))
    down = [answer in lying for truth, answer in told if truth]
    others = [answer is not None and answer not in lying for truth, answer in told if not truth]
    if not down or not others:
        raise click.UsageError(f"{len(down)} images of people who lie and {len(others)} of others; both are needed")
    return LyingScore(len(down), sum(down), len(others), sum(others))


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("model")
@click.argument("data", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--lying", default="lying,fallen", show_default=True, help="Classes of people who lie.")
@click.option("--size", type=int, default=416, show_default=True, help="Side of the network's input.")
def main(model: str, data: tuple[Path, ...], lying: str, size: int) -> None:
    """Print the balanced accuracy of MODEL on each DATA, as one JSON object per line."""
    network, spec = load_model(model)
    detector = Detector(*resized(network, spec, size))
    names = class_list(lying, "--lying")
    for path in data:
        labels = open_labels(path, recognise(path), Reading(image_size, masks=False))
        images = list(labels.images)
        truths = [str(one.frame.attributes.get("lying")).casefold() in _YES for one in images]
        found = detector.detect(load_image(one.image) for one in images)
        score = lying_score(truths, [best_class(one, spec.classes) for one in found], names)
        click.echo(json.dumps({"data": path.name, "balanced_accuracy": score.balanced_accuracy, **vars(score)}))


if __name__ == "__main__":
    main()
