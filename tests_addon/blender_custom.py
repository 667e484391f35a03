"""Small custom rooms in which one thing stands in many ways. Runs where Blender is; the tests read what comes back."""

import math
import tempfile
from pathlib import Path

import bpy
import numpy as np
from blender_scenes import SIZE, Stage
from bpy_extras.object_utils import world_to_camera_view
from mathutils import Vector

from blender_addon.construct import blend_file
from blender_addon.construct.custom_markers import MarkerError, add_marker, read_markers, write_markers
from blender_addon.construct.library import LibraryError, refuse_newer
from blender_addon.construct.render_state import find_memory_problem
from blender_addon.construct.scene import build_scene, remove_scene
from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample
from blender_addon.draw.projection import project
from blender_addon.label import keypoints, pass_indices
from blender_addon.label.frame import _depsgraph, label
from blender_addon.label.sight import Sight
from blender_addon.render import cycles
from blender_addon.render.label_maps import label_map_renderer

LOW, HIGH = (0.8, 0.8, 0.0), (1.2, 1.2, 0.8)  # the labelled thing


def box(name, low=LOW, high=HIGH, collection=None):
    mesh = bpy.data.meshes.new(name)
    corners = [
        [(low, high)[i][0], (low, high)[j][1], (low, high)[k][2]] for i in (0, 1) for j in (0, 1) for k in (0, 1)
    ]
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    mesh.from_pydata(corners, [], faces)
    item = bpy.data.objects.new(name, mesh)
    (collection or bpy.context.scene.collection).objects.link(item)
    return item


def thing():
    item = box("thing")
    item["wardsynth_category"] = "thing"
    return item


def empty_room(shift=(0.0, 0.0)):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    box("floor", (-2.0, -2.0, -0.1), (2.0, 2.0, 0.0))
    add_marker(scene, "stand", (-1.0, -1.0, 0.0))
    eye = bpy.data.objects.new("eye", bpy.data.cameras.new("eye"))
    eye.location, eye.data.lens = (-1.5, -1.9, 1.9), 20.0
    eye.data.shift_x, eye.data.shift_y = shift
    eye.rotation_euler = (Vector((0.6, 0.6, 0.4)) - eye.location).to_track_quat("-Z", "Y").to_euler()
    scene.collection.objects.link(eye)
    scene.render.resolution_x = scene.render.resolution_y = 64
    return scene


def wall_before_the_camera(collection=None):
    return box("wall before", (-1.4, -1.5, 0.0), (0.9, -1.4, 2.6), collection)


def new_collection(name):
    collection = bpy.data.collections.new(name)
    bpy.context.scene.collection.children.link(collection)
    return collection


def _plain(_folder):
    thing()


def _hidden_in_the_viewport(_folder):
    thing().hide_viewport = True


def _collection_instance(_folder):
    inside = bpy.data.collections.new("inside")
    box("part", collection=inside)
    _instance_of(inside)["wardsynth_category"] = "thing"


def _geometry_nodes_instance(_folder):
    prototype = box("prototype")
    bpy.context.scene.collection.objects.unlink(prototype)
    group = bpy.data.node_groups.new("instances", "GeometryNodeTree")
    group.interface.new_socket("Geometry", in_out="OUTPUT", socket_type="NodeSocketGeometry")
    info, output = group.nodes.new("GeometryNodeObjectInfo"), group.nodes.new("NodeGroupOutput")
    info.inputs["Object"].default_value, info.inputs["As Instance"].default_value = prototype, True
    group.links.new(info.outputs["Geometry"], output.inputs[0])
    item = thing()
    item.modifiers.new("instances", "NODES").node_group = group


def _instances_on_vertices(_folder):
    item = bpy.data.objects.new("thing", bpy.data.meshes.new("one vertex"))
    item.data.from_pydata([(0.0, 0.0, 0.0)], [], [])
    item.instance_type = "VERTS"
    item["wardsynth_category"] = "thing"
    bpy.context.scene.collection.objects.link(item)
    box("prototype").parent = item


def _linked(folder):
    bpy.context.scene.collection.objects.link(*_linked_from(folder, "objects", thing()))


