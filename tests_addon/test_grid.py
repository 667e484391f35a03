"""Factor grids: every combination once, the last factor fastest; the predecessor's grid as a preset."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blender_addon.draw import config as draw_settings
from blender_addon.draw import grid, sample

_SIZES = st.lists(st.integers(1, 4), min_size=1, max_size=4)


def _factors(sizes):
    return {f"f{n}": {f"{n}{k}": {} for k in range(size)} for n, size in enumerate(sizes)}


@given(_SIZES)
def test_every_combination_comes_once_and_then_again(sizes):
    factors = _factors(sizes)
    count = math.prod(sizes)
    seen = [tuple(grid.levels_of(factors, index).values()) for index in range(count)]
    assert len(set(seen)) == count
    assert seen == sorted(seen)  # the last factor fastest
    assert tuple(grid.levels_of(factors, count).values()) == seen[0]


def test_levels_lie_over_the_config_and_name_the_image():
    pairs = ['grid.factors={"who": {"none": {"people.count": {"0": 1}}, "two": {"people.count": {"2": 1}}}}']
    config = draw_settings.resolve("room", pairs=pairs)
    empty, two = sample(config, 3, 0), sample(config, 3, 1)
    assert (len(empty.people), empty.attributes["combination"]) == (0, "none")
    assert (len(two.people), two.attributes["combination"]) == (2, "two")
    assert "combination" not in sample(draw_settings.resolve("room"), 3, 0).attributes


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ([1], ("[1]",)),
        ({"a": {}}, ('{"a": {}}',)),
        ({"a": {"b": {"people.sexes": {}}}}, ("a b", "'people.sexes'", "'people.sex'")),
        ({"a": {"b": {"people.sex": {"both": 1}}}}, ("a b", "people.sex", '{"both": 1}')),
        ({"a": {"b": {"render.samples": 3}}}, ("a b", "render.samples")),
    ],
)
def test_a_wrong_grid_is_refused_in_one_line_that_names_the_place(value, named):
    with pytest.raises(draw_settings.ConfigError) as refused:
        draw_settings.resolve(pairs=[f"grid.factors={json.dumps(value)}"])
    assert all(part in str(refused.value) for part in ("grid.factors", *named))
    assert "\n" not in str(refused.value)


def test_the_predecessors_grid_has_all_its_combinations_with_their_one_person():
    config = draw_settings.resolve("yolov3-blender")
    factors = config["grid.factors"]
    assert [len(levels) for levels in factors.values()] == [2, 2, 2, 3, 7, 4, 4]
    for index in range(0, 2688, 97):
        spec = sample(config, 0, index)
        gender, role, _, bmi, clip, light, camera = spec.attributes["combination"].split("/")
        (person,) = spec.people
        assert (person.sex[0].upper(), person.role, person.attributes["bmi_group"]) == (gender, role.lower(), bmi)
        assert f"L{int(spec.attributes['ceiling'] == 'high')}{int(spec.attributes['sun'] == 'high')}" == light
        assert (person.posture in ("supine", "lateral-left", "lateral-right", "prone")) == (
            clip in ("Lying", "Sleeping")
        )
        x, y, _ = spec.camera.location
        assert (y < 0) == (camera != "S04")
        assert (x < -1.0) == (camera == "S02")


def test_a_placed_camera_is_where_it_should_be_or_near():
    config = draw_settings.resolve("room", pairs=["camera.place=[0.5, -0.8, 2.1]", "room.scale=1.2"])
    away = []
    for index in range(12):
        spec = sample(config, 4, index)
        x, y, z = spec.camera.location
        away.append(max(abs(x - 0.25 * spec.room.width), abs(y + 0.4 * spec.room.depth)))
        assert z == pytest.approx(2.1)
    assert sorted(away)[6] < 0.2  # walls are 0.12 m away, the others are moved to where they are free and see
    assert max(away) < 2.2
    with pytest.raises(draw_settings.ConfigError, match=r"camera\.place"):
        draw_settings.resolve(pairs=["camera.place=[2, 0, 2]"])
