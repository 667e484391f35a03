"""Label files that other programs wrote, good and bad; and what a reader that takes notes says of them."""

import json

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shared_format import coco, keras_yolo3, masks
from shared_format.errors import FormatError
from trainer.formats import (
    coco_reader,
    data_yaml,
    keras_yolo3_reader,
    label_set,
    polygons,
    voc_reader,
    voc_writer,
    yolo_reader,
)
from trainer.formats.class_names import read_class_names, write_class_names
from trainer.formats.skeletons import Skeleton, numbered_names

from .refusals import refusal

W, H = 64, 48


def reading(names=("person",), problem=label_set.refuse, masks=True, notice=None):
    return label_set.Reading(lambda path: (W, H), names, problem, notice or problem, masks)


class Notes:
    """Takes note of problems instead of raising."""

    def __init__(self):
        self.said = []

    def __call__(self, rule, message):
        assert "\n" not in message
        self.said.append(rule)


def touch(folder, *files):
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).touch()


points = st.lists(st.tuples(st.floats(-20, 80), st.floats(-20, 60)), min_size=3, max_size=8)


@settings(max_examples=150, deadline=None)
@given(points)
def test_polygons_are_those_of_pycocotools(corners):
    referee = pytest.importorskip("pycocotools.mask")
    flat = [side for corner in corners for side in corner]
    theirs = referee.decode(referee.frPyObjects([flat], H, W))[:, :, 0].astype(bool)
    assert (polygons.fill([flat], W, H) == theirs).all()
    assert polygons.encode([flat], W, H) == masks.encode(theirs)
    assert polygons.encode([flat, [0, 0, 9, 0, 9, 9]], W, H) == masks.encode(
        polygons.fill([flat, [0, 0, 9, 0, 9, 9]], W, H)
    )


@pytest.mark.parametrize("polygon", [[1, 2, 3, 4], [1, 2, 3, 4, 5, 6, 7], ["a"] * 6, [0, 0, 5, 5, 1e9, 5], 7])
def test_what_is_no_polygon_is_an_error(polygon):
    with pytest.raises(FormatError, match="polygon"):
        polygons.fill([polygon], W, H)


# COCO


def stranger(folder, **changes):
    """A COCO file as annotation programs write them."""
    touch(folder, "images/sub/a.jpg", "images/b.png")
    annotation = {"id": 5, "image_id": 1, "category_id": 0, "bbox": [2, 3, 20.5, 10], "iscrowd": 0}
    crowd = {"size": [H, W], "counts": [9, 3, 3060]}
    value = {
        "info": {"description": "theirs", "license": "CC BY 4.0", "source": "somewhere"},
        "licenses": [{"id": 4, "name": "CC0", "url": "there"}],
        "images": [
            {"id": 2, "file_name": "b.png", "width": W, "height": H, "lying": 1},
            {"id": 1, "file_name": "sub/a.jpg", "license": 4},
        ],
        "annotations": [
            {**annotation, "area": 123.5, "occluded": True, "segmentation": [[2, 3, 22, 3, 22, 13]]},
            {
                **annotation,
                "id": 6,
                "image_id": 2,
                "iscrowd": 1,
                "segmentation": crowd,
            },
            {**annotation, "id": 7, "image_id": 2, "keypoints": [0] * 51, "num_keypoints": 0, "segmentation": []},
        ],
        "categories": [{"id": 0, "name": "person"}, {"id": 7, "name": "cat"}],
        **changes,
    }
    (folder / "labels.json").write_text(json.dumps(value))
    return folder


@pytest.mark.parametrize(
    ("value", "ignored"),
    [(0, False), (1, True), (True, True), ("0", False), ("1", True), ("False", False), (None, False), (0.0, False)],
)
def test_what_iscrowd_may_be(tmp_path, value, ignored):
    path = stranger(tmp_path) / "labels.json"
    content = json.loads(path.read_text())
    content["annotations"][0]["iscrowd"] = value
    path.write_text(json.dumps(content))
    assert coco_reader.read(tmp_path, reading()).images[0].frame.instances[0].ignore is ignored


