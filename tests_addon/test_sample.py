"""The drawn scene: addressable, balanced, JSON-able, and people where people can be."""

import json
import math
import time
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample
from blender_addon.draw.postures import POSTURES
from blender_addon.draw.projection import barrel_polynomial, camera_axes, principal_point, project, rays, to_camera
from blender_addon.draw.rooms import Floor

CONFIG = draw_settings.resolve()


@pytest.fixture(scope="module")
def specs():
    """The first 256 scenes of a seed."""
    return [sample(CONFIG, 11, index) for index in range(256)]


def test_an_image_depends_on_config_seed_and_index_alone(specs):
    again = {index: sample(CONFIG, 11, index) for index in reversed(range(0, 256, 17))}
    assert all(again[index] == specs[index] for index in again)
    assert sample(CONFIG, 12, 0) != specs[0]


def test_a_setting_of_one_aspect_leaves_the_others_alone(specs):
    other = sample(draw_settings.resolve(pairs=["light.temperature_k=[6000,6500]"]), 11, 5)
    assert other.lights != specs[5].lights
    assert (other.room, other.furniture, other.people, other.camera) == (
        specs[5].room, specs[5].furniture, specs[5].people, specs[5].camera,
    )  # fmt: skip


def test_a_spec_survives_json(specs):
    for spec in specs[:32]:
        value = spec.to_json()
        assert json.loads(json.dumps(value, allow_nan=False)) == value


@pytest.mark.parametrize("count", [16, 48, 100, 256])
def test_shares_hold_at_every_prefix(count, specs):
    first = specs[:count]
    people = [person for spec in first for person in spec.people]
    _close(Counter(spec.camera.mount for spec in first), CONFIG["camera.mount"], slack=3 + 0.05 * count)
    _close(Counter(spec.attributes["sensor"] for spec in first), CONFIG["camera.sensor"], slack=3)
    _close(Counter(spec.attributes["room"] for spec in first), CONFIG["room.kind"], slack=3)
    for attribute in ("sex", "skin_tone"):
        _close(
            Counter(person.attributes[attribute] for person in people),
            CONFIG[f"people.{attribute}"],
            slack=6 + len(people) / 40,
        )
    _close(
        Counter(person.attributes["bmi_group"] for person in people),
        CONFIG["people.bmi_group"],
        slack=6 + len(people) / 40,
    )


def test_most_people_find_a_place_and_every_posture_is_drawn(specs):
    wanted = sum(int(n) * share for n, share in CONFIG["people.count"].items()) / sum(CONFIG["people.count"].values())
    people = [person for spec in specs for person in spec.people]
    assert len(people) > 0.85 * wanted * len(specs)
    drawn = Counter(person.posture for person in people)
    assert all(p.attributes["lying"] == ("yes" if POSTURES[p.posture].lying else "no") for p in people)
    assert draw_settings.vocabularies()["lying"] == ["yes", "no"]
    asked = [
        name
        for name in draw_settings.POSTURE_NAMES
        if any(CONFIG[f"people.{role}_posture"][name] >= 0.05 for role in draw_settings.ROLES)
    ]
    assert all(drawn[name] for name in asked), drawn


def _close(obtained, shares, slack):
    total = sum(obtained.values())
    for name, share in shares.items():
        wanted = total * share / sum(shares.values())
        assert abs(obtained[name] - wanted) <= slack, (name, obtained[name], wanted)


def test_who_stands_is_on_free_floor_and_apart(specs):
    for spec in specs:
        upright = [person for person in spec.people if person.use == "floor" and person.stance.method == "upright"]
        for n, first in enumerate(upright):
            x, y = first.stance.x, first.stance.y
            free = Floor(spec.room, spec.furniture).clearance(np.array([[x, y]]))[0]
            # Who pushes stands within the reach of what is pushed.
            assert free > (-0.25 if first.posture == "pushing" else 0.1), (spec.index, first.id, first.posture, free)
            for second in upright[n + 1 :]:
                assert math.dist((x, y), (second.stance.x, second.stance.y)) > 0.35, spec.index


def test_nobody_shares_a_bed_or_a_seat(specs):
    for spec in specs:
        beds = [person.furniture for person in spec.people if person.use in ("bed", "side")]
        assert len(beds) == len(set(beds)), spec.index
        seats = [(person.stance.x, person.stance.y) for person in spec.people if person.use == "seat"]
        assert len(seats) == len(set(seats)), spec.index


