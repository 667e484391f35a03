"""What is built into ceilings and walls stands in nothing's way, and changes nothing else."""

from __future__ import annotations

import pytest

from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample
from blender_addon.draw.rooms.boxes import Box, box_of

WITH, WITHOUT = (draw_settings.resolve(pairs=[f"room.fixtures={value}"]) for value in ("true", "false"))


@pytest.mark.parametrize("index", range(16))
def test_fixtures_overlap_neither_lamps_nor_openings_nor_furniture(index):
    spec = sample(WITH, 1, index)
    room = spec.room
    for fixture in room.fixtures:
        if fixture.kind == "switch":
            assert max(abs(fixture.x) - room.width / 2, abs(fixture.y) - room.depth / 2) == pytest.approx(0, abs=0.001)
            for opening in room.openings:
                wall = -90.0 if opening.wall == "+x" else {"+y": 0.0, "-x": 90.0, "-y": -180.0}[opening.wall]
                along = fixture.y if opening.wall[1] == "x" else fixture.x
                if (fixture.heading - wall) % 360 == 0 and opening.bottom < fixture.z < opening.bottom + opening.height:
                    assert abs(along - opening.along) > opening.width / 2 + 0.1
            box = Box.turned(fixture.x, fixture.y, fixture.heading, 0.04, 0.015, fixture.z - 0.04, fixture.z + 0.04)
        else:
            assert fixture.z == room.height
            assert all(
                max(abs(fixture.x - x) - wide / 2, abs(fixture.y - y) - deep / 2) > 0.05
                for x, y, wide, deep in room.panels
            )
            box = Box.turned(fixture.x, fixture.y, 0.0, 0.05, 0.05, fixture.z - 0.06, fixture.z)
        assert not any(box.meets(box_of(piece)) for piece in spec.furniture)


def test_rooms_have_fixtures_and_nothing_else_changes():
    seen = set()
    for index in range(16):
        new, old = sample(WITH, 1, index), sample(WITHOUT, 1, index)
        assert (new.furniture, new.people, new.camera) == (old.furniture, old.people, old.camera)
        assert old.room.fixtures == ()
        seen |= {fixture.kind for fixture in new.room.fixtures}
    assert seen == {"vent", "smoke_detector", "sprinkler", "speaker", "switch"}
    assert not draw_settings.resolve_values({}, "test")["room.fixtures"]
