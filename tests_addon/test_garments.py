"""Clothes cover what they should, and hide the skin below without a gap."""

import numpy as np
import pytest

from blender_addon.body import garments, model, skeleton

BODY = {"sex": 0.2, "age": 0.6, "weight": 0.8, "muscle": 0.5, "height": 0.5, "african": 0, "asian": 1, "caucasian": 1}


@pytest.fixture(scope="module")
def dressed():
    asset = model.load()
    rest = asset.shape(BODY)
    return asset, rest, skeleton.rest_skeleton(asset, rest)


@pytest.mark.parametrize("kind", garments.KINDS)
def test_a_garment_is_a_mesh_on_the_body(dressed, kind):
    asset, rest, bones = dressed
    piece = garments.garment(asset, rest, bones, kind)
    assert piece.faces.min() == 0
    assert piece.faces.max() == len(piece.rows) - 1
    assert np.isfinite(piece.rest).all()
    assert np.linalg.norm(piece.rest - rest[piece.rows], axis=1).max() < 0.02


@pytest.mark.parametrize(("kind", "low", "high"), [
    ("gown", 0.2, 0.9), ("trousers", 0.02, 0.6), ("short-sleeved-top", 0.4, 0.9), ("shoes", -0.01, 0.12),
])  # fmt: skip
def test_a_garment_reaches_from_where_to_where(dressed, kind, low, high):
    asset, rest, bones = dressed
    stature = rest[asset.group_vertices("body"), 2].max()
    piece = garments.garment(asset, rest, bones, kind)
    assert piece.rest[:, 2].min() == pytest.approx(low * stature, abs=0.06 * stature)
    assert piece.rest[:, 2].max() == pytest.approx(high * stature, abs=0.06 * stature)


def test_hidden_skin_is_below_cloth_only(dressed):
    asset, rest, bones = dressed
    hidden = garments.covered_skin(asset, rest, bones, ("short-sleeved-top", "trousers", "shoes"))
    seen = {"head", "hand_l", "hand_r", "index_01_l", "lowerarm_r"}
    bare = [i for i, bone in enumerate(asset.bones) if bone.name in seen]
    assert not np.isin(asset.bone_ids[hidden, 0], bare).any()
    assert len(hidden) > 2000


def test_nothing_is_hidden_of_the_naked(dressed):
    assert len(garments.covered_skin(*dressed, ())) == 0


def test_an_unknown_garment_names_the_known(dressed):
    with pytest.raises(ValueError, match="gown"):
        garments.garment(*dressed, "cape")


def test_hair_leaves_the_face_free(dressed):
    asset, rest, bones = dressed
    nose = asset.joints(rest)[0]
    for style in ("short", "long"):
        piece = garments.hair(asset, rest, bones, style)
        before_face = (piece.rest[:, 1] < nose[1] + 0.03) & (piece.rest[:, 2] < nose[2] + 0.03)
        assert not before_face.any(), style
    assert garments.hair(asset, rest, bones, "bald") is None


def test_eyes_look_ahead(dressed):
    asset, rest, _ = dressed
    piece, kinds = garments.eyes(asset, rest)
    assert set(kinds) == {0, 1, 2}
    middle = piece.rest[piece.faces].mean(axis=1)
    assert middle[kinds == 2, 1].mean() < middle[kinds == 1, 1].mean() < middle[kinds == 0, 1].mean()
