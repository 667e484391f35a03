"""The commands as users call them: outputs, exit codes, one-line errors."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from shared_format import coco, dataset
from trainer import demo
from trainer.cli import cli, run

from .conftest import make_dataset
from .test_evaluate import assert_equal_to_pycocotools

ROOT = Path(__file__).resolve().parents[1]


def trainer(capsys, *arguments):
    """Run the command line here -> (exit code, stdout, stderr)."""
    capsys.readouterr()
    code = run(cli, [str(argument) for argument in arguments])
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def one_line(text):
    return len(text.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "command",
    [
        *([], ["fit"], ["eval"], ["predict"], ["convert"], ["doctor"], ["anchors"]),
        *(["merge"], ["split"], ["curve"], ["capture"], ["negatives", "open-images"]),
    ],
)
def test_help_has_an_example(capsys, command):
    code, out, _ = trainer(capsys, *command, "--help")
    assert code == 0
    assert "Example" in out
    assert "trainer " in out.split("Example")[1]


def test_importing_the_command_line_is_light():
    probe = (
        "import sys, trainer.cli; print([m for m in ('keras', 'tensorflow', 'matplotlib', 'PIL') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, cwd=ROOT, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["fit", "{ward}"], "Missing option '--out'"),
        (["fit", "{ward}", "--out", "{new}", "--epochs", "ten"], "'ten' is not a valid integer"),
        (["fit", "{ward}", "--out", "{new}", "--model", "yolov9"], "unknown model 'yolov9'; one of yolov3,"),
        (["fit", "{ward}", "--out", "{new}", "--set", "epoch=3"], "did you mean 'epochs'?"),
        (["fit", "{ward}/nowhere", "--out", "{new}"], "no such file or folder"),
        (["fit", "{ward}", "--out", "{new}", "--size", "100"], "multiple of 32"),
        (["fit", "{ward}", "--out", "{new}", "--freeze", "spine:3"], "freeze is 'spine'; expected none, backbone"),
        (["fit", "{ward}", "--out", "{new}", "--preset", "yolov4"], "unknown preset 'yolov4'"),
        (["fit", "{ward}", "--out", "{new}", "--val", "{ward}", "--set", "best_on=lab"], "best_on is 'lab'"),
        (["fit", "{ward}@1", "{ward}", "--out", "{new}"], "give one to every DATA or to none"),
        (["fit", "--out", "{new}"], "missing argument DATA"),
        (["fit", "{ward}", "--out", "{new}", "--boxes", "amodal"], "no field bbox_amodal; try --boxes visible"),
        (["fit", "{ward}", "--out", "{new}", "--classes", "cat"], "no class 'cat'"),
        (["fit", "{ward}", "--out", "{new}", "--config", "{ward}/none.json"], "no such file"),
        (["fit", "{ward}", "--out", "{ward}/dataset.json/run"], "cannot be written"),
        (["eval", "{new}", "{ward}"], "no such file; MODEL is a run folder"),
        (["eval", "{ward}", "{ward}"], "neither best.keras nor last.keras"),
        (["predict", "{run}", "{ward}/none.jpg"], "no such picture, folder or pattern"),
        (["predict", "{run}", "{ward}/frames"], "no pictures in this folder"),
        (["predict", "{run}", "{ward}/images", "--out", "{ward}/images"], "would replace its source"),
        (["predict", "{run}", "{ward}", "--conf", "2"], "2.0 is not in the range"),
        (["nonsense"], "No such command 'nonsense'"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(capsys, tmp_path, trained, arguments, message):
    ward, new = make_dataset(tmp_path / "ward", count=2), tmp_path / "new"
    before = sorted(ward.rglob("*"))
    places = {"ward": ward, "new": new, "run": trained["run"]}
    code, out, err = trainer(capsys, *(argument.format(**places) for argument in arguments))
    assert code == 2
    assert message in err
    assert one_line(err)
    assert out == ""
    assert not new.exists()
    assert sorted(ward.rglob("*")) == before


def test_a_truncated_picture_stops_fit_before_it_starts(capsys, ward, tmp_path):
    path = ward / "images" / "000002.jpg"
    path.write_bytes(path.read_bytes()[:500])
    code, _, err = trainer(capsys, "fit", ward, "--out", tmp_path / "run", "--size", 64)
    assert code == 2
    assert "000002.jpg: cannot be read as a picture" in err
    assert one_line(err)
    assert not (tmp_path / "run").exists()


def test_eval_equals_pycocotools_on_predict(capsys, trained, tmp_path):
    """The whole chain a stranger would check: dataset's coco.json, predict --coco, pycocotools, eval --json."""
    data = make_dataset(tmp_path / "other", count=11, width=150, height=120, seed=5, people=(1, 4))
    code, out, _ = trainer(capsys, "eval", trained["run"], data, "--json", "--out", tmp_path / "report")
    metrics = json.loads(out)
    assert code == 0
    assert metrics["schema_version"] == 1
    assert (metrics["images"], metrics["slices"]) == (11, {})
    results_file = tmp_path / "results.json"
    assert trainer(capsys, "predict", trained["run"], data / "images", "--coco", results_file)[0] == 0
    results = json.loads(results_file.read_text())
    assert {row["category_id"] for row in results} == {3}
    assert set(results[0]) == {"image_id", "file_name", "category_id", "category", "bbox", "score"}
    truth = coco.coco_dict(dataset.read_info(data), dataset.read_frames(data))
    truth["annotations"] = [a for a in truth["annotations"] if a["category_id"] == 3]
    truth["categories"] = [c for c in truth["categories"] if c["id"] == 3]
    assert metrics["AP50"] > 0
    assert_equal_to_pycocotools(metrics, truth, results)
    page = (tmp_path / "report" / "index.html").read_text()
    assert "http" not in page.replace("http-equiv", "")
    assert f"{metrics['AP50']:.3f}" in page
    assert page.count("data:image/") == 2  # the curve and the predictions