def _modifiers_of_the_viewport_only(_folder):
    item = thing()
    item.modifiers.new("array", "ARRAY").show_render = False
    levels = item.modifiers.new("levels", "SUBSURF")
    levels.subdivision_type, levels.levels, levels.render_levels = "SIMPLE", 0, 2


def _modifiers_of_renders_only(_folder):
    item = box("thing", LOW, (HIGH[0], HIGH[1], HIGH[2] / 2))
    item["wardsynth_category"] = "thing"
    array = item.modifiers.new("array", "ARRAY")
    array.relative_offset_displace, array.show_viewport = (0.0, 0.0, 1.0), False


def _at_its_own_frame(_folder):
    item = thing()
    item.keyframe_insert("location", frame=30)
    item.location.x = 5.0
    item.keyframe_insert("location", frame=1)
    bpy.context.scene.frame_set(30)


def _among_what_no_render_shows(_folder):
    thing()
    wall_before_the_camera().hide_render = True
    wall_before_the_camera().visible_camera = False
    excluded, disabled = new_collection("excluded"), new_collection("disabled")
    bpy.context.view_layer.layer_collection.children["excluded"].exclude = True
    disabled.hide_render = True
    wall_before_the_camera(excluded)
    wall_before_the_camera(disabled)["wardsynth_category"] = "disabled"


def _overridden(folder):
    chairs = bpy.data.collections.new("chairs")
    item = box("thing", collection=chairs)
    item["wardsynth_category"], item.location.x = "thing", 3.0
    (chairs,) = _linked_from(folder, "collections", chairs)
    bpy.context.scene.collection.children.link(chairs)
    chairs.override_hierarchy_create(bpy.context.scene, bpy.context.view_layer)
    bpy.context.scene.collection.children.unlink(chairs)
    override = next(item for item in bpy.context.scene.objects if item.override_library)
    override.location.x = 0.0


def _linked_from(folder, kind, *written):
    """The datablocks ``written`` into a file of their own and linked from there; they and what they hold go."""
    names = [item.name for item in written]
    bpy.data.libraries.write(f"{folder}/library.blend", set(written))
    bpy.data.batch_remove([*written, *(item for data in written for item in getattr(data, "objects", ()))])
    with bpy.data.libraries.load(f"{folder}/library.blend", link=True) as (_, wanted):
        setattr(wanted, kind, names)
    return getattr(wanted, kind)


def _linked_collection_instance(folder):
    inside = bpy.data.collections.new("inside")
    box("part", collection=inside)
    (inside,) = _linked_from(folder, "collections", inside)
    _instance_of(inside)["wardsynth_category"] = "thing"


def _instance_of(collection, name="thing", into=None):
    item = bpy.data.objects.new(name, None)
    item.instance_type, item.instance_collection = "COLLECTION", collection
    (into or bpy.context.scene.collection).objects.link(item)
    return item


def _category_inside_an_instanced_collection(_folder):
    inner, outer = bpy.data.collections.new("inner"), bpy.data.collections.new("outer")
    box("part", collection=inner)["wardsynth_category"] = "thing"
    _instance_of(inner, into=outer).location.x = -2.0
    _instance_of(outer).location.x = 2.0


def _driven_by_the_scene(_folder):
    item = thing()
    bpy.context.scene["shift"] = 0.0
    _drive(item.driver_add("location", 0), "SCENE", bpy.context.scene, '["shift"]')
    item.location.x = 5.0


def _drive(curve, kind, source, path):
    curve.driver.type = "SUM"
    target = curve.driver.variables.new().targets[0]
    if kind != "OBJECT":
        target.id_type = kind
    target.id, target.data_path = source, path


def _shape_key_driven_by_the_scene(_folder):
    item = box("thing", LOW, (HIGH[0], HIGH[1], HIGH[2] / 2))
    item["wardsynth_category"] = "thing"
    item.shape_key_add(name="Basis")
    tall = item.shape_key_add(name="tall")
    for point in tall.data:
        point.co.z *= 2.0
    bpy.context.scene["tall"] = 1.0
    _drive(tall.driver_add("value"), "SCENE", bpy.context.scene, '["tall"]')
    tall.value = 0.0


