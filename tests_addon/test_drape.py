"""A cover falls: flat on an empty bed, over a body never through it, under the arms that lie on it."""

import numpy as np
import pytest

from blender_addon.body.drape import Cover, drape, height_field
from blender_addon.body.support import bed_profile

BED = {"length": 2.0, "width": 0.9, "surface": 0.55, "mattress": 0.14, "back_deg": 0.0, "knee_deg": 0.0}
TOP = bed_profile(BED)
COVER = Cover(top=0.6, slope=0.0, bottom=-1.05, left=-0.7, right=0.7, thickness=0.01)
NOBODY = np.zeros((0, 3))


def log(x: float = 0.0, radius: float = 0.14) -> np.ndarray:
    """Points of a round log that lies along the bed."""
    angle, y = np.meshgrid(np.linspace(0, 2 * np.pi, 90), np.linspace(-0.8, 0.5, 130))
    points = np.stack([x + radius * np.sin(angle), y, 0.55 + radius - radius * np.cos(angle)], axis=-1)
    return points.reshape(-1, 3)


def test_on_an_empty_bed_it_lies_flat_and_hangs_at_the_sides():
    cloth = drape(COVER, BED, TOP, NOBODY, {})
    on_bed = (np.abs(cloth[..., 0]) < 0.36) & (cloth[..., 1] > -0.9)
    np.testing.assert_allclose(cloth[on_bed][:, 2], 0.56, atol=0.006)
    assert cloth[:, [0, -1], 2].max() < 0.5


def test_it_keeps_its_lengths():
    cloth = drape(COVER, BED, TOP, log(), {})
    across = np.linalg.norm(np.diff(cloth, axis=1), axis=-1).sum(axis=1)
    assert across.mean() == pytest.approx(1.4, rel=0.06)


def test_a_body_never_shows_through():
    points = log()
    cloth = drape(COVER, BED, TOP, points, {})
    field = height_field(BED, TOP, points)
    inner = np.abs(cloth[..., 0]) < 0.13
    heights, _ = field.at(cloth[..., :2])
    assert (cloth[..., 2] >= heights)[inner].all()
    assert cloth[..., 2].max() > 0.55 + 0.28


def test_an_arm_that_lies_on_the_cover_is_above_it():
    arm = log(x=0.33, radius=0.05)
    over = drape(Cover(**{**vars(COVER), "arms_out": "l"}), BED, TOP, log(), {"l": arm})
    under = drape(COVER, BED, TOP, log(), {"l": arm})
    near = (np.abs(over[..., 0] - 0.33) < 0.02) & (np.abs(over[..., 1]) < 0.4)
    assert over[near][:, 2].max() < 0.60
    near = (np.abs(under[..., 0] - 0.33) < 0.02) & (np.abs(under[..., 1]) < 0.4)
    assert under[near][:, 2].min() > 0.62


def test_the_same_cover_falls_the_same_way():
    first, second = (drape(COVER, BED, TOP, log(), {}) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_uneven_edges_swing_and_the_cover_keeps_its_lengths():
    even, uneven = (
        drape(Cover(**{**vars(COVER), "uneven": by, "crease": 0.3}), BED, TOP, NOBODY, {}) for by in (0, 0.04)
    )
    assert np.ptp(even[0, 10:-10, 1]) < 0.02  # the upper edge, on the mattress
    assert 0.04 < np.ptp(uneven[0, 10:-10, 1]) < 0.12
    for rows in (np.diff(even, axis=0), np.diff(uneven, axis=0)):
        assert np.linalg.norm(rows, axis=-1).sum(axis=0).mean() == pytest.approx(1.65, rel=0.06)
