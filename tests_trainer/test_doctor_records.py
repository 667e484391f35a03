"""`trainer doctor` on what only WardSynth's own folders hold: maps, hiding, 3D, parts, the camera, dataset.json."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from shared_format import atomic, dataset, masks
from shared_format.keypoints import NAMES
from shared_format.record import frame_to_json

from .commands import one_line, trainer
from .conftest import make_dataset
from .doctor_runs import change, doctor

W, H = 96, 80  # of the images of make_dataset


def put(folder, **fields):
    """Rewrite the first record."""
    path = dataset.frame_path(folder, 0)
    atomic.write_json(path, frame_to_json(replace(dataset.read_frame(path), **fields)))


def put_camera(folder, **fields):
    put(folder, camera=replace(dataset.read_frame(dataset.frame_path(folder, 0)).camera, **fields))


def put_raw(folder, value, *keys):
    """Change one entry of the first record's JSON, whatever it then says."""
    path = dataset.frame_path(folder, 0)
    whole = inner = json.loads(path.read_text())
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    path.write_text(json.dumps(whole))


def put_info(folder, **fields):
    path = folder / "dataset.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))


def put_map(folder, field, pixels):
    """A map beside the first image: (H, W) numbers, or the bytes of its file."""
    file = {"depth_file": dataset.depth_file, "mask_file": dataset.mask_file}[field](0)
    (folder / file).parent.mkdir()
    if isinstance(pixels, bytes):
        (folder / file).write_bytes(pixels)
    else:
        Image.fromarray(pixels).save(folder / file)
    put(folder, **{field: file})


def instance_map(folder):
    frame = dataset.read_frame(dataset.frame_path(folder, 0))
    shown = np.zeros((H, W), dtype=np.uint16)
    for instance in frame.instances:
        shown[masks.decode(instance.mask)] = instance.id
    return shown


def joints(words):
    """Key points at (9, 9), hidden, but those ``outside``; with ``words`` for what hides them."""
    return {"keypoints": [[0, 0, 0] if word == "outside" else [9, 9, 1] for word in words], "occluded_by": words}


def stray(file):
    def plant(folder):
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text("{}")

    return plant


