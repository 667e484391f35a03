"""Where cameras are: in the room, in nothing, in nobody's face, and with the people in their images."""

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest

from blender_addon.draw import config as draw_settings
from blender_addon.draw.camera import ObstacleBoxes, draw_camera
from blender_addon.draw.projection import image_edge, principal_point, project, sees
from blender_addon.draw.rooms import Box
from blender_addon.draw.streams import RandomStream

CONFIG = draw_settings.resolve()
MOUNTS = tuple(CONFIG["camera.mount"])
LENSES = ("pinhole", "distorted")


@dataclass(frozen=True)
class Room:
    """What of a room the camera asks for."""

    width: float = 4.4
    depth: float = 5.0
    height: float = 2.7


ROOM = Room()
BED = Box.turned(0.3, 1.4, 0.0, 0.5, 1.1, 0.0, 0.9)
WARDROBE = Box.turned(-1.9, 0.0, 90.0, 0.6, 0.3, 0.0, 2.1)
TARGETS = ((0.3, 1.4, 0.75), (-0.6, -0.8, 0.9), (1.1, -0.2, 0.9))


def holds(box, point, margin):
    return bool(ObstacleBoxes([box]).hold(np.array([point]), margin)[0, 0])


def crosses(box, start, end):
    return bool(ObstacleBoxes([box]).cross(start, np.array([end]))[0, 0])


def cameras(mount, count=60, room=ROOM, targets=TARGETS, obstacles=(BED, WARDROBE), config=CONFIG, aim="people"):
    return [
        draw_camera(config, RandomStream(4, k, "camera"), mount, LENSES[k % 2], room, targets, obstacles, aim)
        for k in range(count)
    ]


@pytest.fixture(scope="module", params=MOUNTS)
def drawn(request):
    return request.param, cameras(request.param)


def test_a_camera_is_in_the_room_and_in_nothing(drawn):
    for camera in drawn[1]:
        x, y, z = camera.location
        assert abs(x) < ROOM.width / 2
        assert abs(y) < ROOM.depth / 2
        assert 0.2 < z < ROOM.height
        assert not holds(BED, camera.location, 0.1)
        assert not holds(WARDROBE, camera.location, 0.1)


def test_it_keeps_its_mount(drawn):
    mount, found = drawn
    assert Counter(camera.mount for camera in found)[mount] >= 0.95 * len(found)
    for camera in found:
        if camera.mount == "ceiling-corner":
            assert min(ROOM.width / 2 - abs(camera.location[0]), ROOM.depth / 2 - abs(camera.location[1])) < 0.5
        if camera.mount in ("eye-level", "hand-held"):
            assert 0.9 <= camera.location[2] <= 1.8
        else:
            assert 2.0 <= camera.location[2] <= 3.4
        if camera.mount in ("overhead", "ceiling-fisheye"):
            down = camera.location[2] - camera.target[2]
            assert down > 0.95 * math.dist(camera.location, camera.target)


def test_it_sees_the_first_and_half_of_all(drawn):
    for camera in drawn[1]:
        pixels = project(camera, CONFIG["render.size"], np.array(TARGETS))
        inside = ((pixels > 0) & (pixels < CONFIG["render.size"])).all(axis=1)
        assert inside[0], camera
        assert inside.sum() >= 2, camera


def test_nothing_tall_is_between_it_and_the_first(drawn):
    screen = Box.turned(0.3, 0.0, 0.0, 1.2, 0.05, 0.0, 1.9)
    for camera in cameras(drawn[0], 20, obstacles=(BED, screen)):
        assert not crosses(screen, camera.location, TARGETS[0]), camera


def test_it_is_not_in_front_of_a_nose(drawn):
    for camera in drawn[1]:
        nearest = min(math.hypot(camera.location[0] - x, camera.location[1] - y) for x, y, _ in TARGETS)
        if camera.mount == "eye-level":
            assert nearest > 1.4
        if camera.mount == "hand-held":
            assert nearest > 1.1


def test_angles_of_view_roll_and_axis_are_as_the_settings_say(drawn):
    for camera in drawn[1]:
        assert 45 <= camera.horizontal_fov <= 120
        assert -6 <= camera.roll <= 6
        assert math.hypot(*camera.off_centre) <= 0.0201
        assert (camera.lens == "fisheye") == (camera.mount == "ceiling-fisheye")
        assert bool(camera.polynomial) == (camera.lens != "pinhole")


