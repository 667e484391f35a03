"""``frame_of``: the record of a picture from the built scene and the map of its pixels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import bpy
import numpy as np

from ..build.people import BuiltPerson
from ..build.scene import BuiltScene
from ..dataset_format import boxes, dataset, keypoints, masks, record
from ..draw.camera import camera_axes, intrinsics
from ..draw.spec import DIGITS, SceneSpec
from .categories import BED, PERSON
from .checks import check_frame
from .joints import Joints, joints_of


def frame_of(built: BuiltScene, instance_map: np.ndarray, config: Mapping) -> record.Frame:
    """Label the picture of ``built`` and verify the labels.

    Args:
        instance_map: (H, W) int, the instance each pixel shows, 0 for none.
        config: the resolved config; ``labels.*`` is read.

    Raises:
        LabelError: a check of DESIGN's invariant 4 failed.
    """
    depsgraph = _depsgraph(built)
    instances, found = [], []
    for person in built.people:
        joints = joints_of(built, person, depsgraph)
        instances.append(_person(person, instance_map == person.spec.id, joints, config))
        found.append(joints)
    bed_mask = instance_map == built.bed_index
    instances.append(_instance(built.bed_index, BED, {}, bed_mask, ignore=not bed_mask.any()))
    spec = built.spec
    frame = record.Frame(
        file=dataset.image_file(spec.index),
        width=spec.size[0],
        height=spec.size[1],
        seed=spec.seed,
        index=spec.index,
        scene_index=spec.index,
        view_index=0,
        camera=camera_record(spec),
        attributes=dict(spec.attributes),
        spec=spec.to_json(),
        instances=tuple(instances),
    )
    check_frame(frame, instance_map, found)
    return frame


def camera_record(spec: SceneSpec) -> record.Camera:
    """The camera in OpenCV's convention."""
    axes = camera_axes(spec.camera)
    shift = -axes @ np.asarray(spec.camera.location)
    extrinsics = np.concatenate([axes, shift[:, None]], axis=1)
    return record.Camera(
        model="pinhole",
        width=spec.size[0],
        height=spec.size[1],
        intrinsics={name: round(value, DIGITS) for name, value in intrinsics(spec.camera, spec.size).items()},
        extrinsics=[[round(float(value), DIGITS) + 0.0 for value in row] for row in extrinsics],
    )


def _person(person: BuiltPerson, mask: np.ndarray, joints: Joints, config: Mapping) -> record.Instance:
    points = [
        [round(float(x), 2), round(float(y), 2), v] if v != keypoints.NOT_IN_IMAGE else [0.0, 0.0, 0]
        for (x, y), v in zip(joints.pixels, joints.visibility)
    ]
    return _instance(
        person.spec.id,
        PERSON,
        dict(person.spec.attributes),
        mask,
        ignore=int(mask.sum()) < config["labels.min_visible_px"],
        keypoints=points,
        occluded_by=list(joints.occluded_by),
        # No bedding lies over anybody in these scenes, so what is seen is what is seen or covered.
        bbox_covered=boxes.mask_extent(mask) if person.spec.attributes["cover"] == "uncovered" else None,
    )


def _instance(
    number: int,
    category: str,
    attributes: dict,
    mask: np.ndarray,
    ignore: bool,
    bbox_covered: Optional[list] = None,
    **fields: Any,
) -> record.Instance:
    return record.Instance(
        id=number,
        category=category,
        attributes=attributes,
        mask=masks.encode(mask),
        bbox_visible=boxes.mask_extent(mask),
        bbox_covered=bbox_covered,
        ignore=ignore,
        **fields,
    )


def _depsgraph(built: BuiltScene) -> Any:
    with bpy.context.temp_override(scene=built.scene, view_layer=built.scene.view_layers[0]):
        return bpy.context.evaluated_depsgraph_get()
