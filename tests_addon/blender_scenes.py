"""Scenes whose labels are known by analysis. Runs where Blender is; the tests read what comes back.

The camera is at the origin and looks along +y; a quad at distance d that is w wide is w f / d pixels wide.
"""

from dataclasses import replace

import bpy
import numpy as np
import rederive

from blender_addon.construct.camera import build_camera
from blender_addon.construct.mesh import add_mesh
from blender_addon.construct.scene import BuiltInstance, BuiltScene, remove_scene
from blender_addon.construct.solids import box
from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample
from blender_addon.draw.projection import barrel_polynomial, project, rays
from blender_addon.draw.spec import CameraSpec
from blender_addon.label import keypoints, pass_indices
from blender_addon.label.frame import _depsgraph, label
from blender_addon.label.geometry import Surface
from blender_addon.label.isolated_instance import IsolatedInstance
from blender_addon.label.sight import Sight
from blender_addon.render import cycles
from shared_format.record import frame_to_json

SIZE = (100, 80)
PINHOLE = CameraSpec("test", "pinhole", (0.0, 0.0, 0.0), (0.0, 1.0, 0.0), 0.0, 60.0)
FISHEYE = replace(PINHOLE, lens="fisheye", polynomial=(np.radians(75.0), 0.0, 0.0, 0.0))
BARREL = replace(PINHOLE, lens="distorted", polynomial=barrel_polynomial(80.0, 0.5))
CAMERAS = {"pinhole": PINHOLE, "fisheye": FISHEYE, "barrel": BARREL}
CAMERAS.update(
    {f"{name} off centre": replace(camera, off_centre=(0.08, -0.05)) for name, camera in list(CAMERAS.items())}
)
CAMERAS["image circle"] = replace(FISHEYE, image_circle=60.0)


def _material():
    material = bpy.data.materials.new("grey")
    material.use_nodes = True
    return material


class Stage:
    """An empty scene with a camera, to which labelled things are added."""

    def __init__(self, camera=PINHOLE, size=SIZE, **settings):
        self.config = {**draw_settings.resolve(), "labels.min_visible_px": 4, **settings}
        self.spec = replace(sample(self.config, 0, 0), camera=camera, size=size, people=())
        self.scene = bpy.data.scenes.new("stage")
        for window in bpy.context.window_manager.windows:
            window.scene = self.scene
        build_camera(self.scene, camera, size)
        self.instances = []

    def quad(self, name, middle, width, height, cuts=1):
        """A quad that faces the camera, as a grid of ``cuts`` x ``cuts``."""
        x = np.linspace(-0.5, 0.5, cuts + 1) * width + middle[0]
        z = np.linspace(-0.5, 0.5, cuts + 1) * height + middle[2]
        points = [(a, middle[1], b) for b in z for a in x]
        faces = [
            (r * (cuts + 1) + c, r * (cuts + 1) + c + 1, (r + 1) * (cuts + 1) + c + 1, (r + 1) * (cuts + 1) + c)
            for r in range(cuts)
            for c in range(cuts)
        ]
        return add_mesh(self.scene.collection, name, points, faces, _material())

    def sphere(self, name, middle, radius):
        rings, turns = 32, 48
        polar = np.linspace(0, np.pi, rings + 1)
        around = np.arange(turns) * 2 * np.pi / turns
        points = [
            np.add(middle, radius * np.array([np.sin(p) * np.cos(a), np.sin(p) * np.sin(a), np.cos(p)]))
            for p in polar
            for a in around
        ]
        faces = [
            (r * turns + c, (r + 1) * turns + c, (r + 1) * turns + (c + 1) % turns, r * turns + (c + 1) % turns)
            for r in range(rings)
            for c in range(turns)
        ]
        return add_mesh(self.scene.collection, name, points, faces, _material())

    def draped_sheet(self, name, body, middle, half, clearance):
        """A grid that lies before an ellipsoid ``body`` = (middle, half axes) and hangs down beside it.

        It is ``half`` = (x, z) metres wide to each side of ``middle`` = (x, z), and ``clearance`` off the body.
        """
        centre, axes = np.array(body[0]), np.array(body[1]) + clearance
        x = np.linspace(-1, 1, 61) * half[0] + middle[0]
        z = np.linspace(-1, 1, 41) * half[1] + middle[1]
        points = []
        for b in z:
            for a in x:
                left = 1 - ((a - centre[0]) / axes[0]) ** 2 - ((b - centre[2]) / axes[2]) ** 2
                points.append((a, centre[1] - axes[1] * np.sqrt(max(left, 0.0)), b))
        faces = [
            (r * 61 + c, r * 61 + c + 1, (r + 1) * 61 + c + 1, (r + 1) * 61 + c) for r in range(40) for c in range(60)
        ]
        return add_mesh(self.scene.collection, name, points, faces, _material())

    def ellipsoid(self, name, middle, axes):
        item = self.sphere(name, (0.0, 0.0, 0.0), 1.0)
        item.location, item.scale = middle, axes
        return item

    def box(self, name, low, high):
        solid = box(low, high)
        return add_mesh(self.scene.collection, name, solid.vertices, solid.faces[0].tolist(), _material())

    def label_as(self, category, *objects, bedding=()):
        self.instances.append(BuiltInstance(len(self.instances) + 1, category, objects, {}, None, tuple(bedding)))
        return self

    def built(self):
        cycles.prepare(self.scene, self.config, 0)
        self.scene.view_layers[0].update()
        return BuiltScene(self.spec, self.scene, tuple(self.instances))

    def record(self):
        built = self.built()
        labels = label(built, self.config)
        remove_scene(built.scene)
        return frame_to_json(labels.frame)["instances"]


