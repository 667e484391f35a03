"""Custom content as a render shows it: only rendered objects, with render settings.

Labels are computed from Blender's evaluated geometry, which follows the viewport's settings. So the viewport's settings
of appended objects are made equal to their render settings: visibility, modifiers, subdivision levels, resolutions.
``mesh_conversion`` then makes meshes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Optional, TypeVar

import bpy
from bpy.types import ID, Collection, LayerCollection, Material, Object, Scene
from mathutils import Matrix

from ..memory import machine_memory
from .datablocks import KINDS

CONVERTIBLE = ("CURVE", "SURFACE", "FONT", "META")  # types that new_from_object converts to meshes
SURFACES = ("MESH", *CONVERTIBLE)
STRANDS = ("CURVES", "POINTCLOUD")  # what Cycles renders without faces, such as hair
CATEGORY = "wardsynth_category"  # custom property that labels an object with its children
# Bytes per rendered face, at least: the mesh in Blender, its copy in Cycles and the ray-tracing structure.
_BYTES_PER_FACE = 300

_Datablock = TypeVar("_Datablock", bound=ID)


def find_memory_problem(items: Iterable[Object], rendered: set[Object]) -> Optional[str]:
    """One line saying that the rendered ``items`` have more faces than this machine's memory holds, or None.

    Counted are subdivision and array modifiers, before anything is evaluated; None if the system does not report its
    memory.
    """
    faces = {item.name: _face_count(item) for item in items if item in rendered and item.type == "MESH"}
    machine = machine_memory()
    needed = sum(faces.values()) * _BYTES_PER_FACE
    if machine is None or needed <= machine:
        return None
    largest = max(faces, key=lambda name: faces[name])
    return (
        f"needs about {needed / 1e9:.0f} GB of memory in a render, this machine has {machine / 1e9:.0f} GB; lower the "
        f"render levels of {largest!r}, which becomes {faces[largest]:,} faces"
    )


def _face_count(item: Object) -> int:
    """Faces of a mesh object after its rendered subdivision and array modifiers."""
    faces = len(item.data.polygons)
    for modifier in item.modifiers:
        if modifier.show_render and modifier.type in ("SUBSURF", "MULTIRES"):
            faces *= 4**modifier.render_levels
        elif modifier.show_render and modifier.type == "ARRAY" and modifier.fit_type == "FIXED_COUNT":
            faces *= modifier.count
    return faces


def all_objects(scene: Scene) -> list[Object]:
    """The objects of ``scene`` and of its background set, a scene that is rendered with it."""
    scenes = _with_background_sets(scene)
    return list(dict.fromkeys(item for one in scenes for item in one.collection.all_objects))


def rendered_objects(scene: Scene) -> set[Object]:
    """The objects that a render of ``scene`` includes: their camera icon is on, as are those of their collections."""
    layers = [layer for one in _with_background_sets(scene) for layer in one.view_layers if layer.use]
    return {item for layer in layers for item in _in_layer(layer.layer_collection) if not item.hide_render}


def _with_background_sets(scene: Scene) -> list[Scene]:
    scenes = [scene]
    while scenes[-1].background_set is not None and scenes[-1].background_set not in scenes:
        scenes.append(scenes[-1].background_set)
    return scenes


def is_seen(item: Object) -> bool:
    """Whether the camera sees the surface of a rendered object.

    A holdout or a shadow catcher hides what is behind it, but the image shows no surface there.
    """
    if item.hide_render or not item.visible_camera or item.is_holdout or item.is_shadow_catcher:
        return False
    materials = [slot.material for slot in item.material_slots]
    return not materials or not all(material is not None and _holds_out(material) for material in materials)


def _holds_out(material: Material) -> bool:
    """Whether its surface is nothing but a holdout."""
    nodes = material.node_tree.nodes if material.use_nodes and material.node_tree is not None else ()
    outputs = [node for node in nodes if node.type == "OUTPUT_MATERIAL" and node.is_active_output]
    links = [link for output in outputs for link in output.inputs["Surface"].links]
    return bool(links) and all(link.from_node.type == "HOLDOUT" for link in links)


def adopt_scene(scene: Scene, by: Scene) -> None:
    """Remove an appended ``scene``; drivers that read it read the scene ``by`` from here on.

    ``by`` gets its custom properties and its frame.
    """
    for key, value in scene.items():
        if key not in scene.bl_rna.properties and key not in by:
            by[key] = value
    by.frame_set(scene.frame_current, subframe=scene.frame_subframe)
    background_sets = _with_background_sets(scene)
    for one in background_sets:
        one.user_remap(by)
    for one in background_sets:
        bpy.data.scenes.remove(one)


def metres_per_unit(scene: Scene) -> float:
    """Metres per unit of ``scene``, e.g. 0.01 where it is modelled in centimetres."""
    units = scene.unit_settings
    return 1.0 if units.system == "NONE" else float(f"{units.scale_length:.6g}")


def _in_layer(layer_collection: LayerCollection) -> Iterator[Object]:
    """Objects of the collections that are neither excluded nor disabled in renders; a child may be included again."""
    collection = layer_collection.collection
    if collection.hide_render:
        return
    if not layer_collection.exclude:
        yield from collection.objects
    for child in layer_collection.children:
        yield from _in_layer(child)


class _Flags(NamedTuple):
    """What a view layer decides of the objects of a collection."""

    is_holdout: bool
    is_indirect: bool


def _collection_flags(scenes: Iterable[Scene]) -> dict[Object, _Flags]:
    flags: dict[Object, _Flags] = {}
    for layer in (layer for scene in scenes for layer in scene.view_layers if layer.use):
        pending = [layer.layer_collection]
        while pending:
            current = pending.pop()
            pending += current.children
            for item in current.collection.objects:
                before = flags.get(item, _Flags(is_holdout=False, is_indirect=False))
                flags[item] = _Flags(before.is_holdout or current.holdout, before.is_indirect or current.indirect_only)
    return flags


def take_out(items: Sequence[Object], scenes: Sequence[Scene], linked_before: Iterable[ID]) -> list[Object]:
    """Make the ``items`` of appended ``scenes`` local, and take them out of their collections; returns them, in order.

    They get the holdout and indirect-only flags of their collections, which are left behind. Collections that are
    instanced keep copies of them, as these have other flags, and another place once the items are moved.
    """
    flags = _collection_flags(scenes)
    of_items = [flags.get(item) for item in items]
    local = localise(items, linked_before)
    _separate_instanced(local)
    for item, its_flags in zip(local, of_items):
        if its_flags is not None:
            item.is_holdout = item.is_holdout or its_flags.is_holdout
            item.visible_camera = item.visible_camera and not its_flags.is_indirect
    leave_collections(local)
    return local


def _separate_instanced(items: Sequence[Object]) -> None:
    """Replace ``items`` in instanced collections by copies, which refer to each other as the items do."""
    of_scene = set(items)
    collections = [*_instanced_as_they_are(), *_instanced_relatively()]
    copies = {item: item.copy() for collection in collections for item in collection.objects if item in of_scene}
    for item, copy in copies.items():
        _refer_to(copy, copies)
        if item.parent is not None and item.parent not in copies:
            copy.parent, copy.matrix_basis = None, _place_of(item)
    for collection in collections:
        for item in [item for item in collection.objects if item in copies]:
            collection.objects.link(copies[item])
            collection.objects.unlink(item)


def _place_of(item: Object) -> Matrix:
    """Where an object with parents is, without constraints; it may be in no evaluated scene."""
    if item.parent is None:
        return item.matrix_basis.copy()
    return _place_of(item.parent) @ item.matrix_parent_inverse @ item.matrix_basis


def _instanced_as_they_are() -> list[Collection]:
    """The collections that objects, particles or geometry nodes instance wherever they are, with those inside them."""
    found = [item.instance_collection for item in bpy.data.objects if item.instance_type == "COLLECTION"]
    return _with_children(
        [*found, *(settings.instance_collection for settings in bpy.data.particles), *_read("ORIGINAL")]
    )


def _instanced_relatively() -> list[Collection]:
    return _with_children(_read("RELATIVE"))


def instanced_objects() -> set[Object]:
    """The objects of all collections that are instanced."""
    collections = [*_instanced_as_they_are(), *_instanced_relatively()]
    return {item for collection in collections for item in collection.objects}


def instanced_relatively() -> list[Object]:
    """The objects that geometry nodes instance where they are relative to the nodes' object: they move with it."""
    return list(dict.fromkeys(item for collection in _instanced_relatively() for item in collection.objects))


