"""People apart: stick figures are where bodies are, and nobody's arm is in another's face."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blender_addon.body import model, posture
from blender_addon.construct.people import support_of
from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample
from blender_addon.draw.apart import overlap
from blender_addon.draw.stick_figure import Capsule, gap, stature_of, stick_figure

CROWD = ('people.count={"6": 1}', 'room.kind={"corridor": 1, "treatment": 1}', 'people.role={"visitor": 1}')
_metre = st.floats(-2, 2).map(lambda value: round(value, 3))
_point = st.tuples(_metre, _metre, _metre).map(np.array)
_capsules = st.builds(Capsule, _point, _point, st.floats(0.01, 0.3))


@given(first=_capsules, second=_capsules)
def test_the_gap_between_capsules_is_the_least_distance_of_their_points(first, second):
    steps = np.linspace(0, 1, 60)[:, None]
    a, b = (item.start + steps * (item.end - item.start) for item in (first, second))
    sampled = np.linalg.norm(a[:, None] - b[None], axis=2).min() - first.radius - second.radius
    step = max(np.linalg.norm(item.end - item.start) for item in (first, second)) / 59
    assert gap(first, second) == pytest.approx(gap(second, first), abs=1e-9)
    assert sampled - step <= gap(first, second) <= sampled + 1e-9


def _bodies(spec):
    """(person, joints, vertices by the part of the body) of people who stand or sit, posed by contact."""
    asset = model.load()
    rows = asset.group_vertices("body")
    bone = np.array([asset.bones[i].name for i in asset.bone_ids[rows, 0]])
    arm = np.char.startswith(bone, ("lowerarm")) | np.char.startswith(bone, "hand") | np.char.startswith(bone, "index")
    joints, posed = {}, []
    for person in spec.people:
        body = posture.pose_body(
            asset, asset.shape(person.phenotype), person.stance, support_of(person, spec.furniture), joints
        )
        vertices = body.vertices(asset)
        joints[person.id] = asset.joints(vertices)
        if person.stance.method != "lying":
            posed.append((person, joints[person.id], vertices[rows][bone == "head"][::3], vertices[rows][arm][::3]))
    return posed


@pytest.fixture(scope="module")
def crowds():
    config = draw_settings.resolve(pairs=CROWD)
    return [sample(config, 11, index) for index in range(8)]


def test_stick_figures_are_where_bodies_are(crowds):
    away = {"head": [], "wrist": []}
    for spec in crowds:
        figures = {}
        shapes = {piece.id: piece.shape for piece in spec.furniture}
        for person, joints, _, _ in _bodies(spec):
            stature = stature_of(person.age_years, person.phenotype)
            figure = stick_figure(person.stance, stature, shapes.get(person.furniture, {}), figures)
            figures[person.id] = figure
            away["head"].append(math.dist(figure.head.start, joints[3:5].mean(axis=0)))
            away["wrist"] += [math.dist(figure.arms[3 * n + 1].end, joints[9 + n]) for n in (0, 1)]
    assert np.median(away["head"]) < 0.10  # metres
    assert np.percentile(away["head"], 90) < 0.25
    assert np.median(away["wrist"]) < 0.12


def test_nobodys_arm_is_in_anothers_face(crowds):
    for spec in crowds:
        bodies = _bodies(spec)
        for person, _, head, _ in bodies:
            for other, _, _, arm in bodies:
                if other.id != person.id:
                    assert np.sqrt(((head[:, None] - arm[None]) ** 2).sum(axis=2)).min() > 0.02


def test_almost_all_people_still_find_a_place(crowds):
    free = draw_settings.resolve(pairs=(*CROWD, "people.apart_m=0"))
    before = sum(len(sample(free, 11, index).people) for index in range(8))
    assert sum(len(spec.people) for spec in crowds) >= 0.9 * before


def test_who_is_far_from_others_stays_as_drawn():
    for index in range(12):
        one, other = (
            sample(draw_settings.resolve(pairs=['people.count={"1": 1}', f"people.apart_m={free}"]), 5, index)
            for free in (0, 0.08)
        )
        assert one == replace(other, attributes=one.attributes)


def test_an_arm_in_a_face_is_an_overlap_of_the_head(crowds):
    people = [person for spec in crowds for person in spec.people if person.stance.method == "upright"]
    figure = stick_figure(people[0].stance, 1.7, {}, {})
    reaching = Capsule(np.add(figure.head.start, (0.6, 0.0, 0.0)), figure.head.start, 0.05)
    moved = figure._replace(
        head=figure.head._replace(start=figure.head.start + 3.0, end=figure.head.end + 3.0), arms=(reaching,)
    )
    assert overlap(figure, moved, 0.08).of_head > 0.08
