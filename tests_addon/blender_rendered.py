"""Custom rooms whose own render says where the labelled thing is. Runs where Blender is; the tests read what it says.

The thing shines and everything else is black, so a render of the artist's file is the thing's mask.
"""

import tempfile
from pathlib import Path

import bpy
import numpy as np
from blender_custom import HIGH, LOW, box, empty_room, in_centimetres, new_collection, wall_before_the_camera

from blender_addon.construct.custom_markers import write_markers
from blender_addon.construct.scene import build_scene, remove_scene
from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample
from blender_addon.label.frame import label
from blender_addon.render import cycles
from blender_addon.render.image_file import read_linear
from shared_format import masks

_SAMPLES = 16
_SIDE = 64  # pixels


def glowing(name="glow", strength=1.0):
    """A material of light; the node tree, its shader and its output."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    tree = material.node_tree
    tree.nodes.clear()
    shader, output = tree.nodes.new("ShaderNodeEmission"), tree.nodes.new("ShaderNodeOutputMaterial")
    shader.inputs["Strength"].default_value = strength
    tree.links.new(shader.outputs[0], output.inputs["Surface"])
    return material


def thing(low=LOW, high=HIGH, collection=None):
    item = box("thing", low, high, collection)
    item.data.materials.append(glowing())
    item["wardsynth_category"] = "thing"
    return item


def mixed(material, other, factor=None):
    """Mix the shader of a material with one of type ``other`` where the socket ``factor`` is one."""
    tree = material.node_tree
    shader, output = tree.nodes["Emission"], tree.nodes["Material Output"]
    mix, second = tree.nodes.new("ShaderNodeMixShader"), tree.nodes.new(other)
    tree.links.new(shader.outputs[0], mix.inputs[1])
    tree.links.new(second.outputs[0], mix.inputs[2])
    tree.links.new(mix.outputs[0], output.inputs["Surface"])
    if factor is not None:
        tree.links.new(factor, mix.inputs[0])
    return mix


def upper(tree, limit=0.4):
    """One above ``limit`` metres, zero below."""
    place, axes = tree.nodes.new("ShaderNodeNewGeometry"), tree.nodes.new("ShaderNodeSeparateXYZ")
    above = tree.nodes.new("ShaderNodeMath")
    above.operation, above.inputs[1].default_value = "GREATER_THAN", limit
    tree.links.new(place.outputs["Position"], axes.inputs[0])
    tree.links.new(axes.outputs["Z"], above.inputs[0])
    return above.outputs[0]


def subdivided(item, levels=4):
    modifier = item.modifiers.new("fine", "SUBSURF")
    modifier.subdivision_type, modifier.levels, modifier.render_levels = "SIMPLE", levels, levels
    return item


def link(item):
    bpy.context.scene.collection.objects.link(item)
    return item


def empty(name, place):
    item = link(bpy.data.objects.new(name, None))
    item.location = place
    return item


def node_group(item):
    """Geometry nodes on ``item``: the tree, its input and its output."""
    group = bpy.data.node_groups.new("nodes", "GeometryNodeTree")
    for way in ("INPUT", "OUTPUT"):
        group.interface.new_socket("Geometry", in_out=way, socket_type="NodeSocketGeometry")
    item.modifiers.new("nodes", "NODES").node_group = group
    return group, group.nodes.new("NodeGroupInput"), group.nodes.new("NodeGroupOutput")


def _plain_thing(_folder):
    thing()


def _mapped(folder, kind, **values):
    """The thing with a modifier that reads a texture in global coordinates."""
    modifier = subdivided(thing()).modifiers.new(kind, kind)
    texture = bpy.data.textures.new("texture", values.pop("texture", "CLOUDS"))
    if texture.type == "CLOUDS":
        texture.noise_scale = 0.3
    modifier.texture, modifier.texture_coords = texture, "GLOBAL"
    for name, value in values.items():
        setattr(modifier, name, value)
    return modifier


def _displaced(folder):
    _mapped(folder, "DISPLACE", texture="BLEND", direction="Z", strength=0.8, mid_level=0.0)


def _displaced_in_centimetres(folder):
    _mapped(folder, "DISPLACE", direction="Z", strength=0.008, mid_level=0.0, space="GLOBAL")
    in_centimetres()


def _displaced_with_hair(folder):
    _displaced(folder)
    item = bpy.data.objects["thing"]
    item.modifiers.new("hair", "PARTICLE_SYSTEM")
    settings = item.particle_systems[0].settings
    settings.type, settings.count, settings.hair_length = "HAIR", 300, 0.3
    settings.root_radius = settings.tip_radius = 3.0


def _warped(folder):
    ends = [empty(name, (1.0, 1.0, z)) for name, z in (("from", 0.8), ("to", 1.6))]
    _mapped(folder, "WARP", object_from=ends[0], object_to=ends[1], falloff_radius=1.0)


def _waved(folder):
    _mapped(folder, "WAVE", height=0.5, width=0.5)
    bpy.context.scene.frame_set(40)


def _waved_text(folder):
    item = link(bpy.data.objects.new("thing", bpy.data.curves.new("text", "FONT")))
    item.data.body, item.data.extrude, item.data.size, item.rotation_euler.x = "WARD", 0.1, 0.8, np.pi / 2
    item.data.materials.append(glowing())
    item["wardsynth_category"] = "thing"
    modifier = item.modifiers.new("wave", "WAVE")
    modifier.height, modifier.width, modifier.use_normal = 0.5, 0.5, False
    modifier.texture, modifier.texture_coords = bpy.data.textures.new("texture", "CLOUDS"), "GLOBAL"
    bpy.context.scene.frame_set(40)


def _weighted(_folder):
    item = subdivided(thing())
    item.vertex_groups.new(name="raised").add(range(8), 1.0, "REPLACE")
    weights = item.modifiers.new("weights", "VERTEX_WEIGHT_EDIT")
    weights.vertex_group, weights.falloff_type = "raised", "STEP"
    weights.mask_texture, weights.mask_tex_mapping = bpy.data.textures.new("texture", "CLOUDS"), "GLOBAL"
    weights.mask_texture.noise_scale = 0.4
    displace = item.modifiers.new("displace", "DISPLACE")
    displace.vertex_group, displace.direction, displace.mid_level, displace.strength = "raised", "Z", 0.0, 0.8


def _cloth(_folder):
    """Cloth over a post, in the middle of its fall, from its cache."""
    item, scene = subdivided(thing((0.5, 0.5, 0.9), (1.4, 1.4, 0.91)), 3), bpy.context.scene
    cache = item.modifiers.new("cloth", "CLOTH").point_cache
    cache.frame_end = 12
    box("post", (0.9, 0.9, 0.0), (1.0, 1.0, 0.8)).modifiers.new("collision", "COLLISION")
    with bpy.context.temp_override(point_cache=cache, object=item, active_object=item):
        bpy.ops.ptcache.bake(bake=True)
    scene.frame_set(12)


def _nodes_that_read(source):
    """The thing, moved by geometry nodes to where ``source(group)``, an object's socket or object, is."""
    item = thing()
    group, start, end = node_group(item)
    info, move = group.nodes.new("GeometryNodeObjectInfo"), group.nodes.new("GeometryNodeTransform")
    source(group, info.inputs["Object"])
    group.links.new(start.outputs[0], move.inputs[0])
    group.links.new(info.outputs["Location"], move.inputs["Translation"])
    group.links.new(move.outputs[0], end.inputs[0])
    return item, group, start, move


