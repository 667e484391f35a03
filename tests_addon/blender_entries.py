"""Collections that an artist adds to the library, and what is read back of them. Runs where Blender is."""

import tempfile
from pathlib import Path

import bpy
from blender_custom import box, image_material, new_collection, write_image

from blender_addon.construct.library import load_model, world_points
from blender_addon.construct.library_writer import LibraryWriteError, write_library_entry
from blender_addon.draw.spec import ModelSpec


def _tiles(folder, walker):
    for number in (1001, 1002):
        write_image(f"{folder}/skin.{number}.png", 1.0)
    image = bpy.data.images.load(f"{folder}/skin.1001.png")
    image.source, image.filepath = "TILED", f"{folder}/skin.<UDIM>.png"
    image.tiles.new(1002)
    box("body", collection=walker).data.materials.append(image_material(image))
    return image


def _missing_tile(folder, walker):
    _tiles(folder, walker)
    Path(f"{folder}/skin.1002.png").unlink()


def _sequence(folder, walker):
    write_image(f"{folder}/skin0001.png", 1.0)
    image = bpy.data.images.load(f"{folder}/skin0001.png")
    image.source = "SEQUENCE"
    box("body", collection=walker).data.materials.append(image_material(image))


def _missing_sequence(folder, walker):
    _sequence(folder, walker)
    Path(f"{folder}/skin0001.png").unlink()


def _override(folder, walker):
    linked = _linked_collection(folder)
    bpy.context.scene.collection.children.link(linked)
    linked.override_hierarchy_create(bpy.context.scene, bpy.context.view_layer)
    bpy.context.scene.collection.children.unlink(linked)
    item = next(item for item in bpy.context.scene.objects if item.override_library)
    item.scale.z = 2.0
    walker.objects.link(item)


def _linked_collection(folder):
    inside = bpy.data.collections.new("inside")
    item = box("body", collection=inside)
    bpy.data.libraries.write(f"{folder}/linked.blend", {inside})
    bpy.data.batch_remove([inside, item])
    with bpy.data.libraries.load(f"{folder}/linked.blend", link=True) as (_, wanted):
        wanted.collections = ["inside"]
    return wanted.collections[0]


def _instance(collection, walker):
    item = bpy.data.objects.new("instance", None)
    item.instance_type, item.instance_collection = "COLLECTION", collection
    walker.objects.link(item)


def _linked_instance(folder, walker):
    _instance(_linked_collection(folder), walker)


def _local_instance(_folder, walker):
    inside = bpy.data.collections.new("inside")
    box("body", collection=inside)
    _instance(inside, walker)


def _curve(_folder, walker):
    item = bpy.data.objects.new("curve", bpy.data.curves.new("curve", "CURVE"))
    item.data.dimensions, item.data.bevel_depth = "3D", 0.2
    spline = item.data.splines.new("POLY")
    spline.points.add(1)
    spline.points[1].co = (0.0, 0.0, 1.0, 1.0)
    walker.objects.link(item)


def _excluded_child(_folder, walker):
    box("body", collection=walker)
    child = bpy.data.collections.new("child")
    walker.children.link(child)
    box("large", (0.0, 0.0, 0.0), (3.0, 3.0, 3.0), child)
    bpy.context.view_layer.layer_collection.children["walker"].children["child"].exclude = True


def _driven_by_the_scene(_folder, walker):
    box("elsewhere", (5.0, 5.0, 0.0), (6.0, 6.0, 9.0))
    item = box("body", collection=walker)
    bpy.context.scene["shift"] = 0.0
    driver = item.driver_add("location", 0).driver
    target = driver.variables.new().targets[0]
    driver.type, target.id_type = "SUM", "SCENE"
    target.id, target.data_path = bpy.context.scene, '["shift"]'


def _holdout(_folder, walker):
    box("body", collection=walker).is_holdout = True


def _hair(_folder, walker):
    hair = bpy.data.hair_curves.new("hair")
    hair.add_curves([2] * 3)
    item = bpy.data.objects.new("hair", hair)
    item.parent = box("body", collection=walker)
    walker.objects.link(item)


ENTRIES = {
    "tiles": _tiles, "missing tile": _missing_tile, "sequence": _sequence, "missing sequence": _missing_sequence,
    "override": _override, "linked instance": _linked_instance, "local instance": _local_instance, "curve": _curve,
    "excluded child": _excluded_child, "driven by the scene": _driven_by_the_scene, "holdout": _holdout, "hair": _hair,
}  # fmt: skip


def read_back(name):
    """The meshes, hair, size, images (packed files of each) and scenes of an added collection, or {"problem"}."""
    with tempfile.TemporaryDirectory() as folder:
        walker = new_collection("walker")
        ENTRIES[name](folder, walker)
        bpy.ops.wm.save_as_mainfile(filepath=f"{folder}/artist.blend")
        file = Path(folder) / "objects" / "walker.blend"
        try:
            write_library_entry(walker, file, "walker", False)
        except LibraryWriteError as error:
            return {"problem": str(error), "is_written": file.exists()}
        bpy.ops.wm.read_factory_settings(use_empty=True)
        scene = bpy.context.scene
        spec = ModelSpec(str(file), "walker", "z", "-y", 0.0, False)
        model = load_model(scene.collection, "walker", spec, scene.view_layers[0])
        points = world_points(model.meshes, scene.view_layers[0])
        return {
            "meshes": len(model.meshes),
            "strands": [item.name for item in model.strands],
            "size": (points.max(axis=0) - points.min(axis=0)).tolist(),
            "packed": [len(image.packed_files) for image in bpy.data.images],
            "scenes": len(bpy.data.scenes),
        }
