"""Settings of people: how many, who they are, what they do, how they look, what covers them."""

from __future__ import annotations

from ..postures import POSTURES
from .kinds import Number, Setting, Weights

MONK_TONES = tuple(f"monk-{n:02d}" for n in range(1, 11))
ROLES = ("patient", "staff", "visitor")
POSTURE_NAMES = tuple(POSTURES)
_COUNTS = {
    "0": 0.06, "1": 0.26, "2": 0.24, "3": 0.16, "4": 0.1, "5": 0.07, "6": 0.05, "8": 0.04, "10": 0.02, "12": 0.0,
    "16": 0.0,
}  # fmt: skip
_PATIENT = {
    "supine": 0.17, "half-sitting": 0.14, "lateral-left": 0.07, "lateral-right": 0.07, "prone": 0.03,
    "sitting-in-bed": 0.06, "sitting-edge": 0.1, "sitting-chair": 0.06, "sitting-wheelchair": 0.05,
    "sitting-table": 0.03, "standing": 0.06, "walking": 0.06, "leaning": 0.01, "fallen": 0.06, "crawling": 0.015,
    "getting-up": 0.015,
}  # fmt: skip
_STAFF = {
    "standing": 0.28, "walking": 0.22, "bending": 0.14, "leaning": 0.05, "reaching": 0.06, "pushing": 0.05,
    "supporting": 0.03, "crouching": 0.03, "kneeling": 0.02, "sitting-table": 0.08, "sitting-chair": 0.04,
}  # fmt: skip
_VISITOR = {
    "standing": 0.28, "walking": 0.2, "sitting-chair": 0.3, "leaning": 0.05, "bending": 0.03, "sitting-table": 0.06,
    "supporting": 0.03, "sitting-edge": 0.03, "pushing": 0.02,
}  # fmt: skip


def _shares(key: str, text: str, **weights: float) -> Setting:
    named = {name.replace("_", "-"): weight for name, weight in weights.items()}
    return Setting(f"people.{key}", named, Weights(tuple(named)), text)


_ATTACHED = {
    "iv_line": 0.4, "nasal_cannula": 0.15, "oxygen_mask": 0.08, "ecg_leads": 0.12, "pulse_oximeter": 0.25,
    "wristband": 0.6, "electrode_cap": 0.03, "head_bandage": 0.05, "arm_bandage": 0.08, "leg_bandage": 0.06,
    "arm_cast": 0.05, "leg_cast": 0.05,
}  # fmt: skip

PEOPLE = (
    Setting("people.count", _COUNTS, Weights(tuple(_COUNTS)), "people in an image, as far as they find a place"),
    Setting(
        "people.role",
        {"patient": 0.3, "staff": 0.45, "visitor": 0.25},
        Weights(ROLES),
        "who the people are; where there is a bed the first is a patient",
    ),
    Setting("people.sex", {"female": 0.5, "male": 0.5}, Weights(("female", "male")), "sex"),
    Setting(
        "people.age_group",
        {"child": 0.1, "adult": 0.5, "old": 0.4},
        Weights(("child", "adult", "old")),
        "age: child 5 to 15, adult 18 to 64, old 65 to 90 years; staff are adults",
    ),
    Setting(
        "people.bmi_group",
        {"low": 0.2, "normal": 0.5, "high": 0.3},
        Weights(("low", "normal", "high")),
        "body mass index: thin, normal, overweight to obese",
    ),
    Setting("people.skin_tone", dict.fromkeys(MONK_TONES, 0.1), Weights(MONK_TONES), "skin tone on the Monk scale"),
)

POSTURE = (
    Setting(
        "people.patient_posture",
        _PATIENT,
        Weights(POSTURE_NAMES),
        "what patients do, as far as the room has a place for it",
    ),
    Setting(
        "people.staff_posture", _STAFF, Weights(POSTURE_NAMES), "what staff do, as far as the room has a place for it"
    ),
    Setting(
        "people.visitor_posture",
        _VISITOR,
        Weights(POSTURE_NAMES),
        "what visitors do, as far as the room has a place for it",
    ),
)

BEDDING = (
    Setting(
        "people.cover",
        {"uncovered": 0.3, "thin": 0.35, "thick": 0.35},
        Weights(("uncovered", "thin", "thick")),
        "what covers who lies in bed: nothing, a sheet, a blanket",
    ),
    Setting(
        "people.cover_to",
        {"feet": 0.08, "knees": 0.12, "waist": 0.3, "chest": 0.3, "chin": 0.2},
        Weights(("feet", "knees", "waist", "chest", "chin")),
        "how far up the cover is pulled",
    ),
)

LOOKS = (
    _shares(
        "hair_female", "hair of girls and women", bald=0.02, buzz=0.03, short=0.12,
        tousled=0.06, curly=0.1, afro=0.05, bob=0.14, long=0.14, long_wavy=0.1, ponytail=0.09, bun=0.08, high_bun=0.04,
        braids=0.03,
    ),
    _shares(
        "hair_male", "hair of boys and men; the bald and the receding are grown up", bald=0.1, buzz=0.14, receding=0.12,
        crown_bald=0.1, short=0.22, side_part=0.14, tousled=0.08, curly=0.06, afro=0.04,
    ),
    _shares(
        "beard", "beards of men", none=0.5, stubble=0.2, moustache=0.06, goatee=0.05, short_beard=0.12, full_beard=0.07
    ),
    _shares("glasses", "glasses", none=0.74, thin=0.16, thick=0.1),
    _shares(
        "outfit_patient", "what patients wear", gown=0.38, gown_trousers=0.1, pyjamas=0.22, own_clothes=0.2,
        own_top_shorts=0.1,
    ),
    _shares(
        "outfit_staff", "what staff wear", scrubs=0.34, tunic=0.12, scrubs_open_coat=0.12, open_coat=0.12,
        closed_coat=0.16, isolation_gown=0.08, apron=0.06,
    ),
    _shares(
        "outfit_visitor", "what visitors wear", t_shirt=0.22, shirt=0.2, jumper=0.16, cardigan=0.1, jacket=0.14,
        dress=0.08, tunic=0.1,
    ),
    _shares(
        "headwear_staff", "what staff wear on the head; head scarves are women's", none=0.56, surgical_cap=0.13,
        bouffant=0.11, hijab=0.2,
    ),
    _shares("headwear_visitor", "what visitors wear on the head", none=0.7, cap=0.08, knitted_hat=0.06, hijab=0.16),
    _shares(
        "headwear_patient", "what patients wear on the head", none=0.86, knitted_hat=0.03, bouffant=0.03, hijab=0.08
    ),
    _shares("face_mask_staff", "masks of staff", none=0.45, surgical_mask=0.43, respirator=0.12),
    _shares("face_mask_visitor", "masks of visitors", none=0.72, surgical_mask=0.24, respirator=0.04),
    _shares("face_mask_patient", "masks of patients", none=0.88, surgical_mask=0.12),
    Setting("people.gloves_share", 0.3, Number((0.0, 1.0)), "share of staff with gloves"),
    Setting("people.face_shield_share", 0.05, Number((0.0, 1.0)), "share of staff with a face shield"),
    Setting("people.pregnant_share", 0.05, Number((0.0, 1.0)), "share of women of 18 to 45 years who are far gone"),
    Setting("people.asleep_share", 0.45, Number((0.0, 1.0)), "share of the lying who have their eyes closed"),
    *(
        Setting(f"people.{name}_share", share, Number((0.0, 1.0)), f"share of patients with: {name.replace('_', ' ')}")
        for name, share in _ATTACHED.items()
    ),
)  # fmt: skip
