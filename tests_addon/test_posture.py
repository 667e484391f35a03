"""Contact: weight rests on something. Measured on the posed meshes of drawn people."""

import numpy as np
import pytest

from blender_addon.body import model, posture
from blender_addon.draw import config as knobs
from blender_addon.draw import sample

_DEEPEST = 0.02  # metres into what carries the body
_FLOATS = 0.02


@pytest.fixture(scope="module")
def drawn():
    config = knobs.resolve()
    asset = model.load()
    found = []
    for index in range(36):
        spec = sample(config, 23, index)
        for person in spec.people:
            placement = posture.Placement(
                person.posture, person.x, person.y, person.heading, person.surface, person.overhang
            )
            body = posture.pose_body(asset, person.phenotype, person.pose, placement)
            found.append((spec, person, body.vertices(asset)[asset.group_vertices("body")]))
    return found


def test_nobody_is_in_the_floor_or_above_it(drawn):
    for spec, person, vertices in drawn:
        lowest = vertices[:, 2].min()
        assert lowest > -_DEEPEST, (spec.index, person.id)
        if person.posture == "standing":
            assert lowest < _FLOATS, (spec.index, person.id)


def test_both_feet_of_a_standing_person_are_on_the_floor(drawn):
    asset = model.load()
    body = asset.group_vertices("body")
    for spec, person, vertices in drawn:
        if person.posture != "standing":
            continue
        for side in ("l", "r"):
            bones = [i for i, bone in enumerate(asset.bones) if bone.name in (f"foot_{side}", f"ball_{side}")]
            foot = vertices[np.isin(asset.bone_ids[body, 0], bones)]
            assert foot[:, 2].min() < _FLOATS, (spec.index, person.id, side)


def test_who_lies_or_sits_rests_on_the_mattress(drawn):
    for spec, person, vertices in drawn:
        if person.posture == "standing":
            continue
        bed = spec.bed
        over = (np.abs(vertices[:, 0] - bed.x) < bed.width / 2 - 0.03) & (
            np.abs(vertices[:, 1] - bed.y) < bed.length / 2 - 0.03
        )
        lowest = vertices[over, 2].min()
        assert bed.surface - _DEEPEST < lowest < bed.surface + _FLOATS, (spec.index, person.id, person.posture)


def test_who_lies_is_on_the_bed_whole(drawn):
    for spec, person, vertices in drawn:
        if person.posture == "supine":
            assert np.abs(vertices[:, 0] - spec.bed.x).max() < spec.bed.width / 2 + 0.25
            assert vertices[:, 1].max() < spec.bed.y + spec.bed.length / 2
            assert vertices[:, 1].min() > spec.bed.y - spec.bed.length / 2 - 0.15


def test_the_legs_of_who_sits_hang_before_the_bed(drawn):
    asset = model.load()
    body = asset.group_vertices("body")
    shins = [i for i, bone in enumerate(asset.bones) if bone.name.startswith(("foot", "ball"))]
    for spec, person, vertices in drawn:
        if person.posture == "sitting":
            feet = vertices[np.isin(asset.bone_ids[body, 0], shins)]
            assert (np.abs(feet[:, 0] - spec.bed.x) > spec.bed.width / 2 - 0.02).all(), (spec.index, person.id)


def test_posing_again_gives_the_same(drawn):
    _, person, vertices = drawn[0]
    asset = model.load()
    placement = posture.Placement(person.posture, person.x, person.y, person.heading, person.surface, person.overhang)
    again = posture.pose_body(asset, person.phenotype, person.pose, placement).vertices(asset)
    assert np.array_equal(again[asset.group_vertices("body")], vertices)
