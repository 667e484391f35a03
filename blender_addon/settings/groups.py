"""The settings of a scene, and of the artist's scene while a preview is shown."""

# Blender reads property definitions from annotations:
# pyright: reportInvalidTypeForm=false
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

FROM_FILE = "as-it-is"  # stored in saved files
_UNAFFECTED_SECTIONS = ("own", "pictures", "labels")  # sections that presets do not set
_PRESETS = [(name, name, draw_settings.preset(name)["description"]) for name in draw_settings.preset_names()]
_PRESETS.append((FROM_FILE, "from a file", "Settings loaded from a config file or a dataset"))
LARGEST_INTEGER = 2**31 - 1  # of a Blender property

_DEFAULT_FOLDER = str(Path.home() / "wardsynth" / "dataset")


class WardSynthGeneratorSettings(bpy.types.PropertyGroup):
    """Every setting of the generator; ``draw.config`` defines them."""

    __annotations__ = sliders.property_annotations()


def _preset_chosen(settings: WardSynthSettings, _context: bpy.types.Context) -> None:
    if settings.preset == FROM_FILE:
        return
    resolved = draw_settings.resolve(settings.preset)
    now = sliders.read(settings.knobs, settings.base())
    resolved.update(
        {
            setting.key: now[setting.key]
            for section in _UNAFFECTED_SECTIONS
            for setting in draw_settings.SECTIONS[section]
        }
    )
    settings.show_config(resolved)


class WardSynthSettings(bpy.types.PropertyGroup):
    """The panel's settings, saved with the file.

    ``home`` is set on scenes that are previews: the artist's scene, whose settings they show. ``record`` is then
    the image's record as JSON, which the overlay draws, ``preview_config`` the config it was built from, and
    ``panel_state`` what the panel showed at that time.
    """

    preset: EnumProperty(
        name="Preset",
        description="Choose what the images show",
        items=_PRESETS,
        default=draw_settings.DEFAULT_PRESET,
        update=_preset_chosen,
    )
    knobs: PointerProperty(type=WardSynthGeneratorSettings)
    base_json: StringProperty(options={"HIDDEN"})

    out: StringProperty(
        name="Folder", description="Write the dataset into this folder", subtype="DIR_PATH", default=_DEFAULT_FOLDER
    )
    count: IntProperty(
        name="Images", description="Number of images to generate", default=Job.count, min=1, max=LARGEST_INTEGER
    )
    start: IntProperty(name="First Image", description="Number of the first image", min=0, max=LARGEST_INTEGER)
    seed: IntProperty(name="Seed", description="Random seed of the dataset", default=0, min=0, max=LARGEST_INTEGER)
    resume: BoolProperty(
        name="Resume",
        description="Keep the finished images of an unfinished dataset of these settings and render the others",
    )
    index: IntProperty(name="Image", description="Number of the image that Preview builds", min=0, max=LARGEST_INTEGER)

    own_collection: PointerProperty(
        name="Collection", description="Collection to copy into the library", type=bpy.types.Collection
    )
    own_kind: EnumProperty(
        name="Is a",
        description="Kind of content that the collection holds",
        items=[
            (
                PERSON,
                "Person",
                "A character; with an armature of known bone names it takes postures, otherwise it keeps its pose",
            ),
            ("object", "Object", "Anything but a person, labelled with its category"),
        ],
    )
    own_category: StringProperty(
        name="Category", description="Category name that the object gets in the labels, such as walker"
    )

    show_boxes: EnumProperty(
        name="Boxes",
        description="Show these boxes in the overlay",
        items=[
            ("visible", "Visible", "Extent of the visible part, drawn solid"),
            ("covered", "Covered", "Visible part and what bedding covers, the box for training, drawn dashed"),
            ("amodal", "Amodal", "Extent of the whole body, also where it is hidden, drawn dotted"),
        ],
        options={"ENUM_FLAG"},
        default={"visible", "covered", "amodal"},
    )
    show_points: BoolProperty(
        name="Key Points", description="Show skeletons; visible key points are filled, hidden ones hollow", default=True
    )
    show_names: BoolProperty(
        name="Names",
        description="Show what each object is, and its visible, covered and in-frame fractions",
        default=True,
    )
    show_things: BoolProperty(name="Furniture", description="Show furniture and equipment too", default=False)
    show_image: BoolProperty(name="Image", description="Show the rendered image over the viewport", default=True)

    save_preview: BoolProperty(
        name="Save with File", description="Keep the preview when the file is saved; otherwise saving removes it"
    )

    home: PointerProperty(type=bpy.types.Scene, options={"HIDDEN"})
    record: StringProperty(options={"HIDDEN"})
    view_before: StringProperty(options={"HIDDEN"})
    preview_config: StringProperty(options={"HIDDEN"})
    panel_state: StringProperty(options={"HIDDEN"})

    def base(self) -> dict[str, Any]:
        """The resolved config that the sliders were last set to."""
        return _parsed(self.base_json) if self.base_json else _default()

    def show_config(self, config: dict[str, Any]) -> None:
        """Set the sliders to a resolved config."""
        self.base_json = json.dumps(config)
        sliders.write(self.knobs, config)

    def config(self) -> dict[str, Any]:
        """The resolved, checked config of what is shown. Raises ConfigError."""
        return draw_settings.resolve_values(sliders.read(self.knobs, self._base_without_listings()), "panel")

    def changed(self) -> list[draw_settings.Setting]:
        """The settings that were changed since a preset or a file set them."""
        return list(sliders.changed(self.knobs, self.base()))

    def _base_without_listings(self) -> dict[str, Any]:
        """Libraries are listed again whenever the panel is read, because artists change them while they work."""
        listings = {
            setting.key: setting.default
            for setting in draw_settings.SETTINGS
            if isinstance(setting.kind, draw_settings.FileList)
        }
        return {**self.base(), **listings}

    def folder(self) -> Path:
        """The dataset folder as an absolute path."""
        return Path(bpy.path.abspath(self.out)).expanduser()


@functools.lru_cache(maxsize=16)
def _parsed(text: str) -> dict[str, Any]:
    return draw_settings.completed(json.loads(text))


@functools.lru_cache(maxsize=1)
def _default() -> dict[str, Any]:
    return draw_settings.resolve()


def free_folder(folder: Path) -> Path:
    """``folder`` if it does not exist, else the first of ``folder-2``, ``folder-3`` ... that does not."""
    tries = (folder.with_name(f"{folder.name}-{number}") if number > 1 else folder for number in range(1, 10_000))
    return next(path for path in tries if not path.exists())


def home_of(scene: bpy.types.Scene) -> bpy.types.Scene:
    """The artist's scene: ``scene`` itself, or the one that ``scene`` is a preview of."""
    return scene.wardsynth.home or scene


def settings_of(context: bpy.types.Context) -> WardSynthSettings:
    """The settings that the panel shows in ``context``."""
    return home_of(context.scene).wardsynth


CLASSES = (WardSynthGeneratorSettings, WardSynthSettings)