def _read(transform_space: str) -> Iterator[Collection]:
    """The collections that geometry nodes read in a space."""
    for node in (node for tree in bpy.data.node_groups for node in tree.nodes):
        if node.type == "COLLECTION_INFO" and node.transform_space == transform_space:
            yield node.inputs["Collection"].default_value


def _with_children(collections: Iterable[Collection]) -> list[Collection]:
    tops = [collection for collection in collections if collection is not None and collection.library is None]
    return list(dict.fromkeys(one for top in tops for one in (top, *top.children_recursive)))


def simulated_places(scene: Scene) -> dict[Object, Matrix]:
    """Where the rigid bodies of a ``scene`` are at its frame: the simulation belongs to the scene, not to them."""
    bodies = [item for item in scene.collection.all_objects if item.rigid_body is not None]
    if not bodies or scene.rigidbody_world is None or not scene.rigidbody_world.enabled:
        return {}
    layer = scene.view_layers[0]
    scene.frame_set(scene.frame_current, subframe=scene.frame_subframe)
    layer.update()
    return {item: item.evaluated_get(layer.depsgraph).matrix_world.copy() for item in bodies}


_TRANSFORMS = ("location", "rotation_euler", "rotation_quaternion", "rotation_axis_angle", "scale")


def settle_transforms(scene: Scene, items: Iterable[Object], simulated: Mapping[Object, Matrix]) -> None:
    """Leave the ``items`` of ``scene`` that constraints or drivers place where they are, whatever moves them later.

    Constraints and drivers may refer to the axes of the artist's scene, which the room does not keep. ``simulated``
    items are put where a simulation had them.
    """
    placed = [item for item in items if item.constraints or _has_driven_transform(item) or item in simulated]
    if not placed:
        return
    layer = scene.view_layers[0]
    layer.update()
    matrices = [simulated.get(item) or item.evaluated_get(layer.depsgraph).matrix_world.copy() for item in placed]
    for item in placed:
        item.constraints.clear()
        item.animation_data_clear()
    for item, matrix in zip(placed, matrices):  # in any order: the matrices of their parents stay what they are
        item.matrix_world = matrix


