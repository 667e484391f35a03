"""Key points and masks in files: which the data has, what a mirrored image makes of them, what each format holds."""

from __future__ import annotations

import json
import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from yaml import safe_load

from shared_format import boxes, masks
from shared_format.errors import FormatError
from shared_format.keypoints import LIMBS, NAMES
from trainer.examples.readers import read_labels
from trainer.formats import data_yaml, polygons
from trainer.formats.skeletons import COCO_SKELETON, Skeleton, mirrored_by_name, named_skeleton

from .commands import one_line, trainer
from .conftest import make_dataset
from .refusals import names

W, H = 64, 48
NUMBERS = [0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15]  # flip_idx of Ultralytics' coco-pose.yaml


def test_the_skeleton_of_coco():
    assert COCO_SKELETON.names == NAMES
    assert list(COCO_SKELETON.mirrored) == NUMBERS
    assert {tuple(COCO_SKELETON.names[end] for end in edge) for edge in COCO_SKELETON.edges} == set(LIMBS)


@pytest.mark.parametrize(
    ("names", "mirrored", "edges"),
    [
        ((), (), ()),
        (("a", "a"), (0, 1), ()),
        (("a", "b"), (0, 0), ()),
        (("a", "b"), (0,), ()),
        (("a", "b", "c"), (1, 2, 0), ()),
        (("a", "b"), (1, 0), ((0, 2),)),
    ],
)
def test_a_skeleton_that_contradicts_itself_is_refused(names, mirrored, edges):
    with pytest.raises(FormatError):
        Skeleton(names, mirrored, edges)


@pytest.mark.parametrize(
    ("names", "mirrored"),
    [
        ("nose left_eye right_eye", (0, 2, 1)),
        ("LeftFoot head RightFoot", (2, 1, 0)),
        ("L-hand R-hand bright tail", (1, 0, 2, 3)),
        ("hand_l hand_r elbow", (1, 0, 2)),
        ("left_only nose", (0, 1)),
    ],
)
def test_names_say_which_points_change_places(names, mirrored):
    assert mirrored_by_name(names.split()) == mirrored


@given(st.lists(st.text("lefrightx_", min_size=1, max_size=12), min_size=1, max_size=9, unique=True))
def test_mirroring_twice_changes_nothing_whatever_the_names(names):
    skeleton = named_skeleton(names)
    assert [skeleton.mirrored[place] for place in skeleton.mirrored] == list(range(len(names)))


def test_rows_are_matched_by_name():
    ours = Skeleton(("right_knee", "nose"), (0, 1))
    assert ours.fits_in(COCO_SKELETON)
    rows = ours.rows_for(COCO_SKELETON, [[1.0, 2.0, 2], [3.0, 4.0, 1]])
    assert rows[NAMES.index("right_knee")] == [1.0, 2.0, 2]
    assert rows[0] == [3.0, 4.0, 1]
    assert sum(v > 0 for _, _, v in rows) == 2
    assert not COCO_SKELETON.fits_in(ours)


