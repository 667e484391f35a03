"""Sheets of augmented images: training images as the network sees them, and each augmentation alone, named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from shared_format.boxes import xyxy_to_xywh

from ..annotate import GROUND_TRUTH_COLOUR, IGNORE_COLOUR, caption, draw_box, sheet
from ..augment import (
    NO_AUGMENTATION,
    Augmentation,
    Composition,
    can_be_pasted,
    draw_composition,
    is_chance,
    training_view,
)
from ..examples.example import Example, ExampleSet
from ..examples.images import checked
from ..examples.readers import examples_of
from ..feeding.cache import DecodedCache
from ..feeding.mixing import Source
from ..feeding.stream import TrainingStream
from .examine import Examination
from .output import write_image

# Every augmentation, with the strength that is shown if the limits disable it. Chances are set to 1.
EACH = {
    "flip": 1.0,
    "scale": 0.5,
    "enlarge": 1.0,
    "stretch": 0.5,
    "translate": 0.25,
    "crop": 1.0,
    "brightness": 0.5,
    "contrast": 0.5,
    "saturation": 0.9,
    "tint": 0.2,
    "hue": 0.1,
    "grey": 1.0,
    "infrared": 1.0,
    "blur": 1.0,
    "motion": 1.0,
    "noise": 1.0,
    "jpeg": 1.0,
    "cutout": 1.0,
    "mosaic": 1.0,
    "mixup": 1.0,
    "copy_paste": 1.0,
}
PARTNERS = 12  # images to choose from, in addition to those that are shown
MOST_NAMED = 20  # boxes of an image that have their class written on them
_COLUMNS = 6
AUGMENTED, EACH_AUGMENTATION = "augmented.jpg", "augmentations.jpg"


def write_augment_sheets(
    out: Path, seen: Examination, limits: Augmentation, count: int, seed: int
) -> tuple[Path, Path]:
    """Write ``augmented.jpg``, ``count`` training images, and ``augmentations.jpg``, each augmentation alone.

    Returns:
        The two paths.

    Raises:
        TrainerError: an image cannot be read, or the folder not be written, or it is one of the data's own.
        FormatError: a record without the box of the policy.
    """
    examples = examples_of(seen.labels, seen.labels.category_names, seen.policy, masks=True)
    some = spread(examples, count + PARTNERS)
    return (
        write_image(out, AUGMENTED, training_sheet(some, limits, count, seen.size, seed), seen),
        write_image(out, EACH_AUGMENTATION, each_sheet(some, limits, seen.size, seed), seen),
    )


def spread(examples: ExampleSet, count: int) -> ExampleSet:
    """Up to ``count`` of the examples, evenly spread, their images checked. Raises TrainerError."""
    places = np.linspace(0, len(examples.examples) - 1, min(len(examples.examples), count))
    return checked(replace(examples, examples=tuple(examples.examples[round(place)] for place in places)))


def training_sheet(examples: ExampleSet, limits: Augmentation, count: int, size: int, seed: int) -> Image.Image:
    """The first ``count`` training images of a training with this seed; ignored objects are grey."""
    stream = TrainingStream([Source(examples)], limits, seed, images=max(count, len(examples.examples)))
    order = stream.order(0)
    tiles = [
        _tile(
            examples, stream.composition(order, 0, number), size, limits, np.random.default_rng(stream.seed(0, number))
        )
        for number in range(count)
    ]
    return sheet([image for image, _ in tiles], tile=size)


def _shown_objects(example: Example) -> int:
    """How many labelled objects an image has; each ignored one counts against it twice."""
    ignored = int(example.annotations.ignore.sum())
    return len(example.annotations) - ignored - 2 * ignored


def each_sheet(examples: ExampleSet, limits: Augmentation, size: int, seed: int) -> Image.Image:
    """One image as it is, and with each augmentation alone, with its name and the sampled value."""
    images = examples.examples
    donors = [example for example in images if can_be_pasted(example).any()]
    # The most informative image: many labelled objects, and none that is ignored.
    shown = max(images, key=_shown_objects)
    tiles = []
    for number, name in enumerate(["as it is", *EACH]):
        if name == "copy_paste" and not donors:
            continue
        alone = replace(limits, **_only(name, limits))
        rng = np.random.default_rng([seed, number])
        composition = draw_composition(
            shown,
            partner=lambda rng=rng: images[rng.integers(len(images))],
            donor=lambda rng=rng: donors[rng.integers(len(donors))],
            limits=alone,
            rng=rng,
        )
        image, done = _tile(examples, composition, size, alone, rng)
        tiles.append(caption(image, _title(name, ", ".join(done))))
    return sheet(tiles, columns=_COLUMNS, tile=size)


def _title(name: str, done: str) -> str:
    """The augmentation's name, and the sampled value if that does not name it already."""
    if not done or name in done:
        return done or name
    return f"{name}: {done}"


def _only(name: str, limits: Augmentation) -> dict[str, object]:
    """The values that enable only the augmentation called ``name``."""
    nothing = {each: getattr(NO_AUGMENTATION, each) for each in EACH}
    if name not in EACH:
        return nothing
    return {**nothing, name: EACH[name] if is_chance(name) else getattr(limits, name) or EACH[name]}


def _tile(
    examples: ExampleSet, composition: Composition, size: int, limits: Augmentation, rng: np.random.Generator
) -> tuple[Image.Image, list[str]]:
    """One training image with its labelled objects, and a description of each augmentation that was applied."""
    view, done = training_view(composition, size, limits, rng, DecodedCache(size).decode)
    image = Image.fromarray(view.pixels)
    # A single class needs no name on every box, and in a crowd names would hide the image.
    objects = view.annotations
    named = len(examples.classes) > 1 and len(objects) <= MOST_NAMED
    for box, label, ignore in zip(xyxy_to_xywh(objects.boxes), objects.labels, objects.ignore):
        name = str(examples.classes[int(label)]) if named else ""
        draw_box(image, box, IGNORE_COLOUR if ignore else GROUND_TRUTH_COLOUR, name)
    return image, done