def test_predict_draws_lists_and_goes_on_past_a_broken_picture(capsys, trained, tmp_path):
    data = make_dataset(tmp_path / "ward", count=3, width=128, height=112)
    (data / "images" / "000001.jpg").write_bytes(b"\xff\xd8 broken")
    code, out, err = trainer(capsys, "predict", trained["run"], data / "images", "--out", tmp_path / "drawn", "--json")
    value = json.loads(out)
    assert code == 1
    assert one_line(err)
    assert "000001.jpg: cannot be read as a picture" in err
    assert [picture["image_id"] for picture in value["pictures"]] == [0, 2]
    assert [failed["file"] for failed in value["failed"]] == [str(data / "images" / "000001.jpg")]
    assert sorted(path.name for path in (tmp_path / "drawn").iterdir()) == ["000000.jpg", "000002.jpg"]
    with Image.open(tmp_path / "drawn" / "000000.jpg") as picture:
        assert picture.size == (128, 112)


def test_predict_on_data_and_on_its_pictures_is_the_same(capsys, trained, tmp_path):
    data = trained["data"]
    for name, source in (("a.json", f"{data}[2:5]"), ("b.json", f"{data}/images/00000[234].jpg")):
        assert trainer(capsys, "predict", trained["run"], source, "--coco", tmp_path / name)[0] == 0
    first, second = ((tmp_path / name).read_bytes() for name in ("a.json", "b.json"))
    assert first == second
    assert {row["image_id"] for row in json.loads(first)} == {2, 3, 4}


def test_confidence_bounds_what_is_listed(capsys, trained):
    _, out, _ = trainer(capsys, "predict", trained["run"], trained["data"], "--conf", 0.6, "--json")
    scores = [d["score"] for picture in json.loads(out)["pictures"] for d in picture["detections"]]
    assert scores
    assert min(scores) > 0.6


def test_fit_prints_where_the_model_is(capsys, ward, tmp_path):
    arguments = ("--model", "yolov3-tiny", "--size", 64, "--epochs", 1, "--batch", 2)
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
        "--model",
        "yolov3-tiny",
        "--size",
        "64",
        "--epochs",
        "500",
        "--batch",
        "2",
        "--set",
        "validate_every=500",
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
    limit = time.monotonic() + 60
    while time.monotonic() < limit and not (history.is_file() and len(history.read_text().splitlines()) > 2):
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "interrupted after" in err
    assert "go on with: trainer fit --out" in err
    assert (tmp_path / "run" / "last.keras").is_file()
    own = ("yolov3-tiny,", "stage 1:", "epoch ", "stopping", "no validation:", "interrupted", "training:")
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
    with Image.open(base / "contact_sheet.jpg") as picture:
        assert picture.width > 1000
