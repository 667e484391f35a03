"""Which classes a ``ClassChoice`` means in given labels: found by a look at all objects before they are relabelled."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from shared_format.errors import FormatError

from ..errors import TrainerError, unknown_key
from ..progress import note
from .class_choice import IGNORE, ClassChoice
from .class_rules import ClassRules, ClassSource, relabelled, value_of
from .label_set import LabelledImage, LabelSet

MOST_CLASSES = 100  # an attribute with more different values, such as a number, needs a map
_LISTED = 12  # values in a message


@dataclass(frozen=True)
class Survey:
    """What the objects of some data are.

    Attributes:
        paths: where they were read from, for messages.
        declared: the categories that the data declares, with or without objects.
        objects: category -> how many objects.
        values: (category, attribute) -> the values as text -> how many objects.
        vocabularies: attribute -> its values in the order of ``dataset.json``.
    """

    paths: str
    declared: tuple[str, ...]
    objects: Counter[str]
    values: Mapping[ClassSource, Counter[str]]
    vocabularies: Mapping[str, Sequence[str]]

    def attributes_of(self, categories: Iterable[str]) -> list[str]:
        """The attributes that objects of the categories have."""
        wanted = set(categories)
        return list(dict.fromkeys(source.attribute for source in self.values if source.category in wanted))


def survey(sets: Sequence[LabelSet]) -> Survey:
    """Read all images once; unreadable ones are skipped here and reported where the labels are used."""
    objects: Counter[str] = Counter()
    values: dict[ClassSource, Counter[str]] = defaultdict(Counter)
    vocabularies: dict[str, Sequence[str]] = {}
    for labels in sets:
        for name, listed in labels.info.attributes.items():
            if isinstance(listed, list):
                vocabularies.setdefault(name, [str(one) for one in cast("list[object]", listed)])
        for labelled in _readable(labels.images):
            for instance in labelled.frame.instances:
                objects[instance.category] += 1
                for name in {**instance.attributes, **labelled.frame.attributes}:  # those of the object first
                    text = value_of(instance, labelled.frame, name)
                    if text is not None:
                        values[ClassSource(instance.category, name)][text] += 1
    declared = dict.fromkeys(name for labels in sets for name in labels.category_names)
    paths = " + ".join(dict.fromkeys(str(labels.path) for labels in sets))
    return Survey(
        paths, (*declared, *(name for name in objects if name not in declared)), objects, values, vocabularies
    )


def _readable(images: Sequence[LabelledImage]) -> Iterator[LabelledImage]:
    for index in range(len(images)):
        try:
            yield images[index]
        except FormatError:
            continue


def choose(choice: ClassChoice, sets: Sequence[LabelSet]) -> ClassRules:
    """The classes that ``choice`` means in these data together: the same for all of them.

    Without a map the classes are the values that occur, in the order of the data's vocabulary and then by name;
    with one they are its groups.

    Raises:
        TrainerError: an attribute, class or category that the data does not have, or a choice of two meanings.
    """
    seen = survey(sets)
    sources = _sources(choice, seen)
    groups = choice.class_map.groups if choice.class_map is not None else ()
    derived = _derived(choice, sources, seen)
    kept = [name for name in seen.declared if all(name != source.category for source in sources)]
    clash = next((name for name in derived if name in kept), None)
    if clash is not None:
        raise TrainerError(
            f"{seen.paths}: {clash!r} is a class of {_joined(sources)} and a category too; rename it by --class-map"
        )
    rules = ClassRules(derived, derived, sources, groups, choice.unmapped)
    return replace(rules, classes=_selected(choice, rules, kept, seen)) if choice.names else rules


def _sources(choice: ClassChoice, seen: Survey) -> tuple[ClassSource, ...]:
    """Which categories are classified by which attribute. Raises TrainerError."""
    found: dict[str, str] = {}
    for name in choice.names:
        if ":" in name and name not in seen.declared:
            category, _, attribute = name.rpartition(":")
            if category not in seen.declared:
                raise TrainerError(
                    f"{seen.paths}: --classes {name}: {unknown_key('category', category, seen.declared)}"
                )
            _check_attribute(attribute, (category,), seen)
            if found.setdefault(category, attribute) != attribute or choice.attribute not in (None, attribute):
                other = found[category] if found[category] != attribute else choice.attribute
                raise TrainerError(f"--classes {name}: {category} is classified by {other} too; choose one attribute")
    if choice.attribute is not None:
        _check_attribute(choice.attribute, seen.declared, seen)
        having = [name for name in seen.declared if ClassSource(name, choice.attribute) in seen.values]
        named = [name for name in having if name in choice.names]
        if len(having) > 1 and not named and not found:
            hint = f"--classes {having[0]}:{choice.attribute}"
            raise TrainerError(
                f"{seen.paths}: {choice.attribute} is an attribute of {', '.join(having)}; name one, such as {hint}"
            )
        found |= dict.fromkeys(named or (() if found else having), choice.attribute)
    return tuple(ClassSource(*item) for item in found.items())


def _check_attribute(attribute: str, categories: Sequence[str], seen: Survey, hint: str = "") -> None:
    """Raise TrainerError, with ``hint`` at its end, unless an object of the categories has the attribute."""
    if not any(ClassSource(name, attribute) in seen.values for name in categories):
        known = seen.attributes_of(categories)
        of = f" of {categories[0]}" if len(categories) == 1 else ""
        reason = unknown_key(f"attribute{of}", attribute, known) if known else f"no object{of} has attributes"
        raise TrainerError(f"{seen.paths}: {attribute!r} cannot choose the classes: {reason}{hint}")


def _derived(choice: ClassChoice, sources: Sequence[ClassSource], seen: Survey) -> tuple[str, ...]:
    """The classes that the attributes give, in their order. Raises TrainerError."""
    present = sum((seen.values[source] for source in sources), Counter[str]())
    if choice.class_map is not None:
        groups = choice.class_map.groups
        if sources and not any(group.holds(value) for group in groups for value in present):
            raise TrainerError(
                f"--class-map {choice.class_map.source}: names no value of {_joined(sources)} in {seen.paths}; "
                f"the values are {_listed(present)}"
            )
        return tuple(group.name for group in groups) if sources else ()
    ordered = [value for source in sources for value in seen.vocabularies.get(source.attribute, ())]
    classes = tuple(dict.fromkeys(value for value in (*ordered, *sorted(present)) if value in present))
    if len(classes) > MOST_CLASSES:
        raise TrainerError(
            f"{seen.paths}: {_joined(sources)} has {len(classes)} different values, such as {_listed(classes[:3])}; "
            "group them by --class-map"
        )
    return classes


def _selected(choice: ClassChoice, rules: ClassRules, kept: Sequence[str], seen: Survey) -> tuple[str, ...]:
    """The classes that the items of --classes mean, each once. Raises TrainerError: one means none."""
    chosen: dict[str, None] = {}
    for name in choice.names:
        category = name if name in seen.declared else name.rpartition(":")[0]
        attribute = rules.attribute_of(category)
        if name in rules.derived or name in kept:
            chosen[name] = None
        elif attribute is not None:
            of_it = seen.values[ClassSource(category, attribute)]
            chosen |= dict.fromkeys(one for one in rules.derived if rules.groups or one in of_it)
        else:
            raise TrainerError(f"{seen.paths}: --classes: {unknown_key('class', name, [*rules.derived, *kept])}")
    return tuple(chosen)


def apply_rules(labels: LabelSet, rules: ClassRules, part: slice, data: str) -> LabelSet:
    """``relabelled``, after reading the images of ``part``; objects of no class are reported on standard error.

    Args:
        data: DATA as the user names it, for messages.

    Raises:
        TrainerError: there are objects to classify, and none has the attribute.
    """
    if not rules.sources:
        return labels
    seen = survey([labels.part(part)])
    for source in rules.sources:
        present = seen.values.get(source, Counter[str]())
        if seen.objects[source.category] and not present:
            _check_attribute(source.attribute, (source.category,), seen, "; --class-by or --class-map names another")
        out = Counter({value: count for value, count in present.items() if rules.class_of(value) is None})
        without = seen.objects[source.category] - present.total()
        if out or without:
            fate = "are ignored" if rules.unmapped == IGNORE else "count as background"
            reasons = [f"{source.attribute} {_listed(out)}"] if out else []
            reasons += [f"{without} without {source.attribute}"] if without else []
            note(
                f"{data}: {out.total() + without} of {seen.objects[source.category]} objects of category "
                f"{source.category} are in no class and {fate}: {', '.join(reasons)}"
            )
    return relabelled(labels, rules)


def _joined(sources: Sequence[ClassSource]) -> str:
    return " and ".join(f"{attribute} of {category}" for category, attribute in sources)


def _listed(values: Iterable[str]) -> str:
    """Values for a message, with how often they occur where they are counted; not all of very many."""
    rows = [f"{name} ({count})" for name, count in values.most_common()] if isinstance(values, Counter) else [*values]
    more = len(rows) - _LISTED
    return ", ".join(rows[:_LISTED]) + (f" and {more} more" if more > 0 else "")
