"""`trainer split`: DATA as several sides, such as train and val, that share no scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional, TypedDict

import numpy as np

from shared_format import atomic
from shared_format.record import Frame

from ..errors import TrainerError
from ..formats.label_set import SPLIT, LabelSet
from ..progress import Progress, note
from .duplicate_files import contents
from .label_style import label_style
from .leakage_groups import BY, CHARACTER, SCENE, Key, components, image_keys, name_pattern
from .request import DatasetRequest
from .writing import NewDataset, WrittenCounts, incoming, kept_classes, new_folder, remarks, write_images, written_kind

SCHEMA_VERSION = 1
MANIFEST = "split.json"


class SideResult(WrittenCounts):
    """One side of a split, as JSON."""

    folder: str
    asked: int
    groups: int
    ids: list[int]


class SplitResult(TypedDict):
    """What ``split`` wrote, as JSON."""

    schema_version: int
    out: str
    data: str
    by: list[str]
    seed: int
    format: str
    groups: int
    left_out: int
    sides: dict[str, SideResult]


_CONTENT = "content"  # images that are byte by byte the same belong together
DEFAULT_NAMES = {2: ("train", "val"), 3: ("train", "val", "test")}


@dataclass(frozen=True)
class Division:
    """How the images of a dataset are divided among the sides of a split.

    Attributes:
        by: what stays together beside scenes: of ``groups.BY``, or attributes of images.
        parts: the sizes of the sides: their ratio, or with ``counted`` their numbers of images.
        counted: ``parts`` are numbers of images; the rest is left out.
        names: of the sides; empty: train and val, or train, val and test.
        seed: random seed of the order in which groups are assigned.
        file_names: a regular expression whose named groups say the scene, character ... of a file.
    """

    by: tuple[str, ...] = (SCENE,)
    parts: tuple[float, ...] = (80.0, 20.0)
    counted: bool = False
    names: tuple[str, ...] = ()
    seed: int = 0
    file_names: Optional[str] = None


def split(data: str, division: Division, request: DatasetRequest) -> SplitResult:
    """Split DATA and return what was written; every image also gets the attribute ``split``.

    Returns:
        ``out``, ``by``, ``seed``, ``groups`` in all, ``left_out`` images, ``sides``: for each name its folder, how
        many ``images`` were ``asked`` for and written, ``boxes``, ``groups`` and the images' numbers, ``ids``.

    Raises:
        TrainerError: impossible sides, too few groups for them, or a folder that cannot be written.
        FormatError: labels that cannot be used.
    """
    names = side_names(division)
    labels = request.read(data)
    classes = kept_classes(labels, request.classes)
    keys = _all_keys(labels, data, division)
    groups = components(keys)
    wanted = _requested(division, data, len(keys))
    sizes = [len(group) for group in groups]
    sides = deal(sizes, wanted, division.seed)
    _refuse_empty(names, sides, sizes, data, division.by)
    side_of = {index: side for group, side in zip(groups, sides) for index in group}
    kind = request.kind or written_kind(labels.kind)
    style = label_style([labels], kind, request.labels)
    result: SplitResult = {
        "schema_version": SCHEMA_VERSION,
        "out": str(request.out),
        "data": data,
        "by": list(division.by),
        "seed": division.seed,
        "format": kind,
        "groups": len(groups),
        "left_out": sum(side == len(names) for side in side_of.values()),
        "sides": {},
    }
    with new_folder(request.out) as folder, Progress(len(side_of), "splitting", "images") as progress:
        for side, name in enumerate(names):
            rows = (one for index, one in enumerate(incoming(labels, style)) if side_of[index] == side)
            images = (replace(one, frame=_of_side(one.frame, name)) for one in rows)
            new = NewDataset(folder / name, kind, labels.info, classes, labels.box_policy(request.boxes), style)
            result["sides"][name] = {
                "folder": str(request.out / name),
                "asked": wanted[side],
                **write_images(new, images, progress.advance),
                "groups": sides.count(side),
                "ids": [],
            }
        for index, labelled in enumerate(labels.images):
            if side_of[index] < len(names):
                result["sides"][names[side_of[index]]]["ids"].append(labelled.frame.index)
        request.refuse_missing_labels(data, *result["sides"].values())
        atomic.write_json(folder / MANIFEST, result)
    return result


def summary(result: SplitResult) -> str:
    """One line per side, for people."""
    lines = []
    for name, side in result["sides"].items():
        asked = "" if side["asked"] == side["pictures"] else f" (requested {side['asked']})"
        lines.append(
            f"{side['folder']}: {side['pictures']} images{asked}, {side['boxes']} boxes{remarks(side)}, {name}"
        )
    rest = f"; {result['left_out']} images left out" if result["left_out"] else ""
    lines.append(
        f"{result['groups']} groups that share no {' and no '.join(dict.fromkeys([SCENE, *result['by']]))}{rest}"
    )
    return "\n".join(lines)


def side_names(division: Division) -> tuple[str, ...]:
    """The names of the sides. Raises TrainerError: impossible parts or names."""
    names = division.names or DEFAULT_NAMES.get(len(division.parts), ())
    if len(division.parts) < 2:
        raise TrainerError("expected two or more splits, such as --ratio 80,20 or --counts 400,100")
    if len(names) != len(division.parts):
        raise TrainerError(f"--names has {len(names)} names for {len(division.parts)} splits; give one name per split")
    if len(set(names)) < len(names) or not all(name and Path(name).name == name and name != ".." for name in names):
        raise TrainerError(f"--names {','.join(names)}: expected different folder names")
    if min(division.parts) <= 0:
        raise TrainerError(
            f"--ratio and --counts: expected numbers above 0, received {', '.join(map(str, division.parts))}"
        )
    return names


def deal(sizes: Sequence[int], wanted: Sequence[int], seed: int) -> list[int]:
    """Decide which side each group goes to; the side after the last holds what is left out.

    Groups come in a random order, large ones before small, each to the side that is furthest below its
    requested number and still has room; one too large for every side goes to the one with most room. So sides of single
    images get exactly their numbers, and no side gets only small groups.

    Args:
        sizes: images of each group. wanted: images that each side should have; the rest is left out.
    """
    rest = sum(sizes) - sum(wanted)
    wanted = [*wanted, rest] if rest > 0 else list(wanted)
    room = list(wanted)
    sides = [0] * len(sizes)
    order = np.random.default_rng(seed).permutation(len(sizes))
    for group in sorted(order, key=lambda index: -sizes[index]):
        fitting = [side for side, left in enumerate(room) if left >= sizes[group]]
        # Sides are filled in proportion to their requested numbers; of equal sides, max chooses the first.
        side = max(fitting, key=lambda one: room[one] / wanted[one]) if fitting else room.index(max(room))
        sides[group] = side
        room[side] -= sizes[group]
    return sides


def _requested(division: Division, data: str, images: int) -> list[int]:
    """Images per side: the counts, or the ratio's fractions by largest remainder."""
    if division.counted:
        wanted = [int(count) for count in division.parts]
        if sum(wanted) > images:
            raise TrainerError(f"--counts {','.join(map(str, wanted))}: {data} has only {images} images")
        return wanted
    exact = np.array(division.parts) / sum(division.parts) * images
    wanted = np.floor(exact).astype(int)
    for side in np.argsort(wanted - exact, kind="stable")[: images - wanted.sum()]:
        wanted[side] += 1
    return wanted.tolist()


