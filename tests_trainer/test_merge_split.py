"""`trainer merge` and `trainer split`: nothing lost, nothing twice, no scene on two sides."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from shared_format import atomic, dataset, schema
from shared_format.record import frame_to_json
from trainer.datasets.leakage_groups import components
from trainer.datasets.split import deal
from trainer.examples.readers import read_data, read_labels

from .commands import one_line, trainer
from .conftest import make_dataset
from .refusals import names

KINDS = ("wardsynth", "coco", "yolo", "voc", "keras-yolo3")


def ran(capsys, *arguments):
    code, out, err = trainer(capsys, *arguments, "--json")
    assert code == 0, err
    return json.loads(out)


def change_frames(folder, change):
    """Rewrite every record of a dataset."""
    for frame in list(dataset.read_frames(folder)):
        atomic.write_json(dataset.frame_path(folder, frame.index), frame_to_json(change(frame)))
    return folder


def with_config(folder):
    """As the generator leaves it: with the config that drew it."""
    dataset.write_info(folder, replace(dataset.read_info(folder), config={"people.count": {"1": 1.0}}))
    return folder


def boxes_by_image(data):
    return {example.path.read_bytes(): example.annotations.boxes.tolist() for example in read_data(str(data)).examples}


# --- merge ---


def test_shards_of_one_job_are_the_dataset_again(capsys, tmp_path):
    whole = with_config(make_dataset(tmp_path / "whole", count=6))
    ran(capsys, "convert", f"{whole}[:2]", "--to", "wardsynth", "--out", tmp_path / "one")
    ran(capsys, "convert", f"{whole}[2:]", "--to", "wardsynth", "--out", tmp_path / "two")
    # The generator names a dataset after its folder.
    dataset.write_info(tmp_path / "one", replace(dataset.read_info(whole), name="one"))
    report = ran(capsys, "merge", tmp_path / "two", tmp_path / "one", "--out", tmp_path / "merged")
    assert (report["pictures"], report["renumbered"], report["sources"]) == (6, False, {"drawn": 6})
    assert list(dataset.read_frames(tmp_path / "merged")) == list(dataset.read_frames(whole))
    assert dataset.read_info(tmp_path / "merged") == replace(dataset.read_info(whole), name="merged")
    code, _, err = trainer(capsys, "merge", tmp_path / "one", tmp_path / "one", "--out", tmp_path / "twice")
    assert code == 2
    assert "twice" in err
    assert one_line(err)


def test_shards_that_overlap_are_refused(capsys, tmp_path):
    one = with_config(make_dataset(tmp_path / "one", count=3))
    two = with_config(make_dataset(tmp_path / "two", count=3, start=2))
    code, _, err = trainer(capsys, "merge", one, two, "--out", tmp_path / "merged")
    assert code == 2
    assert "image 2 is also" in err
    assert not (tmp_path / "merged").exists()


@pytest.mark.parametrize("target", KINDS)
def test_data_of_every_kind_as_one(capsys, tmp_path, target):
    """Five datasets of five kinds, all with the same numbers and names of images."""
    everything, data = {}, []
    for number, kind in enumerate(KINDS):
        drawn = make_dataset(tmp_path / f"drawn-{kind}", count=2, seed=number)
        ran(capsys, "convert", drawn, "--to", kind, "--out", tmp_path / kind, "--classes", "person,bed")
        everything.update(boxes_by_image(tmp_path / kind))
        data.append(tmp_path / kind)
    report = ran(capsys, "merge", *data, "--out", tmp_path / "all", "--to", target, "--classes", "person,bed")
    assert (report["pictures"], report["format"], sum(report["sources"].values())) == (10, target, 10)
    assert report["renumbered"] is True
    found = boxes_by_image(tmp_path / "all")
    assert set(found) == set(everything)
    for image, boxes in everything.items():
        np.testing.assert_allclose(found[image], boxes, atol=1.0 if target == "keras-yolo3" else 1e-3)


def test_what_came_from_where_stays_known(capsys, tmp_path):
    one, two = (make_dataset(tmp_path / name, count=2, seed=seed) for name, seed in (("one", 1), ("two", 2)))
    ran(capsys, "merge", one, two, "--out", tmp_path / "all")
    info, frames = dataset.read_info(tmp_path / "all"), list(dataset.read_frames(tmp_path / "all"))
    assert [frame.attributes["source"] for frame in frames] == ["drawn"] * 2 + ["drawn-2"] * 2
    assert [frame.index for frame in frames] == [0, 1, 2, 3]
    assert [entry["seed"] for entry in info.generator["from"]] == [1, 2]
    assert info.attributes["source"] == ["drawn", "drawn-2"]
    for path in (tmp_path / "all" / "frames").iterdir():
        jsonschema.validate(json.loads(path.read_text()), schema.load("frame"))
    jsonschema.validate(json.loads((tmp_path / "all" / "dataset.json").read_text()), schema.load("dataset"))
    assert trainer(capsys, "doctor", tmp_path / "all", "--strict")[0] == 0


def test_maps_of_two_datasets_with_one_name_come_along(capsys, tmp_path):
    data = []
    for seed in (1, 2):
        folder = make_dataset(tmp_path / str(seed), count=1, seed=seed)
        (folder / "depth").mkdir()
        Image.fromarray(np.full((80, 96), 1000 * seed, np.uint16)).save(folder / "depth" / "000000.png")
        change_frames(folder, lambda frame: replace(frame, depth_file="depth/000000.png"))
        data.append(folder)
    ran(capsys, "merge", *data, "--out", tmp_path / "all")
    for seed, frame in enumerate(dataset.read_frames(tmp_path / "all"), start=1):
        assert np.asarray(Image.open(tmp_path / "all" / frame.depth_file)).max() == 1000 * seed
    assert "files.stray" not in trainer(capsys, "doctor", tmp_path / "all")[1]


def test_the_one_box_of_other_data_stands_for_the_asked_one(capsys, tmp_path):
    own = make_dataset(tmp_path / "own", count=1)
    ran(capsys, "convert", make_dataset(tmp_path / "drawn", 1, seed=2), "--to", "voc", "--out", tmp_path / "voc")
    arguments = ("--to", "yolo", "--boxes", "visible", "--classes", "person")
    report = ran(capsys, "merge", own, tmp_path / "voc", "--out", tmp_path / "all", *arguments)
    assert report["boxes"] == sum(read_data(str(data)).box_count for data in (own, tmp_path / "voc"))


def test_the_same_image_in_two_datasets_is_said_and_stays_on_one_side(capsys, ward, tmp_path):
    ran(capsys, "convert", f"{ward}[:3]", "--to", "voc", "--out", tmp_path / "voc")
    words = ("merge", f"{ward}[2:]", tmp_path / "voc", "--classes", "person", "--out", tmp_path / "all")
    code, _, err = trainer(capsys, *words)
    assert code == 0
    assert all(names(err.strip(), value) for value in ("1 images", "000002.jpg"))
    report = ran(capsys, "split", tmp_path / "all", "--ratio", "1,1", "--out", tmp_path / "sides")
    assert report["groups"] == 6
    twins = {0, 6}  # of seven, the third image of the ward is the first of one and the last of the other
    assert any(twins <= set(side["ids"]) for side in report["sides"].values())


def test_a_class_that_nobody_has(capsys, ward, tmp_path):
    code, _, err = trainer(capsys, "merge", ward, "--out", tmp_path / "all", "--classes", "person,cat")
    assert code == 2
    assert all(part in err for part in ("--classes cat", "person, bed"))


# --- split ---


def test_no_scene_is_on_two_sides(capsys, tmp_path):
    """Twelve images of four scenes, three views each."""
    folder = change_frames(
        make_dataset(tmp_path / "ward", count=12),
        lambda frame: replace(frame, scene_index=frame.index // 3, view_index=frame.index % 3),
    )
    report = ran(capsys, "split", folder, "--ratio", "50,25,25", "--out", tmp_path / "sides", "--seed", 3)
    assert (report["groups"], report["left_out"]) == (4, 0)
    scenes = {}
    for name, side in report["sides"].items():
        frames = list(dataset.read_frames(tmp_path / "sides" / name))
        assert [frame.index for frame in frames] == side["ids"]
        assert {frame.attributes["split"] for frame in frames} == {name}
        scenes[name] = {frame.scene_index for frame in frames}
    assert {name: len(found) for name, found in scenes.items()} == {"train": 2, "val": 1, "test": 1}
    assert set().union(*scenes.values()) == {0, 1, 2, 3}
    manifest = json.loads((tmp_path / "sides" / "split.json").read_text())
    assert manifest == report
    again = ran(capsys, "split", folder, "--ratio", "50,25,25", "--out", tmp_path / "again", "--seed", 3)
    assert [side["ids"] for side in again["sides"].values()] == [side["ids"] for side in report["sides"].values()]
    others = {
        tuple(
            ran(capsys, "split", folder, "--ratio", "50,50", "--out", tmp_path / f"s{seed}", "--seed", seed)["sides"][
                "val"
            ]["ids"]
        )
        for seed in range(5)
    }
    assert len(others) > 1


def test_cameras_that_share_scenes_cannot_be_told_apart(capsys, tmp_path):
    views = [np.eye(3, 4).tolist(), (np.eye(3, 4) + 1).tolist()]

    def change(frame):
        camera = replace(frame.camera, extrinsics=views[frame.index % 2])
        return replace(frame, scene_index=frame.index // 2, camera=camera)

    folder = change_frames(make_dataset(tmp_path / "ward", count=8), change)
    code, _, err = trainer(capsys, "split", folder, "--by", "camera", "--out", tmp_path / "sides")
    assert code == 2
    assert all(names(err.strip(), value) for value in ("8 images", "1 groups", "scene", "camera", "val"))
    assert not (tmp_path / "sides").exists()
    alone = change_frames(folder, lambda frame: replace(frame, scene_index=frame.index))
    report = ran(capsys, "split", alone, "--by", "camera", "--ratio", "1,1", "--out", tmp_path / "sides")
    assert sorted(side["ids"] for side in report["sides"].values()) == [[0, 2, 4, 6], [1, 3, 5, 7]]


def test_characters_of_a_library_stay_on_one_side(capsys, tmp_path):
    """Three characters; two of them meet in one image and hang together from there on."""
    cast = {0: ["a"], 1: ["b"], 2: ["c"], 3: ["a", "b"], 4: ["c"], 5: [], 6: ["b"], 7: ["c"]}

    def change(frame):
        people = [{"id": 1, "model": {"file": f"{name}.glb"}} for name in cast[frame.index]] or [{"id": 1}]
        return replace(frame, spec={"people": people})

    folder = with_config(change_frames(make_dataset(tmp_path / "ward", count=8), change))
    report = ran(capsys, "split", folder, "--by", "character", "--ratio", "5,3", "--out", tmp_path / "sides")
    sides = [set(side["ids"]) for side in report["sides"].values()]
    together = [{0, 1, 3, 6}, {2, 4, 7}, {5}]
    assert report["groups"] == 3
    for group in together:
        assert any(group <= side for side in sides)


def test_names_of_files_can_say_it_as_the_predecessors_did(capsys, tmp_path):
    names = [
        f"F{person}ABMI01_FA{clip:02d}_L00_S01_{frame:03d}" for person in "PV" for clip in (1, 2) for frame in (1, 11)
    ]
    for shade, name in enumerate(names):
        Image.new("L", (40, 30), 20 * shade).save(tmp_path / f"{name}.png")
    (tmp_path / "annotations.txt").write_text("".join(f"{name}.png 1,2,9,9,0\n" for name in names))
    pattern = r"(?P<scene>(?P<character>[^_]+)_[^_]+)_"
    arguments = (tmp_path, "--file-names", pattern, "--ratio", "1,1")
    report = ran(capsys, "split", *arguments, "--by", "character", "--out", tmp_path / "out")
    assert (report["groups"], report["format"]) == (2, "keras-yolo3")
    texts = [(tmp_path / "out" / side / "annotations.txt").read_text() for side in ("train", "val")]
    assert [{line[7:9] for line in text.splitlines()} for text in texts] in ([{"FP"}, {"FV"}], [{"FV"}, {"FP"}])
    assert ran(capsys, "split", *arguments, "--by", "scene", "--out", tmp_path / "scenes")["groups"] == 4


def test_videos_of_a_coco_file_are_scenes(capsys, ward, tmp_path):
    ran(capsys, "convert", ward, "--to", "coco", "--out", tmp_path / "coco")
    value = json.loads((tmp_path / "coco" / "coco.json").read_text())
    for image in value["images"]:
        image["attributes"] = {"video": f"{image['id'] % 2}.mp4"}
    (tmp_path / "coco" / "coco.json").write_text(json.dumps(value))
    report = ran(capsys, "split", tmp_path / "coco", "--ratio", "1,1", "--out", tmp_path / "sides")
    assert sorted(side["ids"] for side in report["sides"].values()) == [[0, 2, 4], [1, 3, 5]]


def test_counts_leave_the_rest_out_and_sources_part(capsys, tmp_path):
    one, two = (make_dataset(tmp_path / name, count=3, seed=seed) for name, seed in (("one", 1), ("two", 2)))
    ran(capsys, "merge", one, two, "--out", tmp_path / "all")
    report = ran(capsys, "split", tmp_path / "all", "--counts", "3,2", "--names", "a,b", "--out", tmp_path / "sides")
    assert [side["pictures"] for side in report["sides"].values()] == [3, 2]
    assert report["left_out"] == 1
    by_source = ran(capsys, "split", tmp_path / "all", "--by", "source", "--ratio", "1,1", "--out", tmp_path / "by")
    assert sorted(side["ids"] for side in by_source["sides"].values()) == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_splits_into_its_own_kind_and_comes_together_again(capsys, ward, tmp_path, kind):
    ran(capsys, "convert", ward, "--to", kind, "--out", tmp_path / "data", "--classes", "person")
    report = ran(capsys, "split", tmp_path / "data", "--ratio", "2,1", "--out", tmp_path / "sides")
    sides = [side["folder"] for side in report["sides"].values()]
    assert [read_labels(side).kind for side in sides] == [kind, kind]
    assert [side["pictures"] for side in report["sides"].values()] == [4, 2]
    merged = ran(capsys, "merge", *sides, "--to", "yolo", "--classes", "person", "--out", tmp_path / "all")
    assert merged["pictures"] == 6
    assert boxes_by_image(tmp_path / "all").keys() == boxes_by_image(ward).keys()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--ratio", "80"], "--ratio 80,20"),
        (["--ratio", "80,x"], "--ratio '80,x'"),
        (["--ratio", "1,1", "--counts", "3,3"], "--ratio and --counts"),
        (["--counts", "5,2"], "--counts 5,2: "),
        (["--counts", "1.5,2"], "--counts '1.5,2'"),
        (["--ratio", "5,0"], "--ratio and --counts"),
        (["--ratio", "1,1,1,1"], "0 names for 4"),
        (["--names", "a,a"], "--names a,a"),
        (["--names", "a,../b"], "--names a,../b"),
        (["--by", "ward"], " ward;"),
        (["--by", "character"], "--file-names"),
        (["--by", "light"], "left for val"),
        (["--file-names", "("], "--file-names '('"),
        (["--file-names", "(.*)"], "--file-names '(.*)'"),
    ],
)
def test_wrong_use_writes_nothing(capsys, ward, tmp_path, arguments, message):
    code, out, err = trainer(capsys, "split", ward, "--out", tmp_path / "sides", *arguments)
    assert (code, out) == (2, "")
    assert message in err
    assert one_line(err)
    assert [path.name for path in tmp_path.iterdir()] == ["ward"]


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=60),
    st.lists(st.integers(1, 5), min_size=2, max_size=4),
    st.integers(0, 99),
)
@settings(max_examples=150, deadline=None)
def test_sides_come_as_close_as_the_largest_group_lets_them(sizes, shares, seed):
    wanted = [sum(sizes) * share // sum(shares) for share in shares]
    wanted[0] += sum(sizes) - sum(wanted)
    sides = deal(sizes, wanted, seed)
    for side, count in enumerate(wanted):
        got = sum(size for size, where in zip(sizes, sides) if where == side)
        assert abs(got - count) <= max(sizes) * (len(wanted) - 1)
        if max(sizes) == 1:
            assert got == count


@given(st.lists(st.sets(st.integers(0, 12), min_size=1, max_size=3), max_size=30))
@settings(max_examples=150, deadline=None)
def test_components_are_whole_and_apart(keys):
    groups = components(keys)
    assert sorted(index for group in groups for index in group) == list(range(len(keys)))
    seen = [set().union(*(keys[index] for index in group)) for group in groups]
    assert sum(map(len, seen)) == len(set().union(*seen)) if seen else True
    for group in groups:  # connected: growing from one member reaches all
        reached, grown = set(keys[group[0]]), {group[0]}
        while more := {index for index in group if index not in grown and keys[index] & reached}:
            grown |= more
            reached |= set().union(*(keys[index] for index in more))
        assert grown == set(group)
