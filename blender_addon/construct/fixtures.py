"""Building what is built into ceiling and walls, each in a frame whose origin is its middle on the surface."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..draw.spec import FixtureSpec, RoomSpec
from .furniture_materials import Palette
from .mesh import Parts
from .solids import Solid, box, lathe, tube

if TYPE_CHECKING:
    from bpy.types import Collection

_WHITE, _GREY, _DARK, _STEEL = (0.72, 0.72, 0.71), (0.5, 0.5, 0.5), (0.08, 0.08, 0.08), (0.6, 0.6, 0.6)
_GREEN = (0.02, 0.30, 0.10)
_Add = Callable[[str, tuple[float, float, float], Solid], None]  # finish, linear RGB, solid


def build_fixtures(collection: Collection, spec: RoomSpec, palette: Palette) -> None:
    """Build the room's fixtures as one object; nothing if there are none."""
    parts = Parts()
    for fixture in spec.fixtures:

        def add(finish: str, rgb: tuple[float, float, float], solid: Solid, at: FixtureSpec = fixture) -> None:
            placed = solid.turned(at.heading, "z").moved(at.x, at.y, at.z)
            parts.add(palette.of(f"fixture {finish}", finish, rgb), placed)

        if fixture.kind == "radiator":
            _radiator(add, fixture.width, fixture.height)
        else:
            _KINDS[fixture.kind](add)
    if not parts.is_empty:
        parts.build(collection, "fixtures")


def _vent(add: _Add) -> None:
    """A square diffuser of three rings around a dark middle."""
    add("metal", _WHITE, box((-0.295, -0.295, -0.008), (0.295, 0.295, 0.0)))
    for k, half in enumerate((0.25, 0.19, 0.13, 0.07)):
        z = -0.009 - 0.004 * k
        add("metal", _DARK if k % 2 == 0 else _WHITE, box((-half, -half, z), (half, half, z + 0.004)))


def _smoke_detector(add: _Add) -> None:
    add("plastic", _WHITE, lathe(((0.05, 0.0), (0.055, -0.02), (0.03, -0.045), (0.001, -0.046))[::-1], 16))
    add("plastic", _GREY, tube((0, 0, -0.034), (0, 0, -0.028), 0.048, 16))


def _sprinkler(add: _Add) -> None:
    add("plastic", _WHITE, tube((0, 0, -0.006), (0, 0, 0.0), 0.04, 14))
    add("chrome", _STEEL, tube((0, 0, -0.05), (0, 0, 0.0), 0.009, 8))
    add("chrome", _STEEL, tube((0, 0, -0.054), (0, 0, -0.05), 0.02, 12))


def _speaker(add: _Add) -> None:
    add("plastic", _WHITE, tube((0, 0, -0.012), (0, 0, 0.0), 0.11, 20))
    add("matt", _GREY, tube((0, 0, -0.014), (0, 0, -0.012), 0.09, 20))


def _switch(add: _Add) -> None:
    """A plate with a rocker; its back is on the wall, y = 0."""
    add("plastic", _WHITE, box((-0.041, -0.01, -0.041), (0.041, 0.0, 0.041), 0.003))
    add("plastic", (0.8, 0.8, 0.79), box((-0.03, -0.014, -0.03), (0.03, -0.01, 0.03), 0.002))


def _exit_sign(add: _Add) -> None:
    """A green plate: an arrow, a door, somebody on the way to it."""
    add("plastic", _GREEN, box((-0.17, -0.02, -0.085), (0.17, 0.0, 0.085), 0.004))
    for x1, z1, x2, z2 in (
        (0.07, -0.06, 0.13, 0.06),  # the door
        (-0.13, -0.01, -0.05, 0.01), (-0.075, -0.03, -0.055, 0.03),  # the arrow
        (-0.01, -0.01, 0.03, 0.03), (-0.025, -0.06, -0.005, -0.01), (0.02, -0.05, 0.04, -0.01),  # trunk, legs
        (0.0, 0.038, 0.022, 0.06),  # the head
    ):  # fmt: skip
        add("plastic", _WHITE, box((x1, -0.0225, z1), (x2, -0.02, z2)))


def _radiator(add: _Add, width: float, height: float) -> None:
    """A panel radiator: two ribbed plates, a grille above, a valve and its pipe."""
    half, z = width / 2, height / 2
    add("plastic", _WHITE, box((-half, -0.10, -z), (half, -0.085, z), 0.004))
    add("plastic", _WHITE, box((-half, -0.045, -z), (half, -0.03, z), 0.004))
    for n in range(max(int(width / 0.05), 1)):
        x = -half + 0.03 + 0.05 * n
        add("plastic", _WHITE, box((x, -0.105, -z + 0.03), (x + 0.022, -0.10, z - 0.03)))
    add("plastic", _GREY, box((-half + 0.01, -0.085, z - 0.012), (half - 0.01, -0.045, z - 0.004)))
    add("plastic", _WHITE, tube((half + 0.05, -0.065, z - 0.06), (half, -0.065, z - 0.06), 0.02, 10))
    add("chrome", _STEEL, tube((half + 0.02, -0.065, -z - 0.12), (half + 0.02, -0.065, z - 0.06), 0.008, 8))


_KINDS: dict[str, Callable[[_Add], None]] = {
    "vent": _vent,
    "smoke_detector": _smoke_detector,
    "sprinkler": _sprinkler,
    "speaker": _speaker,
    "switch": _switch,
    "exit_sign": _exit_sign,
}
