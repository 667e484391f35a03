"""An own room by markers: what is read of it, who is drawn where, and a dataset of it with an own scanned object."""

import sys

import numpy as np
import pytest
from blender_pythons import REGISTERED, as_drawn, run_python

from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample
from blender_addon.draw.custom_room import custom_layout
from shared_format import dataset

ROOM = (
    REGISTERED
    + """
import bmesh
from mathutils import Vector
from blender_addon.construct.custom_markers import add_marker
FOLDER = pathlib.Path(FOLDER)
scene = bpy.context.scene
for item in list(bpy.data.objects):
    bpy.data.objects.remove(item)
def box(name, low, high, rgb):
    mesh = bpy.data.meshes.new(name)
    shape = bmesh.new()
    bmesh.ops.create_cube(shape, size=1.0)
    shape.to_mesh(mesh)
    shape.free()
    item = bpy.data.objects.new(name, mesh)
    item.scale = [b - a for a, b in zip(low, high)]
    item.location = [(a + b) / 2 for a, b in zip(low, high)]
    material = bpy.data.materials.new(name)
    material.diffuse_color = (*rgb, 1.0)
    mesh.materials.append(material)
    scene.collection.objects.link(item)
    return item
# Away from the origin and above it: floor at z = 1, middle at (10.5, 10).
box("floor", (8, 8, 0.9), (13, 12, 1), (0.3, 0.3, 0.35))
box("wall", (8, 11.9, 1), (13, 12, 3.5), (0.6, 0.5, 0.3))
box("my bed", (8.5, 9.5, 1), (9.4, 11.5, 1.5), (0.7, 0.7, 0.75))["wardsynth_category"] = "bed"
box("my stool", (11.8, 11.0, 1), (12.3, 11.5, 1.45), (0.2, 0.6, 0.2))["wardsynth_category"] = "stool of mine"
add_marker(scene, "lie", (8.95, 10.5, 1.5))
seat = add_marker(scene, "sit", (12.05, 11.25, 1.45))
seat["back_height"] = 0.0
add_marker(scene, "stand", (10.75, 9.7, 1.0)).scale = (2.6, 2.6, 0.02)
lamp = bpy.data.objects.new("lamp", bpy.data.lights.new("lamp", "AREA"))
lamp.data.energy, lamp.data.size, lamp.location = 150.0, 1.0, (10.5, 10.0, 3.4)
scene.collection.objects.link(lamp)
eye = bpy.data.objects.new("eye", bpy.data.cameras.new("eye"))
eye.data.lens, eye.location = 16.0, (12.7, 8.3, 3.2)
eye.rotation_euler = (Vector((9.6, 10.8, 1.6)) - eye.location).to_track_quat("-Z", "Y").to_euler()
scene.collection.objects.link(eye)
scene.render.resolution_x = scene.render.resolution_y = 96
scan = bpy.data.collections.new("walker")
scene.collection.children.link(scan)
frame = box("walker", (20, 20, 0), (20.5, 20.4, 0.9), (0.5, 0.1, 0.1))
scene.collection.objects.unlink(frame)
scan.objects.link(frame)
s = scene.wardsynth
s.out = str(FOLDER / "ward")
bpy.ops.wardsynth.add_own(collection="walker", kind="object", category="walker of ours")
bpy.data.objects.remove(frame)
bpy.data.collections.remove(scan)
bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "room.blend"))
bpy.ops.wardsynth.use_room()
"""
)
_DATASET = """
s = bpy.context.scene.wardsynth
s.knobs.render_size, s.knobs.render_samples, s.seed = (96, 96), 1, 5
s.knobs.objects_per_picture__0 = 0.0
before = datablocks()
bpy.ops.wardsynth.preview(index=1)
record = json.loads(bpy.context.scene.wardsynth.record)
bpy.ops.wardsynth.remove_preview()
left = {kind: (before[kind], n) for kind, n in datablocks().items() if n != before[kind]}
bpy.ops.wardsynth.generate_dataset(out=str(FOLDER / "ward"), count=3, workers=2)
bpy.ops.wardsynth.check_dataset(folder=str(FOLDER / "ward"))
ahead = eye.matrix_world.to_quaternion() @ Vector((0, 0, -1))
answer([record, left, [list(eye.matrix_world.translation), list(ahead)]])
"""


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    """The folder with room, library and dataset; the preview's record; what the preview left; the camera's pose."""
    pytest.importorskip("bpy", reason="needs the bpy module")
    folder = tmp_path_factory.mktemp("ours")
    return folder, *run_python(sys.executable, f"FOLDER = {str(folder)!r}\n" + ROOM + _DATASET, folder)