def _placed_in_the_axes_of_its_scene(_folder):
    """The room's origin is elsewhere, in the middle of a longer floor."""
    box("more floor", (2.0, -2.0, -0.1), (6.0, 2.0, 0.0))
    item = thing()
    item.location = (5.0, 1.0, 0.0)
    limit = item.constraints.new("LIMIT_LOCATION")
    limit.use_max_x, limit.max_x = True, 0.0
    control = bpy.data.objects.new("control", None)
    bpy.context.scene.collection.objects.link(control)
    _drive(item.driver_add("location", 1), "OBJECT", control, "location.y")


def _mirrored_and_turned(_folder):
    item = box("thing", (-HIGH[0], LOW[1] / 2, LOW[2]), (-LOW[0], HIGH[1] / 2, HIGH[2]))
    item["wardsynth_category"] = "thing"
    item.parent = bpy.data.objects.new("mirror", None)
    item.parent.scale = (-1.0, 2.0, 1.0)
    bpy.context.scene.collection.objects.link(item.parent)


def _on_a_hidden_emitter(_folder):
    item = bpy.data.objects.new("thing", bpy.data.meshes.new("one face"))
    item.data.from_pydata([(-3.0, -3.0, 0.0), (3.0, -3.0, 0.0), (3.0, 3.0, 0.0), (-3.0, 3.0, 0.0)], [], [(0, 1, 2, 3)])
    item.instance_type, item.show_instancer_for_render = "FACES", False
    item["wardsynth_category"], item.location.z = "thing", 1.0
    bpy.context.scene.collection.objects.link(item)
    box("prototype", (LOW[0], LOW[1], LOW[2] - 1.0), (HIGH[0], HIGH[1], HIGH[2] - 1.0)).parent = item


def _prototype_of_copies(_folder):
    """Copies of the thing, which geometry nodes of something else make, are not the thing."""
    group = bpy.data.node_groups.new("copies", "GeometryNodeTree")
    group.interface.new_socket("Geometry", in_out="OUTPUT", socket_type="NodeSocketGeometry")
    info, output = group.nodes.new("GeometryNodeObjectInfo"), group.nodes.new("NodeGroupOutput")
    move = group.nodes.new("GeometryNodeTransform")
    info.inputs["Object"].default_value, info.inputs["As Instance"].default_value = thing(), True
    move.inputs["Translation"].default_value = (-0.9, -0.1, 0.0)
    group.links.new(info.outputs["Geometry"], move.inputs["Geometry"])
    group.links.new(move.outputs[0], output.inputs[0])
    box("scatter", (1.9, 1.9, 0.0), (2.0, 2.0, 0.1)).modifiers.new("copies", "NODES").node_group = group


def _behind_what_the_camera_does_not_see(_folder):
    thing()
    inside = bpy.data.collections.new("inside")
    wall_before_the_camera(inside)
    _instance_of(inside, "invisible").visible_camera = False
    wall_before_the_camera(new_collection("indirect"))
    bpy.context.view_layer.layer_collection.children["indirect"].indirect_only = True


def _behind_textures_that_are_clear(folder):
    """Behind a wall whose alpha is that of tiles, and one whose alpha is that of an image sequence, at this frame."""
    thing()
    for number, alpha in ((1, 1.0), (2, 0.0)):
        write_image(f"{folder}/frame{number:04d}.png", alpha)
        write_image(f"{folder}/tile.{1000 + number}.png", alpha)
    sequence = bpy.data.images.load(f"{folder}/frame0001.png")
    sequence.source = "SEQUENCE"
    tiles = bpy.data.images.load(f"{folder}/tile.1001.png")
    tiles.source, tiles.filepath = "TILED", f"{folder}/tile.<UDIM>.png"
    tiles.tiles.new(1002)
    wall_before_the_camera().data.materials.append(image_material(sequence))
    second = wall_before_the_camera()
    second.data.materials.append(image_material(tiles))
    second.data.uv_layers.new().data.foreach_set("uv", [1.5, 0.5] * len(second.data.loops))
    bpy.context.scene.frame_set(2)


