"""The order of a mix: weights that hold from the beginning, and no image twice before every image once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.errors import TrainerError
from trainer.examples.example import ExampleSet, make_example
from trainer.feeding.mixing import Mix, Source, interleaved, repeats

from .refusals import refusal


def source(name, count, weight=None, labels=lambda index: [0]):
    examples = tuple(
        make_example(f"{name}{index}", index, [([0, 0, 9, 9], label, False, 81) for label in labels(index)])
        for index in range(count)
    )
    return Source(ExampleSet(examples, ("a", "b"), (1, 2), name), weight)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=6))
@settings(max_examples=100, deadline=None)
def test_every_beginning_holds_the_fractions_to_within_one(counts):
    turns = interleaved(counts)
    assert np.bincount(turns, minlength=len(counts)).tolist() == counts
    shown = np.cumsum(turns[:, None] == np.arange(len(counts)), axis=0)
    expected = np.arange(1, sum(counts) + 1)[:, None] * np.array(counts) / sum(counts)
    assert np.abs(shown - expected).max() < 1


@given(st.integers(0, 2**32 - 1), st.sampled_from([None, (0.5, 0.2)]), st.lists(st.integers(1, 9), min_size=1))
@settings(max_examples=60, deadline=None)
def test_the_order_is_the_same_however_it_is_divided_into_epochs(seed, weights, lengths):
    one, two = weights or (None, None)
    mix = Mix([source("a", 7, one), source("b", 5, two)], seed)
    begins = np.cumsum([0, *lengths])
    parts = [mix.order(begin, length) for begin, length in zip(begins, lengths)]
    np.testing.assert_array_equal(np.concatenate(parts), mix.order(0, sum(lengths)))


def test_weights_of_many_digits_are_rounded():
    mix = Mix([source("a", 7, 0.123456789), source("b", 5, 0.987654321), source("c", 5, 1e-12)], 0)
    fractions = np.bincount(mix.order(0, 100_000) >= 7)[0] / 100_000
    assert fractions == pytest.approx(0.123456789 / (0.123456789 + 0.987654321), abs=1e-4)


@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.integers(1, 30), st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_a_source_is_seen_whole_before_anything_of_it_comes_again(seed, first, second, images):
    mix = Mix([source("a", first, 1.0), source("b", second, 3.0)], seed)
    seen = np.concatenate([mix.order(epoch * images, images) for epoch in range(6)])
    for begin, count in ((0, first), (first, second)):
        mine = seen[(seen >= begin) & (seen < begin + count)]
        for turn in range(0, len(mine), count):
            part = mine[turn : turn + count]
            assert len(set(part.tolist())) == len(part)


def test_without_weights_an_epoch_is_every_image_once_in_another_order():
    mix = Mix([source("a", 7), source("b", 5)], seed=3)
    first, second = mix.order(0, 12), mix.order(12, 12)
    assert sorted(first.tolist()) == sorted(second.tolist()) == list(range(12))
    assert first.tolist() != second.tolist()
    np.testing.assert_array_equal(first, Mix([source("a", 7), source("b", 5)], seed=3).order(0, 12))
    assert first.tolist() != Mix([source("a", 7), source("b", 5)], seed=4).order(0, 12).tolist()


def test_a_weight_of_zero_leaves_a_source_out_and_a_long_epoch_repeats_evenly():
    mix = Mix([source("a", 4, 1.0), source("b", 4, 0.0)], seed=0)
    assert np.bincount(mix.order(0, 20), minlength=8).tolist() == [5, 5, 5, 5, 0, 0, 0, 0]


def test_a_rare_class_comes_more_often():
    """9 images of class 0, 1 of class 1: at full balance the one comes nine times in eighteen."""
    rare = source("a", 10, labels=lambda index: [1] if index == 4 else [0])
    np.testing.assert_allclose(repeats(rare.examples.examples, 1.0).factors, [1, 1, 1, 1, 9, 1, 1, 1, 1, 1])
    assert np.bincount(Mix([rare], 0, class_balance=1.0).order(0, 18))[4] == 9
    square_root = repeats(rare.examples.examples, 0.5)
    np.testing.assert_allclose(square_root.factors, [1, 1, 1, 1, 3, 1, 1, 1, 1, 1])
    assert (repeats(rare.examples.examples, 0.0).factors == 1).all()


@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_repeats_hold_every_image_and_round_by_less_than_one(seed, balance):
    rng = np.random.default_rng(seed)
    drawn = rng.random(20) < 0.2
    uneven = repeats(source("a", 20, labels=lambda index: [1] if drawn[index] else [0]).examples.examples, balance)
    counts = np.bincount(uneven.sample(rng), minlength=20)
    assert counts.sum() == uneven.total
    assert counts.min() >= 1
    assert np.abs(counts - uneven.factors).max() < 1


def test_negatives_count_as_images():
    mix = Mix([source("a", 3, 1.0), source("empty", 2, 1.0, labels=lambda index: [])], seed=0, class_balance=1.0)
    assert (mix.order(0, 5) >= 3).sum() in (2, 3)


@pytest.mark.parametrize(
    ("sources", "named"),
    [
        ([source("a", 2, 1.0), source("b", 2)], "b"),
        ([source("a", 2, 0.0)], [0.0]),
        ([source("a", 2, 2.0), source("b", 2, -1.0)], [2.0, -1.0]),
    ],
)
def test_impossible_weights_are_named(sources, named):
    with refusal(TrainerError, named):
        Mix(sources, 0)
