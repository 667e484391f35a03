"""What the overlay shows of a record, and where: boxes of three kinds, key points by visibility, names, fractions."""

import sys
from dataclasses import replace

import numpy as np
import pytest
from blender_pythons import run_python

from blender_addon.draw.spec import CameraSpec
from blender_addon.overlay.shapes import DASHES, Shapes, image_edge, shapes_of
from shared_format import dataset

_ALL = {"visible", "covered", "amodal"}


@pytest.fixture(scope="module")
def frame(small_dataset):
    return max(dataset.read_frames(small_dataset), key=lambda f: sum(i.keypoints is not None for i in f.instances))


def test_every_box_of_every_kind_is_outlined_in_its_own_dashes(frame):
    lines = shapes_of(frame, _ALL, points=False, names=False, things=True).lines
    for kind, dash in DASHES.items():
        wanted = [getattr(i, f"bbox_{kind}") for i in frame.instances if getattr(i, f"bbox_{kind}") is not None]
        drawn = [line.points for line in lines if line.dash == dash]
        extents = [[*points.min(axis=0), *(points.max(axis=0) - points.min(axis=0))] for points in drawn]
        assert np.allclose(sorted(extents), sorted(wanted))


def test_key_points_that_are_seen_are_filled_and_hidden_ones_hollow(frame):
    dots = shapes_of(frame, set(), points=True, names=False, things=False).dots
    wanted = [(x, y, v == 2) for i in frame.instances for x, y, v in i.keypoints or () if v]
    assert sorted((*dot.point.tolist(), dot.filled) for dot in dots) == sorted(wanted)


def test_words_name_the_person_and_its_three_fractions(frame):
    texts = shapes_of(frame, set(), points=False, names=True, things=False).texts
    person = next(i for i in frame.instances if i.keypoints is not None and i.bbox_amodal)
    name, fractions = texts[0].lines
    assert name == f"person {person.id} {person.attributes['posture']}"
    numbers = [round(100 * value) for value in (person.visible_fraction, person.covered_fraction)]
    assert [f"visible {numbers[0]} %", f" covered {numbers[1]} %"] == fractions.split(",")[:2]


def test_nothing_is_drawn_that_was_not_asked_for(frame):
    assert shapes_of(frame, set(), points=False, names=False, things=True) == Shapes()


def test_the_edge_of_an_image_is_its_border_or_the_image_circle():
    polynomial = (1.5, 0.0, 0.0, 0.0)
    lens = CameraSpec("ceiling", "fisheye", (0.0, 0.0, 2.5), (0.0, 0.0, 0.0), 0.0, 180.0, polynomial)
    border = image_edge(lens, (200, 100))
    assert border.min(axis=0) == pytest.approx((0, 0), abs=0.5)
    assert border.max(axis=0) == pytest.approx((200, 100), abs=0.5)
    circle = image_edge(replace(lens, image_circle=30.0), (200, 100))  # degrees: 0.349 half widths at 1.5 radians each
    assert np.linalg.norm(circle - (100, 50), axis=1) == pytest.approx(np.full(len(circle), 34.9), abs=0.6)


_PROJECT = """
import numpy as np
from types import SimpleNamespace
from mathutils import Matrix
from blender_addon.overlay import view
from blender_addon.dataset_format import record
from blender_addon.draw.projection import to_camera
frame = record.frame_from_json(RECORD, "test")
camera = view._camera(frame)
# A viewport that looks through a pinhole at the camera's place, 60 degrees wide: its pixels by plain arithmetic.
axes = np.array(to_camera(camera, np.eye(3) + camera.location)).T
rotation = np.eye(4); rotation[:3, :3] = np.diag([1, -1, -1]) @ axes
move = np.eye(4); move[:3, 3] = -np.array(camera.location)
focal = 1 / np.tan(np.radians(30))
projection = np.array([[focal, 0, 0, 0], [0, focal, 0, 0], [0, 0, -1.0, -0.2], [0, 0, -1, 0]])
region = SimpleNamespace(width=400, height=400)
place = view._through_view(frame, region, SimpleNamespace(perspective_matrix=projection @ rotation @ move))
person = next(i for i in frame.instances if i.keypoints is not None)
pixels = np.array(person.keypoints)
points = np.array(person.keypoints_3d)
seen = pixels[:, 2] > 0
wanted = 200 + 200 * focal * points[:, :2] / points[:, 2:]
wanted[:, 1] = 400 - wanted[:, 1]
found = place(pixels[:, :2], np.linalg.norm(points, axis=1))
solid = view._dashed(np.array([[0.0, 0.0], [10.0, 0.0]]), (2.0, 3.0))
answer([np.abs(found - wanted)[seen].max(), solid.tolist()])
"""


def test_in_the_viewport_pixels_go_back_along_the_rays_of_the_lens(frame, small_dataset, tmp_path):
    frames = [f for f in dataset.read_frames(small_dataset) if f.camera.model != "pinhole"] or [frame]
    chosen = next(f for f in frames if any(i.keypoints is not None for i in f.instances))
    record = (small_dataset / "frames" / f"{chosen.index:06d}.json").read_text()
    code = f"RECORD = json.loads({record!r})\n" + _PROJECT
    worst, dashes = run_python(sys.executable, code, tmp_path)
    assert worst < 2.5, "pixels of the viewport, four to an image's; key points are rounded to 0.01"
    assert dashes == [[[0.0, 0.0], [2.0, 0.0]], [[5.0, 0.0], [7.0, 0.0]]]
