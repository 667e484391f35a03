"""A detector with fewer classes or another input: what it finds of the rest stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Optional

import keras

from ..errors import TrainerError
from ..network.build import build_network
from ..network.darknet_detector import with_constants
from ..network.spec import DetectorSpec
from ..runtimes import Narrowed, Runtime
from .transfer import shared_classes, transfer


def shared_names(spec: DetectorSpec, known: Sequence[str]) -> tuple:
    """The classes of ``spec`` that are ``known``, by the names there, in the order of the spec.

    Raises:
        TrainerError: none is known.
    """
    shared = shared_classes(spec.classes, known)
    if not shared:
        raise TrainerError(
            f"no class of {spec.model} ({', '.join(spec.classes[:5])}, ...) is one of {', '.join(known)}"
        )
    return tuple(known[place] for place in sorted(shared, key=shared.get))


def narrowed(network: keras.Model | Runtime, spec: DetectorSpec, known: Sequence[str]) -> tuple:
    """The detector with only those of its classes that are ``known``, by the names there: same boxes, same scores.

    Returns the network and its spec; the same two where nothing is to be left out.

    Raises:
        TrainerError: none of its classes is known.
    """
    classes = shared_names(spec, known)
    if classes == spec.classes:
        return network, spec
    places = sorted(shared_classes(spec.classes, known).values())
    ids = tuple(spec.category_ids[place] for place in places)
    if isinstance(network, Runtime):
        return Narrowed(network, places), replace(spec, classes=classes, category_ids=ids)
    smaller = with_constants(spec, classes=classes, category_ids=ids)
    kept = build_network(smaller)
    transfer(network, spec, kept, smaller, spec.model)
    return kept, smaller


def resized(network: keras.Model | Runtime, spec: DetectorSpec, size: Optional[int]) -> tuple:
    """The detector with an input of ``size`` x ``size`` pixels; the same two for None. Anchors stay, in pixels.

    Raises:
        TrainerError: the strides do not divide ``size``, or the detector is an exported file.
    """
    if size in (None, spec.size):
        return network, spec
    if isinstance(network, Runtime):
        raise TrainerError(f"--size {size}: this exported file takes {spec.size} pixels; export one of that size")
    step = max(round(stride) for stride in spec.strides)
    if size < step or size % step:
        raise TrainerError(f"--size {size}; expected a multiple of {step}, the stride of {spec.model}")
    other = with_constants(spec, size=size)
    built = build_network(other)
    built.set_weights(network.get_weights())
    return built, other
