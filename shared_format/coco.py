"""COCO JSON out of WardSynth records: boxes, masks and key points in one file, our own fields kept.

``image_id`` is the picture's index; annotation ids count from 1. Instances marked ``ignore`` become
``iscrowd: 1``, which COCO's evaluation counts neither way. ``area`` is the visible mask's, in pixels.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from . import masks
from .dataset import DatasetInfo
from .keypoints import LIMBS, NAMES
from .record import Frame, Instance

_KEPT = (
    "bbox_visible",
    "bbox_covered",
    "bbox_amodal",
    "bbox_amodal_unclipped",
    "visible_fraction",
    "covered_fraction",
    "in_frame_fraction",
    "occluded_by",
)


def coco_dict(info: DatasetInfo, frames: Iterable[Frame], boxes: str = "covered") -> dict:
    """Build the COCO dict of ``frames``; ``boxes`` is the policy of ``bbox``, the visible box where it is absent.

    ``file_name`` is relative to ``images/``, as COCO's tools expect.
    """
    category_ids = {category.name: category.id for category in info.categories}
    images, annotations = [], []
    for frame in frames:
        images.append(
            {
                "id": frame.index,
                "file_name": Path(frame.file).name,
                "width": frame.width,
                "height": frame.height,
                "attributes": frame.attributes,
            }
        )
        for instance in frame.instances:
            box = instance.box(boxes) or instance.bbox_visible
            if box is not None:
                annotation = _annotation(instance, box, category_ids[instance.category])
                annotations.append({"id": len(annotations) + 1, "image_id": frame.index, **annotation})
    return {
        "info": {"description": info.name, "version": "1"},
        "licenses": [],
        "images": images,
        "annotations": annotations,
        "categories": [_category(category.id, category.name) for category in info.categories],
    }


def _annotation(instance: Instance, box: list, category_id: int) -> dict:
    value = {
        "category_id": category_id,
        "bbox": box,
        "segmentation": instance.mask,
        "area": masks.area(instance.mask),
        "iscrowd": int(instance.ignore),
        "attributes": instance.attributes,
    }
    if instance.keypoints is not None:
        value["keypoints"] = [number for point in instance.keypoints for number in point]
        value["num_keypoints"] = sum(point[2] > 0 for point in instance.keypoints)
    for name in _KEPT:
        if getattr(instance, name) is not None:
            value[name] = getattr(instance, name)
    return value


def _category(category_id: int, name: str) -> dict:
    value = {"id": category_id, "name": name, "supercategory": "person" if name == "person" else "furniture"}
    if name == "person":
        value["keypoints"] = list(NAMES)
        value["skeleton"] = [[NAMES.index(a) + 1, NAMES.index(b) + 1] for a, b in LIMBS]
    return value
