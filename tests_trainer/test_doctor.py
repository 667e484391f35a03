"""`trainer doctor`: each fault is found by its id, clean data is clean, and nothing is changed."""

from __future__ import annotations

import hashlib
import itertools
import json
import random
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from blender_addon.draw import config as draw_settings
from blender_addon.draw.config import vocabularies
from shared_format import atomic, dataset
from shared_format.record import Instance, frame_to_json
from trainer.doctor.attribute_fractions import are_weights, attribute_fractions
from trainer.doctor.findings import RULES
from trainer.doctor.statistics import Statistics
from trainer.formats.label_set import converted_frame

from .commands import one_line, trainer
from .conftest import make_dataset
from .doctor_runs import change, doctor


def digests(folder):
    return {path: hashlib.sha256(path.read_bytes()).digest() for path in folder.rglob("*") if path.is_file()}


def test_clean_data_is_clean_in_every_format(capsys, ward, tmp_path):
    for kind in ("wardsynth", "coco", "yolo", "voc", "keras-yolo3"):
        trainer(capsys, "convert", ward, "--to", kind, "--out", tmp_path / kind)
        before = digests(tmp_path / kind)
        code, report, found = doctor(capsys, tmp_path / kind, "--strict")
        assert (code, found) == (0, {})
        assert (report["schema_version"], report["kind"], report["ok"]) == (1, kind, True)
        assert report["pictures"] == 6
        assert report["classes"]["bed"] == 6
        assert digests(tmp_path / kind) == before
    trainer(capsys, "doctor", ward, "--html", tmp_path / "card.html")
    assert "<h2>Findings</h2>\n<p>None.</p>" in (tmp_path / "card.html").read_text()


def keypoints(x, y, v):
    return [[float(x), float(y), v]] * 17


FAULTS = {
    "files.unreadable_record": lambda d: dataset.frame_path(d, 2).write_text("{"),
    "files.missing_image": lambda d: (d / "images" / "000002.jpg").unlink(),
    "files.corrupt_image": lambda d: (d / "images" / "000002.jpg").write_bytes(b"\xff\xd8 no"),
    "files.size_mismatch": lambda d: Image.new("RGB", (50, 40)).save(d / "images" / "000002.jpg"),
    "files.unlabelled_image": lambda d: Image.new("RGB", (50, 40)).save(d / "images" / "more.png"),
    "files.leftover": lambda d: (d / "frames" / ".part-000009.json").touch(),
    "files.unreadable_record of a box of three": lambda d: change(d, bbox_visible=[1, 2, 3]),
    "labels.unknown_class": lambda d: change(d, category="cat"),
    "labels.missing_box": lambda d: change(d, bbox_covered=None, attributes={"cover": "thick"}),
    "labels.degenerate_box": lambda d: change(d, bbox_covered=[5.0, 5.0, 20.0, 0.5]),
    "labels.coords_out_of_range": lambda d: change(d, bbox_covered=[-9.0, 5.0, 20.0, 20.0]),
    "labels.tiny_object": lambda d: change(d, bbox_covered=[5.0, 5.0, 1.5, 1.5]),
    "labels.mask": lambda d: change(d, mask={"size": [80, 96], "counts": "5"}),
    "labels.box_not_mask_extent": lambda d: change(d, bbox_visible=[0.0, 0.0, 50.0, 50.0]),
    "labels.box_not_nested": lambda d: change(d, bbox_amodal=[0.0, 0.0, 2.0, 2.0]),
    "labels.fraction_out_of_range": lambda d: change(d, visible_fraction=1.5),
    "labels.keypoint_malformed": lambda d: change(d, keypoints=keypoints(5, 5, 7)),
    "labels.keypoint_off_image": lambda d: change(d, keypoints=keypoints(500, 5, 1)),
    "labels.keypoint_off_mask": lambda d: change(d, keypoints=keypoints(95, 79, 2)),
    "leakage.duplicate_picture": lambda d: shutil.copy(d / "images" / "000002.jpg", d / "images" / "000003.jpg"),
}