def test_a_strangers_coco_file(tmp_path):
    found = coco_reader.read(stranger(tmp_path), reading())
    assert found.category_names == ("person", "cat")
    assert [category.id for category in found.info.categories] == [1, 2]  # 0 is no id of ours
    assert [licence["licence"] for licence in found.info.licences] == ["CC0", "CC BY 4.0"]
    first, second = (image.frame for image in found.images)
    assert (first.file, first.width, first.height, first.attributes) == ("images/sub/a.jpg", W, H, {"license": 4})
    assert second.attributes == {"lying": 1}
    (person,) = first.instances
    assert (person.bbox_covered, person.bbox_visible, person.area) == ([2, 3, 20.5, 10], None, 123.5)
    assert person.attributes == {"occluded": True}
    assert (masks.decode(person.mask) == polygons.fill([[2, 3, 22, 3, 22, 13]], W, H)).all()
    crowd, faceless = second.instances
    assert crowd.ignore
    assert masks.area(crowd.mask) == 3
    assert (faceless.keypoints, faceless.mask) == (None, None)
    written = coco.coco_dict(found.info, [first, second], found.policy)
    assert written["annotations"][0]["area"] == 123.5
    assert "segmentation" not in written["annotations"][2]


def test_image_ids_that_are_no_numbers(tmp_path):
    images = [{"id": "x", "file_name": "b.png"}, {"id": "1", "file_name": "sub/a.jpg"}]
    annotation = {"id": 1, "image_id": "x", "category_id": 7, "bbox": [0, 0, 5, 5]}
    found = coco_reader.read(stranger(tmp_path, images=images, annotations=[annotation]), reading())
    assert [(p.frame.index, len(p.frame.instances)) for p in found.images] == [(1, 1), (2, 0)]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"bbox": [1, 2, 3]}, "labels.malformed"),
        ({"bbox": [1, 2, -3, 4]}, "labels.malformed"),
        ({"bbox": [1, 2, float("nan"), 4]}, "labels.malformed"),
        ({"bbox": "1 2 3 4"}, "labels.malformed"),
        ({"bbox": None}, "labels.malformed"),
        ({"area": "big"}, "labels.malformed"),
        ({"image_id": 99}, "labels.malformed"),
        ({"image_id": [1]}, "labels.malformed"),
        ({"category_id": 99}, "labels.unknown_class"),
        ({"segmentation": [[1, 2, 3]]}, "labels.mask"),
        ({"segmentation": {"size": [9, 9], "counts": "0"}}, "labels.mask"),
        ({"segmentation": {"size": [H, W], "counts": [1, 2]}}, "labels.mask"),
        ({"segmentation": {"counts": "0"}}, "labels.mask"),
    ],
)
def test_a_bad_annotation_is_an_error_or_a_note(tmp_path, change, rule):
    annotation = {"id": 5, "image_id": 1, "category_id": 0, "bbox": [2, 3, 20, 10], **change}
    folder = stranger(tmp_path, annotations=[annotation, {**annotation, "bbox": [1, 1, 2, 2], "id": 6}][:1])
    with refusal(FormatError, "annotation 5"):
        coco_reader.read(folder, reading())
    notes = Notes()
    assert len(coco_reader.read(folder, reading(problem=notes)).images) == 2
    assert notes.said == [rule]


def test_masks_are_not_drawn_where_nobody_wants_them(tmp_path):
    assert coco_reader.read(stranger(tmp_path), reading(masks=False)).images[0].frame.instances[0].mask is None


# data.yaml


@pytest.mark.parametrize(
    "text",
    [
        "train: a\nval: b\nnames: [person, 'wheel chair', \"x, y\"]\n",
        "train: a # here\nval: b\nnc: 3\nnames:\n  0: person\n  1: wheel chair\n  2: 'x, y'\n",
        "train: a\nval: b\nnames:\n- person\n- wheel chair\n- x, y\nroboflow:\n  url: http://x\n",
        "train: a\nval: b\ntest: # none\nnames: {0: person, 1: wheel chair, 2: 'x, y'}\n",
        "train: a\nval: b\ntest: null\nnames: [person, wheel chair, 'x, y']\n",
        "train: a\nval: b\nnames: ['person',\n  'wheel chair',\n  'x, y']\ndownload: |\n  import os\n  print(1)\n",
    ],
)
def test_data_yaml_as_others_write_it(text):
    found = data_yaml.parse(text)
    assert found.names == ("person", "wheel chair", "x, y")
    assert found.splits == {"train": ("a",), "val": ("b",)}


