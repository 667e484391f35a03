"""The doctor's sheets of augmented pictures."""

from __future__ import annotations

from pathlib import Path

from ..augment import Augmentation
from ..examples.readers import examples_of
from .augment_sheets import PARTNERS, each_sheet, spread, training_sheet
from .examine import Examination
from .output import write_picture

AUGMENTED, EACH_AUGMENTATION = "augmented.jpg", "augmentations.jpg"


def write_augment_sheets(out: Path, seen: Examination, limits: Augmentation, count: int, seed: int) -> tuple:
    """Write ``augmented.jpg``, ``count`` training pictures, and ``augmentations.jpg``, each augmentation alone.

    Returns:
        The two paths.

    Raises:
        TrainerError: a picture cannot be read, or the folder not be written, or it is one of the data's own.
        FormatError: a record without the box of the policy.
    """
    examples = examples_of(seen.labels, seen.labels.category_names, seen.policy, masks=True)
    some = spread(examples, count + PARTNERS)
    return (
        write_picture(out, AUGMENTED, training_sheet(some, limits, count, seen.size, seed), seen),
        write_picture(out, EACH_AUGMENTATION, each_sheet(some, limits, seen.size, seed), seen),
    )