@pytest.mark.parametrize("rule", FAULTS)
def test_a_planted_fault_is_found_by_its_id(capsys, tmp_path, rule):
    ward = make_dataset(tmp_path / "ward", seed=3)
    FAULTS[rule](ward)
    rule = rule.split(" ")[0]
    code, report, found = doctor(capsys, ward)
    assert set(found) == {rule}
    finding = found[rule]
    assert (finding["severity"], finding["meaning"]) == (RULES[rule].severity, RULES[rule].meaning)
    assert finding["count"] >= len(finding["examples"]) >= 1
    assert all("\n" not in example for example in finding["examples"])
    assert code == (1 if finding["severity"] == "error" else 0)
    assert report["ok"] is (code == 0)
    assert trainer(capsys, "doctor", ward, "--strict")[0] == 1


def test_every_finding_is_in_the_guide():
    guide = (Path(__file__).parents[1] / "docs" / "data.md").read_text()
    assert [rule for rule in RULES if f"`{rule}`" not in guide] == []


def test_duplicate_boxes(capsys, ward):
    path = dataset.frame_path(ward, 0)
    frame = dataset.read_frame(path)
    twin = replace(frame.instances[0], id=9)
    atomic.write_json(path, frame_to_json(replace(frame, instances=(*frame.instances, twin))))
    assert doctor(capsys, ward)[2]["labels.duplicate_box"]["count"] == 1


def test_balance(capsys, tmp_path):
    ward = make_dataset(tmp_path / "ward", count=4, people=(0, 1))
    assert doctor(capsys, ward)[2]["balance.class"]["examples"] == ["person: 0 boxes, bed: 4"]
    info = dataset.read_info(ward)
    config = {"light.light": {"day": 0.2, "night": 0.8}, "people.count": [1, 2]}
    dataset.write_info(ward, replace(info, config=config, categories=info.categories[1:]))
    code, _, found = doctor(capsys, ward)
    assert code == 0
    assert set(found) == {"balance.attribute_share"}
    assert found["balance.attribute_share"]["examples"][0] == "light.light day: requested 20%, actual 100% of 4"


def test_shares_of_a_role_and_of_colour_images_are_counted_among_these_alone():
    statistics = Statistics()
    for sensor, ceiling in (("rgb", "high"), ("rgb", "low"), ("infrared", "off")):
        statistics.of_sensor[sensor]["ceiling"][ceiling] += 1
    for role, mask, count in (("staff", "surgical-mask", 3), ("staff", "none", 1), ("visitor", "none", 9)):
        statistics.person_attributes[role]["face_mask"][mask] += count
        statistics.person_attributes[role]["role"][role] += count
    config = {
        "light.ceiling": {"off": 0, "low": 1, "high": 1},
        "people.face_mask_staff": {"none": 1, "surgical-mask": 3},
        "people.role": {"staff": 1, "visitor": 1},
    }
    found = {share.key: share for share in attribute_fractions(config, statistics)}
    assert {key: not share.is_binding for key, share in found.items()} == {
        "light.ceiling": False,
        "people.face_mask_staff": False,
        "people.role": True,
    }
    assert found["light.ceiling"].occurrences == {"high": 1, "low": 1}
    assert found["people.face_mask_staff"].actual("surgical-mask") == 0.75


def test_shares_are_counted_among_those_who_take_part():
    """Staff are adults by design."""
    statistics = Statistics()
    for role, age in [("patient", "old"), ("staff", "adult"), ("staff", "adult"), ("visitor", "adult")]:
        person = Instance(1, "person", {"role": role, "age_group": age})
        statistics.add(converted_frame(1, "images/1.jpg", (96, 80), [person]), [])
    (age,) = attribute_fractions({"people.age_group": {"adult": 0.5, "old": 0.5}}, statistics)
    assert (age.total, age.actual("old")) == (2, 0.5)


def test_every_share_of_the_generator_that_its_records_name_is_found():
    words, config = {name: values[0] for name, values in vocabularies().items()}, draw_settings.resolve()
    of_images = (
        "people",
        "room",
        "sensor",
        *(key.partition(".")[2] for key in config if key.startswith(("light.", "camera.", "sensor."))),
    )
    image = {name: value for name, value in words.items() if name in of_images}
    statistics = Statistics()
    for role, sex in itertools.product(("patient", "staff", "visitor"), ("female", "male")):
        person = {name: value for name, value in words.items() if name not in of_images}
        person = Instance(1, "person", {**person, "role": role, "sex": sex})
        statistics.add(converted_frame(1, "images/1.jpg", (96, 80), [person], image), [])
    elsewhere = {key for key in config if key.startswith(("people.outfit_", "objects.", "studio."))}
    elsewhere |= {"camera.aim", "people.hands"}  # of which records say nothing
    wanted = {key for key, value in config.items() if are_weights(value)}
    assert {share.key for share in attribute_fractions(config, statistics)} == wanted - elsewhere


