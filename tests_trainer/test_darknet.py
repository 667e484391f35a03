"""Darknet's weight files in and out, and the commands that read and write them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from trainer.cli import cli, run
from trainer.errors import TrainerError
from trainer.models.files import load_model, model_spec
from trainer.network.architectures import make_spec
from trainer.network.build import build_network
from trainer.network.darknet_weights import VERSION, classes_in, fill, read_weights, save_weights

from .cfgs import ODDITIES, SPP_3L
from .network_referees import assert_same, darknet_files, opencv_heads, write_random_weights
from .refusals import refusal


@pytest.fixture
def nano(tmp_path):
    """A small network and a weight file of its architecture."""
    network = build_network(make_spec("yolov3-nano", 64, ("a",), (1,)))
    write_random_weights(tmp_path / "net.weights", network)
    return network, tmp_path / "net.weights"


@pytest.mark.parametrize(("version", "header"), [((0, 1, 0), 16), ((0, 2, 0), 20), ((0, 2, 5), 20), ((1, 0, 0), 20)])
def test_every_header_is_read(tmp_path, version, header):
    model, pixels, expected = darknet_files(tmp_path, SPP_3L, 64, version=version)
    file = read_weights(tmp_path / "net.weights")
    assert (file.header, file.seen) == (header, 77)
    network, spec = load_model(model)
    assert spec.seen == 77
    assert_same(network.predict_on_batch(pixels[None]), expected)


@pytest.mark.parametrize("text", [SPP_3L, ODDITIES], ids=["spp-3l", "oddities"])
def test_what_is_read_is_written_byte_for_byte(tmp_path, text):
    model, _, _ = darknet_files(tmp_path, text, 96, version=VERSION)
    network, spec = load_model(model)
    save_weights(network, tmp_path / "again.weights", spec.seen)
    assert (tmp_path / "again.weights").read_bytes() == (tmp_path / "net.weights").read_bytes()


def test_the_shared_weights_are_written_byte_for_byte(shared, tmp_path):
    stem = shared / "weights" / "mobilenetv2-yolov3-nano-coco"
    network, spec = load_model(f"{stem}.cfg,{stem}.weights")
    save_weights(network, tmp_path / "again.weights", spec.seen)
    assert (tmp_path / "again.weights").read_bytes() == stem.with_suffix(".weights").read_bytes()


@pytest.mark.parametrize("change", [-400, -4, 4])
def test_a_file_of_another_length_is_refused(nano, change):
    network, path = nano
    content = path.read_bytes()
    path.write_bytes(content[:change] if change < 0 else content + bytes(change))
    with refusal(TrainerError, "net.weights", f"{len(content) + change:,} bytes", "yolov3_nano", f"{len(content):,}"):
        fill(network, read_weights(path))


def test_half_a_number_is_a_truncated_file(nano):
    network, path = nano
    path.write_bytes(path.read_bytes()[:-3])
    with refusal(TrainerError, "net.weights", f"{len(path.read_bytes())} bytes"):
        fill(network, read_weights(path))


@pytest.mark.parametrize("content", [b"", b"short", b"PK\x03\x04" + bytes(100), bytes([0, 0, 0, 0, 2]) + bytes(11)])
def test_what_is_no_weight_file_is_refused(nano, content):
    network, path = nano
    path.write_bytes(content)
    with refusal(TrainerError, "net.weights"):
        fill(network, read_weights(path))


def test_a_number_that_is_none_is_named(nano):
    network, path = nano
    content = bytearray(path.read_bytes())
    content[20 + 4 * 3 : 24 + 4 * 3] = np.array([np.nan], "<f4").tobytes()
    path.write_bytes(content)
    with refusal(TrainerError, "net.weights", 4, "conv001"):
        fill(network, read_weights(path))


@pytest.mark.parametrize("classes", [1, 80])
def test_the_number_of_classes_follows_from_the_length(tmp_path, classes):
    names = tuple(f"c{index}" for index in range(classes))
    write_random_weights(tmp_path / "net.weights", build_network(make_spec("yolov3-nano", 64, names, range(classes))))
    spec = make_spec("yolov3-nano", 64, ("a", "b", "c"), (1, 2, 3))
    assert classes_in(build_network(spec), spec, read_weights(tmp_path / "net.weights")) == classes


def test_a_cfg_with_other_classes_than_its_weights_says_so(tmp_path):
    model, _, _ = darknet_files(tmp_path, SPP_3L, 64)
    text = (tmp_path / "net.cfg").read_text()
    (tmp_path / "net.cfg").write_text(text.replace("classes=2", "classes=3").replace("filters=14", "filters=16"))
    with refusal(TrainerError, "net.weights", 2, 3):
        load_model(model)


def trainer(*arguments):
    return run(cli, [str(argument) for argument in arguments])


def test_import_and_export_by_command(tmp_path, capsys):
    """In, out, and in again: the numbers stay, and OpenCV reads what was written."""
    model, pixels, expected = darknet_files(tmp_path, SPP_3L, 96)
    (tmp_path / "net.names").write_text("patient\nstaff\n")
    cfg, weights = model.split(",")
    assert trainer("weights", "import", "--cfg", cfg, "--weights", weights, "--out", tmp_path / "in" / "m.keras") == 0
    assert "2 classes (patient, staff)" in capsys.readouterr().out
    out = tmp_path / "out" / "m.weights"
    assert trainer("weights", "export", tmp_path / "in" / "m.keras", "--out", out, "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["schema_version"] == 1
    assert printed["masks"] == [[4, 5], [2, 3], [0, 1]]
    assert printed["written"] == [str(out.with_suffix(suffix)) for suffix in (".weights", ".cfg", ".names")]
    assert out.with_suffix(".names").read_text() == "patient\nstaff\n"
    again = f"{out.with_suffix('.cfg')},{out}"
    network, spec = load_model(again)
    assert (spec.classes, spec.seen, spec.head.scale_x_y) == (("patient", "staff"), 77, (1.05, 1.1, 1.2))
    assert_same(network.predict_on_batch(pixels[None]), expected)
    assert_same(network.predict_on_batch(pixels[None]), opencv_heads(again, pixels))


def test_a_trained_run_is_exported_with_its_anchors(trained, tmp_path):
    out = tmp_path / "ward.weights"
    assert trainer("weights", "export", trained["run"], "--out", out) == 0
    spec, source = model_spec(f"{tmp_path}/ward.cfg,{out}"), model_spec(str(trained["run"]))
    assert spec.head == source.head
    assert spec.classes == source.classes
    pixels = np.random.default_rng(0).uniform(0, 1, (1, 128, 128, 3)).astype(np.float32)
    heads, again = (
        load_model(model)[0].predict_on_batch(pixels) for model in (str(trained["run"]), f"{tmp_path}/ward.cfg,{out}")
    )
    for head, expected in zip(heads, again):
        np.testing.assert_allclose(head, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("import", "--cfg", "net.cfg", "--weights", "net.weights", "--out", "m.h5"), "ends in .keras"),
        (("import", "--cfg", "absent.cfg", "--weights", "net.weights", "--out", "m.keras"), "absent.cfg: cannot read"),
        (("import", "--cfg", "net.cfg", "--weights", "absent", "--out", "m.keras"), "absent: cannot read the weights"),
        (
            ("import", "--cfg", "net.cfg", "--weights", "net.weights", "--out", "m.keras", "--names", "net.cfg"),
            "names; the network has 2 classes",
        ),
        (("export", "net.weights", "--out", "x.weights"), "FILE.cfg,FILE.weights"),
        (("export", "net.cfg,net.weights", "--out", "x.keras"), "ends in .weights"),
        (("export", "net.cfg,net.weights", "--out", "net.weights"), "net.weights: is a file of the model"),
    ],
)
def test_wrong_use_is_one_line_and_nothing_written(tmp_path, monkeypatch, capsys, arguments, message):
    darknet_files(tmp_path, SPP_3L, 64)
    monkeypatch.chdir(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert trainer("weights", *arguments) == 2
    error = capsys.readouterr().err.strip().splitlines()
    assert message in error[-1]
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_darknet_detector_is_a_model_for_predict_and_eval(ward, tmp_path, capsys):
    model, _, _ = darknet_files(tmp_path, SPP_3L, 96)
    (tmp_path / "net.names").write_text("person\nrobot\n")
    assert trainer("eval", model, ward, "--json") == 0
    assert json.loads(capsys.readouterr().out)["boxes"] > 0  # of persons: the data knows no robots
    assert trainer("predict", model, ward, "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["pictures"]) == 6
