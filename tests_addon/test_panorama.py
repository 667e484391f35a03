"""The view outside windows: one picture for each seed, bright by day, with lit windows by night, without a seam."""

from __future__ import annotations

import numpy as np
import pytest

from blender_addon.construct import panorama
from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample

VIEWS = ("sky", "buildings", "trees")


def luminance(image):
    return image @ np.array([0.2126, 0.7152, 0.0722])


def rows(low, high):
    """The rows between two elevations in degrees; the first row is straight down."""
    return slice(*(round((degrees + 90) / 180 * panorama.HEIGHT) for degrees in (low, high)))


@pytest.mark.parametrize("night", [False, True])
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_follows_from_its_seed(view, night):
    first, same, other = (panorama.paint(seed, view, night) for seed in (5, 5, 6))
    assert first.shape == (panorama.HEIGHT, panorama.WIDTH, 3)
    assert first.dtype == np.float32
    assert np.isfinite(first).all()
    assert (first > 0).all()
    assert np.array_equal(first, same)
    assert not np.allclose(first, other)


@pytest.mark.parametrize("view", VIEWS)
def test_by_day_the_sky_is_above_and_brighter_and_nothing_outshines_it(view):
    day = luminance(panorama.paint(3, view, night=False))
    assert day.max() < 1.2
    assert np.median(day[rows(40, 80)]) > 1.5 * np.median(day[rows(-60, -20)])


@pytest.mark.parametrize("view", VIEWS)
def test_by_night_a_few_windows_and_lamps_outshine_a_dark_ground(view):
    night = luminance(panorama.paint(3, view, night=True))
    lit = night > 10
    assert 0.0001 < lit.mean() < 0.06
    assert not lit[rows(45, 90)].any()
    assert night.max() > 100


def test_the_sky_has_no_seam():
    for seed in range(4):
        sky = luminance(panorama.paint(seed, "buildings", night=False))[rows(40, 80)]
        across = np.abs(sky[:, -1] - sky[:, 0])
        assert across.mean() < 4 * np.abs(np.diff(sky, axis=1)).mean() + 0.005


def test_stored_configs_keep_their_patterns_and_every_room_has_a_view_of_its_own():
    old, new = draw_settings.resolve_values({}, "test"), draw_settings.resolve()
    assert all(sample(old, 1, index).room.panorama == 0 for index in range(8))
    seeds = {sample(new, 1, index).room.panorama for index in range(8)}
    assert len(seeds) == 8
    assert all(0 < seed <= 2**31 for seed in seeds)


SHOWN = """
import bpy, numpy as np
from blender_addon.construct.room_materials import panorama_material
from blender_addon.construct import panorama
scene = bpy.context.scene
scene.render.engine = "CYCLES"
scene.cycles.samples, scene.cycles.use_denoising = 1, False
scene.render.resolution_x = scene.render.resolution_y = 64
scene.render.resolution_percentage = 100
scene.view_settings.view_transform = "Raw"
scene.render.image_settings.file_format = "OPEN_EXR"
bpy.ops.mesh.primitive_plane_add(size=400, location=(0, 100, 0), rotation=(1.5707963, 0, 0))
material = panorama_material("view", "trees", 5.0, (1.0, 1.0, 1.0), 9)
same = panorama_material("again", "trees", 5.0, (1.0, 1.0, 1.0), 9)
bpy.context.object.data.materials.append(material)
camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
camera.data.angle = np.radians(60)
camera.rotation_euler = (np.radians(90), 0, 0)  # level, towards +y
scene.collection.objects.link(camera)
scene.camera = camera
for item in list(scene.objects):
    if item.name in ("Cube", "Light"):
        bpy.data.objects.remove(item)
scene.render.filepath = FILE
bpy.ops.render.render(write_still=True)
image = bpy.data.images.load(FILE)
pixels = np.empty(64 * 64 * 4, np.float32)
image.pixels.foreach_get(pixels)
answer({"pixels": pixels.reshape(64, 64, 4)[..., :3].mean(axis=2).tolist(),
        "images": len([one for one in bpy.data.images if one.name.startswith("panorama")])})
"""


def test_a_window_shows_the_view_in_its_direction(in_blender, tmp_path):
    answer = in_blender(f"FILE = {str(tmp_path / 'view.exr')!r}\n{SHOWN}")
    assert answer["images"] == 1
    shown = np.array(answer["pixels"]) / 5.0
    painted = luminance(panorama.paint(9, "trees", night=False))
    # Along the middle column the elevation is the arc tangent of the height in the image.
    height = (np.arange(64) + 0.5 - 32) / 32 * np.tan(np.radians(30))
    elevation = np.degrees(np.arctan(height))
    column = panorama.WIDTH // 4  # in Blender's equirectangular images -x is in the middle, +y left of it
    expected = painted[np.round((elevation + 90) / 180 * panorama.HEIGHT).astype(int), column]
    assert np.allclose(shown[:, 31:33].mean(axis=1), expected, atol=0.12)


KEPT = """
import bpy, blender_addon
blender_addon.register()
def painted():
    return {image.name: sum(image.pixels[:4000]) for image in bpy.data.images if image.name.startswith("panorama")}
mine = bpy.data.images.new("mine", 8, 8)
mine.pixels[0] = 0.5
bpy.ops.wardsynth.preview(seed=11, index=14)
before = painted()
packed = mine.packed_file is not None
for scene in bpy.data.scenes:
    scene.wardsynth.save_preview = True
bpy.ops.wm.save_as_mainfile(filepath=FILE)
bpy.ops.wm.open_mainfile(filepath=FILE)
answer([before, painted(), packed])
"""


def test_a_saved_preview_keeps_its_view_and_leaves_the_artists_images_alone(in_blender, tmp_path):
    before, after, packed = in_blender(f"FILE = {str(tmp_path / 'preview.blend')!r}\n{KEPT}")
    assert before
    assert after == before
    assert not packed