def test_posture_hair_and_headwear_of_a_dataset_are_on_the_card_and_not_held_against_it():
    statistics = Statistics()
    for role, sex, posture, hair in (("patient", "female", "supine", "bun"), ("staff", "male", "standing", "bald")):
        person = Instance(1, "person", {"role": role, "sex": sex, "posture": posture, "hair": hair})
        statistics.add(converted_frame(1, "images/1.jpg", (96, 80), [person]), [])
    config = {
        "people.patient_posture": {"supine": 1, "prone": 3},
        "people.staff_posture": {"standing": 1},
        "people.hair_female": {"bun": 1},
        "people.hair_male": {"bald": 1, "bun": 1},
    }
    found = {share.key: share for share in attribute_fractions(config, statistics)}
    assert set(found) == set(config)
    assert all(not share.is_binding for share in found.values())
    assert found["people.patient_posture"].occurrences == {"supine": 1}
    assert found["people.hair_male"].occurrences == {"bald": 1}


def test_no_boxes_at_all(capsys, tmp_path):
    Image.new("RGB", (40, 30)).save(tmp_path / "a.jpg")
    (tmp_path / "labels.txt").write_text("a.jpg\n")
    code, _, found = doctor(capsys, tmp_path / "labels.txt")
    assert (code, set(found)) == (1, {"balance.no_boxes"})


def test_leakage_between_two_sets_and_between_splits(capsys, ward, tmp_path):
    other = make_dataset(tmp_path / "other", count=3, seed=9)
    assert doctor(capsys, ward, "--against", other)[0] == 0
    shutil.copy(ward / "images" / "000002.jpg", other / "images" / "000001.jpg")
    code, _, found = doctor(capsys, ward, "--against", other)
    assert (code, found["leakage.duplicate_picture"]["count"]) == (1, 1)
    assert doctor(capsys, f"{ward}[:2]", "--against", f"{ward}[2:]")[0] == 0
    trainer(capsys, "convert", ward, "--to", "yolo", "--out", tmp_path / "yolo")
    (tmp_path / "yolo" / "images" / "val").mkdir()
    shutil.copy(tmp_path / "yolo" / "images" / "train" / "000001.jpg", tmp_path / "yolo" / "images" / "val" / "9.jpg")
    (tmp_path / "yolo" / "data.yaml").write_text("train: images/train\nval: images/val\nnames: [person, bed]\n")
    (example,) = doctor(capsys, tmp_path / "yolo")[2]["leakage.duplicate_picture"]["examples"]
    assert {"train", "val"} <= set(re.findall(r"\w+", example))


