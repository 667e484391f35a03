"""The body asset: mesh, helper garments, shape targets, skeleton anchors, weights, joints."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import numpy as np

from . import macros

ASSET = Path(__file__).resolve().parents[1] / "assets" / "body.npz"
_LAYOUT = 2


class AssetMissingError(FileNotFoundError):
    """The body asset is missing or outdated; the message says how to build it."""


@dataclass(frozen=True)
class Bone:
    """A bone of the rest skeleton; ``head`` and ``tail`` list the vertices whose mean they are."""

    name: str
    parent: str
    roll: float
    head: tuple[int, ...]
    tail: tuple[int, ...]


@dataclass(frozen=True)
class BodyModel:
    """The morphable body.

    Attributes:
        vertices: (V, 3) float, the base mesh with its helpers, metres, z up, facing -y.
        faces: (F, 4) int quads; ``face_group`` (F,) int indexes ``face_groups``.
        uvs: (U, 2); face_uvs: (F, 4) int.
        bones: 53 ``Bone`` in an order where parents come before children.
        bone_ids: (V, 4) int index ``bones``.
        bone_weights: (V, 4) float, normalised to sum 1 as Blender's armature does.
        target_rows: {name of a shape target: its row}; target_starts (R + 1,), target_vertices (N,) and
            target_offsets (N, 3) int16 in units of ``target_step`` metres hold the rows one after the other.
        nearest_tights: (b,) for each vertex of the group "body" the nearest one of the tights helper.
        keypoint_rows, keypoint_vertices, keypoint_weights: COCO's joints as weighted vertex means.
    """

    vertices: np.ndarray
    faces: np.ndarray
    face_group: np.ndarray
    face_groups: tuple[str, ...]
    uvs: np.ndarray
    face_uvs: np.ndarray
    bones: tuple[Bone, ...]
    bone_ids: np.ndarray
    bone_weights: np.ndarray
    target_rows: Mapping[str, int]
    target_starts: np.ndarray
    target_vertices: np.ndarray
    target_offsets: np.ndarray
    target_step: float
    nearest_tights: np.ndarray
    keypoint_rows: np.ndarray
    keypoint_vertices: np.ndarray
    keypoint_weights: np.ndarray

    def shape(self, phenotype: macros.Phenotype) -> np.ndarray:
        """Phenotype -> (V, 3) rest vertices in metres, soles at z = 0.

        Raises:
            KeyError: a detail is not a target of the asset.
        """
        vertices = self.vertices.astype(np.float64)
        weights: dict[int, float] = {}
        for name, weight in macros.target_weights(phenotype).items():
            row = self.target_rows[name]
            weights[row] = weights.get(row, 0.0) + weight
        for row, weight in weights.items():
            part = slice(self.target_starts[row], self.target_starts[row + 1])
            vertices[self.target_vertices[part]] += self.target_offsets[part] * (weight * self.target_step)
        soles = vertices[self.group_vertices("body"), 2].min()
        return vertices - [0.0, 0.0, soles]

    def group_faces(self, group: str) -> np.ndarray:
        """(n,) indices of the faces of a group, e.g. "body" or "helper-tights"."""
        return np.flatnonzero(self.face_group == self.face_groups.index(group))

    @functools.cache  # noqa: B019 - the one model lives as long as the process
    def group_vertices(self, group: str) -> np.ndarray:
        """(n,) sorted indices of the vertices of a group's faces."""
        return np.unique(self.faces[self.group_faces(group)])

    def joints(self, vertices: np.ndarray) -> np.ndarray:
        """(V, 3) vertices -> (17, 3) COCO joints, in the order of ``shared_format.keypoints.NAMES``."""
        weighted = vertices[self.keypoint_vertices] * self.keypoint_weights[:, None]
        return np.add.reduceat(weighted, self.keypoint_rows[:-1], axis=0)

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other


def missing_asset() -> Optional[str]:
    """Return a line on the missing asset file and how to build it, None if it is there."""
    return None if ASSET.is_file() else f"asset file {ASSET} is missing; `make assets` builds it"


@functools.lru_cache(maxsize=1)
def load() -> BodyModel:
    """Read the asset once per process.

    Raises:
        AssetMissingError: the file is missing, or has another layout.
    """
    if problem := missing_asset():
        raise AssetMissingError(problem)
    with np.load(ASSET) as asset:
        metadata = json.loads(asset["metadata"].tobytes())
        if metadata.get("layout") != _LAYOUT:
            found = metadata.get("layout", 1)
            raise AssetMissingError(
                f"asset file {ASSET} has layout {found}, expected {_LAYOUT}; `make assets` builds it"
            )
        arrays = {name: asset[name] for name in asset.files if name != "metadata"}
    bones = tuple(
        Bone(b["name"], b["parent"], b["roll"], tuple(b["head"]), tuple(b["tail"])) for b in metadata["bones"]
    )
    order = _parents_first(bones)
    rank = np.empty(len(bones), dtype=np.int64)
    rank[order] = np.arange(len(bones))
    steps = arrays.pop("bone_weights").astype(np.int64)
    return BodyModel(
        face_groups=tuple(metadata["face_groups"]),
        bones=tuple(bones[i] for i in order),
        target_rows=metadata["targets"],
        bone_ids=rank[arrays.pop("bone_ids")],
        bone_weights=steps / np.maximum(steps.sum(axis=1, keepdims=True), 1),
        target_step=float(arrays.pop("target_step")),
        **arrays,
    )


def _parents_first(bones: tuple[Bone, ...]) -> list[int]:
    parent_of = {bone.name: bone.parent for bone in bones}

    def depth(name: str) -> int:
        return 0 if not parent_of[name] else 1 + depth(parent_of[name])

    return sorted(range(len(bones)), key=lambda i: depth(bones[i].name))