def _has_driven_transform(item: Object) -> bool:
    drivers = item.animation_data.drivers if item.animation_data is not None else ()
    return any(driver.data_path in _TRANSFORMS for driver in drivers)


def show_as_rendered(items: Iterable[Object], rendered: set[Object]) -> None:
    """Make the viewport evaluate ``items`` as a render does; objects that are not rendered are hidden in both."""
    for item in items:
        item.hide_render = item not in rendered
        item.hide_viewport = item.hide_render
        for modifier in item.modifiers:
            modifier.show_viewport = modifier.show_render
            if modifier.type in ("SUBSURF", "MULTIRES"):
                modifier.levels = modifier.render_levels
            elif modifier.type == "SCREW":
                modifier.steps = modifier.render_steps
        for system in item.particle_systems if item.type == "MESH" else ():
            system.settings.display_percentage = 100
        item.show_instancer_for_viewport = item.show_instancer_for_render
        _use_render_resolution(item.data)
        if item.instance_collection is not None:
            inside = set(item.instance_collection.all_objects)
            show_as_rendered(inside, set(_rendered_of(item.instance_collection)))


def rendered_inside(collection: Collection) -> Iterator[Object]:
    """The rendered objects of an instanced collection, and of those that it instances in turn."""
    for item in _rendered_of(collection):
        yield item
        if item.instance_type == "COLLECTION" and item.instance_collection is not None:
            yield from rendered_inside(item.instance_collection)


