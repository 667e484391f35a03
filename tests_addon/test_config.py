"""Resolving the knobs: precedence, and one clear line for everything that is wrong."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blender_addon.draw import config as knobs
from blender_addon.draw import sample


def test_set_beats_file_beats_preset_beats_default(tmp_path):
    file = tmp_path / "ward.json"
    file.write_text(json.dumps({"render.samples": 8, "camera.roll_deg": [1, 2]}))
    config = knobs.resolve(None, file, ["render.samples=16"])
    assert config["render.samples"] == 16
    assert config["camera.roll_deg"] == [1.0, 2.0]
    assert config["render.jpeg_quality"] == 95


def test_a_dataset_is_a_config_file(tmp_path):
    file = tmp_path / "dataset.json"
    file.write_text(json.dumps({"format": "wardsynth", "config": knobs.resolve(pairs=["render.samples=3"])}))
    assert knobs.resolve(None, file)["render.samples"] == 3


def test_resolving_twice_changes_nothing():
    config = knobs.resolve()
    pairs = [f"{key}={json.dumps(value)}" for key, value in config.items()]
    assert knobs.resolve(pairs=pairs) == config


def test_a_value_the_user_gave_is_kept():
    assert knobs.resolve(pairs=['people.sex={"female": 3, "male": 1}'])["people.sex"] == {"female": 3.0, "male": 1.0}


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("render.sample=4", "did you mean 'render.samples'"),
        ("render.samples", "expected KEY=VALUE"),
        ("render.samples=0", "expected 1 to"),
        ("render.samples=2.5", "whole number"),
        ("render.samples=many", "expected a number"),
        ("render.size=[0,416]", "expected 16 to"),
        ("render.size=416", r"\[width, height\]"),
        ("render.denoise=1", "true or false"),
        ("camera.roll_deg=[5,-5]", "low <= high"),
        ("camera.roll_deg=NaN", "finite"),
        ('people.sex={"femal": 1}', "unknown value 'femal'"),
        ('people.sex={"female": 0}', "not all be zero"),
        ('people.sex={"female": -1, "male": 2}', "negative"),
    ],
)
def test_a_wrong_value_is_one_line_that_helps(pair, said):
    with pytest.raises(knobs.ConfigError, match=said) as caught:
        knobs.resolve(pairs=[pair])
    assert "\n" not in str(caught.value)


def test_an_unknown_preset_names_the_known():
    with pytest.raises(knobs.ConfigError, match="did you mean 'room'"):
        knobs.resolve("rooms")


@pytest.mark.parametrize("text", ["", "{", "[1]", '"x"', '{"format": "wardsynth", "config": null}'])
def test_a_broken_config_file_is_named(tmp_path, text):
    file = tmp_path / "broken.json"
    file.write_text(text)
    with pytest.raises(knobs.ConfigError, match=r"broken\.json"):
        knobs.resolve(None, file)


def test_every_knob_has_a_valid_default_and_a_description():
    assert len({knob.key for knob in knobs.KNOBS}) == len(knobs.KNOBS)
    for knob in knobs.KNOBS:
        knob.kind.check(knob.default)
        assert len(knob.text) > 2


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_any_json_value_is_taken_or_refused_never_a_crash(value):
    for knob in knobs.KNOBS:
        with contextlib.suppress(ValueError):
            knob.kind.check(value)


def test_vocabularies_hold_the_attributes_of_drawn_scenes():
    words = knobs.vocabularies()
    lists = {"clothing", "attached"}  # of garments and of what hangs on patients, joined by "+"
    config, named = knobs.resolve(), set()
    for index in range(80):
        spec = sample(config, 5, index)
        for attributes in (spec.attributes, *(person.attributes for person in spec.people)):
            for name, value in attributes.items():
                assert name in lists or value in words[name], (index, name, value)
            named |= set(attributes)
    assert named == set(words) | lists
