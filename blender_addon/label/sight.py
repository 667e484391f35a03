"""Lines of sight: the first surface along a ray, ignoring surfaces that a render does not show to the camera."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Optional

import numpy as np
from mathutils import Matrix, Vector
from numpy.typing import NDArray

from ..construct.scene import BuiltScene
from ..draw.projection import camera_axes

if TYPE_CHECKING:
    from bpy.types import Depsgraph, Object

_GENERATED_CLIP_START = 0.02  # metres; generated objects are never this near
_STEP = 1e-4  # metres behind a surface that was passed
_SAME_DEPTH = 0.02  # metres of tolerance: depth is known only at pixel centres


class Hit(NamedTuple):
    """The first surface on a ray: its object, the place in the room and the number of the evaluated face."""

    item: Object
    place: Matrix
    face: int


class ClipRange(NamedTuple):
    """Metres along a ray between which the camera sees."""

    near: float
    far: float


@dataclass(frozen=True)
class Sight:
    """The camera's view of a built scene.

    Attributes:
        see_through: names of the objects whose image is not that of their mesh, as ``LabelMapRenderer`` gives them.
        depth: (H, W) metres of what each pixel shows, as ``LabelMapRenderer`` gives it.
    """

    built: BuiltScene
    depsgraph: Depsgraph
    see_through: frozenset[str]
    depth: NDArray[np.float64]

    def first_hit(self, direction: np.ndarray, reach: float, pixel: Iterable[float]) -> Optional[Hit]:
        """The first surface that the camera sees along a unit ``direction`` within ``reach`` metres.

        ``pixel`` (x, y) is the ray's place in the image.
        """
        origin = Vector(self.built.spec.camera.location)
        towards = Vector(direction)
        near, far = clip_range(self.built, direction)
        start, reach = near, min(reach, far)
        while start < reach:
            hit, place, _, face, item, _ = self.built.scene.ray_cast(
                self.depsgraph, origin + towards * start if start else origin, towards, distance=reach - start
            )
            if not hit:
                return None
            distance = (place - origin).length
            if item.visible_camera and not self._is_passed(item, distance, direction, pixel):
                return Hit(item, place, face)
            start = distance + _STEP
        return None

    def _is_passed(self, item: Object, distance: float, direction: np.ndarray, pixel: Iterable[float]) -> bool:
        """Whether the camera sees through ``item`` there: the pixel then shows something farther away."""
        if item.name not in self.see_through:
            return False
        x, y = (int(value) for value in pixel)
        height, width = self.depth.shape
        depth = float(self.depth[min(max(y, 0), height - 1), min(max(x, 0), width - 1)])
        return depth / depth_per_metre(self.built, direction) > distance + _SAME_DEPTH


def clip_range(built: BuiltScene, direction: np.ndarray) -> ClipRange:
    """Where on a ray of a unit ``direction`` the clipping of the camera of ``built`` begins and ends, in metres."""
    clip = depth_clip(built)
    if clip is None:
        return ClipRange(0.0, np.inf)
    per_metre = depth_per_metre(built, direction)
    return ClipRange(clip[0] / per_metre, clip[1] / per_metre)


def depth_clip(built: BuiltScene) -> Optional[tuple[float, float]]:
    """(start, end) of the camera's clipping, in metres of depth; None where it clips nothing."""
    data = built.scene.camera.data
    return None if data.clip_start <= _GENERATED_CLIP_START + 1e-6 else (data.clip_start, data.clip_end)


def depth_per_metre(built: BuiltScene, direction: np.ndarray) -> float:
    """Depth per metre along a ray of a unit ``direction``: of a pinhole it counts along the optical axis."""
    camera = built.spec.camera
    return 1.0 if camera.polynomial else max(float(camera_axes(camera)[2] @ direction), 1e-6)
