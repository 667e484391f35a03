"""Gestures of hands: fingers bend towards the palm on both sides, and hands that hold or rest do so."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from posed import transforms_of

from blender_addon.body import joints, model, skeleton
from blender_addon.body.posture import Stance
from blender_addon.body.wear.reference import reference
from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample
from blender_addon.draw.gestures import GESTURES, STIFF, with_gestures
from blender_addon.draw.spec import HeldSpec
from blender_addon.draw.streams import RandomStream

EACH = {name: float(name == STIFF) for name in (STIFF, *GESTURES)}
ANGLES = {angle: st.floats(*limits) for angle, limits in joints.JOINTS["grip_l"].items()}


@pytest.fixture(scope="module")
def bones():
    asset = model.load()
    return skeleton.rest_skeleton(asset, reference(asset).rest)


def _only(name):
    return {other: float(other == name) for other in EACH}


def _tips(bones, pose, side):
    """{finger: the end of its last bone, in the frame of the palm: across (to the index), along, out of the palm}."""
    moved = transforms_of(bones, pose)
    hand = bones.index(f"hand_{side}")
    axes = joints.limb_axes(bones, side)
    across = axes.knuckles * skeleton.SIGN[side]
    along = bones.heads[bones.index(f"middle_01_{side}")] - bones.heads[hand]
    frame = np.stack([across, along / np.linalg.norm(along), axes.palm])
    tips = {}
    for finger in skeleton.FINGERS:
        last = bones.index(f"{finger}_03_{side}")
        tip = moved[last] @ np.append(bones.tails[last], 1.0)
        local = np.linalg.inv(moved[hand]) @ tip
        tips[finger] = frame @ (local[:3] - bones.heads[hand])
    return tips


def test_without_a_grip_hands_are_as_before(bones):
    pose = {"fingers_l": {"flexion": 30.0}, "elbow_l": {"flexion": 50.0}}
    same = transforms_of(bones, {**pose, "grip_l": dict.fromkeys(joints.JOINTS["grip_l"], 0.0)})
    assert np.array_equal(same, transforms_of(bones, pose))


@pytest.mark.parametrize("side", "lr")
def test_fingers_bend_towards_the_palm(bones, side):
    tips = [_tips(bones, {f"grip_{side}": {"index": a, "others": a, "thumb": 1.0, "spread": 0.0}}, side)
            for a in (1.0, 30.0, 80.0)]  # fmt: skip
    for finger in skeleton.FINGERS[1:]:
        straight, bent, fist = (at[finger] for at in tips)
        assert bent[2] > straight[2] + 0.012  # metres out of the palm
        assert np.linalg.norm(fist) < 0.75 * np.linalg.norm(straight)


@given(grip=st.fixed_dictionaries(ANGLES))
def test_both_hands_mirror_each_other(bones, grip):
    left, right = (_tips(bones, {f"grip_{side}": grip}, side) for side in "lr")
    for finger in skeleton.FINGERS:
        assert left[finger] == pytest.approx(right[finger], abs=2e-3)


def test_pointing_stretches_the_index_alone(bones):
    stance = with_gestures(RandomStream(1, 2, "hands"), _only("pointing"), Stance("upright", 0, 0, 0, {}), ())
    for side in "lr":
        tips = _tips(bones, stance.pose, side)
        reach = {finger: np.linalg.norm(tip) for finger, tip in tips.items()}
        assert all(reach["index"] > 1.25 * reach[other] for other in ("middle", "ring", "pinky"))


@pytest.mark.parametrize("gesture", GESTURES)
def test_a_gesture_stays_within_the_joints_limits(gesture):
    for number in range(50):
        stance = with_gestures(RandomStream(1, number, "hands"), _only(gesture), Stance("upright", 0, 0, 0, {}), ())
        for side in "lr":
            for angle, value in stance.pose[f"grip_{side}"].items():
                low, high = joints.JOINTS[f"grip_{side}"][angle]
                assert low <= value <= high
            assert any(stance.pose[f"grip_{side}"].values())


def test_a_hand_that_holds_grasps_and_one_that_rests_is_not_a_fist():
    stance = Stance("upright", 0, 0, 0, {}, hands={"r": {"skin": "thigh"}})
    held = (HeldSpec("phone", "l", (0.1, 0.1, 0.1)),)
    for number in range(20):
        pose = with_gestures(RandomStream(3, number, "hands"), _only("fist"), stance, held).pose
        assert 30 < pose["grip_l"]["index"] < 60
        assert pose["grip_r"]["others"] < 10


def test_stiff_hands_change_nothing_and_gestures_change_hands_alone():
    pairs = ['people.count={"4": 1}', "people.hands=" + '{"stiff": 1}']
    stiff, loose = draw_settings.resolve(pairs=pairs), draw_settings.resolve(pairs=pairs[:1])
    for index in range(6):
        one, other = sample(stiff, 3, index), sample(loose, 3, index)
        for a, b in zip(one.people, other.people):
            assert not {"grip_l", "grip_r"} & set(a.stance.pose)
            assert {"grip_l", "grip_r"} <= set(b.stance.pose)
            kept = {joint: angles for joint, angles in b.stance.pose.items() if not joint.startswith("grip")}
            assert kept == a.stance.pose
            assert (a.phenotype, a.garments, a.held, a.stance.hands) == (
                b.phenotype,
                b.garments,
                b.held,
                b.stance.hands,
            )
        assert one.camera == other.camera
