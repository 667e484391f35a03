"""The file of one picture: is it there, whole, of the stated size, and which pixels does it hold."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Optional

from shared_format.label_set import LabelledPicture
from shared_format.paths import is_file

from ..errors import PictureError
from ..examples.pictures import load_picture


@dataclass(frozen=True)
class PictureReport:
    """What was seen: a digest of the pixels (None where they cannot be decoded) and (rule, line) problems."""

    digest: Optional[str]
    problems: tuple = ()


def check_picture(labelled: LabelledPicture) -> PictureReport:
    """Decode the picture of ``labelled``, upright, and compare it with its label.

    The digest is of the decoded pixels: the same picture saved again without loss is the same.
    """
    path, frame = labelled.picture, labelled.frame
    if not is_file(path):
        return PictureReport(None, (("files.missing_image", f"{labelled.where}: no picture {path}"),))
    try:
        picture = load_picture(path)
    except PictureError as error:
        return PictureReport(None, (("files.corrupt_image", str(error)),))
    problems = ()
    if picture.size != (frame.width, frame.height):
        said = f"{path}: {picture.width}x{picture.height}, its label says {frame.width}x{frame.height}"
        problems = (("files.size_mismatch", said),)
    digest = hashlib.blake2b(repr(picture.size).encode() + picture.tobytes(), digest_size=16)
    return PictureReport(digest.hexdigest(), problems)