def test_beds_suit_who_is_in_them(specs):
    for spec in specs:
        beds = {piece.id: piece for piece in spec.furniture}
        for person in spec.people:
            if person.use == "bed":
                shape = beds[person.furniture].shape
                assert shape["blanket"] == "none"
                assert (shape["back_deg"] >= 15.0) == (person.posture == "half-sitting"), person.posture
            else:
                assert person.cover is None


def test_the_camera_is_inside_the_room_and_sees_most_people(specs):
    unseen = total = 0
    for spec in specs:
        x, y, z = spec.camera.location
        assert abs(x) < spec.room.width / 2
        assert abs(y) < spec.room.depth / 2
        assert 0.3 < z < spec.room.height
        for person in spec.people:
            pixels = project(spec.camera, spec.size, np.array([[person.stance.x, person.stance.y, 0.8]]))
            total += 1
            unseen += not ((pixels[0] > 0).all() and (pixels[0] < spec.size).all())
    assert unseen <= 0.25 * total


def test_camera_axes_are_a_right_handed_frame_that_looks_at_the_target(specs):
    for spec in specs[:32]:
        axes = camera_axes(spec.camera)
        assert np.allclose(axes @ axes.T, np.eye(3))
        assert np.isclose(np.linalg.det(axes), 1.0)
        target = np.array([spec.camera.target])
        assert np.allclose(project(spec.camera, spec.size, target)[0], principal_point(spec.camera, spec.size))
        assert np.allclose(to_camera(spec.camera, target), [0, 0, math.dist(spec.camera.target, spec.camera.location)])


def test_an_edge_of_the_image_is_half_the_angle_of_view_away(specs):
    camera = replace(specs[0].camera, polynomial=(), off_centre=(0.0, 0.0), horizontal_fov=80.0)
    right, _, forward = camera_axes(camera)
    half = math.radians(40.0)
    point = np.array(camera.location) + forward * math.cos(half) + right * math.sin(half)
    assert np.allclose(project(camera, (416, 300), point[None])[0], [416, 150])


def test_a_image_without_people_can_be_asked_for():
    spec = sample(draw_settings.resolve(pairs=['people.count={"0": 1}']), 1, 0)
    assert spec.people == ()
    assert spec.attributes["people"] == "0"


def test_a_fraction_of_square_images_is_wide_and_has_as_many_pixels():
    sizes = Counter(sample(CONFIG, 5, index).size for index in range(64))
    assert set(sizes) == {(416, 416), (554, 312)}
    assert sizes[554, 312] == pytest.approx(64 * CONFIG["render.wide_share"], abs=2)
    assert abs(554 * 312 / 416**2 - 1) < 0.01
    assert abs(554 / 312 - 16 / 9) < 0.01


@pytest.mark.parametrize(
    ("pairs", "sizes"),
    [
        (["render.size=[96, 96]"], {(96, 96)}),
        (["render.size=[640, 360]", "render.wide_share=1"], {(640, 360)}),
        (["render.wide_share=1", "render.size=[96, 96]"], {(128, 72)}),
        (["render.wide_share=0"], {(416, 416)}),
    ],
)
def test_a_size_that_is_asked_for_is_that_of_every_image(pairs, sizes):
    config = draw_settings.resolve(pairs=pairs)
    assert {sample(config, 5, index).size for index in range(12)} == sizes


@pytest.mark.timing
def test_drawing_takes_at_most_20_ms():
    times = []
    for index in range(30):
        start = time.process_time()
        sample(CONFIG, 3, index)
        times.append(time.process_time() - start)
    assert sorted(times)[len(times) // 2] < 0.020


LENSES = {"pinhole": (), "fisheye": (math.radians(80), 0.0, 0.0, 0.0), "barrel": barrel_polynomial(90.0, 0.6)}


@pytest.mark.parametrize("lens", LENSES)
def test_rays_and_projection_are_inverse_for_every_lens(lens, specs):
    camera = replace(specs[0].camera, polynomial=LENSES[lens])
    x, y = np.meshgrid(np.linspace(1, 415, 9), np.linspace(1, 311, 7))
    pixels = np.stack([x.ravel(), y.ravel()], axis=1)
    directions = rays(camera, (416, 312), pixels)
    assert np.allclose(np.linalg.norm(directions, axis=1), 1.0)
    assert np.allclose(project(camera, (416, 312), np.array(camera.location) + 3.0 * directions), pixels, atol=1e-6)


@pytest.mark.parametrize("lens", LENSES)
def test_what_is_behind_has_no_pixel(lens, specs):
    camera = replace(specs[0].camera, polynomial=LENSES[lens])
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
