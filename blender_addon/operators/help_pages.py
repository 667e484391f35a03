"""The guides in the add-on's zip, the asset pack, and the dialog that shows why a job failed."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

# Blender reads property definitions from annotations:
# pyright: reportInvalidTypeForm=false
import bpy
from bpy.props import EnumProperty, StringProperty

from ..dataset_format import atomic
from ..draw.furniture import pack
from ..guides import GUIDES, guide_page
from ..settings import settings_of
from .modal_job import Message, show_message
from .options import report_failure

_DIALOG_WIDTH = 420  # width of the dialog in pixels, at a user interface scale of 1
_DIALOG_LETTERS = 62
_CLEAN_SAMPLES = 32  # samples per pixel that give acceptable images without a denoiser


class WARDSYNTH_OT_open_guide(bpy.types.Operator):
    """Open a guide of WardSynth in the web browser; the pages are part of the add-on and need no network"""

    bl_idname = "wardsynth.open_guide"
    bl_label = "Guide"

    page: EnumProperty(name="Page", description="Guide to open", items=[tuple(guide) for guide in GUIDES])

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Open the page."""
        page = guide_page(self.page)
        if page is None:
            return report_failure(self, f"the guide {self.page} is missing; install the add-on's zip again")
        bpy.ops.wm.url_open(url=page.as_uri())
        return {"FINISHED"}


class WARDSYNTH_OT_install_pack(bpy.types.Operator):
    """Install an asset pack: choose the folder that holds pack.json and its models"""

    bl_idname = "wardsynth.install_pack"
    bl_label = "Install Asset Pack"

    directory: StringProperty(name="Folder", description="Folder with pack.json and its models", subtype="DIR_PATH")

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """Let the user choose the folder."""
        context.window_manager.fileselect_add(self)
        return {"RUNNING_MODAL"}

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Copy the pack into the add-on."""
        source = Path(bpy.path.abspath(self.directory))
        try:
            models = pack.models(source)
            missing = [entry["file"] for entry in models if not (source / entry["file"]).is_file()]
            if not models or missing:
                what = f"{missing[0]} is missing" if missing else f"has no {pack.LIST} with models"
                return report_failure(self, f"{source}: {what}; choose the folder of an asset pack")
            part = atomic.temporary_path(pack.FOLDER)
            shutil.rmtree(part, ignore_errors=True)
            shutil.copytree(source, part)
            shutil.rmtree(pack.FOLDER, ignore_errors=True)
            part.replace(pack.FOLDER)
        except (OSError, ValueError) as error:
            return report_failure(self, f"the asset pack cannot be installed: {error}")
        show_message(Message(f"the asset pack is installed: {len(models)} models"))
        return {"FINISHED"}


class WARDSYNTH_OT_more_samples(bpy.types.Operator):
    """Render with enough samples per pixel for clean images without a denoiser"""

    bl_idname = "wardsynth.more_samples"
    bl_label = f"Use {_CLEAN_SAMPLES} Samples"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether the panel's setting is lower."""
        return settings_of(context).knobs.render_samples < _CLEAN_SAMPLES

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Change the setting."""
        settings_of(context).knobs.render_samples = _CLEAN_SAMPLES
        return {"FINISHED"}


class WARDSYNTH_OT_show_problem(bpy.types.Operator):
    """Show why a job failed and what to do about it"""

    bl_idname = "wardsynth.show_problem"
    bl_label = "WardSynth"
    bl_options = {"INTERNAL"}  # noqa: RUF012

    title: StringProperty(name="Title", description="Name of the job")
    message: StringProperty(name="Message", description="Reason of the failure, and what to do")

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """Open the dialog."""
        return context.window_manager.invoke_props_dialog(self, width=_DIALOG_WIDTH)

    def draw(self, _context: bpy.types.Context) -> None:
        """Draw the message in lines."""
        column = self.layout.column(align=True)
        column.label(text=f"{self.title} failed", icon="ERROR")
        for line in self.message.splitlines():
            for piece in textwrap.wrap(line, _DIALOG_LETTERS):
                column.label(text=piece)

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Close the dialog."""
        return {"FINISHED"}


CLASSES = (
    WARDSYNTH_OT_open_guide,
    WARDSYNTH_OT_install_pack,
    WARDSYNTH_OT_more_samples,
    WARDSYNTH_OT_show_problem,
)
