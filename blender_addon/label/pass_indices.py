"""Whose each pixel is: every mesh object gets a pass index, every pass index an owner."""

from __future__ import annotations

from dataclasses import dataclass

from ..construct.scene import PERSON, BuiltInstance, BuiltScene

BEDDING = "bedding"  # what covers are called, and the category of those that are instances themselves
UNKNOWN = "object:nothing"  # what is no mesh object of the scene: emptiness, curves, instances
_BEDDING, _REST = 10_000, 20_000  # pass indices of covers that are no instances, and of what is nobody's


@dataclass(frozen=True)
class PassIndices:
    """The pass index of every mesh object, and what ``occluded_by`` calls its owner.

    Attributes:
        by_index: pass index -> "person:<id>", "object:<name>" or "bedding".
        by_object: object name -> the same.
        bedding_of: instance id -> the pass indices of its own covers; they may be others' too.
    """

    by_index: dict
    by_object: dict
    bedding_of: dict


def assign_pass_indices(built: BuiltScene) -> PassIndices:
    """Give the mesh objects of the scene their pass indices: an instance's id, its covers', or one of its own."""
    by_index: dict = {0: UNKNOWN}
    by_object: dict = {}
    taken: dict = {}
    for instance in built.instances:
        taken.update(dict.fromkeys((item.name for item in instance.objects), (instance.id, occluder_name(instance))))
    for instance in built.instances:
        for item in instance.bedding:
            taken.setdefault(item.name, (_BEDDING + instance.id, BEDDING))
    bedding_of = {i.id: tuple({taken[item.name][0] for item in i.bedding}) for i in built.instances}
    for number, item in enumerate(item for item in built.scene.objects if item.type == "MESH"):
        item.pass_index, owner = taken.get(item.name, (_REST + number, f"object:{_plain(item.name)}"))
        by_index[item.pass_index] = by_object[item.name] = owner
    return PassIndices(by_index, by_object, bedding_of)


def _plain(name: str) -> str:
    """What a thing is, without the numbers that tell it from others: "line 2 iv-line 0" is a "line iv-line"."""
    words = name.partition(".")[0].split()
    return " ".join(word for word in words if not word.isdigit()) or name


def occluder_name(instance: BuiltInstance) -> str:
    """What other instances' records call this one."""
    if instance.category == BEDDING:
        return BEDDING
    return f"person:{instance.id}" if instance.category == PERSON else f"object:{instance.category}"
