"""Records through COCO, YOLO, VOC and keras-yolo3 and back: nothing is lost that the format can hold."""

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_format import boxes, coco, dataset, errors, keras_yolo3, masks, record
from trainer.datasets import label_style
from trainer.formats import (
    coco_reader,
    data_yaml,
    keras_yolo3_reader,
    label_set,
    voc_reader,
    voc_writer,
    yolo_reader,
    yolo_writer,
)

W, H = 64, 48
CLASSES = ("person", "bed")
INFO = dataset.DatasetInfo(
    "ward",
    7,
    {"people.count": {"1": 1.0}},
    (dataset.Category(1, "person"), dataset.Category(2, "bed")),
    {"posture": ["supine"]},
    ({"asset": "a", "licence": "CC0-1.0", "source": "b"},),
    {"name": "wardsynth"},
)
READING = label_set.Reading(lambda path: (W, H))

sides = st.floats(0, 1, width=32)
text = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=6)


@st.composite
def rectangles(draw, whole=False):
    """[x, y, w, h] inside the image, at least a pixel wide."""
    x1, x2 = sorted(draw(st.tuples(st.integers(0, W - 1), st.integers(0, W - 1))))
    y1, y2 = sorted(draw(st.tuples(st.integers(0, H - 1), st.integers(0, H - 1))))
    box = [float(x1), float(y1), float(x2 + 1 - x1), float(y2 + 1 - y1)]
    if whole or draw(st.booleans()):
        return box
    shift = draw(sides) / 2  # no longer whole, and still inside
    return [box[0] + shift, box[1] + shift, box[2] - shift, box[3] - shift]


@st.composite
def instances(draw, number):
    mask = np.zeros((H, W), dtype=bool)
    x, y, w, h = map(int, draw(rectangles(whole=True)))
    mask[y : y + h, x : x + w] = True
    points = draw(st.one_of(st.none(), st.lists(st.tuples(*[st.integers(0, 40)] * 2), min_size=17, max_size=17)))
    return record.Instance(
        id=number,
        category=draw(st.sampled_from(CLASSES)),
        attributes=draw(st.dictionaries(text, text, max_size=2)),
        mask=masks.encode(mask),
        bbox_visible=boxes.mask_extent(mask),
        bbox_covered=draw(rectangles()),
        bbox_amodal=draw(rectangles()),
        visible_fraction=draw(st.none() | sides),
        in_frame_fraction=draw(st.none() | sides),
        keypoints=points and [[float(a), float(b), 2 - n % 2] for n, (a, b) in enumerate(points)],
        occluded_by=points and ["none"] * 17,
        ignore=draw(st.booleans()),
    )


@st.composite
def frames(draw):
    found = []
    for index in sorted(draw(st.sets(st.integers(0, 99), min_size=1, max_size=3))):
        count = draw(st.integers(0, 3))
        camera = record.Camera(
            "pinhole", W, H, {"fx": 20.0, "fy": 20.0, "cx": W / 2, "cy": H / 2}, [[1.0, 0.0, 0.0, 0.5]] * 3
        )
        attributes = {"level": "low", "split": draw(st.sampled_from(["train", "val", "test"]))}
        inside = tuple(draw(instances(number + 1)) for number in range(count))
        found.append(
            record.Frame(dataset.image_file(index), W, H, 7, index, index, 0, camera, attributes, {"drawn": 1}, inside)
        )
    return found


def placed(found, folder, place):
    """The frames with their (empty) images at ``place(frame)``."""
    placed_frames = [replace(frame, file=place(frame)) for frame in found]
    for frame in placed_frames:
        path = Path(folder) / frame.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return placed_frames


def name(frame):
    return Path(frame.file).name


quick = settings(max_examples=40, deadline=None)


@quick
@given(frames(), st.sampled_from(record.BOX_POLICIES))
def test_coco_gives_back_everything_but_the_spec(found, policy):
    with tempfile.TemporaryDirectory() as folder:
        placed(found, folder, lambda frame: frame.file)
        path = Path(folder) / "coco.json"
        path.write_text(json.dumps(coco.coco_dict(INFO, found, policy)))
        back = coco_reader.read(Path(folder), READING)
    assert (back.info, back.policy) == (INFO, policy)
    assert [image.frame for image in back.images] == [replace(frame, spec={}) for frame in found]


def expected_boxes(frame, policy, ignored):
    return [
        (instance.category, instance.box(policy), instance.ignore)
        for instance in frame.instances
        if ignored or not instance.ignore
    ]


def assert_same_boxes(images, found, policy, tolerance, ignored):
    assert [image.frame.index for image in images] == [frame.index for frame in found]
    for image, frame in zip(images, found):
        assert (image.frame.width, image.frame.height) == (W, H)
        expected = expected_boxes(frame, policy, ignored)
        back = image.frame.instances
        assert [i.category for i in back] == [category for category, *_ in expected]
        assert [i.ignore for i in back] == [ignore for *_, ignore in expected]
        for instance, (_, box, _) in zip(back, expected):
            np.testing.assert_allclose(instance.bbox_covered, box, rtol=0, atol=tolerance)


