"""Curves, texts, metaballs and instances of custom content as mesh objects, which labels can be computed from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple, Optional

import bpy
from bpy.types import Depsgraph, DepsgraphObjectInstance, Mesh, Modifier, Node, Object, Scene
from mathutils import Matrix

from ..see_through import nodes_of
from .render_state import CATEGORY, CONVERTIBLE, SURFACES

INSIDE = "wardsynth_inside"  # custom property of new objects: the labelled thing inside a collection that they show
_RAY_VISIBILITY = (
    "visible_camera", "visible_diffuse", "visible_glossy", "visible_transmission", "visible_volume_scatter",
    "visible_shadow",
)  # fmt: skip
_COMPOSITING = ("is_holdout", "is_shadow_catcher")
# Instances of one labelled object; more than this are a scatter system, too many to become objects.
_MOST_INSTANCES = 5_000
_INSTANCING_PARTICLES = ("OBJECT", "COLLECTION")


_WEIGHTING = ("VERTEX_WEIGHT_EDIT", "VERTEX_WEIGHT_MIX", "VERTEX_WEIGHT_PROXIMITY")
_MAPPING = ("texture_coords", "texture_coords_object")  # of displace, warp and wave
_MAPPING_OF_MASKS = ("mask_tex_mapping", "mask_tex_map_object")
_SIMULATED = ("CLOTH", "SOFT_BODY")  # their caches hold places in the world


class _Instance(NamedTuple):
    """A mesh in a place of the room (4x4), the object that is instanced there, and the labelled thing it belongs to."""

    mesh: Mesh
    original: Object
    place: Matrix
    inside: Optional[str]


def to_meshes(scene: Scene, items: Sequence[Object], labelled: Collection[Object]) -> list[Object]:
    """Turn rendered curves, texts, metaballs and instances into mesh objects; returns the new objects.

    A new object is a child of the one that it replaces. Instances are those of collections, and all that ``labelled``
    objects and their children make or are the prototype of. ``items`` must be linked into ``scene``.
    """
    layer = scene.view_layers[0]
    layer.update()
    instancers = _instancers(items, set(labelled), layer.depsgraph)
    new = _instances_as_meshes(scene, layer.depsgraph, instancers)
    for item in items:
        if item.type in CONVERTIBLE and not item.hide_render:
            mesh = _mesh_of(item.evaluated_get(layer.depsgraph), layer.depsgraph)
            if mesh is not None:
                new.append(_child(scene, item, _Instance(mesh, item, item.matrix_world.copy(), None)))
    for item in items:
        if item.type in CONVERTIBLE:
            item.hide_render = item.hide_viewport = True
    for item in instancers:
        if item.instance_type != "NONE":
            item.instance_type = "NONE"
    layer.update()
    return new


def settle_geometry(scene: Scene, items: Iterable[Object]) -> list[Object]:
    """Let rendered ``items`` keep the geometry that their modifiers give them where they are, before they are moved.

    Textures in global coordinates are attached to their objects; what else depends on the place becomes a mesh. Hair
    keeps modifiers below it that change the number of faces. ``items`` must be linked into ``scene`` and shown as
    rendered; returns the new objects.
    """
    rendered = [item for item in items if not item.hide_render]
    new = [anchor for item in rendered for anchor in _anchor_textures(scene, item)]
    dependent = [item for item in rendered if _depends_on_place(item)]
    if not dependent:
        return new
    new += to_meshes(scene, dependent, dependent)
    depsgraph = scene.view_layers[0].depsgraph
    meshes = {
        item: _mesh_of(item.evaluated_get(depsgraph), depsgraph)
        for item in dependent
        if item.type == "MESH" and not item.hide_render and item.modifiers
    }
    for item, mesh in meshes.items():
        if mesh is not None and (not item.particle_systems or len(mesh.polygons) == len(item.data.polygons)):
            for modifier in [modifier for modifier in item.modifiers if modifier.type != "PARTICLE_SYSTEM"]:
                item.modifiers.remove(modifier)
            item.data = mesh
    scene.view_layers[0].update()
    return new


def _anchor_textures(scene: Scene, item: Object) -> Iterator[Object]:
    """Let global coordinates of the textures of modifiers be those of a new empty, a child of ``item``."""
    anchor = None
    for modifier in item.modifiers:
        mapping, target = _MAPPING_OF_MASKS if modifier.type in _WEIGHTING else _MAPPING
        if getattr(modifier, mapping, None) == "GLOBAL":
            if anchor is None:
                scene.view_layers[0].update()
                anchor = bpy.data.objects.new(f"world of {item.name}", None)
                scene.collection.objects.link(anchor)
                anchor.parent = item
                anchor.matrix_parent_inverse = item.matrix_world.inverted_safe()
                yield anchor
            setattr(modifier, mapping, "OBJECT")
            setattr(modifier, target, anchor)


def _depends_on_place(item: Object) -> bool:
    """Whether a modifier of an object reads where the object, or another, is in the world, as moving particles do."""
    systems = [system.settings for system in getattr(item, "particle_systems", ())]
    if any(settings.type == "EMITTER" and settings.render_type in _INSTANCING_PARTICLES for settings in systems):
        return True
    return any(modifier.show_render and _reads_the_world(modifier) for modifier in item.modifiers)


def _reads_the_world(modifier: Modifier) -> bool:
    if modifier.type == "NODES":
        tree = modifier.node_group
        return tree is not None and any(_reads_transform(node) for node in nodes_of(tree))
    return modifier.type in _SIMULATED or (modifier.type == "DISPLACE" and modifier.space == "GLOBAL")


def _reads_transform(node: Node) -> bool:
    """Whether a geometry node gives the transform of an object, not relative to the object that it works on."""
    if node.type != "OBJECT_INFO" or node.transform_space != "ORIGINAL":
        return False
    return any(output.is_linked for output in node.outputs if output.type != "GEOMETRY")


def _instancers(items: Iterable[Object], labelled: set[Object], depsgraph: Depsgraph) -> list[Object]:
    """The rendered ``items`` whose instances become objects."""
    instances = (instance for instance in depsgraph.object_instances if instance.is_instance and instance.parent)
    pairs = ((instance.parent.original, instance.object.original) for instance in instances)
    of_labelled = {parent for parent, item in pairs if item in labelled and item != parent}  # a curve shows itself so
    rendered = (item for item in items if not item.hide_render)
    return [item for item in rendered if item in of_labelled or _makes_instances(item, item in labelled)]


def _makes_instances(item: Object, is_labelled: bool) -> bool:
    if item.instance_type == "COLLECTION":
        return item.instance_collection is not None
    particles = (system.settings.render_type for system in getattr(item, "particle_systems", ()))
    return is_labelled and (
        item.instance_type != "NONE"
        or any(modifier.type == "NODES" for modifier in item.modifiers)
        or any(kind in _INSTANCING_PARTICLES for kind in particles)
    )


def _instances_as_meshes(scene: Scene, depsgraph: Depsgraph, instancers: Sequence[Object]) -> list[Object]:
    """Mesh objects in the places of everything that ``instancers`` instance."""
    found = _instances_of(set(instancers), depsgraph)
    new = []
    for parent, instances in found.items():
        if parent.instance_type == "NONE" and len(instances) > _MOST_INSTANCES:
            continue
        if parent.instance_type == "NONE":
            _instance_no_longer(parent, depsgraph)
        if parent.instance_type in ("VERTS", "FACES"):
            for child in parent.children:  # the prototypes, which are visible only as instances
                child.hide_render = child.hide_viewport = True
        new += [_child(scene, parent, instance) for instance in instances if instance.mesh is not None]
        if not parent.show_instancer_for_render:
            parent.hide_render = parent.hide_viewport = True
    return new


def _instances_of(parents: set[Object], depsgraph: Depsgraph) -> dict[Object, list[_Instance]]:
    meshes: dict[Object, Optional[Mesh]] = {}
    found: dict[Object, list[_Instance]] = {}
    for instance in depsgraph.object_instances:
        parent = instance.parent.original if instance.is_instance and instance.parent else None
        if parent is not None and parent in parents and instance.object.type in SURFACES and instance.show_self:
            original = instance.object.original
            key = (original, instance.object.data)
            if key not in meshes:
                # Geometry nodes can instance geometry that is not that of an object.
                is_object = instance.object.data == original.evaluated_get(depsgraph).data
                meshes[key] = _mesh_of(instance.object, depsgraph, all_layers=is_object)
            inside = _thing_inside(original, instance) if parent.instance_type == "COLLECTION" else None
            found.setdefault(parent, []).append(_Instance(meshes[key], original, instance.matrix_world.copy(), inside))
    return found


def _thing_inside(original: Object, instance: DepsgraphObjectInstance) -> Optional[str]:
    """The identity of a labelled object inside an instanced collection: its category, name and instance."""
    while original is not None and CATEGORY not in original:
        original = original.parent
    if original is None:
        return None
    return f"{original[CATEGORY]}\n{original.name}\n{tuple(instance.persistent_id)[1:]}"


def things_inside(new: Iterable[Object], instancer: Object, category: str) -> Iterator[list[Object]]:
    """The objects of each thing of ``category`` inside the collection of ``instancer``, of what became ``new``."""
    things: dict[str, list[Object]] = {}
    for item in new:
        inside = item.get(INSIDE, "")
        if item.parent == instancer and inside.partition("\n")[0] == category:
            things.setdefault(inside, []).append(item)
    yield from things.values()


def _instance_no_longer(item: Object, depsgraph: Depsgraph) -> None:
    """Replace geometry nodes by the mesh they make beside instances, and let particles instance nothing."""
    if any(modifier.type == "NODES" for modifier in item.modifiers):
        mesh = bpy.data.meshes.new_from_object(item.evaluated_get(depsgraph), depsgraph=depsgraph)
        item.modifiers.clear()
        item.data = mesh
    for system in item.particle_systems:
        if system.settings.render_type in _INSTANCING_PARTICLES:
            system.settings = system.settings.copy()
            system.settings.render_type = "NONE"


def _mesh_of(evaluated: Object, depsgraph: Depsgraph, all_layers: bool = True) -> Optional[Mesh]:
    """A mesh of an evaluated object with its materials; None if it has no faces, like all metaballs but the first.

    ``all_layers`` evaluates the modifiers of the object again, to keep data that neither viewport nor render needs.
    """
    try:
        mesh = bpy.data.meshes.new_from_object(evaluated, preserve_all_data_layers=all_layers, depsgraph=depsgraph)
    except RuntimeError:
        return None
    if mesh is not None and not mesh.polygons:
        bpy.data.meshes.remove(mesh)
        return None
    if mesh is not None:
        for number, slot in enumerate(evaluated.material_slots):
            if slot.material is not None and number < len(mesh.materials):
                mesh.materials[number] = slot.material.original
    return mesh


def _child(scene: Scene, parent: Object, instance: _Instance) -> Object:
    """The object of an instance, a child of ``parent``, visible to the rays to which both it and its parent are."""
    like = instance.original
    item = bpy.data.objects.new(like.name, instance.mesh)
    for name in _RAY_VISIBILITY:
        setattr(item, name, getattr(like, name) and getattr(parent, name))
    for name in _COMPOSITING:
        setattr(item, name, getattr(like, name) or getattr(parent, name))
    if instance.inside is not None:
        item[INSIDE] = instance.inside
    scene.collection.objects.link(item)
    item.parent = parent
    item.matrix_parent_inverse = parent.matrix_world.inverted_safe()
    item.matrix_basis = instance.place
    return item