def photo(path):
    """A grey image."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (W, H), (90, 90, 90)).save(path)


def yaml(folder, rest, line="0 0.5 0.5 0.5 0.5 0.4 0.5 2 0.5 0.25 1 0 0 0\n"):
    """A YOLO folder of one image with a label of three key points, and a data.yaml that ends in ``rest``."""
    photo(folder / "images" / "1.jpg")
    (folder / "labels").mkdir()
    (folder / "labels" / "1.txt").write_text(line)
    (folder / "data.yaml").write_text(f"train: images\nnames: [person]\n{rest}\n")
    return str(folder)


def test_the_skeleton_of_a_data_yaml(tmp_path):
    labels = read_labels(yaml(tmp_path, "kpt_shape: [3, 3]\nflip_idx: [0, 2, 1]\n"))
    assert labels.skeleton == Skeleton(("0", "1", "2"), (0, 2, 1))
    (person,) = labels.images[0].frame.instances
    assert person.keypoints == [[pytest.approx(0.4 * W), H / 2, 2], [W / 2, H / 4, 1], [0, 0, 0]]


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("kpt_shape: [17, 3]", COCO_SKELETON),
        (f"kpt_shape: [17, 2]\nflip_idx: {NUMBERS}", COCO_SKELETON),
        (f"kpt_shape: [17, 3]\nkpt_names:\n  0: [{', '.join(NAMES)}]", COCO_SKELETON),
        ("kpt_shape: [2, 3]\nkpt_names: {0: [left, right], 1: [left, right]}", Skeleton(("left", "right"), (1, 0))),
        ("kpt_shape: [2, 3]\nkpt_names: [a, b]\nflip_idx: [1, 0]", Skeleton(("a", "b"), (1, 0))),
        ("kpt_shape: [2, 3]\nkpt_names: {0: [a, b], 1: [c, d]}", Skeleton(("0", "1"), (0, 1))),
        ("", None),
    ],
)
def test_a_data_yaml_describes_its_key_points(rest, expected):
    found = data_yaml.parse(f"train: images\nnames: [a]\n{rest}\n").keypoints
    assert (found and found.skeleton) == expected


@pytest.mark.parametrize("order", ["[0, 1]", "[0, 1, 1]", "[1, 2, 0]", "[0, 1, x]", "3"])
def test_a_flip_order_that_cannot_be_is_refused(order):
    with pytest.raises(FormatError, match=r"data\.yaml"):
        data_yaml.parse(f"train: images\nnames: [a]\nkpt_shape: [3, 2]\nflip_idx: {order}\n")


@pytest.mark.parametrize(
    "rest",
    ["0.4 0.5 2 0.5 0.25", "0.4 0.5 2 0.5 0.25 1 0 0", "0.4 0.5 3 0.5 0.2 1 0 0 0", "0.4 nan 2 0.5 0.2 1 0 0 0",
     "1.4 0.5 2 0.5 0.2 1 0 0 0", "-0.4 0.5 2 0.5 0.2 1 0 0 0", "0.4 0.5 0.5 0.5 0.2 1 0 0 0"],
)  # fmt: skip
def test_key_points_that_cannot_be_are_refused_by_line(tmp_path, rest):
    data = yaml(tmp_path, "kpt_shape: [3, 3]", f"\n0 0.5 0.5 0.5 0.5 {rest}\n")
    with pytest.raises(FormatError, match=r"1\.txt:2"):
        read_labels(data)


def coco(folder, keypoints, names=("nose", "left_eye", "right_eye"), skeleton=((2, 3),), **category):
    """A COCO file of one image with an annotation for each list of ``keypoints``."""
    photo(folder / "1.jpg")
    person = {"id": 1, "name": "person", "keypoints": list(names), "skeleton": [list(edge) for edge in skeleton]}
    annotations = [
        {"id": n, "image_id": 1, "category_id": 1, "bbox": [2, 3, 20, 10], "area": 200, "keypoints": flat}
        for n, flat in enumerate(keypoints, 1)
    ]
    value = {
        "images": [{"id": 1, "file_name": "1.jpg", "width": W, "height": H}],
        "annotations": annotations,
        "categories": [{**person, **category}],
    }
    (folder / "coco.json").write_text(json.dumps(value))
    return str(folder)


def test_the_skeleton_of_a_coco_category(tmp_path):
    labels = read_labels(coco(tmp_path, [[1, 2, 2, 3, 4, 1, 0, 0, 0], [0] * 9, []]))
    assert labels.skeleton == Skeleton(("nose", "left_eye", "right_eye"), (0, 2, 1), ((1, 2),))
    rows = [instance.keypoints for instance in labels.images[0].frame.instances]
    assert rows == [[[1, 2, 2], [3, 4, 1], [0, 0, 0]], None, None]


def test_a_coco_skeleton_whatever_its_spelling(tmp_path):
    names = [name.replace("_", "-").title() for name in NAMES]
    assert read_labels(coco(tmp_path, [[0] * 51], names)).skeleton == COCO_SKELETON


@pytest.mark.parametrize(
    "flat", [[1, 2, 2], [1, 2, 2] * 4, [1, 2, 3] * 3, [1, "2", 2] * 3, [1, None, 2] * 3, [1, float("nan"), 2] * 3]
)
def test_coco_key_points_that_cannot_be_are_left_out_and_said(tmp_path, capfd, flat):
    (person,) = read_labels(coco(tmp_path, [flat])).images[0].frame.instances
    assert person.keypoints is None
    assert "annotation 1 " in capfd.readouterr().err


def test_coco_key_points_without_names_are_cocos_if_they_are_17(tmp_path):
    labels = read_labels(coco(tmp_path, [[1, 2, 2] * 17, [1, 2, 2] * 3], names=()))
    assert labels.skeleton == COCO_SKELETON
    assert [bool(i.keypoints) for i in labels.images[0].frame.instances] == [True, False]


def test_a_coco_category_with_impossible_key_points_is_said(tmp_path, capfd):
    assert read_labels(coco(tmp_path, [[1, 2, 2] * 2], names=("nose", "nose"))).skeleton is None
    assert "nose" in capfd.readouterr().err


# written


def points(folder, count=2):
    """A dataset folder whose people have key points: visible, hidden and outside the image by turns."""
    rows = [[3.25 + 5 * n, 2.125 + 4 * n, n % 3] if n % 3 else [0.0, 0.0, 0] for n in range(17)]
    return make_dataset(folder, count, keypoints=rows, occluded_by=["none"] * 17)


def convert(capsys, data, kind, out, *options):
    code, result, said = trainer(capsys, "convert", data, "--to", kind, "--out", out, "--json", *options)
    assert code == 0, said
    return json.loads(result), said


def rows_of(data):
    """The instances of every image, in order."""
    return [i for image in read_labels(str(data), masks=True).images for i in image.frame.instances]


def test_the_pose_text_is_as_documented(capsys, tmp_path):
    """By Ultralytics' page on pose data: every line has a class, a box and x, y, v of every key point, as fractions."""
    ward, out = points(tmp_path / "ward"), tmp_path / "pose"
    report, said = convert(capsys, ward, "yolo", out, "--labels", "keypoints")
    assert (report["keypoints"], report["masks"], said) == (sum(bool(i.keypoints) for i in rows_of(ward)), 0, "")
    described = safe_load((out / "data.yaml").read_text())
    assert (described["kpt_shape"], described["flip_idx"]) == ([17, 3], NUMBERS)
    assert described["kpt_names"] == {0: list(NAMES), 1: list(NAMES)}
    for path, image in zip(sorted((out / "labels" / "train").iterdir()), read_labels(str(ward)).images):
        lines = [line.split() for line in path.read_text().splitlines()]
        for fields, instance in zip(lines, image.frame.instances, strict=True):
            assert len(fields) == 1 + 4 + 17 * 3
            assert int(fields[0]) == ("person", "bed").index(instance.category)
            values = np.array(fields[1:], dtype=float)
            assert ((values[4:].reshape(-1, 3)[:, :2] >= 0) & (values[4:].reshape(-1, 3)[:, :2] <= 1)).all()
            expected = np.array(instance.keypoints or np.zeros((17, 3)))
            np.testing.assert_allclose(values[4:].reshape(-1, 3) * [96, 80, 1], expected, rtol=0, atol=1e-3)


