"""The attribute ``darkness``: of flat, dim and noisy images whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from blender_addon.label.darkness import with_darkness
from shared_format import record

BOX = (20, 10, 24, 40)  # x, y, width, height


def frame_of(box) -> record.Frame:
    person = record.Instance(1, "person", {"role": "patient"}, bbox_covered=box)
    return record.Frame("images/1.jpg", 80, 64, 0, 0, 0, 0, None, {}, {}, (person,))


def marked(background: float, person: float, noise: float = 0.0) -> tuple[str, bool]:
    """The darkness of a rectangle of a display value on a background, and whether it is ignored."""
    x, y, width, height = BOX
    values = np.full((64, 80, 3), background)
    values[y : y + height, x : x + width] = person
    values += np.random.default_rng(3).normal(0.0, noise, values.shape[:2])[..., None]
    image = np.round(np.clip(values, 0.0, 1.0) * 255).astype(np.uint8)
    instances = np.zeros((64, 80), np.uint16)
    instances[y : y + height, x : x + width] = 1
    (instance,) = with_darkness(frame_of(list(BOX)), image, instances).instances
    return instance.attributes["darkness"], instance.ignore


@pytest.mark.parametrize(
    ("background", "person", "expected"),
    [
        (0.5, 0.6, ("none", False)),
        (0.5, 0.15, ("dim", False)),
        (0.0, 0.06, ("dark", False)),
        (0.2, 0.0, ("dark", False)),  # a silhouette is dark and can be seen
        (0.0, 0.0, ("invisible", True)),
        (0.5, 0.505, ("invisible", True)),
    ],
)
def test_brightness_and_contrast_decide(background, person, expected):
    assert marked(background, person) == expected


@pytest.mark.parametrize(("person", "expected"), [(0.06, "invisible"), (0.12, "dim")])
def test_noise_is_no_contrast(person, expected):
    assert marked(0.06, person, noise=0.03)[0] == expected


def test_a_slope_of_light_is_no_contrast():
    image = np.round(np.broadcast_to(np.linspace(10, 120, 80)[None, :, None], (64, 80, 3))).astype(np.uint8)
    (instance,) = with_darkness(frame_of(list(BOX)), image, np.zeros((64, 80), np.uint16)).instances
    assert (instance.attributes["darkness"], instance.ignore) == ("invisible", True)


def test_what_is_not_in_the_image_has_no_darkness():
    frame = frame_of(None)
    assert with_darkness(frame, np.zeros((64, 80, 3), np.uint8), np.zeros((64, 80), np.uint16)) == frame
