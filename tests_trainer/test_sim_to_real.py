"""The experiment on real images: its recipes are sound, its page says what was measured, poses are compared alike."""

import importlib
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from shared_format.keypoints import NAMES
from trainer.cli import cli, run

FOLDER = Path(__file__).resolve().parents[1] / "benchmarks" / "sim_to_real"
UPRIGHT = {"shoulder": (0, -50), "hip": (0, 0), "knee": (5, 40), "ankle": (5, 80), "nose": (0, -75)}


@pytest.fixture
def part(monkeypatch):
    """Imports a module of the experiment; another benchmark has modules of the same names."""
    monkeypatch.syspath_prepend(str(FOLDER))
    names = [path.stem for path in FOLDER.glob("[!_]*.py")]
    kept = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    yield importlib.import_module
    for name in names:
        sys.modules.pop(name, None)
    sys.modules.update(kept)


def _person(turn_deg=0.0, scale=1.0, hidden=()):
    """(17, 3) key points of somebody upright, turned in the image and scaled."""
    turn = np.radians(turn_deg)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    rows = []
    for name in NAMES:
        place = next((at for part, at in UPRIGHT.items() if part in name), (10, -20))
        seen = 0 if any(part in name for part in hidden) else 2
        rows.append([*(rotation @ np.array(place) * scale + 200), seen])
    return np.array(rows)


def test_poses_do_not_depend_on_place_and_size(part):
    poses = part("poses")
    near, far = np.array([_person(scale=2.0)]), np.array([_person(scale=0.5)])
    assert np.allclose(poses.normalised(near), poses.normalised(far))
    assert np.allclose(poses.normalised(near)[0, NAMES.index("left_ankle")], [0.1, 1.6])


@pytest.mark.parametrize(("turn", "wanted"), [(0, 0), (30, 30), (-30, 30), (90, 90), (180, 180), (-135, 135)])
def test_lean_is_from_upright_to_either_side(part, turn, wanted):
    assert part("poses").lean_deg(np.array([_person(turn)])) == pytest.approx([wanted])


def test_a_joint_that_is_not_labelled_is_nowhere(part):
    places = part("poses").normalised(np.array([_person(hidden=("ankle",))]))[0]
    assert np.isnan(places[[NAMES.index("left_ankle"), NAMES.index("right_ankle")]]).all()
    assert np.isfinite(places[: NAMES.index("left_ankle")]).all()


def test_the_poses_of_a_dataset_are_drawn(part, tmp_path):
    image = tmp_path / "images" / "a.png"
    image.parent.mkdir()
    Image.new("RGB", (400, 400)).save(image)
    people = [_person(turn) for turn in (0, 20, 90)]
    coco = {
        "images": [{"id": 1, "file_name": "a.png", "width": 400, "height": 400}],
        "categories": [{"id": 1, "name": "person"}],
        "annotations": [
            {"id": n, "image_id": 1, "category_id": 1, "bbox": [150, 100, 100, 200], "area": 1, "iscrowd": 0,
             "keypoints": person.ravel().tolist()} for n, person in enumerate(people, 1)
        ],
    }  # fmt: skip
    (tmp_path / "coco.json").write_text(json.dumps(coco))
    done = CliRunner().invoke(part("poses").main, [str(tmp_path), str(tmp_path), "--out", str(tmp_path / "p.png")])
    assert done.exit_code == 0, done.output
    row = next(line for line in done.output.splitlines() if line.startswith("generated:"))
    assert re.findall(r"\d+", row) == ["3", "33", "45"]  # people, percent of them, degrees
    assert (tmp_path / "p.png").stat().st_size > 10_000


def test_every_recipe_says_what_it_tries_and_uses_words_that_the_trainer_knows(part, capsys):
    recipe = part("recipe")
    names = sorted(path.stem for path in recipe.RECIPES.glob("*.json"))
    assert names
    for name in names:
        found = recipe.read_recipe(name)
        assert found.change
        assert found.prediction
        assert found.images > 0
        assert not found.after or found.after in names
        assert run(cli, ["fit", "nowhere", "--out", "nothing", *found.fit]) == 2
        assert "nowhere" in capsys.readouterr().err, name
    with pytest.raises(ValueError, match="'none'"):
        recipe.read_recipe("none")


def test_the_page_has_a_row_for_every_run(part):
    sets = {
        name: {"AP50": 0.5, "AP": 0.25, "AP50_cut": 0.45, "intervals": {"AP50": [0.4, 0.6]}}
        for name in ("clinic", "home", "coco_val")
    }
    row = {
        "recipe": "1-mixed",
        "change": "All.",
        "prediction": "More.",
        "after": "",
        "pictures": 7,
        "seed": 3,
        "sets": sets,
    }
    page = part("report").table({"start": {"sets": sets}, "rows": [row]})
    (row,) = (line for line in page.splitlines() if line.startswith("| 1-mixed |"))
    assert re.findall(r"[\d.]+", row)[1:8] == ["7", "3", "0.500", "0.250", "0.400", "0.600", "0.450"]
    assert "- **1-mixed**: All. *Expected:* More." in page


def test_every_curve_asks_something_in_words_that_the_trainer_knows(part, tmp_path, capsys):
    names = sorted(path.stem for path in part("curves").CURVES.glob("*.json"))
    assert names
    for name in names:
        asked = json.loads((part("curves").CURVES / f"{name}.json").read_text())
        assert asked["question"]
        assert asked["finding"]
        assert asked["trainings"] >= 1
        words = [word.format(real=tmp_path / "nowhere", start="none") for word in asked["words"]]
        assert run(cli, ["curve", "--synthetic", "nothing", *words, "--out", str(tmp_path / "curve"), "--plan"]) == 2
        assert "nothing" in capsys.readouterr().err, name


def test_the_page_has_a_table_for_every_curve(part):
    def points(*scores):
        value = {"deviation": None, "seeds": 1}
        return [
            {"real_pictures": count, "metrics": {"AP50": {"mean": score, **value}, "AP": {"mean": score / 2, **value}}}
            for count, score in scores
        ]

    (spread,) = points((10, 0.4))
    spread["metrics"]["AP50"].update(deviation=0.02, seeds=2)
    series = [
        {"name": "real only", "points": [*points((5, 0.3)), spread]},
        {"name": "synthetic only", "points": points((0, 0.2))},
    ]
    assert part("report").curve_table(series).splitlines()[2:] == [
        "| 0 |  | 0.200 (0.100) |",
        "| 5 | 0.300 (0.150) |  |",
        "| 10 | 0.400 ± 0.020 (0.200) |  |",
    ]
    sets = {"clinic": {"AP50": 0.5, "AP": 0.25}}
    row = {"recipe": "a", "change": "", "prediction": "", "after": "", "pictures": 7, "seed": 3, "sets": sets}
    curve = {
        "question": "Why?",
        "pictures": {"synthetic": 12},
        "seed": 2,
        "seeds": [2, 3],
        "finding": "Yes.",
        "words": ["--real", "x[:1]"],
        "series": series,
    }
    page = part("report").table({"start": {"sets": sets}, "rows": [row], "curves": {"one": curve}})
    (row,) = (line for line in page.splitlines() if line.startswith("**one.**"))
    assert {"Why?", "12", "`trainer"} <= set(row.split())
    assert "--real x[:1]" in row
    assert "](curve-one.png)" in page
