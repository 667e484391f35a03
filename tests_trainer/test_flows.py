"""Exports of annotation programs, from the unpacked folder to a trained detector: doctor, fit, eval, predict.

The folders are laid out as Roboflow (YOLOv5 and YOLOv8) and CVAT (YOLO 1.1, COCO 1.0, Pascal VOC 1.1, CVAT for images
1.1) write them, with all files that lie in them.
"""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest

from trainer.models.files import model_spec

from . import cvat_export
from .commands import trainer
from .conftest import TWO_HEADS, figure_image

SIZE = 96
POSTURES = ("lying", "standing", "lying", "sitting")
ROBOFLOW_YAML = """train: ../train/images
val: ../valid/images
test: ../test/images

nc: 2
names: ['bed', 'person']

roboflow:
  workspace: a-clinic
  project: ward-abcde
  version: 3
  license: CC BY 4.0
  url: https://universe.roboflow.com/a-clinic/ward-abcde/dataset/3"""
ROBOFLOW_README = "ward - v3 2026-11-02 9:00am\n==========\n\nThis dataset was exported via roboflow.com\n"


def people(count, start=0):
    """(image, boxes of people) of ``count`` images; each has one person or two."""
    rng = np.random.default_rng(start)
    return [figure_image(rng, SIZE, SIZE, 1 + number % 2) for number in range(count)]


def yolo_text(boxes, label):
    """The lines of boxes [x, y, w, h] in pixels."""
    return "".join(f"{label} {(x + w / 2) / SIZE} {(y + h / 2) / SIZE} {w / SIZE} {h / SIZE}\n" for x, y, w, h in boxes)


