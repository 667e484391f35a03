"""The commands as users call them: outputs, exit codes, one-line errors."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import fields
from pathlib import Path

import click
import pytest
from PIL import Image

from shared_format import coco, dataset
from trainer import demo
from trainer.capture.session import CaptureRequest
from trainer.cli import cli
from trainer.curve.plan import CurveRequest
from trainer.datasets.request import DatasetRequest
from trainer.datasets.split import Division
from trainer.datasets.writing import WRITERS
from trainer.evaluation.scoring import DataRequest, plain_score
from trainer.export.job import BOUNDS, ExportRequest
from trainer.fitting.config import FitConfig
from trainer.fitting.run_folder import FitInputs
from trainer.formats.kinds import FORMATS as DATA_FORMATS
from trainer.metrics.analysis import AnalysisRequest
from trainer.network.architectures import ARCHITECTURES
from trainer.runtimes.exported import FORMATS, OUTPUTS

from .coco_referee import assert_equal_to_pycocotools
from .commands import ROOT, one_line, trainer
from .conftest import TWO_HEADS, make_dataset


@pytest.mark.parametrize(
    "command",
    [
        *([], ["fit"], ["eval"], ["compare"], ["predict"], ["convert"], ["doctor"], ["anchors"]),
        *(["merge"], ["split"], ["curve"], ["capture"], ["negatives", "open-images"]),
    ],
)
def test_help_of_a_command(capsys, command):
    code, out, err = trainer(capsys, *command, "--help")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1].strip()


def test_importing_the_command_line_is_light():
    probe = (
        "import sys, trainer.cli; print([m for m in ('keras', 'tensorflow', 'matplotlib', 'PIL') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, cwd=ROOT, check=True)
    assert found.stdout.strip() == "[]"


def stated_defaults(command):
    """{parameter: its default as --help states it} of the options that leave the default to another place."""
    found = {one.name: re.search(r"\[default: ([^\]]+)\]", one.help or "") for one in cli.commands[command].params[1:]}
    return {name: stated[1] for name, stated in found.items() if stated}


def actual_defaults(command):
    return {one.name: one.default for one in cli.commands[command].params}


def choices(command, name):
    return tuple(next(one.type.choices for one in cli.commands[command].params if one.name == name))


def test_the_defaults_in_the_help_of_a_training_are_those_that_apply():
    settings, inputs = FitConfig(), FitInputs((), Path("run"))
    expected = {**vars(settings), "boxes": inputs.boxes, "classes": ",".join(inputs.classes)}
    for command in ("fit", "curve"):
        for name, stated in stated_defaults(command).items():
            if name in expected and name != "freeze":
                assert stated == str(expected[name]), (command, name)
    assert {"model", "size", "epochs", "batch", "devices", "seed"} <= set(stated_defaults("fit"))


@pytest.mark.parametrize(
    ("command", "filled", "names"),
    [
        ("capture", CaptureRequest, ("every", "count", "delay", "source")),
        ("export", ExportRequest, ("precision",)),
        ("eval", AnalysisRequest, ("resamples",)),
        ("split", Division, ("seed",)),
        ("split", DatasetRequest, ("boxes",)),
        ("curve", CurveRequest, ("boxes",)),
        ("convert", DatasetRequest, ("boxes",)),
    ],
)
def test_an_option_and_what_it_fills_have_one_default(command, filled, names):
    defaults = {one.name: one.default for one in fields(filled)}
    assert {name: actual_defaults(command)[name] for name in names} == {name: defaults[name] for name in names}


def test_choices_are_those_that_there_are():
    for command in ("fit", "eval", "curve", "anchors", "doctor", "convert"):
        assert choices(command, "kind") == tuple(DATA_FORMATS)
    assert choices("convert", "to") == choices("merge", "to") == choices("split", "to") == tuple(WRITERS)
    assert set(DATA_FORMATS) - set(WRITERS) == {"cvat"}
    assert choices("export", "kind") == tuple(FORMATS)
    assert choices("export", "output") == OUTPUTS
    assert choices("export", "precision") == tuple(BOUNDS)
    assert all(name in cli.commands["fit"].get_help(click.Context(cli.commands["fit"])) for name in ARCHITECTURES)


CURVE = ("--synthetic", "a", "--real", "b", "--test", "c", "--out", "{new}")


@pytest.mark.parametrize(
    ("arguments", "echoed"),
    [
        (["fit", "{ward}"], "--out"),
        (["fit", "{ward}", "--out", "{new}", "--epochs", "ten"], "'ten'"),
        (["fit", "{ward}", "--out", "{new}", "--model", "yolov9"], "'yolov9'"),
        (["fit", "{ward}", "--out", "{new}", "--set", "epoch=3"], "'epochs'"),
        (["fit", "{ward}/nowhere", "--out", "{new}"], "{ward}/nowhere"),
        (["fit", "{ward}", "--out", "{new}", "--size", "100"], "multiple of 32"),
        (["fit", "{ward}", "--out", "{new}", "--freeze", "spine:3"], "'spine'"),
        (["fit", "{ward}", "--out", "{new}", "--preset", "yolov4"], "'yolov4'"),
        (["fit", "{ward}", "--out", "{new}", "--val", "{ward}", "--set", "best_on=lab"], "'lab'"),
        (["fit", "{ward}@1", "{ward}", "--out", "{new}"], "DATA"),
        (["fit", "--out", "{new}"], "DATA"),
        (["fit", "{ward}", "--out", "{new}", "--boxes", "amodal"], "--boxes visible"),
        (["fit", "{ward}", "--out", "{new}", "--classes", "cat"], "'cat'"),
        (["fit", "{ward}", "--out", "{new}", "--classes", "person,,bed"], "person,,bed"),
        (["fit", "{ward}", "--out", "{new}", "--classes", "bed,bed"], "bed,bed"),
        (["fit", "{ward}", "--out", "{new}", "--config", "{ward}/none.json"], "{ward}/none.json"),
        (["fit", "{ward}", "--out", "{ward}/dataset.json/run"], "{ward}/dataset.json/run"),
        (["eval", "{new}", "{ward}"], "{new}"),
        (["eval", "{ward}", "{ward}"], "best.keras"),
        (["eval", "{run}", "{ward}", "--slices", "postur"], "'posture'"),
        (["eval", "{run}", "{ward}", "--pair", "posture"], "posture,cover"),
        (["eval", "{run}", "{ward}", "--degrade", "fog"], "dark, blur, lowres, infrared"),
        (["eval", "{run}", "{ward}", "--size", "100"], "--size 100"),
        (["eval", "{run}", "{ward}", "--classes", "persons"], "'person'"),
        (["eval", "{run}", "{ward}", "--attributes", "{ward}/none.csv"], "{ward}/none.csv"),
        (["eval", "{run}", "{ward}", "--out", "{ward}/dataset.json/report"], "{ward}/dataset.json/report"),
        (["compare", "{run}", "--out", "{new}"], "--data"),
        (["compare", "--data", "{ward}", "--out", "{new}"], "MODEL"),
        (["compare", "{run}", "{run}", "--data", "{ward}", "--out", "{new}"], "{run}"),
        (["compare", "{run}", "{new}", "--data", "{ward}", "--out", "{new}"], "{new}"),
        (["predict", "{run}", "{ward}/none.jpg"], "{ward}/none.jpg"),
        (["predict", "{run}", "{ward}/frames"], "{ward}/frames"),
        (["predict", "{run}", "{ward}/images", "--out", "{ward}/images"], "{ward}/images"),
        (["predict", "{run}", "{ward}", "--conf", "2"], "2.0"),
        (["predict", "{run}", "{ward}", "--conf", "nan"], "'nan'"),
        (["predict", "{run}", "{ward}", "--nms", "-0.1"], "-0.1"),
        (["predict", "{run}", "{ward}", "--nms", "nan"], "'nan'"),
        (["predict", "{run}", "{ward}", "--seconds", "inf"], "'inf'"),
        (["predict", "{run}", "{ward}", "--json", "--json-lines"], "--json-lines"),
        (
            ["curve", *("--synthetic", "a", "--real", "b", "--test", "c", "--out", "{new}", "--fractions", "1,x")],
            "'1,x'",
        ),
        (["curve", *CURVE, "--metric", "AP5"], "'AP5'"),
        (["nonsense"], "'nonsense'"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(capsys, tmp_path, trained, arguments, echoed):
    ward, new = make_dataset(tmp_path / "ward", count=2), tmp_path / "new"
    before = sorted(ward.rglob("*"))
    places = {"ward": ward, "new": new, "run": trained["run"]}
    code, out, err = trainer(capsys, *(argument.format(**places) for argument in arguments))
    assert code == 2
    assert echoed.format(**places) in err
    assert one_line(err)
    assert out == ""
    assert not new.exists()
    assert sorted(ward.rglob("*")) == before


def test_a_truncated_image_stops_fit_before_it_starts(capsys, ward, tmp_path):
    path = ward / "images" / "000002.jpg"
    path.write_bytes(path.read_bytes()[:500])
    code, _, err = trainer(capsys, "fit", ward, "--out", tmp_path / "run", "--size", 64)
    assert code == 2
    assert str(path) in err
    assert one_line(err)
    assert not (tmp_path / "run").exists()


def test_eval_equals_pycocotools_on_predict(capsys, trained, tmp_path):
    """The whole chain a stranger would check: dataset's coco.json, predict --coco, pycocotools, eval --json."""
    data = make_dataset(tmp_path / "other", count=11, width=150, height=120, seed=5, people=(1, 4))
    code, out, _ = trainer(capsys, "eval", trained["run"], data, "--json", "--out", tmp_path / "report")
    metrics = json.loads(out)
    assert code == 0
    assert metrics["schema_version"] == 1
    assert metrics["images"] == 11
    assert {"posture", "light", "people", "size"} <= set(metrics["slices"])
    assert metrics["slices"]["posture"]["standing"]["boxes"] == metrics["boxes"]
    results_file = tmp_path / "results.json"
    assert trainer(capsys, "predict", trained["run"], data / "images", "--coco", results_file)[0] == 0
    results = json.loads(results_file.read_text())
    assert {row["category_id"] for row in results} == {3}
    assert set(results[0]) == {"image_id", "file_name", "category_id", "category", "bbox", "score"}
    ground_truth = coco.coco_dict(dataset.read_info(data), dataset.read_frames(data))
    ground_truth["annotations"] = [a for a in ground_truth["annotations"] if a["category_id"] == 3]
    ground_truth["categories"] = [c for c in ground_truth["categories"] if c["id"] == 3]
    assert metrics["AP50"] > 0
    assert_equal_to_pycocotools(metrics, ground_truth, results)
    plain = plain_score(str(trained["run"]), DataRequest(str(data)))
    assert plain == {name: metrics[name] if name != "slices" else {} for name in plain}
    page = (tmp_path / "report" / "index.html").read_text()
    assert "http" not in page.replace("http-equiv", "")
    assert f"{metrics['AP50']:.3f}" in page
    assert page.count("data:image/png") == 1  # the training's curve
    assert page.count("data:image/svg+xml") == 7


