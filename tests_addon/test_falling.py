"""Clothes that fall: they keep their lengths, stay outside the body, hang where nothing holds them."""

from dataclasses import replace

import numpy as np
import pytest
from posed import transforms_of

from blender_addon.body import model, skeleton
from blender_addon.body.support import Support, floor
from blender_addon.body.wear import falling, garment, mesh
from blender_addon.body.wear.garment_shell import sheet
from blender_addon.body.wear.patterns import PATTERNS

ADULT = {"sex": 0.2, "age": 0.6, "weight": 0.5, "muscle": 0.5, "height": 0.5, "african": 0, "asian": 1, "caucasian": 1}
LOOSE = ("gown", "scrub-top", "scrub-trousers", "lab-coat-open", "jumper", "pyjama-trousers", "long-skirt", "abaya")
ARM_OUT = {"shoulder_r": {"abduction": 60.0}}
NOBODY = np.zeros((0, 3))
ON_FLOOR = falling.Ground(floor(), np.eye(4))


@pytest.fixture(scope="module")
def asset():
    return model.load()


def _dresser(asset, pose=None, ground=ON_FLOOR):
    rest = asset.shape(ADULT)
    bones = skeleton.rest_skeleton(asset, rest)
    return garment.Dresser(asset, rest, bones, transforms_of(bones, pose or {}), ground)


def _posed(dresser, points):
    whole = dresser.sheet
    return mesh.moved(points, mesh.blended(dresser._transforms, whole.bones, whole.weights))


def _fallen_sheet(points, spacing=0.02, below=None, hands=NOBODY, ground=ON_FLOOR, **given):
    """A square sheet of cloth (n, n, 3) over ``below``, let go."""
    count = points.shape[0]
    faces = mesh.grid_faces(count, count, closed=False)
    flat = points.reshape(-1, 3)
    nobody = falling.Below(np.array([[0.0, 0.0, -50.0]]), np.array([[0.0, 0.0, 1.0]]), np.zeros((1, 1), dtype=int))
    number = len(flat)
    no = np.zeros(number, dtype=bool)
    cloth = falling.Cloth(
        flat, _square(count, spacing, 0.0).reshape(-1, 3), falling.Net.of(faces), np.zeros(number, dtype=int),
        no, no, no, np.zeros((0, 2), dtype=int),
    )  # fmt: skip
    return falling.fallen(replace(cloth, **given), below or nobody, hands, ground, 0.004).reshape(points.shape)


def _square(count, spacing, z):
    at = np.arange(count) * spacing
    return np.stack([*np.meshgrid(at, at, indexing="ij"), np.full((count, count), z)], axis=-1)


def test_a_sheet_on_the_floor_stays_there():
    sheet_ = _square(12, 0.02, 0.0)
    assert np.allclose(_fallen_sheet(sheet_), sheet_, atol=1e-6)


def test_a_sheet_held_at_one_side_hangs_down_and_keeps_its_lengths():
    begin = _square(12, 0.02, 1.0)
    fixed = np.zeros((12, 12), dtype=bool)
    fixed[0] = True
    lies = _fallen_sheet(begin, fixed=fixed.ravel())
    assert np.array_equal(lies[0], begin[0].astype(np.float32))
    assert (np.diff(lies[:, :, 2].mean(axis=1)) < 0).all()
    lengths = np.linalg.norm(np.diff(lies, axis=0), axis=-1)
    assert lengths.min() > 0.9 * 0.02
    assert lengths.max() < 1.25 * 0.02


def test_what_lies_on_a_support_does_not_sink_into_it():
    seat = Support(((-1.0, 0.45), (1.0, 0.45)), 1.0, 0.08)
    turned = np.eye(4)
    turned[:2, 3] = 0.2, -0.1
    lies = _fallen_sheet(_square(12, 0.02, 0.47), ground=falling.Ground(seat, turned))
    assert lies[..., 2].min() > 0.45 - 1e-5
    assert lies[..., 2].max() < 0.46


