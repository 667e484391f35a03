"""An artist's own room, scan and rigged character, taken through Blender's own window by clicks; the preferences' page.

With WARDSYNTH_SCREENSHOTS=docs the images of docs/addon.md are made.
"""

import json

import numpy as np
import pytest
from blender_window import KEPT, BlenderWindow, keep, screen

from blender_addon.packaging.addon_zip import write_zip
from shared_format import dataset

__all__ = ["screen"]
pytestmark = pytest.mark.slow  # minutes of clicks; what the buttons do is tested in test_addon_own_room.py

_STATE = "bpy.context.window_manager.wardsynth"
_SHOWN = "bpy.context.window_manager.windows[0].scene"
_SETTINGS = "bpy.data.scenes['Scene'].wardsynth"
_WAIT = 400  # seconds; the machine may be busy
_ROW, _HEADER = 26, 253  # pixels: a row of the panel; Custom Content above the Preview button while it is folded
_MARKERS = {"lie": (-43, 135), "sit": (43, 135), "stand": (-43, 156), "camera": (43, 156)}  # pixels from the header
_USE_ROOM = 183
_ROOM = """
from mathutils import Vector
for item in list(bpy.data.objects):
    bpy.data.objects.remove(item)
scene = bpy.context.scene
def box(name, low, high, rgb):
    with bpy.context.temp_override(window=bpy.context.window_manager.windows[0]):
        bpy.ops.mesh.primitive_cube_add(size=1.0, location=[(a + b) / 2 for a, b in zip(low, high)])
        item = bpy.context.active_object
    item.name, item.scale = name, [b - a for a, b in zip(low, high)]
    material = bpy.data.materials.new(name)
    material.diffuse_color = (*rgb, 1.0)
    item.data.materials.append(material)
    return item
box("floor", (0, 0, -0.1), (5, 4, 0), (0.3, 0.3, 0.35))
box("wall", (0, 3.9, 0), (5, 4, 2.5), (0.6, 0.5, 0.3))
box("bed", (0.5, 1.5, 0), (1.4, 3.5, 0.5), (0.7, 0.7, 0.75))["wardsynth_category"] = "bed"
box("stool", (3.8, 3.0, 0), (4.3, 3.5, 0.45), (0.2, 0.6, 0.2))
lamp = bpy.data.objects.new("lamp", bpy.data.lights.new("lamp", "AREA"))
lamp.data.energy, lamp.data.size, lamp.location = 150.0, 1.0, (2.5, 2.0, 2.4)
scene.collection.objects.link(lamp)
eye = bpy.data.objects.new("eye", bpy.data.cameras.new("eye"))
eye.data.lens, eye.location = 16.0, (4.7, 0.3, 2.2)
eye.rotation_euler = (Vector((1.6, 2.8, 0.6)) - eye.location).to_track_quat("-Z", "Y").to_euler()
scene.collection.objects.link(eye)
"""
_OWN = """
import numpy
numpy.bool = numpy.bool_  # Debian's importer of glTF is older than its numpy
with bpy.context.temp_override(window=bpy.context.window_manager.windows[0]):
    bpy.ops.import_scene.gltf(filepath={character!r})
    nurse = bpy.data.collections.new("nurse")
    bpy.context.scene.collection.children.link(nurse)
    for item in list(bpy.context.selected_objects):
        for holder in list(item.users_collection):
            holder.objects.unlink(item)
        nurse.objects.link(item)
    bpy.ops.mesh.primitive_ico_sphere_add(subdivisions=4, radius=0.2, location=(20, 20, 0.2))
    scan = bpy.data.collections.new("oxygen bottle")
    bpy.context.scene.collection.children.link(scan)
    item = bpy.context.active_object
    item.scale = (0.5, 0.5, 2.0)
    for holder in list(item.users_collection):
        holder.objects.unlink(item)
    scan.objects.link(item)
value = sorted(item.type for item in nurse.objects)
"""
_FIT = """
region = next(region for region in area.regions if region.type == "WINDOW")
with bpy.context.temp_override(window=bpy.context.window_manager.windows[0], area=area, region=region):
    bpy.ops.image.view_all(fit_view=True)
"""
_GONE = """
for name in ("nurse", "oxygen bottle"):
    holder = bpy.data.collections[name]
    for item in list(holder.objects):
        bpy.data.objects.remove(item)
    bpy.data.collections.remove(holder)
"""


