"""Whose eyes give the light back: those that are open, seen, and turned to the camera."""

import numpy as np
import pytest

from blender_addon.label.eye_shine import eyes_on_camera
from shared_format import keypoints, record

FOCAL = 300.0
NOSE, LEFT_EYE, RIGHT_EYE, LEFT_EAR, RIGHT_EAR = range(5)


def frame(turn_deg, eyes="open", v=keypoints.VISIBLE, distance=3.0):
    """A head ``distance`` metres before a pinhole camera, turned by degrees from looking into it, to its side."""
    turn = np.radians(turn_deg)
    towards = np.array([np.sin(turn), 0.0, -np.cos(turn)])  # right, down, forward of the camera
    across = np.array([np.cos(turn), 0.0, np.sin(turn)])
    points = np.tile([0.0, 0.0, distance], (17, 1))
    for eye, ear, side in ((LEFT_EYE, LEFT_EAR, 1), (RIGHT_EYE, RIGHT_EAR, -1)):
        points[eye] += 0.09 * towards + 0.032 * side * across
        points[ear] += 0.07 * side * across
    pixels = [[200 + FOCAL * x / z, 150 + FOCAL * y / z, v] for x, y, z in points]
    camera = record.Camera("pinhole", 400, 300, {"fx": FOCAL, "fy": FOCAL, "cx": 200, "cy": 150}, [])
    person = record.Instance(
        1, "person", {"eyes": eyes}, keypoints=pixels, occluded_by=["none"] * 17, keypoints_3d=points.tolist()
    )
    return record.Frame("images/0.jpg", 400, 300, 1, 0, 0, 0, camera, {}, {}, (person,))


@pytest.mark.parametrize(("turn", "count"), [(0, 2), (25, 2), (-25, 2), (60, 0), (180, 0)])
def test_eyes_glow_where_the_head_is_turned_to_the_camera(turn, count):
    assert len(eyes_on_camera(frame(turn))) == count


def test_closed_and_hidden_eyes_do_not():
    assert len(eyes_on_camera(frame(0, eyes="closed"))) == 0
    assert len(eyes_on_camera(frame(0, v=keypoints.HIDDEN))) == 0


def test_they_are_where_the_key_points_are_and_smaller_far_away():
    near, far = eyes_on_camera(frame(0, distance=2.0)), eyes_on_camera(frame(0, distance=6.0))
    assert near[:, :2].mean(axis=0) == pytest.approx([200, 150])
    assert near[0, 2] == pytest.approx(0.004 / (2.0 - 0.09) * FOCAL, rel=0.01)
    assert far[0, 2] == pytest.approx(near[0, 2] / 3, rel=0.05)


def test_furniture_has_no_eyes():
    assert eyes_on_camera(record.Frame("images/0.jpg", 9, 9, 1, 0, 0, 0, None, {}, {}, ())).shape == (0, 3)