@quick
@given(frames(), st.sampled_from(record.BOX_POLICIES))
def test_yolo_gives_back_boxes_classes_and_splits(found, policy):
    with tempfile.TemporaryDirectory() as folder:
        moved = placed(found, folder, lambda frame: f"images/{yolo_writer.split_of(frame)}/{name(frame)}")
        yolo_writer.write(Path(folder), moved, CLASSES, policy)
        back = yolo_reader.read(Path(folder), READING)
        again = yolo_reader.read(Path(folder) / "data.yaml", READING)
    assert back.category_names == CLASSES
    assert_same_boxes(back.images, found, policy, 1e-3, ignored=False)
    assert back.images == again.images
    assert [p.frame.file for p in back.images] == [frame.file for frame in moved]
    splits = [frame.attributes["split"] for frame in found]
    if "train" in splits and "val" not in splits:  # train stands in, which Ultralytics asks for
        assert "no validation" in data_yaml.dump(data_yaml.DataYaml(CLASSES, {"train": ("images/train",)}))
    assert [p.frame.attributes for p in back.images] == [{"split": split} for split in splits]


def through_yolo(found, labels):
    """The written and the read instances of every image, in pairs, without those marked ignore."""
    with tempfile.TemporaryDirectory() as folder:
        moved = placed(found, folder, lambda frame: f"images/{yolo_writer.split_of(frame)}/{name(frame)}")
        yolo_writer.write(Path(folder), moved, CLASSES, "visible", labels)
        back = yolo_reader.read(Path(folder), READING)
    for image, frame in zip(back.images, found):
        kept = [instance for instance in frame.instances if not instance.ignore]
        assert [i.category for i in image.frame.instances] == [i.category for i in kept]
        yield from zip(kept, image.frame.instances)


@quick
@given(frames())
def test_yolo_gives_back_key_points(found):
    for written, read in through_yolo(found, yolo_writer.KEYPOINTS):
        np.testing.assert_allclose(read.bbox_covered, written.bbox_visible, rtol=0, atol=1e-3)
        assert (read.keypoints is None) == (written.keypoints is None)
        if written.keypoints is not None:
            np.testing.assert_allclose(read.keypoints, written.keypoints, rtol=0, atol=1e-3)


@quick
@given(frames())
def test_yolo_gives_back_masks(found):
    for written, read in through_yolo(found, yolo_writer.MASKS):
        assert (masks.decode(read.mask) == masks.decode(written.mask)).all()
        np.testing.assert_allclose(
            read.bbox_covered, written.bbox_visible, rtol=0, atol=0.021
        )  # the outline is a hundredth inside


@quick
@given(frames(), st.sampled_from(label_style.COCO_MASKS))
def test_coco_gives_back_masks_however_they_are_written(found, kind):
    style = label_style.LabelStyle(masks=kind).coco()
    with tempfile.TemporaryDirectory() as folder:
        placed(found, folder, lambda frame: frame.file)
        value = coco.coco_dict(INFO, found, "visible", style)
        (Path(folder) / "coco.json").write_text(json.dumps(value))
        back = coco_reader.read(Path(folder), READING)
    forms = {"rle": str, "uncompressed": list, "polygons": list}
    for row in value["annotations"]:
        if not row["iscrowd"]:
            shape = row["segmentation"] if kind == "polygons" else row["segmentation"]["counts"]
            assert isinstance(shape, forms[kind])
    assert [image.frame.instances for image in back.images] == [frame.instances for frame in found]


@quick
@given(frames(), st.sampled_from(record.BOX_POLICIES))
def test_voc_gives_back_boxes_flags_attributes_and_splits(found, policy):
    with tempfile.TemporaryDirectory() as folder:
        moved = placed(found, folder, lambda frame: f"JPEGImages/{name(frame)}")
        voc_writer.write(Path(folder), "ward", moved, CLASSES, policy)
        back = voc_reader.read(Path(folder), READING)
    assert_same_boxes(back.images, found, policy, 1e-5, ignored=True)
    for image, frame in zip(back.images, found):
        assert image.frame.attributes == {"split": frame.attributes["split"]}
        for instance, original in zip(image.frame.instances, frame.instances):
            flags = {key: instance.attributes.pop(key) for key in ("truncated", "occluded")}
            assert instance.attributes == original.attributes
            cut = original.in_frame_fraction is not None and original.in_frame_fraction < 1
            assert flags["truncated"] == str(int(cut))


@quick
@given(frames(), st.sampled_from(record.BOX_POLICIES))
def test_keras_yolo3_gives_back_boxes_rounded_outwards(found, policy):
    with tempfile.TemporaryDirectory() as folder:
        placed(found, folder, lambda frame: frame.file)
        path = Path(folder) / "annotations.txt"
        path.write_text("\n".join(keras_yolo3.lines(found, CLASSES, policy)))
        (Path(folder) / "classes.txt").write_text("\n".join(CLASSES))
        back = keras_yolo3_reader.read(path, READING)
    assert back.category_names == CLASSES
    assert_same_boxes(back.images, found, policy, 1.0, ignored=False)


