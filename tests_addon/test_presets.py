"""Presets: small files that resolve, and whose images are what their name says."""

import os
import subprocess
import sys
from collections import Counter

import pytest
from conftest import REPOSITORY

from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample

NAMES = (
    "clinic", "crowd", "empty", "falls", "home", "icu", "mixed", "night", "objects", "room", "waiting-room", "ward",
    "yolov3-blender",
)  # fmt: skip
COUNT = 24


@pytest.fixture(scope="module")
def specs():
    made = {}

    def of(name):
        if name not in made:
            config = draw_settings.resolve(name)
            made[name] = [sample(config, 5, index) for index in range(COUNT)]
        return made[name]

    return of


def _rooms(specs):
    return {spec.room.kind for spec in specs}


def test_these_are_the_presets():
    assert tuple(draw_settings.preset_names()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_says_what_it_is_and_sets_few_settings(name):
    preset = draw_settings.preset(name)
    assert len(preset["description"]) > 30
    assert len(preset["config"]) <= 12
    assert set(draw_settings.resolve(name)) == {setting.key for setting in draw_settings.SETTINGS}


def test_mixed_is_the_default_and_has_every_kind_of_room():
    assert draw_settings.resolve() == draw_settings.resolve("mixed")
    assert all(share > 0 for share in draw_settings.resolve()["room.kind"].values())


@pytest.mark.parametrize(
    ("name", "rooms"),
    [
        ("ward", {"ward"}),
        ("icu", {"icu"}),
        ("waiting-room", {"waiting"}),
        ("room", {"single"}),
        ("home", {"bedroom", "bathroom"}),
    ],
)
def test_the_rooms_of_a_preset_are_what_its_name_says(specs, name, rooms):
    assert _rooms(specs(name)) <= rooms


def test_empty_has_nobody_but_what_looks_like_somebody(specs):
    assert not any(spec.people for spec in specs("empty"))
    kinds = Counter(piece.kind for spec in specs("empty") for piece in spec.furniture)
    assert kinds["poster"] + kinds["coat_hooks"] + kinds["mannequin"] + kinds["doll"] + kinds["wall_tv"] >= COUNT / 2


def test_nights_are_dark(specs):
    assert all(spec.attributes["sun"] == "none" for spec in specs("night"))
    infrared = sum(spec.attributes["sensor"] == "infrared" for spec in specs("night"))
    assert infrared > COUNT / 2


def test_in_falls_many_are_on_the_floor(specs):
    postures = Counter(person.posture for spec in specs("falls") for person in spec.people)
    down = postures["fallen"] + postures["crawling"] + postures["getting-up"]
    assert down > 0.4 * sum(postures.values())


def test_waiting_rooms_are_full(specs):
    assert sum(len(spec.people) for spec in specs("waiting-room")) > 3 * COUNT


def test_crowds_are_crowds_and_many_of_their_images_grey_in_a_lit_room(specs):
    assert min(len(spec.people) for spec in specs("crowd")) >= 4
    assert sum(len(spec.people) for spec in specs("crowd")) > 8 * COUNT
    assert sum(len(spec.people) for spec in specs("clinic")) > 5 * COUNT
    for name in ("crowd", "clinic"):
        sensors = Counter(spec.attributes["sensor"] for spec in specs(name))
        assert sensors["night-mode"] >= 3
        assert sensors["monochrome"] >= 1
        lit = [spec for spec in specs(name) if spec.attributes["sensor"] != "infrared"]
        assert any(spec.attributes["ceiling"] == "high" for spec in lit)
        assert {spec.size for spec in specs(name)} == {(832, 468)}


def test_a_reader_that_has_seen_enough_ends_it_quietly():
    """As `wardsynth presets mixed | head -1` does."""
    read, write = os.pipe()
    os.close(read)
    words = [sys.executable, "-m", "blender_addon", "presets", "mixed"]
    done = subprocess.run(words, cwd=REPOSITORY, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")