words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=12).filter(
    lambda word: word == word.strip()
)


@st.composite
def skeletons(draw):
    """Names, or numbers instead, and any pairs of them exchanged."""
    names = draw(st.lists(words, min_size=1, max_size=6, unique=True))
    mirrored = list(range(len(names)))
    for one, other in zip(*[iter(draw(st.permutations(mirrored)))] * 2):
        if draw(st.booleans()):
            mirrored[one], mirrored[other] = other, one
    return Skeleton(tuple(names) if draw(st.booleans()) else numbered_names(len(names)), tuple(mirrored))


@settings(max_examples=150, deadline=None)
@given(st.lists(words, min_size=1, max_size=5), words, st.lists(words, min_size=1, max_size=3), skeletons())
def test_data_yaml_round_trips(names, path, places, skeleton):
    assume(not {*places} & {"~", "null", "None"})  # which mean that the data has no such split
    keypoints = data_yaml.KeypointLayout(skeleton, 2 + len(skeleton) % 2)
    data = data_yaml.DataYaml(tuple(names), {"train": tuple(places), "val": ("v",)}, path, keypoints)
    assert data_yaml.parse(data_yaml.dump(data)) == data


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", ("train", "val", "test")),
        ("names: [a]\n", ("train", "val", "test")),
        ("train: a\nnames: [a]\nnc: 2\n", ("nc", "2", "names", "1")),
        ("train: a\nnames: {0: a, 2: b}\n", ("0, 2",)),
        ("train: a\nnames: person\n", ("names",)),
    ],
)
def test_a_wrong_data_yaml_names_what_is_wrong(text, named):
    with refusal(FormatError, "data.yaml", *named):
        data_yaml.parse(text, "x/data.yaml")


# YOLO


ROBOFLOW = "train: ../train/images\nval: lists/val.txt\nnames: [person]\n"


def yolo_folder(folder, label="0 0.5 0.5 0.25 0.5\n", yaml=ROBOFLOW):
    touch(folder, "train/images/7.jpg", "train/images/9.jpg", "other/8.jpg", "lists/val.txt")
    (folder / "train" / "labels").mkdir()
    (folder / "train" / "labels" / "7.txt").write_text(label)
    (folder / "lists" / "val.txt").write_text("../other/8.jpg\n")
    (folder / "data.yaml").write_text(yaml)
    return folder


def test_a_yolo_folder_as_others_make_it(tmp_path):
    """Roboflow's ../train/images for a folder beside the file, a split as a list, an image without a label file."""
    found = yolo_reader.read(yolo_folder(tmp_path), reading())
    assert [(p.frame.index, p.frame.attributes["split"]) for p in found.images] == [
        (7, "train"),
        (8, "val"),
        (9, "train"),
    ]
    (person,) = found.images[0].frame.instances
    assert person.bbox_covered == [24, 12, 16, 24]
    assert found.images[2].frame.instances == ()


def test_a_yolo_folder_without_data_yaml(tmp_path):
    touch(tmp_path, "images/a.jpg", "labels/a.txt")
    (tmp_path / "labels" / "a.txt").write_text("1 0.5 0.5 1 1")
    (tmp_path / "classes.txt").write_text("bed\nperson\n")
    assert yolo_reader.read(tmp_path, reading()).images[0].frame.instances[0].category == "person"
    (tmp_path / "classes.txt").unlink()
    assert yolo_reader.read(tmp_path, reading(names=("bed", "chair"))).category_names == ("bed", "chair")
    with pytest.raises(FormatError, match=r"class numbers 1.*--classes"):
        yolo_reader.read(tmp_path, reading(names=()))
    notes = Notes()
    assert yolo_reader.read(tmp_path, reading(names=(), problem=notes)).category_names == ("0", "1")
    assert notes.said == ["labels.unnamed_class"]


