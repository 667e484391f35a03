"""Clothes, hair and what hangs on people: they cover what they should, stay outside one another, move with the body."""

import numpy as np
import pytest
from posed import transforms_of

from blender_addon.body import model, skeleton, wear
from blender_addon.body.posture import PosedBody
from blender_addon.body.wear import (
    facewear,
    features,
    footwear,
    garment,
    garment_shell,
    hair,
    head,
    headwear,
    medical_lines,
    mesh,
    patches,
)  # fmt: skip
from blender_addon.body.wear.hidden_skin import under_clothes
from blender_addon.body.wear.patterns import PATTERNS, inside
from blender_addon.draw.spec import AttachmentSpec, GarmentSpec, LookSpec

SLIM = {"sex": 0.2, "age": 0.6, "weight": 0.3, "muscle": 0.5, "height": 0.5, "african": 0, "asian": 1, "caucasian": 1}
HEAVY = {**SLIM, "sex": 0.9, "weight": 1.0}
CHILD = {**SLIM, "age": 0.15, "weight": 0.5}
SITTING = {f"{joint}_{side}": {"flexion": 85.0} for joint in ("hip", "knee") for side in "lr"}
LOOK = LookSpec(
    skin_tone="monk-05", skin_rgb=(0.4, 0.25, 0.15), redness=0.5, age_marks=0.3, hair="short", hair_rgb=(0.05, 0.03,
        0.02),
    hair_phase=0.3, beard="none", beard_rgb=(0.05, 0.03, 0.02), brows=0.8, brow_rgb=(0.03, 0.02, 0.01), eye_rgb=(0.1,
        0.1, 0.1),
    eyes="open",
)  # fmt: skip


@pytest.fixture(scope="module")
def asset():
    return model.load()


def _posed(asset, phenotype=SLIM, pose=None):
    rest = asset.shape(phenotype)
    bones = skeleton.rest_skeleton(asset, rest)
    return PosedBody(rest, bones, pose or {}, transforms_of(bones, pose or {}))


def _dresser(asset, **kwargs):
    body = _posed(asset, **kwargs)
    return garment.Dresser(asset, body.rest, body.skeleton, body.transforms)


def _specs(*kinds):
    return tuple(GarmentSpec(kind, (0.3, 0.3, 0.3), (0.5, 0.5, 0.5), crease=0.2) for kind in kinds)


def _is_sound(piece):
    assert piece.faces.min() >= 0
    assert piece.faces.max() < len(piece.rest)
    assert np.isfinite(piece.rest).all()
    assert piece.bones.shape == piece.weights.shape == (len(piece.rest), 4)
    assert np.allclose(piece.weights.sum(axis=1), 1.0, atol=0.04)


@pytest.mark.parametrize("kind", PATTERNS)
def test_a_garment_is_a_sound_mesh_close_to_the_body(asset, kind):
    dresser = _dresser(asset)
    piece = dresser.wear(kind)
    _is_sound(piece)
    assert piece.uv.shape == (len(piece.faces), 4, 2)
    body = dresser.rest[asset.group_vertices("body")]
    assert (piece.rest.min(axis=0) > body.min(axis=0) - 0.2).all()
    assert (piece.rest.max(axis=0) < body.max(axis=0) + 0.2).all()


@pytest.mark.parametrize(("kind", "low", "high"), [
    ("gown", 0.24, 0.86), ("trousers", 0.05, 0.60), ("t-shirt", 0.52, 0.86), ("socks", 0.0, 0.12), ("long-skirt",
    0.07, 0.61),
])  # fmt: skip
@pytest.mark.parametrize("phenotype", [SLIM, HEAVY, CHILD], ids=["slim", "heavy", "child"])
def test_a_garment_reaches_from_where_to_where_on_every_body(asset, phenotype, kind, low, high):
    dresser = _dresser(asset, phenotype=phenotype)
    stature = dresser.rest[asset.group_vertices("body"), 2].max()
    piece = dresser.wear(kind)
    assert piece.rest[:, 2].min() == pytest.approx(low * stature, abs=0.05 * stature)
    assert piece.rest[:, 2].max() == pytest.approx(high * stature, abs=0.05 * stature)


