"""Preview: image k of the dataset as a scene beside the artist's, with its labels; and the rendered image."""

# Blender reads property definitions from annotations:
# pyright: reportInvalidTypeForm=false
from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import bpy
from bpy.props import IntProperty

from ..construct import datablocks
from ..dataset_format import record
from ..draw import sample
from ..settings import LARGEST_INTEGER, home_of, settings_of
from .modal_job import EXPECTED, Message, show_message
from .options import SceneOptions, report_failure

_RANDOM_INDICES = 1_000_000


def is_preview(scene: bpy.types.Scene) -> bool:
    """Whether ``scene`` is one that Preview built."""
    return bool(scene.wardsynth.record)


def build_preview(context: bpy.types.Context, config: dict[str, Any], seed: int, index: int) -> None:
    """Build image ``index`` as a separate scene, shown in the window of ``context``; it replaces the last preview.

    Raises:
        LabelError, AssetMissingError, LibraryError: nothing of the preview remains.
    """
    from ..construct.scene import build_scene
    from ..construct.viewport import prepare_for_viewport, sort_into_collections
    from ..image_renderer import noise_seed
    from ..label.frame import label
    from ..render import cycles

    home, view = home_of(context.scene), context.scene.wardsynth.view_before or json.dumps(_views(context))
    spec = sample(config, seed, index)
    remove_preview(context)
    try:
        with _other_windows_as_they_are(context), datablocks.marking_new_datablocks():
            built = build_scene(spec)
            cycles.prepare(built.scene, config, noise_seed(seed, index))
            frame = label(built, config).frame
            prepare_for_viewport(built)
            sort_into_collections(built)
        datablocks.pack_marked_images()
    except Exception:
        if context.window:
            context.window.scene = home
        datablocks.remove_marked_datablocks()
        raise
    shown = built.scene.wardsynth
    shown.home, shown.record, shown.view_before = home, json.dumps(record.frame_to_json(frame)), view
    shown.preview_config, shown.panel_state = json.dumps(config), panel_state(context)
    for viewport in _viewports(context):
        viewport.view_perspective = "CAMERA"


def panel_state(context: bpy.types.Context) -> str:
    """Everything in the panel that decides what Preview builds."""
    settings = settings_of(context)
    return json.dumps([settings.config(), settings.seed, settings.index], sort_keys=True)


@bpy.app.handlers.persistent
def remove_preview_before_save(*_arguments: object) -> None:
    """Handler before a save: the artist's file is saved without the preview, unless the panel's switch keeps it."""
    context = bpy.context
    if any(is_preview(scene) for scene in bpy.data.scenes) and not settings_of(context).save_preview:
        remove_preview(context)
        show_message(Message("the preview was removed before saving; press Preview to build it again"))


def remove_preview(context: bpy.types.Context) -> None:
    """Remove the preview with everything that was made for it; its windows show the artist's scene again."""
    for scene in [scene for scene in bpy.data.scenes if is_preview(scene)]:
        if context.scene == scene and scene.wardsynth.view_before:
            _look_back(context, json.loads(scene.wardsynth.view_before))
        _leave_scene(scene, scene.wardsynth.home)
    datablocks.remove_marked_datablocks()


def _leave_scene(scene: bpy.types.Scene, home: bpy.types.Scene) -> None:
    other = home or next((other for other in bpy.data.scenes if other != scene), None) or bpy.data.scenes.new("Scene")
    for window in bpy.context.window_manager.windows:
        if window.scene == scene:
            window.scene = other


@contextmanager
def _other_windows_as_they_are(context: bpy.types.Context) -> Iterator[None]:
    """Building shows the new scene in every window; restore the scenes of other main windows."""
    here = context.window and (context.window.parent or context.window)
    windows = (window for window in context.window_manager.windows if window.parent is None and window != here)
    shown = [(window, window.scene) for window in windows]
    try:
        yield
    finally:
        for window, scene in shown:
            window.scene = scene


def _viewports(context: bpy.types.Context) -> list[bpy.types.RegionView3D]:
    areas = context.screen.areas if context.screen else ()
    return [area.spaces.active.region_3d for area in areas if area.type == "VIEW_3D"]


def _views(context: bpy.types.Context) -> list[dict[str, Any]]:  # Any: of the type of each property
    """The view of each viewport of the window."""
    return [
        {
            "view_perspective": viewport.view_perspective,
            "view_rotation": list(viewport.view_rotation),
            "view_location": list(viewport.view_location),
            "view_distance": viewport.view_distance,
        }
        for viewport in _viewports(context)
    ]


def _look_back(context: bpy.types.Context, views: list[dict[str, Any]]) -> None:
    for viewport, view in zip(_viewports(context), views):
        for name, value in view.items():
            setattr(viewport, name, value)


class WARDSYNTH_OT_preview(SceneOptions, bpy.types.Operator):
    """Build an image of the dataset as a separate scene and look through its camera; your scene is not changed"""

    bl_idname = "wardsynth.preview"
    bl_label = "Preview"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012 - Blender wants a set

    index: IntProperty(name="Image", description="Number of the image in the dataset", min=0, max=LARGEST_INTEGER)

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Sample the spec, build it, label it."""
        from ..construct.library import LibraryError
        from ..label.checks import LabelError

        index, seed = self.given(context, "index"), self.given(context, "seed")
        try:
            build_preview(context, self.resolved(context), seed, index)
        except (*EXPECTED, LibraryError, LabelError) as error:
            return report_failure(self, str(error))
        show_message(Message(f"image {index} of seed {seed}"))
        return {"FINISHED"}


class WARDSYNTH_OT_step(bpy.types.Operator):
    """Preview the next image"""

    bl_idname = "wardsynth.step"
    bl_label = "Next Image"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    by: IntProperty(name="By", description="Number of images to go forward, or backward if it is negative", default=1)

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Move the index and build."""
        settings = settings_of(context)
        settings.index = max(settings.index + self.by, 0)
        return bpy.ops.wardsynth.preview()


class WARDSYNTH_OT_surprise(bpy.types.Operator):
    """Preview a random image"""

    bl_idname = "wardsynth.surprise"
    bl_label = "Random Image"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Choose an index and build."""
        settings_of(context).index = secrets.randbelow(_RANDOM_INDICES)
        return bpy.ops.wardsynth.preview()


class WARDSYNTH_OT_remove_preview(bpy.types.Operator):
    """Remove the preview and return to your scene"""

    bl_idname = "wardsynth.remove_preview"
    bl_label = "Back to My Scene"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """Whether a preview exists."""
        return any(is_preview(scene) for scene in bpy.data.scenes)

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Remove it."""
        remove_preview(context)
        show_message(Message(""))
        return {"FINISHED"}


CLASSES = (
    WARDSYNTH_OT_preview,
    WARDSYNTH_OT_step,
    WARDSYNTH_OT_surprise,
    WARDSYNTH_OT_remove_preview,
)
