"""People as Blender has them: no skin through cloth, quick to build, nothing left behind."""

import pytest


@pytest.fixture(scope="module")
def people(in_blender):
    def run(call):
        return in_blender(
            f"import sys; sys.path.insert(0, 'tests_addon')\nimport blender_people as people\nanswer(people.{call})"
        )

    return run


def _worst(counted):
    return {
        name: skin / (shown + skin)
        for name, shown, skin in counted
        if shown + skin > 300 and skin / (shown + skin) > 0.005
    }


def test_no_skin_shows_through_cloth(people):
    counted = people("skin_through_cloth(4)")
    assert len(counted) > 8
    assert _worst(counted) == {}


@pytest.mark.slow
@pytest.mark.parametrize("first", [4, 20, 36])
def test_no_skin_shows_through_the_cloth_of_many(people, first):
    assert _worst(people(f"skin_through_cloth(16, {first})")) == {}


@pytest.fixture(scope="module")
def built(people):
    """Seconds, megabytes and data blocks left of 300 people built one after the other."""
    return people("built_and_discarded(300)")


@pytest.mark.slow
@pytest.mark.timing
def test_a_person_takes_under_a_second(built):
    assert sorted(built["seconds"])[150] < 0.8


@pytest.mark.slow
def test_a_built_person_leaves_nothing_behind(built):
    assert built["resident"][1] - built["resident"][0] < 30.0
    assert max(built["left"]) <= 0
