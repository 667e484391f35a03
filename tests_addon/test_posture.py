"""Bodies rest on what carries them: nothing sinks in, nothing floats, no joint goes farther than joints go."""

import dataclasses

import numpy as np
import pytest
from posed import depth_in

from blender_addon.body import model, posture, support
from blender_addon.body import skeleton as sk
from blender_addon.body.joints import JOINTS
from blender_addon.draw.postures import POSTURES, PersonPlace, Posture, draw_stance
from blender_addon.draw.streams import RandomStream

DRAWN = 9  # of each of the 22 postures: 198 people
BED = {"length": 2.0, "width": 0.9, "surface": 0.55, "mattress": 0.14, "back_deg": 0.0, "knee_deg": 0.0}
CHAIR = {
    "seat_height": 0.45, "seat_depth": 0.44, "seat_width": 0.46, "back_height": 0.42, "recline_deg": 9.0,
    "arm_height": 0.2,
}  # fmt: skip
METHODS = {"upright": {"upright"}, "seated": {"seated"}, "lying": {"lying"}, "floor": {"upright", "lying"}}
OTHER = np.tile([0.45, -0.1, 1.15], (17, 1))  # whom one may support


def place_for(name: str, stream: RandomStream, number: int) -> tuple:
    """(PersonPlace, Support) on furniture of usual sizes."""
    bed = POSTURES[name].bed
    if POSTURES[name].in_bed and bed.back == "flat":
        return PersonPlace(0, 0, 0, 1, "bed", BED), support.bed(BED)
    if POSTURES[name].in_bed:
        shape = {**BED, "back_deg": stream.uniform(15, 75), "knee_deg": stream.choice((0.0, stream.uniform(5, 25)))}
        return PersonPlace(0, 0, 0, 1, "bed", shape), support.bed(shape)
    if bed is not None:
        return PersonPlace(0, 0, 0, 1, "side", BED), support.bed_side(BED)
    if name == "sitting-wheelchair":
        shape = {**CHAIR, "seat_height": 0.5, "foot_rest": 0.13}
        return PersonPlace(0, 0, 0, 1, "seat", shape), support.seat(shape)
    aims = {
        "sitting-table": {"table_l": (0.15, -0.5, 0.76), "table_r": (-0.12, -0.5, 0.76)},
        "bending": {"bed": (0.0, -0.55, 0.7)},
        "pushing": {"handle_l": (0.22, -0.42, 0.92), "handle_r": (-0.22, -0.42, 0.92)},
        "supporting": {"joints": (8, 6)},
    }.get(name, {})
    if POSTURES[name].family == "seated":
        return PersonPlace(0, 0, 0, 1, "seat", CHAIR, aims), support.seat(CHAIR)
    return PersonPlace(0, 0, 0, aims=aims, partner=1, way=(number % 10) / 10), support.floor()


def drawn(name: str, number: int) -> tuple:
    """(PosedBody, Support) of a person drawn by number."""
    stream = RandomStream(11, number, name)
    place, on = place_for(name, stream, number)
    phenotype = {
        "sex": stream.unit(),
        "age": stream.choice((0.15, 0.3, 0.5, 0.7, 0.95)),
        "weight": stream.unit(),
        "muscle": 0.5,
        "height": stream.normal(0.5, 0.05),
        **{name: stream.unit() + 0.01 for name in ("african", "asian", "caucasian")},
    }
    stance = draw_stance(stream, name, phenotype["weight"], place)
    asset = model.load()
    return posture.pose_body(asset, asset.shape(phenotype), stance, on, {1: OTHER}), on


@pytest.mark.parametrize("name", POSTURES)
def test_nothing_sinks_deeper_than_two_centimetres_and_the_lowest_part_touches(name):
    asset = model.load()
    rows = asset.group_vertices("body")
    for number in range(DRAWN):
        body, on = drawn(name, number)
        points = body.vertices(asset, rows)
        assert np.isfinite(points).all()
        deepest = depth_in(on, points)
        where = asset.bones[asset.bone_ids[rows[deepest.argmax()], 0]].name
        assert deepest.max() <= 0.0205, f"{name} {number}: {where} is {100 * deepest.max():.1f} cm deep"
        assert on.clearance(points).min() <= 0.02, f"{name} {number} floats"


