"""``sample``: the whole scene of one image, drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .camera import draw_camera
from .light import draw_lights
from .people import draw_people
from .room import draw_bed, draw_room
from .spec import SceneSpec, rounded
from .streams import Stream, balanced, by_share, stratum


def sample(config: Mapping, seed: int, index: int) -> SceneSpec:
    """Draw image ``index`` of the dataset (config, seed); nothing else plays a part.

    Args:
        config: a config as ``draw.config.resolve`` returns it.
        seed: the dataset's seed, >= 0.
        index: the image, 0 <= index < 2**32.
    """

    def streams(aspect: str) -> Stream:
        return Stream(seed, index, aspect)

    # People's attributes are counted among the pictures with as many people: shares hold within each number.
    count, number = stratum(seed, index, "people.count", config["people.count"])
    mount = by_share(balanced(seed, index, "camera.mount"), config["camera.mount"])
    lens = by_share(balanced(seed, index, "camera.lens"), config["camera.lens"])
    level = by_share(balanced(seed, index, "light.level"), config["light.level"])

    room = draw_room(config, streams("room"))
    bed = draw_bed(config, streams("bed"), room)
    camera = draw_camera(config, streams("camera"), mount, lens, room, bed)
    people = draw_people(config, seed, streams, (int(count), number), room, bed, camera)
    if any(person.posture == "sitting" for person in people):
        bed = replace(bed, rails=False)
    lights = draw_lights(config, streams("light"), level, room)
    attributes = {
        "people": count,
        "mount": mount,
        "lens": lens,
        "level": level,
        "patient_posture": people[0].posture if people else "none",
    }
    size = tuple(config["render.size"])
    return rounded(SceneSpec(seed, index, size, room, bed, people, camera, lights, attributes))
