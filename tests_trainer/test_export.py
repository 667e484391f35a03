"""Exported files: run by their own runtime in a script without this program, and taken by predict and eval."""

from __future__ import annotations

import importlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from trainer.detection.detector import Detector
from trainer.examples.images import load_image
from trainer.examples.letterbox import letterboxed
from trainer.export import ExportRequest, export_model
from trainer.models.files import load_model, load_network
from trainer.runtimes import Narrowed, read_exported
from trainer.tasks.exporting import OutputDifference

from .commands import one_line, trainer

pytest.importorskip("ai_edge_litert", reason="needs the extra export")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def files(trained, exported):
    """Every kind of file, exported once by the command."""
    from trainer.cli import cli, run

    folder = exported.parent
    kinds = {
        "detections": ("--format", "onnx", "--output", "detections"),
        "litert": ("--format", "litert"),
        "int8": ("--format", "litert", "--precision", "int8", "--calibrate", str(trained["data"])),
        "saved_model": ("--format", "saved_model", "--output", "heads"),
    }
    for words in kinds.values():
        assert run(cli, ["export", str(trained["run"]), "--out", str(folder), "--licence", "CC0", *words]) == 0
    names = {
        "onnx": "detector.onnx",
        "detections": "detector_detections.onnx",
        "litert": "detector.tflite",
        "int8": "detector_heads_int8.tflite",
        "saved_model": "detector_heads_saved_model",
    }
    return {kind: folder / name for kind, name in names.items()}


# What somebody else would write: numpy, Pillow and the runtime; the card says the rest.
ONNX_SCRIPT = """
import json, sys
import numpy as np, onnxruntime
from PIL import Image
path, image = sys.argv[1:]
card = json.load(open(path + ".json"))
pixels = np.asarray(Image.open(image).convert("RGB").resize((card["size"],) * 2), np.float32)[None] / 255
session = onnxruntime.InferenceSession(path)
found = session.run(None, {"pixels": np.concatenate([pixels, pixels])})
assert "trainer" not in sys.modules and "keras" not in sys.modules
print(json.dumps({one.name: value.tolist() for one, value in zip(session.get_outputs(), found)}))
"""
LITERT_SCRIPT = """
import json, sys
import numpy as np
from PIL import Image
from ai_edge_litert.interpreter import Interpreter
path, image = sys.argv[1:]
card = json.load(open(path + ".json"))
pixels = np.asarray(Image.open(image).convert("RGB").resize((card["size"],) * 2), np.float32)[None] / 255
interpreter = Interpreter(path)
found = interpreter.get_signature_runner()(pixels=pixels)
assert "trainer" not in sys.modules and "keras" not in sys.modules
print(json.dumps({name: value.tolist() for name, value in found.items()}))
"""