def test_a_hem_is_a_straight_line(asset):
    dresser = _dresser(asset)
    part = garment._cut_of(asset, "trousers", ())
    ends = part.mix(dresser.sheet.places.z)[part.t > 0]
    low = ends[ends < 0.2]
    assert len(low) > 20
    assert np.ptp(low) < 1e-6


@pytest.mark.parametrize("phenotype", [SLIM, HEAVY], ids=["slim", "heavy"])
@pytest.mark.parametrize(
    "layers", [("shirt", "lab-coat"), ("scrub-trousers", "scrub-top", "isolation-gown"), ("t-shirt", "jacket")]
)
def test_each_layer_is_outside_the_one_below(asset, phenotype, layers):
    dresser = _dresser(asset, phenotype=phenotype)
    for kind in layers:
        base, faces = dresser.outer, dresser.sheet.faces
        outward = mesh.normals(base, faces)
        dresser.wear(kind)
        worn = inside(PATTERNS[kind], dresser.sheet.places) > 0
        away = ((dresser.outer - base) * outward).sum(axis=1)[worn]
        assert away.min() > 0.003, kind


def test_a_skirt_is_outside_the_trousers_below_it(asset):
    dresser = _dresser(asset, phenotype=HEAVY)
    dresser.wear("trousers")
    coat = dresser.wear("lab-coat")
    at = dresser.sheet.places
    legs = dresser.outer[(at.z > 0.55) & (at.z < 0.9) & (at.on_arm < 0.1)]
    skirt = coat.rest[(coat.rest[:, 2] < dresser.height(0.9)) & (coat.rest[:, 2] > dresser.height(0.55))]
    centre = legs[:, 1].mean()
    angles = [np.arctan2(points[:, 0], -(points[:, 1] - centre)) for points in (legs, skirt)]
    radii = [np.hypot(points[:, 0], points[:, 1] - centre) for points in (legs, skirt)]
    for sector in np.linspace(-np.pi, np.pi, 24, endpoint=False):
        near = [np.abs(np.angle(np.exp(1j * (a - sector)))) < 0.13 for a in angles]
        assert radii[1][near[1]].max() > radii[0][near[0]].max()


def test_a_skirt_falls_onto_the_thighs_of_who_sits(asset):
    standing, sitting = (_dresser(asset, pose=pose).wear("gown") for pose in ({}, SITTING))
    body = _posed(asset, pose=SITTING)
    posed = [mesh.moved(p.rest, mesh.blended(body.transforms, p.bones, p.weights)) for p in (standing, sitting)]
    on_lap = [points[(points[:, 1] < -0.3)] for points in posed]
    knees = asset.joints(body.vertices(asset))[13:15, 2].mean()
    assert on_lap[1][:, 2].max() < knees + 0.12
    assert on_lap[1][:, 2].mean() < on_lap[0][:, 2].mean()


def test_hidden_skin_is_below_cloth_only(asset):
    hidden = under_clothes(asset, ("t-shirt", "trousers", "socks"))
    seen = {"head", "hand_l", "hand_r", "index_01_l", "lowerarm_r"}
    bare = [i for i, bone in enumerate(asset.bones) if bone.name in seen]
    assert not np.isin(asset.bone_ids[hidden, 0], bare).any()
    assert len(hidden) > 2000


def test_nothing_is_hidden_of_the_naked(asset):
    assert len(under_clothes(asset, ())) == 0


def test_a_layer_loses_what_is_hidden_under_the_next(asset):
    alone, under = (_dresser(asset).wear("t-shirt", above) for above in ((), ("jumper",)))
    assert 0 < len(under.faces) < 0.35 * len(alone.faces)


