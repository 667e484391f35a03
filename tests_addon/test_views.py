"""Several views of a scene: what they share, what differs, that each is what it would be alone, who makes which."""

from collections import Counter

import pytest

from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample, scene_and_view
from blender_addon.job.local_workers import SceneQueue
from blender_addon.job.render_request import Action, RenderRequest

VIEWS = 3
CONFIG = draw_settings.resolve(pairs=[f"render.views_per_scene={VIEWS}"])
ALONE = draw_settings.resolve()


@pytest.mark.parametrize("scene", range(6))
def test_views_share_all_but_camera_and_sensor(scene):
    first, *others = [sample(CONFIG, 5, scene * VIEWS + view) for view in range(VIEWS)]
    for spec in others:
        assert (spec.room, spec.furniture, spec.people, spec.objects) == (
            first.room, first.furniture, first.people, first.objects,
        )  # fmt: skip
        assert spec.camera != first.camera
        assert spec.sensor.kind == first.sensor.kind
        if spec.sensor.kind == "rgb":
            assert spec.lights == first.lights


def test_scenes_are_those_of_single_images_and_without_views_nothing_changes():
    for scene in range(5):
        assert sample(CONFIG, 5, scene * VIEWS).people == sample(ALONE, 5, scene).people
        assert scene_and_view(ALONE, scene) == (scene, 0, 1)
    assert [scene_and_view(CONFIG, index) for index in (0, 2, 3)] == [(0, 0, 3), (0, 2, 3), (1, 0, 3)]


def test_cameras_are_balanced_over_images_and_people_over_scenes():
    specs = [sample(CONFIG, 1, index) for index in range(96)]
    mounts = Counter(spec.attributes["mount"] for spec in specs)
    assert abs(mounts["ceiling-corner"] - 0.45 * 96) < 5
    people = Counter(specs[scene * VIEWS].attributes["people"] for scene in range(32))
    assert abs(people["1"] - 0.23 * 32) < 4


_SAME = """
from blender_addon.draw import config
from blender_addon.image_renderer import ImageRenderer, render_image
import bpy
pairs = ["render.size=[64,64]", "render.samples=1", "render.views_per_scene=3", 'room.kind={"single": 1}',
         'people.count={"1": 1}']
found = {}
for kind in ("rgb", "infrared"):
    c = config.resolve(pairs=[*pairs, f'camera.sensor={{"{kind}": 1}}'])
    before = len(bpy.data.objects), len(bpy.data.lights), len(bpy.data.worlds)
    renderer = ImageRenderer(c, 3)
    kept = [renderer.render(index) for index in (3, 4, 5)]
    after = len(bpy.data.objects), len(bpy.data.lights), len(bpy.data.worlds)
    alone = [render_image(c, 3, index) for index in (3, 4, 5)]
    found[kind] = [
        [a.image == b.image and a.frame == b.frame for a, b in zip(kept, alone)],
        before == after,
        [(image.frame.scene_index, image.frame.view_index) for image in kept],
        len({image.image for image in kept}),
    ]
answer(found)
"""


def test_a_view_of_a_scene_that_stands_is_byte_for_byte_the_image_made_alone(in_blender):
    for kind, (same, clean, views, images) in in_blender(_SAME).items():
        assert same == [True] * 3, kind
        assert clean, "nothing stays behind after the last view"
        assert views == [[1, 0], [1, 1], [1, 2]]
        assert images == 3


def test_who_has_a_scene_gets_its_other_views_and_nobody_idles():
    queue = SceneQueue(_requests(range(7)), lambda index: index // VIEWS)
    assert _next(queue, None) == 0
    assert _next(queue, None) == 3
    assert _next(queue, 3) == 4
    assert _next(queue, 0) == 1
    assert _next(queue, 4) == 5
    assert _next(queue, 5) == 6, "a scene that no worker has"
    assert _next(queue, 6) == 2, "the last view of another worker's scene"
    assert _next(queue, 1) is None


def _requests(indices):
    return [RenderRequest(Action.RENDER, index) for index in indices]


def _next(queue, index):
    request = queue.next_after(None if index is None else RenderRequest(Action.RENDER, index))
    return request and request.index


def test_single_images_are_handed_out_in_their_order():
    queue = SceneQueue(_requests([4, 7, 9]), lambda index: index)
    assert [_next(queue, index) for index in (None, 4, 7, 9)] == [4, 7, 9, None]
