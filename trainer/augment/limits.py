"""The limits of augmentation: every setting in one place, each checked."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

from ..errors import TrainerError


def _limit(default: float, low: float, high: float) -> Any:  # Any: as dataclasses.field is declared
    return field(default=default, metadata={"range": (low, high)})


def _chance(default: float) -> Any:
    return field(default=default, metadata={"range": (0.0, 1.0), "chance": True})


@dataclass(frozen=True)
class Augmentation:
    """How far a training image may differ from its file.

    A *chance* is a probability per image, 0..1; the other settings are strengths.

    Raises:
        TrainerError: a value outside its range.
    """

    # --- where the image lies in the input ---
    flip: float = _chance(0.5)  # chance of mirroring left and right
    scale: float = _limit(0.25, 0.0, 0.9)  # largest change of size, as a fraction: shrinks or enlarges
    enlarge: float = _limit(0.0, 0.0, 4.0)  # largest additional enlargement, as a fraction
    stretch: float = _limit(0.0, 0.0, 0.9)  # largest change of the aspect ratio, as a fraction, either way
    translate: float = _limit(0.1, 0.0, 0.9)  # largest shift in each direction, as a fraction of the input's side
    crop: float = _chance(0.0)  # chance of cropping: a part of the image fills the input alone
    crop_share: float = _limit(0.5, 0.05, 1.0)  # smallest crop, as a fraction of each side of the image
    min_visible: float = _limit(0.25, 0.0, 1.0)  # ignore a box if less than this fraction of it stays visible

    # --- colours: factors from 1 - value to 1 + value ---
    brightness: float = _limit(0.2, 0.0, 1.0)
    contrast: float = _limit(0.2, 0.0, 1.0)
    saturation: float = _limit(0.4, 0.0, 1.0)
    tint: float = _limit(0.05, 0.0, 1.0)  # each colour channel by its own factor
    hue: float = _limit(0.02, 0.0, 0.5)  # largest rotation of the hue, as a fraction of a full turn
    grey: float = _chance(0.0)  # chance of a greyscale image
    infrared: float = _chance(0.0)  # chance of the look of a night camera with its infrared lamp

    # --- degradations by cameras and networks ---
    blur: float = _chance(0.0)  # chance of defocus blur
    blur_sigma: float = _limit(2.0, 0.1, 20.0)  # strongest defocus blur: sigma in pixels of the input
    motion: float = _chance(0.0)  # chance of motion blur
    motion_length: float = _limit(12.0, 2.0, 100.0)  # longest motion blur, in pixels of the input
    noise: float = _chance(0.0)  # chance of noise
    noise_sigma: float = _limit(0.06, 0.001, 1.0)  # strongest noise: sigma as a fraction of a channel's range
    jpeg: float = _chance(0.0)  # chance of another JPEG compression
    jpeg_quality: int = _limit(30, 1, 100)  # lowest JPEG quality

    # --- several images in one ---
    mosaic: float = _chance(0.0)  # chance of a mosaic of four images
    mixup: float = _chance(0.0)  # chance of blending in another image, with its boxes
    copy_paste: float = _chance(0.0)  # chance of pasting an object from another image; needs data with masks
    cutout: float = _chance(0.0)  # chance of grey patches over the image
    cutout_share: float = _limit(0.3, 0.01, 0.9)  # largest side of a patch, as a fraction of the input's side

    # --- the last epochs ---
    close_last: int = _limit(0, 0, 100_000)  # number of epochs at the end with less augmentation
    close: str = "mixing"  # what is switched off then: "mixing" (mosaic, mixup, copy-paste, cutout) or "all"

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            low, high = item.metadata.get("range", (value, value))
            if not low <= value <= high:
                raise TrainerError(f"augment.{item.name} is {value}; expected {low} to {high}")
        if self.close not in ("mixing", "all"):
            raise TrainerError(f"augment.close is {self.close!r}; one of mixing, all")

    @property
    def magnification(self) -> float:
        """How many times larger than in its letterbox an image may be shown, without the effect of ``scale``."""
        return (1 + self.enlarge) / (self.crop_share if self.crop else 1.0)

    def at(self, epoch: int, epochs: int) -> Augmentation:
        """The limits of ``epoch``, counted from 0, of a training of ``epochs``."""
        if not self.close_last or epoch < epochs - self.close_last:
            return self
        return NO_AUGMENTATION if self.close == "all" else replace(self, **_NO_MIXING)


def is_chance(name: str) -> bool:
    """Whether the setting called ``name`` is a probability and not a strength."""
    return any(item.name == name and "chance" in item.metadata for item in fields(Augmentation))


_NO_MIXING: dict[str, Any] = {"mosaic": 0.0, "mixup": 0.0, "copy_paste": 0.0, "cutout": 0.0}
NO_AUGMENTATION = Augmentation(
    flip=0, scale=0, translate=0, brightness=0, contrast=0, saturation=0, tint=0, hue=0, **_NO_MIXING
)
