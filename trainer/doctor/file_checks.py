"""The files of one image: whether image and maps exist, are complete, have the stated size and match the labels."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, Optional

import numpy as np
from numpy.typing import NDArray

from shared_format import masks
from shared_format.errors import FormatError
from shared_format.record import Frame

from ..errors import ImageError
from ..examples.images import load_image, opened
from ..formats.files import image_inside, is_file
from ..formats.finding_ids import FindingId
from ..formats.label_set import LabelledImage

# Field of the record -> the setting of the dataset's config that requests such maps.
MAPS = {"depth_file": "labels.depth", "mask_file": "labels.masks"}


class Problem(NamedTuple):
    """The kind of problem, and one line that says where it is."""

    finding: FindingId
    message: str


class ImageReport(NamedTuple):
    """A digest of the image's pixels (None where they cannot be decoded), and the problems of its files."""

    digest: Optional[str]
    problems: tuple[Problem, ...] = ()


def check_image(labelled: LabelledImage) -> ImageReport:
    """Decode the image of ``labelled``, upright, and compare its size with its label.

    The digest is of the decoded pixels, so that an image saved again without loss has the same.
    """
    path, frame = labelled.image, labelled.frame
    if not is_file(path):
        return ImageReport(None, (Problem(FindingId.MISSING_IMAGE, f"{labelled.where}: no image {path}"),))
    try:
        image = load_image(path)
    except ImageError as error:
        return ImageReport(None, (Problem(FindingId.CORRUPT_IMAGE, str(error)),))
    problems: tuple[Problem, ...] = ()
    if image.size != (frame.width, frame.height):
        message = f"{path}: {image.width}x{image.height}, its label says {frame.width}x{frame.height}"
        problems = (Problem(FindingId.SIZE_MISMATCH, message),)
    digest = hashlib.blake2b(repr(image.size).encode() + image.tobytes(), digest_size=16)
    return ImageReport(digest.hexdigest(), problems)


def check_maps(labelled: LabelledImage, root: Path, config: Mapping[str, object]) -> Iterator[Problem]:
    """Yield every problem with the depth and instance maps of an image of the data in ``root``."""
    frame = labelled.frame
    for field, setting in MAPS.items():
        file = getattr(frame, field)
        if file is None:
            if config.get(setting) is True:
                message = f"{labelled.where}: no {field}, and the dataset's config has {setting}"
                yield Problem(FindingId.MISSING_MAP, message)
            continue
        try:
            path = image_inside(root, file)
            if not is_file(path):
                raise FormatError(f"{labelled.where}: no {field} {path}")
        except FormatError as error:
            yield Problem(FindingId.MISSING_MAP, str(error))
            continue
        try:
            pixels = _load(path)
        except ImageError as error:
            yield Problem(FindingId.CORRUPT_MAP, str(error))
            continue
        if pixels.shape != (frame.height, frame.width):
            message = f"{path}: {pixels.shape[1]}x{pixels.shape[0]}, its label says {frame.width}x{frame.height}"
            yield Problem(FindingId.SIZE_MISMATCH, message)
        elif field == "mask_file":
            yield from _differences(frame, pixels, path)


def _load(path: Path) -> NDArray[np.uint16]:
    """(H, W) uint16. Raises ImageError."""
    with opened(path) as image:
        if not image.mode.startswith("I;16"):
            raise ImageError(f"{path}: image mode {image.mode}, expected 16-bit grey")
        return np.asarray(image, dtype=np.uint16)


def _differences(frame: Frame, pixels: NDArray[np.uint16], path: Path) -> Iterator[Problem]:
    for instance in frame.instances:
        if instance.mask is None or instance.mask["size"] != list(pixels.shape):
            continue
        try:
            wrong = int((masks.decode(instance.mask) != (pixels == instance.id)).sum())
        except FormatError:
            continue  # reported as a separate finding
        if wrong:
            message = f"{path}: {wrong} pixels differ from the mask of instance {instance.id}"
            yield Problem(FindingId.MAP_NOT_MASK, message)
