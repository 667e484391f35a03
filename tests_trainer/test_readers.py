"""Labels in: each format read right, and each way of being wrong named in one line."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from shared_format import coco, dataset, keras_yolo3
from shared_format.errors import FormatError
from trainer.errors import ImageError, TrainerError
from trainer.examples.example import join, split_slice
from trainer.examples.images import checked, load_image
from trainer.examples.readers import read_data, recognise
from trainer.formats.label_set import image_ids

from .conftest import make_dataset
from .refusals import refusal


def write_coco(folder):
    info, frames = dataset.read_info(folder), dataset.read_frames(folder)
    (folder / "coco.json").write_text(json.dumps(coco.coco_dict(info, frames)))
    return folder / "coco.json"


def test_wardsynth(ward):
    examples = read_data(str(ward))
    frames = list(dataset.read_frames(ward))
    assert [example.image_id for example in examples.examples] == [0, 1, 2, 3, 4, 5]
    assert (examples.classes, examples.category_ids) == (("person",), (3,))
    for example, frame in zip(examples.examples, frames):
        people = [i for i in frame.instances if i.category == "person"]
        np.testing.assert_array_equal(example.annotations.boxes, [i.bbox_covered for i in people])
        np.testing.assert_array_equal(
            example.annotations.areas, [i.bbox_covered[2] * i.bbox_covered[3] for i in people]
        )
        assert example.attributes == {"light": "day"}


def test_the_same_labels_through_coco_and_keras_yolo3(ward):
    direct = read_data(str(ward))
    from_coco = read_data(str(write_coco(ward)))
    (ward / "annotations.txt").write_text("\n".join(keras_yolo3.lines(dataset.read_frames(ward))))
    from_text = read_data(str(ward / "annotations.txt"))
    for one, two, three in zip(direct.examples, from_coco.examples, from_text.examples):
        assert one.path.resolve() == two.path.resolve() == three.path.resolve()
        assert one.image_id == two.image_id == three.image_id
        np.testing.assert_array_equal(one.annotations.boxes, two.annotations.boxes)
        np.testing.assert_array_equal(one.annotations.areas, two.annotations.areas)
        np.testing.assert_array_equal(one.annotations.boxes, three.annotations.boxes)


def test_classes_keep_their_order(ward):
    examples = read_data(str(ward), ("bed", "person"), boxes="visible")
    assert examples.category_ids == (7, 3)
    assert examples.examples[0].annotations.labels.tolist()[-1] == 0
    with refusal(TrainerError, "cat", "person", "bed"):
        read_data(str(ward), ("cat",))


def test_a_record_without_the_asked_box_names_record_and_field(ward):
    with refusal(FormatError, "000000.json", "instance 1", "bbox_amodal", "--boxes visible"):
        read_data(str(ward), boxes="amodal")


def test_ignored_instances_and_crowds(tmp_path):
    folder = make_dataset(tmp_path / "ward", count=2, ignore=True)
    assert read_data(str(folder)).examples[0].annotations.ignore.all()
    examples = read_data(str(write_coco(folder)))
    assert examples.examples[0].annotations.ignore.all()
    assert examples.box_count == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a/b", ("a/b", slice(None))),
        ("a/b[:40]", ("a/b", slice(None, 40))),
        ("a[40:]", ("a", slice(40, None))),
        ("a[-8:-2]", ("a", slice(-8, -2))),
        ("a[7]", ("a[7]", slice(None))),
    ],
)
def test_slices(text, expected):
    assert split_slice(text) == expected


def test_slices_of_data(ward):
    ids = [e.image_id for e in join([read_data(f"{ward}[4:]"), read_data(f"{ward}[:2]")]).examples]
    assert ids == [4, 5, 0, 1]
    with refusal(TrainerError, "ward[6:]", "6"):
        read_data(f"{ward}[6:]")


def test_nothing_recognised(tmp_path):
    with refusal(TrainerError, "nowhere"):
        read_data(str(tmp_path / "nowhere"))
    with refusal(TrainerError, tmp_path.name, "dataset.json"):
        read_data(str(tmp_path))
    (tmp_path / "labels.csv").write_text("a,b")
    with refusal(TrainerError, "labels.csv"):
        recognise(tmp_path / "labels.csv")


def coco_with(tmp_path, change):
    Image.new("RGB", (50, 40)).save(tmp_path / "1.jpg")
    value = {
        "images": [{"id": 1, "file_name": "1.jpg", "width": 50, "height": 40}],
        "annotations": [{"id": 5, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0}],
        "categories": [{"id": 1, "name": "person"}],
    }
    change(value)
    (tmp_path / "x.json").write_text(json.dumps(value))
    return tmp_path / "x.json"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda v: v.pop("images"), ()),
        (lambda v: v["images"][0].pop("file_name"), ("file_name",)),
        (lambda v: v["images"][0].update(file_name="../../etc/passwd"), ("../../etc/passwd",)),
        (lambda v: v["images"][0].update(file_name="2.jpg"), ("2.jpg",)),
        (lambda v: v["annotations"][0].update(image_id=9), ("annotation 5", "image 9")),
        (lambda v: v["annotations"][0].update(bbox=[1, 2, -3, 4]), ("annotation 5", "bbox", "[1, 2, -3, 4]")),
        (lambda v: v["annotations"][0].update(bbox=[1, 2, 3]), ("annotation 5", "bbox", "[1, 2, 3]")),
        (lambda v: v["images"].append(v["images"][0]), ("id",)),
    ],
)
def test_broken_coco(tmp_path, change, named):
    with refusal(FormatError, tmp_path, *named):
        read_data(str(coco_with(tmp_path, change)))


def test_broken_json_is_named(tmp_path):
    (tmp_path / "x.json").write_text('{"images": [')
    with refusal(FormatError, "x.json"):
        read_data(str(tmp_path / "x.json"))


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("a.jpg 1,2,3,4,1", ("labels.txt:1", "class 1", "person")),
        ("b.jpg 1,2,3,4,0", ("labels.txt:1", "b.jpg")),
        ("a.jpg 5,2,3,4,0", ("labels.txt:1", "5,2,3,4")),
        ("", ("labels.txt",)),
    ],
)
def test_broken_keras_yolo3(tmp_path, line, named):
    Image.new("RGB", (50, 40)).save(tmp_path / "a.jpg")
    (tmp_path / "labels.txt").write_text(line)
    with refusal(FormatError, *named):
        read_data(str(tmp_path / "labels.txt"))


def test_keras_yolo3_images_without_people(tmp_path):
    Image.new("RGB", (50, 40)).save(tmp_path / "a b.jpg")
    (tmp_path / "labels.txt").write_text("a b.jpg\n")
    (example,) = read_data(str(tmp_path / "labels.txt")).examples
    assert example.annotations.boxes.shape == (0, 4)


def test_a_truncated_image_is_named_before_the_work(ward):
    path = ward / "images" / "000003.jpg"
    path.write_bytes(path.read_bytes()[:700])
    with refusal(ImageError, "000003.jpg"):
        checked(read_data(str(ward)))


def test_a_image_of_another_size_than_its_record_is_named(ward):
    Image.new("RGB", (50, 40)).save(ward / "images" / "000003.jpg")
    with refusal(TrainerError, "000003.jpg", "50x40", "96x80"):
        checked(read_data(str(ward)))


def test_exif_orientation_is_applied_once(tmp_path):
    image = Image.new("RGB", (40, 20), (255, 0, 0))
    exif = image.getexif()
    exif[0x0112] = 6  # turn a quarter clockwise
    image.save(tmp_path / "a.jpg", exif=exif)
    assert load_image(tmp_path / "a.jpg").size == (20, 40)


def test_image_ids(tmp_path):
    assert image_ids([tmp_path / "000012.jpg", tmp_path / "000003.jpg"]) == [12, 3]
    assert image_ids([tmp_path / "ward.jpg", tmp_path / "000003.jpg"]) == [1, 2]
    assert image_ids([tmp_path / "a" / "1.jpg", tmp_path / "b" / "01.jpg"]) == [1, 2]
