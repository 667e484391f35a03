"""Random numbers: the same everywhere, and shares that hold at every prefix."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blender_addon.draw.streams import RandomStream, balanced, by_weight, stratum


def test_a_stream_is_the_same_on_every_machine():
    stream = RandomStream(7, 3, "room")
    assert [round(stream.unit(), 12) for _ in range(3)] == [0.321885360167, 0.865978642699, 0.773782234108]


def test_streams_of_other_aspects_images_and_seeds_differ():
    first = {RandomStream(*key).unit() for key in ((7, 3, "room"), (7, 3, "bed"), (7, 4, "room"), (8, 3, "room"))}
    assert len(first) == 4


def test_unit_is_uniform_and_normal_is_normal():
    stream = RandomStream(1, 1, "test")
    uniform = np.array([stream.unit() for _ in range(20000)])
    assert abs(uniform.mean() - 0.5) < 0.01
    assert np.histogram(uniform, 10, (0, 1))[0].min() > 1850
    normal = np.array([stream.normal(2.0, 3.0) for _ in range(20000)])
    assert abs(normal.mean() - 2.0) < 0.08
    assert abs(normal.std() - 3.0) < 0.1
    assert np.abs(normal - 2.0).max() <= 9.0


@pytest.mark.parametrize("attribute", ["people.sex/0", "light.level"])
def test_every_block_of_2_to_the_m_has_one_point_in_each_cell(attribute):
    for m in range(1, 9):
        for block in range(3):
            values = [balanced(5, k, attribute) for k in range(block * 2**m, (block + 1) * 2**m)]
            assert sorted(int(value * 2**m) for value in values) == list(range(2**m))


def test_attributes_are_not_paired():
    values = np.array([[balanced(5, k, name) for name in "abcdef"] for k in range(512)])
    correlation = np.corrcoef(values.T) - np.eye(6)
    assert np.abs(correlation).max() < 0.15
    halves = Counter(map(tuple, (values[:, :2] < 0.5).tolist()))
    assert min(halves.values()) > 90  # 128 each if they were paired evenly


SHARES = {"0": 0.0, "1": 0.35, "2": 0.4, "3": 0.25}


@pytest.mark.parametrize("seed", [0, 1, 99])
def test_a_stratum_numbers_its_images_without_gaps(seed):
    seen = Counter()
    for index in range(600):
        name, number = stratum(seed, index, "people.count", SHARES)
        assert number == seen[name]
        seen[name] += 1
        for other, share in SHARES.items():
            assert abs(seen[other] - share * (index + 1)) < 3.5
    assert stratum(seed, 10**8, "people.count", SHARES)[1] == pytest.approx(10**8 * SHARES[name], rel=0.6)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.05, 1), min_size=2, max_size=6), st.integers(1, 400), st.integers(0, 2**31))
def test_shares_hold_at_every_prefix(weights, count, seed):
    shares = {str(n): weight for n, weight in enumerate(weights)}
    obtained = Counter(by_weight(balanced(seed, k, "x"), shares) for k in range(count))
    for name, weight in shares.items():
        wanted = count * weight / sum(weights)
        assert abs(obtained[name] - wanted) <= 2 + np.log2(count)  # independent draws are off by sqrt(count)


def test_by_share_never_gives_a_value_of_weight_zero():
    assert {by_weight(value, {"a": 0.0, "b": 1.0, "c": 0.0}) for value in (0.0, 0.5, 1.0 - 2**-53)} == {"b"}


def test_index_out_of_range_is_an_error():
    with pytest.raises(ValueError, match="outside"):
        balanced(1, 2**32, "x")
