"""Settings of people: number, roles, age and build, postures, looks, clothes, bedding."""

from __future__ import annotations

from dataclasses import replace

from ..postures import POSTURES
from .kinds import Number, Setting, Switch, Weights

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


def _weights(key: str, text: str, **weights: float) -> Setting:
    named = {name.replace("_", "-"): weight for name, weight in weights.items()}
    return Setting(f"people.{key}", named, Weights(tuple(named)), text)


# Attached to patients: the fraction of patients by default, and what it is.
_ATTACHED = {
    "iv_line": (0.4, "an IV line"), "nasal_cannula": (0.15, "a nasal cannula"),
    "oxygen_mask": (0.08, "an oxygen mask"), "ecg_leads": (0.12, "ECG leads"),
    "pulse_oximeter": (0.25, "a pulse oximeter on a finger"), "wristband": (0.6, "a wristband"),
    "electrode_cap": (0.03, "a cap of EEG electrodes"), "head_bandage": (0.05, "a bandage around the head"),
    "arm_bandage": (0.08, "a bandage around an arm"), "leg_bandage": (0.06, "a bandage around a leg"),
    "arm_cast": (0.05, "a cast on an arm"), "leg_cast": (0.05, "a cast on a leg"),
}  # fmt: skip

PEOPLE = (
    Setting(
        "people.count",
        _COUNTS,
        Weights(tuple(_COUNTS)),
        "weights of the number of people per image; people for whom the room has no place are left out",
    ),
    Setting(
        "people.role",
        {"patient": 0.3, "staff": 0.45, "visitor": 0.25},
        Weights(ROLES),
        "weights of the people's roles; the first person in a room with a bed is always a patient",
    ),
    Setting("people.sex", {"female": 0.5, "male": 0.5}, Weights(("female", "male")), "weights of the people's sex"),
    Setting(
        "people.age_group",
        {"child": 0.1, "adult": 0.5, "old": 0.4},
        Weights(("child", "adult", "old")),
        "weights of the age groups of patients and visitors: child 3 to 16, adult 18 to 64, old 65 to 97 years; staff "
        "are adults",
    ),
    Setting(
        "people.child_growth", False, Switch(),
        "give children and adolescents the height and proportions of their age; otherwise they are smaller",
        in_presets=True,
    ),
    Setting(
        "people.bmi_group",
        {"low": 0.2, "normal": 0.5, "high": 0.3},
        Weights(("low", "normal", "high")),
        "weights of the body-mass groups: low (thin), normal, high (overweight to obese)",
    ),
    Setting(
        "people.skin_tone",
        dict.fromkeys(MONK_TONES, 0.1),
        Weights(MONK_TONES),
        "weights of the skin tones of the Monk scale",
    ),
)  # fmt: skip

POSTURE = (
    Setting(
        "people.apart_m",
        0.0,
        Number((0.0, 0.5)),
        "metres that stay free around the heads of people who stand and sit, so that nobody's arm is in another's "
        "face; 0 does not check",
        in_presets=0.08,
    ),
    Setting(
        "people.patient_posture",
        _PATIENT,
        Weights(POSTURE_NAMES),
        "weights of the patients' postures; a posture for which the room has no place is replaced by another",
    ),
    Setting(
        "people.staff_posture",
        _STAFF,
        Weights(POSTURE_NAMES),
        "weights of the staff's postures; a posture for which the room has no place is replaced by another",
    ),
    Setting(
        "people.visitor_posture",
        _VISITOR,
        Weights(POSTURE_NAMES),
        "weights of the visitors' postures; a posture for which the room has no place is replaced by another",
    ),
)

BEDDING = (
    Setting(
        "people.cover",
        {"uncovered": 0.3, "thin": 0.35, "thick": 0.35},
        Weights(("uncovered", "thin", "thick")),
        "weights of the covers of people in bed: none, a thin sheet, a thick blanket",
    ),
    Setting(
        "people.cover_to",
        {"feet": 0.08, "knees": 0.12, "waist": 0.3, "chest": 0.3, "chin": 0.2},
        Weights(("feet", "knees", "waist", "chest", "chin")),
        "weights of how far up the cover of a person in bed reaches",
    ),
    Setting(
        "people.uneven_covers",
        False,
        Switch(),
        "lay blankets and sheets with uneven edges, and most blankets over a sheet that is folded back",
        in_presets=True,
    ),
)

