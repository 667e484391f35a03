"""Hair in locks: it covers the scalp, leaves the face free, has no smooth outline, and follows from its numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from posed import transforms_of

from blender_addon.body import model, skeleton
from blender_addon.body.posture import PosedBody
from blender_addon.body.wear import hair, hair_locks, head, headwear

ADULT = {"sex": 0.3, "age": 0.55, "weight": 0.4, "muscle": 0.5, "height": 0.5, "african": 0, "asian": 0, "caucasian": 1}
CHILD = {**ADULT, "age": 0.2}
DENSE = [style for style in hair.STYLES if style not in ("thinning", "crown-bald")]
PHASE = 0.37


@pytest.fixture(scope="module")
def heads():
    """{phenotype: (asset, body, grid)}."""
    asset = model.load()
    made = {}
    for name, phenotype in (("adult", ADULT), ("child", CHILD)):
        rest = asset.shape(phenotype)
        bones = skeleton.rest_skeleton(asset, rest)
        body = PosedBody(rest, bones, {}, transforms_of(bones, {}))
        made[name] = asset, body, head.head_grid(asset, body.rest)
    return made


def _hair(heads, style, who="adult", phase=PHASE, in_locks=True, **limits):
    asset, body, grid = heads[who]
    return hair.hair(asset, body.rest, body.skeleton, grid, style, phase, in_locks=in_locks, **limits)


def _directions(grid, points):
    """(n,) radii and (n, 3) directions of points from the middle of the head."""
    away = points - grid.centre
    radius = np.linalg.norm(away, axis=1)
    return radius, away / radius[:, None]


def test_every_style_of_hair_has_locks():
    assert set(hair_locks.LOCKS) == set(hair.STYLES)


@pytest.mark.parametrize("who", ["adult", "child"])
@pytest.mark.parametrize("style", hair.STYLES)
def test_locks_are_sound_and_leave_the_face_free(heads, style, who):
    piece = _hair(heads, style, who)
    asset, body, grid = heads[who]
    assert np.isfinite(piece.rest).all()
    assert np.isfinite(piece.uv).all()
    assert piece.faces.min() == 0
    assert piece.faces.max() == len(piece.rest) - 1
    assert len(piece.colour) == len(piece.rest)
    assert (piece.colour > 0).all()
    assert piece.weights.sum(axis=1) == pytest.approx(1, abs=0.05)
    nose = asset.joints(body.rest)[0]
    before = piece.rest[:, 1] < nose[1] + 0.05 * grid.size
    assert not (before & (np.abs(piece.rest[:, 0]) < 0.035 * grid.size) & (piece.rest[:, 2] < nose[2] + 0.03)).any()


@pytest.mark.parametrize("style", DENSE)
def test_locks_cover_the_scalp(heads, style):
    """Above every part of the scalp that is 2 cm inside the hairline, there is hair within 15 degrees."""
    piece = _hair(heads, style)
    _, _, grid = heads["adult"]
    far_inside = (grid.height - hair.hairline(style, grid.angle[None])) > 0.02
    scalp = grid.points[far_inside & (grid.height > 0.0)]
    radius, ways = _directions(grid, piece.rest)
    below, down = _directions(grid, scalp)
    near = (down @ ways.T) > np.cos(np.radians(12))
    highest = np.where(near, radius[None], 0.0).max(axis=1)
    assert (highest > below + 0.0015).all()


def _on_faces(piece):
    """(n, 3) points spread over all faces."""
    a, b, c, d = (piece.rest[piece.faces[:, corner]] for corner in range(4))
    shares = [(u, v) for u in np.linspace(0, 1, 6) for v in np.linspace(0, 1, 6)]
    return np.concatenate([(a * (1 - u) + b * u) * (1 - v) + (d * (1 - u) + c * u) * v for u, v in shares])


def _outline(grid, points, axis):
    """(180,) the radius of the outline seen along an axis, by angle."""
    flat = np.delete(points - grid.centre, axis, axis=1)
    angle = np.degrees(np.arctan2(flat[:, 0], flat[:, 1])).astype(int) // 2 + 90
    outline = np.zeros(181)
    np.maximum.at(outline, angle, np.linalg.norm(flat, axis=1))
    return outline[np.flatnonzero(outline > 0)]


@pytest.mark.parametrize("style", ["short", "tousled", "curly", "afro", "side-part", "receding"])
def test_the_outline_of_locks_is_broken(heads, style):
    _, _, grid = heads["adult"]
    rough = []
    for in_locks in (False, True):
        piece = _hair(heads, style, in_locks=in_locks)
        points = _on_faces(piece)
        above = points[points[:, 2] > grid.centre[2] + 0.03]
        rough.append(np.mean([np.abs(np.diff(_outline(grid, above, axis), 2)).mean() for axis in (0, 1)]))
    assert rough[1] > 1.3 * rough[0]


@pytest.mark.parametrize("style", ["cropped", "short", "tousled", "receding", "crown-bald", "thinning", "curly"])
def test_short_locks_stay_near_the_head(heads, style):
    piece = _hair(heads, style)
    _, _, grid = heads["adult"]
    skull = grid.points.reshape(-1, 3)
    nearest = np.min([np.linalg.norm(piece.rest[:, None] - part[None], axis=2).min(axis=1)
                      for part in np.array_split(skull, 20)], axis=0)  # fmt: skip
    cut, locks = hair.STYLES[style], hair_locks.LOCKS[style]
    most = max(cut.top, cut.side, cut.back) * 1.3 + 2 * locks.lift + locks.width + 0.75 * locks.length
    assert nearest.max() < most * grid.size


@given(phase=st.floats(0, 1, exclude_max=True))
def test_locks_follow_from_their_phase_alone(heads, phase):
    first, again = (_hair(heads, "cropped", phase=phase) for _ in range(2))
    assert np.array_equal(first.rest, again.rest)
    assert np.array_equal(first.faces, again.faces)
    assert len(first.faces) > 500


def test_another_phase_is_another_head_of_hair(heads):
    first, other = (_hair(heads, "short", phase=phase) for phase in (0.2, 0.7))
    assert first.rest.shape != other.rest.shape or not np.allclose(first.rest, other.rest)


@pytest.mark.parametrize("kind", headwear.HATS)
def test_under_a_hat_only_the_hair_below_its_rim_is_made(heads, kind):
    _, _, grid = heads["adult"]
    rim = headwear.rim_height(kind, grid.angle)
    piece = _hair(heads, "short", below=rim)
    away = piece.rest - grid.centre
    at = headwear.rim_height(kind, np.arctan2(away[:, 0], -away[:, 1]))
    height = (away[:, 2] + 0.02 * grid.size) / grid.size
    assert (height < at + 0.03).all()


def test_tied_hair_ends_at_its_band(heads):
    """All locks of a bun run up to it: none of their tips hangs below the ears, as those of a bob do."""
    _, _, grid = heads["adult"]
    bun, bob = (_hair(heads, style).rest for style in ("bun", "bob"))
    below = grid.centre[2] - 0.11 * grid.size
    assert not (bun[:, 2] < below).any()
    assert (bob[:, 2] < below).any()


@given(count=st.integers(1, 300), phase=st.floats(0, 1), dimensions=st.integers(1, 8))
def test_a_spread_fills_the_unit_cube_evenly(count, phase, dimensions):
    points = hair_locks.spread(count, phase, dimensions)
    assert points.shape == (count, dimensions)
    assert ((points >= 0) & (points < 1)).all()
    if count >= 100:
        assert np.abs(points.mean(axis=0) - 0.5).max() < 0.1
