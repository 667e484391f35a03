"""The panel's settings as the JSON that the command line takes, and back."""

from __future__ import annotations

import json
from pathlib import Path

import bpy
from bpy.props import StringProperty
from bpy_extras.io_utils import ExportHelper, ImportHelper

from ..dataset_format import atomic, dataset, errors
from ..draw import config as draw_settings
from ..settings import settings_of
from ..settings.groups import AS_IT_IS
from .options import failed


class WARDSYNTH_OT_save_config(ExportHelper, bpy.types.Operator):
    """Save what the panel shows as the JSON that --config takes"""

    bl_idname = "wardsynth.save_config"
    bl_label = "Save Config"
    filename_ext = ".json"

    filter_glob: StringProperty(default="*.json", options={"HIDDEN"})

    def execute(self, context: bpy.types.Context) -> set:
        """Write the file."""
        try:
            config = settings_of(context).config()
            text = json.dumps(config, indent=2, ensure_ascii=False) + "\n"
            atomic.write_bytes(Path(bpy.path.abspath(self.filepath)), text.encode())
        except (draw_settings.ConfigError, OSError) as error:
            return failed(self, str(error))
        return {"FINISHED"}


class WARDSYNTH_OT_load_config(ImportHelper, bpy.types.Operator):
    """Show what a config file or a dataset's dataset.json says"""

    bl_idname = "wardsynth.load_config"
    bl_label = "Load Config"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012
    filename_ext = ".json"

    filter_glob: StringProperty(default="*.json", options={"HIDDEN"})

    def execute(self, context: bpy.types.Context) -> set:
        """Read the file; of a dataset its seed too."""
        file = Path(bpy.path.abspath(self.filepath))
        settings = settings_of(context)
        try:
            config = draw_settings.resolve(file=file)
            if dataset.is_dataset(file.parent) and file.name == dataset.DATASET_FILE:
                settings.seed = dataset.read_info(file.parent).seed
        except (draw_settings.ConfigError, errors.FormatError) as error:
            return failed(self, str(error))
        settings.preset = AS_IT_IS
        settings.show_config(config)
        return {"FINISHED"}


class WARDSYNTH_OT_reset(bpy.types.Operator):
    """Set everything back to what the preset or the file said"""

    bl_idname = "wardsynth.reset"
    bl_label = "Undo My Changes"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    def execute(self, context: bpy.types.Context) -> set:
        """Move the sliders back."""
        settings = settings_of(context)
        settings.show_config(settings.base())
        return {"FINISHED"}


CLASSES = (WARDSYNTH_OT_save_config, WARDSYNTH_OT_load_config, WARDSYNTH_OT_reset)