def test_eval_leaves_out_what_is_below_conf(capsys, trained, tmp_path):
    data = make_dataset(tmp_path / "other", count=8, width=150, height=120, seed=5, people=(1, 4))
    words = ("--json", "--resamples", 40, "--slices", "size", "--conf", 0.3)
    cut = json.loads(trainer(capsys, "eval", trained["run"], data, *words)[1])
    results = tmp_path / "results.json"
    trainer(capsys, "predict", trained["run"], data, "--conf", 0.3, "--coco", results)
    ground_truth = coco.coco_dict(dataset.read_info(data), dataset.read_frames(data))
    ground_truth["annotations"] = [a for a in ground_truth["annotations"] if a["category_id"] == 3]
    ground_truth["categories"] = [c for c in ground_truth["categories"] if c["id"] == 3]
    assert_equal_to_pycocotools(cut, ground_truth, json.loads(results.read_text()))
    assert list(cut["slices"]) == ["size"]
    assert (cut["settings"]["lowest_confidence"], cut["settings"]["size"]) == (0.3, 128)


def test_compare_at_another_size(capsys, trained, tmp_path):
    data = make_dataset(tmp_path / "other", count=6, width=150, height=120, seed=5)
    models = (trained["run"] / "best.keras", trained["run"] / "last.keras")
    words = ("--data", data, "--out", tmp_path / "out", "--resamples", "40", "--size", 160, "--json")
    code, out, err = trainer(capsys, "compare", *models, *words)
    value = json.loads(out)
    assert code == 0
    assert str(tmp_path / "out" / "index.html") in err
    assert value == json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert list(value["models"]) == ["best", "last"]
    assert value["schema_version"] == 1
    assert {metrics["settings"]["size"] for metrics in value["models"].values()} == {160}
    assert all(metrics["AP50"] > 0 for metrics in value["models"].values())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "size", "ap50"),
    [
        *(("clinic", 320, 0.367), ("clinic", 416, 0.449), ("clinic", 608, 0.556)),
        *(("home", 320, 0.733), ("home", 416, 0.857), ("home", 608, 0.852)),
        *(("coco_val", 320, 0.412), ("coco_val", 416, 0.468), ("coco_val", 608, 0.544)),
    ],
)
def test_real_images_score_as_opencvs_reader_says(capsys, shared, name, size, ap50):
    """AP50 of the Nano weights in the shared README, measured with OpenCV, which drops what is below 0.2."""
    weights = shared / "weights" / "mobilenetv2-yolov3-nano-coco"
    words = ("--conf", 0.2, "--size", size, "--json", "--resamples", 40, "--slices", "size")
    code, out, _ = trainer(capsys, "eval", f"{weights}.cfg,{weights}.weights", shared / "real" / name, *words)
    assert code == 0
    assert json.loads(out)["AP50"] == pytest.approx(ap50, abs=0.01)


