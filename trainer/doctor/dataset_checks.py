"""Checks of a whole dataset: the values in dataset.json, files without labels, balance, duplicate images."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from shared_format import atomic, dataset
from shared_format.dataset import DatasetInfo
from shared_format.errors import FormatError

from ..formats.files import image_inside, is_companion, is_image_name
from ..formats.finding_ids import FindingId
from ..formats.label_set import LabelledImage, LabelSet
from .attribute_fractions import are_weights, attribute_fractions
from .file_checks import MAPS
from .findings import Findings
from .statistics import Statistics

RARE = 1 / 20  # of the most frequent class
# A requested and an actual fraction may differ by this much, and by this many images or people.
FRACTION_TOLERANCE, COUNT_TOLERANCE = 0.05, 2.0
_LICENCE_KEYS = ("asset", "licence", "source")


@dataclass(frozen=True)
class ExaminedImage:
    """A labelled image's file, its split if it has one, and the maps beside it, relative to the data's folder."""

    image: Path
    split: Optional[str] = None
    maps: tuple[Optional[str], ...] = ()

    @classmethod
    def of(cls, labelled: LabelledImage) -> ExaminedImage:
        """The data of one image that the checks of the whole dataset need."""
        maps = tuple(getattr(labelled.frame, field) for field in MAPS)
        return cls(labelled.image, labelled.split, maps)


def check_info(info: DatasetInfo, where: str, findings: Findings) -> None:
    """Report the impossible values in ``info``."""
    for message in (*_seed(info), *_licences(info), *_vocabularies(info), *_weights(info)):
        findings.add(FindingId.MALFORMED_INFO, f"{where}: {message}")


def check_skeleton(labels: LabelSet, statistics: Statistics, findings: Findings) -> None:
    """Report key points of which none is said to be the mirror image of another."""
    skeleton = labels.skeleton
    if skeleton is None or len(skeleton) < 2 or not statistics.keypoints.any():
        return
    if skeleton.mirrored == tuple(range(len(skeleton))):
        findings.add(
            FindingId.NO_MIRROR_ORDER,
            f"{labels.path}: {len(skeleton)} key points ({', '.join(skeleton.names[:5])} ...) stay what they are in "
            "mirrored images; if some are left and right, name them so or give flip_idx",
        )


def check_files(labels: LabelSet, images: Sequence[ExaminedImage], findings: Findings) -> None:
    """Report images beside the labelled ones that no label names, and incomplete files."""
    known = {seen.image for seen in images}
    for folder in sorted({path.parent for path in known if path.parent.is_dir()}):
        for path in sorted(folder.iterdir()):
            unlabelled = is_image_name(path.name) and path.is_file() and path not in known
            # In a YOLO folder an image without a label file is one without objects; and which image
            # a broken record belongs to is not known.
            if unlabelled and labels.kind != "yolo" and FindingId.UNREADABLE_RECORD not in findings.found:
                findings.add(FindingId.UNLABELLED_IMAGE, str(path))
    if labels.kind == "wardsynth":
        _check_strays(labels.root, images, findings)
    for path in sorted(labels.root.rglob(f"{atomic.TEMPORARY_PREFIX}*")):
        findings.add(FindingId.LEFTOVER_FILE, str(path))


def _check_strays(root: Path, images: Sequence[ExaminedImage], findings: Findings) -> None:
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
    if FindingId.UNREADABLE_RECORD not in findings.found:  # which maps belong to a broken record is not known
        folders += [dataset.DEPTH, dataset.MASKS]
    for folder in (root / name for name in folders if (root / name).is_dir()):
        for path in sorted(folder.iterdir()):
            image = folder.name == dataset.IMAGES and is_image_name(path.name)
            if path not in known and not image and not is_companion(path.name):
                findings.add(FindingId.STRAY_FILE, str(path))


def check_balance(labels: LabelSet, statistics: Statistics, findings: Findings) -> None:
    """Report rare classes, and attributes whose values are not as frequent as the config requests."""
    if not statistics.boxes:
        findings.add(FindingId.NO_BOXES, f"{labels.path}: {statistics.images} images, no boxes")
        return
    _, highest = most = statistics.classes.most_common(1)[0]
    for name in labels.category_names:
        if statistics.classes[name] < RARE * highest:
            message = f"{name}: {statistics.classes[name]} boxes, {most[0]}: {highest}"
            findings.add(FindingId.RARE_CLASS, message)
    for attribute in attribute_fractions(labels.info.config, statistics):
        if not attribute.is_binding:
            continue
        allowed = FRACTION_TOLERANCE + COUNT_TOLERANCE / attribute.total
        for value, requested in attribute.requested.items():
            actual = attribute.actual(value)
            if abs(actual - requested) > allowed:
                percent = f"requested {requested:.0%}, actual {actual:.0%} of {attribute.total}"
                findings.add(FindingId.ATTRIBUTE_FRACTION, f"{attribute.key} {value}: {percent}")


def check_leakage(
    digests: Mapping[str, Sequence[ExaminedImage]], against: Mapping[str, Sequence[ExaminedImage]], findings: Findings
) -> None:
    """Report duplicate images. ``digests`` and ``against``: digest of the pixels -> the images that have it."""
    for digest, same in digests.items():
        first = same[0]
        for other in same[1:]:
            splits = f", in the splits {first.split} and {other.split}" if first.split != other.split else ""
            findings.add(FindingId.DUPLICATE_IMAGE, f"{first.image} and {other.image}{splits}")
        for other in against.get(digest, ()):
            findings.add(FindingId.DUPLICATE_IMAGE, f"{first.image} is also {other.image}")


def _seed(info: DatasetInfo) -> Iterator[str]:
    if isinstance(info.seed, bool) or info.seed < 0:
        yield f"seed is {info.seed}, expected a whole number, 0 or more"


def _licences(info: DatasetInfo) -> Iterator[str]:
    for number, licence in enumerate(info.licences, start=1):
        missing = [key for key in _LICENCE_KEYS if not _is_filled_text(licence.get(key))]
        if missing:
            yield f"licence {number} has no {', '.join(missing)}"


def _vocabularies(info: DatasetInfo) -> Iterator[str]:
    for name, values in info.attributes.items():
        if not isinstance(values, list) or not all(map(_is_filled_text, values)):
            yield f"the vocabulary of {name} is {str(values)[:60]}, expected a list of texts"


def _weights(info: DatasetInfo) -> Iterator[str]:
    for key, weights in info.config.items():
        if not isinstance(weights, dict) or key.startswith("grid."):  # a grid's factors are not weights
            continue
        vocabulary = info.attributes.get(key.rpartition(".")[2])
        if not are_weights(weights):
            yield f"config {key} is {str(weights)[:60]}, expected weights of 0 or more, not all of them 0"
        elif isinstance(vocabulary, list):
            for value in sorted(set(weights) - set(map(str, vocabulary))):
                yield f"config {key} has a weight for {value[:60]!r}, which is not in its vocabulary"


def _is_filled_text(value: object) -> bool:  # any value of a JSON
    return isinstance(value, str) and value.strip() != ""