@pytest.mark.parametrize("name", POSTURES)
def test_joints_stay_within_their_limits(name):
    for number in range(3):
        body, _ = drawn(name, number)
        for joint, angles in body.pose.items():
            for angle, value in angles.items():
                low, high = JOINTS[joint][angle]
                assert low <= value <= high, f"{name} {number}: {joint} {angle} is {value:.0f}"


def test_every_field_of_a_posture_must_be_decided():
    missing = dataclasses.MISSING
    fields = dataclasses.fields(Posture)
    assert all(field.default is missing and field.default_factory is missing for field in fields)
    with pytest.raises(TypeError):
        Posture(name="new", family="upright")
    assert all(name == entry.name for name, entry in POSTURES.items())


@pytest.mark.parametrize("name", POSTURES)
def test_an_entry_agrees_with_what_its_function_draws(name):
    entry, stream = POSTURES[name], RandomStream(11, 0, name)
    stance = draw_stance(stream, name, 0.5, place_for(name, stream, 0)[0])
    assert stance.method in METHODS[entry.family]
    assert (entry.family == "lying") == entry.in_bed == (entry.spot == "lie") == (not entry.footprint)


@pytest.mark.parametrize("name", [name for name, entry in POSTURES.items() if entry.family != "floor"])
def test_only_people_lying_down_have_the_head_about_as_low_as_the_hips(name):
    for number in range(2):
        body, _ = drawn(name, number)
        head, hips = (_head_of(body, bone)[2] for bone in ("head", "pelvis"))
        assert (head - hips < 0.25) == POSTURES[name].lying, (name, number, head - hips)


def _head_of(body, bone):
    index = body.skeleton.index(bone)
    return (body.transforms[index] @ np.append(body.skeleton.heads[index], 1.0))[:3]


def test_the_same_stance_gives_the_same_body():
    first, second = (drawn("lateral-left", 2)[0].transforms for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_a_stance_moves_with_its_frame():
    stream = RandomStream(1, 2, "standing")
    asset = model.load()
    rest = asset.shape(
        {"sex": 1, "age": 0.5, "weight": 0.5, "muscle": 0.5, "height": 0.5, "african": 1, "asian": 1, "caucasian": 1}
    )
    stance = draw_stance(stream, "standing", 0.5, PersonPlace(0, 0, 0))
    moved = posture.Stance(**{**vars(stance), "x": 1.0, "y": -2.0, "heading": 90.0})
    here, there = (posture.pose_body(asset, rest, one, support.floor()).vertices(asset) for one in (stance, moved))
    turned = np.stack([-here[:, 1] + 1.0, here[:, 0] - 2.0, here[:, 2]], axis=1)
    np.testing.assert_allclose(there, turned, atol=1e-9)


@pytest.mark.parametrize(("name", "up"), [("supine", 1.0), ("prone", -1.0)])
def test_who_lies_on_the_back_faces_up_and_on_the_front_down(name, up):
    body, _ = drawn(name, 1)
    front = body.transforms[body.skeleton.index("spine_02"), :3, :3] @ -sk.Y
    assert front[2] * up > 0.9


@pytest.mark.parametrize(("name", "down"), [("lateral-left", "l"), ("lateral-right", "r")])
def test_the_named_side_is_the_lower_one(name, down):
    body, _ = drawn(name, 1)
    heights = {side: body.transforms[body.skeleton.index(f"thigh_{side}"), 2, 3] for side in sk.SIDES}
    other = "r" if down == "l" else "l"
    left = {
        side: (
            body.transforms[body.skeleton.index(f"upperarm_{side}")]
            @ np.append(body.skeleton.heads[body.skeleton.index(f"upperarm_{side}")], 1)
        )[2]
        for side in sk.SIDES
    }
    assert left[down] < left[other] - 0.15, heights


def test_hands_reach_what_they_hold():
    body, _ = drawn("pushing", 1)
    hand = body.transforms[body.skeleton.index("hand_l")] @ np.append(
        body.skeleton.heads[body.skeleton.index("hand_l")], 1
    )
    assert np.linalg.norm(hand[:3] - [0.22, -0.42, 0.92]) < 0.12
