"""Rules by which objects get their classes, applied to labels: afterwards classes are plain categories.

``relabelled`` gives the same images with the classes as the categories of their objects; attributes stay. An
attribute of the whole image stands for its objects where they have none of that name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Optional, Union, cast, overload

from shared_format.record import Frame, Instance

from ..errors import TrainerError
from .class_choice import (
    IGNORE,
    UNMAPPED,
    ClassGroup,
    JsonObject,
    attribute_text,
    class_map_from_json,
    groups_to_json,
)
from .label_set import KeepSplits, LabelledImage, LabelSet, StoredLabels, numbered_categories


class ClassSource(NamedTuple):
    """A category whose objects are classified by an attribute."""

    category: str
    attribute: str


@dataclass(frozen=True)
class ClassRules:
    """How each object of some data gets its class.

    Attributes:
        classes: the classes chosen, in the order of their labels: of ``derived``, or categories as the data has them.
        derived: all classes that the attributes give, in their order.
        sources: the categories that are replaced by ``derived`` classes; all others stay as they are.
        groups: the groups of values that are classes; empty: each value of ``derived`` is a class.
        unmapped: what becomes of an object of ``sources`` that is in no class: of ``class_choice.UNMAPPED``.
    """

    classes: tuple[str, ...]
    derived: tuple[str, ...] = ()
    sources: tuple[ClassSource, ...] = ()
    groups: tuple[ClassGroup, ...] = ()
    unmapped: str = IGNORE

    @property
    def ignored_in(self) -> tuple[str, ...]:
        """The classes in which an object that is in none of them is ignored."""
        return tuple(name for name in self.derived if name in self.classes)

    def attribute_of(self, category: str) -> Optional[str]:
        """The attribute that classifies the objects of a category, or None where they keep their category."""
        return next((source.attribute for source in self.sources if source.category == category), None)

    def class_for(self, instance: Instance, frame: Frame) -> Optional[str]:
        """The class of an object of the image ``frame``, or None: it is in no class."""
        attribute = self.attribute_of(instance.category)
        return instance.category if attribute is None else self.class_of(value_of(instance, frame, attribute))

    def class_of(self, value: Optional[str]) -> Optional[str]:
        """The class of an attribute's value, or None: it is in no class."""
        if value is None:
            return None
        if not self.groups:
            return value if value in self.derived else None
        return next((group.name for group in self.groups if group.holds(value)), None)

    def agrees_with(self, other: ClassRules) -> bool:
        """Whether both give every value the same class: by the same attributes and groups.

        Without groups each value is its own class; then it does not matter which values the data of each had.
        """
        same_attributes = {source.attribute for source in self.sources} == {one.attribute for one in other.sources}
        return same_attributes and self.groups == other.groups

    def to_json(self) -> JsonObject:
        """A JSON-able dict, which ``rules_from_json`` reads."""
        return {
            "classes": list(self.classes),
            "derived": list(self.derived),
            "sources": {source.category: source.attribute for source in self.sources},
            "groups": groups_to_json(self.groups),
            "unmapped": self.unmapped,
        }

    @property
    def ways(self) -> str:
        """What the classes are by: ``posture of person``; empty where they are categories."""
        return " and ".join(f"{attribute} of {category}" for category, attribute in self.sources)

    def __str__(self) -> str:
        """One line: ``lying, fallen (by posture of person)``."""
        return f"{', '.join(self.classes)}{f' (by {self.ways})' if self.ways else ''}"


