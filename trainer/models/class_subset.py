"""A detector with fewer classes or another input size; the detections of the remaining classes do not change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Optional, Union

import keras

from ..errors import TrainerError
from ..network.build import build_network
from ..network.darknet_detector import with_constants
from ..network.spec import ModelSpec
from ..runtimes import Narrowed, Runtime
from .files import LoadedModel
from .transfer import shared_classes, transfer


def shared_names(spec: ModelSpec, known: Sequence[str]) -> tuple[str, ...]:
    """The classes of ``spec`` among the ``known`` ones, by their names there, in the order of the spec.

    Raises:
        TrainerError: there is none.
    """
    shared = shared_classes(spec.classes, known)
    if not shared:
        raise TrainerError(
            f"no class of {spec.model} ({', '.join(spec.classes[:5])}, ...) is one of {', '.join(known)}"
        )
    return tuple(known[place] for place in sorted(shared, key=lambda place: shared[place]))


def narrowed(network: Union[keras.Model, Runtime], spec: ModelSpec, known: Sequence[str]) -> LoadedModel:
    """The detector with only those of its classes that are ``known``, by their names there: same boxes, same scores.

    Raises:
        TrainerError: none of its classes is known.
    """
    classes = shared_names(spec, known)
    if classes == spec.classes:
        return LoadedModel(network, spec)
    places = sorted(shared_classes(spec.classes, known).values())
    ids = tuple(spec.category_ids[place] for place in places)
    if isinstance(network, Runtime):
        return LoadedModel(Narrowed(network, places), replace(spec, classes=classes, category_ids=ids))
    smaller = with_constants(spec, classes=classes, category_ids=ids)
    kept = build_network(smaller)
    transfer(network, spec, kept, smaller, spec.model)
    return LoadedModel(kept, smaller)


def resized(network: Union[keras.Model, Runtime], spec: ModelSpec, size: Optional[int]) -> LoadedModel:
    """The detector with an input of ``size`` x ``size`` pixels, unchanged for None. Anchors keep their size in pixels.

    Raises:
        TrainerError: the strides do not divide ``size``, or the detector is an exported file.
    """
    if size is None or size == spec.size:
        return LoadedModel(network, spec)
    if isinstance(network, Runtime):
        raise TrainerError(
            f"--size {size}: this exported file needs {spec.size} pixels; export the model again at another size"
        )
    step = round(spec.head.stride)
    if size < step or size % step:
        raise TrainerError(f"--size {size}; expected a multiple of {step}, the stride of {spec.model}")
    other = with_constants(spec, size=size)
    built = build_network(other)
    built.set_weights(network.get_weights())
    return LoadedModel(built, other)
