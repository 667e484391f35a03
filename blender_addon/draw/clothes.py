"""Sampling what a person wears."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from .attachments import draw_attachments
from .identity import Identity
from .spec import AttachmentSpec, GarmentSpec
from .streams import RandomStream
from .value_types import Colour, Config, Pick

_WHITE = (0.78, 0.78, 0.77)
_GOWNS = (
    (0.50, 0.62, 0.72), (0.58, 0.68, 0.60), (0.74, 0.74, 0.75), (0.42, 0.52, 0.66), (0.70, 0.64, 0.55), (0.62, 0.70,
    0.72),
    (0.70, 0.58, 0.60),
)  # fmt: skip
_GOWN_PRINTS = ((0.10, 0.20, 0.40), (0.08, 0.28, 0.25), (0.35, 0.12, 0.18), (0.25, 0.27, 0.30))
_SCRUBS = (
    (0.035, 0.10, 0.25), (0.03, 0.20, 0.24), (0.05, 0.26, 0.17), (0.24, 0.04, 0.09), (0.28, 0.45, 0.58), (0.012, 0.03,
    0.08),
    (0.17, 0.09, 0.25), (0.22, 0.23, 0.25), (0.42, 0.62, 0.60), (0.02, 0.02, 0.022), (0.55, 0.25, 0.32), _WHITE,
)  # fmt: skip
_EVERYDAY = (
    (0.35, 0.04, 0.04), (0.03, 0.05, 0.14), (0.02, 0.02, 0.02), (0.66, 0.64, 0.58), (0.07, 0.17, 0.08), (0.42, 0.26,
    0.08),
    (0.30, 0.31, 0.33), (0.12, 0.22, 0.42), (0.50, 0.18, 0.24), (0.72, 0.72, 0.70), (0.20, 0.12, 0.08), (0.58, 0.44,
    0.12),
    (0.16, 0.05, 0.14), (0.08, 0.24, 0.26),
)  # fmt: skip
_LEGWEAR = (
    (0.015, 0.02, 0.05), (0.02, 0.02, 0.02), (0.06, 0.10, 0.20), (0.26, 0.20, 0.13), (0.13, 0.13, 0.14), (0.03, 0.05,
    0.10),
    (0.40, 0.36, 0.28), (0.10, 0.11, 0.06),
)  # fmt: skip
_DENIM = ((0.05, 0.09, 0.19), (0.02, 0.035, 0.08), (0.16, 0.24, 0.36), (0.03, 0.03, 0.035))
_SHOES = (
    (0.02, 0.02, 0.02),
    (0.68, 0.68, 0.68),
    (0.11, 0.055, 0.03),
    (0.04, 0.06, 0.14),
    (0.28, 0.28, 0.29),
    (0.35, 0.06, 0.06),
)
_SOLES = ((0.6, 0.6, 0.58), (0.03, 0.03, 0.03), (0.35, 0.26, 0.16))
_CLOGS = ((0.6, 0.6, 0.6), (0.05, 0.10, 0.25), (0.06, 0.30, 0.22), (0.02, 0.02, 0.02), (0.40, 0.08, 0.14))
_SLIPPERS = ((0.12, 0.08, 0.10), (0.05, 0.08, 0.16), (0.45, 0.40, 0.34), (0.62, 0.62, 0.62))
_SOCKS = (
    (0.62, 0.62, 0.60),
    (0.02, 0.02, 0.02),
    (0.22, 0.24, 0.28),
    (0.45, 0.12, 0.12),
    (0.12, 0.25, 0.22),
    (0.45, 0.38, 0.16),
)
_SCARVES = (
    (0.30, 0.31, 0.33), (0.02, 0.02, 0.025), (0.50, 0.38, 0.30), (0.03, 0.05, 0.12), (0.58, 0.42, 0.42), (0.66, 0.62,
    0.54),
    (0.24, 0.10, 0.12), (0.14, 0.22, 0.18), (0.45, 0.48, 0.52), _WHITE,
)  # fmt: skip
_CAPS = (
    (0.28, 0.50, 0.62),
    (0.10, 0.34, 0.32),
    (0.05, 0.12, 0.28),
    (0.62, 0.70, 0.74),
    (0.22, 0.42, 0.30),
    (0.45, 0.18, 0.30),
)
_MASKS = ((0.42, 0.60, 0.72), (0.74, 0.75, 0.75), (0.46, 0.66, 0.60), (0.03, 0.03, 0.03))
_GLOVES = ((0.08, 0.22, 0.52), (0.22, 0.16, 0.46), (0.64, 0.62, 0.54), (0.02, 0.02, 0.02), (0.20, 0.42, 0.56))
_GOWNS_OVER = ((0.66, 0.62, 0.16), (0.28, 0.50, 0.66), (0.30, 0.55, 0.48), (0.62, 0.68, 0.72))
_APRONS = ((0.70, 0.72, 0.74), (0.30, 0.50, 0.62), (0.12, 0.32, 0.20), (0.60, 0.62, 0.20))
_RIBBONS = ((0.04, 0.12, 0.38), (0.40, 0.04, 0.05), (0.02, 0.02, 0.02), (0.06, 0.30, 0.14), (0.55, 0.36, 0.04))
_FRAMES = ((0.01, 0.01, 0.01), (0.10, 0.05, 0.02), (0.45, 0.44, 0.42), (0.25, 0.20, 0.10), (0.15, 0.02, 0.03))
HEADWEAR = ("surgical-cap", "bouffant", "hijab", "cap", "knitted-hat")
FACE_MASKS = ("surgical-mask", "respirator")
_NOT_CLOTHING = (
    *HEADWEAR,
    *FACE_MASKS,
    "glasses-thin",
    "glasses-thick",
    "lanyard",
    "stethoscope",
    "shoulder-bag",
    "backpack",
)


_Option = TypeVar("_Option")


@dataclass(frozen=True)
class Outfit:
    """Garments from the skin outwards, attachments, and the attributes of both in the record."""

    garments: tuple[GarmentSpec, ...]
    attachments: tuple[AttachmentSpec, ...]
    attributes: dict[str, str]


class _Print(NamedTuple):
    """The fraction of garments that have a pattern, the possible patterns, and their second colours."""

    patterned: float
    patterns: tuple[str, ...]
    second: tuple[Colour, ...]


class _GarmentSampler:
    def __init__(self, stream: RandomStream) -> None:
        self.stream = stream

    def piece(
        self,
        kind: str,
        palette: Sequence[Colour],
        patterned: float = 0.0,
        patterns: Sequence[str] = ("stripes",),
        second: Sequence[Colour] = _SOLES,
    ) -> GarmentSpec:
        """A garment of ``kind`` in a colour of the palette; a fraction ``patterned`` of them has a pattern."""
        stream = self.stream
        brightness = stream.uniform(0.8, 1.18)
        red, green, blue = (min(channel * brightness, 0.82) for channel in stream.choice(palette))
        pattern = stream.choice(patterns) if stream.unit() < patterned else "plain"
        pitch = stream.uniform(0.018, 0.05) * (1.6 if pattern == "checks" else 1.0)
        return GarmentSpec(kind, (red, green, blue), stream.choice(second), pattern, pitch, stream.unit())

    def like(self, kind: str, other: GarmentSpec) -> GarmentSpec:
        """A garment of ``kind`` of the same cloth as ``other``."""
        return GarmentSpec(kind, other.rgb, other.rgb2, other.pattern, other.pitch, self.stream.unit())

    def chance(self, share: float) -> bool:
        return self.stream.unit() < share

    def one_of(self, options: Sequence[_Option]) -> _Option:
        return self.stream.choice(options)


def draw_outfit(
    config: Config, pick: Pick, stream: RandomStream, role: str, identity: Identity, in_bed: bool
) -> Outfit:
    """Sample the outfit of a person of ``role``; people who are ``in_bed`` wear no shoes."""
    sampler = _GarmentSampler(stream)
    headwear = pick(f"people.headwear_{role}")
    if headwear == "hijab" and (identity.sex != "female" or identity.age_years < 10):
        headwear = "none"
    face_mask = pick(f"people.face_mask_{role}")
    outfit = pick(f"people.outfit_{role}")
    worn = _WARDROBES[role](config, sampler, outfit, identity, headwear, in_bed)
    if face_mask != "none":
        worn.append(sampler.piece(face_mask, _MASKS[1:3] if face_mask == "respirator" else _MASKS))
    glasses = pick("people.glasses")
    if glasses != "none" and not (in_bed and identity.look.eyes == "closed"):
        worn.append(sampler.piece(f"glasses-{glasses}", _FRAMES))
    else:
        glasses = "none"
    if headwear != "none":
        palette = {"hijab": _SCARVES, "cap": _EVERYDAY, "knitted-hat": _EVERYDAY}.get(headwear, _CAPS)
        worn.append(
            sampler.piece(
                headwear, palette, 0.15 if headwear in ("surgical-cap", "hijab") else 0.0, ("dots",), _GOWN_PRINTS
            )
        )
    attachments = draw_attachments(config, stream, worn, headwear, face_mask) if role == "patient" else ()
    clothing = [garment.kind for garment in worn if garment.kind not in _NOT_CLOTHING]
    attributes = {
        "clothing": "+".join(clothing) or "none",
        "face_mask": face_mask,
        "headwear": headwear,
        "hair": identity.look.hair,
        "beard": identity.look.beard,
        "glasses": glasses,
        "eyes": identity.look.eyes,
        "attached": "+".join(attachment.kind for attachment in attachments) or "none",
    }
    return Outfit(tuple(worn), attachments, attributes)


def _patient(
    config: Config, sampler: _GarmentSampler, outfit: str, identity: Identity, headwear: str, in_bed: bool
) -> list[GarmentSpec]:
    feet = _patient_feet(sampler, in_bed)
    prints = _Print(0.55, ("dots", "stripes", "checks", "dots"), _GOWN_PRINTS)
    if outfit == "gown":
        return [*feet, sampler.piece("gown", _GOWNS, *prints)]
    if outfit == "gown-trousers":
        return [*feet, sampler.piece("pyjama-trousers", _GOWNS), sampler.piece("gown", _GOWNS, *prints)]
    if outfit == "pyjamas":
        top = sampler.piece(
            "pyjama-top", (*_GOWNS, *_EVERYDAY), 0.6, ("stripes", "stripes", "checks", "dots"), (*_GOWN_PRINTS, _WHITE)
        )
        return [*feet, sampler.like("pyjama-trousers", top), top]
    legs = "shorts" if outfit == "own-top-shorts" else sampler.one_of(("trousers", "pyjama-trousers", "jeans"))
    top = sampler.one_of(("t-shirt", "t-shirt", "jumper", "polo-shirt", "cardigan"))
    worn = [
        *feet,
        _legwear(sampler, legs),
        sampler.piece(top, _EVERYDAY, 0.25, ("hoops", "stripes"), (_WHITE, *_EVERYDAY[:3])),
    ]
    if top == "cardigan":
        worn.insert(-1, sampler.piece("t-shirt", _EVERYDAY))
    return worn


def _patient_feet(sampler: _GarmentSampler, in_bed: bool) -> list[GarmentSpec]:
    bare = sampler.chance(0.5 if in_bed else 0.25)
    feet = [] if bare else [sampler.piece("socks", _SOCKS)]
    if not in_bed and sampler.chance(0.6):
        feet.append(sampler.piece(sampler.one_of(("slippers", "slippers", "shoes", "trainers", "clogs")), _SLIPPERS))
    return feet


def _staff(
    config: Config, sampler: _GarmentSampler, outfit: str, identity: Identity, headwear: str, in_bed: bool
) -> list[GarmentSpec]:
    female, modest = identity.sex == "female", headwear == "hijab"
    shoes = sampler.one_of(("clogs", "trainers", "shoes", "trainers"))
    feet = [sampler.piece("socks", _SOCKS), sampler.piece(shoes, _CLOGS if shoes == "clogs" else _SHOES, second=_SOLES)]
    scrub_top = sampler.piece("scrub-top", _SCRUBS[-1:] if outfit == "tunic" else _SCRUBS)
    legs = sampler.like("scrub-trousers", scrub_top)
    if sampler.chance(0.2):
        legs = sampler.piece("scrub-trousers", (*_SCRUBS, _WHITE))
    if modest and sampler.chance(0.4):
        legs = sampler.piece("long-skirt", _LEGWEAR)
    needs_sleeves = modest and outfit in ("scrubs", "tunic", "apron")
    under = [sampler.piece("jumper", (_WHITE, *_LEGWEAR[:2]))] if needs_sleeves else []
    coat = sampler.piece("lab-coat", (_WHITE,))
    if outfit in ("open-coat", "closed-coat"):
        worn = [*feet, *_under_coat(sampler, legs, female, modest)]
        worn.append(sampler.like("lab-coat-open" if outfit == "open-coat" else "lab-coat", coat))
    else:
        worn = [*feet, legs, *under, scrub_top, *_over_scrubs(sampler, outfit, coat)]
    return [*worn, *_staff_accessories(config, sampler, outfit, headwear)]


def _under_coat(sampler: _GarmentSampler, legs: GarmentSpec, female: bool, modest: bool) -> list[GarmentSpec]:
    """Everyday clothes under a lab coat."""
    tops = ("shirt", "blouse", "polo-shirt", "t-shirt") if female else ("shirt", "polo-shirt", "t-shirt")
    top = sampler.piece(sampler.one_of(tops), _EVERYDAY, 0.3, ("stripes", "checks"), (_WHITE,))
    if not (modest and legs.kind == "long-skirt"):
        kinds = ("trousers", "jeans", "skirt") if female and not modest else ("trousers", "jeans")
        legs = _legwear(sampler, sampler.one_of(kinds))
    return [legs, top]


def _over_scrubs(sampler: _GarmentSampler, outfit: str, coat: GarmentSpec) -> list[GarmentSpec]:
    if outfit == "scrubs-open-coat":
        return [sampler.like("lab-coat-open", coat)]
    if outfit == "isolation-gown":
        return [sampler.piece("isolation-gown", _GOWNS_OVER)]
    return [sampler.piece("apron", _APRONS)] if outfit == "apron" else []


def _staff_accessories(config: Config, sampler: _GarmentSampler, outfit: str, headwear: str) -> list[GarmentSpec]:
    """Gloves, lanyard, stethoscope, face shield."""
    worn: list[GarmentSpec] = []
    covered = outfit in ("isolation-gown", "apron")
    if sampler.chance(config["people.gloves_share"]) or outfit == "isolation-gown":
        worn.append(sampler.piece("gloves", _GLOVES))
    if not covered and sampler.chance(0.5):
        worn.append(sampler.piece("lanyard", _RIBBONS, second=((0.75, 0.76, 0.78),)))
    if not covered and headwear != "hijab" and sampler.chance(0.3):
        worn.append(
            sampler.piece(
                "stethoscope",
                ((0.015, 0.015, 0.015), (0.03, 0.06, 0.16), (0.20, 0.02, 0.05)),
                second=((0.5, 0.5, 0.5),),
            )
        )
    if headwear != "hijab" and sampler.chance(config["people.face_shield_share"]):
        worn.append(sampler.piece("face-shield", ((0.85, 0.88, 0.9),), second=((0.15, 0.35, 0.55),)))
    return worn


def _visitor(
    config: Config, sampler: _GarmentSampler, outfit: str, identity: Identity, headwear: str, in_bed: bool
) -> list[GarmentSpec]:
    female = identity.sex == "female"
    shoes = sampler.one_of(("shoes", "trainers", "trainers", "boots"))
    feet = [sampler.piece("socks", _SOCKS), sampler.piece(shoes, _SHOES, second=_SOLES)]
    modest = headwear == "hijab"
    if outfit == "dress" and not female:
        outfit = "shirt"
    if outfit in ("dress", "tunic") and (female or modest):
        if modest:
            body = sampler.one_of(("abaya", "tunic"))
            return [
                *feet,
                _legwear(sampler, "trousers"),
                sampler.piece(body, (*_SCARVES, *_EVERYDAY), 0.15, ("dots",), _GOWN_PRINTS),
            ]
        print_style = _Print(0.4, ("dots", "checks", "hoops"), (_WHITE, *_EVERYDAY[:4]))
        if outfit == "dress":
            return [*feet[1:], sampler.piece("dress", _EVERYDAY, *print_style)]
        return [*feet, _legwear(sampler, "trousers"), sampler.piece("tunic", _EVERYDAY, *print_style)]
    if outfit == "tunic":
        outfit = sampler.one_of(("shirt", "tunic"))
    legs = sampler.one_of(("jeans", "trousers", "jeans", "shorts" if outfit == "t-shirt" else "trousers"))
    if female and sampler.chance(0.25):
        legs = "long-skirt" if modest else sampler.one_of(("skirt", "long-skirt"))
    if modest:
        outfit = "jumper" if outfit == "t-shirt" else outfit
        legs = "trousers" if legs == "shorts" else legs
    print_style = _Print(0.3, ("checks", "stripes", "hoops"), (_WHITE, *_EVERYDAY[:4]))
    worn = [*feet, _legwear(sampler, legs)]
    if outfit in ("cardigan", "jacket"):
        worn.append(sampler.piece(sampler.one_of(("t-shirt", "shirt")), _EVERYDAY, *print_style))
        worn.append(sampler.piece(outfit, (*_EVERYDAY, *_LEGWEAR)))
    else:
        worn.append(sampler.piece("blouse" if outfit == "shirt" and female else outfit, _EVERYDAY, *print_style))
    if sampler.chance(0.22):
        worn.append(sampler.piece(sampler.one_of(("shoulder-bag", "backpack")), (*_SHOES, *_EVERYDAY)))
    return worn


_WARDROBES = {"patient": _patient, "staff": _staff, "visitor": _visitor}


def _legwear(sampler: _GarmentSampler, kind: str) -> GarmentSpec:
    return sampler.piece(kind, _DENIM if kind == "jeans" else _LEGWEAR)
