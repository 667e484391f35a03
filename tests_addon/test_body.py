"""The body: shape, skeleton and skinning by analysis."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from posed import transforms_of

from blender_addon.body import macros, model, skeleton
from shared_format.keypoints import NAMES

AVERAGE = {
    "sex": 0.5,
    "age": 0.5,
    "weight": 0.5,
    "muscle": 0.5,
    "height": 0.5,
    "african": 1,
    "asian": 1,
    "caucasian": 1,
}


@pytest.fixture(scope="module")
def asset():
    return model.load()


@pytest.fixture(scope="module")
def rest(asset):
    return asset.shape(AVERAGE)


def _joint(asset, vertices, name):
    return asset.joints(vertices)[NAMES.index(name)]


def _posed(asset, rest, pose):
    bones = skeleton.rest_skeleton(asset, rest)
    return skeleton.skin(asset, rest, transforms_of(bones, pose))


@pytest.mark.parametrize(("years", "axis"), [(1, 0.0), (10, 0.1875), (25, 0.5), (90, 1.0), (120, 1.0), (57.5, 0.75)])
def test_age_axis(years, axis):
    assert macros.age_from_years(years) == pytest.approx(axis)


@pytest.mark.parametrize("kind", ["ethnicity", "universal"])
def test_factors_of_each_kind_of_target_sum_to_one(kind):
    weights = macros.target_weights({**AVERAGE, "sex": 0.3, "age": 0.7, "weight": 0.9, "muscle": 0.2})
    chosen = [w for name, w in weights.items() if name.startswith("universal") == (kind == "universal")]
    assert sum(chosen) == pytest.approx(1.0)


def test_a_macro_outside_its_axis_is_an_error():
    with pytest.raises(ValueError, match="outside"):
        macros.target_weights({**AVERAGE, "weight": 1.2})


def test_stature_grows_with_height_and_age(asset):
    def stature(**changes):
        shaped = asset.shape({**AVERAGE, **changes})[asset.group_vertices("body")]
        return np.ptp(shaped[:, 2])

    assert 1.60 < stature(sex=0.0) < 1.75 or 1.55 < stature(sex=0.0) < 1.66
    assert stature(sex=0.0) < stature(sex=1.0)
    assert stature(age=macros.age_from_years(6)) < 1.1 < stature(age=macros.age_from_years(12)) < stature()
    assert stature(height=0.4) < stature(height=0.6)


def test_weight_widens_the_waist(asset):
    def girth(weight):
        shaped = asset.shape({**AVERAGE, "weight": weight})[asset.group_vertices("body")]
        level = 0.62 * shaped[:, 2].max()
        ring = shaped[(np.abs(shaped[:, 2] - level) < 0.02) & (np.abs(shaped[:, 0]) < 0.25)]
        return np.ptp(ring[:, 1])

    assert girth(0.1) < girth(0.5) < girth(0.95)


def test_weights_are_normalised_and_targets_named(asset):
    assert np.allclose(asset.bone_weights.sum(axis=1), 1.0)
    assert len(asset.target_rows) == 495
    assert max(asset.target_rows.values()) == len(asset.target_starts) - 2
    assert asset.target_starts[-1] == len(asset.target_vertices) == len(asset.target_offsets)


def test_proportions_and_details_change_the_shape(asset, rest):
    assert np.allclose(asset.shape({**AVERAGE, "proportions": 0.5, "details": {}}), rest)
    ideal, uncommon = (asset.shape({**AVERAGE, "proportions": value}) for value in (1.0, 0.0))
    assert np.abs(ideal - uncommon).max() > 0.005
    pregnant = asset.shape({**AVERAGE, "details": {"stomach-pregnant-incr": 1.0}})
    moved = np.linalg.norm(pregnant - rest, axis=1)
    assert moved.max() > 0.03
    assert rest[moved.argmax(), 1] < -0.05  # in front


def test_closing_the_eyes_brings_the_lids_together(asset, rest):
    closed = asset.shape({**AVERAGE, "details": {"eye-closure": 1.0}})
    lids = np.linalg.norm(closed - rest, axis=1) > 0.003
    assert lids.sum() > 40
    assert closed[lids, 2].mean() < rest[lids, 2].mean()


def test_an_unknown_detail_is_an_error(asset):
    with pytest.raises(KeyError, match="third-eye"):
        asset.shape({**AVERAGE, "details": {"third-eye": 1.0}})


def test_an_asset_of_another_layout_says_how_to_make_it(monkeypatch, tmp_path):
    path = tmp_path / "body.npz"
    np.savez(path, metadata=np.frombuffer(b"{}", dtype=np.uint8))
    monkeypatch.setattr(model, "ASSET", path)
    model.load.cache_clear()
    try:
        with pytest.raises(model.AssetMissingError, match=r"layout 1.*make assets"):
            model.load()
    finally:
        model.load.cache_clear()


def test_joints_lie_inside_the_body_and_mirror(asset, rest):
    joints = asset.joints(rest)
    for left, right in ((name, name.replace("left", "right")) for name in NAMES if name.startswith("left")):
        mirrored = joints[NAMES.index(left)] * [-1, 1, 1]
        assert np.allclose(mirrored, joints[NAMES.index(right)], atol=0.004), left
    heights = [joints[NAMES.index(f"left_{name}"), 2] for name in ("ankle", "knee", "hip", "shoulder", "ear")]
    assert heights == sorted(heights)
    assert _joint(asset, rest, "nose")[1] < _joint(asset, rest, "left_ear")[1]  # facing -y


def test_no_rotation_is_no_change(asset, rest):
    bones = skeleton.rest_skeleton(asset, rest)
    moved = skeleton.skin(asset, rest, skeleton.deform_transforms(bones, {}, np.eye(4)))
    assert np.allclose(moved, rest)


def test_the_root_moves_everything_alike(asset, rest):
    bones = skeleton.rest_skeleton(asset, rest)
    root = np.eye(4)
    root[:3, :3], root[:3, 3] = skeleton.rotation(skeleton.Z, 90.0), [1.0, 2.0, 3.0]
    moved = skeleton.skin(asset, rest, skeleton.deform_transforms(bones, {}, root))
    assert np.allclose(moved, rest @ root[:3, :3].T + root[:3, 3])


def test_zero_hangs_the_arms_and_closes_the_legs(asset, rest):
    posed = _posed(asset, rest, {})
    for side in ("left", "right"):
        shoulder, elbow, wrist = (_joint(asset, posed, f"{side}_{name}") for name in ("shoulder", "elbow", "wrist"))
        assert np.hypot(*(elbow - shoulder)[:2]) < 0.08
        assert np.hypot(*(wrist - elbow)[:2]) < 0.08
    feet = _joint(asset, posed, "left_ankle")[0] - _joint(asset, posed, "right_ankle")[0]
    assert 0.1 < feet < 0.3


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize(
    ("joint", "angle", "point", "axis", "sign"),
    [
        ("knee", "flexion", "ankle", 1, +1),  # the foot goes back
        ("hip", "flexion", "knee", 1, -1),  # the knee goes forward
        ("shoulder", "flexion", "elbow", 1, -1),
        ("elbow", "flexion", "wrist", 1, -1),
        ("shoulder", "abduction", "elbow", 0, None),  # away from the midline
        ("hip", "abduction", "knee", 0, None),
    ],
)
def test_each_joint_bends_the_way_its_name_says(asset, rest, side, joint, angle, point, axis, sign):
    before = _joint(asset, _posed(asset, rest, {}), f"{side}_{point}")
    after = _joint(asset, _posed(asset, rest, {f"{joint}_{side[0]}": {angle: 40.0}}), f"{side}_{point}")
    direction = sign if sign is not None else (1 if side == "left" else -1)
    assert (after - before)[axis] * direction > 0.08


def test_an_inner_arm_rotation_brings_a_bent_forearm_across(asset, rest):
    pose = {"shoulder_l": {"rotation": 60.0}, "elbow_l": {"flexion": 90.0}}
    assert _joint(asset, _posed(asset, rest, pose), "left_wrist")[0] < _joint(asset, rest, "left_shoulder")[0] - 0.05


def test_trunk_and_neck_turn_to_the_own_left(asset, rest):
    turned = _posed(asset, rest, {"neck": {"turn": 50.0}})
    assert _joint(asset, turned, "nose")[0] > 0.05
    bent = _posed(asset, rest, {"spine": {"flexion": 60.0}})
    assert _joint(asset, bent, "nose")[1] < _joint(asset, rest, "nose")[1] - 0.2


def test_bones_keep_their_length(asset, rest):
    pose = {f"{joint}_l": {"flexion": 50.0} for joint in ("knee", "hip", "elbow", "shoulder")}
    bones = skeleton.rest_skeleton(asset, rest)
    for transform in transforms_of(bones, pose):
        assert np.allclose(transform[:3, :3] @ transform[:3, :3].T, np.eye(3))


def test_a_missing_asset_says_how_to_make_it(monkeypatch, tmp_path):
    monkeypatch.setattr(model, "ASSET", tmp_path / "body.npz")
    model.load.cache_clear()
    try:
        with pytest.raises(model.AssetMissingError, match="make assets"):
            model.load()
    finally:
        model.load.cache_clear()


# Medians of the WHO's growth references of 2006 and 2007: years, girls and boys, metres.
_GROWN = ((3, 0.951, 0.961), (5, 1.094, 1.100), (8, 1.266, 1.273), (12, 1.512, 1.491), (16, 1.625, 1.729))


@pytest.mark.parametrize(("years", "girls", "boys"), _GROWN)
def test_children_are_as_tall_as_children_of_their_age(asset, years, girls, boys):
    for sex, expected in ((0.1, girls), (0.9, boys)):
        age = macros.age_from_years(years, by_growth=True)
        rest = asset.shape({**AVERAGE, "sex": sex, "age": age})
        assert rest[asset.group_vertices("body"), 2].max() == pytest.approx(expected, rel=0.07)


@given(years=st.floats(1, 100))
def test_growth_keeps_the_order_of_ages_and_leaves_adults_alone(years):
    assert macros.age_from_years(years, True) <= macros.age_from_years(years + 1, True)
    if years >= 25:
        assert macros.age_from_years(years, True) == pytest.approx(macros.age_from_years(years))
