"""The drawn scene: addressable, balanced, JSON-able, and people where people can be."""

import json
import math
import time
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from blender_addon.draw import config as knobs
from blender_addon.draw import sample
from blender_addon.draw.camera import barrel_polynomial, camera_axes, project, rays, to_camera

CONFIG = knobs.resolve()
SPECS = [sample(CONFIG, 11, index) for index in range(256)]


def test_an_image_depends_on_config_seed_and_index_alone():
    again = {index: sample(CONFIG, 11, index) for index in reversed(range(0, 256, 17))}
    assert all(again[index] == SPECS[index] for index in again)
    assert sample(CONFIG, 12, 0) != SPECS[0]


def test_a_knob_of_one_aspect_leaves_the_others_alone():
    other = sample(knobs.resolve(pairs=["light.temperature_k=[6000,6500]"]), 11, 5)
    assert other.lights != SPECS[5].lights
    assert (other.room, other.bed, other.people, other.camera) == (
        SPECS[5].room, SPECS[5].bed, SPECS[5].people, SPECS[5].camera,
    )  # fmt: skip


def test_a_spec_survives_json():
    for spec in SPECS[:32]:
        value = spec.to_json()
        assert json.loads(json.dumps(value, allow_nan=False)) == value


@pytest.mark.parametrize("count", [16, 48, 100, 256])
def test_shares_hold_at_every_prefix(count):
    people = [person for spec in SPECS[:count] for person in spec.people]
    patients = [spec.people[0] for spec in SPECS[:count]]
    _close(Counter(str(len(spec.people)) for spec in SPECS[:count]), CONFIG["people.count"], slack=3)
    _close(Counter(patient.posture for patient in patients), CONFIG["people.patient_posture"], slack=4)
    _close(Counter(spec.camera.mount for spec in SPECS[:count]), CONFIG["camera.mount"], slack=3)
    _close(Counter(spec.attributes["level"] for spec in SPECS[:count]), CONFIG["light.level"], slack=3)
    _close(Counter(person.sex for person in people), CONFIG["people.sex"], slack=6)
    _close(Counter(person.skin_tone for person in people), CONFIG["people.skin_tone"], slack=6)
    _close(Counter(person.attributes["bmi_group"] for person in people), CONFIG["people.bmi_group"], slack=6)


def _close(obtained, shares, slack):
    total = sum(obtained.values())
    for name, share in shares.items():
        wanted = total * share / sum(shares.values())
        assert abs(obtained[name] - wanted) <= slack, (name, obtained[name], wanted)


def test_people_are_in_the_room_and_apart():
    for spec in SPECS:
        for person in spec.people:
            assert abs(person.x) < spec.room.width / 2
            assert abs(person.y) < spec.room.depth / 2
        standing = [person for person in spec.people if person.posture == "standing"]
        for n, first in enumerate(standing):
            away = math.hypot(
                max(abs(first.x - spec.bed.x) - spec.bed.width / 2, 0),
                max(abs(first.y - spec.bed.y) - spec.bed.length / 2, 0),
            )
            assert away > 0.25, (spec.index, first.id)
            for second in standing[n + 1 :]:
                assert math.dist((first.x, first.y), (second.x, second.y)) > 0.4, spec.index


def test_the_camera_hangs_inside_the_room_and_sees_everybody():
    unseen = 0
    for spec in SPECS:
        x, y, z = spec.camera.location
        assert abs(x) < spec.room.width / 2
        assert abs(y) < spec.room.depth / 2
        assert 1.5 < z < spec.room.height
        for person in spec.people:
            middle = [[person.x, person.y - 0.9 * (person.posture == "supine"), 0.7]]
            pixels = project(spec.camera, spec.size, np.array(middle))
            unseen += not ((pixels[0] > 0).all() and (pixels[0] < spec.size).all())
    assert unseen <= 0.03 * sum(len(spec.people) for spec in SPECS)


def test_camera_axes_are_a_right_handed_frame_that_looks_at_the_target():
    for spec in SPECS[:32]:
        axes = camera_axes(spec.camera)
        assert np.allclose(axes @ axes.T, np.eye(3))
        assert np.isclose(np.linalg.det(axes), 1.0)
        target = np.array([spec.camera.target])
        assert np.allclose(project(spec.camera, spec.size, target)[0], np.array(spec.size) / 2)
        assert np.allclose(to_camera(spec.camera, target), [0, 0, math.dist(spec.camera.target, spec.camera.location)])


def test_an_edge_of_the_picture_is_half_the_angle_of_view_away():
    spec = SPECS[0]
    right, _, forward = camera_axes(spec.camera)
    half = math.radians(spec.camera.horizontal_fov / 2)
    point = np.array(spec.camera.location) + forward * math.cos(half) + right * math.sin(half)
    pixels = project(spec.camera, spec.size, point[None])
    assert np.allclose(pixels[0], [spec.size[0], spec.size[1] / 2])


def test_a_picture_without_people_can_be_asked_for():
    spec = sample(knobs.resolve(pairs=['people.count={"0": 1}']), 1, 0)
    assert spec.people == ()
    assert spec.attributes["patient_posture"] == "none"


def test_drawing_takes_at_most_20_ms():
    times = []
    for index in range(30):
        start = time.perf_counter()
        sample(CONFIG, 3, index)
        times.append(time.perf_counter() - start)
    assert sorted(times)[len(times) // 2] < 0.020


LENSES = {"pinhole": (), "fisheye": (math.radians(80), 0.0, 0.0, 0.0), "barrel": barrel_polynomial(90.0, 0.6)}


@pytest.mark.parametrize("lens", LENSES)
def test_rays_and_projection_are_inverse_for_every_lens(lens):
    camera = replace(SPECS[0].camera, polynomial=LENSES[lens])
    x, y = np.meshgrid(np.linspace(1, 415, 9), np.linspace(1, 311, 7))
    pixels = np.stack([x.ravel(), y.ravel()], axis=1)
    directions = rays(camera, (416, 312), pixels)
    assert np.allclose(np.linalg.norm(directions, axis=1), 1.0)
    assert np.allclose(project(camera, (416, 312), np.array(camera.location) + 3.0 * directions), pixels, atol=1e-6)


@pytest.mark.parametrize("lens", LENSES)
def test_what_is_behind_has_no_pixel(lens):
    camera = replace(SPECS[0].camera, polynomial=LENSES[lens])
    behind = np.array(camera.location) - 2.0 * camera_axes(camera)[2]
    assert np.isnan(project(camera, (416, 416), behind[None])).all()


def test_a_barrel_lies_between_pinhole_and_fisheye():
    r = np.array([0.5, 1.0, 1.4])
    half = math.radians(45.0)
    none, full, middle = (
        (r[:, None] ** np.arange(1, 5)) @ np.array(barrel_polynomial(90.0, amount)) for amount in (0.0, 1.0, 0.5)
    )
    assert np.allclose(none, np.arctan(r * math.tan(half)), atol=0.01)
    assert np.allclose(full, r * half, atol=1e-6)
    assert ((middle - none) * (full - middle) >= 0).all()