@quick
@given(frames())
def test_voc_and_yolo_files_of_what_was_read_are_the_same_bytes(found):
    """One trip may round; after it nothing changes any more."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        for write, read, place in (
            (lambda folder, *rest: voc_writer.write(folder, "ward", *rest), voc_reader.read, "JPEGImages"),
            (yolo_writer.write, yolo_reader.read, "images/{}"),
        ):
            first = placed(found, one, lambda f, at=place: f"{at.format(yolo_writer.split_of(f))}/{name(f)}")
            write(Path(one), first, CLASSES, "covered")
            back = [image.frame for image in read(Path(one), READING).images]
            again = placed(back, two, lambda f, at=place: f"{at.format(yolo_writer.split_of(f))}/{name(f)}")
            write(Path(two), again, CLASSES, "covered")
        written = [path for path in Path(one).rglob("*") if path.suffix in (".txt", ".xml", ".yaml")]
        assert len(written) >= 2 * len(found)
        for path in written:
            assert (Path(two) / path.relative_to(one)).read_bytes() == path.read_bytes()


def hidden_frame():
    empty = masks.encode(np.zeros((H, W), dtype=bool))
    gone = record.Instance(1, "person", {}, empty, ignore=True)
    behind = record.Instance(2, "person", {}, empty, bbox_amodal=[3.0, 3.0, 10.0, 10.0], visible_fraction=0.0)
    return record.Frame(dataset.image_file(0), W, H, 7, 0, 0, 0, None, {}, {}, (gone, behind))


def test_what_is_nowhere_in_the_image_makes_no_invalid_label(tmp_path):
    frame = hidden_frame()
    assert coco.coco_dict(INFO, [frame], "visible")["annotations"] == []
    assert coco.coco_dict(INFO, [frame], "covered")["annotations"] == []
    (amodal,) = coco.coco_dict(INFO, [frame], "amodal")["annotations"]
    assert (amodal["bbox"], amodal["area"]) == ([3.0, 3.0, 10.0, 10.0], 0.0)
    assert list(keras_yolo3.lines([frame])) == ["images/000000.jpg"]
    yolo_writer.write(tmp_path, [replace(frame, file="images/train/0.jpg")], CLASSES, "covered")
    assert (tmp_path / "labels" / "train" / "0.txt").read_bytes() == b""
    assert b"<object>" not in voc_writer.document("ward", frame, CLASSES, "covered")


def test_a_record_without_the_asked_box_is_an_error_in_every_format(tmp_path):
    frame = hidden_frame()
    seen = record.Instance(1, "person", {"cover": "thick"}, None, bbox_visible=[1.0, 1.0, 5.0, 5.0])
    frame = replace(frame, instances=(seen,))
    for write in (
        lambda: coco.coco_dict(INFO, [frame]),
        lambda: list(keras_yolo3.lines([frame])),
        lambda: voc_writer.document("ward", frame, CLASSES, "covered"),
        lambda: yolo_writer.write(tmp_path, [frame], CLASSES, "amodal"),
    ):
        with pytest.raises(errors.FormatError, match=r"\binstance 1\b.*\bbbox_(covered|amodal)\b.*--boxes visible"):
            write()


@pytest.mark.parametrize("kind_of_masks", label_style.COCO_MASKS)
def test_the_coco_file_is_good_for_pycocotools(tmp_path, capsys, kind_of_masks):
    """Boxes, masks and key points, each evaluated against themselves by COCO's own code: all 1."""
    referee = pytest.importorskip("pycocotools.coco")
    from pycocotools.cocoeval import COCOeval

    mask = np.zeros((H, W), dtype=bool)
    mask[4:40, 5:30] = True
    mask[9:20, 8:12] = False
    points = [[10.0 + n, 8.0 + n, 1 + n % 2] for n in range(17)]
    box = boxes.mask_extent(mask)
    person = record.Instance(
        1, "person", {}, masks.encode(mask), box, box, box, keypoints=points, occluded_by=["none"] * 17
    )
    crowd = replace(person, id=2, ignore=True)
    path = tmp_path / "coco.json"
    style = label_style.LabelStyle(masks=kind_of_masks).coco()
    instances_of = [(person,), (), (person, crowd)]
    shown = [replace(hidden_frame(), index=n, instances=i) for n, i in enumerate(instances_of)]
    path.write_text(json.dumps(coco.coco_dict(INFO, shown, style=style)))
    ground_truth = referee.COCO(str(path))
    found = []
    for annotation in ground_truth.loadAnns(ground_truth.getAnnIds(iscrowd=False)):
        assert (ground_truth.annToMask(annotation) == mask).all()
        found.append({**annotation, "segmentation": ground_truth.annToRLE(annotation), "score": 0.9})
    for kind in ("bbox", "segm", "keypoints"):
        keys = {"bbox": ("bbox",), "segm": ("segmentation",), "keypoints": ("keypoints",)}[kind]
        results = [{k: row[k] for k in ("image_id", "category_id", "score", *keys)} for row in found]
        evaluation = COCOeval(ground_truth, ground_truth.loadRes(results), kind)
        evaluation.params.catIds = [1]
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
        assert evaluation.stats[0] == pytest.approx(1.0)
