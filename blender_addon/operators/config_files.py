"""The panel's settings as the JSON file that the command line reads, and back."""

# Blender reads property definitions from annotations:
# pyright: reportInvalidTypeForm=false
from __future__ import annotations

import json
from pathlib import Path

import bpy
from bpy.props import StringProperty
from bpy_extras.io_utils import ExportHelper, ImportHelper

from ..dataset_format import atomic, dataset, errors
from ..draw import config as draw_settings
from ..settings import FROM_FILE, settings_of
from .options import report_failure


class WARDSYNTH_OT_save_config(ExportHelper, bpy.types.Operator):
    """Save the panel's settings as a JSON file for wardsynth generate --config"""

    bl_idname = "wardsynth.save_config"
    bl_label = "Save Config"
    filename_ext = ".json"

    filter_glob: StringProperty(default="*.json", options={"HIDDEN"})

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Write the file."""
        try:
            config = settings_of(context).config()
            text = json.dumps(config, indent=2, ensure_ascii=False) + "\n"
            atomic.write_bytes(Path(bpy.path.abspath(self.filepath)), text.encode())
        except (draw_settings.ConfigError, OSError) as error:
            return report_failure(self, str(error))
        return {"FINISHED"}


class WARDSYNTH_OT_load_config(ImportHelper, bpy.types.Operator):
    """Load the settings of a config file or of a dataset's dataset.json into the panel"""

    bl_idname = "wardsynth.load_config"
    bl_label = "Load Config"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012
    filename_ext = ".json"

    filter_glob: StringProperty(default="*.json", options={"HIDDEN"})

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Read the file; from a dataset's file also its seed."""
        file = Path(bpy.path.abspath(self.filepath))
        settings = settings_of(context)
        try:
            config = draw_settings.resolve(file=file)
            if dataset.is_dataset(file.parent) and file.name == dataset.DATASET_FILE:
                settings.seed = dataset.read_info(file.parent).seed
        except (draw_settings.ConfigError, errors.FormatError) as error:
            return report_failure(self, str(error))
        settings.preset = FROM_FILE
        settings.show_config(config)
        return {"FINISHED"}


class WARDSYNTH_OT_reset(bpy.types.Operator):
    """Set every setting back to the value of the preset or the loaded file"""

    bl_idname = "wardsynth.reset"
    bl_label = "Undo My Changes"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Move the sliders back."""
        settings = settings_of(context)
        settings.show_config(settings.base())
        return {"FINISHED"}


CLASSES = (WARDSYNTH_OT_save_config, WARDSYNTH_OT_load_config, WARDSYNTH_OT_reset)