@pytest.mark.parametrize("last", ["wardsynth", "coco", "yolo"])
def test_key_points_come_back_from_a_pose_folder(capsys, tmp_path, last):
    ward = points(tmp_path / "ward")
    convert(capsys, ward, "yolo", tmp_path / "pose", "--labels", "keypoints", "--boxes", "visible")
    convert(capsys, tmp_path / "pose", last, tmp_path / "last")
    assert read_labels(str(tmp_path / "last")).skeleton == COCO_SKELETON
    for one, other in zip(rows_of(ward), rows_of(tmp_path / "last"), strict=True):
        assert (one.keypoints is None) == (other.keypoints is None)
        np.testing.assert_allclose(one.keypoints or 0, other.keypoints or 0, rtol=0, atol=1e-3)


@pytest.mark.parametrize("last", ["wardsynth", "coco", "yolo"])
def test_masks_come_back_from_a_segmentation_folder(capsys, tmp_path, last):
    ward = make_dataset(tmp_path / "ward", 2)
    report, said = convert(capsys, ward, "yolo", tmp_path / "seg", "--labels", "masks", "--boxes", "visible")
    assert (report["boxes"], report["masks"], said) == (len(rows_of(ward)),) * 2 + ("",)
    convert(capsys, tmp_path / "seg", last, tmp_path / "last")
    for one, other in zip(rows_of(ward), rows_of(tmp_path / "last"), strict=True):
        assert masks.decode(one.mask).tolist() == masks.decode(other.mask).tolist()


