"""A person: looks, garments, medical attachments, cover, held objects, posture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Optional

from ...body.macros import Phenotype
from ...body.posture import Stance
from ..value_types import Colour
from .model import ModelSpec


@dataclass(frozen=True)
class LookSpec:
    """The looks of a person; what they wear are ``GarmentSpec``s.

    Attributes:
        skin_tone: name on the Monk scale; skin_rgb: linear albedo.
        redness, age_marks: 0..1, how much blood shows in cheeks and joints, how blotched the skin is.
        hair: one of ``body.wear.hair.KINDS``; hair_phase: 0..1, how its strands fall.
        beard: "none", "stubble" or one of ``body.wear.facewear.BEARDS``.
        brows: 0..1, how dense.
        eyes: "open" or "closed".
        hair_locks: whether the hair is built of locks, not of one smooth shell.
        face_detail: whether brows and lashes are hairs, and the hollows of the face are shaded.
        draped_clothes: whether clothes fall and fold by their weight, in the pose.
    """

    skin_tone: str
    skin_rgb: Colour
    redness: float
    age_marks: float
    hair: str
    hair_rgb: Colour
    hair_phase: float
    beard: str
    beard_rgb: Colour
    brows: float
    brow_rgb: Colour
    eye_rgb: Colour
    eyes: str
    hair_locks: bool = False
    face_detail: bool = False
    draped_clothes: bool = False


@dataclass(frozen=True)
class GarmentSpec:
    """Something worn.

    Attributes:
        kind: one that ``body.wear.dress`` knows.
        rgb, rgb2: linear RGB of the cloth, and of its pattern, trim or sole.
        pattern: "plain", "stripes", "hoops", "checks" or "dots"; ``pitch`` metres between its repeats.
        crease: 0..1, how its folds fall.
    """

    kind: str
    rgb: Colour
    rgb2: Colour
    pattern: str = "plain"
    pitch: float = 0.03
    crease: float = 0.0


@dataclass(frozen=True)
class AttachmentSpec:
    """Something attached to a patient: a line, a mask, leads, a bandage, a cast.

    Attributes:
        kind: one of ``body.wear.medical_lines.KINDS``; side: "l" or "r".
        rgb: linear RGB.
        end: the point of the room, metres, to which its line leads; () has no line.
    """

    kind: str
    side: str
    rgb: Colour
    end: tuple[float, ...] = ()


@dataclass(frozen=True)
class CoverSpec:
    """A sheet or blanket over a person in bed; ``body.drape`` simulates how it falls.

    Attributes:
        kind: "thin" or "thick".
        to: how far up it is pulled: "feet", "knees", "waist", "chest" or "chin"; ``shift`` metres farther up.
        slope: how much farther up its left side (+x of the bed's frame) begins, per metre.
        left, right: where its sides are, metres of the bed's x, the smaller first.
        foot: how far it goes beyond the mattress's foot end, metres.
        thickness: metres.
        arms_out: arms that lie on it: "l", "r", "lr" or "".
        fold: how far its top is folded back, metres.
        rgb, fold_rgb: linear RGB of its upper side, and of the side a fold shows.
        uneven: how far its edges swing to both sides, metres; crease: 0..1, where.
        pattern: its name, the metres between its repeats, and its second colour; () for none.
    """

    kind: str
    to: str
    shift: float
    slope: float
    left: float
    right: float
    foot: float
    thickness: float
    arms_out: str
    fold: float
    rgb: Colour
    fold_rgb: Colour
    uneven: float = 0.0
    crease: float = 0.0
    pattern: tuple[Any, ...] = ()


@dataclass(frozen=True)
class HeldSpec:
    """An object in the palm of one hand: "phone", "cup", "paper" or "clipboard"; ``side`` "l" or "r"."""

    kind: str
    side: str
    rgb: Colour


@dataclass(frozen=True)
class PersonSpec:
    """One person.

    ``phenotype`` and ``stance`` are those of ``body``. ``furniture`` is the id of the piece that carries the person, 0
    for the floor, and ``use`` says how: as "bed", as the "side" of one, as "seat", or "floor". ``model`` is a custom
    character; its phenotype is then that of the body whose posture it takes.
    """

    id: int
    role: str
    posture: str
    sex: str
    age_years: float
    phenotype: Phenotype
    look: LookSpec
    garments: tuple[GarmentSpec, ...]
    attachments: tuple[AttachmentSpec, ...]
    stance: Stance
    furniture: int
    use: str
    cover: Optional[CoverSpec]
    held: tuple[HeldSpec, ...]
    attributes: dict[str, str]
    model: Optional[ModelSpec] = None