def _config(folder, *pairs):
    return draw_settings.resolve(pairs=[f"room.own={folder / 'room.blend'}", *pairs])


def test_preview_and_batch_in_the_own_room_agree_and_nothing_is_left(ours):
    folder, record, left, _ = ours
    assert record == as_drawn(folder / "ward" / "frames" / "000001.json")
    assert left == {}
    assert not list(folder.glob(".part-*"))


def test_own_things_are_labelled_by_their_own_categories(ours):
    folder, *_ = ours
    names = {category.name for category in dataset.read_info(folder / "ward").categories}
    assert {"bed", "stool of mine", "walker of ours"} <= names
    found = [instance for frame in dataset.read_frames(folder / "ward") for instance in frame.instances]
    stools = [instance for instance in found if instance.category == "stool of mine"]
    assert len(stools) == 3
    assert [instance for instance in found if instance.category == "walker of ours"]
    assert any(stool.visible_fraction > 0.9 for stool in stools)


def test_the_own_camera_is_where_it_was(ours):
    _, record, _, (place, direction) = ours
    shown = record["spec"]["camera"]
    origin = np.array(record["spec"]["room"]["own"]["origin"])
    assert np.allclose(np.array(shown["location"]) + origin, place, atol=1e-4)
    towards = np.subtract(shown["target"], shown["location"])
    assert np.allclose(towards / np.linalg.norm(towards), direction, atol=1e-4)
    assert shown["roll"] == pytest.approx(0.0, abs=0.01)
    assert shown["horizontal_fov"] == pytest.approx(2 * np.degrees(np.arctan(18 / 16)), abs=0.01)


def test_people_are_where_markers_are_and_do_what_these_are_for(ours):
    folder, *_ = ours
    config = _config(folder, 'people.count={"3": 1}')
    layout = custom_layout(config)
    assert layout.has_bed
    kinds = set()
    for index in range(60):
        spec = sample(config, 3, index)
        for person in spec.people:
            kinds.add(person.use)
            if person.use == "floor" and person.posture not in ("bending", "supporting"):
                place = np.array([[person.stance.x, person.stance.y]])
                assert layout.floor.clearance(place)[0] > 0, (person.posture, place)
            if person.use == "bed":
                assert (person.stance.x, person.stance.y) == pytest.approx((-1.55, 0.5), abs=1e-4)
                assert person.posture != "half-sitting", "the mattress is flat"
    assert kinds == {"bed", "side", "seat", "floor"}


