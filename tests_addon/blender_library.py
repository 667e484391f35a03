"""Own characters made of our own body, under the bone names of other rigs. Runs where Blender is."""

from dataclasses import replace

import bpy
import numpy as np
from blender_people import draw_person
from mathutils import Matrix

from blender_addon.body import model, posture, rigs
from blender_addon.construct.camera import build_camera
from blender_addon.construct.characters import load_character, place_character
from blender_addon.construct.library import LibraryError, world_points
from blender_addon.construct.people import build_person, pose_people, support_of
from blender_addon.construct.scene import SCENE_NAME, BuiltInstance, BuiltScene, build_scene, remove_scene
from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample
from blender_addon.draw.spec import CameraSpec, FurnitureSpec, ModelSpec
from blender_addon.label.frame import label
from blender_addon.render import cycles
from shared_format import masks

STAND_IN = {
    "sex": 1.0, "age": 0.5, "weight": 0.5, "muscle": 0.5, "height": 0.5, "african": 0.3, "asian": 0.3, "caucasian": 0.4,
}  # fmt: skip
TABLES = {"mixamo": rigs._MIXAMO, "makehuman": rigs._MAKEHUMAN, "unreal": {}}
BED = {"length": 2.0, "width": 0.9, "surface": 0.55, "mattress": 0.14, "back_deg": 0.0, "knee_deg": 0.0}
SEAT = {"seat_height": 0.45, "seat_depth": 0.42, "seat_width": 0.45, "back_height": 0.4, "recline_deg": 8.0}
POSTURES = ("standing", "sitting-chair", "supine", "crouching")


def new_scene(name="library"):
    scene = bpy.data.scenes.new(name)
    for window in bpy.context.window_manager.windows:
        window.scene = scene
    return scene


def person_in(posture_name, role="visitor"):
    """A drawn person of the stand-in's body, and the furniture they are on."""
    spec, _ = draw_person(3, role, posture_name, draw_settings.resolve())
    shape = BED if spec.use == "bed" else SEAT if spec.use == "seat" else None
    piece = FurnitureSpec(1, "bed" if spec.use == "bed" else "chair", 0.0, 0.0, 0.0, 0.0, shape or {}, {})
    spec = replace(
        spec, phenotype=STAND_IN, garments=(), attachments=(), held=(), furniture=1 if shape else 0,
        stance=replace(spec.stance, x=0.7, y=-0.4, heading=30.0),
    )  # fmt: skip
    return spec, (piece,)


def write_character(path, naming, arms_deg=0.0):
    """Our own body at rest with the bones of another rig; ``arms_deg`` lifts the rest pose's arms towards a T."""
    scene = new_scene("writing")
    asset = model.load()
    spec, _ = person_in("standing")
    rest = asset.shape(STAND_IN)
    transforms = np.tile(np.eye(4), (len(asset.bones), 1, 1))
    skeleton = posture.sk.rest_skeleton(asset, rest)
    for side, sign in (("l", 1.0), ("r", -1.0)):
        head = skeleton.heads[skeleton.index(f"upperarm_{side}")]
        turn = posture.sk.rotation(posture.sk.Y, -sign * arms_deg)
        for i in range(len(skeleton.names)):
            if _hangs_on(skeleton, i, f"upperarm_{side}"):
                transforms[i, :3, :3], transforms[i, :3, 3] = turn, head - turn @ head
    shaped = posture.sk.skin(asset, rest, transforms)
    at_rest = posture.PosedBody(
        shaped, posture.sk.rest_skeleton(asset, shaped), {}, np.tile(np.eye(4), (len(asset.bones), 1, 1))
    )
    person = build_person(scene.collection, spec, at_rest, scene.view_layers[0])
    theirs = {ours: name for name, ours in TABLES[naming].items()}
    for bone in person.armature.data.bones:
        name = theirs.get(bone.name, bone.name)
        bone.name = f"mixamorig:{name}" if naming == "mixamo" else name
    _save(path, [person.armature, *person.objects])
    remove_scene(scene)


