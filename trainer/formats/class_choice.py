"""How a user chooses classes: categories of the data, or the values of an attribute, grouped and renamed by a map.

This is what the options --classes, --class-by, --class-map and --unmapped say, before any data is read;
``class_rules`` applies it to labels.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Optional, cast

from ..errors import TrainerError, unknown_key

JsonObject = dict[str, Any]  # parsed JSON: its values are checked one by one
LEAVE_OUT, IGNORE = UNMAPPED = ("leave-out", "ignore")
SHIPPED_MAPS = Path(__file__).parents[1] / "class_maps"
_EXPECTED = 'expected JSON such as {"lying": ["supine", "lateral-*"], "fallen": ["fallen*"]}'


def attribute_text(value: object) -> Optional[str]:
    """The value of an attribute as text; None where it is not known or no plain value. True and False are yes and no.

    So the same answer is the same text, whether a program writes it as JSON's boolean or as WardSynth does.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, (str, int, float)) else None


@dataclass(frozen=True)
class ClassGroup:
    """One class of a map: its name, and the values, or patterns of values (``lateral-*``), that belong to it."""

    name: str
    patterns: tuple[str, ...]

    def holds(self, value: str) -> bool:
        """Whether a value belongs to this class; upper and lower case differ."""
        return any(value == pattern or fnmatchcase(value, pattern) for pattern in self.patterns)


@dataclass(frozen=True)
class ClassMap:
    """Groups of values; a value belongs to the first group that holds it.

    Attributes:
        attribute: the attribute that the map is for, where it says so.
        source: the file, for messages.
    """

    groups: tuple[ClassGroup, ...]
    attribute: Optional[str] = None
    source: str = "the class map"


@dataclass(frozen=True)
class ClassChoice:
    """The classes that a user chooses.

    Attributes:
        names: the items of --classes: a category, a class of the attribute, or ``CATEGORY:ATTRIBUTE`` for all
            classes of an attribute; empty: all classes of ``attribute``.
        attribute: the attribute whose values are the classes, or None.
        class_map: groups and renames the values; None: each value is a class.
        unmapped: what becomes of an object whose value is in no class: of ``UNMAPPED``.
    """

    names: tuple[str, ...] = ()
    attribute: Optional[str] = None
    class_map: Optional[ClassMap] = None
    unmapped: str = IGNORE

    @property
    def needs_attributes(self) -> bool:
        """Whether it may concern attributes; otherwise ``names`` are categories, as the data has them."""
        return self.attribute is not None or any(":" in name for name in self.names)


def make_choice(
    names: Sequence[str], attribute: Optional[str], class_map: Optional[str], unmapped: Optional[str]
) -> Optional[ClassChoice]:
    """The choice that the options say, or None where they name plain categories.

    Args:
        attribute, class_map, unmapped: --class-by, --class-map and --unmapped, or None where they are not given.

    Raises:
        TrainerError: a map that cannot be used, or one of the options without the others that it needs.
    """
    given = None if class_map is None else read_class_map(class_map)
    if attribute is not None and not attribute.strip():
        raise TrainerError(f"--class-by {attribute!r}: expected the name of an attribute, such as posture")
    choice = ClassChoice(tuple(names), attribute, given, unmapped or IGNORE)
    if choice.needs_attributes:
        return choice
    if given is not None and given.attribute is not None:
        return ClassChoice(tuple(names), given.attribute, given, choice.unmapped)
    if given is not None:
        raise TrainerError(f"--class-map {class_map}: does not say of which attribute; add --class-by ATTRIBUTE")
    if unmapped is not None:
        raise TrainerError(f"--unmapped {unmapped}: has a meaning only with --class-by or --class-map")
    return None


def shipped_maps() -> tuple[str, ...]:
    """The names of the maps that come with the program."""
    return tuple(sorted(path.stem for path in SHIPPED_MAPS.glob("*.json")))


def read_class_map(name: str) -> ClassMap:
    """The map in the file ``name``, or the shipped one of that name. Raises TrainerError."""
    path = Path(name)
    if not path.is_file():
        if name not in shipped_maps():
            hint = unknown_key("class map", name, shipped_maps())
            raise TrainerError(f"--class-map {name}: no such file, and {hint}")
        path = SHIPPED_MAPS / f"{name}.json"
    try:
        value: object = json.loads(path.read_bytes(), object_pairs_hook=_unique_keys)
    except (OSError, ValueError, RecursionError) as error:
        raise TrainerError(f"--class-map {path}: cannot be read as JSON: {error}; {_EXPECTED}") from error
    return class_map_from_json(value, str(path))


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:  # of parsed JSON
    """The pairs of an object as a dict. Raises ValueError: a key is repeated, and JSON's readers keep only its last."""
    names = [name for name, _ in pairs]
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        raise ValueError(f"{repeated!r} is named twice")
    return dict(pairs)


def class_map_from_json(value: object, source: str) -> ClassMap:
    """``{CLASS: [VALUE, ...]}``, or ``{"attribute": NAME, "classes": {CLASS: [VALUE, ...]}}``, as a ``ClassMap``.

    Raises:
        TrainerError: naming ``source`` and what is wrong.
    """
    attribute, classes = None, _as_object(value)
    if classes is not None and set(classes) == {"attribute", "classes"}:
        inner = _as_object(classes["classes"])
        if isinstance(classes["attribute"], str) and inner is not None:
            attribute, classes = classes["attribute"], inner
    if not classes:
        raise TrainerError(f"--class-map {source}: holds {_short(value)}; {_EXPECTED}")
    groups = tuple(_group(name, values, source) for name, values in classes.items())
    owner: dict[str, str] = {}
    for group in groups:
        for pattern in group.patterns:
            if owner.setdefault(pattern, group.name) != group.name:
                first = owner[pattern]
                raise TrainerError(
                    f"--class-map {source}: {pattern!r} is in {first!r} and in {group.name!r}; give it one class"
                )
    return ClassMap(groups, attribute, source)


def _as_object(value: object) -> Optional[JsonObject]:
    """A JSON object as a dict, None where it is something else."""
    return cast(JsonObject, value) if isinstance(value, dict) else None


def groups_to_json(groups: Sequence[ClassGroup]) -> JsonObject:
    """``{CLASS: [VALUE, ...]}``, which ``class_map_from_json`` reads."""
    return {group.name: list(group.patterns) for group in groups}


def _group(name: str, values: Any, source: str) -> ClassGroup:
    listed = cast("list[object]", values) if isinstance(values, list) else [values]
    patterns = [attribute_text(one) for one in listed]
    if not name.strip() or not patterns or not all(patterns):
        raise TrainerError(f"--class-map {source}: {name!r} has {_short(values)}; {_EXPECTED}")
    return ClassGroup(name, tuple(pattern for pattern in patterns if pattern))


def _short(value: Any) -> str:
    return f"{value!r:.60}"