@pytest.fixture(scope="module")
def window(blender, screen, in_blender, tmp_path_factory):
    """Blender's window with the tab open; a glTF of a rigged character lies in its home."""
    home = tmp_path_factory.mktemp("own")
    write_zip(home / "wardsynth.zip")
    character = str(home / "nurse.glb")
    code = "import sys; sys.path.insert(0, 'tests_addon'); import blender_library as b\n"
    in_blender(f"{code}b.write_character({character!r}, 'mixamo', 40)\nanswer(1)")
    window = BlenderWindow(blender, home, screen)
    window.install(home / "wardsynth.zip")
    window.open()
    window.open_tab()
    yield window
    if window.is_open:
        window.close()


@pytest.fixture(scope="module")
def own_panel(window):
    """(x, y) of the header of the unfolded panel Custom Content."""
    window.ask(f"{_SETTINGS}.knobs.render_size = (128, 128); {_SETTINGS}.knobs.render_samples = 2")
    window.ask(f"{_SETTINGS}.out = '~/ours'; {_SETTINGS}.count = 6; {_SETTINGS}.seed = 3")
    window.ask(_ROOM)
    window.redraw()
    x, y = window.tall_buttons()[0]  # a row that undoes what was changed has come
    header = (x, y - _HEADER)
    _toggle(window, header)
    assert not window.tall_buttons(), "Custom Content did not unfold: the panel changed, and _HEADER misses its header"
    return header


def _toggle(window, header):
    """Fold or unfold the panel; while it is unfolded, the tall buttons are below the window's edge."""
    before = len(window.tall_buttons())
    for _ in range(3):  # a busy machine can lose a click
        window.click(*header)
        if len(window.tall_buttons()) != before:
            return


def test_the_preferences_page_says_what_is_installed(window):
    before = window.look().astype(int)
    window.ask("bpy.ops.screen.userpref_show('INVOKE_DEFAULT')")
    window.ask("bpy.context.preferences.active_section = 'ADDONS'; bpy.ops.preferences.addon_show(module='wardsynth')")
    window.ask("bpy.context.window_manager.addon_search = 'WardSynth'")
    window.redraw()

    def changed(image):
        return (np.abs(image - before).max(axis=2) > 20).mean()

    shown = keep(window, "preferences", lambda image: changed(image) > 0.1)
    assert changed(shown) > 0.1, "a window with the page lies over the first"
    window.ask(
        "with bpy.context.temp_override(window=bpy.context.window_manager.windows[-1]): bpy.ops.wm.window_close()"
    )
    assert window.ask("value = len(bpy.context.window_manager.windows)") == 1
    assert "Traceback" not in window.log()


def test_a_rigged_character_and_a_scan_are_added_by_the_button(window, own_panel):
    kinds = window.ask(_OWN.format(character=str(window.home / "nurse.glb")))
    assert kinds.count("ARMATURE") == 1
    x, y = own_panel
    window.ask(f"{_SETTINGS}.own_collection = bpy.data.collections['nurse']; {_SETTINGS}.own_kind = 'person'")
    window.redraw()
    window.click_until(lambda: (x, y + 3 * _ROW + 4), f"'nurse is in' in {_STATE}.message")
    window.ask(
        f"{_SETTINGS}.own_collection = bpy.data.collections['oxygen bottle']; {_SETTINGS}.own_kind = 'object';"
        f"{_SETTINGS}.own_category = 'oxygen bottle'"
    )
    window.redraw()
    window.click_until(lambda: (x, y + 4 * _ROW + 4), f"'oxygen bottle is in' in {_STATE}.message")
    window.ask(_GONE)
    window.ask(f"{_SETTINGS}.own_kind = 'person'; {_SETTINGS}.knobs.people_library_share = 0.6")
    said = json.loads((window.home / "characters" / "nurse.json").read_text())
    assert said == {"category": "person", "rigged": True}


