"""Resolving the settings: precedence, and one clear line for everything that is wrong."""

import contextlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample


def test_set_beats_file_beats_preset_beats_default(tmp_path):
    file = tmp_path / "ward.json"
    file.write_text(json.dumps({"render.samples": 8, "camera.roll_deg": [1, 2]}))
    config = draw_settings.resolve(None, file, ["render.samples=16"])
    assert config["render.samples"] == 16
    assert config["camera.roll_deg"] == [1.0, 2.0]
    assert config["render.jpeg_quality"] == 95


def test_a_dataset_is_a_config_file(tmp_path):
    file = tmp_path / "dataset.json"
    file.write_text(json.dumps({"format": "wardsynth", "config": draw_settings.resolve(pairs=["render.samples=3"])}))
    assert draw_settings.resolve(None, file)["render.samples"] == 3


def test_resolving_twice_changes_nothing():
    config = draw_settings.resolve()
    pairs = [f"{key}={json.dumps(value)}" for key, value in config.items()]
    assert draw_settings.resolve(pairs=pairs) == config


def test_a_value_the_user_gave_is_kept():
    assert draw_settings.resolve(pairs=['people.sex={"female": 3, "male": 1}'])["people.sex"] == {
        "female": 3.0,
        "male": 1.0,
    }


@pytest.mark.parametrize(
    ("pair", "named"),
    [
        ("render.sample=4", r"'render\.samples'"),
        ("render.samples", "expected KEY=VALUE"),
        ("render.samples=0", "expected 1 to"),
        ("render.samples=2.5", "whole number"),
        ("render.samples=many", "expected a number"),
        ("render.size=[0,416]", "expected 16 to"),
        ("render.size=416", r"\[width, height\]"),
        ("render.denoise=1", "true or false"),
        ("camera.roll_deg=[5,-5]", "low <= high"),
        ("camera.roll_deg=NaN", "finite"),
        ('people.sex={"femal": 1}', "people.sex .*'femal'.*female, male"),
        ('people.sex={"female": 0}', r"people.sex is {.female.: 0}"),
        ('people.sex={"female": -1, "male": 2}', r"people.sex is .*-1"),
    ],
)
def test_a_wrong_value_is_one_line_that_helps(pair, named):
    with pytest.raises(draw_settings.ConfigError, match=named) as caught:
        draw_settings.resolve(pairs=[pair])
    assert "\n" not in str(caught.value)


def test_an_unknown_preset_names_the_known():
    with pytest.raises(draw_settings.ConfigError, match="'room'"):
        draw_settings.resolve("rooms")


@pytest.mark.parametrize("text", ["", "{", "[1]", '"x"', '{"format": "wardsynth", "config": null}'])
def test_a_broken_config_file_is_named(tmp_path, text):
    file = tmp_path / "broken.json"
    file.write_text(text)
    with pytest.raises(draw_settings.ConfigError, match=r"broken\.json"):
        draw_settings.resolve(None, file)


def test_every_setting_has_a_valid_default_and_a_description():
    assert len({setting.key for setting in draw_settings.SETTINGS}) == len(draw_settings.SETTINGS)
    for setting in draw_settings.SETTINGS:
        setting.kind.check(setting.default)
        assert len(setting.text) > 2


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_any_json_value_is_taken_or_refused_never_a_crash(value):
    for setting in draw_settings.SETTINGS:
        with contextlib.suppress(ValueError):
            setting.kind.check(value)


def test_vocabularies_hold_the_attributes_of_drawn_scenes():
    words = draw_settings.vocabularies()
    lists = {"clothing", "attached"}  # of garments and of what hangs on patients, joined by "+"
    config, named = draw_settings.resolve(), set()
    for index in range(80):
        spec = sample(config, 5, index)
        for attributes in (spec.attributes, *(person.attributes for person in spec.people)):
            for name, value in attributes.items():
                assert name in lists or value in words[name], (index, name, value)
            named |= set(attributes)
    assert named | {"darkness"} == set(words) | lists  # darkness is known once the image is rendered


# Settings that are newer than the first configs, and what their images are without them.
_ADDED = {
    "people.hair_locks": False,
    "people.face_detail": False,
    "people.draped_clothes": False,
    "people.uneven_covers": False,
    "room.patterned_textiles": 0.0,
    "people.child_growth": False,
    "people.apart_m": 0.0,
}


_LOOKS = ("people.hair_locks", "people.face_detail", "people.draped_clothes")


@pytest.fixture
def older(tmp_path):
    """The path of a ``dataset.json`` that was stored before the settings of ``_ADDED`` existed."""
    stored = {key: value for key, value in draw_settings.resolve().items() if key not in (*_ADDED, "people.hands")}
    path = tmp_path / "dataset.json"
    path.write_text(json.dumps({"format": "wardsynth", "config": stored}))
    return path


def test_a_stored_config_keeps_the_look_it_had(older):
    config = draw_settings.resolve(file=older)
    assert {key: config[key] for key in _ADDED} == _ADDED
    assert config["people.hands"]["stiff"] == 1
    assert draw_settings.resolve(file=older, pairs=["people.hair_locks=true"])["people.hair_locks"] is True


def test_every_preset_and_a_config_file_of_a_user_have_the_new_look(tmp_path):
    (tmp_path / "own.json").write_text('{"people.asleep_share": 0.5}')
    own = draw_settings.resolve(file=tmp_path / "own.json")
    for config in (own, *(draw_settings.resolve(name) for name in draw_settings.preset_names())):
        assert all(config[key] != value for key, value in _ADDED.items())
        assert config["people.hands"]["stiff"] == 0


def test_the_look_of_hair_faces_and_clothes_changes_nothing_else():
    pairs = ['people.count={"3": 1}']
    plain = draw_settings.resolve(pairs=[*pairs, *(f"{key}=false" for key in _LOOKS)])
    for index in range(4):
        one, other = sample(plain, 2, index), sample(draw_settings.resolve(pairs=pairs), 2, index)
        looks = [replace(p, look=replace(p.look, **{key.split(".")[1]: False for key in _LOOKS})) for p in other.people]
        assert one == replace(other, people=tuple(looks))


def test_a_stored_config_gets_later_settings_by_default_and_later_values_with_no_weight():
    stored = draw_settings.resolve()
    del stored["room.panorama"]
    stored["people.hair_female"] = {"bald": 0.5, "long": 0.5}
    whole = draw_settings.completed(stored)
    assert whole["room.panorama"] is False
    assert set(whole["people.hair_female"]) > {"bald", "long"}
    assert sum(whole["people.hair_female"].values()) == 1.0
    assert {key: value for key, value in whole.items() if key not in ("room.panorama", "people.hair_female")} == {
        key: value for key, value in stored.items() if key != "people.hair_female"
    }
