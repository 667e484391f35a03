"""The file of one image: is it there, whole, of the stated size, and which pixels does it hold."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Optional

from shared_format.label_set import LabelledImage
from shared_format.paths import is_file

from ..errors import ImageError
from ..examples.images import load_image


@dataclass(frozen=True)
class ImageReport:
    """What was seen: a digest of the pixels (None where they cannot be decoded) and (rule, line) problems."""

    digest: Optional[str]
    problems: tuple = ()


def check_image(labelled: LabelledImage) -> ImageReport:
    """Decode the image of ``labelled``, upright, and compare it with its label.

    The digest is of the decoded pixels: the same image saved again without loss is the same.
    """
    path, frame = labelled.image, labelled.frame
    if not is_file(path):
        return ImageReport(None, (("files.missing_image", f"{labelled.where}: no image {path}"),))
    try:
        image = load_image(path)
    except ImageError as error:
        return ImageReport(None, (("files.corrupt_image", str(error)),))
    problems = ()
    if image.size != (frame.width, frame.height):
        said = f"{path}: {image.width}x{image.height}, its label says {frame.width}x{frame.height}"
        problems = (("files.size_mismatch", said),)
    digest = hashlib.blake2b(repr(image.size).encode() + image.tobytes(), digest_size=16)
    return ImageReport(digest.hexdigest(), problems)
