"""The record of one image: what ``frames/000123.json`` holds.

Fields that were not computed are absent from the JSON and None here; no value is made up for them.
"""

# Values of parsed JSON are of unknown types until they are checked, which is what this module does.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Optional, TypeVar, Union, cast

from .errors import FormatError
from .masks import Rle
from .record_types import check_camera, check_frame, check_instance

FRAME_VERSION = 1

Box = list[float]  # [x, y, width, height] in pixels
JsonObject = dict[str, Any]  # parsed JSON: its values are checked by ``record_types``, or are other programs' data
_Kind = TypeVar("_Kind")

BOX_POLICIES = ("covered", "visible", "amodal")
# The default box for reading, writing, training and scoring.
DEFAULT_BOXES, DEFAULT_CLASSES = "covered", ("person",)


@dataclass(frozen=True)
class Camera:
    """The camera of an image.

    Attributes:
        model: "pinhole" or "polynomial".
        width, height: image size in pixels.
        intrinsics: "pinhole" ``fx, fy, cx, cy`` in pixels; "polynomial" ``cx, cy, k1 .. k4``: a point r pixels from
            (cx, cy) is seen k1 r + k2 r^2 + k3 r^3 + k4 r^4 radians off the optical axis.
        extrinsics: 3 x 4 row-major [R | t], world metres to camera metres; camera axes as in OpenCV
            (x right, y down, z forward). World: z up.
    """

    model: str
    width: int
    height: int
    intrinsics: dict[str, float]
    extrinsics: list[list[float]]


@dataclass(frozen=True)
class Instance:
    """One labelled object in an image; ``id`` counts from 1 within the image.

    Boxes are ``[x, y, width, height]`` pixels, half-open, from the image's top left corner. ``bbox_visible`` is the
    extent of the visible pixels; ``bbox_covered`` adds the pixels of its bedding over its silhouette; ``bbox_amodal``
    is the extent of the whole silhouette inside the frame, ``bbox_amodal_unclipped`` also outside it. The fractions
    compare the same areas (docs/format.md). ``keypoints`` are 17 rows ``[x, y, v]`` in the order of
    ``shared_format.keypoints.NAMES`` with COCO's v (0 outside the image, 1 hidden, 2 visible);
    ``occluded_by`` names for each what hides it: ``none``, ``self``, ``bedding``, ``person:<id>``,
    ``object:<name>``, or ``outside``.

    WardSynth's own records always have a ``mask``; a label converted from a format without masks has none.
    ``area`` is in pixels, and present only where an annotator stated one, as COCO files do; otherwise the mask has it.
    """

    id: int
    category: str
    attributes: JsonObject
    mask: Optional[Rle] = None
    bbox_visible: Optional[Box] = None
    bbox_covered: Optional[Box] = None
    bbox_amodal: Optional[Box] = None
    bbox_amodal_unclipped: Optional[Box] = None
    visible_fraction: Optional[float] = None
    covered_fraction: Optional[float] = None
    in_frame_fraction: Optional[float] = None
    hidden_by: Optional[dict[str, float]] = None
    keypoints: Optional[list[list[float]]] = None
    occluded_by: Optional[list[str]] = None
    keypoints_3d: Optional[list[list[float]]] = None
    bbox_3d: Optional[list[float]] = None
    distance: Optional[float] = None
    parts: Optional[dict[str, Rle]] = None
    ignore: bool = False
    area: Optional[float] = None

    def box(self, policy: str) -> Optional[Box]:
        """The box of the ``policy`` ("covered", "visible" or "amodal"), or None where the record has none."""
        if policy not in BOX_POLICIES:
            raise ValueError(f"unknown box policy {policy!r}; expected one of {', '.join(BOX_POLICIES)}")
        return getattr(self, f"bbox_{policy}")


@dataclass(frozen=True)
class Frame:
    """Everything known about one image. ``file`` is relative to the dataset folder, ``sha256`` is in ``digests``.

    ``camera`` is None, and ``spec`` empty, in a record converted from labels without them.
    """

    file: str
    width: int
    height: int
    seed: int
    index: int
    scene_index: int
    view_index: int
    camera: Optional[Camera]
    attributes: JsonObject
    spec: JsonObject
    instances: tuple[Instance, ...] = field(default_factory=tuple)
    depth_file: Optional[str] = None
    mask_file: Optional[str] = None
    sha256: Optional[dict[str, str]] = None


def frame_to_json(frame: Frame) -> JsonObject:
    """``Frame`` -> a JSON-able dict with absent fields left out."""
    value: JsonObject = {"format": "wardsynth-frame", "version": FRAME_VERSION}
    value.update(_present(frame))
    if frame.camera is not None:
        value["camera"] = _present(frame.camera)
    value["instances"] = [_present(instance) for instance in frame.instances]
    return value


def frame_from_json(value: object, where: str = "frame") -> Frame:
    """A parsed frame JSON -> ``Frame``; the inverse of ``frame_to_json``.

    Raises:
        FormatError: naming ``where`` and what is wrong.
    """
    if not isinstance(value, dict) or value.get("format") != "wardsynth-frame":
        raise FormatError(f"{where}: not a WardSynth frame record")
    if value.get("version") != FRAME_VERSION:
        raise FormatError(f"{where}: record version {value.get('version')!r}, this program reads {FRAME_VERSION}")
    body = {key: item for key, item in value.items() if key not in ("format", "version")}
    camera = camera_from_json(body.pop("camera"), f"{where}: camera") if "camera" in body else None
    listed = body.pop("instances", None)
    if not isinstance(listed, list):
        raise FormatError(f"{where}: instances is {type(listed).__name__}, expected a list")
    instances = tuple(_build(Instance, item, f"{where}: instance {n}") for n, item in enumerate(listed))
    check_frame(body, where)
    for number, item in enumerate(listed):
        check_instance(item, f"{where}: instance {item.get('id', number)}")
    return _build(Frame, {**body, "camera": camera, "instances": instances}, where)


def camera_from_json(value: object, where: str) -> Camera:
    """A camera's JSON -> ``Camera``. Raises FormatError naming ``where`` and what is wrong."""
    camera = _build(Camera, value, where)
    check_camera(cast(JsonObject, value), where)  # an object, since a camera was built of it
    return camera


def _present(value: Union[Camera, Instance, Frame]) -> JsonObject:
    return {f.name: getattr(value, f.name) for f in fields(value) if getattr(value, f.name) is not None}


def _build(kind: type[_Kind], value: object, where: str) -> _Kind:
    if not isinstance(value, dict):
        raise FormatError(f"{where}: {type(value).__name__} instead of an object")
    names = {f.name for f in fields(kind)}  # pyright: ignore[reportArgumentType]  # its bound is a dataclass
    unknown = sorted(set(value) - names)
    if unknown:
        raise FormatError(f"{where}: unknown field {unknown[0]!r}")
    try:
        return kind(**value)
    except TypeError as error:
        raise FormatError(f"{where}: {str(error).split(') ')[-1].replace('__init__() ', '')}") from error