def test_parts_and_holes_are_said(capsys, tmp_path):
    ward = make_dataset(tmp_path / "ward", 1)
    mask = np.zeros((80, 96), bool)
    mask[20:40, 30:60] = mask[20:40, 65:70] = mask[78, 90] = True
    mask[25:30, 40:50] = False
    for path in (ward / "frames").iterdir():
        record = json.loads(path.read_text())
        record["instances"][0].update(mask=masks.encode(mask), bbox_visible=boxes.mask_extent(mask))
        path.write_text(json.dumps(record))
    _, said = convert(capsys, ward, "yolo", tmp_path / "seg", "--labels", "masks", "--boxes", "visible")
    assert one_line(said)
    assert {"1 of 2", "(5 pixels)", "(1 pixels)"} <= set(re.findall(r"\d of \d|\(\d pixels\)", said))
    back = masks.decode(rows_of(tmp_path / "seg")[0].mask)
    assert (back != mask).sum() == 1


def test_a_hidden_instance_has_no_outline_and_one_without_a_mask_that_of_its_box(capsys, tmp_path):
    value = json.loads((coco_folder := Path(coco(tmp_path, [[], [], []])) / "coco.json").read_text())
    value["annotations"][0]["segmentation"] = {"size": [H, W], "counts": [H * W]}
    value["annotations"][1]["segmentation"] = [[2, 3, 22, 3, 22, 13]]
    coco_folder.write_text(json.dumps(value))
    report, said = convert(capsys, coco_folder, "yolo", tmp_path / "seg", "--labels", "masks")
    assert (report["boxes"], report["masks"], report["not_in_picture"]) == (2, 1, 1)
    assert (report["box_outlines"], said) == (1, "")
    outlined, boxed = rows_of(tmp_path / "seg")
    assert masks.area(outlined.mask) == polygons.fill([[2, 3, 22, 3, 22, 13]], W, H).sum()
    assert boxes.mask_extent(masks.decode(boxed.mask)) == [2, 3, 20, 10]


def test_another_skeleton_stays_what_it_is_where_the_format_allows(capsys, tmp_path):
    given = coco(tmp_path, [[1, 2, 2, 3, 4, 1, 0, 0, 0]], ("tail", "left_ear", "right_ear"))
    for kind, options in (("coco", ()), ("yolo", ("--labels", "keypoints")), ("coco", ())):
        convert(capsys, given, kind, tmp_path / f"{kind}{len(given)}", *options)
        given = str(tmp_path / f"{kind}{len(given)}")
        labels = read_labels(given)
        assert (labels.skeleton.names, labels.skeleton.mirrored) == (("tail", "left_ear", "right_ear"), (0, 2, 1))
        (person,) = rows_of(given)
        np.testing.assert_allclose(person.keypoints, [[1, 2, 2], [3, 4, 1], [0, 0, 0]], atol=1e-3)
    _, said = convert(capsys, given, "wardsynth", tmp_path / "ward")
    assert "tail" in said
    assert rows_of(tmp_path / "ward")[0].keypoints is None