def _moved_to_an_object(_folder):
    control = empty("control", (-0.5, 0.0, 0.4))
    _nodes_that_read(lambda _, socket: setattr(socket, "default_value", control))


def _moved_as_it_was(_folder):
    item, *_ = _nodes_that_read(_itself)
    item.location = (-0.5, 0.0, 0.4)


def _itself(group, socket):
    group.links.new(group.nodes.new("GeometryNodeSelfObject").outputs[0], socket)


def _scattered_by_place(_folder):
    item, group, start, move = _nodes_that_read(_itself)
    item.location = (-0.5, 0.0, 0.4)
    prototype = box("prototype", (-0.1, -0.1, 0.0), (0.1, 0.1, 0.5))
    prototype.data.materials.append(glowing())
    prototype.hide_render = True
    info, scatter = group.nodes.new("GeometryNodeObjectInfo"), group.nodes.new("GeometryNodeInstanceOnPoints")
    info.inputs["Object"].default_value, info.inputs["As Instance"].default_value = prototype, True
    group.links.new(start.outputs[0], scatter.inputs["Points"])
    group.links.new(info.outputs["Geometry"], scatter.inputs["Instance"])
    group.links.new(scatter.outputs[0], move.inputs[0])


def _geometry_instanced_beside_a_mesh(_folder):
    """Cubes that nodes make on the corners of the thing, and a disc; neither is an object."""
    item = thing()
    item.location.z = 0.2
    group, start, end = node_group(item)
    disc, cube = group.nodes.new("GeometryNodeMeshCircle"), group.nodes.new("GeometryNodeMeshCube")
    scatter, join = group.nodes.new("GeometryNodeInstanceOnPoints"), group.nodes.new("GeometryNodeJoinGeometry")
    paint = group.nodes.new("GeometryNodeSetMaterial")
    disc.fill_type, paint.inputs["Material"].default_value = "NGON", item.data.materials[0]
    cube.inputs["Size"].default_value = (0.2, 0.2, 0.2)
    group.links.new(start.outputs[0], scatter.inputs["Points"])
    group.links.new(cube.outputs[0], scatter.inputs["Instance"])
    group.links.new(scatter.outputs[0], join.inputs[0])
    group.links.new(disc.outputs[0], join.inputs[0])
    group.links.new(join.outputs[0], paint.inputs[0])
    group.links.new(paint.outputs[0], end.inputs[0])