def test_own_lights_are_kept_or_drawn(ours):
    folder, *_ = ours
    specs = [
        sample(_config(folder, f"room.own_lights_kept={kept}"), 3, k) for kept in ("true", "false") for k in range(40)
    ]
    colour = [spec for spec in specs if spec.attributes["sensor"] == "rgb"]
    kept = [
        light for spec in colour[: len(colour) // 2] for light in spec.lights if spec.attributes["ceiling"] == "own"
    ]
    drawn = [light.watts for spec in colour[len(colour) // 2 :] for light in spec.lights]
    assert {(light.name, light.watts) for light in kept} == {("lamp", 150.0)}
    assert min(drawn) < 10
    assert max(drawn) > 100


_SAVED_AGAIN = """
from blender_addon.construct.room_content import require_unchanged_room
from blender_addon.draw import config
bpy.ops.wm.open_mainfile(filepath=FILE)
def saved_and_used(change):
    change()
    bpy.ops.wm.save_mainfile()
    try:
        require_unchanged_room(config.resolve(pairs=[f"room.own={FILE}"]))
        return "accepted"
    except config.ConfigError as error:
        return str(error)
bed = bpy.data.objects["my bed"]
def move(by):
    bed.location.x += by
def paint():
    bed.data.materials[0].diffuse_color = (0.0, 1.0, 0.0, 1.0)
answers = [saved_and_used(c) for c in (lambda: None, lambda: move(0.5), lambda: move(-0.5), paint)]
answer(answers)
"""


def test_a_room_saved_again_is_the_same_room_until_its_content_changes(ours, tmp_path):
    folder, *_ = ours
    for name in ("room.blend", "room.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    file = tmp_path / "room.blend"
    code = f"FILE = {str(file)!r}\n" + _SAVED_AGAIN
    unchanged, moved, back, painted = run_python(sys.executable, code, tmp_path)
    assert file.read_bytes() != (folder / "room.blend").read_bytes()
    assert (unchanged, back) == ("accepted", "accepted")
    assert str(file) in moved
    assert "Use This File as Room" in moved
    assert "Use This File as Room" in painted
    assert _config(tmp_path)["room.own_files"] == _config(folder)["room.own_files"]


_READ_AGAIN = """
bpy.ops.wm.open_mainfile(filepath=FILE)
bpy.data.objects["my bed"].location.z += 0.25
bpy.ops.wm.save_mainfile()
answer(bpy.context.scene.wardsynth.knobs.room_own == FILE)
"""


def test_saving_the_file_of_the_room_with_the_add_on_reads_its_markers_again(ours, tmp_path):
    folder, *_ = ours
    code = (
        f"FOLDER = {str(tmp_path)!r}\n" + ROOM + f"bpy.ops.wm.save_mainfile()\nFILE = {str(tmp_path / 'room.blend')!r}"
    )
    assert run_python(sys.executable, code + _READ_AGAIN, tmp_path) is True
    assert _config(tmp_path)["room.own_files"][0]["sha256"] != _config(folder)["room.own_files"][0]["sha256"]


_CONTENT = """
import numpy as np
from pathlib import Path
from blender_addon.construct.room_content import room_digest
bpy.ops.wm.read_factory_settings()
cube = bpy.context.object
cube.shape_key_add(name="Basis")
cube.shape_key_add(name="bent")
cube.vertex_groups.new(name="group").add(range(8), 0.5, "REPLACE")
colours = cube.data.color_attributes.new("colours", "FLOAT_COLOR", "POINT")
strands = bpy.data.hair_curves.new("hair")
strands.add_curves([2, 3])
bpy.context.scene.collection.objects.link(bpy.data.objects.new("hair", strands))
def bend():
    cube.data.shape_keys.key_blocks["bent"].data[0].co.x += 1.0
def mix():
    cube.data.shape_keys.key_blocks["bent"].value = 0.5
def comb():
    strands.attributes["position"].data[1].vector = (0.0, 0.0, 1.0)
def colour():
    colours.data[3].color = (0.0, 0.0, 0.0, 0.0)
def weigh():
    cube.vertex_groups["group"].add([3], 0.25, "REPLACE")
def zoom():
    bpy.data.cameras[0].lens = 20.0
def select():
    cube.select_set(False)
    cube.data.vertices[3].select = False
def digest_after(change):
    change()
    bpy.ops.wm.save_as_mainfile(filepath=FILE)
    return room_digest(Path(FILE), "Scene")
answer([digest_after(c) for c in (lambda: None, select, bend, mix, comb, colour, weigh, zoom)])
"""


def test_all_that_changes_the_shape_of_a_room_changes_its_identity(tmp_path):
    code = f"FILE = {str(tmp_path / 'room.blend')!r}\n" + _CONTENT
    before, selected, *changed = run_python(sys.executable, code, tmp_path)
    assert selected == before
    assert len({before, *changed}) == 1 + len(changed)


def test_a_room_without_its_markers_is_refused(ours, tmp_path):
    folder, *_ = ours
    for name in ("room.blend", "room.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "room.json").write_text("{}")
    with pytest.raises(draw_settings.ConfigError, match=r"room\.json"):
        _config(tmp_path)
    (tmp_path / "room.json").unlink()
    with pytest.raises(draw_settings.ConfigError, match="Use This File as Room"):
        _config(tmp_path)


_HIDDEN_BENCH = """
import bpy
from blender_addon.construct.custom_markers import labelled_but_not_rendered
for name, hidden in (("hidden bench", True), ("bench", False)):
    item = bpy.data.objects.new(name, bpy.data.meshes.new(name))
    item["wardsynth_category"], item.hide_render = "bench", hidden
    bpy.context.scene.collection.objects.link(item)
answer(labelled_but_not_rendered(bpy.context.scene))
"""


def test_a_labelled_object_that_no_render_shows_is_named(in_blender):
    assert in_blender(_HIDDEN_BENCH) == ["hidden bench"]