def text(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def save(image, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, quality=95)


def roboflow(folder, yaml=ROBOFLOW_YAML):
    """YOLOv5 and YOLOv8: names with the program's hash, three versions of a training image, an image of nobody."""
    text(folder / "data.yaml", yaml)
    text(folder / "README.roboflow.txt", ROBOFLOW_README)
    text(folder / "README.dataset.txt", "# ward > 2026\nhttps://universe.roboflow.com/a-clinic\n\nLicense: CC BY 4.0\n")
    for start, (split, count) in enumerate({"train": 6, "valid": 2, "test": 2}.items()):
        for number, (image, boxes) in enumerate(people(count, start)):
            name = f"IMG_{number // 3:04d}_jpg.rf.{hashlib.md5(f'{split}{number}'.encode()).hexdigest()}"
            save(image, folder / split / "images" / f"{name}.jpg")
            nobody = split == "train" and number == 5
            text(folder / split / "labels" / f"{name}.txt", "" if nobody else yolo_text(boxes, 1))
    return folder, (f"{folder}", "--val", f"{folder}:val"), f"{folder}:test"


def roboflow_v8(folder):
    """YOLOv8's data.yaml, which lists the names line by line."""
    return roboflow(folder, ROBOFLOW_YAML.replace("['bed', 'person']", "\n- bed\n- person"))


def cvat_yolo(folder):
    """YOLO 1.1."""
    text(folder / "obj.data", "classes = 2\ntrain = data/train.txt\nnames = data/obj.names\nbackup = backup/\n")
    text(folder / "obj.names", "bed\nperson\n")
    names = [f"camera 1/{number:06d}.jpg" for number in range(6)]
    for name, (image, boxes) in zip(names, people(6)):
        path = folder / "obj_train_data" / name
        save(image, path)
        text(path.with_suffix(".txt"), yolo_text(boxes, 1))
    text(folder / "train.txt", "".join(f"data/obj_train_data/{name}\n" for name in names))
    return in_two_parts(folder)


def in_two_parts(folder):
    return folder, (f"{folder}[:4]", "--val", f"{folder}[4:]"), f"{folder}[4:]"


def attributes_of(number):
    return {"posture": POSTURES[number % len(POSTURES)], "mask": "true" if number % 2 else "false"}


def cvat_coco(folder):
    """COCO 1.0."""
    images, annotations = [], []
    for number, (image, boxes) in enumerate(people(6)):
        save(image, folder / "images" / "default" / f"{number}.jpg")
        about = {"license": 0, "flickr_url": "", "coco_url": "", "date_captured": 0}
        images.append({"id": number + 1, "width": SIZE, "height": SIZE, "file_name": f"{number}.jpg", **about})
        for box in boxes:
            marks = {"occluded": False, "rotation": 0.0, **attributes_of(number)}
            area = {"segmentation": [], "area": box[2] * box[3], "bbox": box, "iscrowd": 0}
            ids = {"id": len(annotations) + 1, "image_id": number + 1, "category_id": 2}
            annotations.append({**ids, **area, "attributes": {**marks, "mask": marks["mask"] == "true"}})
    names = [{"id": place, "name": name, "supercategory": ""} for place, name in enumerate(("bed", "person"), 1)]
    about = {"contributor": "", "date_created": "", "description": "", "url": "", "version": "", "year": ""}
    value = {"licenses": [{"name": "", "id": 0, "url": ""}], "info": about, "categories": names}
    content = json.dumps({**value, "images": images, "annotations": annotations})
    text(folder / "annotations" / "instances_default.json", content)
    return in_two_parts(folder)


def cvat_voc(folder):
    """Pascal VOC 1.1."""
    text(folder / "labelmap.txt", "# label:color_rgb:parts:actions\nbackground:0,0,0::\nbed:1,2,3::\nperson:9,9,9::\n")
    for number, (image, boxes) in enumerate(people(6)):
        save(image, folder / "JPEGImages" / f"{number}.jpg")
        marks = "".join(
            f"<attribute><name>{name}</name><value>{value}</value></attribute>"
            for name, value in {"rotation": "0.0", **attributes_of(number)}.items()
        )
        objects = "".join(
            f"<object><name>person</name><truncated>0</truncated><difficult>0</difficult><occluded>0</occluded><bndbox>"
            f"<xmin>{x + 1}</xmin><ymin>{y + 1}</ymin><xmax>{x + w}</xmax><ymax>{y + h}</ymax></bndbox>"
            f"<attributes>{marks}</attributes></object>"
            for x, y, w, h in boxes
        )
        head = f"<folder></folder><filename>{number}.jpg</filename><source><database>Unknown</database></source>"
        size = f"<size><width>{SIZE}</width><height>{SIZE}</height><depth></depth></size><segmented>0</segmented>"
        text(folder / "Annotations" / f"{number}.xml", f"<annotation>{head}{size}{objects}</annotation>")
    text(folder / "ImageSets" / "Main" / "default.txt", "".join(f"{number}\n" for number in range(6)))
    return in_two_parts(folder)


def cvat_xml(folder):
    """CVAT for images 1.1."""
    drawn = people(6)
    held = {}
    for number, (_, boxes) in enumerate(drawn):
        about = attributes_of(number)
        held[f"camera 1/{number}.jpg"] = [
            cvat_export.box("person", x, y, x + w, y + h, attributes=about) for x, y, w, h in boxes
        ]
    cvat_export.write(folder, held, size=(SIZE, SIZE))
    for (image, _), name in zip(drawn, held):
        save(image, folder / "images" / name)
    return in_two_parts(folder)


ATTRIBUTES = (cvat_coco, cvat_voc, cvat_xml)
FLOWS = [
    (roboflow_v8, ()),
    pytest.param(roboflow, (), marks=pytest.mark.slow),
    pytest.param(cvat_yolo, (), marks=pytest.mark.slow),
    *(pytest.param(export, (), marks=pytest.mark.slow) for export in ATTRIBUTES),
    (cvat_xml, ("--class-by", "posture")),
    *(pytest.param(export, ("--class-by", "posture"), marks=pytest.mark.slow) for export in (cvat_coco, cvat_voc)),
]


@pytest.mark.parametrize(("write", "choice"), FLOWS)
def test_from_an_export_to_detections(tmp_path, capsys, eager, write, choice):
    folder, training, test = write(tmp_path / "export")
    code, out, err = trainer(capsys, "doctor", folder, *(choice or ("--classes", "person")), "--json")
    report = json.loads(out)
    assert (report["errors"], err) == (0, ""), report["findings"]
    wanted = {"lying", "standing", "sitting"} if choice else {"person"}
    assert set(report["classes"]) == wanted
    assert sum(report["classes"].values()) == report["boxes"]
    network = ("--model", TWO_HEADS, "--size", 96, "--epochs", 1, "--batch", 2)
    code, _, err = trainer(capsys, "fit", *training, "--out", tmp_path / "run", *choice, *network)
    assert code == 0, err
    assert set(model_spec(str(tmp_path / "run")).classes) == wanted
    code, out, err = trainer(capsys, "eval", tmp_path / "run", test, "--json", "--resamples", 40)
    assert code == 0, err
    scores = json.loads(out)
    assert (scores["images"], scores["boxes"]) == (2, 3)
    code, _, err = trainer(capsys, "predict", tmp_path / "run", test, "--coco", tmp_path / "found.json", "--conf", 0)
    assert code == 0, err
    found = json.loads((tmp_path / "found.json").read_text())
    assert len({one["image_id"] for one in found}) == 2
