"""Shards joined into one dataset, by the command a user gives; ``stand_in`` makes the images."""

import json
import shutil

import pytest
from conftest import content
from stand_in_command import run

from shared_format import dataset

COUNT = 7


def shards(folder, number=3, seed=5):
    for part in range(1, number + 1):
        done = run(
            *("generate", "--out", folder / str(part), "--count", COUNT, "--seed", seed, "--shard", f"{part}/{number}")
        )
        assert done.returncode == 0, done.stderr
    return [folder / str(part) for part in range(1, number + 1)]


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    return shards(tmp_path_factory.mktemp("parts"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    out = tmp_path_factory.mktemp("whole") / "ward"
    assert run("generate", "--out", out, "--count", COUNT, "--seed", 5).returncode == 0
    return out


def test_merged_shards_are_byte_identical_to_one_run(parts, whole, tmp_path):
    done = run("merge", *reversed(parts), "--out", tmp_path / "ward", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["made"] == COUNT
    assert content(tmp_path / "ward") == content(whole)


def test_a_broken_merge_goes_on(parts, whole, tmp_path):
    out = tmp_path / "ward"
    assert run("merge", *parts, "--out", out).returncode == 0
    (out / "frames/000002.json").unlink()
    (out / "images/000004.jpg").write_bytes(b"half")
    (out / "coco.json").unlink()
    assert run("merge", *parts, "--out", out).returncode == 2
    done = run("merge", *parts, "--out", out, "--resume", "--json")
    outcome = json.loads(done.stdout)
    assert (outcome["made"], outcome["kept"]) == (2, COUNT - 2)
    assert content(out) == content(whole)


def test_a_missing_shard_is_pointed_out(parts, tmp_path):
    done = run("merge", parts[0], parts[2], "--out", tmp_path / "ward")
    assert done.returncode == 0
    assert any("2 images" in line for line in done.stderr.splitlines())


def test_a_damaged_image_is_named_and_the_others_are_merged(parts, tmp_path):
    damaged = shutil.copytree(parts[1], tmp_path / "2")
    (damaged / "images/000004.jpg").write_bytes(b"half")
    done = run("merge", parts[0], damaged, parts[2], "--out", tmp_path / "ward")
    assert done.returncode == 1
    assert all(value in done.stderr for value in ("image 4 of seed 5", str(damaged), "images/000004.jpg"))
    assert dataset.frame_indices(tmp_path / "ward") == [0, 1, 2, 3, 5, 6]
    assert not (tmp_path / "ward/coco.json").exists()


@pytest.mark.parametrize("twice", [0, 2])
def test_a_image_in_two_shards_is_refused(parts, tmp_path, twice):
    done = run("merge", *parts, parts[twice], "--out", tmp_path / "ward")
    _refused(done, tmp_path, f"image {twice}", str(parts[twice]))


def test_other_seeds_and_configs_are_refused(parts, tmp_path):
    words = ["generate", "--count", 1, "--start", 90]
    assert run(*words, "--out", tmp_path / "seed", "--seed", 6).returncode == 0
    assert run(*words, "--out", tmp_path / "config", "--seed", 5, "--samples", 9).returncode == 0
    done = run("merge", *parts, tmp_path / "seed", "--out", tmp_path / "ward")
    _refused(done, tmp_path, str(parts[0]), "seed 5", str(tmp_path / "seed"), "seed 6")
    done = run("merge", *parts, tmp_path / "config", "--out", tmp_path / "ward")
    _refused(done, tmp_path, "render.samples = 4", str(tmp_path / "config"), "9")


def test_what_is_no_dataset_is_refused(parts, tmp_path):
    _refused(run("merge", parts[0], tmp_path, "--out", tmp_path / "ward"), tmp_path, "dataset.json")


def _refused(done, folder, *named):
    assert done.returncode == 2
    assert all(value in done.stderr for value in named)
    assert done.stderr.count("\n") == 1
    assert not (folder / "ward").exists()
