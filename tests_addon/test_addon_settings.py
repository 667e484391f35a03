"""The panel's properties are the settings: names, bounds, defaults, descriptions; values round-trip."""

import json
import sys

import pytest
from blender_pythons import REGISTERED, run_python

from blender_addon.draw import config as draw_settings

_DESCRIBE = (
    REGISTERED
    + """
from blender_addon.draw import config as draw_settings
from blender_addon.settings.sliders import sliders_of
s = bpy.context.scene.wardsynth
rna = s.knobs.bl_rna.properties
def described(p):
    limits = [p.hard_min, p.hard_max] if p.type in ("FLOAT", "INT") else None
    return [p.description, limits, p.type]
answer([
    {setting.key: [described(rna[slider.identifier]) for slider in sliders_of(setting)]
     for setting in draw_settings.SETTINGS},
    s.config(),
])
"""
)


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    pytest.importorskip("bpy", reason="needs the bpy module")
    return run_python(sys.executable, _DESCRIBE, tmp_path_factory.mktemp("described"))


def test_every_setting_has_its_property_with_its_own_words(described):
    properties, _ = described
    for setting in draw_settings.SETTINGS:
        found = properties[setting.key]
        by_hand = not isinstance(setting.kind, (draw_settings.Grid, draw_settings.FileList, draw_settings.CameraPlace))
        expected = len(getattr(setting.kind, "names", (1,))) if by_hand else 0
        assert len(found) == expected, setting.key
        for text, limits, _ in found:
            assert text.lower() == f"{setting.text} ({setting.key})".lower()
            if hasattr(setting.kind, "limits"):
                assert limits == pytest.approx(setting.kind.limits)


def test_untouched_the_panel_is_the_default_preset(described):
    assert described[1] == draw_settings.resolve()


_ROUND = (
    REGISTERED
    + """
s = bpy.context.scene.wardsynth
found = []
for text in TEXTS:
    file = pathlib.Path(FOLDER) / "config.json"
    file.write_text(text)
    bpy.ops.wardsynth.load_config(filepath=str(file))
    bpy.ops.wardsynth.save_config(filepath=str(file))
    found.append(json.loads(file.read_text()))
s.preset = "night"
night = s.config()
s.knobs.people_sex__female = 0.15
s.knobs.camera_roll_deg = (5.0, -5.0)
moved = s.config()
changed = [setting.key for setting in s.changed()]
s.knobs.labels_depth, s.knobs.render_size = True, (64, 48)
s.preset = "ward"
ward = s.config()
bpy.ops.wardsynth.reset()
answer([found, night, moved, changed, ward])
"""
)


def test_values_come_back_as_they_went_in(tmp_path):
    pytest.importorskip("bpy", reason="needs the bpy module")
    given = [
        {"render.samples": 8, "people.sex": {"female": 1 / 3, "male": 0.1234567890123}},
        {"camera.roll_deg": [-1.23456789, 2.000000001], "room.scale": [1.1, 1.1], "clutter.amount": 0.7},
        {"render.size": [640, 480], "labels.depth": True, "labels.min_visible_fraction": 0.015625000001},
    ]
    code = f"FOLDER = {str(tmp_path)!r}\nTEXTS = {[json.dumps(values) for values in given]!r}\n" + _ROUND
    found, night, moved, changed, ward = run_python(sys.executable, code, tmp_path)
    for values, back in zip(given, found, strict=True):
        assert back == draw_settings.resolve(pairs=[f"{key}={json.dumps(value)}" for key, value in values.items()])
    assert {k: v for k, v in night.items() if k.split(".")[0] not in ("render", "labels")} == {
        k: v for k, v in draw_settings.resolve("night").items() if k.split(".")[0] not in ("render", "labels")
    }
    assert moved["people.sex"]["female"] == 0.15, "32 bits are shown as the number that was typed"
    assert moved["camera.roll_deg"] == [-5.0, 5.0], "the ends of a range keep their order"
    assert changed == ["people.sex", "camera.roll_deg"]
    assert ward["labels.depth"] is True, "a preset says nothing of the files"
    assert ward["render.size"] == [64, 48]
    assert ward["room.kind"] == draw_settings.resolve("ward")["room.kind"]
