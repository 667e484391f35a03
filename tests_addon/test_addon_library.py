"""Add to Library: the copy keeps its textures and draws no cutters, the artist's file stays as it is."""

import sys

import pytest
from blender_pythons import REGISTERED, run_python

_ARTIST = (
    REGISTERED
    + """
FOLDER = pathlib.Path(FOLDER)
bpy.ops.wm.read_homefile(use_empty=True)
scene = bpy.context.scene
def collection(name, parent=scene.collection):
    made = bpy.data.collections.new(name)
    parent.children.link(made)
    return made
def box(name, where):
    bpy.ops.mesh.primitive_cube_add(size=0.5)
    item = bpy.context.active_object
    item.name = name
    for holder in list(item.users_collection):
        holder.objects.unlink(item)
    where.objects.link(item)
    return item
walker, cutters = collection("walker"), collection("cutters")
body, cutter = box("body", walker), box("cutter", cutters)
cut = body.modifiers.new("cut", "BOOLEAN")
cut.object = cutter
cutters.hide_render = True
box("helper", walker).display_type = "WIRE"
off = collection("off", walker)
off.hide_render = True
box("spare", off)
image = bpy.data.images.new("wood", 4, 4)
image.filepath_raw = str(FOLDER / "wood.png")
image.file_format = "PNG"
image.save()
material = bpy.data.materials.new("wood")
material.use_nodes = True
node = material.node_tree.nodes.new("ShaderNodeTexImage")
node.image = image
material.node_tree.links.new(node.outputs[0], material.node_tree.nodes["Principled BSDF"].inputs["Base Color"])
body.data.materials.append(material)
bpy.ops.wm.save_as_mainfile(filepath=str(FOLDER / "artist.blend"))
bpy.ops.file.make_paths_relative()
settings = scene.wardsynth
settings.out = str(FOLDER / "sets" / "ward")
"""
)
_ADDED = (
    _ARTIST
    + """
bpy.ops.wardsynth.add_own(collection="walker", kind="object", category="walker")
after = [image.filepath, len(image.packed_files), cutter.hide_render, settings.index]
config = settings.config()
from blender_addon.draw import sample
shown = [item.model.category for item in sample(config, settings.seed, settings.index).objects]
bpy.ops.wm.open_mainfile(filepath=str(FOLDER / "sets" / "objects" / "walker.blend"))
written = {item.name: item.hide_render for item in bpy.data.objects}
answer([after, shown, written, [len(image.packed_files) for image in bpy.data.images]])
"""
)
_MISSING = (
    _ARTIST
    + """
(FOLDER / "wood.png").unlink()
image.reload()
try:
    bpy.ops.wardsynth.add_own(collection="walker", kind="object", category="walker")
    answer("")
except RuntimeError as error:
    answer(str(error))
"""
)


def test_textures_are_packed_and_what_renders_do_not_show_is_not_drawn(tmp_path):
    pytest.importorskip("bpy", reason="needs the bpy module")
    after, shown, written, packed = run_python(sys.executable, f"FOLDER = {str(tmp_path)!r}\n" + _ADDED, tmp_path)
    path, artists_packed, artists_cutter, _ = after
    assert path.endswith("wood.png")
    assert (artists_packed, artists_cutter) == (0, False), "the artist's file is as it was"
    assert packed == [1]
    assert {name: hidden for name, hidden in written.items() if not hidden} == {"body": False}
    assert written["cutter"] is True, "it is there for the modifier, and not rendered"
    assert "walker" in shown, "the next preview shows it"


def test_a_missing_texture_is_named_and_nothing_is_written(tmp_path):
    pytest.importorskip("bpy", reason="needs the bpy module")
    problem = run_python(sys.executable, f"FOLDER = {str(tmp_path)!r}\n" + _MISSING, tmp_path)
    assert "wood" in problem
    assert not list((tmp_path / "sets").rglob("*.blend"))


@pytest.fixture(scope="module")
def read_back(answers):
    return lambda name: answers("blender_entries", f"read_back({name!r})")


_BODY = [0.4, 0.4, 0.8]


@pytest.mark.parametrize(
    ("name", "size", "packed"),
    [
        ("tiles", _BODY, [2]),
        ("sequence", _BODY, [0]),
        ("override", [0.4, 0.4, 1.6], []),
        ("linked instance", _BODY, []),
        ("local instance", _BODY, []),
        ("curve", [0.4, 0.4, 1.0], []),
        ("excluded child", _BODY, []),
        ("driven by the scene", _BODY, []),
    ],
)
def test_what_a_render_shows_of_a_collection_is_read_back(read_back, name, size, packed):
    found = read_back(name)
    assert found["size"] == pytest.approx(size, abs=1e-3)
    assert (found["meshes"], found["packed"], found["scenes"]) == (1, packed, 1)


def test_hair_is_read_back(read_back):
    assert read_back("hair")["strands"] == ["hair"]


@pytest.mark.parametrize("name", ["missing tile", "missing sequence", "holdout"])
def test_what_cannot_be_shown_is_refused_before_it_is_written(read_back, name):
    found = read_back(name)
    assert not found["is_written"]
    assert ("walker" if name == "holdout" else "skin") in found["problem"]
    assert "\n" not in found["problem"]


_MARKERS = (
    REGISTERED
    + """
bpy.ops.wm.read_homefile(use_empty=True)
bpy.ops.mesh.primitive_cube_add(size=1.0, location=(0.0, 0.0, 0.5))
cursor = bpy.context.scene.cursor
places = []
for x, z in ((0.0, 2.0), (0.0, 1.0), (5.0, 2.0)):
    cursor.location = (x, 0.0, z)
    bpy.ops.wardsynth.add_marker(kind="lie", heading=0.5)
    marker = bpy.context.active_object
    places.append([round(value, 4) for value in (*marker.location, marker.rotation_euler.z)] + [marker.show_in_front])
answer(places)
"""
)


def test_markers_fall_onto_what_is_below_the_cursor(tmp_path):
    pytest.importorskip("bpy", reason="needs the bpy module")
    places = run_python(sys.executable, _MARKERS, tmp_path)
    assert places == [[0, 0, 1, 0.5, True], [0, 0, 1, 0.5, True], [5, 0, 2, 0.5, True]]
