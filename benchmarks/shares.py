"""Requested and actual percentages of attributes over N scene specs, as a Markdown table; no Blender needed.

python benchmarks/shares.py --preset mixed --count 500 > docs/shares.md
"""

from __future__ import annotations

import argparse
from collections import Counter

from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample
from blender_addon.draw.postures import POSTURES
from blender_addon.draw.spec import FurnitureSpec, PersonSpec, SceneSpec

# Whom an attribute applies to, if not to everybody.
_ABOUT = {
    "role": ("all but the first person of a room with a bed", lambda spec, p: p.id > 1 or not _has_bed(spec)),
    "age_group": ("patients and visitors", lambda spec, p: p.role != "staff"),
    "cover": ("people in bed", lambda spec, p: p.use == "bed" and _bed(spec, p).shape["style"] != "couch"),
    "cover_to": ("covered people lying down", lambda spec, p: p.cover is not None and POSTURES[p.posture].lying),
}
_OF_PEOPLE = ("role", "sex", "age_group", "bmi_group", "skin_tone", "cover", "cover_to")
_BY_DAY = ("light.ceiling", "light.sun")


def main() -> None:
    """Draw the specs, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default=None)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    config = draw_settings.resolve(options.preset)
    specs = [sample(config, options.seed, index) for index in range(options.count)]
    people = [person for spec in specs for person in spec.people]
    preset = options.preset or draw_settings.DEFAULT_PRESET
    print(f"# Requested and actual percentages: preset {preset}, {len(specs)} scene specs, ", end="")
    print(f"{len(people)} people, seed {options.seed}\n")
    print("People lying in bed have a cover; a posture without a free place falls back to the next one by weight.\n")
    print("| attribute | value | requested % | actual % |\n|---|---|---|---|")
    for name in ("room.kind", "camera.mount", "camera.sensor", *_BY_DAY, "people.count"):
        attribute = {"people.count": "people", "room.kind": "room"}.get(name, name.rpartition(".")[2])
        counted = [spec for spec in specs if name not in _BY_DAY or spec.attributes["sensor"] != "infrared"]
        about = " (all but infrared images)" if name in _BY_DAY else ""
        _rows(name + about, config[name], Counter(spec.attributes[attribute] for spec in counted))
    for attribute in _OF_PEOPLE:
        about, counts = _ABOUT.get(attribute, ("", lambda spec, person: True))
        counted = [person for spec in specs for person in spec.people if counts(spec, person)]
        name = f"people.{attribute}" + (f" ({about})" if about else "")
        _rows(name, config[f"people.{attribute}"], Counter(person.attributes[attribute] for person in counted))
    for role in draw_settings.ROLES:
        actual = Counter(p.posture for spec in specs if _has_bed(spec) for p in spec.people if p.role == role)
        _rows(f"people.{role}_posture (rooms with beds)", config[f"people.{role}_posture"], actual)


def _has_bed(spec: SceneSpec) -> bool:
    return any(piece.kind == "bed" for piece in spec.furniture)


def _bed(spec: SceneSpec, person: PersonSpec) -> FurnitureSpec:
    return next(piece for piece in spec.furniture if piece.id == person.furniture)


def _rows(name: str, shares: dict, actual: Counter) -> None:
    requested, total = sum(shares.values()), max(sum(actual.values()), 1)
    for value, share in shares.items():
        if share or actual[value]:
            print(f"| {name} | {value} | {100 * share / requested:.1f} | {100 * actual[value] / total:.1f} |")


if __name__ == "__main__":
    main()