def write_image(path, alpha):
    """A grey image of 4 x 4 pixels."""
    image = bpy.data.images.new(Path(path).stem, 4, 4, alpha=True)
    image.pixels, image.filepath_raw, image.file_format = [0.5, 0.5, 0.5, alpha] * 16, path, "PNG"
    image.save()
    bpy.data.images.remove(image)


def image_material(image):
    """A material whose alpha is that of an image."""
    material = bpy.data.materials.new("picture")
    material.use_nodes = True
    tree = material.node_tree
    texture = tree.nodes.new("ShaderNodeTexImage")
    texture.image = image
    if image.source == "SEQUENCE":
        texture.image_user.frame_duration, texture.image_user.use_auto_refresh = 2, True
    tree.links.new(texture.outputs["Alpha"], tree.nodes["Principled BSDF"].inputs["Alpha"])
    return material


def _in_a_background_set(_folder):
    scene, item = bpy.data.scenes.new("set"), thing()
    scene.collection.objects.link(item)
    bpy.context.scene.collection.objects.unlink(item)
    bpy.context.scene.background_set = scene


def _cut_by_what_is_in_no_collection(_folder):
    cutter = box("cutter", (-1.0, -1.0, HIGH[2]), (3.0, 3.0, 3.0))
    bpy.context.scene.collection.objects.unlink(cutter)
    cutter.use_fake_user = True
    item = box("thing", LOW, (HIGH[0], HIGH[1], 2.0))
    item["wardsynth_category"] = "thing"
    item.modifiers.new("cut", "BOOLEAN").object = cutter


def _in_centimetres(_folder):
    thing()
    in_centimetres()


def in_centimetres():
    """Model the open room in centimetres."""
    scene = bpy.context.scene
    scene.unit_settings.scale_length = 0.01
    for item in scene.objects:
        item.location, item.scale = item.location * 100, item.scale * 100
    eye = scene.objects["eye"].data
    eye.clip_start, eye.clip_end = eye.clip_start * 100, eye.clip_end * 100


VARIANTS = {
    "plain": _plain, "hidden in the viewport": _hidden_in_the_viewport, "collection instance": _collection_instance,
    "geometry nodes": _geometry_nodes_instance, "instances on vertices": _instances_on_vertices, "linked": _linked,
    "modifiers of the viewport": _modifiers_of_the_viewport_only, "modifiers of renders": _modifiers_of_renders_only,
    "at its own frame": _at_its_own_frame, "what no render shows": _among_what_no_render_shows,
    "in centimetres": _in_centimetres, "overridden": _overridden,
    "linked collection instance": _linked_collection_instance,
    "category inside an instanced collection": _category_inside_an_instanced_collection,
    "driven by the scene": _driven_by_the_scene, "shape key driven by the scene": _shape_key_driven_by_the_scene,
    "placed in the axes of its scene": _placed_in_the_axes_of_its_scene, "mirrored and turned": _mirrored_and_turned,
    "on a hidden emitter": _on_a_hidden_emitter, "prototype of copies": _prototype_of_copies,
    "behind what the camera does not see": _behind_what_the_camera_does_not_see,
    "behind textures that are clear": _behind_textures_that_are_clear, "in a background set": _in_a_background_set,
    "cut by what is in no collection": _cut_by_what_is_in_no_collection,
}  # fmt: skip


def _wall(_folder):
    thing()
    wall_before_the_camera()


def _held_out(_folder):
    """A wall that is a holdout hides as any other does, and leaves nothing to see."""
    thing()
    wall_before_the_camera(new_collection("held out"))["wardsynth_category"] = "wall"
    bpy.context.view_layer.layer_collection.children["held out"].holdout = True


def _holdout_material(_folder):
    thing()
    wall = wall_before_the_camera()
    wall["wardsynth_category"] = "wall"
    wall.data.materials.append(_material("holdout"))


def _shadow_catcher(_folder):
    thing()
    wall = wall_before_the_camera()
    wall["wardsynth_category"], wall.is_shadow_catcher = "wall", True


def _pillow_on_the_thing(_folder):
    pillow = box("pillow", (0.2, 0.2, 0.0), (0.4, 0.4, 0.2))
    pillow.parent, pillow["wardsynth_category"] = thing(), "pillow"