def test_predict_draws_lists_and_goes_on_past_a_broken_image(capsys, trained, tmp_path):
    data = make_dataset(tmp_path / "ward", count=3, width=128, height=112)
    (data / "images" / "000001.jpg").write_bytes(b"\xff\xd8 broken")
    code, out, err = trainer(capsys, "predict", trained["run"], data / "images", "--out", tmp_path / "drawn", "--json")
    value = json.loads(out)
    assert code == 1
    assert one_line(err)
    assert str(data / "images" / "000001.jpg") in err
    assert [image["image_id"] for image in value["pictures"]] == [0, 2]
    assert [failed["file"] for failed in value["failed"]] == [str(data / "images" / "000001.jpg")]
    assert sorted(path.name for path in (tmp_path / "drawn").iterdir()) == ["000000.jpg", "000002.jpg"]
    with Image.open(tmp_path / "drawn" / "000000.jpg") as image:
        assert image.size == (128, 112)


def test_predict_on_data_and_on_its_images_is_the_same(capsys, trained, tmp_path):
    data = trained["data"]
    for name, source in (("a.json", f"{data}[2:5]"), ("b.json", f"{data}/images/00000[234].jpg")):
        assert trainer(capsys, "predict", trained["run"], source, "--coco", tmp_path / name)[0] == 0
    first, second = ((tmp_path / name).read_bytes() for name in ("a.json", "b.json"))
    assert first == second
    assert {row["image_id"] for row in json.loads(first)} == {2, 3, 4}


