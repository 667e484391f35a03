"""Generating for real: files, identity of images, resuming, refusing."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from conftest import REPOSITORY, SMALL, content

from blender_addon import cli, memory
from shared_format import dataset, masks, schema


def test_the_folder_holds_what_it_should(small_dataset):
    names = {str(path) for path in content(small_dataset)}
    expected = {"dataset.json", "coco.json", "annotations.txt"}
    expected |= {f"images/{n:06d}.jpg" for n in range(5)} | {f"frames/{n:06d}.json" for n in range(5)}
    assert names == expected


def test_records_and_dataset_obey_the_published_schemas(small_dataset):
    validator = pytest.importorskip("jsonschema").Draft202012Validator
    for kind in ("frame", "dataset"):
        validator.check_schema(schema.load(kind))
    assert not list(validator(schema.load("dataset")).iter_errors(dataset.read_json(small_dataset / "dataset.json")))
    for path in (small_dataset / "frames").iterdir():
        assert not list(validator(schema.load("frame")).iter_errors(dataset.read_json(path)))


def test_pycocotools_reads_boxes_masks_and_key_points(small_dataset, capsys):
    referee = pytest.importorskip("pycocotools.coco").COCO(small_dataset / "coco.json")
    people = referee.loadAnns(referee.getAnnIds(catIds=referee.getCatIds(["person"])))
    assert sorted(referee.getImgIds()) == [0, 1, 2, 3, 4]
    assert len(people) >= 5
    for annotation in people:
        mask = referee.annToMask(annotation)
        assert mask.sum() == annotation["area"]
        x, y, width, height = map(int, annotation["bbox"])
        assert mask[y : y + height, x : x + width].sum() == mask.sum()
        assert sum(v > 0 for v in annotation["keypoints"][2::3]) == annotation["num_keypoints"]


def test_the_same_command_in_one_process_gives_the_same_bytes(small_dataset, wardsynth, tmp_path):
    done = wardsynth("generate", "--out", tmp_path / "ward", "--count", 5, *SMALL)
    assert done.returncode == 0, done.stderr
    assert content(tmp_path / "ward") == content(small_dataset)


def test_one_image_alone_is_the_same_image(small_dataset, wardsynth, tmp_path):
    done = wardsynth("generate", "--out", tmp_path / "one", "--start", 3, "--count", 1, *SMALL)
    assert done.returncode == 0, done.stderr
    for name in ("images/000003.jpg", "frames/000003.json"):
        assert (tmp_path / "one" / name).read_bytes() == (small_dataset / name).read_bytes()


def test_resume_mends_what_is_broken_and_ends_the_same(small_dataset, wardsynth, tmp_path):
    folder = tmp_path / "ward"
    shutil.copytree(small_dataset, folder)
    (folder / "images" / "000001.jpg").write_bytes((folder / "images" / "000001.jpg").read_bytes()[:500])
    (folder / "frames" / "000002.json").write_text("{")
    (folder / "frames" / "000004.json").unlink()
    (folder / "coco.json").unlink()
    done = wardsynth("generate", "--out", folder, "--count", 5, "--resume", "--json", *SMALL)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "schema_version": 1,
        "out": str(folder),
        "made": 3,
        "kept": 2,
        "verified": 0,
        "failed": [],
        "untried": 0,
        "stopped": "",
    }
    assert content(folder) == content(small_dataset)


def test_verify_makes_images_again(small_dataset, wardsynth, tmp_path):
    shutil.copytree(small_dataset, tmp_path / "ward")
    words = ["generate", "--out", tmp_path / "ward", "--count", 5, "--resume", "--verify", 40, "--json", *SMALL]
    done = wardsynth(*words)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["verified"] == 2


def test_maps_are_written_beside_the_images(wardsynth, tmp_path):
    image = pytest.importorskip("PIL.Image")
    extra = [word for name in ("depth", "masks", "parts") for word in ("--set", f"labels.{name}=true")]
    done = wardsynth("generate", "--out", tmp_path / "ward", "--count", 2, *SMALL, *extra)
    assert done.returncode == 0, done.stderr
    for frame in dataset.read_frames(tmp_path / "ward"):
        depth = np.asarray(image.open(tmp_path / "ward" / frame.depth_file), dtype=int)
        shown = np.asarray(image.open(tmp_path / "ward" / frame.mask_file), dtype=int)
        assert depth.shape == shown.shape == (96, 96)
        assert (depth == 0).mean() < 0.001  # nothing is behind the gap between the leaves of a closed door
        assert 100 < depth[depth > 0].min() <= depth.max() < 20_000  # millimetres inside a room
        for instance in frame.instances:
            mask = masks.decode(instance.mask)
            assert ((shown == instance.id) == mask).all()
            if instance.category == "person":
                parts = {name: masks.decode(part) for name, part in instance.parts.items()}
                assert set(parts) == {"head", "torso", "arms", "legs"}
                together = sum(part.astype(int) for part in parts.values())
                assert together.max() <= 1
                assert (together > 0)[mask].mean() > 0.97
                assert not (together > 0)[~mask].any()
    (tmp_path / "ward" / frame.depth_file).write_bytes(b"\x89PNG broken")
    done = wardsynth("generate", "--out", tmp_path / "ward", "--count", 2, "--resume", "--json", *SMALL, *extra)
    assert json.loads(done.stdout)["made"] == 1


def test_shards_are_disjoint_and_together_whole(small_dataset, wardsynth, tmp_path):
    for part in (1, 2):
        done = wardsynth("generate", "--out", tmp_path / str(part), "--count", 4, "--shard", f"{part}/2", *SMALL)
        assert done.returncode == 0, done.stderr
        assert dataset.frame_indices(tmp_path / str(part)) == [part - 1, part + 1]
    assert (tmp_path / "2/images/000003.jpg").read_bytes() == (small_dataset / "images/000003.jpg").read_bytes()


def test_a_image_is_a_jpeg_of_the_asked_size(small_dataset):
    image = pytest.importorskip("PIL.Image")
    for path in (small_dataset / "images").iterdir():
        with image.open(path) as opened:
            assert opened.size == (96, 96)
            pixels = np.asarray(opened.convert("L"), dtype=float)
        assert 20 < pixels.mean() < 245
        assert pixels.std() > 5


def test_preview_is_the_image_of_the_batch(small_dataset, wardsynth, tmp_path):
    done = wardsynth("preview", "--index", 2, "--out", tmp_path / "two.jpg", *SMALL)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "two.jpg").read_bytes() == (small_dataset / "images" / "000002.jpg").read_bytes()


def test_preview_as_png_has_the_same_pixels_and_labels_change_some(small_dataset, wardsynth, tmp_path):
    image = pytest.importorskip("PIL.Image")
    for name, extra in (("plain.png", []), ("labels.png", ["--labels"])):
        done = wardsynth("preview", "--index", 2, "--out", tmp_path / name, *extra, *SMALL)
        assert done.returncode == 0, done.stderr
    batch = np.asarray(image.open(small_dataset / "images" / "000002.jpg"), dtype=int)
    plain = np.asarray(image.open(tmp_path / "plain.png").convert("RGB"), dtype=int)
    labels = np.asarray(image.open(tmp_path / "labels.png").convert("RGB"), dtype=int)
    assert np.abs(plain - batch).max() <= 8  # two JPEG decoders
    frame = dataset.read_frame(small_dataset / "frames" / "000002.json")
    changed = (labels != plain).any(axis=2)
    assert changed.any()
    box = next(instance.bbox_visible for instance in frame.instances if instance.bbox_visible)
    x, y, _, _ = map(int, box)
    assert changed[y, x]


def test_spec_is_what_the_record_holds(small_dataset, wardsynth):
    done = wardsynth("spec", "--index", 1, *SMALL)
    assert json.loads(done.stdout) == dataset.read_frame(small_dataset / "frames" / "000001.json").spec


def test_presets_list_and_resolve(wardsynth):
    assert "room" in json.loads(wardsynth("presets", "--json").stdout)["presets"]
    assert json.loads(wardsynth("presets", "room").stdout)["config"]["render.size"] == [416, 416]


def test_furniture_is_labelled_too(small_dataset):
    frames = list(dataset.read_frames(small_dataset))
    things = [instance for frame in frames for instance in frame.instances if instance.category != "person"]
    assert {"bed", "chair", "table"} <= {instance.category for instance in things}
    assert sum(masks.area(instance.mask) > 0 for instance in things) >= len(things) / 2


# Wrong use: one clear line, the right exit code, nothing written.


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--set", "render.sample=3"], "'render.samples'"),
        (["--set", "render.samples=0"], "render.samples"),
        (["--count", "0"], "--count"),
        (["--count", "two"], "two"),
        (["--workers", "0"], "--workers"),
        (["--shard", "3/2"], "I/N"),
        (["--size", "416"], "416x416"),
        (["--preset", "rom"], "'room'"),
        (["--config", "no-such.json"], "no-such.json"),
        (["--seed", "-1"], "-1"),
        (["--verify", "101"], "101"),
        (["--time-limit", "0"], "--time-limit"),
        (["--recycle", "0"], "--recycle"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_wrong_arguments(tmp_path, capsys, arguments, said):
    assert cli.run(["generate", "--out", str(tmp_path / "new"), *arguments]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""
    assert not (tmp_path / "new").exists()


def test_a_preview_that_needs_more_memory_than_there_is_is_refused(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(memory, "machine_memory", lambda: 4_000_000_000)
    monkeypatch.setattr(cli, "missing_requirement", lambda _device: None)
    assert cli.run(["preview", "--index", "0", "--size", "8000x2000", "--out", str(tmp_path / "wide.png")]) == 2
    printed = capsys.readouterr()
    assert "8000x2000" in printed.err
    assert "4.0 GB" in printed.err
    assert printed.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("word", [[], ["nonsense"]])
def test_no_or_an_unknown_command(wardsynth, word):
    done = wardsynth(*word)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("word", ["generate", "merge", "preview", "spec", "presets"])
def test_help_has_an_example(wardsynth, word):
    done = wardsynth(word, "--help")
    assert done.returncode == 0
    assert f"example: wardsynth {word}" in done.stdout


@pytest.mark.slow
def test_killed_thirty_times_at_random_it_ends_byte_identical(small_dataset, wardsynth, tmp_path):
    chance, out = random.Random(30), tmp_path / "ward"
    words = ["generate", "--out", out, "--count", 5, "--workers", 2, "--resume", *SMALL]
    for _ in range(30):
        running = subprocess.Popen(
            [sys.executable, "-m", "blender_addon", *map(str, words)],
            cwd=REPOSITORY,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            running.wait(timeout=chance.uniform(0.0, 12.0))
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
        assert running.wait() in (0, -signal.SIGKILL)
    done = wardsynth(*words, "--verify", 100)
    assert done.returncode == 0, done.stderr
    assert content(out) == content(small_dataset)


def test_a_folder_that_holds_a_dataset_is_not_touched(small_dataset, wardsynth):
    before = content(small_dataset)
    done = wardsynth("generate", "--out", small_dataset, "--count", 6, *SMALL)
    assert done.returncode == 2
    assert "--resume" in done.stderr
    assert content(small_dataset) == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--seed", "8"], "seed 7"), (["--set", "camera.roll_deg=3"], "camera.roll_deg = [-6.0, 6.0]")],
)
def test_resume_refuses_another_dataset(small_dataset, wardsynth, arguments, said):
    before = content(small_dataset)
    done = wardsynth("generate", "--out", small_dataset, "--count", 6, "--resume", *SMALL, *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert content(small_dataset) == before


def test_a_folder_with_something_else_is_not_touched(wardsynth, tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    done = wardsynth("generate", "--out", tmp_path, "--count", 1, *SMALL)
    assert done.returncode == 2
    assert str(tmp_path) in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("where", ["file/below", "file"])
def test_a_folder_that_cannot_be_written(wardsynth, tmp_path, where):
    (tmp_path / "file").write_text("a file, not a folder")
    done = wardsynth("generate", "--out", tmp_path / where, "--count", 1, *SMALL)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert (tmp_path / "file").read_text() == "a file, not a folder"


def test_a_missing_asset_file(wardsynth, tmp_path):
    for package in ("blender_addon", "shared_format"):
        shutil.copytree(REPOSITORY / package, tmp_path / package, ignore=shutil.ignore_patterns("*.npz", "__pycache__"))
    done = wardsynth("generate", "--out", tmp_path / "new", "--count", 1, cwd=tmp_path)
    assert done.returncode == 2
    assert "make assets" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "new").exists()


def test_a_python_without_bpy(wardsynth, tmp_path):
    (tmp_path / "bpy.py").write_text("raise ImportError('No module named bpy')")
    done = wardsynth("generate", "--out", tmp_path / "new", "--count", 1, env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 2
    assert "Python 3.11" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("words", [["preview", "--index", 0], ["generate", "--count", 2]])
def test_a_device_this_machine_lacks(wardsynth, tmp_path, words):
    done = wardsynth(*words, "--out", tmp_path / "new.png", "--device", "metal", *SMALL)
    assert done.returncode == 2
    assert "use cpu" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_stops_cleanly_and_says_how_to_go_on(tmp_path, workers):
    folder = tmp_path / "ward"
    words = ["generate", "--out", folder, "--count", 500, "--workers", workers, *SMALL]
    running = subprocess.Popen(
        [sys.executable, "-m", "blender_addon", *map(str, words)],
        cwd=REPOSITORY,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        deadline = time.monotonic() + 120
        while not list(folder.glob("frames/*.json")):
            assert time.monotonic() < deadline
            assert running.poll() is None
            time.sleep(0.2)
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to all of the group
        _, said = running.communicate(timeout=60)
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
    assert running.returncode == 130
    assert "--resume" in said
    assert "Traceback" not in said
    assert not list(folder.rglob(".part-*")) or not (folder / "coco.json").exists()
    for frame in dataset.read_frames(folder):
        assert (folder / frame.file).read_bytes()[-2:] == b"\xff\xd9"