def _displaced(_folder):
    """A material that moves the surface outwards by as much as the box of ``_larger`` is larger."""
    item = thing()
    item.data.materials.append(_material("displaced"))


def _larger(_folder):
    item = box("thing", [value - 0.2 for value in LOW], [value + 0.2 for value in HIGH])
    item["wardsynth_category"] = "thing"


def _hair_of_particles(_folder):
    item = thing()
    item.modifiers.new("hair", "PARTICLE_SYSTEM")
    settings = item.particle_systems[0].settings
    settings.type, settings.count, settings.hair_length = "HAIR", 300, 0.3
    settings.root_radius = settings.tip_radius = 3.0


def _hair_of_curves(_folder):
    hair = bpy.data.hair_curves.new("hair")
    hair.add_curves([2] * 20)
    places = np.array([[(x, LOW[1], z) for z in (HIGH[2], HIGH[2] + 0.4)] for x in np.linspace(LOW[0], HIGH[0], 20)])
    hair.attributes["position"].data.foreach_set("vector", places.astype(np.float32).ravel())
    hair.attributes.new("radius", "FLOAT", "POINT").data.foreach_set("value", [0.03] * 40)
    item = bpy.data.objects.new("hair", hair)
    item.parent = thing()
    bpy.context.scene.collection.objects.link(item)


OTHERS = {
    "wall": _wall, "held out": _held_out, "holdout material": _holdout_material, "shadow catcher": _shadow_catcher,
    "pillow": _pillow_on_the_thing, "displaced": _displaced, "larger": _larger,
    "hair of particles": _hair_of_particles, "hair of curves": _hair_of_curves,
}  # fmt: skip


def _labels(file):
    config = draw_settings.resolve(
        pairs=[f"room.own={file}", 'people.count={"0": 1}', "render.size=[64,64]", "labels.min_visible_px=4"]
    )
    built = build_scene(sample(config, 0, 0))
    cycles.prepare(built.scene, config, 0)
    instances = label(built, config).frame.instances
    remove_scene(built.scene)
    return [[i.category, i.bbox_visible, i.bbox_amodal, i.visible_fraction] for i in instances]


def variant(name):
    """[category, visible box, amodal box, visible fraction] of all that is labelled in the room of that name."""
    empty_room()
    with tempfile.TemporaryDirectory() as folder:
        {**VARIANTS, **OTHERS}[name](folder)
        bpy.ops.wm.save_as_mainfile(filepath=f"{folder}/room.blend")
        write_markers(bpy.context.scene, _path(folder))
        bpy.ops.wm.read_factory_settings(use_empty=True)
        return _labels(f"{folder}/room.blend")


def _path(folder):
    return Path(folder) / "room.blend"


def without_mesh(kind):
    """The labels of a room whose thing is a curve, a text, a metaball or nothing but an empty."""
    empty_room()
    if kind == "empty":
        item = bpy.data.objects.new("thing", None)
    elif kind == "text":
        item = bpy.data.objects.new("thing", bpy.data.curves.new("thing", "FONT"))
        item.data.body, item.data.extrude, item.rotation_euler.x = "WARD", 0.1, math.pi / 2
    elif kind == "metaball":
        item = bpy.data.objects.new("thing", bpy.data.metaballs.new("thing"))
        item.data.elements.new().radius = 1.0
        item.location.z = 1.2
    else:
        item = bpy.data.objects.new("thing", bpy.data.curves.new("thing", "CURVE"))
        item.data.dimensions, item.data.bevel_depth = "3D", 0.2
        spline = item.data.splines.new("POLY")
        spline.points.add(1)
        spline.points[1].co = (0.0, 0.0, 1.0, 1.0)
    item["wardsynth_category"] = "thing"
    bpy.context.scene.collection.objects.link(item)
    with tempfile.TemporaryDirectory() as folder:
        bpy.ops.wm.save_as_mainfile(filepath=f"{folder}/room.blend")
        write_markers(bpy.context.scene, _path(folder))
        return _labels(f"{folder}/room.blend")


