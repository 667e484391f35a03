"""The class maps of the trainer name the values that the generator writes, each in one class."""

import json

import pytest
from conftest import REPOSITORY

from blender_addon.draw.config import vocabularies
from blender_addon.draw.postures.table import POSTURES
from trainer.formats.class_choice import read_class_map, shipped_maps


@pytest.mark.parametrize("name", shipped_maps())
def test_every_value_is_in_a_class(name):
    given = read_class_map(name)
    for value in vocabularies()[given.attribute]:
        assert any(group.holds(value) for group in given.groups), f"add {value} to trainer/class_maps/{name}.json"


@pytest.mark.parametrize("name", shipped_maps())
def test_a_value_is_in_one_class_only(name):
    given = read_class_map(name)
    for value in vocabularies()[given.attribute]:
        assert sum(group.holds(value) for group in given.groups) == 1, value


def test_postures_that_lie_in_the_record_are_lying_or_fallen_in_the_map():
    groups = read_class_map("posture").groups
    for posture in POSTURES.values():
        name = next(group.name for group in groups if group.holds(posture.name))
        assert (name in ("lying", "fallen")) or not posture.lying, posture.name
        assert (name == "fallen") == (posture.family == "floor"), posture.name


def test_the_maps_are_in_the_package_and_in_the_guide():
    text = (REPOSITORY / "docs" / "classes.md").read_text()
    assert '"class_maps/*.json"' in (REPOSITORY / "pyproject.toml").read_text()
    for name in shipped_maps():
        stored = json.loads((REPOSITORY / "trainer" / "class_maps" / f"{name}.json").read_text())
        assert all(f"`{one}`" in text for one in (name, stored["attribute"], *stored["classes"]))
