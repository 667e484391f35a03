"""Batches: the same whatever prepares them, complete, and in the weights asked for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from trainer.augment import NO_AUGMENTATION, Augmentation
from trainer.errors import ImageError, TrainerError
from trainer.examples.images import checked
from trainer.examples.readers import read_data
from trainer.feeding.batches import Batches
from trainer.feeding.mixing import Mix, Source
from trainer.feeding.target_rows import GROUND_TRUTH, IGNORE, KIND, PADDING

from .conftest import make_dataset

SIZE = 64
EVERYTHING = Augmentation(
    **{"mosaic": 0.5, "mixup": 0.3, "copy_paste": 0.5, "cutout": 0.3, "crop": 0.3, "stretch": 0.2},
    **{"grey": 0.2, "infrared": 0.2, "blur": 0.3, "motion": 0.3, "noise": 0.3, "jpeg": 0.3},
)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return checked(read_data(str(make_dataset(tmp_path_factory.mktemp("drawn") / "ward", count=10)), masks=True))


def all_of(batches, epoch, first_step=0):
    return [(pixels, answers["ground_truths"]) for pixels, answers in batches.epoch(epoch, first_step)]


def assert_same(first, second):
    assert len(first) == len(second)
    for (pixels, ground_truths), (other_pixels, other_ground_truths) in zip(first, second):
        np.testing.assert_array_equal(pixels, other_pixels)
        np.testing.assert_array_equal(ground_truths, other_ground_truths)


def test_a_batch_is_a_function_of_seed_epoch_and_step(drawn):
    with Batches([Source(drawn)], SIZE, 4, EVERYTHING, 1, workers=0) as one:
        assert len(one) == 2  # the remainder of two comes in the next epoch
        pixels, answers = one.load(0, 1)
        assert pixels.shape == (4, 64, 64, 3)
        assert pixels.dtype == np.uint8
        assert answers["ground_truths"].shape in ((4, 8, 6), (4, 16, 6))
        first, second = all_of(one, 0), all_of(one, 1)
        np.testing.assert_array_equal(pixels, first[1][0])
    assert np.abs(first[0][0].astype(int) - second[0][0]).max() > 10
    with Batches([Source(drawn)], SIZE, 4, EVERYTHING, 1, workers=0) as again:
        assert_same(all_of(again, 1), second)  # from the middle of a training, as after a resume
        assert_same(all_of(again, 0, first_step=1), first[1:])
    with Batches([Source(drawn)], SIZE, 4, EVERYTHING, 2, workers=0) as other:
        assert np.abs(all_of(other, 0)[0][0].astype(int) - first[0][0]).max() > 10


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="processes need Linux")
def test_processes_prepare_the_same_as_threads_with_a_cache_or_without(drawn):
    def seen(**how):
        with Batches([Source(drawn)], SIZE, 3, EVERYTHING, 5, images=30, **how) as batches:
            return all_of(batches, 0)

    threads = seen(workers=0)
    assert_same(seen(workers=0, cache_mb=1), threads)
    assert_same(seen(workers=2, cache_mb=1), threads)


@pytest.mark.parametrize("counts", [(7,), (7, 1), (9, 2)])
@pytest.mark.parametrize("batch", [4, 5, 100])
def test_no_image_comes_twice_before_every_image_came_once(tmp_path, counts, batch):
    """What fills no batch begins the next epoch, with several sources too; a set smaller than a batch is one batch."""
    sources = [
        Source(checked(read_data(str(make_dataset(tmp_path / f"{place}", count=count)))))
        for place, count in enumerate(counts)
    ]
    total = sum(counts)
    with Batches(sources, 32, batch, NO_AUGMENTATION, 0, workers=0) as batches:
        shown = [batches._stream.order(epoch) for epoch in range(6)]
        assert {len(order) for order in shown} == {len(batches) * batches.batch}
    order = np.concatenate(shown)
    for first in range(0, len(order) - total + 1, total):
        assert sorted(order[first : first + total].tolist()) == list(range(total))


def test_an_epoch_continues_after_the_images_of_the_stages_before(drawn):
    """Three epochs of two batches of 4, then epochs of batches of 3: together the same order of images."""
    with Batches([Source(drawn)], 32, 3, NO_AUGMENTATION, 0, workers=0, first_epoch=3, images_before=24) as batches:
        later = np.concatenate([batches._stream.order(epoch) for epoch in (3, 4)])
    np.testing.assert_array_equal(later, Mix([Source(drawn)], 0).order(24, 18))


def test_stopping_half_way_leaves_the_next_epoch_whole(drawn):
    with Batches([Source(drawn)], SIZE, 2, EVERYTHING, 1, workers=0) as batches:
        whole = all_of(batches, 1)
        next(batches.epoch(0))
        assert_same(all_of(batches, 1), whole)


def test_a_crowded_image_keeps_all_its_boxes(tmp_path):
    """No cap: 150 people in an image reach the loss; the padding is a power of two."""
    crowd = checked(read_data(str(make_dataset(tmp_path / "ward", count=2, people=(150, 151)))))
    with Batches([Source(crowd)], SIZE, 2, NO_AUGMENTATION, 0, workers=0) as batches:
        _, answers = batches.load(0, 0)
    assert answers["ground_truths"].shape == (2, 256, 6)
    assert (answers["ground_truths"][..., KIND] == GROUND_TRUTH).sum() == 300
    assert (answers["ground_truths"][..., KIND] == PADDING).sum() == 2 * 106


def test_rows_are_relative_to_the_input_and_ignored_ones_marked(drawn):
    lone = replace(drawn, examples=drawn.examples[:1])
    example = lone.examples[0]
    ignored = replace(example.annotations, ignore=np.ones(len(example.annotations), bool))
    lone = replace(lone, examples=(replace(example, annotations=ignored),))
    with Batches([Source(lone)], SIZE, 1, NO_AUGMENTATION, 0, workers=0) as batches:
        _, answers = batches.load(0, 0)
    rows = answers["ground_truths"][0][: len(example.annotations.boxes)]
    assert (rows[:, KIND] == IGNORE).all()
    # 96 x 80 in 64: two thirds of the size, int(80 * 2 / 3) = 53 rows from row 5 on.
    x, y, w, h = example.annotations.boxes[0]
    expected = [(x + w / 2) * 64 / 96, (y + h / 2) * 53 / 80 + 5, w * 64 / 96, h * 53 / 80]
    np.testing.assert_allclose(rows[0, :4] * 64, expected, atol=1e-4)


def test_weights_hold_in_batches_and_in_what_is_mixed_in(tmp_path):
    """One source is black, the other white: a quarter of everything is white, mosaics included."""
    sets = []
    for name, level in (("black", 0), ("white", 255)):
        data = checked(read_data(str(make_dataset(tmp_path / name, count=4))))
        for example in data.examples:
            paint(example.path, level)
        sets.append(data)
    limits = replace(NO_AUGMENTATION, mosaic=1.0)
    with Batches([Source(sets[0], 3.0), Source(sets[1], 1.0)], SIZE, 8, limits, 0, images=80, workers=0) as batches:
        pixels = np.concatenate([pixels for pixels, _ in batches.epoch(0)])
    seen = pixels[..., 0]
    white, black = (seen > 250).mean(), (seen < 5).mean()
    assert white / (white + black) == pytest.approx(0.25, abs=0.05)


def paint(path, level):
    from PIL import Image

    with Image.open(path) as image:
        size = image.size
    Image.new("RGB", size, (level,) * 3).save(path)


def test_several_sizes_change_every_ten_steps(drawn):
    with Batches([Source(drawn)], SIZE, 2, EVERYTHING, 0, images=60, sizes=(32, 64, 96), workers=0) as batches:
        sides = [pixels.shape[1] for pixels, _ in batches.epoch(0)]
        assert [side for side in sides[::10] for _ in range(10)] == sides
        assert len(set(sides)) > 1
        assert sides == [pixels.shape[1] for pixels, _ in batches.epoch(0)]


def test_the_last_epochs_are_without_mixing(drawn):
    limits = replace(NO_AUGMENTATION, mosaic=1.0, close_last=1)
    with Batches([Source(drawn)], SIZE, 2, limits, 0, epochs=3, workers=0) as batches:
        plain = Batches([Source(drawn)], SIZE, 2, NO_AUGMENTATION, 0, epochs=3, workers=0)
        with plain:
            assert_same(all_of(batches, 2), all_of(plain, 2))
            assert np.abs(all_of(batches, 1)[0][0].astype(int) - all_of(plain, 1)[0][0]).max() > 10


def test_an_image_that_vanishes_stops_the_epoch_by_name(tmp_path):
    data = checked(read_data(str(make_dataset(tmp_path / "ward", count=4))))
    data.examples[2].path.unlink()
    with (
        Batches([Source(data)], SIZE, 2, NO_AUGMENTATION, 0, workers=0) as batches,
        pytest.raises(ImageError, match=r"000002\.jpg"),
    ):
        all_of(batches, 0)


def test_copy_paste_without_masks_is_refused(tmp_path):
    data = checked(read_data(str(make_dataset(tmp_path / "ward", count=2))))
    with pytest.raises(TrainerError, match=r"augment\.copy_paste .*\b0\.5"):
        Batches([Source(data)], SIZE, 2, Augmentation(copy_paste=0.5), 0, workers=0)


_TRAINING = """
import multiprocessing, sys
from trainer.augment import Augmentation
from trainer.examples.images import checked
from trainer.examples.readers import read_data
from trainer.feeding.batches import Batches
from trainer.feeding.mixing import Source

if __name__ == "__main__":
    batches = Batches([Source(checked(read_data(sys.argv[1])))], 64, 2, Augmentation(), 0, images=10**6, workers=2)
    for pixels, answers in batches.epoch(0):
        print(*[process.pid for process in multiprocessing.active_children()], flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="processes need Linux")
@pytest.mark.slow
def test_processes_end_with_a_killed_parent_and_a_killed_process_is_an_error(tmp_path):
    data, script = make_dataset(tmp_path / "ward", count=2), tmp_path / "training.py"
    script.write_text(_TRAINING)
    for victim in ("parent", "process"):
        training = subprocess.Popen(
            [sys.executable, script, data], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        ids = [int(word) for word in training.stdout.readline().split()]
        assert len(ids) == 2
        os.kill(training.pid if victim == "parent" else ids[0], signal.SIGKILL)
        _, errors = training.communicate(timeout=60)
        if victim == "process":
            assert "fewer workers" in errors
        for _ in range(100):
            if not any(os.path.exists(f"/proc/{one}") for one in ids):
                break
            time.sleep(0.1)
        assert not [one for one in ids if os.path.exists(f"/proc/{one}")]
