"""How far augmentation may go: every limit in one place, each checked."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

from ..errors import TrainerError


def _limit(default: float, low: float, high: float) -> Any:
    return field(default=default, metadata={"range": (low, high)})


def _chance(default: float) -> Any:
    return field(default=default, metadata={"range": (0.0, 1.0), "chance": True})


@dataclass(frozen=True)
class Augmentation:
    """How far a training image may differ from its file.

    A *chance* is a probability for each image, 0..1; the other values say how strong.

    Raises:
        TrainerError: a value outside its range.
    """

    # --- where the image lies in the input ---
    flip: float = _chance(0.5)  # chance of mirroring left and right
    scale: float = _limit(0.25, 0.0, 0.9)  # shrunk or enlarged by up to this share
    enlarge: float = _limit(0.0, 0.0, 4.0)  # and enlarged by up to this share more
    stretch: float = _limit(0.0, 0.0, 0.9)  # width over height changed by up to this share, either way
    translate: float = _limit(0.1, 0.0, 0.9)  # moved by up to this share of the input's side, each way
    crop: float = _chance(0.0)  # chance that a part of the image is cut out and fills the input alone
    crop_share: float = _limit(0.5, 0.05, 1.0)  # of each side of the image at least this share is kept then
    min_visible: float = _limit(0.25, 0.0, 1.0)  # a box of which less than this share is left is only ignored

    # --- colours: factors from 1 - value to 1 + value ---
    brightness: float = _limit(0.2, 0.0, 1.0)
    contrast: float = _limit(0.2, 0.0, 1.0)
    saturation: float = _limit(0.4, 0.0, 1.0)
    tint: float = _limit(0.05, 0.0, 1.0)  # of each colour channel for itself
    hue: float = _limit(0.02, 0.0, 0.5)  # colours turned about grey by up to this share of a full turn
    grey: float = _chance(0.0)  # chance of no colour at all
    infrared: float = _chance(0.0)  # chance of the look of a night camera beside its infrared lamp

    # --- what cameras and networks do to images ---
    blur: float = _chance(0.0)  # chance of being out of focus
    blur_sigma: float = _limit(2.0, 0.1, 20.0)  # pixels of the input, at most
    motion: float = _chance(0.0)  # chance of being smeared along a line
    motion_length: float = _limit(12.0, 2.0, 100.0)  # pixels of the input, at most
    noise: float = _chance(0.0)  # chance of grain
    noise_sigma: float = _limit(0.06, 0.001, 1.0)  # of a channel's range, at most
    jpeg: float = _chance(0.0)  # chance of being compressed once more
    jpeg_quality: int = _limit(30, 1, 100)  # at worst

    # --- several images in one ---
    mosaic: float = _chance(0.0)  # chance of four images in one, each in its part
    mixup: float = _chance(0.0)  # chance of another image shining through, with its boxes
    copy_paste: float = _chance(0.0)  # chance of somebody from another image; needs data with masks
    cutout: float = _chance(0.0)  # chance of grey patches over the image
    cutout_share: float = _limit(0.3, 0.01, 0.9)  # of the input's side, a patch's largest side

    # --- the last epochs ---
    close_last: int = _limit(0, 0, 100_000)  # so many at the end without ...
    close: str = "mixing"  # ... "mixing" (mosaic, mixup, copy-paste, cutout) or without "all" augmentation

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
        """How many times larger than in its letterbox an image may be shown, apart from what ``scale`` adds."""
        return (1 + self.enlarge) / (self.crop_share if self.crop else 1.0)

    def at(self, epoch: int, epochs: int) -> Augmentation:
        """The limits of ``epoch``, counted from 0, of a training of ``epochs``."""
        if not self.close_last or epoch < epochs - self.close_last:
            return self
        return NO_AUGMENTATION if self.close == "all" else replace(self, **_NO_MIXING)


def is_chance(name: str) -> bool:
    """Whether the limit called ``name`` is a probability and not a strength."""
    return any(item.name == name and "chance" in item.metadata for item in fields(Augmentation))


_NO_MIXING = {"mosaic": 0.0, "mixup": 0.0, "copy_paste": 0.0, "cutout": 0.0}
NO_AUGMENTATION = Augmentation(
    flip=0, scale=0, translate=0, brightness=0, contrast=0, saturation=0, tint=0, hue=0, **_NO_MIXING
)
