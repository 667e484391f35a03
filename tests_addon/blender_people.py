"""People built alone in Blender, and what rays from around them meet. Runs where Blender is."""

import time

import bpy
import numpy as np
from mathutils import Vector

from blender_addon.body import model, posture, support
from blender_addon.construct.people import build_person
from blender_addon.construct.scene import remove_scene
from blender_addon.draw import config as draw_settings
from blender_addon.draw.clothes import draw_outfit
from blender_addon.draw.identity import draw_identity
from blender_addon.draw.postures import PersonPlace, draw_stance
from blender_addon.draw.spec import PersonSpec
from blender_addon.draw.streams import RandomStream, balanced, by_weight

SEED = 21
LYING = ("supine", "lateral-left", "lateral-right", "prone", "half-sitting")
_BED = {"length": 2.0, "width": 0.9, "surface": 0.55, "mattress": 0.14, "back_deg": 0.0, "knee_deg": 0.0}
_SEAT = {"seat_height": 0.45, "seat_depth": 0.42, "seat_width": 0.45, "back_height": 0.4, "recline_deg": 8.0}
_OPEN_SHOES = ("slippers", "clogs")  # a heel rests on their soles
_NEAR = 0.025  # metres: cloth this close behind skin should have been before it


def draw_person(number, role, posture_name, config):
    """One person drawn by number: the spec, and what carries it."""

    def pick(key):
        return by_weight(balanced(SEED, number, key), config[key])

    lying = posture_name in LYING
    identity = draw_identity(config, pick, RandomStream(SEED, number, "person"), role, lying)
    outfit = draw_outfit(config, pick, RandomStream(SEED, number, "clothes"), role, identity, lying)
    raised = {**_BED, "back_deg": 40.0} if posture_name == "half-sitting" else _BED
    on = support.bed(raised) if lying else support.seat(_SEAT) if posture_name == "sitting-chair" else support.floor()
    shape = raised if lying else _SEAT if posture_name == "sitting-chair" else {}
    place = PersonPlace(0.0, 0.0, 0.0, use="bed" if lying else "seat" if shape else "floor", shape=shape)
    stance = draw_stance(RandomStream(SEED, number, "pose"), posture_name, identity.phenotype["weight"], place)
    spec = PersonSpec(
        id=number + 1, role=role, posture=posture_name, garments=outfit.garments, attachments=outfit.attachments,
        stance=stance, furniture=0, use=place.use, cover=None, held=(), attributes=outfit.attributes,
        **identity._asdict(),
    )  # fmt: skip
    return spec, on


def _scene():
    scene = bpy.data.scenes.new("people")
    for window in bpy.context.window_manager.windows:
        window.scene = scene
    return scene


def _build(scene, spec, on):
    asset = model.load()
    body = posture.pose_body(asset, asset.shape(spec.phenotype), spec.stance, on, {})
    started = time.thread_time()
    person = build_person(scene.collection, spec, body, scene.view_layers[0])
    return person, time.thread_time() - started


def skin_through_cloth(count, first=0):
    """[(garment, pixels it shows, pixels of skin that should be under it)] over people drawn in many postures."""
    config = draw_settings.resolve()
    roles = ("staff", "patient", "visitor")
    postures = (
        "standing",
        "sitting-chair",
        "crouching",
        "lateral-left",
        "supine",
        "walking",
        "half-sitting",
        "bending",
    )
    result = []
    for number in range(first, first + count):
        role = "patient" if postures[number % len(postures)] in LYING else roles[number % 3]
        scene = _scene()
        person, _ = _build(scene, *draw_person(number, role, postures[number % len(postures)], config))
        result += [[f"{number} {name}", *counted] for name, counted in _seen(scene, person).items()]
        remove_scene(scene)
    return result


def _seen(scene, person):
    """{garment: [pixels shown, pixels of skin just before its outer side]} from six sides."""
    scene.view_layers[0].update()
    depsgraph = scene.view_layers[0].depsgraph
    skin, *others = person.objects
    kinds = tuple(garment.kind for garment in person.spec.garments if garment.kind not in _OPEN_SHOES)
    cloth = {item.name for item in others if item.name.split(" ", 2)[2].startswith(kinds)}
    corners = np.array(
        [item.matrix_world @ Vector(c) for item in person.objects for c in item.evaluated_get(depsgraph).bound_box]
    )
    middle, reach = (corners.min(axis=0) + corners.max(axis=0)) / 2, np.ptp(corners, axis=0).max() / 2
    limbs = {item.name: _limb_of_faces(item, depsgraph) for item in person.objects}
    counts = {}
    for angle, rise in ((0, 0.2), (70, 0.3), (140, 0.5), (215, 0.2), (290, 0.4), (20, 2.5)):
        towards = Vector((np.cos(np.radians(angle)), np.sin(np.radians(angle)), rise)).normalized()
        right = towards.cross(Vector((0, 0, 1))).normalized()
        up = right.cross(towards)
        for u in np.linspace(-reach, reach, 110):
            for v in np.linspace(-reach, reach, 110):
                origin = Vector(middle) + towards * 3 + right * u + up * v
                hit, place, _, face, item, _ = scene.ray_cast(depsgraph, origin, -towards)
                if not hit:
                    continue
                if item.name in cloth:
                    counts.setdefault(item.name, [0, 0])[0] += 1
                elif item.name == skin.name:
                    below = place - towards * 1e-4
                    hit, _, normal, other, under, _ = scene.ray_cast(depsgraph, below, -towards, distance=_NEAR)
                    outside = hit and under.name in cloth and normal.dot(towards) > 0
                    if outside and limbs[skin.name][face] == limbs[under.name][other]:  # not a hand on a lap
                        counts.setdefault(under.name, [0, 0])[1] += 1
    return counts


_LIMBS = {
    "head": "head", "neck": "head", "upperarm": "arm", "lowerarm": "arm", "hand": "hand", "thumb": "hand",
    "index": "hand", "middle": "hand", "ring": "hand", "pinky": "hand", "thigh": "leg", "calf": "leg", "foot": "leg",
    "ball": "leg",
}  # fmt: skip


def _limb_of_faces(item, depsgraph):
    """For every face of an evaluated mesh the side and limb of the bone that moves its first corner most."""
    mesh = item.evaluated_get(depsgraph).data
    names = [group.name for group in item.vertex_groups]
    of_vertex = []
    for vertex in mesh.vertices:
        groups = [(g.weight, names[g.group]) for g in vertex.groups if names[g.group] != "under clothes"]
        bone = max(groups)[1] if groups else "Root"
        limb = _LIMBS.get(bone.split("_")[0], "trunk")
        of_vertex.append((limb, bone[-2:] if limb in ("arm", "hand", "leg") else ""))
    return [of_vertex[polygon.vertices[0]] for polygon in mesh.polygons]


def built_and_discarded(count):
    """Seconds of one core each person took to build, and resident megabytes after a quarter and after all of them."""
    config = draw_settings.resolve()
    drawn = [draw_person(n, ("staff", "patient", "visitor")[n % 3], "standing", config) for n in range(min(count, 30))]
    seconds, resident, before = [], [], (len(bpy.data.meshes), len(bpy.data.materials))
    for number in range(count):
        scene = _scene()
        _, took = _build(scene, *drawn[number % len(drawn)])
        seconds.append(took)
        remove_scene(scene)
        if number + 1 in (count // 4, count):
            resident.append(_resident_megabytes())
    left = len(bpy.data.meshes) - before[0], len(bpy.data.materials) - before[1]
    return {"seconds": seconds, "resident": resident, "left": left}


def _resident_megabytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6