def test_an_unknown_garment_names_the_known(asset):
    with pytest.raises(ValueError, match=r"'cape'.*gown"):
        wear.dress(asset, _posed(asset), LOOK, _specs("cape"), ())


@pytest.mark.parametrize("style", hair.STYLES)
@pytest.mark.parametrize("phenotype", [SLIM, CHILD], ids=["adult", "child"])
def test_hair_is_on_the_head_and_leaves_the_face_free(asset, style, phenotype):
    body = _posed(asset, phenotype)
    grid = head.head_grid(asset, body.rest)
    piece = hair.hair(asset, body.rest, body.skeleton, grid, style, 0.4)
    _is_sound(piece)
    nose = asset.joints(body.rest)[0]
    across = np.abs(piece.rest[:, 0]) < 0.035 * grid.size
    assert not (across & (piece.rest[:, 1] < nose[1] + 0.06) & (piece.rest[:, 2] < nose[2] + 0.03)).any()


def test_the_bald_and_the_shorn_have_no_hair_to_build(asset):
    body = _posed(asset)
    grid = head.head_grid(asset, body.rest)
    for style in hair.PAINTED:
        assert hair.hair(asset, body.rest, body.skeleton, grid, style, 0.4) is None


@pytest.mark.parametrize("kind", headwear.KINDS)
def test_headwear_covers_the_crown_and_leaves_the_face_free(asset, kind):
    body = _posed(asset)
    grid = head.head_grid(asset, body.rest)
    piece = headwear.headwear(asset, grid, body.skeleton, kind, 0.3)
    _is_sound(piece)
    assert piece.rest[:, 2].max() > body.rest[asset.group_vertices("body"), 2].max()
    eyes = asset.joints(body.rest)[1:3]
    for eye in eyes:
        before = (np.abs(piece.rest[:, 0] - eye[0]) < 0.015) & (np.abs(piece.rest[:, 2] - eye[2]) < 0.012)
        assert not (before & (piece.rest[:, 1] < eye[1])).any()


def test_a_face_mask_is_before_nose_and_mouth(asset):
    body = _posed(asset)
    grid = head.head_grid(asset, body.rest)
    face = facewear.Face(asset, body.rest, body.skeleton, grid)
    nose = asset.joints(body.rest)[0]
    for kind in facewear.MASKS:
        piece = facewear.face_mask(face, kind)
        _is_sound(piece)
        assert piece.rest[:, 1].min() < nose[1] - 0.002
        assert piece.rest[:, 2].max() < asset.joints(body.rest)[1, 2] + 0.012


@pytest.mark.parametrize("kind", footwear.SHOES)
def test_soles_do_not_sink_into_the_floor(asset, kind):
    piece = footwear.footwear(_dresser(asset), kind)
    _is_sound(piece)
    assert -0.006 < piece.rest[:, 2].min() < 0.0


@pytest.mark.parametrize("kind", patches.PATCHES)
def test_a_patch_is_on_its_own_side(asset, kind):
    body = _posed(asset)
    for side, sign in (("l", 1), ("r", -1)):
        piece = patches.patch(asset, body.rest, kind, side)
        _is_sound(piece)
        assert (piece.rest[:, 0] * sign > 0).all()


def test_a_line_ends_where_it_should_and_moves_with_nothing(asset):
    body = _posed(asset)
    for kind in medical_lines.LINES:
        for n, path in enumerate(medical_lines.lines(asset, body, kind, "l", (0.9, 0.4, 1.5))):
            assert path[-1] == pytest.approx((0.9, 0.4, 1.5 + 0.012 * n))  # side by side
            body_surface = body.vertices(asset)[asset.group_vertices("body")]
            assert np.linalg.norm(body_surface - path[0], axis=1).min() < 1e-6
            assert path[:, 2].min() >= 0.01


