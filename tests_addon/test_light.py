"""Light: what is lit is what the attributes say, through the openings that are there."""

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest

from blender_addon.draw import config as draw_settings
from blender_addon.draw.colour import near_infrared
from blender_addon.draw.light import draw_hour, draw_lights, infrared_lights
from blender_addon.draw.rooms.walls import BAR
from blender_addon.draw.spec import CameraSpec, FurnitureSpec, OpeningSpec
from blender_addon.draw.streams import RandomStream

CONFIG = draw_settings.resolve()
DOOR = OpeningSpec("door", "-y", 0.5, 0.0, 1.1, 2.05, "plain")
WINDOW = OpeningSpec("window", "+x", 0.2, 0.9, 1.4, 1.2, "plain")
PANELS = ((-1.0, -1.0, 0.6, 0.6), (1.0, -1.0, 0.6, 0.6), (-1.0, 1.0, 0.6, 0.6), (1.0, 1.0, 0.6, 0.6))
LAMP = FurnitureSpec(1, "reading_lamp", 0.4, 2.4, 1.5, 0.0, {"height": 0.25}, {})
SCREEN = FurnitureSpec(2, "monitor", -0.6, 2.2, 1.2, 0.0, {"height": 0.3, "depth": 0.1}, {})


@dataclass(frozen=True)
class Room:
    """What of a room the light asks for."""

    width: float = 4.4
    depth: float = 5.0
    height: float = 2.7
    panels: tuple = PANELS
    openings: tuple = (DOOR, WINDOW)


ROOM = Room()


def lights(ceiling, sun, k=0, room=ROOM, hour=12.0, furniture=(LAMP, SCREEN), config=CONFIG):
    return draw_lights(config, RandomStream(3, k, "light"), ceiling, sun, hour, room, furniture)


def watts(found, *names):
    return sum(light.watts for light in found if light.name in names)


def test_a_full_ceiling_lights_every_panel_right_below_it():
    panels = [light for light in lights("high", "none") if light.name == "panel"]
    assert [light.location[:2] for light in panels] == [panel[:2] for panel in PANELS]
    assert all(ROOM.height - 0.1 < light.location[2] < ROOM.height for light in panels)
    assert all(light.seen and light.direction == (0.0, 0.0, -1.0) for light in panels)


@pytest.mark.parametrize("k", range(8))
def test_the_ceiling_is_off_low_broken_or_high(k):
    off, low, broken, high = (watts(lights(level, "none", k), "panel") for level in ("off", "low", "broken", "high"))
    assert off == 0
    assert 0 < low < 0.6 * high
    assert broken > 0
    lit = [light for light in lights("broken", "none", k) if light.name == "panel"]
    assert 1 <= len(lit) <= 4


def test_some_broken_ceilings_have_dark_panels():
    counts = {sum(light.name == "panel" for light in lights("broken", "none", k)) for k in range(12)}
    assert len(counts) >= 3


