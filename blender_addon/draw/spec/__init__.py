"""The SceneSpec: everything that is sampled for one image, frozen and JSON-able.

``scene`` is the whole; ``room``, ``person``, ``model`` and ``shot`` are its parts. Room coordinates: metres, origin on
the floor in the middle of the room, z up. Angles in degrees, colours linear RGB in 0..1. All numbers are rounded to 6
digits, so that a spec is the same on every machine and survives JSON unchanged.
"""

from .model import ModelSpec, ObjectSpec
from .person import AttachmentSpec, CoverSpec, GarmentSpec, HeldSpec, LookSpec, PersonSpec
from .room import BackgroundSpec, CustomRoomSpec, FixtureSpec, FurnitureSpec, OpeningSpec, RoomSpec, WearSpec
from .scene import DIGITS, SceneSpec, SceneView, rounded
from .shot import CameraSpec, LightSpec, SensorSpec

__all__ = [
    "DIGITS",
    "AttachmentSpec",
    "BackgroundSpec",
    "CameraSpec",
    "CoverSpec",
    "CustomRoomSpec",
    "FixtureSpec",
    "FurnitureSpec",
    "GarmentSpec",
    "HeldSpec",
    "LightSpec",
    "LookSpec",
    "ModelSpec",
    "ObjectSpec",
    "OpeningSpec",
    "PersonSpec",
    "RoomSpec",
    "SceneSpec",
    "SceneView",
    "SensorSpec",
    "WearSpec",
    "rounded",
]