def rules_from_json(value: object, where: str) -> ClassRules:
    """The inverse of ``ClassRules.to_json``. Raises TrainerError naming ``where``."""
    try:
        table = cast(JsonObject, value)
        rules = ClassRules(
            classes=tuple(map(str, table["classes"])),
            derived=tuple(map(str, table["derived"])),
            sources=tuple(ClassSource(str(name), str(attribute)) for name, attribute in table["sources"].items()),
            groups=class_map_from_json(table["groups"], where).groups if table["groups"] else (),
            unmapped=str(table["unmapped"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise TrainerError(f"{where}: how its classes are chosen cannot be read: {error!r}") from error
    if rules.unmapped not in UNMAPPED:
        raise TrainerError(f"{where}: unmapped is {rules.unmapped!r}; expected {' or '.join(UNMAPPED)}")
    return rules


def relabelled(labels: LabelSet, rules: ClassRules) -> LabelSet:
    """The same images with the classes as the categories of their objects; images stored on disk stay there.

    The derived classes have the ids 1, 2, ...; categories that stay follow them in their order.
    """
    if not rules.sources:
        return labels
    kept = [name for name in labels.category_names if rules.attribute_of(name) is None and name not in rules.derived]
    info = replace(labels.info, categories=tuple(numbered_categories((*rules.derived, *kept))))
    ids = {name: number for name, number in labels.source_category_ids.items() if name in kept}
    if isinstance(labels.images, StoredLabels):
        images: Union[StoredLabels, tuple[LabelledImage, ...]] = RelabelledImages(labels.images, rules)
    else:
        images = tuple(_relabelled(image, rules) for image in labels.images)
    return replace(labels, info=info, images=images, source_category_ids=ids)


def of_classes(labels: LabelSet, classes: Sequence[str]) -> LabelSet:
    """The same images, of which only ``classes`` are declared as categories, with the ids they have."""
    kept = tuple(category for category in labels.info.categories if category.name in classes)
    return replace(labels, info=replace(labels.info, categories=kept))


@dataclass(frozen=True)
class RelabelledImages(StoredLabels):
    """Images on the disk whose objects get their classes when they are read."""

    stored: StoredLabels
    rules: ClassRules

    def __len__(self) -> int:
        return len(self.stored)

    @overload
    def __getitem__(self, index: int, /) -> LabelledImage: ...

    @overload
    def __getitem__(self, index: slice, /) -> RelabelledImages: ...

    def __getitem__(self, index: Union[int, slice], /) -> Union[RelabelledImages, LabelledImage]:
        """A slice as another ``RelabelledImages``; a single image, strictly: FormatError if it is unusable."""
        if isinstance(index, slice):
            return RelabelledImages(self.stored[index], self.rules)
        return _relabelled(self.stored[index], self.rules)

    def __iter__(self) -> Iterator[LabelledImage]:
        return (_relabelled(image, self.rules) for image in self.stored)

    def of_splits(self, keep: KeepSplits) -> RelabelledImages:
        """Those whose splits ``keep`` accepts; one that cannot be read stays, so that it is reported once."""
        return RelabelledImages(self.stored.of_splits(keep), self.rules)


def _relabelled(image: LabelledImage, rules: ClassRules) -> LabelledImage:
    instances: list[Instance] = []
    unmapped: list[Instance] = []
    for instance in image.frame.instances:
        name = rules.class_for(instance, image.frame)
        if name is not None:
            instances.append(replace(instance, category=name))
        elif rules.unmapped == IGNORE:
            unmapped.append(instance)
    free = max((instance.id for instance in image.frame.instances), default=0) + 1
    for instance in unmapped:
        instances += _ignored(instance, rules.ignored_in, free)
        free += len(rules.ignored_in)
    return replace(image, frame=replace(image.frame, instances=tuple(instances)))


def _ignored(instance: Instance, classes: Sequence[str], free: int) -> Iterator[Instance]:
    """An object that counts neither way in any of the ``classes``: each has a region of its own to ignore, as in COCO.

    The first keeps all that is known of the object, so that nothing is stated twice; the others are its boxes, under
    the ids from ``free`` on.
    """
    yield from (replace(instance, category=name, ignore=True) for name in classes[:1])
    if instance.mask is not None and instance.bbox_visible is None and instance.bbox_covered is None:
        return  # the mask is empty, and so no box is asked of the first
    for number, name in enumerate(classes[1:], start=free):
        yield Instance(
            id=number,
            category=name,
            attributes=instance.attributes,
            bbox_visible=instance.bbox_visible,
            bbox_covered=instance.bbox_covered,
            bbox_amodal=instance.bbox_amodal,
            bbox_amodal_unclipped=instance.bbox_amodal_unclipped,
            ignore=True,
            area=instance.area,
        )


def value_of(instance: Instance, frame: Frame, attribute: str) -> Optional[str]:
    """The value of an object's attribute, else of the image's; None where neither is known."""
    own = attribute_text(instance.attributes.get(attribute))
    return own or attribute_text(frame.attributes.get(attribute)) or None