def scene_triangles(scene, depsgraph, number_of):
    """(T, 3, 3) metres and (T,) owner of all evaluated meshes; ``number_of`` an object's name, 0 for the others."""
    triangles, owners = [], []
    for item in scene.objects:
        if item.type != "MESH":
            continue
        evaluated = item.evaluated_get(depsgraph)
        mesh = evaluated.to_mesh()
        mesh.calc_loop_triangles()
        points = np.empty(len(mesh.vertices) * 3)
        mesh.vertices.foreach_get("co", points)
        corners = np.empty(len(mesh.loop_triangles) * 3, dtype=np.int32)
        mesh.loop_triangles.foreach_get("vertices", corners)
        world = np.array(evaluated.matrix_world)
        points = points.reshape(-1, 3) @ world[:3, :3].T + world[:3, 3]
        triangles.append(points[corners.reshape(-1, 3)])
        owners.append(np.full(len(corners) // 3, number_of.get(item.name, 0)))
        evaluated.to_mesh_clear()
    return np.concatenate(triangles), np.concatenate(owners)


def half_outside():
    """A quad 2 m wide at 4 m, its middle on the right edge of the image."""
    stage = Stage()
    edge = 4.0 * np.tan(np.radians(30.0))
    return stage.label_as("bed", stage.quad("q", (edge, 4.0, 0.0), 2.0, 1.0)).record()


def bar_over_half():
    """A bar over the left half of a quad."""
    stage = Stage()
    stage.label_as("bed", stage.quad("q", (0.0, 4.0, 0.0), 2.0, 1.0))
    stage.quad("bar", (-0.375, 3.0, 0.0), 0.75, 2.0)
    return stage.record()


def blanket_over_half():
    """The same, but the bar is the thing's own bedding, and a second bar is in the way."""
    stage = Stage()
    quad, blanket = stage.quad("q", (0.0, 4.0, 0.0), 2.0, 1.0), stage.quad("b", (-0.375, 3.0, 0.0), 0.75, 2.0)
    stage.label_as("bed", quad, bedding=(blanket,))
    with_blanket = stage.record()
    stage = Stage()
    quad, blanket = stage.quad("q", (0.0, 4.0, 0.0), 2.0, 1.0), stage.quad("b", (-0.375, 3.0, 0.0), 0.75, 2.0)
    stage.quad("chair", (0.5, 2.0, 0.0), 0.5, 2.0)
    stage.label_as("bed", quad, bedding=(blanket,))
    return [*with_blanket, *stage.record()]


def two_behind_each_other():
    """A quad of 1 x 1 m at 2 m before one of 2 x 2 m at 4 m: the same size in the image."""
    stage = Stage()
    stage.label_as("bed", stage.quad("far", (0.0, 4.0, 0.0), 2.0, 2.0))
    stage.label_as("bed", stage.quad("near", (0.5, 2.0, 0.0), 1.0, 1.0))
    return stage.record()


def hidden_whole():
    stage = Stage()
    stage.label_as("bed", stage.quad("q", (0.0, 4.0, 0.0), 1.0, 1.0))
    stage.quad("wall", (0.0, 3.0, 0.0), 5.0, 5.0)
    return stage.record()


def out_of_sight():
    stage = Stage()
    return stage.label_as("bed", stage.quad("q", (0.0, -4.0, 0.0), 1.0, 1.0)).record()


def partly_behind():
    """A floor of 2 x 8 m, one metre below, that begins 4 m behind the camera."""
    stage = Stage()
    floor = stage.box("floor", (-1.0, -4.0, -1.01), (1.0, 4.0, -1.0))
    return stage.label_as("bed", floor).record()


def sphere_grid(lens):
    """Balls at known places: the middles of their masks and boxes, and the formula's."""
    places = [(x, 4.0, z) for x in (-1.5, 0.0, 1.5) for z in (-1.0, 0.4, 1.2)]
    stage = Stage(CAMERAS[lens], size=(160, 128))
    for n, place in enumerate(places):
        stage.label_as("bed", stage.sphere(f"s{n}", place, 0.12))
    built = stage.built()
    formula = project(stage.spec.camera, stage.spec.size, np.array(places)).tolist()
    outline = []
    for place in places:  # the ball's outline: the circle where lines of sight touch it
        away = np.linalg.norm(place)
        axis = np.array(place) / away
        across = np.cross(axis, [0.0, 0.0, 1.0])
        across /= np.linalg.norm(across)
        touch = 0.12 / away
        angles = np.linspace(0, 2 * np.pi, 200)[:, None]
        ring = np.cos(angles) * across + np.sin(angles) * np.cross(axis, across)
        points = axis * (away * (1 - touch**2)) + ring * 0.12 * np.sqrt(1 - touch**2)
        pixels = project(stage.spec.camera, stage.spec.size, points)
        outline.append([*pixels.min(axis=0).tolist(), *pixels.max(axis=0).tolist()])
    labels = label(built, stage.config)
    remove_scene(built.scene)
    return {"instances": frame_to_json(labels.frame)["instances"], "formula": formula, "outline": outline}


def ball_on_the_edge(lens):
    """A ball whose middle is on the right edge of the image."""
    stage = Stage(CAMERAS[lens])
    towards = rays(stage.spec.camera, SIZE, np.array([[100.0, 40.0]]))[0]
    return stage.label_as("bed", stage.sphere("s", tuple(towards * 4.0), 0.3)).record()


def wall_through_an_image_circle():
    """What a lens shows that ends 60 degrees off its axis: a wall that fills the image; its amodal box too."""
    stage = Stage(CAMERAS["image circle"], size=(120, 120))
    return stage.label_as("bed", stage.quad("wall", (0.0, 1.0, 0.0), 60.0, 60.0, cuts=40)).record()


def joint_behind_own_torso():
    """Joints before, inside and behind a body of one box, and behind another box."""
    stage = Stage()
    torso = stage.box("torso", (-0.2, 3.8, -0.3), (0.2, 4.2, 0.3))
    other = stage.box("chair", (0.4, 3.0, -0.3), (0.8, 3.1, 0.3))
    blanket = stage.quad("blanket", (-0.6, 3.5, 0.0), 0.3, 0.6)
    stage.label_as("bed", torso, bedding=(blanket,)).label_as("chair", other)
    built = stage.built()
    found = pass_indices.assign_pass_indices(built)
    points = {
        "before": (0.0, 3.7, 0.0),
        "just inside": (0.0, 3.85, 0.0),
        "behind": (0.0, 4.5, 0.0),
        "behind the chair": (0.8, 4.0, 0.0),
        "under the blanket": (-0.68, 4.0, 0.0),
    }
    sight = Sight(built, _depsgraph(built), frozenset(), np.zeros(SIZE[::-1]))
    said = {
        name: keypoints.hidden_by(sight, found, "object:bed", np.array(point), 0.1, (0, 0))
        for name, point in points.items()
    }
    remove_scene(built.scene)
    return said


def joints_beside_outlines():
    """Joints less than a pixel from an outline; for each what hides it and whose its pixel is.

    In pixels from the left: the body ends at 60.3 before a cabinet, a chair before it goes from 30.3 to 45.2.
    """
    stage = Stage()

    def across(pixel, distance):
        return (pixel - SIZE[0] / 2) * distance * np.tan(np.radians(30.0)) / (SIZE[0] / 2)

    def between(name, left, right, distance):
        ends = across(left, distance), across(right, distance)
        return stage.quad(name, (sum(ends) / 2, distance, 0.0), ends[1] - ends[0], 0.8)

    stage.label_as("bed", stage.box("body", (across(20, 4.0), 4.0, -0.3), (across(60.3, 4.0), 4.2, 0.3)))
    stage.label_as("chair", between("chair", 30.3, 45.2, 3.0))
    stage.label_as("cabinet", between("cabinet", 50, 90, 5.0))
    built = stage.built()
    found = pass_indices.assign_pass_indices(built)
    sight = Sight(built, _depsgraph(built), frozenset(), np.zeros(SIZE[::-1]))
    shown = label(built, stage.config).instances
    said = {}
    for pixel in (25.5, 30.2, 30.4, 45.1, 45.3, 60.15):
        point = np.array([across(pixel, 4.05), 4.05, -0.01])
        cause = keypoints.hidden_by(sight, found, "object:bed", point, 0.1, (pixel, 40))
        said[pixel] = [cause, int(shown[40, int(pixel)])]
    remove_scene(built.scene)
    return said


def rays_at_one_alone():
    """Rays at clouds of triangles before, around and behind a camera: hits of ``IsolatedInstance`` and of numpy."""
    random, wrong, hits = np.random.default_rng(1), 0, 0
    for middle, spread in (
        ((0.0, 3.0, 0.0), 0.5),
        ((0.3, 2.0, -1.0), 1.5),
        ((0.0, 0.0, 0.0), 2.0),
        ((1.0, -2.0, 0.0), 0.4),
    ):
        corners = random.normal(size=(40, 1, 3)) * spread + middle + random.normal(size=(40, 3, 3)) * 0.2
        surface = Surface(corners.reshape(-1, 3), np.arange(120).reshape(-1, 3))
        directions = random.normal(size=(600, 3)) + np.array(middle) / max(np.linalg.norm(middle), 0.1)
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        said = IsolatedInstance(PINHOLE, surface).hit_by(directions)
        expected = [rederive.first_hit(np.zeros(3), 50.0 * towards, corners) is not None for towards in directions]
        wrong += int((said != expected).sum())
        hits += int(said.sum())
    return [wrong, hits]


def draped_sheets(lens, labelled=False):
    """Two bodies, the far one partly behind the near; each has its sheet, which hangs over its sides; and a chair.

    The sheets may be ``labelled`` as instances of their own.
    """
    stage = Stage(CAMERAS[lens], size=(160, 128))
    near, far = ((-0.3, 4.0, 0.0), (0.9, 0.25, 0.35)), ((1.0, 5.0, 0.35), (0.7, 0.25, 0.5))
    bodies = [stage.ellipsoid(f"body {n}", *body) for n, body in enumerate((near, far))]
    over_near = stage.draped_sheet("sheet 0", near, (0.3, -0.1), (0.7, 0.4), 0.02)
    over_far = stage.draped_sheet("sheet 1", far, (1.2, 0.0), (0.7, 0.3), 0.02)
    stage.label_as("bed", bodies[0], bedding=(over_near,)).label_as("bed", bodies[1], bedding=(over_far,))
    if labelled:
        stage.label_as("bedding", over_near).label_as("bedding", over_far)
    stage.quad("chair", (-0.3, 2.5, 0.0), 0.2, 1.0)
    built = stage.built()
    record = frame_to_json(label(built, stage.config).frame)
    number_of = {bodies[0].name: 1, bodies[1].name: 2, over_near.name: 3, over_far.name: 4}
    triangles, owner = scene_triangles(built.scene, _depsgraph(built), number_of)
    remove_scene(built.scene)
    return {"record": record, "triangles": triangles.tolist(), "owners": owner.tolist()}


def depth_of_planes():
    """Depth of a quad at 4 m before one at 6 m, on the axis and off it."""
    stage = Stage(**{"labels.depth": True})
    stage.label_as("bed", stage.quad("near", (-0.5, 4.0, 0.0), 1.0, 1.0))
    stage.quad("far", (1.0, 6.0, 0.0), 2.0, 2.0)
    built = stage.built()
    depth = label(built, stage.config).depth
    remove_scene(built.scene)
    return [float(depth[40, 45]), float(depth[40, 60]), bool(np.isinf(depth[0, 0]))]


def modifiers_count():
    """A quad that a modifier moves 1 m to the right is labelled where it is, not where it was."""
    stage = Stage()
    quad = stage.quad("q", (-0.5, 4.0, 0.0), 1.0, 1.0)
    displace = quad.modifiers.new("move", "DISPLACE")
    displace.direction, displace.strength, displace.mid_level = "X", 1.0, 0.0
    return stage.label_as("bed", quad).record()


def sharp_and_blurred():
    """The same quads through a sharp camera, and through one with a wide open lens while they move."""
    found = []
    for blurred in (False, True):
        stage = Stage()
        near = stage.quad("near", (0.3, 2.0, 0.0), 1.0, 1.0)
        stage.label_as("bed", near).label_as("bed", stage.quad("far", (0.0, 4.0, 0.0), 2.0, 2.0))
        if blurred:
            lens = stage.scene.camera.data.dof
            lens.use_dof, lens.focus_distance, lens.aperture_fstop = True, 1.0, 0.05
            stage.scene.render.use_motion_blur = True
            for frame, shift in ((0, -1.0), (1, 0.0), (2, 1.0)):
                near.location.x = shift
                near.keyframe_insert("location", frame=frame)
            stage.scene.frame_set(1)
            near.location.x = 0.0
        found.append(stage.record())
    return found
