"""CVAT's own XML: every shape, groups, attributes, files as exports of tasks, projects and videos lay them out."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_format import masks
from shared_format.errors import FormatError
from trainer.curve.subsets import write_subset
from trainer.errors import TrainerError
from trainer.examples.readers import read_data, read_labels, recognise
from trainer.formats import polygons
from trainer.formats.cvat_shapes import PixelRuns, draw_runs
from trainer.formats.skeletons import COCO_SKELETON, Skeleton

from . import cvat_export as cvat
from .commands import one_line, trainer
from .refusals import names, refusal

SQUARE = [(10, 5), (30, 5), (30, 40), (10, 40)]


def objects(folder, **reading):
    """The instances of every image."""
    return [i for image in read_labels(str(folder), masks=True, **reading).images for i in image.frame.instances]


def test_boxes_with_their_attributes(tmp_path):
    posture = {"posture": "lying", "mask": "true", "note": "  "}
    shapes = [
        cvat.box("person", 10, 5, 30.5, 40, attributes=posture),
        cvat.box("bed", 0, 0, 64, 48, occluded=1, attributes={"occluded": "by a rail"}),
    ]
    export = cvat.write(tmp_path, {"a.jpg": shapes, "b.jpg": []})
    labels = read_labels(str(export))
    assert (labels.kind, labels.category_names, len(labels.images)) == ("cvat", ("person", "bed"), 2)
    assert labels.info.attributes == {"posture": ["standing", "sitting", "lying", "fallen"]}
    person, bed = labels.images[0].frame.instances
    assert (person.category, person.bbox_covered) == ("person", [10, 5, 20.5, 35])
    assert person.attributes == {"posture": "lying", "mask": True, "occluded": False}
    assert bed.attributes == {"occluded": "by a rail"}
    assert labels.images[1].frame.instances == ()
    for data in (export, export / "annotations.xml"):
        assert recognise(data) == "cvat"


def test_shapes_of_other_kinds_have_the_box_and_the_mask_they_enclose(tmp_path):
    runs = "2, 3, 1"  # of 3 x 2 pixels: 0 0 1 / 1 1 0
    shapes = [
        cvat.points("polygon", "person", SQUARE),
        cvat.shape("mask", "person", rle=runs, left=60, top=46, width=3, height=2),
        cvat.shape("ellipse", "person", cx=30, cy=20, rx=12, ry=6, rotation=90),
    ]
    polygon, mask, ellipse = objects(cvat.write(tmp_path, {"a.jpg": shapes}))
    assert polygon.bbox_covered == [10, 5, 20, 35]
    assert masks.area(polygon.mask) == 20 * 35
    assert mask.bbox_covered == [60, 46, 3, 2]
    drawn = np.zeros((48, 64), bool)
    drawn[46, 62] = drawn[47, 60] = drawn[47, 61] = True
    assert (masks.decode(mask.mask) == drawn).all()
    np.testing.assert_allclose(ellipse.bbox_covered, [24, 8, 12, 24], atol=1e-9)
    y, x = np.mgrid[:48, :64] + 0.5
    inside = ((x - 30) / 6) ** 2 + ((y - 20) / 12) ** 2 <= 1
    assert (masks.decode(ellipse.mask) != inside).sum() < 0.03 * inside.sum()  # pixels on the edge


def test_masks_are_drawn_only_where_they_are_wanted(tmp_path):
    broken = cvat.shape("mask", "person", rle="2, 9", left=1, top=2, width=3, height=2)
    export = cvat.write(tmp_path, {"a.jpg": [broken]})
    assert read_labels(str(export)).images[0].frame.instances[0].mask is None
    assert len(read_data(str(export)).examples[0].annotations.boxes) == 1


def test_a_rotated_box_is_read_as_the_upright_one_around_it(tmp_path, capfd):
    export = cvat.write(tmp_path, {"a.jpg": [cvat.box("person", 20, 10, 40, 20, rotation=angle) for angle in (90, 30)]})
    quarter, some = objects(export)
    np.testing.assert_allclose(quarter.bbox_covered, [25, 5, 10, 20], atol=1e-9)
    corners = cv2.boxPoints(((30, 15), (20, 10), 30))
    x, y, w, h = some.bbox_covered
    np.testing.assert_allclose([x, y, x + w, y + h], [*corners.min(axis=0), *corners.max(axis=0)], atol=1e-4)
    said = capfd.readouterr().err
    assert one_line(said)
    assert names(said, "a.jpg")


def test_a_skeleton_has_its_points_in_the_order_of_the_labels(tmp_path):
    rows = {"right_eye": (30, 12, 2), "nose": (20, 22, 1), "left_eye": (0, 0, 0)}
    export = cvat.write(tmp_path, {"a.jpg": [cvat.skeleton("body", rows)]}, cvat.LABELS + cvat.SKELETON_LABELS)
    labels = read_labels(str(export))
    assert labels.skeleton == Skeleton(cvat.JOINTS, (0, 2, 1))
    assert labels.category_names == ("person", "bed", "body")
    (body,) = labels.images[0].frame.instances
    assert body.keypoints == [[20, 22, 1], [0, 0, 0], [30, 12, 2]]
    assert body.bbox_covered == [20, 12, 10, 10]


def test_seventeen_points_are_those_of_coco(tmp_path):
    rows = [(2 + 3 * number, 10 + number) for number in range(17)]
    labels = read_labels(str(cvat.write(tmp_path, {"a.jpg": [cvat.points("points", "person", rows)]})))
    assert labels.skeleton == COCO_SKELETON
    (person,) = labels.images[0].frame.instances
    assert person.keypoints == [[x, y, 2] for x, y in rows]


def test_other_points_than_most_are_left_out_and_said(tmp_path, capfd):
    most = [cvat.points("points", "person", SQUARE[:3], group_id=0) for _ in range(2)]
    export = cvat.write(tmp_path, {"a.jpg": [*most, cvat.points("points", "person", SQUARE)]})
    assert [len(one.keypoints or ()) for one in objects(export)] == [3, 3, 0]
    assert names(capfd.readouterr().err, "4")


def test_a_group_of_one_label_is_one_object(tmp_path):
    rows = {name: (12 + place, 20, 2) for place, name in enumerate(cvat.JOINTS)}
    shapes = [
        cvat.skeleton("person", rows, group_id=3),
        cvat.points("polygon", "person", SQUARE, group_id=3, attributes={"posture": "lying"}),
        cvat.points("polygon", "person", [(40, 5), (50, 5), (50, 15)], group_id=3),
        cvat.box("person", 8, 4, 52, 44, group_id=3, attributes={"posture": "sitting"}),
        cvat.box("bed", 0, 0, 60, 47, group_id=3),
        cvat.box("person", 1, 1, 5, 5, group_id=4),
        cvat.box("person", 1, 30, 5, 35, group_id=4),  # a group of two people
    ]
    whole, bed, *others = objects(cvat.write(tmp_path, {"a.jpg": shapes}))
    assert (whole.category, whole.bbox_covered, whole.attributes["posture"]) == ("person", [8, 4, 44, 40], "sitting")
    drawn = polygons.fill([[side for point in SQUARE for side in point], [40, 5, 50, 5, 50, 15]], 64, 48)
    assert (masks.decode(whole.mask) == drawn).all()
    assert whole.keypoints == [[12, 20, 2], [13, 20, 2], [14, 20, 2]]
    assert (bed.category, [one.bbox_covered for one in others]) == ("bed", [[1, 1, 4, 4], [1, 30, 4, 5]])


@pytest.mark.parametrize("name", ["difficult", "is_crowd"])
def test_a_checkbox_marks_what_is_ignored(tmp_path, name):
    shapes = [cvat.box("person", 1, 1, 9, 9, attributes={name: value}) for value in ("true", "false")]
    assert [one.ignore for one in objects(cvat.write(tmp_path, {"a.jpg": shapes}))] == [True, False]


def test_what_has_no_box_is_left_out_and_said_once(tmp_path, capfd):
    without = [
        '<tag label="night" source="manual"></tag>',
        cvat.points("polyline", "person", SQUARE),
        cvat.points("points", "person", SQUARE[:1]),
        cvat.shape("cuboid", "person", xtl1=1, ytl1=1),
    ]
    export = cvat.write(tmp_path, {"a.jpg": [*without, cvat.box("person", 1, 1, 9, 9)]})
    assert len(objects(export)) == 1
    said = capfd.readouterr().err
    assert one_line(said)
    assert names(said, "3")  # more of the kind


def test_a_project_has_subsets_and_repeated_ids(tmp_path):
    held = {
        name: ([cvat.box("person", 1, 1, 20, 20)], {"id": 0, "subset": subset, "task_id": task})
        for task, (name, subset) in enumerate({"a.jpg": "Train", "b.jpg": "Validation", "sub/a.jpg": "Extra"}.items())
    }
    export = cvat.write(tmp_path, held, meta="project")
    labels = read_labels(str(export))
    assert dict(labels.split_counts()) == {"train": 1, "val": 1}
    assert [image.frame.index for image in labels.images] == [1, 2, 3]
    assert [image.frame.file for image in labels.images] == ["images/a.jpg", "images/b.jpg", "images/sub/a.jpg"]
    assert len(read_data(f"{export}:val").examples) == 1


def test_frames_of_a_video_have_names_without_a_suffix(tmp_path):
    held = {f"frame_{number:06d}": [cvat.box("person", 1, 1, 20, 20)] for number in range(2)}
    labels = read_labels(str(cvat.write(tmp_path, held, suffix=".png")))
    assert [image.frame.file for image in labels.images] == ["images/frame_000000.png", "images/frame_000001.png"]


def test_the_file_may_lie_in_a_folder_of_annotations(tmp_path):
    export = cvat.write(tmp_path, {"a.jpg": [cvat.box("person", 1, 1, 20, 20)]})
    (export / "annotations").mkdir()
    (export / "annotations.xml").rename(export / "annotations" / "annotations.xml")
    for data in (export, export / "annotations" / "annotations.xml"):
        labels = read_labels(str(data))
        assert (labels.kind, labels.images[0].image.name) == ("cvat", "a.jpg")


def test_one_export_per_split(tmp_path):
    for split in ("train", "valid"):
        cvat.write(tmp_path / split, {f"{split}.jpg": [cvat.box("person", 1, 1, 20, 20)]})
    assert dict(read_labels(str(tmp_path)).split_counts()) == {"train": 1, "val": 1}


@pytest.mark.parametrize(
    ("shapes", "named"),
    [
        ([cvat.box("person", 30, 5, 10, 40)], "30.0"),
        ([cvat.box("person", "nan", 5, 10, 40)], "nan"),
        ([cvat.box("person", 1e9, 5, 2e9, 40)], "1000000000.0"),
        ([cvat.box("persom", 1, 5, 10, 40)], "persom"),
        ([cvat.shape("box", "person", xtl=1)], "ytl"),
        ([cvat.box("", 1, 5, 10, 40)], "label"),
        ([cvat.points("polygon", "person", SQUARE[:2])], "2"),
        ([cvat.shape("polygon", "person", points="1,2;3")], "1,2;3"),
        ([cvat.shape("polygon", "person", points="")], "points"),
        ([cvat.shape("mask", "person", rle="1,x", left=1, top=1, width=2, height=2)], "1,x"),
        ([cvat.shape("mask", "person", rle="4", left=1, top=1, width=2**20, height=2**20)], 2**20),
        ([cvat.shape("mask", "person", rle="4", left=1.5, top=1, width=2, height=2)], "1.5"),
        ([cvat.shape("skeleton", "person", cvat.points("points", "nose", SQUARE))], "nose"),
    ],
)
def test_an_impossible_shape_is_refused_by_its_image(tmp_path, shapes, named):
    export = cvat.write(tmp_path, {"a.jpg": shapes})
    with refusal(FormatError, "a.jpg", named):
        read_labels(str(export))


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("<annotations><version>1.1</version></annotations>", "images"),
        ('<annotations><track id="0" label="person"/></annotations>', "CVAT for video"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><annotations><image/></annotations>', "DOCTYPE"),
        ("<annotations><image", "XML"),
        ('<annotations><image id="0" width="4" height="4"/></annotations>', "''"),
        ('<annotations><image id="0" name="../a.jpg" width="4" height="4"/></annotations>', "../a.jpg"),
        ('<annotations><image id="0" name="b.jpg" width="4" height="4"/></annotations>', "b.jpg"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line(tmp_path, capsys, content, named):
    (tmp_path / "annotations.xml").write_text(content)
    for data in (tmp_path, tmp_path / "annotations.xml"):
        code, out, err = trainer(capsys, "convert", data, "--to", "coco", "--out", tmp_path / "out")
        assert (code, out) == (2, "")
        assert one_line(err)
        assert named in err
        assert not (tmp_path / "out").exists()


def test_two_files_of_one_folder_have_to_be_named(tmp_path):
    for name in ("one", "two"):
        cvat.write(tmp_path, {f"{name}.jpg": [cvat.box("person", 1, 1, 9, 9)]})
        (tmp_path / "annotations.xml").rename(tmp_path / f"{name}.xml")
    with refusal(FormatError, "one.xml", "two.xml"):
        read_labels(str(tmp_path))
    assert len(read_labels(str(tmp_path / "two.xml")).images) == 1


def test_another_xml_is_no_data(tmp_path):
    (tmp_path / "a.xml").write_text("<html/>")
    with pytest.raises(TrainerError):
        recognise(tmp_path / "a.xml")


@given(st.data())
def test_runs_are_drawn_where_they_are_and_cut_off_at_the_edges(data):
    width, height = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    left, top = data.draw(st.integers(-8, 12)), data.draw(st.integers(-8, 10))
    bits = data.draw(st.lists(st.booleans(), min_size=width * height, max_size=width * height))
    runs, last = [0], False
    for bit in bits:
        if bit != last:
            runs.append(0)
        runs[-1] += 1
        last = bit
    drawn = draw_runs(PixelRuns(left, top, width, height, tuple(runs)), 9, 7)
    expected = np.zeros((7, 9), bool)
    for place, bit in enumerate(bits):
        x, y = left + place % width, top + place // width
        if 0 <= x < 9 and 0 <= y < 7:
            expected[y, x] = bit
    assert (drawn == expected).all()


@pytest.mark.parametrize("kind", ["coco", "wardsynth", "voc"])
def test_attributes_choose_classes_in_every_format_it_is_converted_to(tmp_path, capsys, kind):
    postures = ("lying", "fallen", "lying", "standing")
    held = {
        f"{number}.jpg": [cvat.box("person", 3, 4, 30, 40, attributes={"posture": posture})]
        for number, posture in enumerate(postures)
    }
    export = cvat.write(tmp_path / "export", held)
    assert trainer(capsys, "convert", export, "--to", kind, "--out", tmp_path / "out")[0] == 0
    for data in (export, tmp_path / "out"):
        words = ("--class-by", "posture", "--classes", "lying,fallen", "--json")
        report = json.loads(trainer(capsys, "doctor", data, *words)[1])
        assert report["classes"] == {"lying": 2, "fallen": 1}


def test_classes_are_in_the_order_of_the_labels_own_values(tmp_path, capsys):
    held = {
        f"{number}.jpg": [cvat.box("person", 3, 4, 30, 40, attributes={"posture": posture})]
        for number, posture in enumerate(("fallen", "lying", "standing"))
    }
    export = cvat.write(tmp_path / "export", held)
    words = ("--class-by", "posture", "--to", "yolo", "--out", tmp_path / "yolo", "--json")
    assert json.loads(trainer(capsys, "convert", export, *words)[1])["classes"] == ["standing", "lying", "fallen"]


def test_split_and_merge_write_coco(tmp_path, capsys):
    rows = {name: (12 + place, 20 + place, 2) for place, name in enumerate(cvat.JOINTS)}
    held = {f"{number}.jpg": [cvat.skeleton("body", rows)] for number in range(2)}
    export = cvat.write(tmp_path / "export", held, cvat.SKELETON_LABELS)
    words = ("--ratio", "1,1", "--out", tmp_path / "sides", "--json")
    assert json.loads(trainer(capsys, "split", export, *words)[1])["format"] == "coco"
    sides = (tmp_path / "sides" / "train", tmp_path / "sides" / "val")
    code, out, _ = trainer(capsys, "merge", *sides, "--to", "yolo", "--out", tmp_path / "all", "--json")
    assert (code, json.loads(out)["boxes"]) == (0, 2)
    assert read_labels(str(sides[0])).skeleton == Skeleton(cvat.JOINTS, (0, 2, 1))


def test_a_part_of_it_for_a_curve_is_written_as_coco(tmp_path):
    held = {f"{number}.jpg": [cvat.box("person", 3, 4, 30, 40)] for number in range(3)}
    labels = read_labels(str(cvat.write(tmp_path / "export", held)))
    write_subset(tmp_path / "part", labels, np.array([2, 0]), ("person",), "covered")
    part = read_labels(str(tmp_path / "part"))
    assert (part.kind, [image.frame.index for image in part.images]) == ("coco", [0, 2])


def test_the_doctor_warns_of_what_is_left_out(tmp_path, capsys):
    shapes = [cvat.points("polyline", "person", SQUARE), cvat.box("person", 5, 5, 40, 40, rotation=20)]
    export = cvat.write(tmp_path, {"a.jpg": shapes})
    report = json.loads(trainer(capsys, "doctor", export, "--json")[1])
    found = {one["id"]: (one["severity"], one["count"]) for one in report["findings"]}
    assert found["labels.shape_without_box"] == found["labels.rotated_box"] == ("warning", 1)
