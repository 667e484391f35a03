"""Groups of images that must stay together: of one scene always, on request of one character, camera or source.

A key is looked up in the attributes that the data states of an image (``scene``, ``video`` ...), then in the
record, then, where a pattern says how, in the file's name.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Optional

from shared_format.record import Camera, Frame

from ..errors import TrainerError
from ..formats.label_set import LabelledImage

Key = tuple[str, Hashable]  # the kind of a group, and its value

SCENE, CHARACTER, CAMERA, SOURCE = BY = ("scene", "character", "camera", "source")
# Their names in data of other programs.
_STATED = {
    SCENE: ("scene", "video", "sequence", "clip"),
    CHARACTER: ("character", "subject"),
    CAMERA: ("camera",),
    SOURCE: (SOURCE,),
}
_DECIMALS = 4  # decimals of a camera's pose that are compared: 0.1 mm


def name_pattern(text: Optional[str], by: Sequence[str]) -> Optional[re.Pattern[str]]:
    """The regular expression of ``--file-names``. Raises TrainerError: invalid, or without a requested group."""
    if text is None:
        return None
    try:
        pattern = re.compile(text)
    except re.error as error:
        raise TrainerError(f"--file-names {text!r}: not a regular expression: {error}") from error
    if not {SCENE, *by} & set(pattern.groupindex):
        raise TrainerError(
            f"--file-names {text!r}: has no named group {' or '.join(BY)}; expected one such as (?P<scene>.+)_[0-9]+"
        )
    return pattern


def image_keys(labelled: LabelledImage, by: Sequence[str], pattern: Optional[re.Pattern[str]], source: str) -> set[Key]:
    """The groups that an image belongs to: two images with a key in common must not be separated.

    Args:
        by: of ``BY``, or the names of further attributes of images.
        pattern: of ``name_pattern``, searched in the file's name.
        source: the dataset's name, where the image names none.
    """
    match = pattern.search(labelled.image.name) if pattern is not None else None
    named = match.groupdict() if match is not None else {}
    frame = labelled.frame
    keys = {(SCENE, scene_of(frame, named, source))}
    for kind in by:
        keys |= {(kind, value) for value in _values(frame, kind, named, source)}
    return keys


def scene_of(frame: Frame, named: Mapping[str, Optional[str]], source: str) -> Hashable:
    """The scene an image shows: as stated, or the record's, which numbers the scenes of a source and seed."""
    for value in (*_stated(frame, SCENE), named.get(SCENE)):
        if value is not None:
            return frame.attributes.get(SOURCE, source), value
    return frame.attributes.get(SOURCE, source), frame.seed, frame.scene_index


def _values(frame: Frame, kind: str, named: Mapping[str, Optional[str]], source: str) -> Iterable[Hashable]:
    if kind == SCENE:
        return ()
    stated = [*_stated(frame, kind), *([named[kind]] if named.get(kind) is not None else [])]
    if kind == SOURCE:
        return stated or [source]
    if kind == CHARACTER:
        return [*stated, *_characters(frame)]
    if kind == CAMERA and not stated and frame.camera is not None:
        return [_pose(frame.camera)]
    return stated


def _stated(frame: Frame, kind: str) -> list[Hashable]:
    names = _STATED.get(kind, (kind,))
    return [frame.attributes[name] for name in names if name in frame.attributes]


def _characters(frame: Frame) -> list[Hashable]:
    """The custom characters, which may recur in other scenes; generated people never do."""
    people = frame.spec.get("people", ()) if isinstance(frame.spec, dict) else ()
    models = [person["model"]["file"] for person in people if isinstance(person, dict) and person.get("model")]
    stated = [instance.attributes[CHARACTER] for instance in frame.instances if CHARACTER in instance.attributes]
    return [*models, *stated]


def _pose(camera: Camera) -> Hashable:
    """The camera itself: its model, pose and intrinsics."""
    intrinsics = tuple(sorted((name, round(value, _DECIMALS)) for name, value in camera.intrinsics.items()))
    pose = tuple(round(value, _DECIMALS) for row in camera.extrinsics for value in row)
    return camera.model, intrinsics, pose


def components(keys: Sequence[set[Key]]) -> list[list[int]]:
    """The groups of images that share keys, directly or through others: lists of indices, in order.

    ``keys[i]`` are those of image i. A disjoint-set forest with path halving (Tarjan and van Leeuwen, 1984).
    """
    parent = list(range(len(keys)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    first: dict[Key, int] = {}
    for index, mine in enumerate(keys):
        for key in mine:
            one, other = root(first.setdefault(key, index)), root(index)
            parent[max(one, other)] = min(one, other)
    groups: dict[int, list[int]] = {}
    for index in range(len(keys)):
        groups.setdefault(root(index), []).append(index)
    return list(groups.values())