def test_a_hand_presses_cloth_towards_the_body():
    """A flat body at z = 0 with cloth 3 cm above it, and a hand 1.5 cm above it: the cloth is below the hand."""
    at = _square(12, 0.02, 0.0).reshape(-1, 3)
    rings = mesh.rings(mesh.grid_faces(12, 12, closed=False), len(at))
    body = falling.Below(at, np.tile([0.0, 0.0, 1.0], (len(at), 1)), rings)
    hand = np.array([[0.11, 0.11, 0.015]])
    lies = _fallen_sheet(_square(12, 0.02, 0.03), below=body, near=np.arange(len(at)), hands=hand)
    under = np.linalg.norm(lies[..., :2] - hand[0, :2], axis=-1) < 0.02
    assert under.any()
    assert lies[..., 2][under].max() < 0.015
    assert lies[..., 2].min() > 0.0039


@pytest.mark.parametrize("kind", LOOSE)
@pytest.mark.parametrize("pose", [{}, ARM_OUT], ids=["standing", "arm out"])
def test_a_garment_falls_without_getting_into_the_body(asset, kind, pose):
    dresser = _dresser(asset, pose)
    under = _posed(dresser, dresser.top)
    outward = mesh.normals(under, dresser.sheet.faces)
    before = _posed(dresser, dresser._surface(PATTERNS[kind], 0.0))
    part = dresser.wear(kind)
    assert np.isfinite(part.rest).all()
    cut = garment._cut_of(asset, kind, ())
    whole = cut.low[cut.t == 0]
    inside = {}
    for name, points in (("before", before), ("after", _posed(dresser, dresser.top))):
        near = falling.nearest(points[whole], under)
        inside[name] = (((points[whole] - under[near]) * outward[near]).sum(axis=1) < 0).mean()
    # In armpits and crotch cloth of one limb meets that of another, whether it fell or not.
    assert inside["after"] < inside["before"] + 0.02


@pytest.mark.parametrize("kind", LOOSE)
def test_a_falling_garment_is_neither_stretched_nor_torn(asset, kind):
    dresser = _dresser(asset, ARM_OUT)
    sewn = _dresser(asset, ARM_OUT, ground=None)
    part, other = dresser.wear(kind), sewn.wear(kind)
    pairs = mesh.edges(part.faces).pairs
    moved = mesh.moved(part.rest, mesh.blended(dresser._transforms, part.bones, part.weights))
    length = np.linalg.norm(moved[pairs[:, 0]] - moved[pairs[:, 1]], axis=1)
    before = np.linalg.norm(other.rest[pairs[:, 0]] - other.rest[pairs[:, 1]], axis=1)
    assert np.array_equal(part.faces, other.faces)
    assert np.percentile(length / np.maximum(before, 0.004), 99) < 1.6
    assert length.max() < 0.09


def test_a_sleeve_hangs_below_an_arm_held_out(asset):
    def lowest(ground):
        dresser = _dresser(asset, ARM_OUT, ground)
        dresser.wear("gown")
        at = dresser.sheet.places
        sleeve = (at.arm > 0.1) & (at.arm < 0.2) & (at.x < 0)
        return _posed(dresser, dresser.top)[sleeve, 2].min()

    assert lowest(ON_FLOOR) < lowest(None) - 0.01


def test_the_coarse_mesh_is_a_part_of_the_sheet(asset):
    whole = sheet(asset)
    coarse = len(whole.quad_rings)
    assert np.array_equal(whole.parents[:coarse], np.arange(coarse)[:, None].repeat(4, axis=1))
    points = whole.positions(asset.shape(ADULT))
    assert np.allclose(points[whole.parents].mean(axis=1), points)


@pytest.mark.parametrize("kind", [kind for kind in PATTERNS if kind != "socks"])
def test_every_garment_can_fall_over_another(asset, kind):
    dresser = _dresser(asset, {"hip_l": {"flexion": 40.0}, "knee_l": {"flexion": 60.0}})
    dresser.wear("long-skirt")
    part = dresser.wear(kind)
    assert np.isfinite(part.rest).all()
    assert np.abs(part.rest).max() < 2.5
