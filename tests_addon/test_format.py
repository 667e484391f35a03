"""The shared format: masks, boxes, records, lines; against pycocotools and by round trips."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from shared_format import atomic, boxes, coco, dataset, errors, keras_yolo3, keypoints, masks, record

mask_arrays = hnp.arrays(np.bool_, hnp.array_shapes(min_dims=2, max_dims=2, max_side=40))


@settings(max_examples=100, deadline=None)
@given(mask_arrays)
def test_masks_are_those_of_pycocotools(mask):
    referee = pytest.importorskip("pycocotools.mask")
    ours = masks.encode(mask)
    theirs = referee.encode(np.asfortranarray(mask.astype(np.uint8)))
    assert ours["counts"] == theirs["counts"].decode()
    assert (masks.decode(ours) == mask).all()
    assert masks.area(ours) == mask.sum()
    extent = boxes.mask_extent(mask)
    assert extent is None or extent == referee.toBbox(theirs).tolist()


def test_a_large_mask_round_trips():
    mask = np.zeros((700, 900), dtype=bool)
    mask[100:650, 3:890] = True
    assert (masks.decode(masks.encode(mask)) == mask).all()


@pytest.mark.parametrize("counts", ["", "5", "X", "04"])
def test_a_broken_mask_is_an_error(counts):
    with pytest.raises(errors.FormatError, match="runs"):
        masks.decode({"size": [3, 3], "counts": counts})


box_arrays = hnp.arrays(np.float64, (4, 4), elements=st.floats(0, 50))


@given(box_arrays)
def test_corners_and_xywh_are_inverse(values):
    assert np.allclose(boxes.xyxy_to_xywh(boxes.xywh_to_xyxy(values)), values)


@given(box_arrays)
def test_iou_is_symmetric_within_0_and_1_and_1_with_itself(values):
    corners = boxes.xywh_to_xyxy(values)
    iou = boxes.pairwise_iou(corners, corners)
    assert np.allclose(iou, iou.T)
    assert (iou >= 0).all()
    assert (iou <= 1 + 1e-12).all()
    solid = (values[:, 2:] > 1e-3).all(axis=1)
    assert np.allclose(np.diag(iou)[solid], 1.0)


def test_iou_of_a_known_pair():
    assert boxes.pairwise_iou([[0, 0, 2, 2]], [[1, 0, 3, 2]])[0, 0] == pytest.approx(1 / 3)
    assert boxes.pairwise_iou([[0, 0, 0, 0]], [[0, 0, 0, 0]])[0, 0] == 0.0


def _instance(number=1, **fields):
    mask = np.zeros((20, 30), dtype=bool)
    mask[4:10, 5:9] = True
    values = {
        "id": number,
        "category": "person",
        "attributes": {"role": "patient"},
        "mask": masks.encode(mask),
        "bbox_visible": boxes.mask_extent(mask),
        "bbox_covered": boxes.mask_extent(mask),
        "keypoints": [[6.0, 5.0, 2]] * 16 + [[0.0, 0.0, 0]],
        "occluded_by": ["none"] * 16 + ["outside"],
    }
    return record.Instance(**{**values, **fields})


def _frame(index=3, instances=None):
    camera = record.Camera("pinhole", 30, 20, {"fx": 20.0, "fy": 20.0, "cx": 15.0, "cy": 10.0}, [[1.0, 0, 0, 0]] * 3)
    instances = (_instance(),) if instances is None else instances
    return record.Frame(dataset.image_file(index), 30, 20, 7, index, index, 0, camera, {"people": "1"}, {}, instances)


INFO = dataset.DatasetInfo("ward", 7, {"a": 1}, (dataset.Category(1, "person"), dataset.Category(2, "bed")))


def test_a_frame_round_trips_and_leaves_out_what_is_unknown():
    value = record.frame_to_json(_frame())
    assert record.frame_from_json(json.loads(json.dumps(value))) == _frame()
    assert "bbox_amodal" not in value["instances"][0]
    assert "visible_fraction" not in value["instances"][0]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda v: v["camera"].pop("model"), "camera: missing .*'model'"),
        (lambda v: v.update(version=99), "version 99"),
        (lambda v: v.update(format="coco"), "not a WardSynth frame"),
        (lambda v: v.update(colour="red"), "unknown field 'colour'"),
        (lambda v: v.update(instances=3), "instances is int"),
        (lambda v: v["instances"][0].pop("attributes"), "attributes"),
        (lambda v: v["instances"][0].update(keypoints=[[1, 2, 2]]), "expected 17 key points"),
    ],
)
def test_a_wrong_frame_names_what_is_wrong(change, said):
    value = record.frame_to_json(_frame())
    change(value)
    with pytest.raises(errors.FormatError, match=said) as caught:
        record.frame_from_json(value, "000003.json")
    assert str(caught.value).startswith("000003.json")
    assert "\n" not in str(caught.value)


def test_a_dataset_round_trips(tmp_path):
    dataset.write_info(tmp_path, INFO)
    for index in (5, 3):
        dataset.write_frame(tmp_path, _frame(index), b"picture")
    assert dataset.read_info(tmp_path) == INFO
    assert [frame.index for frame in dataset.read_frames(tmp_path)] == [3, 5]
    assert (tmp_path / "images" / "000003.jpg").read_bytes() == b"picture"
    assert not list(tmp_path.rglob(atomic.TEMPORARY_PREFIX + "*"))


@pytest.mark.parametrize("text", ["", "{}", '{"format": "wardsynth"}', '{"format": "wardsynth", "version": 1}', "[]"])
def test_a_broken_dataset_json_names_the_file(tmp_path, text):
    (tmp_path / "dataset.json").write_text(text)
    with pytest.raises(errors.FormatError, match=r"dataset\.json"):
        dataset.read_info(tmp_path)


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "record.json"
    atomic.write_json(path, {"a": 1})
    with pytest.raises(ValueError, match="JSON"):
        atomic.write_json(path, {"a": float("nan")})
    assert json.loads(path.read_text()) == {"a": 1}


def test_coco_keeps_our_fields_and_marks_ignored():
    value = coco.coco_dict(INFO, [_frame(instances=(_instance(), _instance(2, ignore=True)))])
    first, second = value["annotations"]
    assert (first["id"], first["image_id"], first["iscrowd"], second["iscrowd"]) == (1, 3, 0, 1)
    assert first["bbox"] == [5.0, 4.0, 4.0, 6.0]
    assert first["area"] == 24
    assert len(first["keypoints"]) == 51
    assert first["num_keypoints"] == 16
    assert first["occluded_by"][-1] == "outside"
    assert value["categories"][0]["keypoints"] == list(keypoints.NAMES)
    assert value["categories"][0]["skeleton"][0] == [16, 14]  # COCO's own first limb


def test_coco_takes_the_asked_box():
    frame = _frame(instances=(_instance(bbox_amodal=[1.0, 1.0, 9.0, 9.0]),))
    assert coco.coco_dict(INFO, [frame], boxes="amodal")["annotations"][0]["bbox"] == [1.0, 1.0, 9.0, 9.0]
    with pytest.raises(ValueError, match="covered"):
        coco.coco_dict(INFO, [frame], boxes="tight")


def test_lines_of_keras_yolo3():
    frames = [_frame(0), _frame(1, instances=()), _frame(2, instances=(_instance(ignore=True),))]
    assert list(keras_yolo3.lines(frames)) == [
        "images/000000.jpg 5,4,9,10,0",
        "images/000001.jpg",
        "images/000002.jpg",
    ]
