"""Bone names of other rigs, as bones of our skeleton: MakeHuman and MPFB (default), Mixamo, Unreal's mannequin.

MPFB's "game engine" rig has Unreal's names; so has our own skeleton.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_SIDES = {"l": ("Left", ".L"), "r": ("Right", ".R")}
_FINGERS = ("thumb", "index", "middle", "ring", "pinky")

# The bones that a rig must have to take postures.
_LIMBS = ("thigh", "calf", "foot", "upperarm", "lowerarm", "hand")
ESSENTIAL = ("pelvis", "head", *(f"{bone}_{side}" for bone in _LIMBS for side in _SIDES))


def our_bones(names: Sequence[str]) -> dict[str, str]:
    """The bones of our skeleton by the names of a rig's bones; {} if no known rig has these names."""
    tables = (_as_unreal(names), _as_mixamo(names), _as_makehuman(names))
    whole = [table for table in tables if set(ESSENTIAL) <= set(table.values())]
    return max(whole, key=len) if whole else {}


def _as_unreal(names: Sequence[str]) -> dict[str, str]:
    plain = {name: name.lower() for name in names}
    if "spine_05" in plain.values():  # the mannequin of Unreal Engine 5 has five
        spine = {"spine_01": "spine_01", "spine_03": "spine_02", "spine_05": "spine_03"}
        plain = {name: spine.get(bone, "" if bone.startswith("spine_") else bone) for name, bone in plain.items()}
    return {name: bone for name, bone in plain.items() if bone in _OURS}


def _as_mixamo(names: Sequence[str]) -> dict[str, str]:
    plain = {name: re.sub(r"^mixamorig\d*[:_]", "", name) for name in names}
    return {name: _MIXAMO[bone] for name, bone in plain.items() if bone in _MIXAMO}


def _as_makehuman(names: Sequence[str]) -> dict[str, str]:
    return {name: _MAKEHUMAN[name] for name in names if name in _MAKEHUMAN}


def _mixamo() -> dict[str, str]:
    bones = {"Hips": "pelvis", "Spine": "spine_01", "Spine1": "spine_02", "Spine2": "spine_03", "Neck": "neck_01"}
    bones["Head"] = "head"
    limbs = {
        "Shoulder": "clavicle", "Arm": "upperarm", "ForeArm": "lowerarm", "Hand": "hand", "UpLeg": "thigh",
        "Leg": "calf", "Foot": "foot", "ToeBase": "ball",
    }  # fmt: skip
    for side, (word, _) in _SIDES.items():
        bones.update({f"{word}{theirs}": f"{ours}_{side}" for theirs, ours in limbs.items()})
        for finger in _FINGERS:
            bones.update({f"{word}Hand{finger.title()}{n}": f"{finger}_0{n}_{side}" for n in (1, 2, 3)})
    return bones


def _makehuman() -> dict[str, str]:
    bones = {"root": "pelvis", "spine04": "spine_01", "spine03": "spine_02", "spine01": "spine_03"}
    bones.update({"neck01": "neck_01", "head": "head"})
    limbs = {
        "clavicle": "clavicle", "upperarm01": "upperarm", "lowerarm01": "lowerarm", "wrist": "hand",
        "upperleg01": "thigh", "lowerleg01": "calf", "foot": "foot",
    }  # fmt: skip
    for side, (_, end) in _SIDES.items():
        bones.update({f"{theirs}{end}": f"{ours}_{side}" for theirs, ours in limbs.items()})
        for number, finger in enumerate(_FINGERS, start=1):
            bones.update({f"finger{number}-{n}{end}": f"{finger}_0{n}_{side}" for n in (1, 2, 3)})
    return bones


_MIXAMO, _MAKEHUMAN = _mixamo(), _makehuman()
_OURS = {*_MIXAMO.values()}
