"""Files of a library, and own objects made of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelSpec:
    """A file of a library.

    Attributes:
        file: its path: .blend, .glb, .gltf or .obj; category: what it is labelled as.
        up, front: the file's axes, e.g. "z" and "-y".
        height: metres it is scaled to, 0 as it is.
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
    """An own object: its foot at (x, y, z) metres, turned by ``heading`` degrees; ``radius`` of the floor it takes."""

    model: ModelSpec
    attributes: dict
    x: float
    y: float
    z: float
    heading: float
    radius: float
