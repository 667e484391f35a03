"""The settings of a scene, and where they are while its window shows a preview."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import bpy
from bpy.props import BoolProperty, EnumProperty, IntProperty, PointerProperty, StringProperty

from ..draw import config as draw_settings
from ..draw.library import PERSON
from ..job import Job
from . import sliders
from .output_folder import default_folder

AS_IT_IS = "as-it-is"
_KEPT = ("own", "pictures", "labels")  # sections that a preset says nothing of
_PRESETS = [(name, name, draw_settings.preset(name)["description"]) for name in draw_settings.preset_names()]
_PRESETS.append((AS_IT_IS, "from a file", "The settings of a config file or a dataset"))
LIMIT = 2**31 - 1  # what Blender's whole numbers hold


class WardSynthDrawSettings(bpy.types.PropertyGroup):
    """Every setting of the generator; ``draw.config`` defines them."""

    __annotations__ = sliders.annotations()


def _preset_chosen(settings: WardSynthSettings, _context: bpy.types.Context) -> None:
    if settings.preset == AS_IT_IS:
        return
    resolved = draw_settings.resolve(settings.preset)
    now = sliders.read(settings.knobs, settings.base())
    resolved.update({setting.key: now[setting.key] for section in _KEPT for setting in draw_settings.SECTIONS[section]})
    settings.show_config(resolved)


class WardSynthSettings(bpy.types.PropertyGroup):
    """What the panel shows, saved with the file.

    ``home`` is set on scenes that are previews: the artist's scene whose settings they were made of. ``record`` is then
    the image's record as JSON, which the overlay draws.
    """

    preset: EnumProperty(
        name="Preset",
        description="What to draw",
        items=_PRESETS,
        default=draw_settings.DEFAULT_PRESET,
        update=_preset_chosen,
    )
    knobs: PointerProperty(type=WardSynthDrawSettings)
    base_json: StringProperty(options={"HIDDEN"})

    out: StringProperty(
        name="Folder", description="Where the dataset goes", subtype="DIR_PATH", default=default_folder()
    )
    count: IntProperty(name="Pictures", description="How many images", default=Job.count, min=1, max=LIMIT)
    start: IntProperty(name="First", description="The number of the first image", min=0, max=LIMIT)
    seed: IntProperty(name="Seed", description="The dataset's seed", default=0, min=0, max=LIMIT)
    resume: BoolProperty(name="Resume", description="Go on with a dataset that was begun with these settings")
    index: IntProperty(name="Picture", description="Which image of the dataset Preview builds", min=0, max=LIMIT)

    own_collection: PointerProperty(name="Collection", description="What to add", type=bpy.types.Collection)
    own_kind: EnumProperty(
        name="Is a",
        items=[
            (PERSON, "Person", "A character: with bones of known names it takes postures, otherwise it stands as made"),
            ("object", "Object", "Anything else, labelled as its category"),
        ],
    )
    own_category: StringProperty(name="Category", description="What the object is labelled as, such as walker")

    show_boxes: EnumProperty(
        name="Boxes",
        description="Which boxes the overlay draws",
        items=[
            ("visible", "Visible", "The extent of what is seen: solid"),
            ("covered", "Covered", "What is seen or under bedding, the training box: dashed"),
            ("amodal", "Amodal", "The whole body through everything: dotted"),
        ],
        options={"ENUM_FLAG"},
        default={"visible", "covered", "amodal"},
    )
    show_points: BoolProperty(
        name="Key points", description="Skeletons: filled where seen, hollow where hidden", default=True
    )
    show_names: BoolProperty(
        name="Names", description="What each is, and its visible, covered and in-frame fractions", default=True
    )
    show_things: BoolProperty(name="Furniture", description="Furniture and equipment too", default=False)
    show_image: BoolProperty(name="Picture", description="Show the rendered image over the viewport", default=True)

    home: PointerProperty(type=bpy.types.Scene, options={"HIDDEN"})
    record: StringProperty(options={"HIDDEN"})
    view_before: StringProperty(options={"HIDDEN"})

    def base(self) -> dict:
        """The resolved config that the sliders were last set to."""
        return _parsed(self.base_json) if self.base_json else _default()

    def show_config(self, config: dict) -> None:
        """Set the sliders to a resolved config."""
        self.base_json = json.dumps(config)
        sliders.write(self.knobs, config)

    def config(self) -> dict:
        """The resolved, checked config of what is shown. Raises ConfigError."""
        return draw_settings.resolve_values(sliders.read(self.knobs, self._base_without_listings()), "panel")

    def changed(self) -> list:
        """The settings that were moved since a preset or a file set them."""
        return list(sliders.changed(self.knobs, self.base()))

    def _base_without_listings(self) -> dict:
        """Libraries are listed anew whenever the panel is read: artists change them while they work."""
        listings = {
            setting.key: setting.default
            for setting in draw_settings.SETTINGS
            if isinstance(setting.kind, draw_settings.Listing)
        }
        return {**self.base(), **listings}

    def folder(self) -> Path:
        """The dataset folder as an absolute path."""
        return Path(bpy.path.abspath(self.out)).expanduser()


@functools.lru_cache(maxsize=16)
def _parsed(text: str) -> dict:
    return json.loads(text)


@functools.lru_cache(maxsize=1)
def _default() -> dict:
    return draw_settings.resolve()


def home_of(scene: Any) -> Any:
    """The artist's scene: ``scene`` itself, or the one that ``scene`` is a preview of."""
    return scene.wardsynth.home or scene


def settings_of(context: bpy.types.Context) -> WardSynthSettings:
    """The settings that the panel shows in ``context``."""
    return home_of(context.scene).wardsynth


CLASSES = (WardSynthDrawSettings, WardSynthSettings)
