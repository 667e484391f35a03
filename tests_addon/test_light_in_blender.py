"""Light and sensor where Blender is: lights shine as their specs say, infrared materials, JPEG and EXR in and out."""

import numpy as np
import pytest

_LIGHTS = """
import sys; sys.path.insert(0, 'tests_addon')
import bpy, numpy as np
from blender_scenes import Stage
from blender_addon.construct.lights import build_light
from blender_addon.draw.spec import LightSpec
from blender_addon.render import cycles

WHITE = (1.0, 1.0, 1.0)

def middle(*lights):
    stage = Stage(size=(32, 32), **{"render.samples": 64})
    stage.quad("screen", (0.0, 3.0, 0.0), 6.0, 6.0)
    for light in lights:
        build_light(stage.scene, light)
    cycles.prepare(stage.scene, stage.config, 1)
    seen = cycles.light(stage.scene, stage.config)
    middle, side = float(seen[16, 16].mean()), float(seen[16, 28].mean())
    return [middle, side, float(seen.max()), list(seen.shape), str(seen.dtype)]

def area(**more):
    at = {"location": (0.0, 1.0, 0.0), "direction": (0.0, 1.0, 0.0), "size": (0.2, 0.2), **more}
    return LightSpec("area", "lamp", 10.0, WHITE, **at)

answer({
    "towards": middle(area()),
    "twice": middle(area(), area()),
    "away": middle(area(direction=(0.0, -1.0, 0.0))),
    "narrow": middle(area(angle=20.0)),
    "spot": middle(LightSpec("spot", "lamp", 10.0, WHITE, (0.0, 0.5, 0.0), (0.0, 1.0, 0.0), (0.03, 0.03), 50.0)),
    "ambient": middle(LightSpec("ambient", "ambient", 0.5, WHITE)),
    "seen": middle(area(direction=(0.0, -1.0, 0.0), seen=True)),
})
"""


@pytest.fixture(scope="module")
def shone(in_blender):
    return in_blender(_LIGHTS)


def test_light_comes_out_linear(shone):
    assert shone["towards"][3:] == [[32, 32, 3], "float32"]
    assert shone["twice"][0] == pytest.approx(2 * shone["towards"][0], rel=0.05)


def test_an_area_light_is_as_bright_as_its_formula(shone):
    # A small matt emitter of P watts gives P / pi / d^2 on its axis, of which the screen sends 0.8 back over pi, and
    # some more by its shine.
    matt = 10.0 / np.pi / 2.0**2 * 0.8 / np.pi
    assert matt < shone["towards"][0] < 1.25 * matt


def test_light_shines_where_it_is_turned(shone):
    assert shone["away"][0] < 0.01 * shone["towards"][0]
    assert shone["narrow"][0] > 1.5 * shone["towards"][0]
    assert shone["narrow"][1] < 0.2 * shone["narrow"][0]
    assert shone["spot"][0] > 3 * shone["spot"][1]


def test_ambient_light_comes_from_everywhere_and_seen_lights_are_seen(shone):
    assert shone["ambient"][0] == pytest.approx(0.5 * 0.8, rel=0.1)
    assert shone["away"][2] < 0.1 < 10 < shone["seen"][2]


_INFRARED = """
import bpy
from blender_addon.construct import basic_materials
from blender_addon.construct.infrared import to_near_infrared
from blender_addon.construct.mesh import Parts
from blender_addon.construct.solids import box
scene = bpy.data.scenes.new("s")
black = (0.01, 0.01, 0.01)
made = {
    "paint": basic_materials.plain("wall", black),
    "cloth": basic_materials.mottled("bed linen", black, 0.9, 5.0, 0.1),
    "said": basic_materials.plain("thing", black),
    "lamp": basic_materials.glowing("lamp", (1, 1, 1), 2.0),
}
made["said"]["surface"] = "cloth"
for material in made.values():
    parts = Parts()
    parts.add(material, box((0, 0, 0), (1, 1, 1)))
    parts.build(scene.collection, "box")
to_near_infrared(scene)
def base(material):
    shader = next(n for n in material.node_tree.nodes if n.type == "BSDF_PRINCIPLED").inputs["Base Color"]
    return shader.links[0].from_node.type if shader.is_linked else [round(v, 4) for v in shader.default_value[:3]]
lamp = next(n for n in made["lamp"].node_tree.nodes if n.type == "EMISSION").inputs["Strength"].default_value
answer({**{name: base(made[name]) for name in ("paint", "cloth", "said")}, "lamp": lamp})
"""


def test_materials_turn_to_their_near_infrared(in_blender):
    found = in_blender(_INFRARED)
    assert found["paint"][0] == found["paint"][2] < 0.15
    assert found["said"][0] > 0.19, "dyes that look black are not"
    assert found["cloth"] == "MAP_RANGE"
    assert 0 < found["lamp"] < 0.5


_FILES = """
import numpy as np
from blender_addon.render.image_file import decode, encode_jpeg, encode_png
pixels = np.zeros((40, 60, 3), dtype=np.uint8)
pixels[:, :30] = (200, 60, 30)
pixels[:20, 30:] = np.linspace(0, 255, 30).astype(np.uint8)[None, :, None]
jpeg = encode_jpeg(pixels, 95)
answer({
    "same": encode_jpeg(pixels, 95) == jpeg,
    "sizes": [len(encode_jpeg(pixels, q)) for q in (35, 60, 95)],
    "error": float(np.abs(decode(jpeg).astype(int) - pixels).mean()),
    "flat": decode(jpeg)[30, 10].tolist(),
    "png": bool((decode(encode_png(pixels), ".png") == pixels).all()),
})
"""


def test_jpeg_keeps_the_pixels_by_its_quality(in_blender):
    found = in_blender(_FILES)
    assert found["same"] is True
    assert found["sizes"] == sorted(found["sizes"])
    assert found["error"] < 2
    assert found["flat"] == pytest.approx([200, 60, 30], abs=3)
    assert found["png"] is True
