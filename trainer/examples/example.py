"""One image and its labelled boxes, the same for every format of data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple, Optional

import numpy as np
from numpy.typing import NDArray

from shared_format.masks import Rle
from shared_format.record import Box

from ..errors import TrainerError
from ..formats.label_set import SourceId
from ..formats.skeletons import Skeleton
from .annotations import SourceAnnotations


class ImageSize(NamedTuple):
    """Width and height of an image, pixels."""

    width: int
    height: int


@dataclass(frozen=True)
class Example:
    """An image and its labelled objects.

    Attributes:
        path: the image's file.
        image_id: COCO's image id; examples are kept in its order.
        annotations: its labelled objects, in pixels of the image.
        width, height: size in pixels as the labels state it, or None where they do not; see ``size``.
        attributes: what the data says about the image.
        source_id: the image's id in the data itself, where that is no number ``image_id`` can be; None: ``image_id``.
    """

    path: Path
    image_id: int
    annotations: SourceAnnotations
    width: Optional[int] = None
    height: Optional[int] = None
    attributes: dict[str, object] = field(default_factory=dict[str, object])
    source_id: Optional[SourceId] = None

    @property
    def size(self) -> ImageSize:
        """The size of the image, known after ``images.checked``. Raises ValueError before."""
        if self.width is None or self.height is None:
            raise ValueError(f"{self.path}: the size of this image has not been read yet")
        return ImageSize(self.width, self.height)


@dataclass(frozen=True)
class ExampleSet:
    """Examples in the order of their id, with the classes their labels index and where they came from.

    ``category_ids`` are numbers from 1 on; ``source_category_ids`` those of the data itself, where they are known.
    ``skeleton`` names the key points, where the data has some.
    """

    examples: tuple[Example, ...]
    classes: tuple[str, ...]
    category_ids: tuple[int, ...]
    source: str
    source_category_ids: tuple[SourceId, ...] = ()
    skeleton: Optional[Skeleton] = None

    @property
    def box_count(self) -> int:
        """Number of labelled objects in all images, without ignored ones."""
        return int(sum((~example.annotations.ignore).sum() for example in self.examples))


class LabelRow(NamedTuple):
    """One labelled object: box ``[x, y, width, height]`` and area in source pixels, class index, counts neither way."""

    box: Box
    label: int
    ignore: bool
    area: float


def make_example(
    path: Path,
    image_id: int,
    rows: Sequence[LabelRow],
    *,
    width: Optional[int] = None,
    height: Optional[int] = None,
    attributes: Optional[dict[str, object]] = None,
    masks: tuple[Optional[Rle], ...] = (),
    keypoints: Optional[NDArray[np.float64]] = None,
    object_attributes: tuple[Mapping[str, object], ...] = (),
    source_id: Optional[SourceId] = None,
) -> Example:
    """Build an ``Example`` from its labelled objects; the other arguments are as in it and in ``Annotations``."""
    annotations = SourceAnnotations(
        boxes=np.array([row[0] for row in rows], dtype=np.float64).reshape(-1, 4),
        labels=np.array([row[1] for row in rows], dtype=np.int64),
        ignore=np.array([row[2] for row in rows], dtype=bool),
        areas=np.array([row[3] for row in rows], dtype=np.float64),
        masks=masks,
        keypoints=keypoints,
        attributes=object_attributes,
    )
    return Example(
        path=path,
        image_id=image_id,
        annotations=annotations,
        width=width,
        height=height,
        attributes=attributes or {},
        source_id=source_id,
    )


def sized(example: Example, width: int, height: int) -> Example:
    """The example with the actual size of its image. Raises TrainerError if its labels state another size."""
    if example.width is not None and (example.width, example.height) != (width, height):
        turned = (example.width, example.height) == (height, width)
        hint = "; labels are of the image as its EXIF turns it upright" if turned else ""
        raise TrainerError(
            f"{example.path}: the image is {width}x{height}, its labels say {example.width}x{example.height}{hint}"
        )
    return replace(example, width=width, height=height)


_SLICE = re.compile(r"(?P<path>.+)\[(?P<start>(?:-?\d+)?):(?P<stop>(?:-?\d+)?)\]")


class SlicedData(NamedTuple):
    """A path as written, and the part of its images that is used."""

    path: str
    part: slice


def split_slice(data: str) -> SlicedData:
    """``folder[:40]`` -> (``folder``, slice(None, 40)); without brackets (``data``, slice(None)).

    The slice is Python's, over the images in the order of their id, as in TensorFlow Datasets.
    """
    match = _SLICE.fullmatch(data)
    if match is None:
        return SlicedData(data, slice(None))
    start, stop = (int(match[name]) if match[name] else None for name in ("start", "stop"))
    return SlicedData(match["path"], slice(start, stop))


def take(examples: ExampleSet, part: slice, data: str) -> ExampleSet:
    """The images of ``part`` only. Raises TrainerError if there are none."""
    kept = examples.examples[part]
    if not kept:
        raise TrainerError(f"{data}: no images; {examples.source} has {len(examples.examples)}")
    return replace(examples, examples=kept, source=data)


def join(parts: Sequence[ExampleSet]) -> ExampleSet:
    """Several sets as one, in the order given; classes and category ids are the first one's."""
    return ExampleSet(
        examples=tuple(example for part in parts for example in part.examples),
        classes=parts[0].classes,
        category_ids=parts[0].category_ids,
        source=" + ".join(part.source for part in parts),
        source_category_ids=parts[0].source_category_ids,
        skeleton=parts[0].skeleton,
    )