def shifted_camera():
    """Where points are in the images of Blender's camera and of the one that is read from it, in image widths."""
    scene = empty_room(shift=(0.2, -0.1))
    thing()
    bpy.context.view_layer.update()
    points = [(0.0, 0.0, 0.0), (1.0, 1.0, 0.8), (0.5, -0.5, 0.2)]
    theirs = [world_to_camera_view(scene, scene.objects["eye"], Vector(point))[:2] for point in points]
    room = read_markers(scene)
    with tempfile.TemporaryDirectory() as folder:
        bpy.ops.wm.save_as_mainfile(filepath=f"{folder}/room.blend")
        write_markers(scene, _path(folder))
        config = draw_settings.resolve(pairs=[f"room.own={folder}/room.blend", "render.size=[64,64]"])
        camera = sample(config, 0, 0).camera
    ours = project(camera, (64, 64), np.array(points) - room["origin"]) / 64
    return [[[x, 1.0 - y] for x, y in theirs], ours.tolist()]


def near_clip(start):
    """Visible fraction of the thing and what hides it, behind a wall that begins 0.5 m before the camera."""
    scene = empty_room()
    thing()
    scene.objects["eye"].data.clip_start = start
    wall_before_the_camera()
    with tempfile.TemporaryDirectory() as folder:
        bpy.ops.wm.save_as_mainfile(filepath=f"{folder}/room.blend")
        write_markers(scene, _path(folder))
        return _labels(f"{folder}/room.blend")


def refused_camera(kind):
    """What is said of a room with a camera of another kind."""
    scene = empty_room()
    thing()
    scene.objects["eye"].data.type = kind
    try:
        read_markers(scene)
    except MarkerError as error:
        return str(error)
    return ""


def too_large():
    """What is said of a room in centimetres whose scene has no unit scale."""
    scene = empty_room()
    for item in scene.objects:
        item.scale = item.scale * 100
    bpy.context.view_layer.update()
    try:
        read_markers(scene)
    except MarkerError as error:
        return str(error)
    return ""


def memory_problem(levels):
    """What is said of a cube that two modifiers subdivide ``levels`` times each."""
    bpy.ops.mesh.primitive_cube_add()
    cube = bpy.context.object
    cube.name = "pebble"
    for _ in range(2):
        cube.modifiers.new("smooth", "SUBSURF").render_levels = levels
    problem = find_memory_problem([cube], {cube})
    bpy.data.objects.remove(cube)
    return problem


def _material(kind):
    material = bpy.data.materials.new(kind)
    material.use_nodes = True
    tree = material.node_tree
    shader = next(node for node in tree.nodes if node.type == "BSDF_PRINCIPLED")
    output = next(node for node in tree.nodes if node.type == "OUTPUT_MATERIAL")
    if kind == "glass":
        shader.inputs["Transmission Weight"].default_value, shader.inputs["Roughness"].default_value = 1.0, 0.0
    elif kind == "frosted glass":
        shader.inputs["Transmission Weight"].default_value, shader.inputs["Roughness"].default_value = 1.0, 0.9
    elif kind == "glass shader":
        tree.links.new(tree.nodes.new("ShaderNodeBsdfGlass").outputs[0], output.inputs["Surface"])
    elif kind == "net":
        shader.inputs["Alpha"].default_value = 0.1
    elif kind == "veil":
        shader.inputs["Alpha"].default_value = 0.7
    elif kind == "steam":
        tree.nodes.remove(shader)
        tree.links.new(tree.nodes.new("ShaderNodeVolumePrincipled").outputs[0], output.inputs["Volume"])
    elif kind == "holdout":
        tree.links.new(tree.nodes.new("ShaderNodeHoldout").outputs[0], output.inputs["Surface"])
    elif kind == "displaced":
        _displace(material, tree, output)
    elif kind == "leaf":
        tree.links.new(_disc(tree), shader.inputs["Alpha"])
    elif kind == "leaf in a group":
        group = bpy.data.node_groups.new("leaf", "ShaderNodeTree")
        group.interface.new_socket("Shader", in_out="OUTPUT", socket_type="NodeSocketShader")
        inner, end = group.nodes.new("ShaderNodeBsdfPrincipled"), group.nodes.new("NodeGroupOutput")
        group.links.new(_disc(group), inner.inputs["Alpha"])
        group.links.new(inner.outputs[0], end.inputs[0])
        node = tree.nodes.new("ShaderNodeGroup")
        node.node_tree = group
        tree.links.new(node.outputs[0], output.inputs["Surface"])
    return material


