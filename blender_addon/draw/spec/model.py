"""Files of a library, and the custom objects made of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelSpec:
    """A file of a library.

    Attributes:
        file: its path: .blend, .glb, .gltf or .obj; category: that of its instances.
        up, front: the file's axes, e.g. "z" and "-y".
        height: metres it is scaled to, 0 to keep the height of the file.
        rigged: whether it takes postures.
    """

    file: str
    category: str
    up: str
    front: str
    height: float
    rigged: bool


@dataclass(frozen=True)
class ObjectSpec:
    """A custom object: its foot at (x, y, z) metres, turned by ``heading`` degrees, within ``radius`` metres."""

    model: ModelSpec
    attributes: dict[str, str]
    x: float
    y: float
    z: float
    heading: float
    radius: float
