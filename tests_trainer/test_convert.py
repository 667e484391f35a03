"""`trainer convert`: any kind in, any kind out, whole or not at all."""

from __future__ import annotations

import json
import os

import jsonschema
import numpy as np
import pytest
from PIL import Image

from shared_format import dataset, schema
from trainer.datasets import writing
from trainer.examples.readers import read_data, read_labels, recognise
from trainer.formats import voc_reader

from .commands import one_line, trainer
from .conftest import make_dataset
from .refusals import names

KINDS = ("wardsynth", "coco", "yolo", "voc", "keras-yolo3")


def converted(capsys, data, kind, out, *options):
    code, stdout, err = trainer(capsys, "convert", data, "--to", kind, "--out", out, "--json", *options)
    assert (code, err) == (0, "")
    return json.loads(stdout)


def assert_same_labels(data, expected):
    """The same images, ids, boxes within a thousandth of a pixel, and classes."""
    found, wanted = (read_data(str(one), ("person", "bed")).examples for one in (data, expected))
    assert [e.image_id for e in found] == [e.image_id for e in wanted]
    assert [e.path.read_bytes() for e in found] == [e.path.read_bytes() for e in wanted]
    for one, other in zip(found, wanted):
        np.testing.assert_allclose(one.annotations.boxes, other.annotations.boxes, rtol=0, atol=1e-3)
        np.testing.assert_array_equal(one.annotations.labels, other.annotations.labels)


@pytest.mark.parametrize("first", KINDS)
def test_the_same_labels_through_every_chain(capsys, ward, tmp_path, first):
    report = converted(capsys, ward, first, tmp_path / "one")
    assert (report["schema_version"], report["pictures"], report["ignored"]) == (1, 6, 0)
    assert recognise(tmp_path / "one") == first
    assert_same_labels(tmp_path / "one", ward)
    for second in KINDS:
        converted(capsys, tmp_path / "one", second, tmp_path / second)
        if "keras-yolo3" not in (first, second):  # whole pixels: what YOLO gives back is one rounded outwards
            assert_same_labels(tmp_path / second, ward)
    for path in (tmp_path / "wardsynth" / "frames").iterdir():
        jsonschema.validate(json.loads(path.read_text()), schema.load("frame"))
    jsonschema.validate(json.loads((tmp_path / "wardsynth" / "dataset.json").read_text()), schema.load("dataset"))


def test_wardsynth_to_wardsynth_and_through_coco_loses_only_the_spec(capsys, ward, tmp_path):
    converted(capsys, ward, "wardsynth", tmp_path / "copy")
    assert list(dataset.read_frames(tmp_path / "copy")) == list(dataset.read_frames(ward))
    assert dataset.read_info(tmp_path / "copy") == dataset.read_info(ward)
    converted(capsys, ward, "coco", tmp_path / "coco")
    converted(capsys, tmp_path / "coco", "wardsynth", tmp_path / "back")
    assert list(dataset.read_frames(tmp_path / "back")) == list(dataset.read_frames(ward))  # spec is {} here
    assert dataset.read_info(tmp_path / "back") == dataset.read_info(ward)


def test_images_are_linked_not_copied(capsys, ward, tmp_path):
    converted(capsys, ward, "yolo", tmp_path / "out")
    one, other = ward / "images" / "000000.jpg", tmp_path / "out" / "images" / "train" / "000000.jpg"
    assert os.stat(one).st_ino == os.stat(other).st_ino


def test_images_are_copied_where_links_do_not_work(capsys, ward, tmp_path, monkeypatch):
    monkeypatch.setattr(writing.os, "link", lambda *_: (_ for _ in ()).throw(OSError(18, "another disk")))
    converted(capsys, ward, "coco", tmp_path / "out")
    assert_same_labels(tmp_path / "out", ward)


def test_classes_are_kept_in_the_asked_order_and_slices_count(capsys, ward, tmp_path):
    report = converted(capsys, f"{ward}[1:3]", "yolo", tmp_path / "out", "--classes", "bed,person")
    assert (report["classes"], report["pictures"]) == (["bed", "person"], 2)
    assert read_labels(str(tmp_path / "out")).category_names == ("bed", "person")
    only = converted(capsys, ward, "wardsynth", tmp_path / "only", "--classes", "bed")
    assert only["boxes"] == 6
    assert [category.name for category in dataset.read_info(tmp_path / "only").categories] == ["bed"]


