"""`trainer curve`: the right trainings on the right images, going on where it was left, the numbers of all seeds."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal

import numpy as np
import pytest
from PIL import Image

from trainer.curve.plan import TRAINED_REGIMES, Point, real_counts
from trainer.curve.plot import draw
from trainer.curve.series import METRICS, series_of
from trainer.curve.subsets import order_of_images, write_subset
from trainer.curve.table import table_csv, table_text
from trainer.examples.readers import read_data, read_labels, read_training_data
from trainer.feeding.sources import check_images, read_sources
from trainer.fitting.compiled_stage import open_batches
from trainer.fitting.config import resolve
from trainer.models.files import save_model
from trainer.network.architectures import make_spec
from trainer.network.build import build_network
from trainer.stop import StopRequest

from .commands import one_line, trainer
from .conftest import TWO_HEADS, make_dataset


@pytest.fixture
def sets(tmp_path):
    """Six synthetic images, ten real ones to train on, four to test on."""
    return {
        "synthetic": make_dataset(tmp_path / "synthetic", count=6, seed=1),
        "real": make_dataset(tmp_path / "real", count=10, seed=2),
        "test": make_dataset(tmp_path / "test", count=4, seed=3),
    }


def command(sets, out, fractions="0,1,30,100", *more):
    data = [word for name, folder in sets.items() for word in (f"--{name}", folder)]
    return ["curve", *data, "--fractions", fractions, "--out", out, "--epochs", 2, "--size", 64, *more]


class Recorder:
    """Stands for training and scoring: what would be trained on what; the score counts the trainings."""

    def __init__(self):
        self.runs, self.sizes, self.stop_at, self.signal_at = [], set(), None, None

    def train(self, inputs, config, resume):
        assert resume == (inputs.out / "config.json").is_file()
        inputs.out.mkdir(parents=True, exist_ok=True)
        (inputs.out / "config.json").write_text("{}")
        self.runs.append((inputs, config))
        return {"interrupted": len(self.runs) == self.stop_at}

    def score(self, model, request, size):
        self.sizes.add(size)
        if len(self.runs) == self.signal_at:
            os.kill(os.getpid(), signal.SIGTERM)
        return {**dict.fromkeys(METRICS, len(self.runs) / 100), "confidence": 0.5, "images": 4, "boxes": 8}

    @property
    def names(self):
        return [inputs.out.name for inputs, _ in self.runs]


@pytest.fixture
def recorder(monkeypatch):
    recorder = Recorder()
    monkeypatch.setattr("trainer.curve.run.train", recorder.train)
    monkeypatch.setattr("trainer.curve.run.score", recorder.score)
    monkeypatch.setattr("trainer.curve.run.draw", lambda *_: b"drawn elsewhere: a second an image")
    return recorder


def test_what_is_trained_on_what(capsys, sets, tmp_path, recorder):
    code, out, err = trainer(capsys, *command(sets, tmp_path / "curve", "0,1,30,100", "--json"))
    result = json.loads(out)
    assert (code, result["interrupted"], result["left"]) == (0, False, [])
    assert re.search(r"16 trainings\b.*\b10 images\b.*\b380 images", err)
    shares = ("1", "30", "100")
    expected = [f"{regime}-{share}-seed0" for share in shares for regime in TRAINED_REGIMES if regime != "synthetic"]
    assert recorder.names == ["synthetic-seed0", *expected]
    runs = {inputs.out.name: inputs for inputs, _ in recorder.runs}
    assert runs["synthetic-seed0"].data == (str(sets["synthetic"]),)
    assert runs["real-100-seed0"].data == (str(sets["real"]),)
    assert runs["together-30-seed0"].data == (str(sets["synthetic"]), *runs["real-30-seed0"].data)
    assert runs["then-30-seed0"].data == runs["real-30-seed0"].data
    half = [f"{data}@0.500000" for data in runs["together-30-seed0"].data]
    assert list(runs["replay-30-seed0"].data) == half
    assert {name: inputs.weights for name, inputs in runs.items() if inputs.weights is not None} == {
        f"{regime}-{share}-seed0": str(tmp_path / "curve" / "runs" / "synthetic-seed0")
        for regime in ("then", "replay")
        for share in shares
    }
    for inputs, config in recorder.runs:
        epochs = 4 if inputs.out.name.startswith("longer") else 2
        assert (config.epochs, config.epoch_images, config.anchors) == (epochs, 10, "model")
    assert runs["longer-30-seed0"].data == runs["real-30-seed0"].data
    counts = [len(read_data(*runs[f"real-{share}-seed0"].data).examples) for share in shares]
    assert counts == [1, 3, 10]
    assert [[point["real_pictures"] for point in line["points"]] for line in result["series"]] == [
        [1, 3, 10],
        [1, 3, 10],
        [0],
        [1, 3, 10],
        [1, 3, 10],
        [1, 3, 10],
    ]


def test_a_smaller_set_lies_within_the_larger_and_seeds_choose_others(capsys, sets, tmp_path, recorder):
    assert trainer(capsys, *command(sets, tmp_path / "curve", "10,30,50", "--seeds", "0,1,2"))[0] == 0
    found = {}
    for inputs, config in recorder.runs:
        if inputs.out.name.startswith("real"):
            examples = read_data(*inputs.data).examples
            found.setdefault(config.seed, []).append({example.path.read_bytes() for example in examples})
    assert list(found) == [0, 1, 2]
    for one, three, five in found.values():
        assert (len(one), len(three), len(five)) == (1, 3, 5)
        assert one < three < five
    assert len({frozenset(sets[-1]) for sets in found.values()}) == 3


def test_an_interrupted_curve_goes_on_and_a_finished_one_can_be_added_to(capsys, sets, tmp_path, recorder):
    recorder.stop_at = 3
    regimes = ("--arms", "real,then,together")
    arguments = command(sets, tmp_path / "curve", "0,30", *regimes)
    code, _, err = trainer(capsys, *arguments)
    assert code == 130
    assert recorder.names == ["synthetic-seed0", "real-30-seed0", "then-30-seed0"]
    done = json.loads((tmp_path / "curve" / "curve.json").read_text())["points"]
    assert [point["name"] for point in done] == ["synthetic-seed0", "real-30-seed0"]
    code, _, err = trainer(capsys, *arguments)
    assert code == 0
    assert re.search(r"\b4 trainings, 2\b", err)
    assert recorder.names[3:] == ["then-30-seed0", "together-30-seed0"]
    assert trainer(capsys, *arguments)[0] == 0
    assert len(recorder.runs) == 5
    assert trainer(capsys, *command(sets, tmp_path / "curve", "0,30,100", *regimes))[0] == 0
    assert recorder.names[5:] == ["real-100-seed0", "then-100-seed0", "together-100-seed0"]
    assert trainer(capsys, *command(sets, tmp_path / "curve", "0,30,100"))[0] == 0
    added = [f"{regime}-{share}-seed0" for share in (30, 100) for regime in ("longer", "replay")]
    assert recorder.names[8:] == added


def test_a_signal_while_a_point_is_scored_ends_after_it(capsys, sets, tmp_path, recorder):
    recorder.signal_at = 2
    assert trainer(capsys, *command(sets, tmp_path / "curve", "0,30"))[0] == 130
    done = json.loads((tmp_path / "curve" / "curve.json").read_text())["points"]
    assert [point["name"] for point in done] == ["synthetic-seed0", "real-30-seed0"]


def test_a_signal_before_the_first_step_of_a_training_stops_it_too():
    with StopRequest():
        os.kill(os.getpid(), signal.SIGTERM)
        with StopRequest() as of_the_training:
            assert of_the_training.requested
    with StopRequest() as later:
        assert not later.requested


def test_another_curve_in_the_same_folder_is_refused(capsys, sets, tmp_path, recorder):
    assert trainer(capsys, *command(sets, tmp_path / "curve", "100"))[0] == 0
    code, _, err = trainer(capsys, *command(sets, tmp_path / "curve", "100", "--set", "learning_rate=0.01"))
    assert code == 2
    assert "base.learning_rate 0.002, now 0.01" in err
    (sets["real"] / "frames" / "000004.json").unlink()
    code, _, err = trainer(capsys, *command(sets, tmp_path / "curve", "100"))
    assert code == 2
    assert "real.pictures 10, now 9" in err
    code, _, err = trainer(capsys, *command(sets, sets["synthetic"], "100"))
    assert (code, str(sets["synthetic"]) in err) == (2, True)


def test_both_trainings_have_their_own_settings_and_the_mix_its_share(capsys, sets, tmp_path, recorder):
    more = ("--finetune", "learning_rate=0.0002", "--finetune", "epochs=1", "--real-share", 0.25)
    more += ("--pretrain", "epochs=5", "--pretrain", "ema=0.9")
    assert trainer(capsys, *command(sets, tmp_path / "curve", "100", *more))[0] == 0
    assert {inputs.out.name: (one.learning_rate, one.epochs, one.ema) for inputs, one in recorder.runs} == {
        "synthetic-seed0": (0.002, 5, 0.9),
        "real-100-seed0": (0.002, 2, 0.0),
        "longer-100-seed0": (0.002, 6, 0.0),
        "then-100-seed0": (0.0002, 1, 0.0),
        "replay-100-seed0": (0.0002, 1, 0.0),
        "together-100-seed0": (0.002, 2, 0.0),
    }
    runs = {inputs.out.name: inputs for inputs, _ in recorder.runs}
    for regime in ("replay", "together"):
        assert runs[f"{regime}-100-seed0"].data == (f"{sets['synthetic']}@0.750000", f"{sets['real']}@0.250000")


def test_the_longer_training_lengthens_its_last_stage(capsys, sets, tmp_path, recorder):
    stages = '[{"freeze": "backbone", "epochs": 1}, {"freeze": "none", "epochs": 3}]'
    arguments = command(sets, tmp_path / "curve", "100", "--arms", "longer", "--set", f"stages={stages}")
    arguments.remove("--epochs")
    arguments.remove(2)
    assert trainer(capsys, *arguments)[0] == 0
    assert recorder.names == ["longer-100-seed0"]
    assert [stage.epochs for stage in recorder.runs[0][1].stages] == [1, 7]


def test_starting_weights_are_scored_as_they_are(capsys, sets, tmp_path, recorder):
    spec, model = make_spec("yolov3-tiny", 96, ("person",), (1,)), str(tmp_path / "start.keras")
    save_model(build_network(spec), spec, tmp_path / "start.keras")
    code, out, _ = trainer(capsys, *command(sets, tmp_path / "curve", "100", "--weights", model, "--json"))
    assert code == 0
    assert json.loads(out)["series"][0]["name"] == "starting weights"
    assert {inputs.weights for inputs, _ in recorder.runs[:2]} == {model}
    assert recorder.sizes == {64}, "at the size of the trainings"


def test_bare_weights_are_where_trainings_start_and_nothing_more(capsys, sets, tmp_path, recorder):
    (tmp_path / "a.weights").write_bytes(b"read by the training")
    arguments = command(sets, tmp_path / "curve", "100", "--weights", tmp_path / "a.weights", "--json")
    code, out, _ = trainer(capsys, *arguments)
    assert (code, [line["arm"] for line in json.loads(out)["series"]]) == (0, list(TRAINED_REGIMES))
    assert {config.loss for _, config in recorder.runs} == {"darknet"}  # the second training's too


def test_the_plan_costs_nothing(capsys, sets, tmp_path, recorder):
    code, out, _ = trainer(capsys, *command(sets, tmp_path / "curve", "0,100", "--plan"))
    assert (code, out.split()) == (
        0,
        ["synthetic-seed0", *(f"{regime}-100-seed0" for regime in TRAINED_REGIMES if regime != "synthetic")],
    )
    assert not (tmp_path / "curve").exists()
    assert not recorder.runs


@pytest.mark.parametrize(
    ("change", "echoed"),
    [
        (["--fractions", "0,110"], "--fractions 0,110"),
        (["--fractions", "0"], "--fractions 0"),
        (["--fractions", "10,1"], "--fractions 10,1"),
        (["--fractions", "1,nan"], "1,nan"),
        (["--fractions", "a"], "--fractions 'a'"),
        (["--seeds", "1,1"], "--seeds 1,1"),
        (["--real-share", "1"], "--real-share 1"),
        (["--real-share", "nan"], "--real-share nan"),
        (["--regimes", "then,later"], "--regimes then,later"),
        (["--arms", "then,later"], "real, longer, synthetic, then, replay, together"),
        (["--regimes", ""], "--regimes "),
        (["--metric", "mAP"], "--metric 'mAP'"),
        (["--finetune", "learning_rat=1"], "'learning_rate'"),
        (["--test", "{real}[:2]"], "--test"),
        (["--real", "{real}[10:]"], "{real}[10:]"),
        (["--weights", "{real}/none.keras"], "{real}/none.keras"),
    ],
)
def test_wrong_use_writes_nothing(capsys, sets, tmp_path, recorder, change, echoed):
    arguments = command(sets, tmp_path / "curve", "0,100", *(word.format(**sets) for word in change))
    code, out, err = trainer(capsys, *arguments)
    assert (code, out) == (2, "")
    assert echoed.format(**sets) in err
    assert one_line(err)
    assert not (tmp_path / "curve").exists()


def test_fractions_are_of_whole_images():
    assert real_counts((0, 1, 10, 50, 100), 93) == {0: 0, 1: 1, 10: 9, 50: 46, 100: 93}
    assert real_counts((1, 2, 5, 100), 20) == {1: 1, 100: 20}  # 2 and 5 per cent would be the one image again


def test_a_split_that_is_named_can_be_trained_on_in_parts(tmp_path):
    """`--real data.yaml:val`: the subsets are training data, though their images are of the split val."""
    for split, count in (("train", 3), ("val", 4)):
        for kind in ("images", "labels"):
            (tmp_path / "data" / split / kind).mkdir(parents=True)
        for number in range(count):
            Image.new("RGB", (64, 48), (number, 3, 4)).save(tmp_path / "data" / split / "images" / f"{number}.png")
            (tmp_path / "data" / split / "labels" / f"{number}.txt").write_text("0 .5 .5 .4 .4\n")
    names = "train: train/images\nval: val/images\nnames: [person]\n"
    (tmp_path / "data" / "data.yaml").write_text(names)
    data = f"{tmp_path}/data/data.yaml:val"
    labels = read_labels(data, ("person",), for_training=True)
    chosen = order_of_images(read_training_data(data), 0)[:2]
    write_subset(tmp_path / "part", labels, chosen, ("person",), "covered")
    part = read_training_data(str(tmp_path / "part"))
    assert (len(part.examples), part.box_count) == (2, 2)


def test_the_first_real_image_has_somebody_in_it(tmp_path):
    (tmp_path / "annotations.txt").write_text("".join(f"{n}.png{' 1,2,9,9,0' if n == 7 else ''}\n" for n in range(9)))
    for number in range(9):
        Image.new("RGB", (20, 20)).save(tmp_path / f"{number}.png")
    orders = [order_of_images(read_data(str(tmp_path)), seed) for seed in range(4)]
    assert {order[0] for order in orders} == {7}
    assert all(sorted(order) == list(range(9)) for order in orders)


def scored():
    """Two seeds: AP50 0.2 and 0.4 of the synthetic, 0.5 and 0.9 with all the real."""
    points = [(Point("synthetic", 0.0, 0, seed), {"AP50": 0.2 + 0.2 * seed, "AP": None}) for seed in (0, 1)]
    points += [(Point("then", 100.0, 8, seed), {"AP50": 0.5 + 0.4 * seed, "AP": None}) for seed in (0, 1)]
    return [*points, (Point("real", 100.0, 8, 0), {"AP50": 0.6, "AP": None})]


def test_the_spread_is_that_of_the_seeds():
    series = series_of(scored())
    assert list(series) == ["real", "synthetic", "then"]
    value = series["then"][0].values["AP50"]
    assert (value.mean, value.deviation, value.seeds) == (pytest.approx(0.7), pytest.approx(0.4 / np.sqrt(2)), 2)
    assert series["real"][0].values["AP50"].deviation is None
    assert "AP" not in series["then"][0].values
    rows = list(csv.DictReader(io.StringIO(table_csv(series))))
    assert [(row["training"], row["real_pictures"], row["seeds"], row["AP50"], row["AP"]) for row in rows] == [
        ("real only", "8", "1", "0.600000", ""),
        ("synthetic only", "0", "2", "0.300000", ""),
        ("synthetic, then real", "8", "2", "0.700000", ""),
    ]
    lines = table_text(series, "AP50").splitlines()
    assert lines[1].split("  ")[0] == "0 (0 %)"
    assert "0.300 ± 0.141" in lines[1]
    assert "0.700 ± 0.283" in lines[2]


@pytest.mark.parametrize("metric", ["AP50", "AP"])
def test_the_plot_is_drawn_with_what_is_there(metric):
    image = Image.open(io.BytesIO(draw(series_of(scored()), metric, "8 images", "png")))
    colours = {colour for _, colour in image.convert("RGB").getcolors(100_000)}
    assert ((0xD5, 0x5E, 0x00) in colours) == (metric == "AP50")
    text = draw(series_of(scored()), metric, "8 images", "svg")
    assert text.startswith(b"<?xml")


def test_a_curve_end_to_end(capsys, sets, eager, tmp_path):
    """Three trainings of a tiny network."""
    more = ("--model", TWO_HEADS, "--set", "epoch_images=4", "--epochs", 1, "--arms", "real,then", "--json")
    code, out, _ = trainer(capsys, *command(sets, tmp_path / "curve", "0,20", *more))
    result = json.loads(out)
    assert code == 0
    assert [point["name"] for point in result["points"]] == ["synthetic-seed0", "real-20-seed0", "then-20-seed0"]
    for point in result["points"]:
        assert 0 <= point["metrics"]["AP50"] <= 1
        assert (point["metrics"]["images"], point["metrics"]["boxes"]) == (4, read_data(str(sets["test"])).box_count)
        run = json.loads((tmp_path / "curve" / "runs" / point["name"] / "config.json").read_text())
        assert (run["settings"]["epoch_images"], run["settings"]["seed"]) == (4, 0)
    assert {path.name for path in (tmp_path / "curve").iterdir()} == {
        *("curve.json", "curve.csv", "curve.png", "curve.svg", "runs", "scores", "real"),
    }


def test_an_epoch_has_as_many_images_however_few_there_are(tmp_path):
    sources = read_sources([str(make_dataset(tmp_path / "one", count=1))], ("person",), "covered", None)
    config = resolve(None, ["epoch_images=12", "workers=0"], {"batch": 4, "size": 64})
    (stage,) = config.planned_stages
    spec = make_spec("yolov3-tiny", 64, ("person",), (1,))
    with open_batches(stage, config, spec, check_images(sources)) as batches:
        assert (len(batches), batches.batch) == (3, 4)
        assert [pixels.shape[0] for pixels, _ in batches.epoch(0)] == [4, 4, 4]
