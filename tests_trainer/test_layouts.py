"""Data as people have it: the layouts of other programs, their splits, class names, companion files and links."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from PIL import Image

from shared_format.errors import FormatError
from trainer.errors import TrainerError
from trainer.examples.readers import parse_data, read_data, read_labels, read_training_data, read_validation_data
from trainer.formats.kinds import recognise

from .refusals import refusal

W, H = 64, 48
YAML = "train: ../train/images\nval: ../valid/images\ntest: ../test/images\nnc: 2\nnames: ['bed', 'person']\n"


def image(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (W, H), (path.stem.__hash__() % 255, 9, 9)).save(path, format="JPEG")


def text(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def yolo(folder, numbers, label="1 0.5 0.5 0.25 0.5\n", images="images", labels="labels", suffix=".jpg"):
    for number in numbers:
        image(folder / images / f"{number}{suffix}")
        text(folder / labels / f"{number}.txt", label)
    return folder


def roboflow(folder):
    """A YOLO export of Roboflow: 3, 2 and 1 images of train, valid and test."""
    for part, numbers in (("train", (1, 2, 3)), ("valid", (4, 5)), ("test", (6,))):
        yolo(folder / part, numbers)
    text(folder / "data.yaml", YAML)
    return folder


def coco(path, numbers, folder, categories=("person",), first=1, **more):
    for number in numbers:
        image(folder / f"{number}.jpg")
    value = {
        "images": [{"id": n, "file_name": f"{n}.jpg", "width": W, "height": H} for n in numbers],
        "annotations": [
            {"id": n, "image_id": n, "category_id": first, "bbox": [8, 8, 16, 24], "area": 384, **more} for n in numbers
        ],
        "categories": [{"id": first + n, "name": name} for n, name in enumerate(categories)],
    }
    text(path, json.dumps(value))


OBJECT = (
    "<object><name>person</name><difficult>{}</difficult><bndbox><xmin>9</xmin><ymin>9</ymin><xmax>24</xmax>"
    "<ymax>32</ymax></bndbox></object>"
)


def voc(annotation, picture, filename=None, difficult="0"):
    image(picture)
    stated = picture.name if filename is None else filename
    text(annotation, f"<annotation><filename>{stated}</filename>{OBJECT.format(difficult)}</annotation>")


def names_of(examples):
    return [example.path.name for example in examples.examples]


# splits


def test_training_takes_neither_val_nor_test_unasked_and_says_so(tmp_path, capsys):
    data = str(roboflow(tmp_path / "rf") / "data.yaml")
    assert names_of(read_training_data(data)) == ["1.jpg", "2.jpg", "3.jpg"]
    said = capsys.readouterr().err
    assert "val (2)" in said
    assert "test (1)" in said
    assert names_of(read_validation_data(data)) == ["4.jpg", "5.jpg"]
    assert len(read_data(data).examples) == 6


@pytest.mark.parametrize(
    ("end", "expected"),
    [(":train", 3), (":val", 2), (":valid", 2), (":test", 1), (":train[:2]", 2), ("[:4]", 4), ("", 6)],
)
def test_data_names_a_split_and_a_slice(tmp_path, end, expected):
    rf = roboflow(tmp_path / "rf")
    for data in (f"{rf}/data.yaml{end}", f"{rf}{end}"):
        assert len(read_data(data).examples) == expected
        if end:
            assert len(read_training_data(f"{rf}{end}").examples) == (3 if end == "[:4]" else expected)


def test_a_split_that_is_not_there_names_those_that_are(tmp_path):
    rf = roboflow(tmp_path / "rf")
    shutil.rmtree(rf / "test")
    with refusal(TrainerError, "test", "train (3)", "val (2)"):
        read_data(f"{rf}/data.yaml:test")
    with refusal(TrainerError, "nowhere"):
        read_data(f"{rf}/nowhere:val")


def test_data_of_val_alone_is_trained_on_only_by_name(tmp_path):
    rf = roboflow(tmp_path / "rf")
    text(rf / "data.yaml", "val: valid/images\nnames: [bed, person]\n")
    with pytest.raises(TrainerError, match=r"data\.yaml:val"):
        read_training_data(f"{rf}/data.yaml")
    assert len(read_training_data(f"{rf}/data.yaml:val").examples) == 2


def test_an_image_of_two_splits_is_in_both(tmp_path):
    yolo(tmp_path, (1, 2))
    text(tmp_path / "data.yaml", "train: images\nval: images\nnames: [bed, person]\n")
    for read, end in ((read_training_data, ""), (read_validation_data, ""), (read_data, ":val"), (read_data, ":train")):
        assert len(read(f"{tmp_path}{end}").examples) == 2


def test_a_folder_whose_name_ends_like_a_split(tmp_path):
    yolo(tmp_path / "ward:val", (1,))
    text(tmp_path / "ward:val" / "classes.txt", "bed\nperson\n")
    assert parse_data(f"{tmp_path}/ward:val").split is None


def test_splits_of_voc_lists(tmp_path):
    for number in (1, 2, 3):
        voc(tmp_path / "Annotations" / f"{number}.xml", tmp_path / "JPEGImages" / f"{number}.jpg")
    for name, lines in (("train", "1\n"), ("val", "2\n"), ("trainval", "1\n2\n"), ("person_val", "2 1\n")):
        text(tmp_path / "ImageSets" / "Main" / f"{name}.txt", lines)
    assert names_of(read_training_data(str(tmp_path))) == ["1.jpg", "3.jpg"]
    assert names_of(read_data(f"{tmp_path}:val")) == ["2.jpg"]


@pytest.mark.parametrize("written", ["{}", "{}.jpg", "JPEGImages/{}.JPG", "/home/a/VOC/JPEGImages/{}.jpg", "{}  -1"])
def test_names_in_voc_lists_as_programs_write_them(tmp_path, capfd, written):
    for number in (1, 2):
        voc(tmp_path / "Annotations" / f"{number}.xml", tmp_path / "JPEGImages" / f"{number}.jpg")
    text(tmp_path / "ImageSets" / "Main" / "val.txt", written.format(2) + "\n")
    assert names_of(read_training_data(str(tmp_path))) == ["1.jpg"]
    assert "val.txt" not in capfd.readouterr().err


def test_a_voc_list_that_names_nothing_is_said(tmp_path, capfd):
    voc(tmp_path / "Annotations" / "1.xml", tmp_path / "JPEGImages" / "1.jpg")
    text(tmp_path / "ImageSets" / "Main" / "val.txt", "000001\n000002\n")
    assert names_of(read_training_data(str(tmp_path))) == ["1.jpg"]
    (line,) = (line for line in capfd.readouterr().err.splitlines() if "val.txt" in line)
    assert "'000001'" in line


# layouts


def _roboflow_coco(d):
    for part, numbers in (("train", (1, 2)), ("valid", (1,))):
        path, names = d / part / "_annotations.coco.json", ("beds", "person")
        coco(path, numbers, d / part, names, 0, category_id=1)


def _official_coco(d):
    for part, numbers in (("train2017", (1, 2)), ("val2017", (3,))):
        coco(d / "annotations" / f"instances_{part}.json", numbers, d / part)
        coco(d / "annotations" / f"person_keypoints_{part}.json", numbers, d / part)
        text(d / "annotations" / f"captions_{part}.json", '{"images": [], "annotations": []}')


def _roboflow_voc(d):
    for part, numbers in (("train", (1, 2)), ("valid", (3,))):
        for n in numbers:
            voc(d / part / f"{n}.xml", d / part / f"{n}.jpg")


def _roboflow_keras(d):
    for part, numbers in (("train", (1, 2)), ("valid", (3,))):
        for n in numbers:
            image(d / part / f"{n}.jpg")
        text(d / part / "_annotations.txt", "".join(f"{n}.jpg 8,8,24,32,1\n" for n in numbers))
        text(d / part / "_classes.txt", "bed\nperson\n")


def _roboflow_darknet(d):
    for part, numbers in (("train", (1, 2)), ("valid", (3,))):
        yolo(d / part, numbers, images=".", labels=".")
        text(d / part / "_darknet.labels", "bed\nperson\n")


def _roboflow_yolo_without_yaml(d):
    roboflow(d)
    text(d / "classes.txt", "bed\nperson\n")
    (d / "data.yaml").unlink()
    (d / "train" / "images" / "3.jpg").unlink()
    (d / "train" / "labels" / "3.txt").unlink()
    (d / "valid" / "images" / "5.jpg").unlink()
    (d / "valid" / "labels" / "5.txt").unlink()


def _cvat_yolo(d):
    yolo(d, (1, 2), images="obj_train_data", labels="obj_train_data")
    yolo(d, (3,), images="obj_valid_data", labels="obj_valid_data")
    text(d / "train.txt", "data/obj_train_data/1.jpg\ndata/obj_train_data/2.jpg\n")
    text(d / "valid.txt", "data/obj_valid_data/3.jpg\n")
    text(d / "obj.names", "bed\nperson\n")
    text(d / "obj.data", "classes = 2\ntrain = data/train.txt\nvalid = data/valid.txt\nnames = data/obj.names\n")


def _darknet_lists(d):
    _cvat_yolo(d)
    (d / "obj.data").unlink()


def _ultralytics_without_yaml(d):
    yolo(d, (1, 2), images="images/train", labels="labels/train")
    yolo(d, (3,), images="images/val", labels="labels/val")
    text(d / "classes.txt", "bed\nperson\n")


WITH_SPLITS = {
    "coco": [_roboflow_coco, _official_coco],
    "voc": [_roboflow_voc],
    "keras-yolo3": [_roboflow_keras],
    "yolo": [_roboflow_darknet, _roboflow_yolo_without_yaml, _cvat_yolo, _darknet_lists, _ultralytics_without_yaml],
}


@pytest.mark.parametrize(
    ("kind", "make"),
    [(kind, make) for kind, makes in WITH_SPLITS.items() for make in makes],
    ids=lambda v: getattr(v, "__name__", v),
)
def test_layouts_with_splits(tmp_path, kind, make):
    make(tmp_path)
    labels = read_labels(str(tmp_path), ())
    assert labels.kind == kind
    counts = labels.split_counts()
    counts.pop("test", None)
    assert counts == {"train": 2, "val": 1}
    for image_ in labels.images:
        assert [i.category for i in image_.frame.instances] == ["person"]
    assert len(read_training_data(str(tmp_path)).examples) == 2
    assert len(read_data(f"{tmp_path}:val").examples) == 1


def _label_studio_yolo(d):
    yolo(d, (1, 2))
    text(d / "classes.txt", "bed\nperson\n")
    text(d / "notes.json", '{"categories": [{"id": 0, "name": "bed"}, {"id": 1, "name": "person"}], "info": {}}')


def _label_studio_without_classes(d):
    _label_studio_yolo(d)
    (d / "classes.txt").unlink()


def _label_studio_coco(d):
    coco(d / "result.json", (1, 2), d / "images", first=0)
    value = json.loads((d / "result.json").read_text())
    for row in value["images"]:
        row["file_name"] = f"images\\{row['file_name']}"
    text(d / "result.json", json.dumps(value))


def _label_studio_voc(d):
    for n in (1, 2):
        voc(d / "Annotations" / f"{n}.xml", d / "images" / f"{n}.jpg", filename=f"{n}")


def _label_img_yolo(d):
    yolo(d, (1, 2), images=".", labels=".")
    text(d / "classes.txt", "bed\nperson\n")


def _label_img_voc(d):
    for n in (1, 2):
        voc(d / f"{n}.xml", d / f"{n}.jpg")


def _cvat_coco(d):
    coco(d / "annotations" / "instances_default.json", (1, 2), d / "images" / "default")


def _cvat_voc(d):
    for n in (1, 2):
        voc(d / "Annotations" / "cam" / f"{n}.xml", d / "JPEGImages" / "cam" / f"{n}.jpg")
    text(d / "ImageSets" / "Main" / "default.txt", "cam/1\ncam/2\n")
    text(d / "labelmap.txt", "# label:color_rgb:parts:actions\nperson:0,0,0::\n")


def _other_case_of_suffix(d):
    for n in (1, 2):
        voc(d / "Annotations" / f"{n}.xml", d / "JPEGImages" / f"{n}.JPG", filename=f"{n}.jpg")


def _kaggle_metadata(d):
    _label_img_voc(d)
    text(d / "dataset-metadata.json", '{"title": "images annotations categories"}')


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        ("yolo", _label_studio_yolo),
        ("yolo", _label_studio_without_classes),
        ("yolo", _label_img_yolo),
        ("coco", _label_studio_coco),
        ("coco", _cvat_coco),
        ("voc", _label_studio_voc),
        ("voc", _label_img_voc),
        ("voc", _cvat_voc),
        ("voc", _other_case_of_suffix),
        ("voc", _kaggle_metadata),
    ],
)
def test_layouts_of_one_set(tmp_path, kind, make):
    make(tmp_path)
    labels = read_labels(str(tmp_path), ())
    assert (labels.kind, len(labels.images)) == (kind, 2)
    for labelled in labels.images:
        (person,) = labelled.frame.instances
        assert (person.category, person.ignore) == ("person", False)


@pytest.mark.parametrize(
    ("file", "said"),
    [("_annotations.csv", "TensorFlow"), ("_annotations.createml.json", "CreateML")],
)
def test_formats_that_are_not_read_are_refused_by_name(tmp_path, file, said):
    image(tmp_path / "export" / "train" / "1.jpg")
    text(tmp_path / "export" / "train" / file, "[]")
    for folder in (tmp_path / "export", tmp_path / "export" / "train"):
        with pytest.raises(TrainerError, match=said):
            recognise(folder)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("annotations/default.json", {"info": {}, "categories": {}, "items": [{"annotations": []}]}, "Datumaro"),
        ("project-1.json", [{"annotations": [{"result": []}], "data": {"image": "1.jpg"}}], "Label Studio"),
        ("1.json", {"shapes": [], "imagePath": "1.jpg"}, "LabelMe"),
        ("via.json", {"1.jpg": {"regions": [{"shape_attributes": {}}]}}, "VGG"),
        ("ann/1.jpg.json", {"objects": [{"classTitle": "person"}]}, "Supervisely"),
    ],
)
def test_other_json_is_refused_by_name(tmp_path, file, content, said):
    image(tmp_path / "1.jpg")
    text(tmp_path / file, json.dumps(content))
    with pytest.raises(TrainerError, match=said):
        recognise(tmp_path)


def test_archives_are_to_be_unpacked(tmp_path):
    text(tmp_path / "export.zip", "PK")
    with pytest.raises(TrainerError, match=r"export\.zip.*unpack"):
        recognise(tmp_path / "export.zip")


@pytest.mark.parametrize(("supercategory", "names"), [("ward", ("bed", "person")), ("", ("ward", "bed", "person"))])
def test_the_heading_of_all_classes_is_no_class(tmp_path, supercategory, names):
    """Roboflow lists the project as a category, of which nothing is."""
    coco(tmp_path / "coco.json", (1,), tmp_path, ("ward", "bed", "person"), first=0)
    content = json.loads((tmp_path / "coco.json").read_text())
    for category in content["categories"]:
        category["supercategory"] = "none" if category["name"] == "ward" else supercategory
    for number, annotation in enumerate(content["annotations"]):
        annotation["category_id"] = 1 + number % 2
    (tmp_path / "coco.json").write_text(json.dumps(content))
    assert read_labels(str(tmp_path), ()).category_names == names


def test_several_coco_files_without_splits_in_their_names(tmp_path):
    for name in ("a", "b"):
        coco(tmp_path / f"{name}.json", (1,), tmp_path)
    with pytest.raises(FormatError, match=r"a\.json, b\.json"):
        read_data(str(tmp_path))


# class names


@pytest.mark.parametrize("part", ["test", "test/images"])
def test_a_folder_of_a_split_has_the_names_of_the_data_yaml_above(tmp_path, part):
    rf = roboflow(tmp_path / "rf")
    (example,) = read_data(str(rf / part), ("person", "bed")).examples
    assert example.annotations.labels.tolist() == [0]


def test_numbers_without_names_are_refused_or_named_by_the_user(tmp_path, capsys):
    yolo(tmp_path / "a" / "b" / "c" / "data", (1,))
    data = str(tmp_path / "a" / "b" / "c" / "data")
    with pytest.raises(FormatError, match="--classes"):
        read_labels(data, ())
    with refusal(FormatError, "class 1", "person"):
        read_data(data)
    assert read_data(data, ("bed", "person")).examples[0].annotations.labels.tolist() == [1]
    assert "0 bed, 1 person" in capsys.readouterr().err


@pytest.mark.parametrize("names", ["", "nc: 2\n", "names:\n", "names: []\n"])
def test_a_data_yaml_without_names_numbers_its_classes(tmp_path, capsys, names):
    yolo(tmp_path, (1,))
    text(tmp_path / "data.yaml", f"train: images\n{names}")
    with pytest.raises(FormatError, match="--classes"):
        read_labels(str(tmp_path), ())
    assert read_data(str(tmp_path), ("bed", "person")).examples[0].annotations.labels.tolist() == [1]
    assert "0 bed, 1 person" in capsys.readouterr().err
    text(tmp_path / "classes.txt", "person\nbed\n")
    assert read_data(str(tmp_path), ("bed", "person")).examples[0].annotations.labels.tolist() == [0]


# files that are no data, and data under odd names


def test_companions_are_no_data_and_odd_suffixes_are(tmp_path):
    yolo(tmp_path, ("a", "b"))
    for number, suffix in enumerate((".JPG", ".jpeg", ".jfif", ".Jpg")):
        yolo(tmp_path, (f"odd{number}",), suffix=suffix)
    for name in ("._a.jpg", ".hidden.jpg", "__MACOSX/a.jpg", ".cache/a.jpg"):
        image(tmp_path / "images" / name)
    text(tmp_path / "images" / "Thumbs.db", "x")
    text(tmp_path / "labels" / "._a.txt", "x")
    text(tmp_path / "data.yaml", "# ours\ntrain: images # all\nnames:\n  0: bed\n  1: person # lying\n")
    examples = read_data(str(tmp_path)).examples
    assert len(examples) == 6
    assert all(len(example.annotations.boxes) == 1 for example in examples)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks(tmp_path, encoding):
    yolo(tmp_path, (1, 2))
    (tmp_path / "labels" / "1.txt").write_bytes("1 0.5 0.5 0.25 0.5\r\n".encode(encoding))
    (tmp_path / "classes.txt").write_bytes("bed\r\nperson\r\n".encode(encoding))
    (tmp_path / "list.txt").write_bytes("images/1.jpg\r\nimages\\2.jpg\r\n".encode(encoding))
    for data in (tmp_path, tmp_path / "list.txt"):
        labels = read_labels(str(data), ())
        assert labels.category_names == ("bed", "person")
        assert [len(image_.frame.instances) for image_ in labels.images] == [1, 1]


def test_a_label_without_its_image_is_said(tmp_path, capsys):
    yolo(tmp_path, (1, 2))
    text(tmp_path / "classes.txt", "bed\nperson\n")
    (tmp_path / "images" / "2.jpg").rename(tmp_path / "images" / "2.heic")
    assert len(read_data(str(tmp_path)).examples) == 1
    assert "2.txt" in capsys.readouterr().err


def test_labels_beside_the_images_count_and_two_that_differ_are_refused(tmp_path):
    yolo(tmp_path, (1, 2))
    text(tmp_path / "classes.txt", "bed\nperson\n")
    (tmp_path / "labels" / "1.txt").rename(tmp_path / "images" / "1.txt")
    assert [len(e.annotations) for e in read_data(str(tmp_path)).examples] == [1, 1]
    text(tmp_path / "labels" / "1.txt", "")
    with pytest.raises(FormatError, match="two label files"):
        read_data(str(tmp_path))


def test_links_inside_a_folder_are_followed_and_names_that_lead_out_refused(tmp_path):
    coco(tmp_path / "data" / "coco.json", (1, 2), tmp_path / "store")
    (tmp_path / "data" / "images").symlink_to(tmp_path / "store")
    assert len(read_data(str(tmp_path / "data")).examples) == 2
    voc(tmp_path / "voc" / "Annotations" / "1.xml", tmp_path / "voc" / "JPEGImages" / "1.jpg", "/elsewhere/9.jpg")
    os.replace(tmp_path / "voc" / "JPEGImages" / "1.jpg", tmp_path / "1.jpg")
    (tmp_path / "voc" / "JPEGImages" / "1.jpg").symlink_to(tmp_path / "1.jpg")
    assert names_of(read_data(str(tmp_path / "voc"))) == ["1.jpg"]
    yolo(tmp_path / "yolo_store", (1,))
    (tmp_path / "yolo").mkdir()
    (tmp_path / "yolo" / "images").symlink_to(tmp_path / "yolo_store" / "images")
    (tmp_path / "yolo" / "labels").symlink_to(tmp_path / "yolo_store" / "labels")
    text(tmp_path / "yolo" / "classes.txt", "bed\nperson\n")
    assert len(read_data(str(tmp_path / "yolo")).examples) == 1
    value = json.loads((tmp_path / "data" / "coco.json").read_text())
    for name in ("../store/1.jpg", str(tmp_path / "store" / "1.jpg"), "C:\\store\\1.jpg", "..\\store\\1.jpg"):
        value["images"][0]["file_name"] = name
        text(tmp_path / "data" / "coco.json", json.dumps(value))
        with pytest.raises(FormatError, match="points outside"):
            read_data(str(tmp_path / "data"))


# labels


@pytest.mark.parametrize(
    ("shape", "rest"),
    [("[5, 2]", " 0.45 0.4 0.55 0.4 0.5 0.5 0.45 0.6 0 0"), ("[3, 3]", " 0.45 0.4 2 0.55 0.4 1 0 0 0")],
)
def test_key_points_are_read_by_their_shape_or_refused(tmp_path, shape, rest):
    yolo(tmp_path, (1, 2), f"0 0.5 0.5 0.25 0.5{rest}\n")
    text(tmp_path / "data.yaml", f"train: images\nnames: [person]\nkpt_shape: {shape}\n")
    assert [e.annotations.boxes.tolist() for e in read_data(str(tmp_path)).examples] == [[[24, 12, 16, 24]]] * 2
    text(tmp_path / "data.yaml", "train: images\nnames: [person]\n")
    with pytest.raises(FormatError):
        read_data(str(tmp_path))


def test_the_17_key_points_of_coco_are_kept(tmp_path):
    points = " ".join(f"{0.4 + n / 100:.2f} 0.5 {n % 3}" for n in range(17))
    yolo(tmp_path, (1,), f"0 0.5 0.5 0.5 0.5 {points}\n")
    text(tmp_path / "data.yaml", "train: images\nnames: [person]\nkpt_shape: [17, 3]\n")
    (person,) = read_labels(str(tmp_path)).images[0].frame.instances
    assert person.keypoints[0] == [0.0, 0.0, 0]
    assert person.keypoints[1] == pytest.approx([0.41 * W, 24, 1])


def test_a_box_and_its_outline(tmp_path):
    yolo(tmp_path, (1, 2), "0 0.5 0.5 0.2 0.4 0.4 0.3 0.6 0.3 0.6 0.7 0.4 0.7\n")
    text(tmp_path / "classes.txt", "person\n")
    (person,) = read_labels(str(tmp_path), masks=True).images[0].frame.instances
    assert person.bbox_covered == pytest.approx([0.4 * W, 0.3 * H, 0.2 * W, 0.4 * H])
    assert person.mask is not None


def test_coordinates_in_pixels_are_refused(tmp_path):
    yolo(tmp_path, (1,), "0 32 24 16 24\n")
    text(tmp_path / "classes.txt", "person\n")
    with pytest.raises(FormatError, match="pixels"):
        read_data(str(tmp_path))


@pytest.mark.parametrize(
    ("difficult", "ignored"), [("1", True), ("True", True), ("0", False), ("Unspecified", False), ("-1", False)]
)
def test_only_1_and_true_are_difficult(tmp_path, difficult, ignored):
    voc(tmp_path / "1.xml", tmp_path / "1.jpg", difficult=difficult)
    assert read_data(str(tmp_path)).examples[0].annotations.ignore.tolist() == [ignored]


def test_a_voc_file_is_of_the_image_with_its_own_stem(tmp_path):
    for n in (1, 2, 3):
        voc(tmp_path / "Annotations" / f"{n}.xml", tmp_path / "JPEGImages" / f"{n}.jpg", filename=f"{n % 3 + 1}.jpg")
    assert names_of(read_data(str(tmp_path))) == ["1.jpg", "2.jpg", "3.jpg"]
    (tmp_path / "JPEGImages" / "3.jpg").unlink()  # its file names 1.jpg, which has a file of its own
    with pytest.raises(FormatError, match=r"3\.xml: no image"):
        read_data(str(tmp_path))


@pytest.mark.parametrize("shift", [0, 2**53, 2**62, 2**64, "text"])
def test_coco_ids_of_any_size_and_kind_survive(tmp_path, shift):
    coco(tmp_path / "coco.json", (1, 2, 3), tmp_path)
    value = json.loads((tmp_path / "coco.json").read_text())
    new = (lambda n: f"a{n}") if shift == "text" else (lambda n: n + shift)
    for row, key in [(r, "id") for r in value["images"]] + [(r, "image_id") for r in value["annotations"]]:
        row[key] = new(row[key])
    text(tmp_path / "coco.json", json.dumps(value))
    examples = read_data(str(tmp_path)).examples
    assert all(example.image_id < 2**53 for example in examples)
    ids = [example.image_id if example.source_id is None else example.source_id for example in examples]
    assert ids == [new(n) for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("first", "own"), [(0, (0, 1)), (1, (1, 2)), (90, (90, 91))], ids=["from 0", "from 1", "from 90"]
)
def test_coco_category_ids_are_those_of_the_data(tmp_path, first, own):
    coco(tmp_path / "coco.json", (1,), tmp_path, ("person", "bed"), first)
    assert read_data(str(tmp_path), ("person", "bed")).source_category_ids == own


@pytest.mark.parametrize("bad", [[[6, 18, 30, 47]], [[]], {"size": [9, 9], "counts": [81]}, {"counts": "0"}, [["x"]]])
def test_a_bad_mask_costs_nothing_where_none_is_wanted(tmp_path, capsys, bad):
    coco(tmp_path / "coco.json", (1, 2), tmp_path, segmentation=bad)
    read_data(str(tmp_path))
    read_labels(str(tmp_path))
    assert capsys.readouterr().err == ""
    labels = read_labels(str(tmp_path), masks=True)
    assert [i.mask for image_ in labels.images for i in image_.frame.instances] == [None, None]
    assert "1 more" in capsys.readouterr().err


def test_lines_of_one_image_are_one_image(tmp_path):
    image(tmp_path / "1.jpg")
    text(tmp_path / "annotations.txt", "1.jpg 1,2,9,9,0\n1.jpg 20,20,30,30,0\n")
    text(tmp_path / "classes.txt", "person\n")
    (example,) = read_data(str(tmp_path)).examples
    assert len(example.annotations.boxes) == 2