def test_notes_of_the_readers_are_findings(capsys, ward, tmp_path):
    trainer(capsys, "convert", ward, "--to", "yolo", "--out", tmp_path / "yolo")
    label = tmp_path / "yolo" / "labels" / "train" / "000001.txt"
    label.write_text("0 0.5 0.5 0.1\n7 0.5 0.5 0.1 0.1\n0 1.4 0.5 0.3 0.3\n0 0.5 0.5 0 0.2\n")
    code, _, found = doctor(capsys, tmp_path / "yolo")
    assert code == 1
    assert set(found) == {
        "labels.malformed",
        "labels.unknown_class",
        "labels.coords_out_of_range",
        "labels.degenerate_box",
    }


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["{empty}"], 3, "neither dataset.json"),
        (["{empty}/nowhere"], 3, "no such file or folder"),
        (["{ward}/images/000000.jpg"], 3, "not recognised"),
        (["{broken}"], 3, "cannot be read as JSON"),
        (["{ward}", "--show", "3"], 2, "--show N or --augment N"),
        (["{ward}", "--show", "0", "--out", "{empty}"], 2, "not in the range"),
        (["{ward}", "--against", "{empty}"], 2, "neither dataset.json"),
        (["{ward}", "--html", "{ward}/dataset.json/card.html"], 2, "cannot be written"),
        (["{ward}", "--show", "1", "--out", "{ward}/images"], 2, "/images: "),
        (["{ward}", "--boxes", "tight"], 2, "'tight' is not one of"),
    ],
)
def test_exit_codes(capsys, ward, tmp_path, arguments, code, message):
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.json").write_text("{")
    places = {"ward": ward, "empty": tmp_path / "empty", "broken": tmp_path / "broken.json"}
    before = digests(tmp_path)
    found, out, err = trainer(capsys, "doctor", *(argument.format(**places) for argument in arguments))
    assert (found, out) == (code, "")
    assert message in err
    assert one_line(err)
    assert digests(tmp_path) == before


def test_the_text_for_people(capsys, ward):
    (ward / "images" / "000002.jpg").unlink()
    code, out, _ = trainer(capsys, "doctor", ward)
    lines = out.splitlines()
    assert code == 1
    assert lines[0].startswith(f"{ward}: wardsynth, 6 images")
    assert lines[1].startswith("error   files.missing_image  1  ")
    assert "000002" in lines[2]
    assert lines[-1] == "1 errors, 0 warnings: not clean"


def test_the_sheet_and_the_card(capsys, tmp_path):
    points = [[20.0 + n, 30.0 + n, n % 3] for n in range(17)]
    fields = {"bbox_amodal": [0.0, 0.0, 96.0, 80.0], "visible_fraction": 0.5, "in_frame_fraction": 1.0}
    ward = make_dataset(tmp_path / "ward", keypoints=points, **fields)
    licence = {"asset": "<bodies>", "licence": "CC0-1.0", "source": "someone"}
    info = replace(dataset.read_info(ward), config={"light.light": {"day": 1.0}}, licences=(licence,))
    dataset.write_info(ward, info)
    card, sheet = tmp_path / "cards" / "card.html", tmp_path / "sheet"
    _, out, err = trainer(capsys, "doctor", ward, "--html", card, "--show", 5, "--out", sheet)
    assert [line.split(":")[0] for line in err.splitlines()] == ["card", "labels"]
    assert out.splitlines()[0].startswith(str(ward))
    with Image.open(sheet / "labels.jpg") as image:
        assert image.width > 1000
    page = card.read_text()
    assert "http" not in page
    assert page.count("data:image/") == 6  # samples, boxes, position, occlusion, key points, shares
    for text in ("6, 0 of them without boxes", "96x80", "&lt;bodies&gt;", "CC0-1.0", "day 6 (100%)"):
        assert text in page


def test_the_card_of_a_strangers_data(capsys, tmp_path):
    Image.new("RGB", (40, 30)).save(tmp_path / "a.jpg")
    (tmp_path / "labels.txt").write_text("a.jpg\n")
    trainer(capsys, "doctor", tmp_path / "labels.txt", "--html", tmp_path / "card.html")
    page = (tmp_path / "card.html").read_text()
    assert "The data states none." in page
    assert page.count("data:image/") == 1


JUNK = [None, -1, 3.5, float("nan"), "x", [], {}, [1, 2, 3], [[1, 2]], {"a": 1}, True, 10**30, "../../x"]


def places(value, path=()):
    yield path
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from places(value[key], (*path, key))


def damaged(value, generator):
    """A copy of the JSON value with one entry replaced by junk or gone."""
    value = json.loads(json.dumps(value))
    *outer, last = generator.choice([path for path in places(value) if path])
    inner = value
    for key in outer:
        inner = inner[key]
    if generator.random() < 0.2:
        del inner[last]
    else:
        inner[last] = generator.choice(JUNK)
    return value


@pytest.mark.parametrize("file", ["frames/000000.json", "dataset.json", "coco.json"])
def test_no_damage_to_a_file_is_more_than_a_finding_or_one_line(capsys, tmp_path, file):
    points = [[20.0 + n, 30.0 + n, 2] for n in range(17)]
    ward = make_dataset(tmp_path / "ward", count=1, bbox_amodal=[0.0, 0.0, 96.0, 80.0], keypoints=points)
    trainer(capsys, "convert", ward, "--to", "coco", "--out", tmp_path / "coco")
    data = tmp_path / "coco" if file == "coco.json" else ward
    sound = json.loads((data / file).read_text())
    generator = random.Random(5)
    for _ in range(60):
        (data / file).write_text(json.dumps(damaged(sound, generator)))
        code, out, err = trainer(capsys, "doctor", data)
        assert (code in (0, 1) and out and not err) or (code == 3 and one_line(err))
        for kind in ("wardsynth", "voc", "yolo"):
            code, _, err = trainer(capsys, "convert", data, "--to", kind, "--out", tmp_path / "out")
            assert code == 0 or (code == 2 and one_line(err))
            shutil.rmtree(tmp_path / "out", ignore_errors=True)