def test_confidence_bounds_what_is_listed(capsys, trained):
    _, out, _ = trainer(capsys, "predict", trained["run"], trained["data"], "--conf", 0.6, "--json")
    scores = [d["score"] for image in json.loads(out)["pictures"] for d in image["detections"]]
    assert scores
    assert min(scores) > 0.6


def test_fit_prints_where_the_model_is(capsys, ward, tmp_path):
    arguments = ("--model", TWO_HEADS, "--size", 64, "--epochs", 1, "--batch", 2)
    code, out, err = trainer(capsys, "fit", f"{ward}[:4]", "--val", f"{ward}[4:]", "--out", tmp_path / "r", *arguments)
    assert code == 0
    assert str(tmp_path / "r" / "best.keras") in out
    assert "epoch 1/1  loss" in err
    code, out, _ = trainer(capsys, "fit", ward, "--out", tmp_path / "s", *arguments, "--json")
    value = json.loads(out)
    assert (value["schema_version"], value["epochs"], value["validation"]) == (1, 1, None)


def test_a_fresh_process_is_quiet_and_ctrl_c_keeps_the_run(ward, tmp_path):
    """As on a user's machine: no library chatter on either stream; Ctrl-C ends with 130 and a usable model."""
    command = [sys.executable, "-m", "trainer", "fit", str(ward), "--out", str(tmp_path / "run")]
    command += [
        *("--model", TWO_HEADS, "--size", "64", "--epochs", "500", "--batch", "2", "--set", "validate_every=500"),
    ]
    quiet = {key: value for key, value in os.environ.items() if not key.startswith("TF_")}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=quiet,
        # A suite started in the background has SIGINT ignored, and its children with it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    history = tmp_path / "run" / "history.csv"
    limit = time.monotonic() + 300
    while time.monotonic() < limit and not (history.is_file() and len(history.read_text().splitlines()) > 2):
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 130, err
    assert f"trainer fit --out {tmp_path / 'run'} --resume" in err
    assert (tmp_path / "run" / "last.keras").is_file()
    own = ("two_heads,", "training on", "stage 1:", "epoch ", "stopping", "no validation:", "interrupted", "training:")
    assert [line for line in err.splitlines() if not line.startswith(own)] == []
    assert "best.keras" in out


def test_the_demo_page(capsys, trained, tmp_path):
    keypoints = [[20 + n, 30 + n, n % 3] for n in range(17)]
    base = tmp_path / "demo"
    data = make_dataset(base / "dataset", count=4, width=128, height=112, keypoints=keypoints)
    (base / "run").symlink_to(trained["run"])
    assert demo.main([str(base)]) == 2  # no evaluation yet
    trainer(capsys, "eval", base / "run", data, "--out", base / "eval")
    assert demo.main([str(base)]) == 0
    assert "AP50" in capsys.readouterr().out
    page = (base / "index.html").read_text()
    assert page.count("data:image/") == 3
    with Image.open(base / "contact_sheet.jpg") as image:
        assert image.width == 4 * (128 + 6) + 6
