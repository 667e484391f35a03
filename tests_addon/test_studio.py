"""Objects alone: lamps on a sphere, cameras on rings, backgrounds; labelled as exactly as in rooms."""

import numpy as np
import pytest
from PIL import Image

from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample
from blender_addon.draw.furniture import extent
from blender_addon.draw.projection import project

COUNT = 120


@pytest.fixture(scope="module")
def specs():
    config = draw_settings.resolve("objects", pairs=["furniture.pack_share=0"])
    return [sample(config, 2, index) for index in range(COUNT)]


def _middle_and_unit(spec):
    box = extent(spec.furniture[0].kind, spec.furniture[0].shape)
    size = (box.x2 - box.x1, box.y2 - box.y1, box.height)
    return np.array([0.0, 0.0, box.height / 2]), float(np.prod(size)) ** (1 / 3) / 2


def test_nobody_and_no_room_is_in_them(specs):
    for spec in specs:
        assert not spec.people
        assert spec.background is not None
        assert len(spec.furniture) == 1


def test_one_to_three_lamps_face_the_subject_at_five_units(specs):
    numbers = []
    for spec in specs:
        middle, unit = _middle_and_unit(spec)
        lamps = [light for light in spec.lights if light.kind == "area"]
        numbers.append(len(lamps))
        for lamp in lamps:
            away = np.subtract(lamp.location, middle)
            assert np.linalg.norm(away) == pytest.approx(5 * unit, rel=1e-3)
            assert np.dot(away / np.linalg.norm(away), lamp.direction) == pytest.approx(-1, abs=1e-3)
    assert set(numbers) == {1, 2, 3}
    assert np.mean(numbers) == pytest.approx(2.0, abs=0.1)


def test_cameras_are_on_three_rings_about_six_units_away(specs):
    away, off = [], []
    for spec in specs:
        middle, unit = _middle_and_unit(spec)
        way = np.subtract(spec.camera.location, middle) / unit
        away.append(np.linalg.norm(way))
        off.append(np.degrees(np.arcsin(np.abs(way / away[-1]).min())))
        assert away[-1] >= 1.99
    assert np.mean(away) == pytest.approx(6.0, abs=0.5)
    assert np.std(away) == pytest.approx(1.8, abs=0.5)
    assert np.percentile(off, 90) < 20.0  # within two deviations of the nearest ring


def test_the_subjects_middle_is_in_the_padded_frame(specs):
    places = np.array([project(spec.camera, spec.size, [_middle_and_unit(spec)[0]])[0] / spec.size for spec in specs])
    assert (np.abs(places - 0.5) < 0.56).all()
    assert places.std(axis=0).min() > 0.1


def test_backgrounds_come_from_the_folder_and_the_config_says_which(tmp_path):
    for name in ("a.png", "b.jpg"):
        Image.new("RGB", (40, 30), (10, 200, 30)).save(tmp_path / name)
    config = draw_settings.resolve("objects", pairs=[f"background.library={tmp_path}"])
    assert [entry["file"] for entry in config["background.library_files"]] == ["a.png", "b.jpg"]
    files = {sample(config, 0, index).background.file for index in range(12)}
    assert files == {f"{tmp_path}/a.png", f"{tmp_path}/b.jpg"}
    with pytest.raises(draw_settings.ConfigError, match="/nowhere"):
        draw_settings.resolve("objects", pairs=["background.library=/nowhere"])


def test_the_image_is_the_object_before_the_background(tmp_path, in_blender):
    Image.new("RGB", (64, 48), (0, 255, 0)).save(tmp_path / "green.png")
    found = in_blender(
        f"""
import numpy as np
from blender_addon.draw import config as settings
from blender_addon.image_renderer import render_image
from blender_addon.render.image_file import decode
pairs = ["background.library={tmp_path}", "render.size=[64,64]", "furniture.pack_share=0", "render.samples=4",
    'sensor.noise={{"low":1}}', 'sensor.blur={{"sharp":1}}', 'sensor.resolution={{"full":1}}', "sensor.haze_share=0"]
config = settings.resolve("objects", pairs=pairs)
made = render_image(config, 1, 0)
pixels = decode(made.image).astype(float)
instance, = made.frame.instances
x, y, w, h = instance.bbox_visible
outside = np.ones((64, 64), bool)
outside[max(int(y) - 3, 0):int(y + h) + 3, max(int(x) - 3, 0):int(x + w) + 3] = False
green = pixels[outside]
answer(dict(box=[x, y, w, h], green=green.mean(0).tolist(), room=made.frame.attributes["room"]))
"""
    )
    assert found["room"] == "studio"
    assert min(found["box"][2:]) > 3
    red, green, blue = found["green"]
    assert green > 1.5 * max(red, blue)
