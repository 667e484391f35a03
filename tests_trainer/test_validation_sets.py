"""Named validation sets: their names, which of them decides, the gap between synthetic and real."""

from __future__ import annotations

import pytest

from trainer.errors import TrainerError
from trainer.feeding.sources import split_weight
from trainer.fitting import validation


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
    with pytest.raises(TrainerError, match="a second set called 'val'; name them: --val synthetic=DATA"):
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
def test_which_set_decides(names, asked, decides):
    assert validation.deciding_set(names, asked) == decides


def test_a_set_that_is_not_there_cannot_decide():
    with pytest.raises(TrainerError, match="best_on is 'lab'; --val gives real, synthetic"):
        validation.deciding_set(["real", "synthetic"], "lab")
    with pytest.raises(TrainerError, match="--val gives no set"):
        validation.deciding_set([], "lab")


def test_the_gap_is_synthetic_minus_real():
    both = scores(synthetic=0.9, real=0.6)
    assert validation.columns(both)["gap_AP50"] == pytest.approx(0.3)
    assert validation.describe(both) == "synthetic AP50 0.900 AP 0.450, real AP50 0.600 AP 0.300, gap +0.300"
    assert list(validation.columns(both)) == validation.column_names(["synthetic", "real"])
    assert "gap" not in validation.describe(scores(synthetic=0.9, real=None))
    assert validation.column_names(["val"]) == ["val_AP50", "val_AP"]


def test_a_share_stands_behind_the_data(tmp_path):
    assert split_weight("renders[:40]@3") == ("renders[:40]", 3.0)
    assert split_weight("photos@0.25") == ("photos", 0.25)
    assert split_weight("photos") == ("photos", None)
    assert split_weight("user@host/photos") == ("user@host/photos", None)
    odd = tmp_path / "set@2"
    odd.mkdir()
    assert split_weight(str(odd)) == (str(odd), None)
    assert split_weight(f"{odd}@5") == (str(odd), 5.0)