def test_markers_are_clicked_and_the_file_becomes_the_room(window, own_panel):
    x, y = own_panel
    places = {"lie": (0.95, 2.5, 0.5), "sit": (4.05, 3.25, 0.45), "stand": (2.6, 1.2, 0.0)}
    for kind, place in places.items():
        window.ask(f"bpy.context.scene.cursor.location = {place}")
        made = f"any(o.get('wardsynth') == {kind!r} for o in bpy.data.objects)"
        window.click_until(lambda kind=kind: (x + _MARKERS[kind][0], y + _MARKERS[kind][1]), made)
    window.ask("next(o for o in bpy.data.objects if o.get('wardsynth') == 'stand').scale = (2.4, 1.6, 0.02)")
    window.ask("next(o for o in bpy.data.objects if o.get('wardsynth') == 'sit')['back_height'] = 0.0")
    window.ask("bpy.context.view_layer.objects.active = bpy.data.objects['eye']")
    marked = "bpy.data.objects['eye'].get('wardsynth') == 'camera'"
    window.click_until(lambda: (x + _MARKERS["camera"][0], y + _MARKERS["camera"][1]), marked)
    window.click_until(lambda: (x, y + _USE_ROOM), f"'save the file first' in {_STATE}.message")
    window.ask(f"bpy.ops.wm.save_as_mainfile(filepath={str(window.home_inside / 'room.blend')!r})")
    window.click_until(lambda: (x, y + _USE_ROOM), f"'placed in room.blend' in {_STATE}.message")
    keep(window, "own-room")
    assert (window.home / "room.json").is_file()


def test_the_preview_stands_in_the_own_room(window, own_panel):
    _toggle(window, own_panel)
    window.click_until(lambda: window.tall_buttons()[0], f"{_SHOWN}.name.startswith('WardSynth')")
    names = window.ask(f"value = [o.name for o in {_SHOWN}.objects if o.type == 'MESH']")
    assert any(name.startswith("bed") for name in names)
    window.point(300, 500)
    keep(window, "own-preview")
    record = json.loads(window.ask(f"value = {_SHOWN}.wardsynth.record"))
    assert record["spec"]["room"]["own"]["file"].endswith("room.blend")
    window.ask("bpy.ops.wardsynth.remove_preview()")


def test_the_dataset_holds_the_own_person_the_own_object_and_the_own_bed(window):
    window.click_until(lambda: window.tall_buttons()[1], f"{_STATE}.message == 'Generate Dataset'")
    window.wait_for(f"'images rendered' in {_STATE}.message or {_STATE}.failed", _WAIT)
    assert window.ask(f"value = {_STATE}.failed") is False, window.ask(f"value = {_STATE}.message")
    frames = list(dataset.read_frames(window.home / "ours"))
    found = [instance for frame in frames for instance in frame.instances]
    assert {"person", "bed", "oxygen bottle"} <= {instance.category for instance in found}
    drawn = [person for frame in frames for person in frame.spec["people"] if person["model"]]
    assert drawn
    assert {person["posture"] for person in drawn} - {"standing"}, "a rig takes postures"
    assert all(person["model"]["rigged"] for person in drawn)
    own = {(frame.index, p["id"]) for frame in frames for p in frame.spec["people"] if p["model"]}
    labelled = [i for frame in frames for i in frame.instances if (frame.index, i.id) in own]
    assert labelled
    assert all(i.keypoints for i in labelled)


def test_an_image_editor_that_shows_the_image_has_its_labels_and_no_error_was_printed(window):
    if KEPT:
        window.ask(f"{_SETTINGS}.knobs.render_size = (480, 480); {_SETTINGS}.knobs.render_samples = 64")
    window.click_until(lambda: window.tall_buttons()[0], f"{_SHOWN}.name.startswith('WardSynth')")
    window.ask(f"{_STATE}.message = ''")
    window.click_until(lambda: window.below(window.tall_buttons()[0], 1), f"'ender' in {_STATE}.message")
    window.wait_for(f"'rendered' in {_STATE}.message or {_STATE}.failed", _WAIT)
    area = "area = max(bpy.context.window_manager.windows[0].screen.areas, key=lambda a: a.width * a.height)"
    window.ask(f"{area}; area.type = 'IMAGE_EDITOR'; area.spaces[0].image = bpy.data.images['WardSynth picture']")
    window.redraw()
    window.ask(f"{area}{_FIT}")
    window.point(300, 500)
    image = keep(window, "editor", lambda image: window.overlay_pixels(image, "IMAGE_EDITOR") > 300)
    assert window.overlay_pixels(image, "IMAGE_EDITOR") > 300
    window.ask(f"{_SETTINGS}.show_boxes = set(); {_SETTINGS}.show_points = {_SETTINGS}.show_names = False")
    window.redraw()
    window.look_until(lambda image: window.overlay_pixels(image, "IMAGE_EDITOR") < 100)
    assert window.overlay_pixels(window.look(), "IMAGE_EDITOR") < 100
    window.ask(f"{area}; area.type = 'VIEW_3D'")
    window.close()
    assert "Traceback" not in window.log()