def test_a_part_of_cocos_skeleton_becomes_a_record(capsys, tmp_path):
    given = coco(tmp_path, [[1, 2, 2, 3, 4, 1, 0, 0, 0]])
    convert(capsys, given, "wardsynth", tmp_path / "ward")
    (person,) = rows_of(tmp_path / "ward")
    assert person.keypoints == [[1, 2, 2], [3, 4, 1], *[[0, 0, 0]] * 15]


def test_key_points_outside_the_image_are_not_written_as_seen(capsys, tmp_path):
    given = coco(tmp_path, [[1, 2, 2, W + 9, 4, 2, 0, 0, 0]])
    _, said = convert(capsys, given, "yolo", tmp_path / "pose", "--labels", "keypoints")
    assert said.startswith("1 ")
    assert rows_of(tmp_path / "pose")[0].keypoints[1] == [0, 0, 0]


@pytest.mark.parametrize("command", ["split", "merge"])
@pytest.mark.parametrize("labels", ["keypoints", "masks"])
def test_yolo_folders_keep_what_they_hold(capsys, tmp_path, command, labels):
    convert(capsys, points(tmp_path / "ward", 4), "yolo", tmp_path / "yolo", "--labels", labels)
    options = ("--ratio", "1,1") if command == "split" else ()
    code, _, said = trainer(capsys, command, tmp_path / "yolo", "--out", tmp_path / "out", *options)
    assert code == 0, said
    found = rows_of(tmp_path / "out" / "train" if command == "split" else tmp_path / "out")
    assert all((i.keypoints if labels == "keypoints" else i.mask) for i in found if i.category == "person")


def test_a_part_without_masks_is_counted_in_the_summary(capsys, tmp_path):
    convert(capsys, make_dataset(tmp_path / "ward", 2), "yolo", tmp_path / "outlines", "--labels", "masks")
    convert(capsys, make_dataset(tmp_path / "other", 1, start=2), "yolo", tmp_path / "boxes")
    code, out, _ = trainer(capsys, "merge", tmp_path / "outlines", tmp_path / "boxes", "--out", tmp_path / "merged")
    assert code == 0
    assert names(out, f"{len(rows_of(tmp_path / 'boxes'))} of them without a mask")


def test_a_side_without_masks_is_counted_in_the_summary(capsys, tmp_path):
    ward = make_dataset(tmp_path / "ward", 2)
    path = ward / "frames" / "000001.json"
    record = json.loads(path.read_text())
    for instance in record["instances"]:
        del instance["mask"]
    path.write_text(json.dumps(record))
    code, out, said = trainer(
        capsys, "split", ward, "--ratio", "1,1", "--to", "yolo", "--labels", "masks", "--out", tmp_path / "sides"
    )
    assert code == 0, said
    assert names(out, f"{len(record['instances'])} of them without a mask")


