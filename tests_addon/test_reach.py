"""Inverse kinematics: what a pose reaches is reached again, within the joints' limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blender_addon.body import joints, model, reach, support
from blender_addon.body import skeleton as sk
from blender_addon.body.contact import RestingBody

PHENOTYPE = {
    "sex": 0.3,
    "age": 0.6,
    "weight": 0.5,
    "muscle": 0.5,
    "height": 0.5,
    "african": 1,
    "asian": 1,
    "caucasian": 1,
}


def body_with(pose: dict) -> RestingBody:
    asset = model.load()
    body = RestingBody(asset, asset.shape(PHENOTYPE), pose, support.floor())
    body.move(0.0, 0.0, 3.0)  # far from the floor: nothing is in the way
    return body


angles = st.fixed_dictionaries(
    {"flexion": st.floats(-40, 150), "abduction": st.floats(-20, 80), "rotation": st.floats(-60, 60)}
)


@settings(max_examples=40, deadline=None)
@given(shoulder=angles, elbow=st.floats(10, 135), side=st.sampled_from(sk.SIDES))
def test_a_palm_put_where_a_pose_had_it_is_there_again(shoulder, elbow, side):
    body = body_with({f"shoulder_{side}": shoulder, f"elbow_{side}": {"flexion": elbow}})
    target = reach.palm_of(body, side)
    bend = body.head_of(f"lowerarm_{side}") - body.head_of(f"upperarm_{side}")
    body.set(f"shoulder_{side}", flexion=0.0, abduction=0.0, rotation=0.0)
    assert reach.reach_hand(body, side, target, bend) < 0.01


@settings(max_examples=30, deadline=None)
@given(
    hip=st.fixed_dictionaries(
        {"flexion": st.floats(-10, 100), "abduction": st.floats(-10, 40), "rotation": st.floats(-30, 30)}
    ),
    knee=st.floats(5, 120),
    side=st.sampled_from(sk.SIDES),
)
def test_an_ankle_put_where_a_pose_had_it_is_there_again(hip, knee, side):
    body = body_with({f"hip_{side}": hip, f"knee_{side}": {"flexion": knee}})
    target = body.head_of(f"foot_{side}")
    bend = body.head_of(f"calf_{side}") - body.head_of(f"thigh_{side}")
    body.set(f"hip_{side}", flexion=0.0, abduction=0.0, rotation=0.0)
    reach.reach_ankle(body, side, target, bend)
    assert np.linalg.norm(body.head_of(f"foot_{side}") - target) < 0.01


@settings(max_examples=200, deadline=None)
@given(
    flexion=st.floats(-55, 180), abduction=st.floats(-50, 175), rotation=st.floats(-90, 95),
    sign=st.sampled_from((1.0, -1.0)),
)  # fmt: skip
def test_ball_angles_are_the_inverse_of_the_ball(flexion, abduction, rotation, sign):
    turn = joints.ball({"flexion": flexion, "abduction": abduction, "rotation": rotation}, sign)
    for found in joints.ball_angles(turn, sign):
        np.testing.assert_allclose(joints.ball(found, sign), turn, atol=1e-9)


@pytest.mark.parametrize("name", reach.SKIN_POINTS)
def test_skin_points_are_mirror_images(name):
    body = body_with({})
    left, right = (reach.skin_point(body, name, side) for side in sk.SIDES)
    np.testing.assert_allclose(left * [-1, 1, 1], right, atol=0.02)