def altered(path, how):
    """The character of a file, turned, mirrored or with the rig of a prop, in a new file; returns its path."""
    scene = new_scene("altering")
    with bpy.data.libraries.load(path) as (there, wanted):
        wanted.objects = there.objects
    items = list(wanted.objects)
    armature = next(item for item in items if item.type == "ARMATURE")
    if how == "backward":
        armature.rotation_euler.z = np.pi
    elif how == "mirrored":
        armature.scale.x = -1.0
    else:
        items.append(bpy.data.objects.new("A cane", bpy.data.armatures.new("A cane")))
    for item in items:
        scene.collection.objects.link(item)
    changed = path.replace(".blend", f" {how}.blend")
    bpy.data.libraries.write(changed, set(items))
    remove_scene(scene)
    return changed


def with_hair_card(path):
    """The character of a file with a square card before its face, the child of its head bone; returns its new path."""
    scene = new_scene("altering")
    with bpy.data.libraries.load(path) as (there, wanted):
        wanted.objects = there.objects
    armature = next(item for item in wanted.objects if item.type == "ARMATURE")
    for item in wanted.objects:
        scene.collection.objects.link(item)
    scene.view_layers[0].update()
    head = next(bone for bone in armature.data.bones if bone.name.lower().endswith("head"))
    place = np.add(armature.matrix_world @ head.head_local, (0.0, -0.3, 0.08))
    mesh = bpy.data.meshes.new("hair card")
    corners = [(x, 0.0, z) for x, z in ((-0.1, -0.1), (0.1, -0.1), (0.1, 0.1), (-0.1, 0.1))]
    mesh.from_pydata((place + np.array(corners)).tolist(), [], [(0, 1, 2, 3)])
    mesh.materials.append(_half_clear())
    card = bpy.data.objects.new("hair card", mesh)
    scene.collection.objects.link(card)
    card.parent, card.parent_type, card.parent_bone = armature, "BONE", head.name
    tail = armature.matrix_world @ armature.pose.bones[head.name].matrix @ Matrix.Translation((0.0, head.length, 0.0))
    card.matrix_parent_inverse = tail.inverted()
    changed = path.replace(".blend", " hair.blend")
    bpy.data.libraries.write(changed, {*wanted.objects, card})
    remove_scene(scene)
    return changed


def _half_clear():
    """A material that is solid where x of its object's frame is positive, and clear elsewhere."""
    material = bpy.data.materials.new("hair")
    material.use_nodes = True
    tree = material.node_tree
    place, split, side = (tree.nodes.new(f"ShaderNode{name}") for name in ("TexCoord", "SeparateXYZ", "Math"))
    side.operation, side.inputs[1].default_value = "GREATER_THAN", 0.0
    tree.links.new(place.outputs["Object"], split.inputs[0])
    tree.links.new(split.outputs[0], side.inputs[0])
    tree.links.new(side.outputs[0], tree.nodes["Principled BSDF"].inputs["Alpha"])
    return material


def hair_card(path):
    """The sides of that card on a standing character, its visible box from 1 m before it, and its parts of the body."""
    config = draw_settings.resolve(pairs=["render.size=[128,128]", "labels.parts=true", "labels.min_visible_px=4"])
    scene = new_scene(SCENE_NAME)
    layer = scene.view_layers[0]
    spec, furniture = person_in("standing")
    spec = replace(spec, model=ModelSpec(path, "person", "z", "-y", 0.0, True))
    loaded = load_character(scene.collection, spec.id, spec.model, layer)
    body = pose_people([spec], furniture, {spec.id: loaded.height})[0]
    built = place_character(loaded, spec, body, support_of(spec, furniture), layer)
    card = next(item for item in loaded.meshes if item.name.startswith("hair card"))
    corners = world_points([card], layer)
    across, middle = corners[1] - corners[0], corners.mean(axis=0)
    ahead = np.cross(across, corners[3] - corners[0])
    eye = middle + 1.0 * ahead / np.linalg.norm(ahead)
    camera = CameraSpec("test", "pinhole", tuple(eye), tuple(middle), 0.0, 40.0)
    whole = replace(sample(config, 0, 0), camera=camera, size=(128, 128), people=(spec,))
    build_camera(scene, camera, (128, 128))
    for item in loaded.meshes:
        item.hide_render = item != card
    cycles.prepare(scene, config, 0)
    instance = BuiltInstance(spec.id, "person", (card,), {}, person=built)
    frame = label(BuiltScene(whole, scene, (instance,)), config).frame
    (one,) = frame.instances
    remove_scene(scene)
    sides = [float(np.linalg.norm(side)) for side in (across, corners[3] - corners[0])]
    return {
        "sides": sides,
        "box": one.bbox_visible,
        "parts": [name for name, mask in one.parts.items() if masks.decode(mask).any()],
    }


