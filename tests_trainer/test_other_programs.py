"""What other programs export is read, or refused by name, as the table of docs/data.md says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from trainer.errors import TrainerError
from trainer.examples.readers import read_data, read_labels

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "data.md"
YOLO_LINE = "0 0.5 0.5 0.4 0.6\n"


def coco(*names):
    """A COCO file with one person in each image."""
    images = [{"id": n, "file_name": name, "width": 64, "height": 48} for n, name in enumerate(names)]
    boxes = [
        {"id": n, "image_id": n, "category_id": 4, "bbox": [5, 5, 20, 30], "area": 600} for n, _ in enumerate(names)
    ]
    return json.dumps({"images": images, "annotations": boxes, "categories": [{"id": 4, "name": "person"}]})


def voc(name):
    """A Pascal VOC file with one person."""
    corners = "<xmin>5</xmin><ymin>5</ymin><xmax>30</xmax><ymax>40</ymax>"
    return f"""<annotation><filename>{name}</filename><size><width>64</width><height>48</height><depth>3</depth></size>
<object><name>person</name><bndbox>{corners}</bndbox></object></annotation>"""


CVAT = """<annotations><version>1.1</version><image id="0" name="a.jpg" width="64" height="48">
<box label="person" source="manual" occluded="0" xtl="5.00" ytl="5.00" xbr="30.00" ybr="40.00" z_order="0"></box>
</image></annotations>"""
ROBOFLOW_YAML = "train: ../train/images\nval: ../valid/images\nnc: 1\nnames: ['person']\nroboflow: {version: 1}\n"
NOTES = json.dumps({"categories": [{"id": 0, "name": "person"}], "info": {"year": 2026}})
# Export of the guide's table -> (its files; None is an image), what DATA may be, the images of each split).
READ = {
    "Roboflow, YOLO": (
        {
            "data.yaml": ROBOFLOW_YAML,
            "README.roboflow.txt": "text",
            **{f"{split}/images/{split}.jpg": None for split in ("train", "valid")},
            **{f"{split}/labels/{split}.txt": YOLO_LINE for split in ("train", "valid")},
        },
        ("", "data.yaml"),
        {"train": 1, "val": 1},
    ),
    "Roboflow, COCO": (
        {
            **{f"{split}/{split}.jpg": None for split in ("train", "valid")},
            **{f"{split}/_annotations.coco.json": coco(f"{split}.jpg") for split in ("train", "valid")},
        },
        ("",),
        {"train": 1, "val": 1},
    ),
    "Roboflow, Pascal VOC": (
        {
            **{f"{split}/{split}.jpg": None for split in ("train", "valid")},
            **{f"{split}/{split}.xml": voc(f"{split}.jpg") for split in ("train", "valid")},
        },
        ("",),
        {"train": 1, "val": 1},
    ),
    "Roboflow, YOLO Keras": (
        {
            **{f"{split}/{split}.jpg": None for split in ("train", "valid")},
            **{f"{split}/_annotations.txt": f"{split}.jpg 5,5,30,40,0\n" for split in ("train", "valid")},
            **{f"{split}/_classes.txt": "person\n" for split in ("train", "valid")},
        },
        ("",),
        {"train": 1, "val": 1},
    ),
    "Roboflow, YOLO Darknet": (
        {
            **{f"{split}/{split}.jpg": None for split in ("train", "valid")},
            **{f"{split}/{split}.txt": YOLO_LINE for split in ("train", "valid")},
            **{f"{split}/_darknet.labels": "person\n" for split in ("train", "valid")},
        },
        ("",),
        {"train": 1, "val": 1},
    ),
    "CVAT, YOLO 1.1": (
        {
            "obj_train_data/a.jpg": None,
            "obj_train_data/a.txt": YOLO_LINE,
            "obj.names": "person\n",
            "obj.data": "classes = 1\ntrain = data/train.txt\nnames = data/obj.names\nbackup = backup/\n",
            "train.txt": "data/obj_train_data/a.jpg\n",
        },
        ("", "obj.data", "train.txt"),
        {"train": 1},
    ),
    "CVAT, Ultralytics YOLO": (
        {
            "images/train/a.jpg": None,
            "labels/train/a.txt": YOLO_LINE,
            "train.txt": "data/images/train/a.jpg\n",
            "data.yaml": "path: .\ntrain: train.txt\nnames:\n  0: person\n",
        },
        ("", "data.yaml"),
        {"train": 1},
    ),
    "CVAT, COCO 1.0": (
        {"images/a.jpg": None, "annotations/instances_default.json": coco("a.jpg")},
        ("", "annotations/instances_default.json"),
        {},
    ),
    "CVAT, Pascal VOC 1.1": (
        {
            "JPEGImages/a.jpg": None,
            "Annotations/a.xml": voc("a.jpg"),
            "ImageSets/Main/default.txt": "a\n",
            "labelmap.txt": "# label:color_rgb:parts:actions\n",
        },
        ("",),
        {},
    ),
    "CVAT, CVAT for images 1.1": ({"images/a.jpg": None, "annotations.xml": CVAT}, ("", "annotations.xml"), {}),
    "Label Studio, YOLO": (
        {"images/a.jpg": None, "labels/a.txt": YOLO_LINE, "classes.txt": "person\n", "notes.json": NOTES},
        ("",),
        {},
    ),
    "Label Studio, COCO": ({"images/a.jpg": None, "result.json": coco("images/a.jpg")}, ("", "result.json"), {}),
    "Label Studio, Pascal VOC": ({"images/a.jpg": None, "Annotations/a.xml": voc("a")}, ("",), {}),
    "labelImg, Pascal VOC": ({"a.jpg": None, "a.xml": voc("a.jpg")}, ("",), {}),
    "labelImg, YOLO": ({"a.jpg": None, "a.txt": YOLO_LINE, "classes.txt": "person\n"}, ("",), {}),
    "COCO, as published": (
        {
            "train2017/1.jpg": None,
            "val2017/2.jpg": None,
            "annotations/instances_train2017.json": coco("1.jpg"),
            "annotations/instances_val2017.json": coco("2.jpg"),
        },
        ("",),
        {"train": 1, "val": 1},
    ),
    "darknet": (
        {"imgs/a.jpg": None, "imgs/a.txt": YOLO_LINE, "train.txt": "imgs/a.jpg\n", "a.names": "person\n"},
        ("", "train.txt"),
        {"train": 1},
    ),
    "keras-yolo3": ({"a.jpg": None, "list.txt": "a.jpg 5,5,30,40,0\n", "classes.txt": "person\n"}, ("list.txt",), {}),
}
REFUSED = {
    "Roboflow, TensorFlow CSV": "train/_annotations.csv",
    "Roboflow, CreateML": "train/_annotations.createml.json",
}


def write(folder, files):
    """Write the files of an export; None is an image."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            Image.new("RGB", (64, 48), (sum(map(ord, name)) % 200, 90, 10)).save(path)
        else:
            path.write_text(content)


@pytest.mark.parametrize("export", READ)
def test_an_export_is_read_with_its_names_and_splits(export, tmp_path):
    files, names, splits = READ[export]
    write(tmp_path, files)
    images = sum(content is None for content in files.values())
    for name in names:
        labels, examples = read_labels(str(tmp_path / name)), read_data(str(tmp_path / name))
        assert (len(labels.images), examples.box_count) == (images, images)
        assert labels.category_names == ("person",)
        assert dict(labels.split_counts()) == splits
        for split, count in splits.items():
            assert len(read_data(f"{tmp_path / name}:{split}").examples) == count


@pytest.mark.parametrize("export", REFUSED)
def test_an_export_that_is_not_read_is_refused_by_name(export, tmp_path):
    write(tmp_path, {"train/a.jpg": None, REFUSED[export]: "x"})
    with pytest.raises(TrainerError, match=Path(REFUSED[export]).name):
        read_labels(str(tmp_path))


def test_the_guide_lists_these_exports():
    table = GUIDE.read_text().split("## Data from other programs\n")[1].split("\n## ")[0]
    assert [export for export in (*READ, *REFUSED) if f"| {export} |" not in table] == []
