"""The whole: files nobody labelled, balance of classes and attributes, the same image twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from shared_format import atomic, dataset
from shared_format.errors import FormatError
from shared_format.label_set import SPLIT, LabelledImage, LabelSet
from shared_format.paths import image_inside

from ..examples.images import SUFFIXES
from .findings import Findings
from .map_checks import MAPS
from .shares import shares
from .statistics import Tally

RARE = 1 / 20  # of the most frequent class
SHARE_TOLERANCE, SHARE_COUNTS = 0.05, 2.0  # the shares may differ by so much and by so many images or people


@dataclass(frozen=True)
class Seen:
    """A labelled image's file, its split if it has one, and the maps beside it, relative to the data's folder."""

    image: Path
    split: Optional[str] = None
    maps: tuple = ()

    @classmethod
    def of(cls, labelled: LabelledImage) -> Seen:
        """What is remembered of an image that goes by."""
        frame = labelled.frame
        return cls(labelled.image, frame.attributes.get(SPLIT), tuple(getattr(frame, field) for field in MAPS))


def check_files(labels: LabelSet, images: Sequence[Seen], findings: Findings) -> None:
    """Images beside the labelled ones that no label names, and half-written files."""
    known = {seen.image for seen in images}
    for folder in sorted({path.parent for path in known if path.parent.is_dir()}):
        for path in sorted(folder.iterdir()):
            if path.name.startswith(atomic.TEMPORARY_PREFIX):
                continue
            unlabelled = path.suffix.lower() in SUFFIXES and path.is_file() and path not in known
            # In a YOLO folder an image without a label file is one without objects; and which image
            # a broken record belongs to is not known.
            if unlabelled and labels.kind != "yolo" and "files.unreadable_record" not in findings.found:
                findings.add("files.unlabelled_image", str(path))
    if labels.kind == "wardsynth":
        _check_strays(labels.root, images, findings)
    for path in sorted(labels.root.rglob(f"{atomic.TEMPORARY_PREFIX}*")):
        findings.add("files.leftover", str(path))


def _check_strays(root: Path, images: Sequence[Seen], findings: Findings) -> None:
    """Files of a WardSynth folder that are neither records nor named by one. Images are ``check_files``'s."""
    known = {dataset.frame_path(root, index) for index in dataset.frame_indices(root)}
    known |= {folder for seen in images for folder in seen.image.parents}  # of images in sub-folders
    for file in (file for seen in images for file in seen.maps if file is not None):
        try:
            path = image_inside(root, file)
            known |= {path, *path.parents}
        except FormatError:
            continue  # a missing map
    folders = [dataset.IMAGES, dataset.FRAMES]
    if "files.unreadable_record" not in findings.found:  # which maps belong to a broken record is not known
        folders += [dataset.DEPTH, dataset.MASKS]
    for folder in (root / name for name in folders if (root / name).is_dir()):
        for path in sorted(folder.iterdir()):
            image = folder.name == dataset.IMAGES and path.suffix.lower() in SUFFIXES
            if path not in known and not image and not path.name.startswith("."):
                findings.add("files.stray", str(path))


def check_balance(labels: LabelSet, tally: Tally, findings: Findings) -> None:
    """Classes without boxes or rare ones, and shares that nothing else decides and are not those asked for."""
    if not tally.boxes:
        findings.add("balance.no_boxes", f"{labels.path}: {tally.images} images, no boxes")
        return
    most, highest = tally.classes.most_common(1)[0]
    for name in labels.category_names:
        if tally.classes[name] < RARE * highest:
            findings.add("balance.class", f"{name}: {tally.classes[name]} boxes, {most}: {highest}")
    for share in shares(labels.info.config, tally):
        if share.gives_way:
            continue
        allowed = SHARE_TOLERANCE + SHARE_COUNTS / share.total
        for value, wanted in share.wanted.items():
            if abs(share.share(value) - wanted) > allowed:
                said = f"{share.key} {value}: wanted {wanted:.0%}, obtained {share.share(value):.0%} of {share.total}"
                findings.add("balance.attribute_share", said)


def check_leakage(digests: Mapping[str, list], against: Mapping[str, list], findings: Findings) -> None:
    """Images met twice. ``digests`` and ``against``: digest of the pixels -> their ``Seen``."""
    for digest, same in digests.items():
        first = same[0]
        for other in same[1:]:
            said = f", in the splits {first.split} and {other.split}" if first.split != other.split else ""
            findings.add("leakage.duplicate_picture", f"{first.image} and {other.image}{said}")
        for other in against.get(digest, ()):
            findings.add("leakage.duplicate_picture", f"{first.image} is also {other.image}")