def test_a_segmentation_line_gives_box_and_mask(tmp_path):
    line = "0 0.25 0.25 0.75 0.25 0.75 0.75 0.25 0.75\n"
    (person,) = yolo_reader.read(yolo_folder(tmp_path, line), reading()).images[0].frame.instances
    assert person.bbox_covered == [16, 12, 32, 24]
    assert masks.area(person.mask) == 32 * 24


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("0 0.5 0.5 0.1", "labels.malformed"),
        ("0 0.5 0.5 nan 0.1", "labels.malformed"),
        ("person 0.5 0.5 0.1 0.1", "labels.malformed"),
        ("-1 0.5 0.5 0.1 0.1", "labels.malformed"),
        ("3 0.5 0.5 0.1 0.1", "labels.unknown_class"),
    ],
)
def test_a_bad_yolo_line_is_an_error_or_a_note(tmp_path, line, rule):
    folder = yolo_folder(tmp_path, line)
    with pytest.raises(FormatError, match=r"7\.txt:1: "):
        yolo_reader.read(folder, reading())
    notes = Notes()
    assert len(yolo_reader.read(folder, reading(problem=notes)).images) == 3
    assert notes.said == [rule]


def test_a_yolo_split_that_is_not_there(tmp_path):
    with pytest.raises(FormatError, match=r"data\.yaml: .*nowhere"):
        yolo_reader.read(yolo_folder(tmp_path, yaml="train: nowhere\nnames: [a]\n"), reading())
    (tmp_path / "data.yaml").write_text("train: lists\nnames: [a]\n")
    with pytest.raises(FormatError, match="no images"):
        yolo_reader.read(tmp_path, reading())


# VOC


OBJECT = (
    "<object><name>person</name>{}<bndbox><xmin>3</xmin><ymin>2</ymin><xmax>{}</xmax><ymax>9</ymax></bndbox></object>"
)


def voc_folder(folder, *objects, name="7.jpg", head="", encoding="utf-8"):
    touch(folder, "JPEGImages/7.jpg")
    (folder / "Annotations").mkdir()
    text = f"{head}<annotation><filename>{name}</filename>{''.join(objects)}</annotation>"
    (folder / "Annotations" / "7.xml").write_bytes(text.encode(encoding))
    return folder


@pytest.mark.parametrize("name", ["7.jpg", "7", "7.png", ""])
def test_a_voc_folder_as_others_make_it(tmp_path, name):
    flags = "<difficult>1</difficult><truncated>1</truncated><pose>Left</pose>"
    folder = voc_folder(tmp_path, OBJECT.format("", "12.5"), OBJECT.format(flags, "4"), name=name)
    found = voc_reader.read(folder, reading())
    plain, hard = found.images[0].frame.instances
    assert (plain.bbox_covered, plain.ignore, plain.attributes) == ([2, 1, 10.5, 8], False, {})
    assert (hard.ignore, hard.attributes) == (True, {"truncated": "1", "pose": "Left"})
    again = voc_writer.document("x", found.images[0].frame, ("person",), "covered").decode()
    assert "<xmax>12.5</xmax>" in again
    assert again.count("<truncated>1</truncated>") == again.count("<pose>Left</pose>") == 1


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_entity_bomb_is_refused(tmp_path, encoding):
    folder = voc_folder(tmp_path, head=BOMB, name="&b;", encoding=encoding)
    with pytest.raises(FormatError, match=r"7\.xml.*DOCTYPE"):
        voc_reader.read(folder, reading())


@pytest.mark.parametrize(
    ("objects", "rule"),
    [
        ("<object><name>person</name></object>", "labels.malformed"),
        (OBJECT.format("", "x"), "labels.malformed"),
        (OBJECT.format("", "nan"), "labels.malformed"),
        (OBJECT.format("", "1"), "labels.malformed"),
        (OBJECT.format("", "9").replace("person", ""), "labels.malformed"),
        ("</annotation><x>", "files.unreadable_record"),
    ],
)
def test_a_bad_voc_object_is_an_error_or_a_note(tmp_path, objects, rule):
    folder = voc_folder(tmp_path, objects)
    with pytest.raises(FormatError, match=r"7\.xml: "):
        voc_reader.read(folder, reading())
    notes = Notes()
    voc_reader.read(folder, reading(problem=notes))
    assert notes.said == [rule]


