"""The whole spec of one image, its JSON, and the rounding of its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import cache
from typing import Any, NamedTuple, Optional, cast

from .model import ObjectSpec
from .person import PersonSpec
from .room import BackgroundSpec, FurnitureSpec, RoomSpec
from .shot import CameraSpec, LightSpec, SensorSpec

DIGITS = 6


class SceneView(NamedTuple):
    """View ``view`` of the ``views`` of scene ``scene``, counted from 0; they differ in camera and sensor only."""

    scene: int
    view: int
    views: int

    @property
    def is_last(self) -> bool:
        """Whether the following image shows another scene."""
        return self.view == self.views - 1


_ONLY_VIEW = SceneView(0, 0, 1)


@dataclass(frozen=True)
class SceneSpec:
    """Everything sampled for image ``index`` of the dataset (config, seed).

    ``shown`` follows from config and index, and is not part of the JSON.
    """

    seed: int
    index: int
    size: tuple[int, int]
    room: RoomSpec
    furniture: tuple[FurnitureSpec, ...]
    people: tuple[PersonSpec, ...]
    camera: CameraSpec
    lights: tuple[LightSpec, ...]
    sensor: SensorSpec
    attributes: dict[str, str]
    objects: tuple[ObjectSpec, ...] = ()
    background: Optional[BackgroundSpec] = None
    shown: SceneView = _ONLY_VIEW

    def to_json(self) -> dict[str, Any]:
        """A JSON-able dict of plain lists, dicts and numbers."""
        value = {name: value for name, value in asdict(self).items() if name != "shown"}
        if not value["camera"]["clip"]:
            del value["camera"]["clip"]
        return _plain(value)


def rounded(value: Any) -> Any:
    """Round every float inside dataclasses, tuples and dicts to ``DIGITS``."""
    kind = cast(Any, type(value))  # pyright: ignore[reportUnknownArgumentType]
    if kind in _AS_THEY_ARE:
        return value
    if isinstance(value, float):
        return round(value, DIGITS) + 0.0  # + 0.0 turns -0.0 into 0.0
    if kind is tuple or kind is list:
        return tuple([rounded(item) for item in value])
    if kind is dict:
        return {key: rounded(item) for key, item in cast(Mapping[str, Any], value).items()}
    if is_dataclass(value):
        return kind(**{name: rounded(getattr(value, name)) for name in _names_of(kind)})
    return value


_AS_THEY_ARE = (str, bool, int, type(None))


@cache
def _names_of(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _plain(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in cast(Sequence[Any], value)]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in cast(Mapping[str, Any], value).items()}
    return value