def _on_the_camera(_folder):
    item = thing([value - 0.5 for value in LOW[:2]] + [-2.5], [value - 0.5 for value in HIGH[:2]] + [-1.9])
    item.parent = bpy.data.objects["eye"]


def _half_held_out(_folder):
    material = thing().data.materials[0]
    mixed(material, "ShaderNodeHoldout", upper(material.node_tree))


def _mostly_held_out(_folder):
    mixed(thing().data.materials[0], "ShaderNodeHoldout").inputs[0].default_value = 0.7


def _partly_held_out(_folder):
    mixed(thing().data.materials[0], "ShaderNodeHoldout").inputs[0].default_value = 0.3


def _held_out_before_a_solid(folder):
    thing([value + 0.1 for value in LOW], [value - 0.1 for value in HIGH])
    _half_held_out(folder)


def _a_slot_held_out(_folder):
    item, holdout = thing(), glowing("hole")
    tree = holdout.node_tree
    tree.links.new(tree.nodes.new("ShaderNodeHoldout").outputs[0], tree.nodes["Material Output"].inputs["Surface"])
    item.data.materials.append(holdout)
    item.data.polygons[2].material_index = item.data.polygons[5].material_index = 1


def _holdout_added(_folder):
    tree = thing().data.materials[0].node_tree
    add = tree.nodes.new("ShaderNodeAddShader")
    tree.links.new(tree.nodes["Emission"].outputs[0], add.inputs[0])
    tree.links.new(tree.nodes.new("ShaderNodeHoldout").outputs[0], add.inputs[1])
    tree.links.new(add.outputs[0], tree.nodes["Material Output"].inputs["Surface"])


def _vertex_colours(_folder):
    item = thing()
    colours = item.data.color_attributes.new("colours", "FLOAT_COLOR", "POINT")
    for vertex in item.data.vertices:
        colours.data[vertex.index].color = [float(vertex.co.z > LOW[2])] * 4
    material = item.data.materials[0]
    node = material.node_tree.nodes.new("ShaderNodeVertexColor")
    node.layer_name = "colours"
    mixed(material, "ShaderNodeBsdfTransparent", node.outputs["Color"])


def _back_faces_clear(_folder):
    item = thing()
    item.data.flip_normals()
    material = item.data.materials[0]
    node = material.node_tree.nodes.new("ShaderNodeNewGeometry")
    mixed(material, "ShaderNodeBsdfTransparent", node.outputs["Backfacing"])


