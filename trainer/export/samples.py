"""Images that verify an exported file, or calibrate it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from ..errors import TrainerError
from ..examples.images import load_image
from ..examples.letterbox import letterboxed
from ..fitting.run_folder import holds_run, read_run
from ..predict.sources import find_sources

VERIFIED, CALIBRATED = 16, 128


class VerificationImages(NamedTuple):
    """Upright RGB images, and whether they are real ones."""

    images: list[Image.Image]
    real: bool


def verification_images(model: str, sources: Sequence[str]) -> VerificationImages:
    """Load images of ``sources``, else of the run folder's validation data; else generate one.

    Raises:
        TrainerError: ``sources`` holds no images.
    """
    names = list(sources) or _validation_data(Path(model))
    if names:
        return VerificationImages(list(_loaded(names, VERIFIED)), True)
    return VerificationImages([_generated_image()], False)


def calibration_inputs(sources: Sequence[str], size: int) -> Iterator[np.ndarray]:
    """Yield (1, size, size, 3) float32 network inputs from the images of ``sources``."""
    for image in _loaded(sources, CALIBRATED):
        yield letterboxed(image, size)[0][None]


def _loaded(names: Sequence[str], most: int) -> Iterator[Image.Image]:
    images = find_sources(names).images
    if not images:
        raise TrainerError(f"{', '.join(names)}: no images; expected an image, a folder, a pattern or DATA")
    step = max(1, len(images) // most)  # evenly from the whole set
    for source in islice(images, 0, step * most, step):
        yield load_image(source.path)


def _validation_data(model: Path) -> list[str]:
    if not holds_run(model):
        return []
    inputs, _ = read_run(model)
    names = [name.partition("=")[2] or name for name in inputs.validation[:1]]
    try:
        find_sources(names)
    except TrainerError:
        return []  # moved since the training
    return names


def _generated_image() -> Image.Image:
    """Noise of 640 x 480 pixels with the spectrum of a photograph: detail at every scale, weaker the finer it is."""
    rng = np.random.default_rng(0)
    total = np.zeros((480, 640, 3))
    for cells in (4, 16, 64, 256):
        noise = Image.fromarray(rng.integers(0, 256, (cells * 3 // 4, cells, 3), dtype=np.uint8))
        total += (np.asarray(noise.resize((640, 480), Image.Resampling.BICUBIC)) - 128.0) / cells**0.4
    return Image.fromarray(np.clip(total + 128, 0, 255).astype(np.uint8))
