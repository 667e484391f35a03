"""What carries bodies, against closed formulas."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from posed import depth_in

from blender_addon.body import support

BED = {"length": 2.0, "width": 0.9, "surface": 0.6, "mattress": 0.14, "back_deg": 0.0, "knee_deg": 0.0}


def test_the_floor_is_at_zero():
    points = np.array([[0, 0, 0.3], [5, -2, -0.04]])
    np.testing.assert_allclose(support.floor().clearance(points), [0.3, -0.04])
    np.testing.assert_allclose(depth_in(support.floor(), points), [0.0, 0.04])


def test_above_inside_and_under_a_flat_mattress():
    bed = support.bed(BED)
    points = np.array([[0, 0, 0.7], [0, 0, 0.55], [0, 0, 0.3], [0.42, 0, 0.5], [0.7, 0, 0.5]])
    np.testing.assert_allclose(depth_in(bed, points), [0, 0.05, 0, 0.03, 0], atol=1e-9)
    assert bed.clearance(points)[0] == pytest.approx(0.1)


@given(back=st.floats(0, 75), knee=st.floats(0, 30))
def test_sections_keep_their_lengths(back, knee):
    nodes = np.array(support.bed_profile({**BED, "back_deg": back, "knee_deg": knee}))
    lengths = np.linalg.norm(np.diff(nodes, axis=0), axis=1)
    calf = 2.0 - support.BACK_SECTION - support.SEAT_SECTION - support.THIGH_SECTION
    np.testing.assert_allclose(
        lengths, [calf, support.THIGH_SECTION, support.SEAT_SECTION, support.BACK_SECTION], atol=1e-9
    )
    assert (np.diff(nodes[:, 0]) > 0).all()


@given(back=st.floats(1, 75), along=st.floats(0.05, 0.7), off=st.floats(0.001, 0.2))
def test_clearance_is_measured_square_to_a_raised_back(back, along, off):
    shape = {**BED, "back_deg": back}
    angle = np.radians(back)
    hip = np.array([1.0 - support.BACK_SECTION, 0.6])
    way, normal = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    y, z = hip + along * way + off * normal
    if along > off * np.tan(angle):  # nearer to the back section than to the seat
        expected = min(off, np.hypot(*(np.array([y, z]) - hip)) if y > hip[0] else z - 0.6)
        assert support.bed(shape).clearance(np.array([[0.0, y, z]]))[0] == pytest.approx(expected, abs=1e-6)


def test_a_back_rest_that_reclines_is_that_far_behind():
    seat = {"seat_height": 0.45, "seat_depth": 0.4, "seat_width": 0.45, "back_height": 0.4, "recline_deg": 30.0}
    nodes = np.array(support.seat(seat).profile)
    np.testing.assert_allclose(nodes[-1], [0.2 + 0.2, 0.45 + 0.4 * np.cos(np.radians(30))], atol=1e-9)