# Styles with weight 0 are newer than the others; presets have them.
_HAIR_FEMALE = _weights(
    "hair_female", "weights of the hairstyles of girls and women",
    bald=0.02, buzz=0.03, short=0.12,
    tousled=0.06, curly=0.1, afro=0.05, bob=0.14, long=0.14, long_wavy=0.1, ponytail=0.09, bun=0.08, high_bun=0.04,
    braids=0.03, cropped=0,
)  # fmt: skip
_HAIR_MALE = _weights(
    "hair_male", "weights of the hairstyles of boys and men; children are never bald or balding",
    bald=0.1, buzz=0.14, receding=0.12,
    crown_bald=0.1, short=0.22, side_part=0.14, tousled=0.08, curly=0.06, afro=0.04, cropped=0, thinning=0,
)  # fmt: skip

LOOKS = (
    replace(_HAIR_FEMALE, in_presets={**_HAIR_FEMALE.default, "short": 0.09, "cropped": 0.04}),
    replace(
        _HAIR_MALE, in_presets={**_HAIR_MALE.default, "buzz": 0.1, "receding": 0.1, "cropped": 0.12, "thinning": 0.06}
    ),
    Setting(
        "people.hair_locks", False, Switch(),
        "build hair of separate locks with a soft hairline and a ragged outline; otherwise it is one smooth surface",
        in_presets=True,
    ),
    Setting(
        "people.face_detail", False, Switch(),
        "give faces brows and lashes of hairs, shaded nostrils, lids, lips and ears, and even skin",
        in_presets=True,
    ),
    Setting(
        "people.draped_clothes", False, Switch(),
        "let clothes fall onto the body and fold by their weight; otherwise they keep an even distance from it",
        in_presets=True,
    ),
    replace(
        _weights(
            "hands", "weights of the gestures of free hands; stiff bends all fingers alike",
            stiff=1, relaxed=0, flat=0, fist=0, pointing=0, grasp=0,
        ),
        in_presets={"relaxed": 0.56, "flat": 0.14, "fist": 0.1, "pointing": 0.08, "grasp": 0.12},
    ),
    _weights(
        "beard", "weights of the beards of men",
        none=0.5, stubble=0.2, moustache=0.06, goatee=0.05, short_beard=0.12, full_beard=0.07,
    ),
    _weights(
        "glasses", "weights of the people's glasses: none, thin or thick frame",
        none=0.74, thin=0.16, thick=0.1,
    ),
    _weights(
        "outfit_patient", "weights of the patients' outfits",
        gown=0.38, gown_trousers=0.1, pyjamas=0.22, own_clothes=0.2,
        own_top_shorts=0.1,
    ),
    _weights(
        "outfit_staff", "weights of the staff's outfits",
        scrubs=0.34, tunic=0.12, scrubs_open_coat=0.12, open_coat=0.12,
        closed_coat=0.16, isolation_gown=0.08, apron=0.06,
    ),
    _weights(
        "outfit_visitor", "weights of the visitors' outfits",
        t_shirt=0.22, shirt=0.2, jumper=0.16, cardigan=0.1, jacket=0.14,
        dress=0.08, tunic=0.1,
    ),
    _weights(
        "headwear_staff", "weights of the staff's headwear; only women wear a hijab",
        none=0.56, surgical_cap=0.13,
        bouffant=0.11, hijab=0.2,
    ),
    _weights(
        "headwear_visitor", "weights of the visitors' headwear; only women wear a hijab",
        none=0.7, cap=0.08, knitted_hat=0.06, hijab=0.16,
    ),
    _weights(
        "headwear_patient", "weights of the patients' headwear; only women wear a hijab",
        none=0.86, knitted_hat=0.03, bouffant=0.03, hijab=0.08,
    ),
    _weights(
        "face_mask_staff", "weights of the staff's face masks",
        none=0.45, surgical_mask=0.43, respirator=0.12,
    ),
    _weights(
        "face_mask_visitor", "weights of the visitors' face masks",
        none=0.72, surgical_mask=0.24, respirator=0.04,
    ),
    _weights(
        "face_mask_patient", "weights of the patients' face masks",
        none=0.88, surgical_mask=0.12,
    ),
    Setting("people.gloves_share", 0.3, Number((0.0, 1.0)), "fraction of staff who wear gloves"),
    Setting("people.face_shield_share", 0.05, Number((0.0, 1.0)), "fraction of staff who wear a face shield"),
    Setting(
        "people.pregnant_share", 0.05, Number((0.0, 1.0)),
        "fraction of women aged 18 to 45 who are visibly pregnant",
    ),
    Setting("people.asleep_share", 0.45, Number((0.0, 1.0)), "fraction of people in bed whose eyes are closed"),
    *(
        Setting(f"people.{name}_share", fraction, Number((0.0, 1.0)), f"fraction of patients with {what}")
        for name, (fraction, what) in _ATTACHED.items()
    ),
)  # fmt: skip