def _all_keys(labels: LabelSet, data: str, division: Division) -> list[set[Key]]:
    """The keys of every image. Raises TrainerError: no image states a requested key."""
    pattern = name_pattern(division.file_names, division.by)
    source = labels.info.name
    keys = [image_keys(labelled, division.by, pattern, source) for labelled in labels.images]
    for mine, content in zip(keys, contents([labelled.image for labelled in labels.images])):
        if content is not None:
            mine.add((_CONTENT, content))
    stated = {kind for mine in keys for kind, _ in mine}
    for kind in division.by:
        if kind not in stated and not (kind == CHARACTER and labels.info.config):
            raise TrainerError(
                f"{data}: no image states its {kind}; it must be an attribute of the images"
                + (", or in their names (--file-names)" if kind in BY else "")
            )
    scenes = [key for mine in keys for key in mine if key[0] == SCENE]
    if labels.kind != "wardsynth" and len(set(scenes)) == len(scenes):
        note(
            f"{data}: no two images belong to one scene; if they are frames of a video, say so "
            "with --file-names, such as '(?P<scene>.+)_[0-9]+'"
        )
    return keys


def _refuse_empty(
    names: Sequence[str], sides: Sequence[int], sizes: Sequence[int], data: str, by: Sequence[str]
) -> None:
    """Raise TrainerError if one of the ``names`` has no group; ``sides`` and ``sizes`` are those of the groups."""
    for side, name in enumerate(names):
        if side not in sides:
            raise TrainerError(
                f"{data}: no group is left for {name}: its {sum(sizes)} images form {len(sizes)} groups by "
                f"{' and '.join(dict.fromkeys([SCENE, *by]))}, the largest of {max(sizes)} images; split --by less, or "
                "request other fractions"
            )


def _of_side(frame: Frame, name: str) -> Frame:
    return replace(frame, attributes={**frame.attributes, SPLIT: name})
