"""The sheets of `trainer doctor --augment`: whole, seeded, and of what training sees."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from trainer.annotate import GROUND_TRUTH_COLOUR, sheet
from trainer.augment import NO_AUGMENTATION, Augmentation
from trainer.cli import cli, run
from trainer.doctor.augment_sheets import EACH, each_sheet, spread, training_sheet
from trainer.examples.readers import read_data

from .conftest import make_dataset

GAP = 6


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return spread(read_data(str(make_dataset(tmp_path_factory.mktemp("drawn") / "ward", count=5)), masks=True), 4)


def test_spread_takes_the_ends_and_no_more_than_there_are(drawn):
    assert [example.image_id for example in drawn.examples] == [0, 1, 3, 4]
    assert len(spread(drawn, 9).examples) == 4


def test_training_images_are_shown_with_their_boxes_and_the_same_for_the_same_seed(drawn):
    limits = Augmentation(mosaic=0.5, copy_paste=0.5)
    first = training_sheet(drawn, limits, 6, 96, seed=1)
    assert first.size == (3 * (96 + GAP) + GAP, 2 * (96 + GAP) + GAP)
    assert (np.asarray(first) == GROUND_TRUTH_COLOUR).all(axis=-1).sum() > 300
    assert np.array_equal(first, training_sheet(drawn, limits, 6, 96, seed=1))
    assert not np.array_equal(first, training_sheet(drawn, limits, 6, 96, seed=2))


def test_every_augmentation_has_its_tile_and_changes_the_image(drawn):
    sheet = np.asarray(each_sheet(drawn, Augmentation(), 96, seed=0))
    step = 96 + GAP
    # Without the captions along the lower edge.
    tiles = [
        sheet[GAP + row * step : GAP + row * step + 70, GAP + column * step : GAP + column * step + 96].astype(int)
        for row in range(sheet.shape[0] // step)
        for column in range(6)
    ]
    as_it_is, *each = tiles[: 1 + len(EACH)]
    for name, tile in zip(EACH, each):
        assert np.abs(tile - as_it_is).mean() > 0.02, name


@pytest.mark.parametrize(("people", "named"), [(3, True), (40, False)])
def test_names_are_left_out_where_they_would_hide_the_image(tmp_path, people, named):
    """Of two classes a few boxes have their names, on patches of their colour; a crowd has none."""
    data = make_dataset(tmp_path / "ward", count=1, width=192, height=192, people=(people, people + 1))
    one, two = (spread(read_data(str(data), classes), 1) for classes in (("person",), ("person", "bed")))
    two = replace(two, examples=one.examples)
    sheets = [np.asarray(training_sheet(examples, NO_AUGMENTATION, 1, 192, seed=0)) for examples in (one, two)]
    assert np.array_equal(*sheets) != named


def test_the_doctor_draws_them(ward, tmp_path, capsys):
    out = tmp_path / "sheets"
    assert run(cli, ["doctor", str(ward), "--augment", "4", "--size", "64", "--out", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["augmentations.jpg", "augmented.jpg"]
    with Image.open(out / "augmented.jpg") as sheet:
        assert sheet.size == (2 * (64 + GAP) + GAP,) * 2
    assert "each augmentation:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--augment", "4"], "--augment"),
        (["--augment", "4", "--out", "OUT", "--set", "augment.flip=2"], "augment.flip is 2.0; expected 0.0 to 1.0"),
        (["--augment", "4", "--out", "OUT", "--set", "augment.flp=1"], "did you mean 'augment.flip'"),
    ],
)
def test_wrong_use_is_one_line_and_nothing_is_written(ward, tmp_path, capsys, options, message):
    out = tmp_path / "sheets"
    options = [str(out) if option == "OUT" else option for option in options]
    assert run(cli, ["doctor", str(ward), *options]) == 2
    assert message in capsys.readouterr().err
    assert not out.exists()


def test_the_cells_of_a_sheet_are_no_larger_than_what_is_in_them():
    wide, tall = Image.new("RGB", (200, 50), (255, 0, 0)), Image.new("RGB", (20, 40), (0, 0, 255))
    page = sheet([wide, wide, tall], columns=2, tile=100)
    assert page.size == (2 * (100 + GAP) + GAP, 2 * (40 + GAP) + GAP)
    assert page.getpixel((GAP + 50, GAP + 20)) == (255, 0, 0)
    assert page.getpixel((GAP + 50, 40 + 2 * GAP + 20)) == (0, 0, 255)
    assert wide.size == (200, 50)