def _displace(material, tree, output):
    """Move every point by 0.2 m along each axis, away from the middle of the labelled thing."""
    place, away = tree.nodes.new("ShaderNodeNewGeometry"), tree.nodes.new("ShaderNodeVectorMath")
    sign, scale = tree.nodes.new("ShaderNodeVectorMath"), tree.nodes.new("ShaderNodeVectorMath")
    away.operation, sign.operation, scale.operation = "SUBTRACT", "SIGN", "SCALE"
    away.inputs[1].default_value = [(low + high) / 2 for low, high in zip(LOW, HIGH)]
    scale.inputs["Scale"].default_value = 0.2
    tree.links.new(place.outputs["Position"], away.inputs[0])
    tree.links.new(away.outputs[0], sign.inputs[0])
    tree.links.new(sign.outputs[0], scale.inputs[0])
    tree.links.new(scale.outputs[0], output.inputs["Displacement"])
    material.displacement_method = "DISPLACEMENT"


def _disc(tree):
    """1 within half a metre of an object's origin, 0 beyond."""
    place, length = tree.nodes.new("ShaderNodeTexCoord"), tree.nodes.new("ShaderNodeVectorMath")
    inside = tree.nodes.new("ShaderNodeMath")
    length.operation, inside.operation = "LENGTH", "LESS_THAN"
    inside.inputs[1].default_value = 0.5
    tree.links.new(place.outputs["Object"], length.inputs[0])
    tree.links.new(length.outputs["Value"], inside.inputs[0])
    return inside.outputs[0]


def behind(kind):
    """The record of a bed behind a pane of a material, and what hides a joint in its middle."""
    stage = Stage()
    bed, pane = stage.quad("bed", (0.0, 4.0, 0.0), 2.0, 2.0), stage.quad("pane", (0.0, 0.0, 0.0), 2.0, 2.0)
    pane.location.y = 3.0
    pane.data.materials[0] = _material(kind)
    built = stage.label_as("bed", bed).built()
    instance = label(built, stage.config).frame.instances[0]
    indices = pass_indices.assign_pass_indices(built)
    with label_map_renderer(built.scene) as maps:
        _, depth = maps.instance_and_depth_map()
    sight = Sight(built, _depsgraph(built), maps.see_through, depth)
    middle = (SIZE[0] / 2, SIZE[1] / 2)
    cause = keypoints.hidden_by(sight, indices, "object:bed", np.array((0.01, 4.01, 0.01)), 0.1, middle)
    material = pane.data.materials[0].name
    remove_scene(built.scene)
    return [instance.visible_fraction, instance.hidden_by, cause, material]


def leaf(kind, bar):
    """Pixels of a leaf, the disc of one metre on a quad of two at 4 m, that are seen and that there are."""
    stage = Stage()
    quad = stage.quad("leaf", (0.0, 0.0, 0.0), 2.0, 2.0)
    quad.location.y = 4.0
    quad.data.materials[0] = _material(kind)
    if bar:
        stage.quad("bar", (0.5, 3.0, 0.0), 1.0, 2.0)
    (record,) = stage.label_as("leaf", quad).record()
    return {name: record[name] for name in ("bbox_visible", "bbox_amodal", "visible_fraction", "hidden_by")}


def header(content):
    """(major, minor) by which a file with that content was saved, and what is said of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = _path(folder)
        path.write_bytes(content)
        try:
            refuse_newer(str(path))
        except LibraryError as error:
            return [blend_file.saved_by(path), path.name in str(error)]
        return [blend_file.saved_by(path), False]


def compressed_file():
    """The version read from a file that this Blender compresses, and this Blender's."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/room.blend"
        bpy.ops.wm.save_as_mainfile(filepath=path, compress=True)
        content = _path(folder).read_bytes()
        by_library = blend_file._zstd_by_library(content)[:7]
        return [blend_file.saved_by(_path(folder)), list(bpy.app.version[:2]), content[:4].hex(), by_library.decode()]