def alone(script, file, image, tmp_path):
    """The outputs of a script that runs away from this program's folder."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", script, str(file), str(image)], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    return {name: np.array(value, np.float32) for name, value in json.loads(done.stdout).items()}


def by_keras(trained, image):
    network, spec = load_network(str(trained["run"]))
    from trainer.network.decode import decode

    pixels = np.asarray(Image.open(image).convert("RGB").resize((spec.size,) * 2), np.float32)[None] / 255
    return [one[0] for one in decode(network.predict_on_batch(pixels), spec)]


def test_onnx_without_this_program(files, trained, tmp_path):
    image = trained["data"] / "images" / "000000.jpg"
    boxes, scores = by_keras(trained, image)
    found = alone(ONNX_SCRIPT, files["onnx"], image, tmp_path)
    assert found["boxes"].shape[0] == 2  # the batch is open
    np.testing.assert_allclose(found["scores"][1], scores, atol=1e-4)
    seen = scores.max(axis=1) > 0.01
    np.testing.assert_allclose(found["boxes"][0][seen], boxes[seen], atol=0.01)

    rows = alone(ONNX_SCRIPT, files["detections"], image, tmp_path)["detections"]
    first = rows[rows[:, 0] == 0]
    assert len(first) * 2 == len(rows)
    assert first[:, 5].max() == pytest.approx(scores.max(), abs=1e-4)
    assert (first[:, 5] > 0.25).all()
    assert len(first) < 10


def test_litert_without_this_program(files, trained, tmp_path):
    image = trained["data"] / "images" / "000000.jpg"
    _, scores = by_keras(trained, image)
    found = alone(LITERT_SCRIPT, files["litert"], image, tmp_path)
    np.testing.assert_allclose(found["scores"][0], scores, atol=1e-4)
    assert sorted(alone(LITERT_SCRIPT, files["int8"], image, tmp_path)) == ["head_0", "head_1"]


@pytest.mark.parametrize("kind", ["onnx", "detections", "litert", "int8", "saved_model"])
def test_predict_and_eval_take_the_file(capsys, files, trained, kind):
    data = trained["data"]
    detector, expected = (Detector(*load_model(str(model))) for model in (files[kind], trained["run"]))
    images = [load_image(path) for path in sorted((data / "images").glob("*.jpg"))[:3]]
    tolerance = 0.3 if kind == "int8" else 1e-3
    for mine, theirs in zip(detector.detect(images, 0.5), expected.detect(images, 0.5)):
        assert len(mine.scores) == len(theirs.scores)
        np.testing.assert_allclose(mine.scores, theirs.scores, atol=tolerance)
        np.testing.assert_allclose(mine.boxes, theirs.boxes, atol=100 * tolerance)
    code, out, _ = trainer(capsys, "eval", files[kind], data, "--json")
    of_keras = trainer(capsys, "eval", trained["run"], data, "--json")[1]
    assert code == 0
    assert json.loads(out)["AP50"] == pytest.approx(json.loads(of_keras)["AP50"], abs=0.2 if kind == "int8" else 1e-6)


def test_the_card_says_what_is_inside(files, trained):
    spec = load_network(str(trained["run"]))[1]
    for kind, path in files.items():
        card = json.loads(path.with_name(f"{path.name}.json").read_text())
        assert card["classes"] == ["person"]
        assert card["anchors"] == [list(anchor) for anchor in spec.head.anchors]
        assert (card["size"], card["licence"]) == (128, "CC0")
        assert "0.5" in card["letterbox"]
        assert card["largest_difference"]["score"] <= card["bound"]["score"]
        assert card["verified_on"] == 8
        text = path.with_name(f"{path.name}.md").read_text()
        assert "**Licence:** CC0" in text
        assert kind != "int8" or "int8" in text
        assert read_exported(path).spec == spec


def test_a_file_above_the_bound_ends_with_1(capsys, trained, tmp_path):
    words = ["--format", "litert", "--precision", "float16", "--max-score-difference", 0]
    code, out, _ = trainer(capsys, "export", trained["run"], "--out", tmp_path, *words)
    assert code == 1
    assert str(tmp_path / "detector_float16.tflite") in out
    card = json.loads((tmp_path / "detector_float16.tflite.json").read_text())
    assert card["largest_difference"]["score"] > card["bound"]["score"] == 0
    assert not list(tmp_path.glob(".part*"))


def test_predict_on_an_exported_file_needs_no_keras(files, trained):
    image = trained["data"] / "images" / "000000.jpg"
    probe = (
        "import sys; from trainer.cli import cli, run; run(cli, sys.argv[1:]); "
        "sys.exit(any(name in sys.modules for name in ('keras', 'tensorflow')))"
    )
    done = subprocess.run([sys.executable, "-c", probe, "predict", str(files["onnx"]), str(image)], cwd=ROOT)
    assert done.returncode == 0


def test_openvino(capsys, trained, tmp_path):
    pytest.importorskip("openvino", reason="needs the extra openvino")
    code, out, _ = trainer(capsys, "export", trained["run"], "--format", "openvino", "--out", tmp_path, "--json")
    value = json.loads(out)
    assert (code, value["within"]) == (0, True)
    assert read_exported(tmp_path / "detector.xml").spec.classes == ("person",)
    found = next(Detector(*load_model(str(tmp_path / "detector.xml"))).detect([Image.new("RGB", (90, 60))]))
    assert found.boxes.shape[1] == 4


@pytest.mark.parametrize(
    ("words", "echoed"),
    [
        (("--format", "onnx", "--precision", "int8"), "--precision int8"),
        (("--format", "litert", "--precision", "int8"), "--calibrate"),
        (("--format", "litert", "--output", "detections"), "--output detections"),
        (("--format", "onnx", "--pictures", "nowhere"), "nowhere"),
        (("--format", "onnx", "--opset", "99"), "99"),
        (("--format", "litert", "--opset", "13"), "--opset 13"),
        (("--format", "onnx", "--max-score-difference", "nan"), "nan"),
    ],
)
def test_wrong_use_writes_nothing(capsys, trained, tmp_path, words, echoed):
    code, _, err = trainer(capsys, "export", trained["run"], "--out", tmp_path / "new", *words)
    assert code == 2
    assert echoed in err
    assert one_line(err)
    assert not (tmp_path / "new").exists()


def test_files_of_others_are_refused(capsys, files, trained, tmp_path):
    import onnx

    model = onnx.load(files["onnx"])
    del model.metadata_props[:]
    onnx.save(model, tmp_path / "other.onnx")
    (tmp_path / "broken.tflite").write_bytes(b"TFL3 not really")
    (tmp_path / "broken.onnx").write_bytes(b"not really")
    for name in ("other.onnx", "broken.tflite", "broken.onnx"):
        code, _, err = trainer(capsys, "predict", tmp_path / name, trained["data"])
        assert (code, str(tmp_path / name) in err, one_line(err)) == (2, True, True), err
    code, _, err = trainer(capsys, "weights", "export", files["onnx"], "--out", tmp_path / "w.weights")
    assert (code, str(files["onnx"]) in err) == (2, True)


def test_narrowed_keeps_the_columns_of_its_classes(files, trained):
    runtime, spec = load_model(str(files["onnx"]))
    pixels = letterboxed(load_image(trained["data"] / "images" / "000000.jpg"), spec.size)[0][None]
    whole = runtime.predictions(pixels, 0.25, 0.45)
    for one, other in zip(whole, Narrowed(runtime, [0]).predictions(pixels, 0.25, 0.45)):
        np.testing.assert_array_equal(one, other)


def test_bounds_hold_for_both_numbers():
    bound = OutputDifference(0.1, 2.0)
    assert OutputDifference(0.1, 2.0).within(bound)
    assert not OutputDifference(0.11, 0.0).within(bound)
    assert not OutputDifference(0.0, 2.1).within(bound)
    assert not OutputDifference(float("nan"), 0.0).within(bound)


def in_opencv(path, pixels, names):
    network = cv2.dnn.readNetFromONNX(str(path))
    network.setInput(pixels)
    return network.forward(names)


@pytest.mark.parametrize("output", ["boxes", "heads"])
@pytest.mark.parametrize("opset", [11, 13, 17, 18])
def test_onnx_gives_the_same_numbers_in_every_runtime(trained, tmp_path, opset, output):
    """OpenCV reads the tiles and reshapes of Keras's upsampling without an error, and computes another image."""
    import onnx
    import onnxruntime

    request = ExportRequest("onnx", tmp_path, output=output, opset=opset)
    result = export_model(str(trained["run"]), request)
    model = onnx.load(result["file"])
    assert (result["within"], model.opset_import[0].version) == (True, opset)
    assert {"Tile"} & {node.op_type for node in model.graph.node} == set()
    session = onnxruntime.InferenceSession(result["file"])
    names = [one.name for one in session.get_outputs()]
    pixels = np.random.default_rng(0).random((1, 128, 128, 3)).astype(np.float32)
    expected = session.run(names, {"pixels": pixels})
    others = [in_opencv(result["file"], pixels, names)]
    if importlib.util.find_spec("openvino"):
        openvino = importlib.import_module("openvino")
        compiled = openvino.Core().compile_model(result["file"], "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
        found = compiled({"pixels": pixels})
        others.append([found[name] for name in names])
    for outputs in others:
        for value, other in zip(expected, outputs):
            np.testing.assert_allclose(np.asarray(other).reshape(value.shape), value, rtol=1e-4, atol=1e-3)


def test_an_old_opset_suppresses_too(trained, tmp_path):
    result = export_model(str(trained["run"]), ExportRequest("onnx", tmp_path, output="detections", opset=11))
    assert result["within"]
    card = json.loads((tmp_path / "detector_detections.onnx.json").read_text())
    assert card["opset"] == 11
    assert "OpenCV" in card["runs_in"]
