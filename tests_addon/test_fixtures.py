"""What is built into ceilings and walls stands in nothing's way, and changes nothing else."""

from __future__ import annotations

import pytest

from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample
from blender_addon.draw.rooms.boxes import Box, box_of

WITH, WITHOUT = (draw_settings.resolve(pairs=[f"room.fixtures={value}"]) for value in ("true", "false"))

# Half of the width and the height, and the depth, metres; a radiator has its own.
ON_WALLS = {"switch": (0.04, 0.04, 0.015), "exit_sign": (0.17, 0.085, 0.02), "radiator": ()}


@pytest.mark.parametrize("index", range(16))
def test_fixtures_overlap_neither_lamps_nor_openings_nor_furniture(index):
    spec = sample(WITH, 1, index)
    room = spec.room
    for fixture in room.fixtures:
        if fixture.kind in ON_WALLS:
            assert max(abs(fixture.x) - room.width / 2, abs(fixture.y) - room.depth / 2) == pytest.approx(0, abs=0.001)
            for opening in room.openings:
                wall = -90.0 if opening.wall == "+x" else {"+y": 0.0, "-x": 90.0, "-y": -180.0}[opening.wall]
                along = fixture.y if opening.wall[1] == "x" else fixture.x
                if (fixture.heading - wall) % 360 == 0 and opening.bottom < fixture.z < opening.bottom + opening.height:
                    assert abs(along - opening.along) > opening.width / 2 + 0.1
            half, high, deep = ON_WALLS[fixture.kind] or (fixture.width / 2, fixture.height / 2, 0.1)
            box = Box.turned(fixture.x, fixture.y, fixture.heading, half, deep, fixture.z - high, fixture.z + high)
        else:
            assert fixture.z == room.height
            assert all(
                max(abs(fixture.x - x) - wide / 2, abs(fixture.y - y) - deep / 2) > 0.05
                for x, y, wide, deep in room.panels
            )
            box = Box.turned(fixture.x, fixture.y, 0.0, 0.05, 0.05, fixture.z - 0.06, fixture.z)
        assert not any(box.meets(box_of(piece)) for piece in spec.furniture)


@pytest.mark.parametrize("index", range(24))
def test_radiators_are_below_windows_and_lamps_fill_fields_of_the_ceiling(index):
    room = sample(WITH, 1, index).room
    for fixture in room.fixtures:
        if fixture.kind == "radiator":
            assert fixture.z - fixture.height / 2 > 0.1
            assert any(
                opening.kind == "window" and fixture.z + fixture.height / 2 < opening.bottom
                for opening in room.openings
            )
    for x, y, wide, deep in room.panels if room.kind != "bedroom" else ():
        for middle, side in ((x, wide), (y, deep)):
            edge = (middle - side / 2) / 0.6
            assert side < 0.5 or edge == pytest.approx(round(edge), abs=1e-4)


def test_rooms_have_fixtures_and_nothing_else_changes():
    seen = set()
    for index in range(16):
        new, old = sample(WITH, 1, index), sample(WITHOUT, 1, index)
        assert (new.furniture, new.people, new.camera) == (old.furniture, old.people, old.camera)
        assert old.room.fixtures == ()
        seen |= {fixture.kind for fixture in new.room.fixtures}
    assert seen == {"vent", "smoke_detector", "sprinkler", "speaker", *ON_WALLS}
    assert not draw_settings.resolve_values({}, "test")["room.fixtures"]