def test_every_kind_can_be_worn_together_with_the_rest(asset):
    body = _posed(asset)
    attachments = tuple(AttachmentSpec(kind, "l", (0.5, 0.5, 0.5), (0.3, 0.2, 0.5)) for kind in medical_lines.KINDS)
    for first in range(0, len(wear.KINDS), 6):  # whole heads are costly: several kinds at a time
        kinds = ("socks", "trousers", *wear.KINDS[first : first + 6])
        dressed = wear.dress(asset, body, LOOK, _specs(*kinds), ())
        assert {worn.spec.kind for worn in dressed.worn} == set(kinds)
    dressed = wear.dress(asset, body, LOOK, _specs("gown"), attachments)
    assert len(dressed.worn) == 1 + len(medical_lines.KINDS)
    assert {line[0] for line in dressed.lines} == set(medical_lines.LINES)


def test_skin_has_a_colour_at_every_vertex_and_lips_are_redder(asset):
    body = _posed(asset)
    dressed = wear.dress(asset, body, LOOK, (), ())
    rows = asset.group_vertices("body")
    assert dressed.skin.shape == (len(rows), 3)
    assert ((dressed.skin >= 0) & (dressed.skin <= 1)).all()
    lips = features.feature(asset, "lips")[rows] > 0.9
    tone = dressed.skin[lips].mean(axis=0)
    assert tone[1] / tone[0] < 0.9 * LOOK.skin_rgb[1] / LOOK.skin_rgb[0]


def test_a_cut_ends_exactly_where_its_field_is_zero():
    points = np.stack(np.meshgrid(np.arange(5.0), np.arange(4.0)), axis=-1).reshape(-1, 2)
    faces = mesh.grid_faces(4, 5, closed=False)
    part = mesh.cut(faces, 1.3 - points[:, 0])
    kept = part.mix(points)
    assert kept[:, 0].max() == pytest.approx(1.3)
    corners = kept[part.faces]
    x, y = corners[..., 0], corners[..., 1]
    area = np.abs(((x * np.roll(y, -1, 1)) - (np.roll(x, -1, 1) * y)).sum(axis=1)) / 2
    assert area.sum() == pytest.approx(1.3 * 3)


@pytest.mark.parametrize("seed", range(8))
def test_the_hull_of_a_sole_has_no_point_outside_and_no_corner_too_many(seed):
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(200, 2)) if seed % 2 else rng.integers(0, 7, (60, 2)).astype(float)  # many on one line
    hull = footwear._hull(points)
    sides = np.roll(hull, -1, axis=0) - hull
    away = points[:, None] - hull
    assert (sides[:, 0] * away[..., 1] - sides[:, 1] * away[..., 0] > -1e-9).all()
    turned = np.roll(sides, -1, axis=0)
    assert (sides[:, 0] * turned[:, 1] - sides[:, 1] * turned[:, 0] > 0).all()


@pytest.mark.parametrize("seed", range(8))
def test_a_cut_keeps_its_vertices_inside_and_leaves_out_what_is_not(seed):
    rng = np.random.default_rng(seed)
    points = np.stack(np.meshgrid(np.arange(9.0), np.arange(7.0)), axis=-1).reshape(-1, 2)
    faces = mesh.grid_faces(7, 9, closed=False)
    field = rng.normal(size=len(points))
    part, rest = mesh.cut(faces, field), mesh.cut(faces, -field)
    assert part.mix(field).min() > -1e-9
    assert set(part.low[part.t == 0]) == set(np.flatnonzero(field > 0))
    corners = part.mix_corners(points[faces])
    assert np.allclose(corners, part.mix(points)[part.faces]), "a corner's origin is where it is"
    assert len(rest.faces) > 0
    assert not set(part.low[part.t == 0]) & set(rest.low[rest.t == 0])


def test_the_sheet_is_laid_flat_without_tears(asset):
    whole = garment_shell.sheet(asset)
    lengths = np.linalg.norm(whole.uv - np.roll(whole.uv, 1, axis=1), axis=-1)
    assert np.quantile(lengths, 0.99) < 0.08