def test_the_box_policy_is_chosen_at_writing(capsys, tmp_path):
    box = [1.0, 2.0, 90.0, 70.5]
    ward = make_dataset(tmp_path / "ward", count=1, bbox_amodal=box)
    for kind in ("coco", "yolo", "voc"):
        converted(capsys, ward, kind, tmp_path / kind, "--boxes", "amodal", "--classes", "person")
        (example,) = read_data(str(tmp_path / kind)).examples
        np.testing.assert_allclose(example.annotations.boxes[0], box, atol=1e-3)


def test_what_is_left_out_is_said(capsys, tmp_path):
    ward = make_dataset(tmp_path / "ward", count=2, ignore=True)
    words = ("--to", "yolo", "--out", tmp_path / "out", "--classes", "person")
    _, out, _ = trainer(capsys, "convert", ward, *words)
    assert all(names(out.strip(), value) for value in ("0 boxes", "person", "ignore"))
    assert converted(capsys, ward, "voc", tmp_path / "voc", "--classes", "person")["ignored"] == 0


def test_names_that_would_collide_are_told_apart(capsys, tmp_path):
    for name in ("a/x.jpg", "b/x.jpg", "b/X.png"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 30)).save(tmp_path / "in" / name)
    lines = [f"{tmp_path}/in/a/x.jpg 1,2,9,9,0", f"{tmp_path}/in/b/x.jpg 3,4,9,9,0", "b/X.png"]
    (tmp_path / "in" / "annotations.txt").write_text("\n".join(lines))
    (tmp_path / "in" / "classes.txt").write_text("person\n")
    for kind in KINDS:
        converted(capsys, tmp_path / "in", kind, tmp_path / kind)
        labels = read_labels(str(tmp_path / kind))
        assert len({image.image for image in labels.images}) == 3
        assert sorted(len(image.frame.instances) for image in labels.images) == [0, 1, 1]
    assert len(voc_reader.annotation_files(tmp_path / "voc")) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{ward}", "--to", "tfrecord", "--out", "{new}"], "'tfrecord' is not one of"),
        (["{ward}", "--to", "yolo"], "Missing option '--out'"),
        (["{ward}", "--to", "yolo", "--out", "{ward}"], "{ward}"),
        (["{ward}", "--to", "yolo", "--out", "{ward}/dataset.json"], "{ward}/dataset.json"),
        (["{ward}/nowhere", "--to", "yolo", "--out", "{new}"], "{ward}/nowhere"),
        (["{ward}/images", "--to", "yolo", "--out", "{new}"], "neither dataset.json"),
        (["{ward}", "--to", "yolo", "--out", "{new}", "--classes", "cat"], "no class 'cat'; it has person, bed"),
        (
            ["{ward}", "--to", "yolo", "--out", "{new}", "--boxes", "amodal"],
            "no field bbox_amodal; try --boxes visible",
        ),
        (["{ward}", "--to", "yolo", "--out", "{new}", "--format", "voc"], "no Annotations/*.xml"),
        (["{ward}[9:]", "--to", "yolo", "--out", "{new}"], "no images"),
        (["{gap}", "--to", "yolo", "--out", "{new}"], "000003.jpg"),
    ],
)
def test_wrong_use_writes_nothing(capsys, ward, tmp_path, arguments, message):
    gap = make_dataset(tmp_path / "gap")
    (gap / "images" / "000003.jpg").unlink()
    before = sorted(tmp_path.rglob("*"))
    places = {"ward": ward, "new": tmp_path / "new", "gap": gap}
    code, out, err = trainer(capsys, "convert", *(argument.format(**places) for argument in arguments))
    assert (code, out) == (2, "")
    assert message.format(**places) in err
    assert one_line(err)
    assert sorted(tmp_path.rglob("*")) == before


def test_an_empty_out_folder_is_fine(capsys, ward, tmp_path):
    (tmp_path / "out").mkdir()
    converted(capsys, ward, "voc", tmp_path / "out")
    assert_same_labels(tmp_path / "out", ward)


def test_a_map_that_points_outside_the_dataset_is_refused(capsys, tmp_path):
    """Records come from strangers: their file names must not reach beyond the folder, neither reading nor writing."""
    folder = make_dataset(tmp_path / "deep" / "ward", 2)
    (tmp_path / "secret.txt").write_text("mine")
    path = sorted((folder / "frames").iterdir())[0]
    path.write_text(json.dumps({**json.loads(path.read_text()), "depth_file": "../../secret.txt"}))
    out = tmp_path / "a" / "b" / "out"
    out.parent.mkdir(parents=True)
    code, _, err = trainer(capsys, "convert", folder, "--to", "wardsynth", "--out", out)
    assert code == 2
    assert "outside the dataset" in err
    assert not (tmp_path / "a" / "secret.txt").exists()
    assert not out.exists()
