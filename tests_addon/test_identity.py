"""Who people are and what they wear: by share, by role, consistent with one another."""

import itertools
from collections import Counter

import pytest

from blender_addon.body import model, wear
from blender_addon.body.wear import facewear, hair, medical_lines
from blender_addon.draw import config as draw_settings
from blender_addon.draw.clothes import FACE_MASKS, HEADWEAR, draw_outfit
from blender_addon.draw.config import MONK_TONES
from blender_addon.draw.identity import draw_identity, skin_albedo
from blender_addon.draw.streams import RandomStream, balanced, by_weight

CONFIG = draw_settings.resolve()
COUNT = 512


def _drawn(role, config=CONFIG, lying=False, count=COUNT):
    people = []
    for number in range(count):

        def pick(key, number=number):
            return by_weight(balanced(4, number, key), config[key])

        identity = draw_identity(config, pick, RandomStream(4, number, "person"), role, lying)
        outfit = draw_outfit(config, pick, RandomStream(4, number, "clothes"), role, identity, lying)
        people.append((identity, outfit))
    return people


ROLES = ("patient", "staff", "visitor")


@pytest.fixture(scope="module")
def people_of():
    """{role: (identity, outfit) of each}."""
    return {role: _drawn(role, lying=role == "patient") for role in ROLES}


@pytest.mark.parametrize("role", ROLES)
def test_what_is_drawn_can_be_worn(role, people_of):
    for identity, outfit in people_of[role]:
        assert {garment.kind for garment in outfit.garments} <= set(wear.KINDS)
        assert {attachment.kind for attachment in outfit.attachments} <= set(medical_lines.KINDS)
        assert identity.look.hair in hair.KINDS
        assert identity.look.beard in ("none", "stubble", *facewear.BEARDS)
        assert set(identity.phenotype["details"]) <= set(model.load().target_rows)


@pytest.mark.parametrize("role", ROLES)
def test_masks_and_glasses_follow_their_shares(role, people_of):
    for key, name in ((f"people.face_mask_{role}", "face_mask"), ("people.glasses", "glasses")):
        counted = Counter(outfit.attributes[name] for _, outfit in people_of[role])
        shares = CONFIG[key]
        for value, share in shares.items():
            closed = name == "glasses" and role == "patient"  # who sleeps wears none
            slack = 0.16 if closed else 0.02
            assert counted[value] / COUNT == pytest.approx(share / sum(shares.values()), abs=slack), (name, value)


def test_hair_follows_its_shares(people_of):
    for sex in ("female", "male"):
        adults = [i.look.hair for i, _ in people_of["staff"] if i.sex == sex]
        shares = CONFIG[f"people.hair_{sex}"]
        for style, share in shares.items():
            assert Counter(adults)[style] / len(adults) == pytest.approx(share / sum(shares.values()), abs=0.05), style


@pytest.mark.parametrize("role", ROLES)
def test_attributes_say_what_is_worn(role, people_of):
    for _, outfit in people_of[role]:
        kinds = [garment.kind for garment in outfit.garments]
        assert outfit.attributes["face_mask"] == next((k for k in kinds if k in FACE_MASKS), "none")
        assert outfit.attributes["headwear"] == next((k for k in kinds if k in HEADWEAR), "none")
        assert set(outfit.attributes["clothing"].split("+")) <= {*kinds, "none"}
        attached = "+".join(attachment.kind for attachment in outfit.attachments) or "none"
        assert outfit.attributes["attached"] == attached


def test_only_patients_have_lines_and_only_women_head_scarves_and_dresses(people_of):
    for role, people in people_of.items():
        for identity, outfit in people:
            kinds = {garment.kind for garment in outfit.garments}
            assert role == "patient" or not outfit.attachments
            if identity.sex == "male":
                assert not kinds & {"hijab", "dress", "skirt", "long-skirt"}


def test_everybody_is_dressed(people_of):
    for role, people in people_of.items():
        for _, outfit in people:
            kinds = {garment.kind for garment in outfit.garments}
            assert kinds & {"gown", "dress", "abaya", "tunic", "scrub-top", "pyjama-top", "t-shirt", "polo-shirt",
            "shirt",
                            "blouse", "jumper", "cardigan"}  # fmt: skip
            assert role != "staff" or kinds & {"clogs", "trainers", "shoes"}


def test_the_sleeping_have_their_eyes_closed_and_wear_no_glasses(people_of):
    asleep = [(i, o) for i, o in people_of["patient"] if i.look.eyes == "closed"]
    assert len(asleep) / COUNT == pytest.approx(CONFIG["people.asleep_share"], abs=0.08)
    for identity, outfit in asleep:
        assert identity.phenotype["details"]["eye-closure"] == 1.0
        assert outfit.attributes["glasses"] == "none"


def test_nothing_hangs_where_there_is_no_room(people_of):
    for _, outfit in people_of["patient"]:
        attached = {attachment.kind for attachment in outfit.attachments}
        assert not {"oxygen-mask", "nasal-cannula"} <= attached
        if outfit.attributes["face_mask"] != "none":
            assert not attached & {"oxygen-mask", "nasal-cannula"}
        if outfit.attributes["headwear"] != "none":
            assert not attached & {"electrode-cap", "head-bandage"}


def test_a_share_of_nought_is_nobody():
    config = draw_settings.resolve(pairs=["people.iv_line_share=0", "people.gloves_share=0", "people.pregnant_share=0"])
    for identity, outfit in _drawn("patient", config, lying=True, count=128):
        assert "iv-line" not in outfit.attributes["attached"]
        assert "stomach-pregnant-incr" not in identity.phenotype["details"]


def test_skin_darkens_along_the_scale_and_is_never_black_or_blue():
    tones = [skin_albedo(tone) for tone in MONK_TONES]
    brightness = [sum(tone) for tone in tones]
    assert all(darker < lighter + 0.03 for lighter, darker in itertools.pairwise(brightness))
    for red, green, blue in tones:
        assert 0.03 < red < 0.65
        assert red > green > blue > 0.01