def _rendered_of(collection: Collection) -> Iterator[Object]:
    if not collection.hide_render:
        yield from (item for item in collection.objects if not item.hide_render)
        for child in collection.children:
            yield from _rendered_of(child)


def _use_render_resolution(data: ID) -> None:
    if isinstance(data, bpy.types.MetaBall):
        data.resolution = data.render_resolution
    elif isinstance(data, bpy.types.Curve):
        data.resolution_u = data.render_resolution_u or data.resolution_u
        data.resolution_v = data.render_resolution_v or data.resolution_v


def remove_unused(items: Iterable[Object]) -> None:
    """Remove appended objects outside the scene that nothing needs: no collection, modifier, particles or child."""
    items = list(items)
    for item in items:
        item.use_fake_user = False
    users = bpy.data.user_map(subset=items)  # ``item.users`` does not count modifiers and particles
    bpy.data.batch_remove([item for item in items if not users.get(item) and not item.children])


def remove_or_hide(items: Sequence[Object]) -> list[Object]:
    """Remove ``items`` but those that other objects refer to, as parents or in modifiers; returns these, hidden."""
    users = bpy.data.user_map(subset=items)
    kinds = (bpy.types.Object, bpy.types.NodeTree)
    used = [item for item in items if any(isinstance(user, kinds) and user != item for user in users.get(item, ()))]
    for item in used:
        item.hide_render = item.hide_viewport = True
    bpy.data.batch_remove([item for item in items if item not in used])
    return used


def leave_collections(items: Sequence[Object]) -> None:
    """Unlink ``items`` from all collections but those that modifiers use.

    Overridden collections stay as they are: Blender 3.4 does not let them change.
    """
    collections = {collection for item in items for collection in item.users_collection}
    users = bpy.data.user_map(subset=collections)
    kinds = (bpy.types.Object, bpy.types.NodeTree)
    left = {one for one in collections if not any(isinstance(user, kinds) for user in users.get(one, ()))}
    for item in items:
        for collection in item.users_collection:
            if collection in left and collection.override_library is None:
                collection.objects.unlink(item)


def localise(items: Sequence[Object], known: Iterable[ID]) -> list[Object]:
    """Make linked and overridden ``items`` and all data they use local; returns the local objects, in order.

    What the file had linked before (``known``) stays as it is: its objects get local copies.
    """
    known = set(known)
    local = {item: _local(item, known) for item in items}
    shared = {item: copy for item, copy in local.items() if item in known}
    for copy in shared.values():
        _refer_to(copy, shared)
    for kind in KINDS:
        for data in [data for data in getattr(bpy.data, kind) if data not in known and data not in local]:
            local[data] = _local(data, known)
    objects = [local[item] for item in items]
    replaced = {data: made for data, made in local.items() if made != data and data not in known}
    for data, made in replaced.items():  # used by other linked data: there are two copies until those are local, too
        data.user_remap(made)
    bpy.data.batch_remove(list(replaced))
    bpy.data.batch_remove([library for library in bpy.data.libraries if library not in known and not library.users_id])
    return objects


def _local(data: _Datablock, known: set[ID]) -> _Datablock:
    """``data`` itself where it is local; else what it became, or a copy of an object that was linked before."""
    if data.library is None and data.override_library is None:
        return data
    if data not in known:
        return data.make_local()
    copy = data.copy()
    if copy.data is not None:
        copy.data = copy.data.copy()
        for number, material in enumerate(getattr(copy.data, "materials", ())):
            copy.data.materials[number] = material.copy() if material else None
    return copy


def _refer_to(item: Object, copies: Mapping[Object, Object]) -> None:
    """Let a copied object refer to the copies of objects that were copied with it."""
    if item.parent in copies:
        inverse = item.matrix_parent_inverse.copy()
        item.parent = copies[item.parent]
        item.matrix_parent_inverse = inverse
    bones = [constraint for bone in item.pose.bones for constraint in bone.constraints] if item.pose else []
    for user in (*item.modifiers, *item.constraints, *bones):
        for name in ("object", "target"):
            if getattr(user, name, None) in copies:
                setattr(user, name, copies[getattr(user, name)])