def _hangs_on(skeleton, i, name):
    while i >= 0:
        if skeleton.names[i] == name:
            return True
        i = skeleton.parents[i]
    return False


def _save(path, items):
    if path.endswith(".blend"):
        bpy.data.libraries.write(path, set(items))
        return
    for item in bpy.context.scene.objects:
        item.select_set(item in items)
    bpy.ops.export_scene.gltf(filepath=path, use_selection=True, use_active_scene=True)


def compared(path, posture_name):
    """[largest distance of joints, largest of the skin's points, deepest, lowest clearance] of a character."""
    scene = new_scene()
    layer = scene.view_layers[0]
    spec, furniture = person_in(posture_name)
    spec = replace(spec, model=ModelSpec(path, "person", "z", "-y", 0.0, True))
    loaded = load_character(scene.collection, spec.id, spec.model, layer)
    body = pose_people([spec], furniture, {spec.id: loaded.height})[0]
    on = support_of(spec, furniture)
    built = place_character(loaded, spec, body, on, layer)
    asset = model.load()
    own = asset.joints(body.vertices(asset))
    away = np.linalg.norm(built.joints(layer.depsgraph) - own, axis=1)
    to_frame = np.linalg.inv(posture.frame_of(spec.stance))
    skin = next(item for item in loaded.meshes if item.name.startswith("person 4 body"))
    points = world_points([skin], layer)
    there = body.vertices(asset, asset.group_vertices("body"))
    gaps = np.array([np.linalg.norm(there - point, axis=1).min() for point in points[::37]])
    clearance = on.clearance(points @ to_frame[:3, :3].T + to_frame[:3, 3])
    remove_scene(scene)
    return [float(away.max()), float(gaps.max()), float(clearance.min())]


def refused(path, rigged):
    """What is said of a bad file."""
    scene = new_scene()
    spec, _ = person_in("standing")
    try:
        load_character(scene.collection, spec.id, ModelSpec(path, "person", "z", "-y", 0.0, rigged), _layer())
    except LibraryError as error:
        return str(error)
    return "nothing"


def _layer():
    return bpy.context.window_manager.windows[0].scene.view_layers[0]


def labelled(people, objects):
    """The instances of three images with libraries, and the kinds of data that the later two leave behind."""
    config = draw_settings.resolve(
        pairs=[
            f"people.library={people}", "people.library_share=1", f"objects.library={objects}",
            'objects.per_picture={"3": 1}', 'people.count={"3": 1}', "render.size=[48,48]", "render.samples=1",
        ]
    )  # fmt: skip
    counts, instances = [], []
    for index in range(3):
        spec = sample(config, 2, index)
        built = build_scene(spec)
        own = {person.id for person in spec.people if person.model}
        cycles.prepare(built.scene, config, 0)
        frame = label(built, config).frame
        for instance, one in zip(built.instances, frame.instances):
            points = world_points(instance.objects, built.scene.view_layers[0])
            instances.append(
                {
                    "category": one.category, "own": one.id in own, "keypoints": bool(one.keypoints),
                    "low": float(points[:, 2].min()), "high": float(points[:, 2].max()),
                }
            )  # fmt: skip
        remove_scene(built.scene)
        counts.append(_counts())
    return {"instances": instances, "left": [kind for kind, count in counts[0].items() if counts[2][kind] != count]}


def _counts():
    kinds = ("objects", "meshes", "armatures", "materials", "images", "actions", "libraries", "collections")
    return {kind: len(getattr(bpy.data, kind)) for kind in kinds}
