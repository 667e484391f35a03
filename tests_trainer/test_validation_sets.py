"""Named validation sets: their names, which of them decides, the gap between synthetic and real."""

from __future__ import annotations

import pytest

from trainer.errors import TrainerError
from trainer.feeding.sources import split_weight
from trainer.fitting import validation
from trainer.fitting.prepared_run import describe_data, read_examples, shared_images
from trainer.fitting.run_folder import FitInputs
from trainer.network.spec import DETECT
from trainer.tasks import task_named

from .conftest import make_dataset
from .refusals import refusal

METRICS = ("AP50", "AP")


def scores(**ap50):
    return {name: {"AP50": value, "AP": None if value is None else value / 2} for name, value in ap50.items()}


def test_a_set_has_the_name_in_front_of_it(tmp_path):
    assert validation.parse_named(["synthetic=a[:4]", "real=b/c=d"]) == {"synthetic": "a[:4]", "real": "b/c=d"}
    assert validation.parse_named(["plain"]) == {"val": "plain"}
    odd = tmp_path / "x=y"
    odd.mkdir()
    assert validation.parse_named([str(odd)]) == {"val": str(odd)}
    assert validation.parse_named(["./here=1"]) == {"val": "./here=1"}


def test_two_sets_of_one_name_are_refused():
    with refusal(TrainerError, "val"):
        validation.parse_named(["a", "b"])


@pytest.mark.parametrize(
    ("names", "asked", "decides"),
    [
        (["val"], "", "val"),
        (["real", "synthetic"], "", "real"),
        (["ward", "lab"], "", "lab"),
        (["ward", "lab"], "ward", "ward"),
        ([], "", None),
    ],
)
def test_the_deciding_set(names, asked, decides):
    assert validation.deciding_set(names, asked) == decides


def test_a_set_that_is_not_there_cannot_decide():
    with refusal(TrainerError, "best_on", "lab"):
        validation.deciding_set(["real", "synthetic"], "lab")
    with refusal(TrainerError, "best_on", "lab"):
        validation.deciding_set([], "lab")


def test_images_of_the_training_in_the_validation_are_counted(tmp_path, capsys):
    """By content, whatever the name of the file; the training is not refused."""
    one, other = (
        make_dataset(tmp_path / name, count=3, width=64, height=64, seed=seed) for name, seed in zip("ab", (1, 2))
    )
    images = [sorted((folder / "images").iterdir()) for folder in (one, other)]
    assert shared_images(*images) == []
    images[1][2].write_bytes(images[0][0].read_bytes())
    assert shared_images(*images) == [images[1][2]]
    inputs = FitInputs(data=(str(one),), out=tmp_path / "run", validation=(f"real={other}", f"ward={one}[:2]"))
    sources, sets = read_examples(task_named(DETECT), inputs)
    warnings = [line for line in describe_data(sources, sets) if line.startswith("warning")]
    assert len(warnings) == 2
    assert "1 of the 3 images" in warnings[0]
    assert "'real'" in warnings[0]
    assert str(images[1][2]) in warnings[0]
    assert "2 of the 2 images" in warnings[1]


def test_several_sources_have_a_total(tmp_path):
    folders = [make_dataset(tmp_path / name, count=count, width=64, height=64) for name, count in (("a", 3), ("b", 4))]
    inputs = FitInputs(data=tuple(map(str, folders)), out=tmp_path / "run")
    sources, sets = read_examples(task_named(DETECT), inputs)
    boxes = [source.examples.box_count for source in sources]
    lines = list(describe_data(sources, sets))
    assert all(f"{images} images, {count} boxes" in line for line, images, count in zip(lines, (3, 4), boxes))
    assert f"7 images, {sum(boxes)} boxes" in lines[2]
    assert len(lines) == 3
    assert len(list(describe_data(sources[:1], sets))) == 1


def test_the_gap_is_synthetic_minus_real():
    both = scores(synthetic=0.9, real=0.6)
    assert validation.columns(METRICS, both)["gap_AP50"] == pytest.approx(0.3)
    assert validation.describe(METRICS, both) == "synthetic AP50 0.900 AP 0.450, real AP50 0.600 AP 0.300, gap +0.300"
    assert list(validation.columns(METRICS, both)) == validation.column_names(METRICS, ["synthetic", "real"])
    assert "gap" not in validation.describe(METRICS, scores(synthetic=0.9, real=None))
    assert validation.column_names(METRICS, ["val"]) == ["val_AP50", "val_AP"]


def test_a_share_stands_behind_the_data(tmp_path):
    assert split_weight("renders[:40]@3") == ("renders[:40]", 3.0)
    assert split_weight("photos@0.25") == ("photos", 0.25)
    assert split_weight("photos") == ("photos", None)
    assert split_weight("user@host/photos") == ("user@host/photos", None)
    odd = tmp_path / "set@2"
    odd.mkdir()
    assert split_weight(str(odd)) == (str(odd), None)
    assert split_weight(f"{odd}@5") == (str(odd), 5.0)
