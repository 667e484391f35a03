"""Drawing the people: who they are, what they wear, how they hold themselves, where they are."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ..body.macros import age_from_years
from .camera import project
from .colour import linear_from_hex
from .config import MONK_TONES
from .spec import BedSpec, CameraSpec, GarmentSpec, PersonSpec, RoomSpec
from .streams import Stream, balanced, by_share

# The Monk skin tone scale (E. Monk, Google, 2022), display sRGB.
_MONK_SRGB = dict(
    zip(
        MONK_TONES,
        ("f6ede4", "f3e7db", "f7ead0", "eadaba", "d7bd96", "a07e56", "825c43", "604134", "3a312a", "292420"),
    )
)
_AGE_YEARS = {"child": (5.0, 15.0), "adult": (18.0, 64.0), "old": (65.0, 90.0)}
_WEIGHT = {"low": (0.12, 0.32), "normal": (0.42, 0.6), "high": (0.75, 0.98)}
_GOWNS = ((0.45, 0.62, 0.72), (0.55, 0.68, 0.58), (0.72, 0.72, 0.74), (0.40, 0.50, 0.62), (0.68, 0.62, 0.52))
_SCRUBS = ((0.05, 0.16, 0.32), (0.04, 0.28, 0.28), (0.06, 0.30, 0.16), (0.30, 0.06, 0.12), (0.35, 0.50, 0.62))
_CASUAL = (
    (0.4, 0.05, 0.05),
    (0.05, 0.08, 0.2),
    (0.03, 0.03, 0.03),
    (0.6, 0.58, 0.5),
    (0.1, 0.25, 0.12),
    (0.45, 0.3, 0.1),
)
_LEGWEAR = ((0.02, 0.03, 0.07), (0.03, 0.03, 0.03), (0.08, 0.12, 0.22), (0.25, 0.2, 0.14), (0.15, 0.15, 0.16))
_SHOES = ((0.02, 0.02, 0.02), (0.7, 0.7, 0.7), (0.12, 0.06, 0.03), (0.05, 0.1, 0.25))
_HAIR = ((0.008, 0.006, 0.005), (0.03, 0.015, 0.008), (0.08, 0.04, 0.018), (0.25, 0.14, 0.05), (0.18, 0.05, 0.02))
_GREY = ((0.45, 0.44, 0.42), (0.25, 0.25, 0.25), (0.65, 0.64, 0.62))
_EYES = ((0.03, 0.015, 0.008), (0.06, 0.03, 0.012), (0.08, 0.14, 0.22), (0.07, 0.12, 0.07))

_CLEARANCE = 0.42  # from a standing person to walls and bed, metres
_APART = 0.62  # between standing people
_FROM_CAMERA = 1.3  # horizontally
_ARM = 0.9  # a stretched arm and hand from the body's middle
_CANDIDATES = 160

_Streams = Callable[[str], Stream]


def draw_people(
    config: Mapping,
    seed: int,
    streams: _Streams,
    stratum: tuple,
    room: RoomSpec,
    bed: BedSpec,
    camera: CameraSpec,
) -> tuple:
    """The patient first, then the others; each keeps clear of what is there already.

    ``stratum`` is (how many people, the picture's number among those with as many).
    """
    count, number = stratum
    people: list = []
    for slot in range(count):
        pick = _picker(config, seed, number, f"{slot}/{count}")
        role = "patient" if slot == 0 else pick("people.companion_role")
        posture = pick("people.patient_posture") if slot == 0 else "standing"
        identity = _identity(pick, streams(f"person{slot}"), role)
        stream = streams(f"place{slot}")
        place = _PLACES[posture](stream, room, bed, camera, config["render.size"], people)
        weight = identity["phenotype"]["weight"]
        pose = _POSES[posture](streams(f"pose{slot}"), 14.0 * max(0.0, weight - 0.55))
        garments = _garments(streams(f"clothes{slot}"), role, posture, identity["sex"])
        attributes = {
            "role": role,
            "posture": posture,
            "cover": "uncovered",
            "sex": identity["sex"],
            "age_group": pick_age(pick, role),
            "bmi_group": pick("people.bmi_group"),
            "skin_tone": identity["skin_tone"],
            "clothing": "+".join(garment.kind for garment in garments) or "none",
        }
        people.append(
            PersonSpec(
                id=slot + 1,
                role=role,
                posture=posture,
                garments=garments,
                pose=pose,
                attributes=attributes,
                **identity,
                **place,
            )
        )
    return tuple(people)


def _picker(config: Mapping, seed: int, number: int, slot: str) -> Callable[[str], str]:
    def pick(key: str) -> str:
        return by_share(balanced(seed, number, f"{key}/{slot}"), config[key])

    return pick


def pick_age(pick: Callable[[str], str], role: str) -> str:
    """The age group; staff are adults."""
    return "adult" if role == "staff" else pick("people.age_group")


def _identity(pick: Callable[[str], str], stream: Stream, role: str) -> dict:
    sex, tone = pick("people.sex"), pick("people.skin_tone")
    group = pick_age(pick, role)
    years = stream.uniform(*_AGE_YEARS[group])
    sexual_dimorphism = stream.uniform(0.8, 1.0)
    ethnicity = [stream.unit() ** 2 + 0.02 for _ in range(3)]
    phenotype = {
        "sex": sexual_dimorphism if sex == "male" else 1.0 - sexual_dimorphism,
        "age": age_from_years(years),
        "weight": stream.uniform(*_WEIGHT[pick("people.bmi_group")]),
        "muscle": min(max(stream.normal(0.5, 0.15), 0.1), 0.9),
        "height": stream.normal(0.5, 0.04),
        "african": ethnicity[0] + (0.8 if tone >= "monk-08" else 0.0),
        "asian": ethnicity[1],
        "caucasian": ethnicity[2] + (0.8 if tone <= "monk-03" else 0.0),
    }
    grey = stream.unit() < max(0.0, (years - 40.0) / 40.0)
    style = "bald" if sex == "male" and stream.unit() < years / 220.0 else "short"
    if sex == "female" and stream.unit() < 0.65:
        style = "long"
    return {
        "sex": sex,
        "age_years": years,
        "phenotype": phenotype,
        "skin_tone": tone,
        "skin_rgb": _skin_albedo(linear_from_hex(_MONK_SRGB[tone])),
        "hair": style,
        "hair_rgb": stream.choice(_GREY if grey else _HAIR[: 2 if tone >= "monk-07" else None]),
        "eye_rgb": stream.choice(_EYES[: 2 if tone >= "monk-07" else None]),
    }


def _skin_albedo(swatch: tuple) -> tuple:
    """The Monk scale's swatch as displayed -> skin's linear albedo: real skin is darker, redder, never black."""
    return tuple(
        floor + gain * channel for channel, floor, gain in zip(swatch, (0.032, 0.02, 0.014), (0.6, 0.46, 0.46))
    )


def _garments(stream: Stream, role: str, posture: str, sex: str) -> tuple:
    def piece(kind: str, palette: Sequence[tuple]) -> GarmentSpec:
        brightness = stream.uniform(0.8, 1.2)
        return GarmentSpec(kind, tuple(min(channel * brightness, 0.9) for channel in stream.choice(palette)))

    if role == "patient":
        feet = [] if posture == "supine" and stream.unit() < 0.5 else [piece("socks", _GOWNS)]
        return (piece("gown", _GOWNS), *feet)
    if role == "staff":
        top = piece("short-sleeved-top", _SCRUBS)
        trousers = GarmentSpec("trousers", top.rgb)
        return (top, trousers, piece("shoes", _SHOES))
    top = piece(stream.choice(("short-sleeved-top", "long-sleeved-top")), _CASUAL)
    legs = piece("skirt" if sex == "female" and stream.unit() < 0.3 else "trousers", _LEGWEAR)
    return (top, legs, piece("shoes", _SHOES))


# Where people are.


def _stand_somewhere(
    stream: Stream, room: RoomSpec, bed: BedSpec, camera: CameraSpec, size: Sequence[int], people: Sequence[PersonSpec]
) -> dict:
    """A free place that the camera sees; of all tried the one with the most room if none is quite free."""
    best, best_slack = (0.0, -room.depth / 4), -math.inf
    for _ in range(_CANDIDATES):
        x = stream.uniform(-0.5, 0.5) * (room.width - 2 * _CLEARANCE)
        y = stream.uniform(-0.5, 0.5) * (room.depth - 2 * _CLEARANCE)
        slack = min(
            _distance_to_bed(x, y, bed) - _CLEARANCE,
            math.dist((x, y), camera.location[:2]) - _FROM_CAMERA,
            *(math.dist((x, y), _taken(person)) - _APART for person in people),
            0.0 if _seen(camera, size, x, y) else -1.0,
        )
        if slack > best_slack:
            best, best_slack = (x, y), slack
        if slack >= 0:
            break
    heading = _free_heading(stream, room, bed, *best)
    return {"x": best[0], "y": best[1], "heading": heading, "surface": 0.0, "overhang": 0.0}


def _free_heading(stream: Stream, room: RoomSpec, bed: BedSpec, x: float, y: float) -> float:
    """Mostly towards the bed, else anywhere; not with the nose to a wall, where stretched arms would go through."""
    to_bed = math.degrees(math.atan2(bed.x - x, -(bed.y - y)))
    for _ in range(12):
        heading = stream.normal(to_bed, 40.0) if stream.unit() < 0.6 else stream.uniform(-180.0, 180.0)
        ahead = (x + _ARM * math.sin(math.radians(heading)), y - _ARM * math.cos(math.radians(heading)))
        if abs(ahead[0]) < room.width / 2 and abs(ahead[1]) < room.depth / 2:
            return heading
    return to_bed


def _sit_on_edge(
    stream: Stream, room: RoomSpec, bed: BedSpec, camera: CameraSpec, size: Sequence[int], people: Sequence[PersonSpec]
) -> dict:
    """On the side of the bed that has more floor before it, facing away from the bed."""
    side = -1.0 if bed.x > 0 else 1.0
    return {
        "x": bed.x + side * bed.width / 2,
        "y": bed.y + stream.uniform(-0.35, 0.25) * bed.length / 2,
        "heading": side * 90.0 + stream.normal(0.0, 6.0),
        "surface": bed.surface,
        "overhang": stream.uniform(0.1, 0.16),
    }


def _lie_in_bed(
    stream: Stream, room: RoomSpec, bed: BedSpec, camera: CameraSpec, size: Sequence[int], people: Sequence[PersonSpec]
) -> dict:
    """On the mattress, crown a hand's breadth from the head board."""
    return {
        "x": bed.x + stream.normal(0.0, 0.04),
        "y": bed.y + bed.length / 2 - stream.uniform(0.1, 0.18),
        "heading": stream.normal(0.0, 2.0),
        "surface": bed.surface,
        "overhang": 0.0,
    }


_PLACES = {"standing": _stand_somewhere, "sitting": _sit_on_edge, "supine": _lie_in_bed}


def _taken(person: PersonSpec) -> tuple:
    """The middle of the floor a person takes up; one who sits has the legs before the edge."""
    reach = 0.25 if person.posture == "sitting" else 0.0
    angle = math.radians(person.heading)
    return person.x + reach * math.sin(angle), person.y - reach * math.cos(angle)


def _distance_to_bed(x: float, y: float, bed: BedSpec) -> float:
    return math.hypot(max(abs(x - bed.x) - bed.width / 2, 0.0), max(abs(y - bed.y) - bed.length / 2, 0.0))


def _seen(camera: CameraSpec, size: Sequence[int], x: float, y: float) -> bool:
    """Whether chest and head of an adult standing at (x, y) are well inside the picture."""
    pixels = project(camera, size, np.array([[x, y, 1.0], [x, y, 1.6]]))
    margin = 0.06 * np.asarray(size)
    return bool((pixels > margin).all() and (pixels < np.asarray(size) - margin).all())  # False where NaN


# How they hold themselves: joint angles of body.skeleton, in degrees. ``wide`` keeps the arms of a
# heavy body away from its trunk.


def _stand_pose(stream: Stream, wide: float) -> dict:
    pose = _trunk(stream, flexion=3.0, spread=6.0)
    for side in ("l", "r"):
        pose.update(_ARMS[stream.choice(("hanging", "hanging", "bent", "forward"))](stream, side, wide))
        bend = stream.uniform(0.0, 12.0)
        pose[f"hip_{side}"] = {
            "flexion": bend / 2,
            "abduction": stream.uniform(2.0, 7.0),
            "rotation": stream.uniform(-14.0, 0.0),
        }
        pose[f"knee_{side}"] = {"flexion": bend}
    return pose


def _sit_pose(stream: Stream, wide: float) -> dict:
    pose = _trunk(stream, flexion=14.0, spread=9.0)
    for side in ("l", "r"):
        style = stream.choice(("on-thigh", "on-thigh", "beside"))
        pose.update(_ARMS[style](stream, side, wide))
        pose[f"hip_{side}"] = {
            "flexion": 85.0,
            "abduction": stream.uniform(3.0, 12.0),
            "rotation": stream.uniform(-8.0, 4.0),
        }
        pose[f"knee_{side}"] = {"flexion": stream.uniform(68.0, 84.0)}
    return pose


def _supine_pose(stream: Stream, wide: float) -> dict:
    pose = _trunk(stream, flexion=0.0, spread=0.0)
    pose["neck"] = {"flexion": stream.uniform(16.0, 24.0), "turn": stream.normal(0.0, 25.0)}
    for side in ("l", "r"):
        style = stream.choice(("along", "along", "on-belly"))
        pose.update(_ARMS[style](stream, side, wide))
        pose[f"hip_{side}"] = {"abduction": stream.uniform(0.0, 12.0), "rotation": stream.uniform(-22.0, -4.0)}
        pose[f"knee_{side}"] = {"flexion": stream.uniform(0.0, 18.0)}
        pose[f"ankle_{side}"] = {"flexion": stream.uniform(-35.0, -10.0)}
    return pose


def _trunk(stream: Stream, flexion: float, spread: float) -> dict:
    return {
        "spine": {
            "flexion": stream.normal(flexion, spread),
            "bend": stream.normal(0.0, spread / 2),
            "turn": stream.normal(0.0, spread),
        },
        "neck": {"flexion": stream.normal(8.0, 9.0), "bend": stream.normal(0.0, 4.0), "turn": stream.normal(0.0, 22.0)},
    }


def _arm(flexion: tuple, abduction: tuple, inward: tuple, elbow: tuple, fingers: tuple) -> Callable:
    def draw(stream: Stream, side: str, wide: float) -> dict:
        return {
            f"shoulder_{side}": {
                "flexion": stream.uniform(*flexion),
                "abduction": stream.uniform(*abduction) + wide,
                "rotation": stream.uniform(*inward),
            },
            f"elbow_{side}": {"flexion": stream.uniform(*elbow)},
            f"fingers_{side}": {"flexion": stream.uniform(*fingers)},
        }

    return draw


_ARMS = {
    "hanging": _arm((-6, 10), (8, 15), (0, 25), (8, 32), (5, 25)),
    "bent": _arm((0, 25), (10, 20), (0, 30), (65, 110), (10, 35)),
    "forward": _arm((30, 70), (5, 18), (0, 20), (10, 60), (0, 25)),
    "on-thigh": _arm((18, 30), (8, 14), (8, 22), (48, 66), (5, 20)),
    "beside": _arm((-12, 4), (18, 26), (0, 15), (6, 20), (0, 10)),
    "along": _arm((-5, 5), (10, 22), (0, 20), (6, 26), (5, 25)),
    "on-belly": _arm((8, 16), (12, 20), (62, 78), (78, 96), (5, 15)),
}

_POSES = {"standing": _stand_pose, "sitting": _sit_pose, "supine": _supine_pose}