def test_a_voc_image_outside_the_folder_is_refused(tmp_path):
    folder = voc_folder(tmp_path, name="../../../etc/passwd")
    assert voc_reader.read(folder, reading()).images[0].image.name == "7.jpg"  # by the stem of its own file
    (folder / "JPEGImages" / "7.jpg").rename(folder / "JPEGImages" / "8.jpg")
    with pytest.raises(FormatError, match=r"\.\./\.\./\.\./etc/passwd"):
        voc_reader.read(folder, reading())


def test_a_voc_annotation_without_its_image(tmp_path):
    folder = voc_folder(tmp_path)
    (folder / "JPEGImages" / "7.jpg").unlink()
    with pytest.raises(FormatError, match=r"7\.xml: "):
        voc_reader.read(folder, reading())


# keras-yolo3


def test_a_keras_yolo3_text_with_named_classes(tmp_path):
    touch(tmp_path, "a.jpg")
    (tmp_path / "annotations.txt").write_text("a.jpg 1,2,3,4,1\n")
    with pytest.raises(FormatError, match=r"class 1, .*--classes"):
        keras_yolo3_reader.read(tmp_path, reading())
    with pytest.raises(FormatError, match=r"class numbers 1.*--classes"):
        keras_yolo3_reader.read(tmp_path, reading(names=()))
    write_class_names(tmp_path / "classes.txt", ("bed", "wheel chair"))
    assert keras_yolo3_reader.read(tmp_path, reading()).images[0].frame.instances[0].category == "wheel chair"
    notes = Notes()
    (tmp_path / "annotations.txt").write_text("a.jpg 5,2,3,4,1\nb.jpg\na.jpg 1,2,3,4,9\n")
    keras_yolo3_reader.read(tmp_path, reading(problem=notes))
    assert notes.said == ["labels.malformed", "files.missing_image", "labels.unknown_class"]


def test_class_names_that_a_line_cannot_hold(tmp_path):
    with pytest.raises(FormatError, match=r"classes\.txt"):
        write_class_names(tmp_path / "classes.txt", ("a\nb",))
    assert read_class_names(tmp_path / "classes.txt") == ()


def test_image_ids_that_json_cannot_hold_are_numbered(tmp_path):
    assert label_set.image_ids([tmp_path / f"{10**20}.jpg", tmp_path / "3.jpg"]) == [1, 2]


def test_masks_of_runs():
    mask = np.zeros((3, 4), dtype=bool)
    mask[1:, 1:3] = True
    rle = masks.from_counts([4, 2, 1, 2, 3], [3, 4])
    assert (masks.decode(rle) == mask).all()


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Zs", "Zl", "Zp", "Cc", "Cs")), min_size=1, max_size=20),
    st.lists(st.tuples(*[st.integers(0, 500)] * 2, *[st.integers(1, 500)] * 2, st.integers(0, 9)), max_size=4),
)
def test_a_line_parses_back(name, found):
    path = f"some folder/{name}.jpg"
    line = " ".join([path, *(keras_yolo3.format_box(box[:4], box[4]) for box in found)])
    assert keras_yolo3_reader.parse_line(line) == (path, [([float(v) for v in box[:4]], box[4]) for box in found])


def test_a_line_may_be_separated_by_tabs():
    line = "a b.jpg\t1,2,5,8,0 \t3,4,6,9,1"
    assert keras_yolo3_reader.parse_line(line) == ("a b.jpg", [([1, 2, 4, 6], 0), ([3, 4, 3, 5], 1)])


@pytest.mark.parametrize("line", ["", "   ", "1,2,3,4,0", "a.jpg 5,5,5,9,0"])
def test_a_line_without_image_or_area_is_an_error(line):
    with pytest.raises(FormatError, match="line 7"):
        keras_yolo3_reader.parse_line(line, "line 7")
