"""Custom content as a render shows it: only rendered objects, with render settings, all of it as meshes.

Labels are computed from Blender's evaluated geometry, which follows the viewport's settings. So the viewport's settings
of appended objects are made equal to their render settings: visibility, modifiers, subdivision levels, resolutions.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Optional

import bpy
from mathutils import Matrix

from .datablocks import KINDS

CONVERTIBLE = ("CURVE", "SURFACE", "FONT", "META")  # what new_from_object makes a mesh of
SURFACES = ("MESH", *CONVERTIBLE)
_RAY_VISIBILITY = (
    "visible_camera", "visible_diffuse", "visible_glossy", "visible_transmission", "visible_volume_scatter",
    "visible_shadow", "is_holdout", "is_shadow_catcher",
)  # fmt: skip
# Of one labelled object; more are a scatter system, of which each becoming an object is too much.
_MOST_INSTANCES = 5_000


# Of a rendered face, at the least: the mesh in Blender, its copy in Cycles and the ray structure over it.
_BYTES_PER_FACE = 300


def find_memory_problem(items: Iterable[Any], rendered: set[Any]) -> Optional[str]:
    """One line saying that the rendered ``items`` have more faces than this machine's memory holds, or None.

    Counted are subdivision and array modifiers, before anything is evaluated; None where the system does not tell its
    memory.
    """
    faces = {item.name: _face_count(item) for item in items if item in rendered and item.type == "MESH"}
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else None
    needed = sum(faces.values()) * _BYTES_PER_FACE
    if machine is None or needed <= machine:
        return None
    largest = max(faces, key=lambda name: faces[name])
    return (
        f"needs about {needed / 1e9:.0f} GB of memory in a render, this machine has {machine / 1e9:.0f} GB; lower the "
        f"render levels of {largest!r}, which becomes {faces[largest]:,} faces"
    )


def _face_count(item: Any) -> int:
    """Faces of a mesh object after its rendered subdivision and array modifiers."""
    faces = len(item.data.polygons)
    for modifier in item.modifiers:
        if modifier.show_render and modifier.type in ("SUBSURF", "MULTIRES"):
            faces *= 4**modifier.render_levels
        elif modifier.show_render and modifier.type == "ARRAY" and modifier.fit_type == "FIXED_COUNT":
            faces *= modifier.count
    return faces


def rendered_objects(scene: Any) -> set[Any]:
    """The objects that a render of ``scene`` includes: their camera icon is on, as are those of their collections."""
    rendered: set[Any] = set()
    for layer in scene.view_layers:
        if layer.use:
            rendered |= {item for item in _in_layer(layer.layer_collection) if not item.hide_render}
    return rendered


def metres_per_unit(scene: Any) -> float:
    """Metres per unit of ``scene``, e.g. 0.01 where it is modelled in centimetres."""
    units = scene.unit_settings
    return 1.0 if units.system == "NONE" else float(f"{units.scale_length:.6g}")


def _in_layer(layer_collection: Any) -> Iterator[Any]:
    """Objects of the collections that are neither excluded nor disabled in renders; a child may be included again."""
    collection = layer_collection.collection
    if collection.hide_render:
        return
    if not layer_collection.exclude:
        yield from collection.objects
    for child in layer_collection.children:
        yield from _in_layer(child)


def keep_collection_flags(scene: Any) -> None:
    """Give objects the holdout and indirect-only flags of their collections, which are left behind."""
    for layer in scene.view_layers:
        pending = [layer.layer_collection] if layer.use else []
        while pending:
            current = pending.pop()
            pending += current.children
            for item in current.collection.objects:
                item.is_holdout = item.is_holdout or current.holdout
                if current.indirect_only:
                    item.visible_camera = False


def show_as_rendered(items: Iterable[Any], rendered: set[Any]) -> None:
    """Make what the viewport evaluates of ``items`` equal to what a render evaluates; others are hidden in both."""
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
        _use_render_resolution(item.data)
        if item.instance_collection is not None:
            inside = set(item.instance_collection.all_objects)
            show_as_rendered(inside, set(_of_collection(item.instance_collection)))


def _of_collection(collection: Any) -> Iterator[Any]:
    """The rendered objects of an instanced collection."""
    if not collection.hide_render:
        yield from (item for item in collection.objects if not item.hide_render)
        for child in collection.children:
            yield from _of_collection(child)


def _use_render_resolution(data: Any) -> None:
    if isinstance(data, bpy.types.MetaBall):
        data.resolution = data.render_resolution
    elif isinstance(data, bpy.types.Curve):
        data.resolution_u = data.render_resolution_u or data.resolution_u
        data.resolution_v = data.render_resolution_v or data.resolution_v


def to_meshes(scene: Any, items: Sequence[Any], labelled: Sequence[Any]) -> list[Any]:
    """Turn rendered curves, texts, metaballs and instances into mesh objects; returns the new objects.

    A new object is a child of the one that it shows. Instances are those of collections, and all of ``labelled``
    objects and of their children. ``items`` must be linked into ``scene``.
    """
    layer = scene.view_layers[0]
    layer.update()
    instancers = [item for item in items if not item.hide_render and _is_instancer(item, labelled)]
    new = _instances_as_meshes(scene, layer.depsgraph, instancers)
    for item in items:
        if item.type in CONVERTIBLE and not item.hide_render:
            mesh = _mesh_of(item.evaluated_get(layer.depsgraph), layer.depsgraph)
            if mesh is not None:
                new.append(_child(scene, item, mesh, item, item.matrix_world))
    for item in items:
        if item.type in CONVERTIBLE:
            item.hide_render = item.hide_viewport = True
    for item in instancers:
        if item.instance_type != "NONE":
            item.instance_type = "NONE"
    layer.update()
    return new


def _is_instancer(item: Any, labelled: Sequence[Any]) -> bool:
    if item.instance_type == "COLLECTION":
        return item.instance_collection is not None
    return item in labelled and (item.instance_type != "NONE" or any(m.type == "NODES" for m in item.modifiers))


def _instances_as_meshes(scene: Any, depsgraph: Any, instancers: Sequence[Any]) -> list[Any]:
    """Mesh objects in the places of everything that ``instancers`` instance."""
    wanted = set(instancers)
    places: dict[Any, list[tuple[Any, Any, Any]]] = {}
    meshes: dict[Any, Optional[Any]] = {}
    for instance in depsgraph.object_instances:
        parent = instance.parent.original if instance.is_instance and instance.parent else None
        if parent in wanted and instance.object.type in SURFACES and instance.show_self:
            key = (instance.object.original, instance.object.data)
            if key not in meshes:
                meshes[key] = _mesh_of(instance.object, depsgraph)
            places.setdefault(parent, []).append((meshes[key], instance.object.original, instance.matrix_world.copy()))
    new = []
    for parent, found in places.items():
        if parent.instance_type == "NONE" and len(found) <= _MOST_INSTANCES:
            _keep_own_mesh(parent, depsgraph)
        elif parent.instance_type == "NONE":
            continue
        if parent.instance_type in ("VERTS", "FACES"):
            for child in parent.children:  # the prototypes, which only their instances show
                child.hide_render = child.hide_viewport = True
        new += [_child(scene, parent, mesh, like, matrix) for mesh, like, matrix in found if mesh is not None]
    return new


def _keep_own_mesh(item: Any, depsgraph: Any) -> None:
    """Replace the geometry nodes of ``item`` by the mesh they make beside the instances."""
    mesh = bpy.data.meshes.new_from_object(item.evaluated_get(depsgraph), depsgraph=depsgraph)
    item.modifiers.clear()
    item.data = mesh


def _mesh_of(evaluated: Any, depsgraph: Any) -> Optional[Any]:
    """A mesh of an evaluated object with its materials; None where it has no faces, as all but the first metaball."""
    try:
        mesh = bpy.data.meshes.new_from_object(evaluated, preserve_all_data_layers=True, depsgraph=depsgraph)
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


def _child(scene: Any, parent: Any, mesh: Any, like: Any, matrix: Matrix) -> Any:
    """An object of ``mesh`` at ``matrix`` in the room, a child of ``parent``, with the ray visibility of ``like``."""
    item = bpy.data.objects.new(like.name, mesh)
    for name in _RAY_VISIBILITY:
        setattr(item, name, getattr(like, name))
    scene.collection.objects.link(item)
    item.parent = parent
    item.matrix_parent_inverse = parent.matrix_world.inverted_safe()
    item.matrix_basis = matrix
    return item


def remove_unused(items: Iterable[Any]) -> None:
    """Remove appended objects outside the scene that no collection, modifier or child in it needs."""
    unused = []
    for item in items:
        item.use_fake_user = False
        if not item.users and not item.children:
            unused.append(item)
    bpy.data.batch_remove(unused)


def localise(items: Sequence[Any], known: Iterable[Any]) -> list[Any]:
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
    for data, made in replaced.items():  # used by other linked data: two until those are local, too
        data.user_remap(made)
    bpy.data.batch_remove(list(replaced))
    bpy.data.batch_remove([library for library in bpy.data.libraries if library not in known and not library.users_id])
    return objects


def _local(data: Any, known: set[Any]) -> Any:
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


def _refer_to(item: Any, copies: dict[Any, Any]) -> None:
    """Let a copied object refer to copies where it refers to what was copied with it."""
    if item.parent in copies:
        inverse = item.matrix_parent_inverse.copy()
        item.parent = copies[item.parent]
        item.matrix_parent_inverse = inverse
    bones = [constraint for bone in item.pose.bones for constraint in bone.constraints] if item.pose else []
    for user in (*item.modifiers, *item.constraints, *bones):
        for name in ("object", "target"):
            if getattr(user, name, None) in copies:
                setattr(user, name, copies[getattr(user, name)])
