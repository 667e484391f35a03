"""The wear of floors: from its seed, heavier where people walk, and only where a setting asks for it."""

from __future__ import annotations

import numpy as np
import pytest

from blender_addon.construct import floor_wear
from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample
from blender_addon.draw.spec import WearSpec

ALONG_X = WearSpec(3, 1.0, ((-3.0, 1.0, 3.0, 1.0),))


def test_wear_follows_from_its_seed():
    first, same, other = (floor_wear.paint(WearSpec(seed, 0.7, ()), 6.0, 4.0) for seed in (5, 5, 6))
    assert np.array_equal(first, same)
    assert not np.allclose(first, other)
    assert first.dtype == np.float32
    assert 0.0 <= first.min() <= first.max() <= 1.0
    assert first.shape[1] / first.shape[0] == pytest.approx(1.5, rel=0.02)


def test_a_path_is_where_people_walk():
    painted = floor_wear.paint(ALONG_X, 6.0, 4.0)[..., 1]
    rows = len(painted)
    on_path = painted[round(rows * 2.9 / 4) : round(rows * 3.1 / 4), 20:-20]
    beside = painted[round(rows * 0.9 / 4) : round(rows * 1.1 / 4), 20:-20]
    assert np.median(on_path) > np.median(beside) + 0.1


def test_less_worn_floors_show_less():
    amounts = [floor_wear.paint(WearSpec(3, amount, ALONG_X.paths), 6.0, 4.0).mean() for amount in (0.0, 0.3, 1.0)]
    assert amounts[0] == 0.0
    assert amounts[0] < amounts[1] < amounts[2]


def test_paths_start_at_doors_and_stay_in_the_room_and_stored_configs_have_none():
    worn, stored = draw_settings.resolve(), draw_settings.resolve_values({}, "test")
    for index in range(12):
        room = sample(worn, 1, index).room
        assert room.wear is not None
        assert 0.0 < room.wear.amount <= 1.0
        doors = [opening for opening in room.openings if opening.kind == "door"]
        assert len(room.wear.paths) >= len(doors)
        for x1, y1, x2, y2 in room.wear.paths:
            assert max(abs(x1), abs(x2)) <= room.width / 2 + 0.001
            assert max(abs(y1), abs(y2)) <= room.depth / 2 + 0.001
        assert sample(stored, 1, index).room.wear is None


def test_wear_changes_nothing_else():
    pair = [draw_settings.resolve(pairs=[f"room.worn_surfaces={value}"]) for value in ("true", "false")]
    for index in range(6):
        worn, flat = (sample(config, 1, index) for config in pair)
        assert worn.furniture == flat.furniture
        assert worn.people == flat.people
        assert worn.room.openings == flat.room.openings


BUILT = """
import bpy, numpy as np
from blender_addon.construct.room_materials import surface, wear_down
from blender_addon.draw.spec import WearSpec
found = {}
for style in ("tile", "wood", "vinyl", "carpet", "clouds"):
    material = surface(style, style, (0.5, 0.5, 0.5), (0.4, 0.4, 0.4), 0.3, 0.25, relief=True)
    wear_down(material, WearSpec(3, 1.0, ()), 6.0, 4.0)
    shader = next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
    found[style] = [shader.inputs[name].is_linked for name in ("Base Color", "Roughness", "Normal")]
flat = surface("flat", "tile", (0.5, 0.5, 0.5), (0.4, 0.4, 0.4), 0.3, 0.25)
shader = next(node for node in flat.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
found["flat"] = [shader.inputs[name].is_linked for name in ("Base Color", "Roughness", "Normal")]
answer(found)
"""


def test_joints_have_relief_and_every_floor_can_be_worn(in_blender):
    found = in_blender(BUILT)
    assert found.pop("flat") == [True, False, False]
    assert {style for style, (_, _, relief) in found.items() if relief} == {"tile", "wood"}
    assert all(colour and roughness for colour, roughness, _ in found.values())
