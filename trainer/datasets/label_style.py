"""What is written beside an object's box, for formats that leave a choice: key points, outlines or masks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

from shared_format import masks
from shared_format.coco import CocoStyle

from ..errors import TrainerError
from ..formats.label_set import LabelSet
from ..formats.outlines import parts
from ..formats.skeletons import COCO_SKELETON, Skeleton
from ..formats.yolo_writer import BOXES, KEYPOINTS, MASKS

RLE, UNCOMPRESSED, POLYGONS = COCO_MASKS = ("rle", "uncompressed", "polygons")


@dataclass(frozen=True)
class LabelRequest:
    """What the user asks for; None: as the format does it by default.

    Attributes:
        labels: what YOLO text holds, one of ``yolo_writer.LABELS``; None: what YOLO text that is read holds, or boxes.
        masks: how COCO holds masks, one of ``COCO_MASKS``; None: ``rle``.
    """

    labels: Optional[str] = None
    masks: Optional[str] = None


@dataclass(frozen=True)
class LabelStyle:
    """What is written: ``labels`` and ``masks`` as in ``LabelRequest``, and what the key points are."""

    labels: str = BOXES
    masks: str = RLE
    skeleton: Skeleton = COCO_SKELETON

    def coco(self) -> CocoStyle:
        """How a COCO file holds it."""
        as_json = {RLE: lambda mask: mask, UNCOMPRESSED: _runs, POLYGONS: _polygons}
        return CocoStyle(as_json[self.masks], self.skeleton.names, self.skeleton.edges)


DEFAULT_STYLE, DEFAULT_REQUEST = LabelStyle(), LabelRequest()


def label_style(sets: Sequence[LabelSet], kind: str, request: LabelRequest = DEFAULT_REQUEST) -> LabelStyle:
    """How labels of ``sets`` are written together as ``kind``, a key of ``writing.WRITERS``.

    Raises:
        TrainerError: something is asked for that the format does not hold, or that the data does not have.
    """
    if request.labels is not None and kind != "yolo":
        held = "boxes only" if kind in ("voc", "keras-yolo3") else "boxes, key points and masks at once"
        raise TrainerError(f"--labels {request.labels}: is for --to yolo; {kind} holds {held}")
    if request.masks is not None and kind != "coco":
        raise TrainerError(f"--masks {request.masks}: is for --to coco, received --to {kind}")
    skeletons = {labels.skeleton for labels in sets if labels.skeleton is not None}
    labels = request.labels or _labels_of(sets)
    if labels == KEYPOINTS and not skeletons:
        raise TrainerError(f"--labels {KEYPOINTS}: {' and '.join(str(one.path) for one in sets)} has no key points")
    own = skeletons.pop() if len(skeletons) == 1 and kind != "wardsynth" else COCO_SKELETON  # a record's are COCO's
    return LabelStyle(labels, request.masks or RLE, own)


def needs_masks(data: str, source_kind: Optional[str], kind: Optional[str], request: LabelRequest) -> bool:
    """Whether masks are needed to write DATA as ``kind``: drawing those of polygons takes most of the time of reading.

    ``kind`` None: that of the data. Raises TrainerError: the kind of the data is not recognised.
    """
    if kind in ("voc", "keras-yolo3"):
        return False
    if kind == "yolo" and request.labels is None:
        from ..examples.readers import parse_data, recognise  # loads Pillow, which the command line starts without

        return (source_kind or recognise(parse_data(data).path)) == "yolo"
    return kind != "yolo" or request.labels == MASKS


def _labels_of(sets: Sequence[LabelSet]) -> str:
    """What the text of YOLO data holds, so that it is written as it was read; boxes of other data."""
    if any(labels.kind != "yolo" for labels in sets):
        return BOXES
    if any(labels.skeleton is not None for labels in sets):
        return KEYPOINTS
    outlined = any(i.mask is not None for labels in sets for image in labels.images for i in image.frame.instances)
    return MASKS if outlined else BOXES


def _runs(mask: masks.Rle) -> object:
    return {"size": mask["size"], "counts": masks.counts(mask)}


def _polygons(mask: masks.Rle) -> object:
    """The parts of a mask as COCO's polygons; where nothing is visible, as an RLE, for no polygon is empty."""
    return [part.outline.ravel().tolist() for part in parts(masks.decode(mask))] or mask
