"""Frames on the floor plan: there and back, lengths kept, one meaning of "ahead" for points, arrays and headings."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from blender_addon.body.plan_frame import PlanFrame, heading_towards

metres = st.floats(-20.0, 20.0)
frames = st.builds(PlanFrame.at, metres, metres, st.floats(-720.0, 720.0))


@given(frames, metres, metres)
def test_a_point_comes_back_from_the_room(frame, x, y):
    np.testing.assert_allclose(frame.to_frame(*frame.to_room(x, y)), (x, y), atol=1e-9)


@given(frames, metres, metres, metres, st.floats(0.0, 3.0))
def test_arrays_turn_as_points_do_and_keep_their_height(frame, x, y, z, floor):
    points = np.array([[[x, y, z], [y, x, 0.0]]])
    in_room = frame.points_to_room(points, floor)
    np.testing.assert_allclose(in_room[0, 0], (*frame.to_room(x, y), z + floor), atol=1e-9)
    np.testing.assert_allclose(in_room[0, 1], (*frame.to_room(y, x), floor), atol=1e-9)
    np.testing.assert_allclose(frame.points_to_frame(in_room, floor), points, atol=1e-9)


@given(metres, metres, st.floats(-179.0, 179.0), st.floats(0.1, 5.0))
def test_ahead_is_where_the_heading_looks(x, y, heading, distance):
    ahead = PlanFrame.at(x, y, heading).ahead(distance)
    assert math.isclose(math.dist(ahead, (x, y)), distance, rel_tol=1e-6)
    assert math.isclose(heading_towards(ahead[0] - x, ahead[1] - y), heading, abs_tol=1e-6)
