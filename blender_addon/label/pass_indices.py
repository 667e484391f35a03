"""Pass indices: every object with a surface gets one, and every index belongs to a person or object."""

from __future__ import annotations

from dataclasses import dataclass

from ..construct.scene import PERSON, BuiltInstance, BuiltScene
from ..render.label_maps import HOLE
from ..see_through import OWN_INDEX

BEDDING = "bedding"  # name of covers, and category of covers that are instances themselves
UNKNOWN = "object:nothing"  # no object of the scene: background, instances of other objects
_WITH_SURFACES = ("MESH", "CURVE", "SURFACE", "FONT", "META", "CURVES", "POINTCLOUD")
_BEDDING, _REST = 10_000, 20_000  # pass indices of covers that are no instances, and of unlabelled objects


@dataclass(frozen=True)
class PassIndices:
    """The pass indices of a scene, and the name in ``occluded_by`` of what each belongs to.

    Attributes:
        by_index: pass index -> "person:<id>", "object:<name>" or "bedding".
        by_object: object name -> the same.
        bedding_of: instance id -> the pass indices of its own covers; they may be others' too.
    """

    by_index: dict[int, str]
    by_object: dict[str, str]
    bedding_of: dict[int, tuple[int, ...]]


def assign_pass_indices(built: BuiltScene) -> PassIndices:
    """Set the pass index of every object: the id of its instance, that of a cover, or a number of its own."""
    by_index = {0: UNKNOWN}
    by_object: dict[str, str] = {}
    labelled: dict[str, tuple[int, str]] = {}
    for instance in built.instances:
        labelled.update(dict.fromkeys((item.name for item in instance.objects), (instance.id, occluder_name(instance))))
    for instance in built.instances:
        for item in instance.bedding:
            labelled.setdefault(item.name, (_BEDDING + instance.id, BEDDING))
    bedding_of = {i.id: tuple({labelled[item.name][0] for item in i.bedding}) for i in built.instances}
    depsgraph = built.scene.view_layers[0].depsgraph
    for instance in depsgraph.object_instances:  # instances of objects outside the scene belong to nobody
        if instance.is_instance:
            instance.object.original.pass_index = 0
    for number, item in enumerate(item for item in built.scene.objects if item.type in _WITH_SURFACES):
        if OWN_INDEX not in item:
            item[OWN_INDEX] = item.pass_index
        item.pass_index, owner = labelled.get(item.name, (_REST + number, f"object:{_plain(item.name)}"))
        by_index[item.pass_index] = by_index[item.pass_index + HOLE] = by_object[item.name] = owner
    return PassIndices(by_index, by_object, bedding_of)


def restore_pass_indices(built: BuiltScene) -> None:
    """Give objects back the indices that materials of custom content may read."""
    for item in built.scene.objects:
        item.pass_index = item.get(OWN_INDEX, item.pass_index)


def _plain(name: str) -> str:
    """An object's name without numbers: "line 2 iv-line 0" is a "line iv-line"."""
    words = name.partition(".")[0].split()
    return " ".join(word for word in words if not word.isdigit()) or name


def occluder_name(instance: BuiltInstance) -> str:
    """The name of an instance in the ``occluded_by`` of others."""
    if instance.category == BEDDING:
        return BEDDING
    return f"person:{instance.id}" if instance.category == PERSON else f"object:{instance.category}"