def test_many_panels_are_as_bright_by_fewer_lights():
    many = tuple((0.5 * (k % 8) - 2, 0.5 * (k // 8) - 2, 0.3, 0.3) for k in range(48))
    few = [light for light in lights("high", "none", room=Room(panels=many)) if light.name == "panel"]
    assert len(few) <= 12
    assert sum(light.watts for light in few) == pytest.approx(watts(lights("high", "none"), "panel"), rel=1e-6)


def test_a_room_without_panels_has_a_lamp_at_its_ceiling():
    assert watts(lights("high", "none", room=Room(panels=())), "panel") > 0


@pytest.mark.parametrize("k", range(8))
def test_daylight_grows_with_the_sun_and_comes_in_through_the_window(k):
    night, dull, day = (lights("off", sun, k) for sun in ("none", "low", "high"))
    assert watts(night, "sky") < 0.1 * watts(dull, "sky") < watts(day, "sky")
    assert watts(night, "sun") == 0
    for light in day:
        if light.name in ("sky", "sun"):
            assert light.location[0] > 1.0
            assert light.direction[0] < 0, "it shines outwards"
            assert not light.seen
    assert watts(lights("off", "high", k, room=Room(openings=(DOOR,))), "sky", "sun") == 0


def test_the_sun_shines_in_on_some_days_and_stands_higher_at_noon():
    noon = [light for k in range(30) for light in lights("off", "high", k, hour=12.0) if light.name == "sun"]
    morning = [light for k in range(30) for light in lights("off", "low", k, hour=7.5) if light.name == "sun"]
    assert 8 <= len(noon) / 2 <= 25  # a beam for each pane
    down = [np.mean([light.direction[2] for light in found]) for found in (noon, morning)]
    assert down[0] < down[1] < 0
    assert all(math.isclose(math.hypot(*light.direction), 1.0) for light in noon)


@pytest.mark.parametrize(("style", "panes"), [("plain", 2), ("barred", 3)])
def test_the_bars_of_a_window_divide_the_sun_and_take_their_part_of_it(style, panes):
    """On the plane across the beam the panes' beams lie side by side, a bar's shadow apart."""
    room = Room(openings=(DOOR, replace(WINDOW, style=style)))
    whole = {**CONFIG, "light.sun_bars": False}
    sunny = 0
    for k in range(12):
        beams = [light for light in lights("off", "high", k, room) if light.name == "sun"]
        single = [light for light in lights("off", "high", k, room, config=whole) if light.name == "sun"]
        if not single:
            assert not beams
            continue
        sunny += 1
        assert len(beams) == panes
        assert {beam.direction for beam in beams} == {single[0].direction}
        per_area = single[0].watts / np.prod(single[0].size)
        assert all(beam.watts / np.prod(beam.size) == pytest.approx(per_area) for beam in beams)
        level = np.array(single[0].direction[:2]) / np.linalg.norm(single[0].direction[:2])
        sideways = np.array([-level[1], level[0], 0.0])
        middles = np.array([np.subtract(beam.location, single[0].location) @ sideways for beam in beams])
        turned = abs(level[0])  # the cosine of the beam's angle to the wall's normal, which is x
        gaps = np.diff(middles) - beams[0].size[0]
        assert np.allclose(gaps, BAR * turned, atol=1e-6)
        ends = middles[[0, -1]] + np.array([-0.5, 0.5]) * beams[0].size[0]
        assert np.allclose(ends, np.array([-0.5, 0.5]) * (single[0].size[0] - BAR * turned), atol=1e-6)
    assert sunny


def test_a_shade_takes_light_away():
    for k in range(4):
        shaded = OpeningSpec("window", "+x", 0.2, 0.9, 1.4, 1.2, "plain", shade="curtain", shade_drop=1.0)
        dark = watts(lights("off", "high", k, room=Room(openings=(DOOR, shaded))), "sky")
        assert dark < 0.2 * watts(lights("off", "high", k), "sky")


def test_a_dark_room_is_never_without_any_light():
    for k in range(20):
        for room in (ROOM, Room(openings=(DOOR,)), Room(openings=())):
            found = lights("off", "none", k, room=room, furniture=())
            assert watts(found, "corridor", "night light") > 0
            assert watts(found, "corridor", "night light", "sky") < 0.4 * watts(lights("high", "none", k), "panel")


@pytest.mark.parametrize("openings", [(DOOR,), (DOOR, replace(WINDOW, shade="curtain", shade_drop=1.0))])
def test_a_room_that_daylight_does_not_reach_is_lit_as_at_night(openings):
    for k in range(20):
        found = lights("off", "low", k, room=Room(openings=openings), furniture=())
        daylight = watts(found, "sky", "sun")
        assert daylight > 0.3 * ROOM.width * ROOM.depth or watts(found, "corridor", "night light") > 0


def test_lamps_are_lit_in_some_dim_rooms_only():
    assert all(watts(lights("high", "high", k), "lamp") == 0 for k in range(20))
    assert 3 <= sum(watts(lights("off", "none", k), "lamp") > 0 for k in range(20)) <= 15


def test_a_screen_shines_the_way_it_faces_unless_it_is_off():
    for k in range(10):
        for light in lights("off", "none", k):
            if light.name == "screen":
                assert light.direction == pytest.approx((0, -1, 0), abs=1e-9)
                assert light.location[1] < SCREEN.y
        dark = FurnitureSpec(2, "wall_tv", 0, 2, 1, 0.0, {"style": "off"}, {})
        assert watts(lights("off", "none", k, furniture=(dark,)), "screen") == 0


@pytest.mark.parametrize("sun", ["none", "low", "high"])
def test_the_hour_is_one_of_that_daylight(sun):
    hours = [draw_hour(RandomStream(1, k, "hour"), sun) for k in range(60)]
    assert all(0 <= hour < 24 for hour in hours)
    night = [hour for hour in hours if hour < 5.6 or hour >= 20]
    assert len(night) == (60 if sun == "none" else 0)
    if sun == "high":
        assert all(9 < hour < 17 for hour in hours)


def test_an_infrared_lamp_is_at_the_camera_and_shines_where_it_looks():
    camera = CameraSpec("wall", "pinhole", (1.0, -2.0, 2.4), (0.0, 0.0, 0.8), 0.0, 80.0)
    found = infrared_lights(RandomStream(1, 1, "light"), camera, ROOM, (LAMP, SCREEN))
    lamp = found[0]
    assert lamp.kind == "spot"
    assert math.dist(lamp.location, camera.location) < 0.1
    towards = np.subtract(camera.target, camera.location)
    assert np.allclose(lamp.direction, towards / np.linalg.norm(towards))
    assert lamp.angle >= 80
    assert all(len(set(light.rgb)) == 1 for light in found), "infrared has no colour"
    assert lamp.watts > 5 * sum(light.watts for light in found[1:])


def test_black_cloth_is_bright_in_infrared_and_black_paint_is_not():
    black = (0.02, 0.02, 0.02)
    assert near_infrared(black, "cloth") > 0.18 > near_infrared(black, "paint")
    dark_skin, light_skin = near_infrared((0.05, 0.03, 0.02), "skin"), near_infrared((0.7, 0.5, 0.4), "skin")
    assert 0.4 < dark_skin < light_skin < 1.35 * dark_skin
    assert near_infrared((9.0, 9.0, 9.0), "marble") == near_infrared((1.0, 1.0, 1.0), "paint") < 1


def test_light_comes_in_through_open_doors_only():
    opened = Room(openings=(replace(DOOR, open_deg=80.0), WINDOW))
    for k in range(20):
        assert watts(lights("high", "high", k), "corridor") == 0
        by_day = lights("high", "high", k, room=opened)
        assert watts(by_day, "corridor") > 0
        lamp = next(light for light in by_day if light.name == "corridor")
        assert lamp.location[1] < -ROOM.depth / 2 - 0.3  # in the corridor
    at_night = [watts(lights("off", "none", k, room=opened), "corridor") for k in range(20)]
    assert min(at_night) == 0 < max(at_night)