def test_where_a_mount_has_no_place_the_camera_hangs_below_the_ceiling():
    crowd = [(x, y, 0.9) for x in np.arange(-2, 2.1, 0.5) for y in np.arange(-2.4, 2.5, 0.5)]
    found = cameras("hand-held", 5, targets=crowd)
    assert {camera.mount for camera in found} == {"ceiling-corner"}


def test_a_room_without_any_place_is_an_error():
    full = Box.turned(0, 0, 0, 9, 9, 0, 9)
    with pytest.raises(ValueError, match=r"4\.4 x 5\.0 x 2\.7 m"):
        cameras("wall", 1, obstacles=(full,))


def test_the_principal_point_is_off_the_middle_by_the_setting():
    config = draw_settings.resolve(pairs=["camera.off_centre=[0.1,0.1]"])
    for camera in cameras("wall", 8, config=config):
        x, y = principal_point(camera, (400, 300))
        assert math.hypot(x - 200, y - 150) == pytest.approx(40, abs=0.5)
        assert 2 * x == int(2 * x)


@pytest.mark.parametrize("heading", [0, 30, 90, 200])
def test_a_box_knows_what_it_holds_and_what_crosses_it(heading):
    box = Box.turned(1.0, -2.0, heading, 0.5, 1.0, 0.2, 1.0)
    turn = math.radians(heading)
    front = (1.0 + 0.9 * math.sin(turn), -2.0 - 0.9 * math.cos(turn), 0.5)  # inside, towards its own -y
    beside = (1.0 + 0.9 * math.cos(turn), -2.0 + 0.9 * math.sin(turn), 0.5)
    assert holds(box, front, 0.0)
    assert not holds(box, beside, 0.0)
    assert holds(box, beside, 0.5)
    assert crosses(box, (1.0, -2.0, 3.0), (1.0, -2.0, 0.5))
    assert not crosses(box, (1.0, -2.0, 3.0), (1.0, -2.0, 1.1))
    assert not crosses(box, beside, (beside[0], beside[1], 2.0))


@pytest.mark.timing
def test_drawing_a_camera_takes_milliseconds():
    import time

    start = time.process_time()
    for mount in MOUNTS:
        cameras(mount, 5)
    assert time.process_time() - start < 5 * len(MOUNTS) * 0.012


def test_the_edge_of_a_fisheyes_image_is_where_it_ceases_to_see():
    for camera in cameras("ceiling-fisheye", 12):
        x, y, radius = image_edge(camera, (400, 400))
        around = np.linspace(0, 2 * math.pi, 12, endpoint=False)
        inside, outside = (
            np.stack([x + factor * radius * np.cos(around), y + factor * radius * np.sin(around)], axis=1)
            for factor in (0.995, 1.005)
        )
        if camera.image_circle:
            assert sees(camera, (400, 400), inside).all()
            assert not sees(camera, (400, 400), outside).any()


def test_the_edge_of_any_other_lens_is_through_the_corners():
    camera = cameras("wall", 1)[0]
    assert image_edge(camera, (640, 480))[2] == pytest.approx(400.0)


@pytest.mark.parametrize("mount", ["ceiling-corner", "wall", "eye-level"])
def test_a_camera_that_is_aimed_at_the_room_looks_where_it_would_without_people(mount):
    """People in one corner hardly turn it, but somebody is in nearly every image."""
    corner = ((1.8, 2.1, 0.9), (1.6, 1.8, 0.9))
    to_people, to_room = (
        np.array([camera.target for camera in cameras(mount, targets=corner, obstacles=(), aim=aim)])[:, :2]
        for aim in ("people", "room")
    )
    assert np.linalg.norm(to_people.mean(axis=0) - (1.7, 2.0)) < 1.6
    assert np.linalg.norm(to_room.mean(axis=0)) < 0.75
    seen = [_seen(camera, corner).any() for camera in cameras(mount, targets=corner, obstacles=(), aim="room")]
    assert np.mean(seen) > 0.9


def _seen(camera, points):
    pixels = project(camera, (416, 416), np.array(points))
    return ((pixels > 0) & (pixels < 416)).all(axis=1)
