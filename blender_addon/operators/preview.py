"""Preview: image k of the dataset as a scene beside the artist's, with its labels; and the rendered image."""

# Blender reads property definitions from annotations:
# pyright: reportInvalidTypeForm=false
from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy
from bpy.props import IntProperty

from ..construct import datablocks
from ..dataset_format import dataset, record
from ..draw import config as draw_settings
from ..draw import sample
from ..job import Job, Outcome, run_job
from ..overlay.view import IMAGE
from ..settings import LARGEST_INTEGER, home_of, preferences_of, settings_of
from .modal_job import EXPECTED, JobOperator, Message, ModalJob, current_job, redraw, show_message
from .options import SceneOptions, report_failure

_RANDOM_INDICES = 1_000_000


def is_preview(scene: Any) -> bool:
    """Whether ``scene`` is one that Preview built."""
    return bool(scene.wardsynth.record)


def build_preview(context: bpy.types.Context, config: dict, seed: int, index: int) -> None:
    """Build image ``index`` into a scene of its own, shown in the window of ``context``; the last preview goes.

    Raises:
        LabelError, AssetMissingError, LibraryError: nothing is left of it.
    """
    from ..construct.scene import build_scene
    from ..construct.viewport import prepare_for_viewport
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
    except Exception:
        if context.window:
            context.window.scene = home
        datablocks.remove_marked_datablocks()
        raise
    shown = built.scene.wardsynth
    shown.home, shown.record, shown.view_before = home, json.dumps(record.frame_to_json(frame)), view
    for viewport in _viewports(context):
        viewport.view_perspective = "CAMERA"


def remove_preview(context: bpy.types.Context) -> None:
    """Take the preview away, with everything that was made for it; its windows show the artist's scene again."""
    for scene in [scene for scene in bpy.data.scenes if is_preview(scene)]:
        if context.scene == scene and scene.wardsynth.view_before:
            _look_back(context, json.loads(scene.wardsynth.view_before))
        _leave_scene(scene, scene.wardsynth.home)
    datablocks.remove_marked_datablocks()


def _leave_scene(scene: Any, home: Any) -> None:
    other = home or next((other for other in bpy.data.scenes if other != scene), None) or bpy.data.scenes.new("Scene")
    for window in bpy.context.window_manager.windows:
        if window.scene == scene:
            window.scene = other


@contextmanager
def _other_windows_as_they_are(context: bpy.types.Context) -> Iterator[None]:
    """Building shows the new scene in every window; other main windows get theirs back. Child windows follow theirs."""
    here = context.window and (context.window.parent or context.window)
    windows = (window for window in context.window_manager.windows if window.parent is None and window != here)
    shown = [(window, window.scene) for window in windows]
    try:
        yield
    finally:
        for window, scene in shown:
            window.scene = scene


def _viewports(context: bpy.types.Context) -> list:
    areas = context.screen.areas if context.screen else ()
    return [area.spaces.active.region_3d for area in areas if area.type == "VIEW_3D"]


def _views(context: bpy.types.Context) -> list:
    """How each viewport of the window looks at the scene."""
    return [
        {
            "view_perspective": viewport.view_perspective,
            "view_rotation": list(viewport.view_rotation),
            "view_location": list(viewport.view_location),
            "view_distance": viewport.view_distance,
        }
        for viewport in _viewports(context)
    ]


def _look_back(context: bpy.types.Context, views: list) -> None:
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

    by: IntProperty(name="By", description="Number of images to go forward", default=1)

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
        """A preview exists."""
        return any(is_preview(scene) for scene in bpy.data.scenes)

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Remove it."""
        remove_preview(context)
        show_message(Message(""))
        return {"FINISHED"}


class WARDSYNTH_OT_render_preview(JobOperator, bpy.types.Operator):
    """Render the previewed image exactly as Generate Dataset does, and show it with its labels"""

    bl_idname = "wardsynth.render_preview"
    bl_label = "Render Image"

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """This window shows a preview, and no job is in progress."""
        return is_preview(context.scene) and current_job() is None

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """Let a worker process render it."""
        return self._begin(context, self.run_modal)

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Render it and wait for it."""
        return self._begin(context, _run_now)

    def _begin(self, context: bpy.types.Context, run: Any) -> set[str]:
        shown = json.loads(context.scene.wardsynth.record)
        folder = tempfile.TemporaryDirectory(prefix="wardsynth-")
        try:
            config = settings_of(context).config()
        except draw_settings.ConfigError as error:
            return report_failure(self, str(error))
        job = Job(
            Path(folder.name) / "image", config, shown["seed"], shown["index"], 1,
            device=preferences_of(context).device,
        )  # fmt: skip

        def work(modal: ModalJob) -> Outcome:
            return run_job(job, modal.progress, modal.stop_requested)

        def finish(outcome: Outcome) -> Message:
            with folder:
                if outcome.failed:
                    return Message(outcome.failed[0].reason, is_error=True)
                if not outcome.written:
                    return Message("stopped")
                _load_image(job.out / dataset.image_file(shown["index"]), f"{shown['seed']}/{shown['index']}")
            return Message(f"image {shown['index']} of seed {shown['seed']}, rendered")

        return run(context, ModalJob(self.bl_label, work, finish))


def _run_now(_context: bpy.types.Context, job: ModalJob) -> set[str]:
    job.start()
    job.wait()
    show_message(job.outcome())
    return {"FINISHED"}


def _load_image(path: Path, which: str) -> None:
    """The image as an image of Blender, packed; the one before goes."""
    old = bpy.data.images.get(IMAGE)
    if old is not None:
        bpy.data.images.remove(old)
    with datablocks.marking_new_datablocks():
        image = bpy.data.images.load(str(path))
        image.name = IMAGE
        image.pack()
        image.filepath_raw = ""
        image["wardsynth_picture"] = which
    redraw()


CLASSES = (
    WARDSYNTH_OT_preview,
    WARDSYNTH_OT_step,
    WARDSYNTH_OT_surprise,
    WARDSYNTH_OT_remove_preview,
    WARDSYNTH_OT_render_preview,
)