HIDDEN = {"visible_fraction": 0.5, "bbox_amodal": [0.0, 0.0, 96.0, 80.0]}
BODY = masks.encode(np.ones((H, W), dtype=bool))
MIRRORED = [[-1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]

FAULTS = {
    "files.missing_map": lambda d: put(d, depth_file="depth/000000.png"),
    "files.missing_map outside the folder": lambda d: put(d, mask_file="../../masks/000000.png"),
    "files.missing_map that the config asks for": lambda d: put_info(d, config={"labels.masks": True}),
    "files.corrupt_map": lambda d: put_map(d, "depth_file", b"\x89PNG"),
    "files.corrupt_map of 8 bits": lambda d: put_map(d, "depth_file", np.zeros((H, W), dtype=np.uint8)),
    "files.size_mismatch of a map": lambda d: put_map(d, "mask_file", np.zeros((W, H), dtype=np.uint16)),
    "labels.map_not_mask": lambda d: put_map(d, "mask_file", np.roll(instance_map(d), 1)),
    "files.stray record": stray("frames/abc.json"),
    "files.stray number": stray("frames/7.json"),
    "files.stray half number": stray("frames/12abc.json"),
    "files.stray text": stray("images/notes.txt"),
    "files.stray map": stray("depth/000000.png"),
    "dataset.malformed licence": lambda d: put_info(d, licences=[{}]),
    "dataset.malformed seed": lambda d: put_info(d, seed=-1),
    "dataset.malformed vocabulary": lambda d: put_info(d, attributes={"light": [1, 2]}),
    "dataset.malformed shares": lambda d: put_info(d, config={"light.light": {"day": "often"}}),
    "dataset.malformed shares below 0": lambda d: put_info(d, config={"light.light": {"day": -1}}),
    "dataset.malformed shares of 0": lambda d: put_info(d, config={"light.light": {"day": 0}}),
    "dataset.malformed endless shares": lambda d: put_info(d, config={"light.light": {"day": float("inf")}}),
    "dataset.malformed word": lambda d: put_info(
        d, attributes={"light": ["day"]}, config={"light.light": {"day": 1, "dusk": 0}}
    ),
    "labels.instance_id 0": lambda d: change(d, id=0),
    "labels.instance_id twice": lambda d: change(d, id=len(dataset.read_frame(dataset.frame_path(d, 0)).instances)),
    "labels.negative area": lambda d: change(d, area=-1.0),
    "labels.negative distance": lambda d: change(d, distance=-0.1),
    "labels.hidden_by nobody": lambda d: change(d, hidden_by={"person:77": 0.5}),
    "labels.hidden_by itself": lambda d: change(d, hidden_by={"person:1": 0.5}),
    "labels.hidden_by a word": lambda d: change(d, hidden_by={"fog": 0.5}),
    "labels.hidden_by self": lambda d: change(d, hidden_by={"self": 0.5}),
    "labels.hidden_by a share of 2": lambda d: change(d, hidden_by={"bedding": 2}),
    "labels.hidden_by too little": lambda d: change(d, hidden_by={"bedding": 0.1}, **HIDDEN),
    "labels.occluded_by of three": lambda d: change(d, **{**joints(["self"] * 17), "occluded_by": ["self"] * 3}),
    "labels.occluded_by without key points": lambda d: change(d, occluded_by=["self"] * 17),
    "labels.occluded_by fog": lambda d: change(d, **joints(["self"] * 16 + ["fog"])),
    "labels.occluded_by nobody": lambda d: change(d, **joints(["self"] * 16 + ["person:77"])),
    "labels.occluded_by itself": lambda d: change(d, **joints(["self"] * 16 + ["person:1"])),
    "labels.occluded_by none though hidden": lambda d: change(d, **joints(["self"] * 16 + ["none"])),
    "labels.occluded_by self though outside": lambda d: change(
        d, **{**joints(["outside"] * 17), "occluded_by": ["self"] * 17}
    ),
    "labels.keypoint_malformed": lambda d: change(d, keypoints=[[9, 9, 0]] * 17),
    "labels.part_mask": lambda d: change(d, parts={"head": BODY}),
    "labels.mask of a part": lambda d: change(d, parts={"head": {**BODY, "counts": "5"}}),
    "labels.mask of a small part": lambda d: change(d, parts={"head": masks.encode(np.ones((2, 2), dtype=bool))}),
    "labels.box_3d": lambda d: change(d, bbox_3d=[0, 0, 4, 1, 1, 3]),
    "labels.camera of another size": lambda d: put_camera(d, width=W + 1),
    "labels.camera that mirrors": lambda d: put_camera(d, extrinsics=MIRRORED),
    "labels.camera that stretches": lambda d: put_camera(d, extrinsics=(3 * np.eye(3, 4)).tolist()),
    "files.unreadable_record hidden_by": lambda d: put_raw(d, [1], "instances", 0, "hidden_by"),
    "files.unreadable_record keypoints_3d": lambda d: put_raw(d, [[1, 2]] * 17, "instances", 0, "keypoints_3d"),
    "files.unreadable_record bbox_3d": lambda d: put_raw(d, [0, 0, 4], "instances", 0, "bbox_3d"),
    "files.unreadable_record parts": lambda d: put_raw(d, {"head": [1]}, "instances", 0, "parts"),
    "files.unreadable_record camera": lambda d: put_raw(d, "round", "camera", "model"),
    "files.unreadable_record intrinsics": lambda d: put_raw(d, {"fx": 1}, "camera", "intrinsics"),
    "files.unreadable_record extrinsics": lambda d: put_raw(d, [[1, 2, 3]] * 3, "camera", "extrinsics"),
    "files.unreadable_record far box": lambda d: put_raw(d, [0, 0, 1e308, 1e308], "instances", 0, "bbox_covered"),
    "files.unreadable_record no file": lambda d: put_raw(d, "", "file"),
    "files.unreadable_record NUL": lambda d: put_raw(d, "images/a\0b.jpg", "file"),
    "files.unreadable_record half a character": lambda d: put_raw(d, "\ud800", "instances", 0, "category"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_by_its_id(capsys, tmp_path, fault):
    ward = make_dataset(tmp_path / "ward", count=4)
    FAULTS[fault](ward)
    code, report, found = doctor(capsys, ward)
    rule = fault.split()[0]
    assert set(found) == {rule}
    assert code == (0 if rule == "files.stray" else 1)
    assert report["errors" if code else "warnings"] == sum(finding["count"] for finding in found.values())


def test_the_card_and_the_sheet_of_a_folder_with_many_faults(capsys, tmp_path):
    ward = make_dataset(tmp_path / "ward", count=4)
    planted = ["labels.occluded_by fog", "labels.hidden_by nobody", "labels.mask of a part", "labels.box_3d"]
    planted += ["labels.camera that mirrors", "dataset.malformed licence", "files.stray record", "files.corrupt_map"]
    for fault in planted:
        FAULTS[fault](ward)
    put_info(ward, config={"light.light": {"day": float("nan")}})
    code, _, err = trainer(capsys, "doctor", ward, "--html", tmp_path / "card.html", "--show", 2, "--out", tmp_path)
    assert (code, len(err.splitlines())) == (1, 2)
    page = (tmp_path / "card.html").read_text()
    for fault in planted:
        assert fault.split()[0] in page
    assert (tmp_path / "labels.jpg").is_file()


def test_sound_maps_and_records_are_clean(capsys, tmp_path):
    words = ["none", "self", "bedding", "object:bed", "person:2", *["outside"] * 12]
    points = [[9, 9, 1] if word != "outside" else [0, 0, 0] for word in words]
    ward = make_dataset(tmp_path / "ward", count=4, people=(2, 3))
    first = dataset.read_frame(dataset.frame_path(ward, 0)).instances[0]
    x, y, w, h = first.bbox_visible
    points[0] = [x + w / 2, y + h / 2, 2]
    change(
        ward, keypoints=points, occluded_by=words, keypoints_3d=[[0.0, 0.0, 3.0]] * len(NAMES), distance=3.0,
        visible_fraction=0.5, bbox_amodal=first.bbox_visible, hidden_by={"person:2": 0.25, "bedding": 0.25},
        bbox_3d=[-1.0, -1.0, 2.0, 1.0, 1.0, 4.0], parts={"torso": first.mask},
    )  # fmt: skip
    put_map(ward, "mask_file", instance_map(ward))
    put_map(ward, "depth_file", np.full((H, W), 3000, dtype=np.uint16))
    licence = {"asset": "body", "licence": "CC0-1.0", "source": "us"}
    config = {"light.light": {"day": 1.0, "night": 0.0}, "labels.depth": False}
    put_info(ward, licences=[licence], attributes={"light": ["day", "night"]}, config=config)
    assert doctor(capsys, ward, "--strict")[::2] == (0, {})


def test_a_part_of_the_classes_may_hide_who_was_left_out(capsys, tmp_path):
    """A bed hidden by a person stays so when only beds are kept."""
    ward = make_dataset(tmp_path / "ward", count=2, hidden_by={"person:2": 0.5})
    put_raw(ward, {"person:1": 0.5}, "instances", -1, "hidden_by")
    trainer(capsys, "convert", ward, "--to", "wardsynth", "--classes", "bed", "--out", tmp_path / "beds")
    assert doctor(capsys, tmp_path / "beds")[2] == {}


def test_data_of_which_nothing_is_usable_is_reported_not_refused(capsys, tmp_path):
    Image.new("RGB", (40, 30)).save(tmp_path / "a.jpg")
    (tmp_path / "labels.txt").write_text("a.jpg 1,2,3\n")
    code, _, found = doctor(capsys, tmp_path / "labels.txt")
    assert (code, set(found)) == (1, {"labels.malformed", "balance.no_boxes"})
    assert "'1,2,3'" in found["labels.malformed"]["examples"][0]
    coco = {"images": [{"id": 1, "file_name": "b.jpg"}], "annotations": [], "categories": []}
    (tmp_path / "coco.json").write_text(json.dumps(coco))
    assert set(doctor(capsys, tmp_path / "coco.json")[2]) == {"files.missing_image", "balance.no_boxes"}


def test_file_names_of_any_bytes_are_one_line(capsys, ward):
    for name in (b"\xff\xfe.jpg", b"a\nb.jpg"):
        Image.new("RGB", (40, 30)).save(os.fsencode(ward / "images") + b"/" + name, "JPEG")
    code, out, err = trainer(capsys, "doctor", ward, "--strict", "--html", ward / "card.html")
    assert (code, one_line(err)) == (1, True)
    assert r"\udcff\udcfe.jpg" in out
    assert "a b.jpg" in out


def test_links_in_a_circle_and_endless_names_are_one_line(capsys, ward, tmp_path):
    (tmp_path / "circle").symlink_to("circle")
    (ward / "images" / "000000.jpg").unlink()
    (ward / "images" / "000000.jpg").symlink_to("000000.jpg")
    put_raw(ward, "images/" + "x" * 5000, "file")
    put(make_dataset(tmp_path / "looped", count=2), depth_file="circle")
    (tmp_path / "looped" / "circle").symlink_to("circle")
    assert "files.missing_image" in doctor(capsys, ward)[2]
    assert set(doctor(capsys, tmp_path / "looped")[2]) == {"files.missing_map"}
    for out in (tmp_path / "circle", "x" * 5000):
        for command in (["doctor", "--show", 1], ["convert", "--to", "coco"]):
            code, _, err = trainer(capsys, *command, ward, "--out", out)
            assert (code, one_line(err)) == (2, True)
        assert trainer(capsys, "doctor", out)[0] == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{ward}[3:2]"], "no images; "),
        (["{ward}[9:]"], "no images; "),
        (["{ward}", "--classes", ","], "a name is empty"),
        (["{ward}", "--classes", "person,person"], "a name is repeated"),
    ],
)
@pytest.mark.parametrize("command", [["doctor"], ["convert", "--to", "yolo", "--out", "{new}"]])
def test_slices_and_classes_that_mean_nothing_are_wrong_use(capsys, ward, tmp_path, command, arguments, message):
    places = {"ward": ward, "new": tmp_path / "new"}
    code, out, err = trainer(capsys, *(word.format(**places) for word in (*command, *arguments)))
    assert (code, out) == (2, "")
    assert message in err
    assert one_line(err)
