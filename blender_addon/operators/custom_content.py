"""Own things: a collection into a library, markers into the scene, the file as the room."""

from __future__ import annotations

import json
from pathlib import Path

import bpy
from bpy.props import EnumProperty, StringProperty

from ..construct.custom_markers import CAMERA, MARK, MarkerError, add_marker, write_markers
from ..dataset_format import atomic
from ..draw.library import PERSON
from ..settings import home_of, settings_of
from .modal_job import say
from .options import failed

_MARKERS = [
    ("lie", "Lie", "The top of a mattress: the box's -y is where the feet are"),
    ("sit", "Sit", "The top of a seat: the box's -y is where who sits looks"),
    ("stand", "Stand", "A piece of free floor"),
    (CAMERA, "Camera", "Make the active object, a camera, one that is used"),
]
_FOLDERS = {PERSON: "characters", "object": "objects"}


class WARDSYNTH_OT_add_marker(bpy.types.Operator):
    """Say where people may be in your room, at the 3D cursor, or which cameras are used"""

    bl_idname = "wardsynth.add_marker"
    bl_label = "Add Marker"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    kind: EnumProperty(name="Kind", items=_MARKERS)

    def execute(self, context: bpy.types.Context) -> set:
        """Add it."""
        if self.kind != CAMERA:
            marker = add_marker(context.scene, self.kind, context.scene.cursor.location)
            for item in context.selected_objects:
                item.select_set(False)
            marker.select_set(True)
            context.view_layer.objects.active = marker
            return {"FINISHED"}
        if context.active_object is None or context.active_object.type != "CAMERA":
            return failed(self, "select a camera first")
        context.active_object[MARK] = CAMERA
        return {"FINISHED"}


class WARDSYNTH_OT_use_room(bpy.types.Operator):
    """Read the markers of this file, as it was saved, and draw people in it instead of in built rooms"""

    bl_idname = "wardsynth.use_room"
    bl_label = "Use This File as Room"

    def execute(self, context: bpy.types.Context) -> set:
        """Write the markers beside the file and set the setting."""
        unsaved = bpy.data.is_dirty and not bpy.app.background  # which without a window is always so
        if not bpy.data.filepath or unsaved:
            return failed(self, "save the file first: images are made from what is on the disk")
        scene, settings = home_of(context.scene), settings_of(context)
        file = Path(bpy.data.filepath)
        try:
            write_markers(scene, file)
        except (MarkerError, OSError) as error:
            return failed(self, str(error))
        settings.knobs.room_own = str(file)
        say(f"people are drawn in {file.name}; read it again after you change and save it", failed=False)
        return {"FINISHED"}


class WARDSYNTH_OT_forget_room(bpy.types.Operator):
    """Draw people in built rooms again"""

    bl_idname = "wardsynth.forget_room"
    bl_label = "Forget My Room"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """There is a room to forget."""
        return bool(settings_of(context).knobs.room_own)

    def execute(self, context: bpy.types.Context) -> set:
        """Clear the setting."""
        settings_of(context).knobs.room_own = ""
        return {"FINISHED"}


class WARDSYNTH_OT_add_own(bpy.types.Operator):
    """Put a copy of a collection into the library: what it holds is then drawn into images"""

    bl_idname = "wardsynth.add_own"
    bl_label = "Add to Library"

    collection: StringProperty(name="Collection", description="What to add; empty is the panel's")
    kind: EnumProperty(
        name="Kind",
        items=[(PERSON, "Person", "A character, rigged or a scan"), ("object", "Object", "Any other thing")],
    )
    category: StringProperty(name="Category", description="What an object is labelled as")

    def execute(self, context: bpy.types.Context) -> set:
        """Write the .blend and the JSON beside it, and set the setting."""
        settings = settings_of(context)
        collection = bpy.data.collections.get(self.collection) if self.collection else settings.own_collection
        kind = self.kind if self.properties.is_property_set("kind") else settings.own_kind
        category = PERSON if kind == PERSON else self.category or settings.own_category.strip()
        if collection is None or not any(item.type == "MESH" for item in collection.all_objects):
            return failed(self, "choose a collection with a mesh in it")
        if not category:
            return failed(self, "say what the object is: its category")
        setting = "people_library" if kind == PERSON else "objects_library"
        folder = Path(bpy.path.abspath(getattr(settings.knobs, setting)) or settings.folder().parent / _FOLDERS[kind])
        file = folder / f"{bpy.path.clean_name(collection.name)}.blend"
        rigged = kind == PERSON and any(item.type == "ARMATURE" for item in collection.all_objects)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            bpy.data.libraries.write(str(file), set(collection.all_objects), fake_user=False)
            said = {"category": category, "rigged": rigged}
            atomic.write_bytes(file.with_suffix(".json"), (json.dumps(said, indent=2) + "\n").encode())
        except (OSError, RuntimeError) as error:
            return failed(self, f"{file}: cannot be written: {error}")
        setattr(settings.knobs, setting, str(folder))
        say(f"{collection.name} is in {folder} as {category}", failed=False)
        return {"FINISHED"}


CLASSES = (WARDSYNTH_OT_add_marker, WARDSYNTH_OT_use_room, WARDSYNTH_OT_forget_room, WARDSYNTH_OT_add_own)