@pytest.mark.parametrize("command", ["merge", "split"])
@pytest.mark.parametrize("labels", ["keypoints", "masks"])
def test_labels_that_nothing_has_are_refused_as_by_convert(capsys, tmp_path, command, labels):
    convert(capsys, make_dataset(tmp_path / "ward", 4), "yolo", tmp_path / "boxes")
    code, out, said = trainer(capsys, command, tmp_path / "boxes", "--out", tmp_path / "new", "--labels", labels)
    assert (code, out) == (2, "")
    assert names(said, labels)
    assert one_line(said.splitlines(keepends=True)[-1])
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("kind", "options", "named"),
    [
        ("coco", ("--labels", "keypoints"), "coco"),
        ("wardsynth", ("--labels", "masks"), "wardsynth"),
        ("voc", ("--labels", "masks"), "voc"),
        ("yolo", ("--masks", "rle"), "yolo"),
        ("yolo", ("--labels", "keypoints"), "boxes"),
        ("yolo", ("--labels", "masks"), "boxes"),
        ("yolo", ("--labels", "bones"), "bones"),
    ],
)
def test_labels_that_cannot_be_written_are_refused(capsys, tmp_path, kind, options, named):
    convert(capsys, make_dataset(tmp_path / "ward", 1), "yolo", tmp_path / "boxes")
    code, out, said = trainer(capsys, "convert", tmp_path / "boxes", "--to", kind, "--out", tmp_path / "new", *options)
    assert (code, out) == (2, "")
    assert named in said
    assert one_line(said)
    assert not (tmp_path / "new").exists()


def test_ultralytics_reads_the_same(capsys, tmp_path):
    """Its own loader, where it is installed: it is no part of this project."""
    reason = "ultralytics, which is no dependency, is not installed"
    verify = pytest.importorskip("ultralytics.data.utils", reason=reason).verify_image_label
    ward = points(tmp_path / "ward", 1)
    (frame,) = (image.frame for image in read_labels(str(ward), masks=True).images)
    for labels in ("keypoints", "masks"):
        convert(capsys, ward, "yolo", tmp_path / labels, "--labels", labels, "--boxes", "visible")
        image, text = (tmp_path / labels / file for file in ("images/train/000000.jpg", "labels/train/000000.txt"))
        pose = labels == "keypoints"
        _, found, shape, outlines, rows, *_, corrupt, message = verify(
            (str(image), str(text), "", pose, 2, 17 if pose else 0, 3 if pose else 0, False)
        )
        assert (corrupt, message, shape) == (0, "", (80, 96))
        for place, instance in enumerate(frame.instances):
            centre = np.array(found[place, 1:]) * [96, 80, 96, 80]
            x, y, w, h = instance.bbox_visible
            np.testing.assert_allclose(centre, [x + w / 2, y + h / 2, w, h], atol=1e-3 if pose else 0.021)
            if pose:
                np.testing.assert_allclose(
                    rows[place] * [96, 80, 1], instance.keypoints or np.zeros((17, 3)), atol=1e-3
                )
            else:
                drawn = np.zeros((80, 96), np.uint8)
                cv2.fillPoly(drawn, [(outlines[place] * [96, 80]).astype(np.int32)], 1)
                assert (drawn == masks.decode(instance.mask)).all()


# examined


def findings(capsys, data):
    return {one["id"] for one in json.loads(trainer(capsys, "doctor", data, "--json")[1])["findings"]}


def test_the_doctor_asks_which_key_points_are_left_and_right(capsys, tmp_path):
    line = "0 0.5 0.5 0.5 0.5 0.4 0.5 2 0.5 0.25 1 0.4 0.4 2\n"
    assert "labels.keypoint_mirror" in findings(capsys, yaml(tmp_path / "one", "kpt_shape: [3, 3]", line))
    named = yaml(tmp_path / "two", "kpt_shape: [3, 3]\nflip_idx: [0, 2, 1]", line)
    assert "labels.keypoint_mirror" not in findings(capsys, named)


@pytest.mark.parametrize(("x", "found"), [(2, False), (40, True)])
def test_the_doctor_compares_masks_and_boxes(capsys, tmp_path, x, found):
    file = Path(coco(tmp_path, [[]])) / "coco.json"
    value = json.loads(file.read_text())
    value["annotations"][0]["segmentation"] = [[x, 3, x + 20, 3, x + 20, 13, x, 13]]
    file.write_text(json.dumps(value))
    assert ("labels.mask_off_box" in findings(capsys, file)) is found