def _behind_what_camera_rays_pass(_folder):
    thing()
    material = glowing("dark", 0.0)
    wall_before_the_camera().data.materials.append(material)
    node = material.node_tree.nodes.new("ShaderNodeLightPath")
    mixed(material, "ShaderNodeBsdfTransparent", node.outputs["Is Camera Ray"])


def _behind_a_portal(_folder):
    thing()
    material = glowing("dark", 0.0)
    wall_before_the_camera().data.materials.append(material)
    mixed(material, "ShaderNodeBsdfRayPortal").inputs[0].default_value = 1.0


def _instanced(name="collection"):
    """The thing shows a collection whose objects are in the scene, too; returns its layer collection."""
    collection = new_collection(name)
    del thing(collection=collection)["wardsynth_category"]
    item = empty("instance", (-0.5, 0.0, 0.1))
    item.instance_type, item.instance_collection, item["wardsynth_category"] = "COLLECTION", collection, "thing"
    return bpy.context.view_layer.layer_collection.children[name]


def _instance_of_what_is_excluded(_folder):
    _instanced().exclude = True


def _instance_of_what_is_held_out(_folder):
    _instanced().holdout = True


def _read_by_nodes(transform_space):
    collection = new_collection("collection")
    inside = thing(collection=collection)
    inside.parent = empty("outside", (0.0, 0.0, 0.1))
    del inside["wardsynth_category"]
    bpy.context.view_layer.layer_collection.children["collection"].exclude = True
    item = link(bpy.data.objects.new("reader", bpy.data.meshes.new("reader")))
    item["wardsynth_category"], item.location.x = "thing", -0.5
    group, _, end = node_group(item)
    info = group.nodes.new("GeometryNodeCollectionInfo")
    info.inputs["Collection"].default_value, info.transform_space = collection, transform_space
    group.links.new(info.outputs[0], end.inputs[0])


def _collection_read_by_nodes(_folder):
    _read_by_nodes("ORIGINAL")


def _collection_read_where_it_is(_folder):
    """The instances are in the scene, not in an object of their own."""
    _read_by_nodes("RELATIVE")


def _cut_by_a_collection(_folder):
    cutters = new_collection("cutters")
    box("cutter", (-1.0, -1.0, 0.3), (1.1, 1.1, 3.0), cutters)
    bpy.context.view_layer.layer_collection.children["cutters"].exclude = True
    modifier = thing().modifiers.new("cut", "BOOLEAN")
    modifier.operand_type, modifier.collection = "COLLECTION", cutters


def _falling(_folder):
    item, scene = thing(), bpy.context.scene
    item.location.z = 1.0
    bpy.context.view_layer.objects.active = item
    bpy.ops.rigidbody.world_add()
    bpy.ops.rigidbody.object_add()
    cache = scene.rigidbody_world.point_cache
    cache.frame_end = 8
    with bpy.context.temp_override(point_cache=cache):
        bpy.ops.ptcache.bake(bake=True)
    scene.frame_set(8)


def _particles_on_their_way(_folder):
    prototype = box("prototype", (-0.1, -0.1, -0.1), (0.1, 0.1, 0.1))
    prototype.data.materials.append(glowing())
    prototype.hide_render = True
    item = thing()
    item.modifiers.new("particles", "PARTICLE_SYSTEM")
    system = item.particle_systems[0]
    settings = system.settings
    settings.render_type, settings.instance_object, settings.particle_size = "OBJECT", prototype, 1.0
    settings.count, settings.frame_end, system.point_cache.frame_end = 40, 1, 10
    with bpy.context.temp_override(point_cache=system.point_cache, object=item, active_object=item):
        bpy.ops.ptcache.bake(bake=True)
    bpy.context.scene.frame_set(10)


def _clear_by_its_index(_folder):
    item = thing()
    tree = item.data.materials[0].node_tree
    info, above = tree.nodes.new("ShaderNodeObjectInfo"), tree.nodes.new("ShaderNodeMath")
    above.operation, above.inputs[1].default_value = "GREATER_THAN", 2.0
    tree.links.new(info.outputs["Object Index"], above.inputs[0])
    mixed(item.data.materials[0], "ShaderNodeBsdfTransparent", above.outputs[0])
    other = link(item.copy())
    item.pass_index, other.location.x = 3, -0.6


