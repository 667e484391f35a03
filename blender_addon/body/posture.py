"""Putting a posed body where its weight rests: on the floor, on a bed's edge, on a mattress.

The drawn joint angles say how a person holds itself; here the few angles that contact decides are
solved for the body at hand, so that feet stand, thighs and backs lie, and nothing floats or sinks.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from . import skeleton as sk
from .model import BodyModel

# A mattress gives way under the parts that carry the weight (metres).
_PRESSED_IN = 0.012
_BISECTIONS = 14


@dataclass(frozen=True)
class Placement:
    """Where a person is to be, in the room's metres.

    Attributes:
        posture: "standing", "sitting" (on the edge of the surface) or "supine" (on the surface).
        x, y: standing: between the feet. Sitting: the point of the edge in front. Supine: the crown of
            the head.
        heading: degrees about z. Standing and sitting: where the person faces, 0 = -y, 90 = +x.
            Supine: where the feet point.
        surface: height in metres of the mattress; unused when standing.
        overhang: sitting: how far the backs of the knees are beyond the edge, metres.
    """

    posture: str
    x: float
    y: float
    heading: float
    surface: float = 0.0
    overhang: float = 0.06


@dataclass(frozen=True)
class PosedBody:
    """A body ready to be built.

    Attributes:
        rest: (V, 3) shaped rest vertices.
        skeleton: the rest skeleton.
        pose: the joint angles after contact was solved.
        transforms: (B, 4, 4) deform transforms, rest -> room.
    """

    rest: np.ndarray
    skeleton: sk.Skeleton
    pose: dict
    transforms: np.ndarray

    def vertices(self, model: BodyModel, rows: np.ndarray | None = None) -> np.ndarray:
        """Posed vertices in the room (metres), all or only ``rows``."""
        return sk.skin(model, self.rest, self.transforms, rows)


def pose_body(model: BodyModel, phenotype: Mapping[str, float], pose: Mapping, placement: Placement) -> PosedBody:
    """Shape a body, pose it and rest it on its support."""
    rest = model.shape(phenotype)
    solver = _Solver(model, rest, sk.rest_skeleton(model, rest), pose)
    {"standing": _stand, "sitting": _sit, "supine": _lie_supine}[placement.posture](solver, placement)
    return PosedBody(rest, solver.skeleton, solver.pose, solver.transforms())


class _Solver:
    """The body while contact is being solved: a pose and a root transform that change."""

    def __init__(self, model: BodyModel, rest: np.ndarray, skeleton: sk.Skeleton, pose: Mapping) -> None:
        self.model, self.rest, self.skeleton = model, rest, skeleton
        self.pose = {joint: {**dict.fromkeys(names, 0.0), **pose.get(joint, {})} for joint, names in sk.JOINTS.items()}
        self.pose = copy.deepcopy(self.pose)
        self.root = np.eye(4)

    def transforms(self) -> np.ndarray:
        return sk.deform_transforms(self.skeleton, sk.local_rotations(self.skeleton, self.pose), self.root)

    def rows(self, *prefixes: str) -> np.ndarray:
        """Body vertices moved mostly by bones whose names begin with one of ``prefixes``."""
        bones = [i for i, name in enumerate(self.skeleton.names) if name.startswith(prefixes)]
        body = self.model.group_vertices("body")
        return body[np.isin(self.model.bone_ids[body, 0], bones)]

    def posed(self, rows: np.ndarray) -> np.ndarray:
        return sk.skin(self.model, self.rest, self.transforms(), rows)

    def lowest(self, rows: np.ndarray) -> float:
        return self.posed(rows)[:, 2].min()

    def head_of(self, bone: str) -> np.ndarray:
        i = self.skeleton.index(bone)
        return (self.transforms()[i] @ np.append(self.skeleton.heads[i], 1.0))[:3]

    def move(self, offset: np.ndarray) -> None:
        self.root[:3, 3] += offset

    def drop(self, rows: np.ndarray, height: float) -> None:
        """Move the whole body up or down until the lowest of ``rows`` is at ``height``."""
        self.move(np.array([0.0, 0.0, height - self.lowest(rows)]))

    def solve(self, joint: str, angle: str, interval: tuple, rows: np.ndarray, height: float) -> None:
        """Bisect one joint angle until the lowest of ``rows`` is at ``height``, or the nearer end is reached."""
        gap = self._gap(joint, angle, rows, height)
        low, high = interval
        if (gap(low) > 0) == (gap(high) > 0):
            self.pose[joint][angle] = low if abs(gap(low)) < abs(gap(high)) else high
            return
        rising = gap(high) > 0
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            if (gap(middle) > 0) == rising:
                high = middle
            else:
                low = middle
        self.pose[joint][angle] = (low + high) / 2

    def _gap(self, joint: str, angle: str, rows: np.ndarray, height: float) -> Callable[[float], float]:
        def gap(degrees: float) -> float:
            self.pose[joint][angle] = degrees
            return self.lowest(rows) - height

        return gap


def _stand(solver: _Solver, placement: Placement) -> None:
    solver.root[:3, :3] = sk.rotation(sk.Z, placement.heading)
    feet = solver.rows("foot", "ball")
    solver.drop(feet, 0.0)
    between = (solver.head_of("foot_l") + solver.head_of("foot_r")) / 2
    solver.move(np.array([placement.x - between[0], placement.y - between[1], 0.0]))
    for side in sk.SIDES:  # a bent or spread leg lifts its foot: let the hip lower it again
        foot = solver.rows(f"foot_{side}", f"ball_{side}")
        bend = solver.pose[f"knee_{side}"]["flexion"]
        solver.pose[f"ankle_{side}"]["flexion"] = bend - solver.pose[f"hip_{side}"]["flexion"]
        if solver.lowest(foot) > 0.01:
            solver.solve(f"knee_{side}", "flexion", (0.0, bend), foot, 0.0)
            flat = solver.pose[f"knee_{side}"]["flexion"] - solver.pose[f"hip_{side}"]["flexion"]
            solver.pose[f"ankle_{side}"]["flexion"] = flat
    solver.drop(feet, 0.0)


def _sit(solver: _Solver, placement: Placement) -> None:
    solver.root[:3, :3] = sk.rotation(sk.Z, placement.heading)
    seat = placement.surface - _PRESSED_IN
    solver.drop(solver.rows("pelvis"), seat)
    for side in sk.SIDES:
        thigh = _beyond(solver, f"thigh_{side}", 0.45)
        solver.solve(f"hip_{side}", "flexion", (60.0, 110.0), thigh, placement.surface)
    solver.drop(solver.rows("pelvis", "thigh"), seat)
    for side in sk.SIDES:
        drawn_knee = solver.pose[f"knee_{side}"]["flexion"]
        foot = solver.rows(f"foot_{side}", f"ball_{side}")
        hip = solver.pose[f"hip_{side}"]["flexion"]
        solver.pose[f"ankle_{side}"]["flexion"] = -15.0  # a foot that hangs
        if solver.lowest(foot) < 0.03:  # it reaches the floor: stand it there, sole flat
            for _ in range(3):
                solver.solve(f"knee_{side}", "flexion", (15.0, drawn_knee), foot, 0.0)
                flat = solver.pose[f"knee_{side}"]["flexion"] - hip
                solver.pose[f"ankle_{side}"]["flexion"] = float(np.clip(flat, -40.0, 20.0))
    for side in sk.SIDES:  # a hand beside the hip props on the mattress, not in it
        hand = solver.rows(
            f"hand_{side}", f"lowerarm_{side}", *(f"{f}_0{n}_{side}" for f in sk.FINGERS for n in (1, 2, 3))
        )
        if solver.lowest(hand) < placement.surface:
            drawn_elbow = solver.pose[f"elbow_{side}"]["flexion"]
            solver.solve(f"elbow_{side}", "flexion", (drawn_elbow, 110.0), hand, placement.surface)
    knees = (solver.head_of("calf_l") + solver.head_of("calf_r")) / 2
    forward = sk.rotation(sk.Z, placement.heading) @ -sk.Y
    target = np.array([placement.x, placement.y, 0.0]) + forward * placement.overhang
    solver.move((target - knees) * [1, 1, 0])


def _lie_supine(solver: _Solver, placement: Placement) -> None:
    # Facing up: turn about x so that the front (-y) looks to +z and the feet to -y, then turn to the heading.
    solver.root[:3, :3] = sk.rotation(sk.Z, placement.heading) @ sk.rotation(sk.X, -90.0)
    solver.drop(solver.rows("pelvis", "spine"), placement.surface - _PRESSED_IN)
    towards_head = sk.rotation(sk.Z, placement.heading) @ sk.Y
    head = solver.posed(solver.rows("head"))
    crown = head[np.argmax(head @ towards_head)]
    solver.move(np.array([placement.x - crown[0], placement.y - crown[1], 0.0]))
    for side in sk.SIDES:
        foot = solver.rows(f"foot_{side}", f"ball_{side}", f"calf_{side}")
        knee = solver.pose[f"knee_{side}"]["flexion"]
        solver.solve(f"hip_{side}", "flexion", (-20.0, 15.0 + knee), foot, placement.surface)
        if solver.pose[f"elbow_{side}"]["flexion"] < 45.0:  # an arm beside the body lies on the mattress
            arm = solver.rows(f"lowerarm_{side}", f"hand_{side}")
            solver.solve(f"shoulder_{side}", "flexion", (-35.0, 35.0), arm, placement.surface)


def _beyond(solver: _Solver, bone: str, share: float) -> np.ndarray:
    """The vertices of ``bone`` farther along it than ``share`` of its length."""
    i = solver.skeleton.index(bone)
    rows = solver.rows(bone)
    along = (solver.rest[rows] - solver.skeleton.heads[i]) @ solver.skeleton.direction(bone)
    length = np.linalg.norm(solver.skeleton.tails[i] - solver.skeleton.heads[i])
    return rows[along > share * length]
