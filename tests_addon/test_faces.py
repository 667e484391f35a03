"""Faces with details: brows and lashes where they belong, round eyes, shaded hollows, colours that stay colours."""

from dataclasses import replace

import numpy as np
import pytest
from posed import transforms_of

from blender_addon.body import model, skeleton, wear
from blender_addon.body.posture import PosedBody
from blender_addon.body.wear import face_details, facewear, features, hair, head
from blender_addon.body.wear.reference import reference
from blender_addon.draw.spec import LookSpec

ADULT = {"sex": 0.3, "age": 0.55, "weight": 0.4, "muscle": 0.5, "height": 0.5, "african": 1, "asian": 1, "caucasian": 1}
FACES = {
    "adult": ADULT,
    "child": {**ADULT, "age": 0.2},
    "asleep": {**ADULT, "details": {"eye-closure": 1.0}},
    "old": {**ADULT, "age": 0.95, "sex": 1.0, "details": {"head-age-incr": 0.7, "eyebrows-angle-up": 0.8}},
}
LOOK = LookSpec(
    skin_tone="monk-02", skin_rgb=(0.6, 0.42, 0.34), redness=0.5, age_marks=0.3, hair="short",
    hair_rgb=(0.05, 0.03, 0.02), hair_phase=0.3, beard="none", beard_rgb=(0.05, 0.03, 0.02), brows=0.8,
    brow_rgb=(0.03, 0.02, 0.01), eye_rgb=(0.1, 0.1, 0.1), eyes="open", hair_locks=True, face_detail=True,
)  # fmt: skip


@pytest.fixture(scope="module")
def asset():
    return model.load()


def _body(asset, name):
    rest = asset.shape(FACES[name])
    bones = skeleton.rest_skeleton(asset, rest)
    return PosedBody(rest, bones, {}, transforms_of(bones, {}))


@pytest.mark.parametrize("name", FACES)
def test_brows_and_lashes_are_at_the_eyes_on_the_face(asset, name):
    body = _body(asset, name)
    grid = head.head_grid(asset, body.rest)
    face = facewear.Face(asset, body.rest, body.skeleton, grid)
    piece = face_details.brows_and_lashes(asset, face, 0.8, 0.4)
    assert np.isfinite(piece.rest).all()
    assert piece.weights.sum(axis=1) == pytest.approx(1)
    for side, sign in (("l", 1), ("r", -1)):
        eye = body.rest[asset.group_vertices(f"helper-{side}-eye")].mean(axis=0)
        own = piece.rest[piece.rest[:, 0] * sign > 0]
        assert np.linalg.norm(own - eye, axis=1).max() < 0.055 * grid.size  # metres
        angle = np.arctan2(own[:, 0], -(own[:, 1] - grid.centre[1]))
        hairline = hair.hairline("short", angle)
        assert ((own[:, 2] - face.ear[2]) / face.size < hairline).all()
        skin = body.rest[asset.group_vertices("body")]
        near = np.min([np.linalg.norm(own[:, None] - part, axis=2).min(axis=1) for part in np.array_split(skin, 20)], 0)
        assert near.max() < 0.009 * grid.size


@pytest.mark.parametrize("name", FACES)
def test_eyes_are_round_and_where_the_sockets_are(asset, name):
    body = _body(asset, name)
    eyes, socket = face_details.round_eyes(asset, body.rest), head.eyes(asset, body.rest)
    assert set(eyes.material) == set(socket.material) == {head.WHITE, head.IRIS, head.PUPIL}
    assert eyes.rest.mean(axis=0)[[0, 2]] == pytest.approx(socket.rest.mean(axis=0)[[0, 2]], abs=0.003)
    assert (eyes.rest.min(axis=0) >= socket.rest.min(axis=0) - 1e-3).all()
    assert (eyes.rest.max(axis=0) <= socket.rest.max(axis=0) + 1e-3).all()
    pupils = eyes.rest[eyes.faces[eyes.material == head.PUPIL]].reshape(-1, 3)
    assert pupils[:, 1].max() < eyes.rest[:, 1].min() + 0.002
    normals = wear.mesh.normals(eyes.rest, eyes.faces)
    middles = np.where(eyes.rest[:, :1] > 0, *(eyes.rest[eyes.rest[:, 0] * s > 0].mean(axis=0) for s in (1, -1)))
    assert (((eyes.rest - middles) * normals).sum(axis=1) > 0).all()


def _nostrils(asset):
    """The vertices inside the nostrils: above the lip, before the cheeks, facing down or inwards."""
    ref = reference(asset)
    eye = ref.rest[asset.group_vertices("helper-l-eye")].mean(axis=0)
    x, y, z = (ref.rest - eye * [0, 1, 1]).T
    return np.flatnonzero((np.abs(x) < 0.012) & (y < -0.008) & (np.abs(z + 0.0375) < 0.003) & (ref.on_head > 0.5))


def test_nostrils_mouth_and_ears_are_hollow_and_brows_are_not(asset):
    hollow = face_details.hollows(asset)
    assert hollow[_nostrils(asset)].max() == 1.0
    assert hollow[features.feature(asset, "ears") > 0.3].max() == 1.0
    assert hollow[features.feature(asset, "brows") > 0.3].max() < 0.1


def test_details_darken_what_is_hollow_and_nothing_is_lighter_than_skin(asset):
    body = _body(asset, "adult")
    plain, detailed = (
        wear.dress(asset, body, replace(LOOK, face_detail=shown, hair="bald"), (), ()) for shown in (False, True)
    )
    assert plain.brows is None
    assert detailed.brows is not None
    rows = asset.group_vertices("body")
    hollow = face_details.hollows(asset)[rows] > 0.9
    on_face = hollow & np.isin(rows, _nostrils(asset))
    assert detailed.skin[on_face].mean() < 0.75 * plain.skin[on_face].mean()
    assert ((detailed.skin >= 0) & (detailed.skin <= 1)).all()
