"""Custom content: a collection into a library, markers into the scene, the file as the room."""

# Blender reads property definitions from annotations:
# pyright: reportInvalidTypeForm=false
from __future__ import annotations

from pathlib import Path

import bpy
from bpy.props import EnumProperty, FloatProperty, StringProperty
from mathutils import Vector

from ..construct.custom_markers import (
    CAMERA,
    MARK,
    MarkerError,
    add_marker,
    labelled_but_not_rendered,
    write_markers,
)
from ..construct.library_writer import LibraryWriteError, write_library_entry
from ..draw import sample
from ..draw.config import ConfigError
from ..draw.library import PERSON
from ..settings import home_of, settings_of
from .modal_job import Message, show_message
from .options import report_failure

_MARKERS = [
    ("lie", "Lie", "Mark the top of a mattress; the feet are at the box's -Y side"),
    ("sit", "Sit", "Mark the top of a seat; people on it face the box's -Y side"),
    ("stand", "Stand", "Mark free floor where people may stand"),
    (CAMERA, "Camera", "Use the active camera object for images; without any, all cameras are used"),
]
_ABOVE_M = 0.1  # metres above the cursor from which the marker falls onto a surface
_SEARCHED_IMAGES = 200  # images searched for one that shows the new entry
_FOLDERS = {PERSON: "characters", "object": "objects"}


class WARDSYNTH_OT_add_marker(bpy.types.Operator):
    """Mark where people may lie, sit or stand in your room, at the 3D cursor, or which cameras are used"""

    bl_idname = "wardsynth.add_marker"
    bl_label = "Add Marker"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    kind: EnumProperty(name="Kind", description="Purpose of the marker", items=_MARKERS)
    heading: FloatProperty(
        name="Heading", description="Turn the marker's front (-Y) about the vertical axis", subtype="ANGLE", default=0.0
    )

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Add it."""
        if self.kind != CAMERA:
            marker = add_marker(context.scene, self.kind, _surface_below(context, context.scene.cursor.location))
            marker.rotation_euler.z = self.heading
            for item in context.selected_objects:
                item.select_set(False)
            marker.select_set(True)
            context.view_layer.objects.active = marker
            return {"FINISHED"}
        if context.active_object is None or context.active_object.type != "CAMERA":
            return report_failure(self, "the active object is no camera; select a camera first")
        context.active_object[MARK] = CAMERA
        return {"FINISHED"}


def _surface_below(context: bpy.types.Context, location: Vector) -> Vector:
    """The point below ``location`` on a mattress, a seat or the floor; ``location`` itself if there is none."""
    depsgraph = context.evaluated_depsgraph_get()
    start = location + Vector((0.0, 0.0, _ABOVE_M))
    hit, place, *_ = context.scene.ray_cast(depsgraph, start, Vector((0.0, 0.0, -1.0)))
    return place if hit else location.copy()


class WARDSYNTH_OT_use_room(bpy.types.Operator):
    """Generate images of people in this saved file, at its markers, instead of in generated rooms"""

    bl_idname = "wardsynth.use_room"
    bl_label = "Use This File as Room"

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Write the markers beside the file and choose it as the room."""
        unsaved = bpy.data.is_dirty and not bpy.app.background  # without a window the operator is always available
        if not bpy.data.filepath or unsaved:
            return report_failure(self, "save the file first: images are rendered from the file on the disk")
        scene, settings = home_of(context.scene), settings_of(context)
        file = Path(bpy.data.filepath)
        try:
            write_markers(scene, file)
        except (MarkerError, OSError, ValueError) as error:
            return report_failure(self, str(error))
        settings.knobs.room_own = str(file)
        hidden = labelled_but_not_rendered(scene)
        warning = f"; no render shows {', '.join(hidden)}, so no image has their labels" if hidden else ""
        show_message(Message(f"people are placed in {file.name}; after a change, save the file{warning}"))
        return {"FINISHED"}


@bpy.app.handlers.persistent
def read_room_again(*_arguments: object) -> None:
    """Handler after a save: update the markers beside the file if this file is the room."""
    scene = home_of(bpy.context.scene)
    file = Path(bpy.data.filepath)
    if not bpy.data.filepath or Path(bpy.path.abspath(scene.wardsynth.knobs.room_own)) != file:
        return
    try:
        write_markers(scene, file)
    except (MarkerError, OSError, ValueError) as error:
        show_message(Message(f"{file.name} is no longer a room: {error}", is_error=True))


class WARDSYNTH_OT_forget_room(bpy.types.Operator):
    """Generate images in generated rooms again"""

    bl_idname = "wardsynth.forget_room"
    bl_label = "Forget My Room"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Whether a custom room is chosen."""
        return bool(settings_of(context).knobs.room_own)

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Choose no custom room."""
        settings_of(context).knobs.room_own = ""
        return {"FINISHED"}


class WARDSYNTH_OT_add_own(bpy.types.Operator):
    """Copy a collection into the library, so that it appears in images"""

    bl_idname = "wardsynth.add_own"
    bl_label = "Add to Library"

    collection: StringProperty(
        name="Collection", description="Copy this collection; empty: the collection chosen in the panel"
    )
    kind: EnumProperty(
        name="Kind",
        description="Kind of content that the collection holds",
        items=[(PERSON, "Person", "A character, rigged or scanned"), ("object", "Object", "Anything but a person")],
    )
    category: StringProperty(name="Category", description="Category name that an object gets in the labels")

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Write the .blend and the JSON beside it, choose the library and an image that shows the new entry."""
        settings = settings_of(context)
        collection = bpy.data.collections.get(self.collection) if self.collection else settings.own_collection
        kind = self.kind if self.properties.is_property_set("kind") else settings.own_kind
        category = PERSON if kind == PERSON else self.category or settings.own_category.strip()
        if collection is None or not any(item.type == "MESH" for item in collection.all_objects):
            return report_failure(self, "choose a collection that has a mesh in it")
        if not category:
            return report_failure(self, "enter a category: the name that the object gets in the labels")
        setting = "people_library" if kind == PERSON else "objects_library"
        folder = Path(bpy.path.abspath(getattr(settings.knobs, setting)) or settings.folder().parent / _FOLDERS[kind])
        file = folder / f"{bpy.path.clean_name(collection.name)}.blend"
        try:
            write_library_entry(collection, file, category, is_person=kind == PERSON)
        except (LibraryWriteError, OSError) as error:
            return report_failure(self, str(error))
        setattr(settings.knobs, setting, str(folder))
        shown = _choose_image_with(context, file)
        show_message(Message(f"{collection.name} is in {folder} as {category}{shown}"))
        return {"FINISHED"}


def _choose_image_with(context: bpy.types.Context, file: Path) -> str:
    """Set the panel's image to the next one that shows the library's ``file``; returns a message about it."""
    settings = settings_of(context)
    try:
        config = settings.config()
        for index in range(settings.index, settings.index + _SEARCHED_IMAGES):
            spec = sample(config, settings.seed, index)
            models = [*(item.model for item in spec.objects), *(person.model for person in spec.people)]
            if any(model is not None and Path(model.file) == file for model in models):
                settings.index = index
                return f"; image {index} shows it, press Preview"
    except ConfigError as error:
        return f", but the settings need a correction: {error}"
    return f"; none of the next {_SEARCHED_IMAGES} images shows it: raise its weight under Custom Content"


CLASSES = (WARDSYNTH_OT_add_marker, WARDSYNTH_OT_use_room, WARDSYNTH_OT_forget_room, WARDSYNTH_OT_add_own)
