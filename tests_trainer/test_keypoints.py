"""Key points in files: which the data has, what a mirrored image makes of them, and the rows of each format."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from shared_format.errors import FormatError
from shared_format.keypoints import LIMBS, NAMES
from trainer.examples.readers import read_labels
from trainer.formats import data_yaml
from trainer.formats.skeletons import COCO_SKELETON, Skeleton, mirrored_by_name, named_skeleton

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