def _beside_what_has_no_surface(_folder):
    thing()
    masked = box("masked")
    masked.vertex_groups.new(name="nothing")
    masked.modifiers.new("mask", "MASK").vertex_group = "nothing"
    for item in (masked, link(bpy.data.objects.new("nothing", bpy.data.meshes.new("nothing")))):
        item["wardsynth_category"] = "thing"


ROOMS = {
    "plain": _plain_thing, "displaced": _displaced, "displaced in centimetres": _displaced_in_centimetres,
    "displaced with hair": _displaced_with_hair, "warped": _warped, "waved": _waved, "waved text": _waved_text,
    "weighted": _weighted, "cloth": _cloth, "moved to an object": _moved_to_an_object,
    "moved as it was": _moved_as_it_was, "scattered by place": _scattered_by_place,
    "geometry instanced beside a mesh": _geometry_instanced_beside_a_mesh, "on the camera": _on_the_camera,
    "half held out": _half_held_out, "mostly held out": _mostly_held_out, "partly held out": _partly_held_out,
    "held out before a solid": _held_out_before_a_solid, "a slot held out": _a_slot_held_out,
    "holdout added": _holdout_added, "vertex colours": _vertex_colours, "back faces clear": _back_faces_clear,
    "instance of what is excluded": _instance_of_what_is_excluded,
    "instance of what is held out": _instance_of_what_is_held_out,
    "collection read by nodes": _collection_read_by_nodes, "collection read where it is": _collection_read_where_it_is,
    "cut by a collection": _cut_by_a_collection, "falling": _falling,
    "particles on their way": _particles_on_their_way, "clear by its index": _clear_by_its_index,
    "beside what has no surface": _beside_what_has_no_surface,
    "behind what camera rays pass": _behind_what_camera_rays_pass, "behind a portal": _behind_a_portal,
}  # fmt: skip


def rendered_mask(folder):
    """(H, W) bool: where the render of the open file shows light."""
    scene = bpy.context.scene
    for item in scene.objects:
        if hasattr(item.data, "materials") and not any(slot.material for slot in item.material_slots):
            item.data.materials.append(glowing("dark", 0.0))
    scene.render.engine, scene.cycles.device, scene.camera = "CYCLES", "CPU", scene.objects["eye"]
    scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.max_bounces = _SAMPLES, False, 0
    scene.cycles.use_adaptive_sampling = False
    scene.cycles.transparent_max_bounces, scene.cycles.pixel_filter_type, scene.cycles.filter_width = 64, "BOX", 0.01
    scene.render.resolution_percentage = 100
    scene.render.image_settings.file_format, scene.render.filepath = "OPEN_EXR", f"{folder}/mask.exr"
    bpy.ops.render.render(write_still=True)
    return read_linear(Path(folder) / "mask.exr")[..., 0] > 0.5


def labelled_mask(file):
    """(H, W) bool: where the record of the room's image shows the thing, and its instances."""
    config = draw_settings.resolve(
        pairs=[f"room.own={file}", 'people.count={"0": 1}', f"render.size=[{_SIDE},{_SIDE}]"]
    )
    built = build_scene(sample(config, 0, 0))
    cycles.prepare(built.scene, config, 0)
    instances = label(built, config).frame.instances
    remove_scene(built.scene)
    mask = np.zeros((_SIDE, _SIDE), bool)
    for instance in instances:
        if instance.category == "thing":
            mask |= masks.decode(instance.mask)
    return mask


def compared(name):
    """[pixels of the thing that the render shows, those that are labelled, those in which they differ]."""
    empty_room()
    box("more floor", (2.0, -2.0, -0.1), (6.0, 2.0, 0.0))
    with tempfile.TemporaryDirectory() as folder:
        ROOMS[name](folder)
        truth = rendered_mask(folder)
        bpy.ops.wm.save_as_mainfile(filepath=f"{folder}/room.blend")
        write_markers(bpy.context.scene, Path(folder) / "room.blend")
        bpy.ops.wm.read_factory_settings(use_empty=True)
        found = labelled_mask(f"{folder}/room.blend")
        return [int(truth.sum()), int(found.sum()), int((truth ^ found).sum())]
