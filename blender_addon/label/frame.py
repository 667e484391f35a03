"""``frame_of``: the record of an image, from the built scene and the exact maps of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional

import bpy
import numpy as np
from bpy.types import Depsgraph, Object

from ..construct.scene import BuiltInstance, BuiltScene
from ..dataset_format import boxes, dataset, keypoints, masks, record
from ..draw.projection import camera_axes, intrinsics, to_camera
from ..draw.spec import DIGITS, SceneSpec
from ..render.label_maps import label_map_renderer
from .checks import check_frame
from .geometry import evaluated_surface
from .keypoints import KeyPoints, key_points_of
from .parts import part_masks
from .pass_indices import assign_pass_indices, restore_pass_indices
from .sight import Sight
from .visibility import Visibility, measure_all

_PLACES = 4  # decimals of fractions and metres


@dataclass(frozen=True)
class Labels:
    """A record and the maps behind it: the instance each pixel shows (H, W), 0 for none; depth in metres, or None."""

    frame: record.Frame
    instances: np.ndarray
    depth: Optional[np.ndarray]


def label(built: BuiltScene, config: Mapping) -> Labels:
    """Label the image of ``built`` and verify the labels; ``labels.*`` of the resolved config is read.

    Raises:
        LabelError: a check failed.
    """
    depsgraph = _depsgraph(built)
    indices = assign_pass_indices(built)
    surfaces = [evaluated_surface(instance.objects, depsgraph) for instance in built.instances]
    vertices = [surface.vertices for surface in surfaces]
    with label_map_renderer(built.scene) as maps:
        shown, depth = maps.instance_and_depth_map()
        # Their image is not that of their meshes: rays into these do not tell where they would be seen.
        other_than_meshes = [
            i for i in built.instances if any(o.name in maps.see_through or _has_strands(o) for o in i.objects)
        ]
        rendered_alone = {i.id: maps.mask_without_others(i.objects) for i in other_than_meshes}
    restore_pass_indices(built)
    seen = measure_all(built, shown, depth, indices, surfaces, rendered_alone)
    depsgraph = _depsgraph(built)  # the maps may have changed materials for a while
    sight = Sight(built, depsgraph, maps.see_through, depth)
    key_points = [
        key_points_of(instance, instance.person, points, indices, sight, shown) if instance.person else None
        for instance, points in zip(built.instances, vertices)
    ]
    parts = [
        part_masks(sight, i, s.visible) if i.person and config["labels.parts"] else None
        for i, s in zip(built.instances, seen)
    ]
    instances = tuple(
        _instance(built.spec, *of_one, config) for of_one in zip(built.instances, seen, key_points, vertices, parts)
    )
    frame = _frame(built.spec, instances, config)
    check_frame(frame, seen, key_points)
    known = np.isin(shown, [instance.id for instance in built.instances])
    return Labels(frame, np.where(known, shown, 0), depth if config["labels.depth"] else None)


def _has_strands(item: Object) -> bool:
    return item.type != "MESH" or len(item.particle_systems) > 0


def camera_record(spec: SceneSpec) -> record.Camera:
    """The camera in OpenCV's convention."""
    axes = camera_axes(spec.camera)
    shift = -axes @ np.asarray(spec.camera.location)
    extrinsics = np.concatenate([axes, shift[:, None]], axis=1)
    polynomial = bool(spec.camera.polynomial)
    return record.Camera(
        model="polynomial" if polynomial else "pinhole",
        width=spec.size[0],
        height=spec.size[1],
        intrinsics={name: float(f"{value:.9g}") for name, value in intrinsics(spec.camera, spec.size).items()},
        extrinsics=[[round(float(value), DIGITS) + 0.0 for value in row] for row in extrinsics],
    )


def _frame(spec: SceneSpec, instances: tuple, config: Mapping) -> record.Frame:
    return record.Frame(
        file=dataset.image_file(spec.index),
        width=spec.size[0],
        height=spec.size[1],
        seed=spec.seed,
        index=spec.index,
        scene_index=spec.shown.scene,
        view_index=spec.shown.view,
        camera=camera_record(spec),
        attributes=dict(spec.attributes),
        spec=spec.to_json(),
        instances=instances,
        depth_file=dataset.depth_file(spec.index) if config["labels.depth"] else None,
        mask_file=dataset.mask_file(spec.index) if config["labels.masks"] else None,
    )


def _instance(
    spec: SceneSpec,
    built: BuiltInstance,
    seen: Visibility,
    key_points: Optional[KeyPoints],
    vertices: np.ndarray,
    parts: Optional[Mapping],
    config: Mapping,
) -> record.Instance:
    in_camera = to_camera(spec.camera, vertices)
    low, high = in_camera.min(axis=0), in_camera.max(axis=0)
    middle = (low + high) / 2
    fields: dict = {}
    if key_points is not None:
        points_in_camera = to_camera(spec.camera, key_points.room)
        hips = [keypoints.NAMES.index("left_hip"), keypoints.NAMES.index("right_hip")]
        middle = points_in_camera[hips].mean(axis=0)
        fields = {
            "keypoints": [
                [round(float(x), 2), round(float(y), 2), v] if v != keypoints.NOT_IN_IMAGE else [0.0, 0.0, 0]
                for (x, y), v in zip(key_points.pixels, key_points.visibility)
            ],
            "occluded_by": list(key_points.occluded_by),
            "keypoints_3d": [_metres(point) for point in points_in_camera],
        }
    if parts is not None:
        fields["parts"] = {part: masks.encode(mask) for part, mask in parts.items()}
    too_few = int(seen.covered.sum()) < config["labels.min_visible_px"]
    return record.Instance(
        id=built.id,
        category=built.category,
        attributes=dict(built.attributes),
        mask=masks.encode(seen.visible),
        bbox_visible=boxes.mask_extent(seen.visible),
        bbox_covered=boxes.mask_extent(seen.covered),
        bbox_amodal=boxes.mask_extent(seen.silhouette),
        bbox_amodal_unclipped=seen.amodal_unclipped,
        visible_fraction=round(float(seen.visible_fraction), _PLACES),
        covered_fraction=round(float(seen.covered_fraction), _PLACES),
        in_frame_fraction=round(float(seen.in_frame_fraction), _PLACES),
        hidden_by={owner: round(share, _PLACES) for owner, share in seen.hidden_by.items()},
        bbox_3d=_metres(np.concatenate([low, high])),
        distance=round(float(np.linalg.norm(middle)), _PLACES),
        ignore=too_few or seen.covered_fraction < config["labels.min_visible_fraction"],
        **fields,
    )


def _metres(values: np.ndarray) -> list[float]:
    return [round(float(value), _PLACES) + 0.0 for value in values]


def _depsgraph(built: BuiltScene) -> Depsgraph:
    with bpy.context.temp_override(scene=built.scene, view_layer=built.scene.view_layers[0]):
        return bpy.context.evaluated_depsgraph_get()
