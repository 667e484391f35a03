"""What hangs on walls: many drawings that differ, each from its seed, upright and unmirrored on its page."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from blender_addon.construct import wall_art
from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample
from blender_addon.draw.spec import FurnitureSpec
from blender_addon.draw.streams import RandomStream
from blender_addon.draw.wall_art import DRAWINGS, with_wall_art

NAMES = [name for names in DRAWINGS.values() for name in names]


def hung(kind, count, **shape):
    return [FurnitureSpec(k + 1, kind, 0.0, 0.0, 1.0, 0.0, dict(shape), {}) for k in range(count)]


def test_everything_that_is_sampled_can_be_painted_and_there_are_at_least_forty_drawings():
    assert len(set(NAMES)) == len(NAMES) >= 40
    assert set(NAMES) == set(wall_art.PAINTERS)


@pytest.mark.parametrize("aspect", [0.5, 1.0, 2.4])
@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_follows_from_its_seed_and_fills_its_page(name, aspect):
    first, same = (wall_art.paint(name, 5, aspect) for _ in range(2))
    assert np.array_equal(first, same)
    assert first.dtype == np.float32
    assert first.shape[1] / first.shape[0] == pytest.approx(aspect, rel=0.02)
    assert 0.0 <= first.min() <= first.max() <= 1.0
    assert first.std(axis=(0, 1)).max() > 0.02  # not blank


def test_drawings_differ_from_each_other():
    painted = {name: wall_art.paint(name, 3, 1.0) for name in NAMES}
    alike = [
        pair for pair in itertools.combinations(NAMES, 2) if np.abs(painted[pair[0]] - painted[pair[1]]).mean() < 0.02
    ]
    assert alike == []


@pytest.mark.parametrize("name", ["mountains", "circles", "pinned_papers", "timetable", "handwriting", "directions"])
def test_another_seed_gives_another_drawing_of_the_same_kind(name):
    assert not np.allclose(wall_art.paint(name, 1, 1.3), wall_art.paint(name, 2, 1.3))


def test_no_drawing_hangs_twice_in_a_room_while_others_are_left():
    for kind, names in DRAWINGS.items():
        stream = RandomStream(1, 0, "wall art")
        shown = [piece.shape["drawing"] for piece in with_wall_art(hung(kind, len(names) + 1), stream)]
        assert sorted(shown[: len(names)]) == sorted(names)
        assert shown[-1] in names


@pytest.mark.parametrize("shape", [{"model": "x"}, {"texture": "clouds"}, {"style": "person"}])
def test_models_random_textures_and_posters_of_people_stay_as_they_are(shape):
    pieces = hung("poster", 2, **shape)
    assert with_wall_art(pieces, RandomStream(1, 0, "wall art")) == pieces


def test_only_what_hangs_on_walls_changes_and_stored_configs_keep_their_drawings():
    with_art = draw_settings.resolve()
    without = draw_settings.resolve(pairs=["room.wall_art=false"])
    shown = set()
    for index in range(12):
        old, new = (sample(config, 1, index).furniture for config in (without, with_art))
        for before, after in zip(old, new, strict=True):
            assert "drawing" not in before.shape
            assert {key: value for key, value in after.shape.items() if not key.startswith("drawing")} == before.shape
            shown |= {after.shape.get("drawing")} - {None}
    assert len(shown) > 12
    stored = draw_settings.resolve_values({}, "test")
    assert not stored["room.wall_art"]


SHOWN = """
import bpy, numpy as np
from blender_addon.construct.printed_materials import Page, printed
scene = bpy.context.scene
scene.render.engine = "CYCLES"
scene.cycles.samples, scene.cycles.use_denoising = 1, False
scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = 96, 64, 100
scene.view_settings.view_transform = "Raw"
scene.render.image_settings.file_format = "OPEN_EXR"
for item in list(scene.objects):
    if item.name in ("Cube", "Light", "Camera"):
        bpy.data.objects.remove(item)
mesh = bpy.data.meshes.new("page")
mesh.from_pydata([(-0.2, 0, 1), (1.0, 0, 1), (1.0, 0, 1.8), (-0.2, 0, 1.8)], [], [(0, 1, 2, 3)])
material = printed("exit_sign", 4, Page(-0.2, 1.0, 1.0, 1.8), "paper")
tree = material.node_tree
emission = tree.nodes.new("ShaderNodeEmission")
output = next(node for node in tree.nodes if node.type == "OUTPUT_MATERIAL")
picture = next(node for node in tree.nodes if node.type == "TEX_IMAGE")
tree.links.new(picture.outputs["Color"], emission.inputs["Color"])
tree.links.new(emission.outputs["Emission"], output.inputs["Surface"])
mesh.materials.append(material)
scene.collection.objects.link(bpy.data.objects.new("page", mesh))
camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
camera.data.type, camera.data.ortho_scale = "ORTHO", 1.2
camera.location, camera.rotation_euler = (0.4, -2, 1.4), (np.radians(90), 0, 0)
scene.collection.objects.link(camera)
scene.camera = camera
scene.render.filepath = FILE
bpy.ops.render.render(write_still=True)
image = bpy.data.images.load(FILE)
pixels = np.empty(96 * 64 * 4, np.float32)
image.pixels.foreach_get(pixels)
answer({"pixels": pixels.reshape(64, 96, 4)[..., :3].tolist()})
"""


def test_a_page_shows_its_drawing_upright_and_unmirrored(in_blender, tmp_path):
    answer = in_blender(f"FILE = {str(tmp_path / 'page.exr')!r}\n{SHOWN}")
    painted = wall_art.paint("exit_sign", 4, 1.5)
    linear = np.where(painted <= 0.04045, painted / 12.92, ((painted + 0.055) / 1.055) ** 2.4)
    rows, columns = linear.shape[:2]
    reduced = linear.reshape(64, rows // 64, 96, columns // 96, 3).mean(axis=(1, 3))
    assert np.abs(np.array(answer["pixels"]) - reduced).mean() < 0.03
