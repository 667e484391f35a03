"""The job without its rendering: whole images, kills, failures, stopping. ``stand_in`` makes the images."""

import errno
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import stand_in
from conftest import content
from stand_in_command import command, environment, run

from blender_addon import memory
from blender_addon.draw import config as draw_settings
from blender_addon.job import Job, JobError, folder, run_job, verify_files, worker
from blender_addon.job.definition import Outcome
from blender_addon.progress import ProgressCounter
from shared_format import atomic, coco, dataset, digests, record

COUNT = 12
CONFIG = draw_settings.resolve(None)


def generate(out, *more, count=COUNT):
    return ["generate", "--out", out, "--count", count, "--workers", 2, *more]


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    """A dataset made in one go."""
    out = tmp_path_factory.mktemp("unbroken") / "ward"
    done = run(*generate(out))
    assert done.returncode == 0, done.stderr
    return out


# An image is whole, or it is seen not to be.


@pytest.fixture
def one(tmp_path):
    """A dataset of images 3 and 4 of seed 7."""
    dataset.write_info(tmp_path, folder.dataset_info(Job(tmp_path, CONFIG, seed=7)))
    for index in (3, 4):
        image = stand_in.render_image(CONFIG, 7, index)
        dataset.write_frame(tmp_path, image.frame, image.image, {})
    return tmp_path


def _problem(out, index=3, config=CONFIG, seed=7):
    return verify_files.FileVerifier(out, config, seed).find_problem(index)


def test_a_image_as_it_was_written_is_whole(one):
    assert _problem(one) is None


def _reseal(out, **fields):
    path = dataset.frame_path(out, 3)
    atomic.write_json(path, record.frame_to_json(replace(dataset.read_frame(path), **fields)))


def _zero_the_middle(path):
    content = bytearray(path.read_bytes())
    content[1000:1512] = bytes(512)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        (lambda d: (d / "frames/000003.json").unlink(), "no record"),
        (lambda d: (d / "frames/000003.json").write_bytes(b'{"format":'), "cannot be read as JSON"),
        (lambda d: (d / "images/000003.jpg").unlink(), "images/000003.jpg: No such file"),
        (lambda d: _zero_the_middle(d / "images/000003.jpg"), "images/000003.jpg"),
        (lambda d: shutil.copy(d / "images/000004.jpg", d / "images/000003.jpg"), "images/000003.jpg"),
        (lambda d: shutil.copy(d / "frames/000004.json", d / "frames/000003.json"), "of image 4 of seed 7"),
        (lambda d: _reseal(d, seed=8), "of image 3 of seed 8"),
        (lambda d: _reseal(d, file="images/000004.jpg"), "names images/000004.jpg"),
        (lambda d: _reseal(d, sha256=None), "no digests"),
        (lambda d: _reseal(d, depth_file="depth/000003.png"), "depth/000003.png: No such file"),
    ],
)
def test_a_damaged_or_foreign_image_is_not(one, harm, problem):
    harm(one)
    assert problem in _problem(one)


def test_a_image_of_another_config_is_not(one):
    assert _problem(one, config={**CONFIG, "camera.roll_deg": [-5.0, 5.0]}) == "its record is of another config"


def test_the_order_of_settings_is_no_other_config():
    assert digests.of_config(dict(reversed(CONFIG.items()))) == digests.of_config(CONFIG)


# Killed, and gone on with.


def _kill_at_random(out, chance, acts, kill):
    """Begin or go on with a run, and ``kill`` it at a random moment unless it has ended; returns its exit code."""
    running = subprocess.Popen(
        command(generate(out, *(["--resume"] if out.exists() else []))),
        env=environment(acts),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        running.wait(timeout=chance.uniform(0.0, 3.0))
    except subprocess.TimeoutExpired:
        kill(running)
    said = running.communicate(timeout=60)[1].decode()
    assert "Traceback" not in said
    return running.returncode


@pytest.mark.parametrize("what", ["all of it", "the parent alone"])
def test_killed_at_random_and_resumed_it_ends_byte_identical(unbroken, tmp_path, what):
    chance = random.Random(len(what))
    out = tmp_path / "ward"

    def kill(running):
        (os.killpg if what == "all of it" else os.kill)(running.pid, signal.SIGKILL)

    for _ in range(4):
        code = _kill_at_random(out, chance, {"pause": 0.3}, kill)
        assert code in (0, -signal.SIGKILL)
    done = run(*generate(out, *(["--resume"] if out.exists() else [])))
    assert done.returncode == 0, done.stderr
    assert content(out) == content(unbroken)


def test_workers_end_with_their_parent(tmp_path):
    running = subprocess.Popen(
        command(generate(tmp_path / "ward")),
        env=environment({"pause": 60, "log": str(tmp_path / "log")}),
        stderr=subprocess.DEVNULL,
    )
    begun = _wait_for(lambda: (tmp_path / "log").is_file() and (tmp_path / "log").read_text().splitlines())
    running.kill()
    running.wait()
    processes = [int(line.split()[1]) for line in begun]
    _wait_for(lambda: not any(Path(f"/proc/{process}/cmdline").exists() for process in processes))


def _wait_for(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return value


def test_what_a_kill_left_half_written_is_swept_away(unbroken, tmp_path):
    out = shutil.copytree(unbroken, tmp_path / "ward")
    for name in (".part-coco.json", "images/.part-000003.jpg", "frames/.part-000999.json", ".run-00ff"):
        (out / name).write_bytes(b"half")
    assert run(*generate(out, "--resume")).returncode == 0
    assert content(out) == content(unbroken)


def test_a_run_killed_before_its_dataset_json_can_be_begun_again(unbroken, tmp_path):
    out = tmp_path / "ward"
    for name in ("images", "frames"):
        (out / name).mkdir(parents=True)
    (out / ".part-dataset.json").write_bytes(b"{")
    assert run(*generate(out, "--resume")).returncode == 0
    assert content(out) == content(unbroken)


def test_a_second_run_in_the_same_folder_is_refused(one, monkeypatch):
    monkeypatch.setattr(folder, "_LOCK_PATIENCE_S", 0.2)
    info = folder.dataset_info(Job(one, CONFIG, seed=7))
    with (
        folder.open_dataset_folder(one, info, resume=True),
        pytest.raises(JobError, match=str(one)),
    ):
        folder.open_dataset_folder(one, info, resume=True).__enter__()
    with folder.open_dataset_folder(one, info, resume=True):
        pass


@pytest.mark.parametrize(("workers", "is_refused"), [(1, False), (2, True)])
def test_images_that_need_more_memory_than_there_is_are_refused_before_they_start(
    tmp_path, monkeypatch, workers, is_refused
):
    monkeypatch.setattr(memory, "machine_memory", lambda: 2_000_000_000)
    config = draw_settings.resolve(pairs=["render.size=[1024,2048]"])
    job = Job(tmp_path / "ward", config, count=2, workers=workers)
    monkeypatch.setattr("blender_addon.job.run.run_on_this_machine", lambda *_arguments: None)
    if is_refused:
        with pytest.raises(JobError, match=r"1024x2048.* 2\.0 GB"):
            run_job(job)
        assert not job.out.exists()
    else:
        run_job(job)


def test_a_machine_that_does_not_tell_its_memory_refuses_nothing(monkeypatch):
    assert memory.machine_memory() > 1e8
    monkeypatch.setattr(memory, "machine_memory", lambda: None)
    assert memory.find_image_memory_problem((8192, 8192), 99) is None


@pytest.mark.parametrize(("limit", "expected"), [("1500000000", 1_500_000_000), ("max", None), (None, None)])
def test_the_limit_of_a_container_counts(tmp_path, monkeypatch, limit, expected):
    if limit is not None:
        (tmp_path / "memory.max").write_text(limit + "\n")
    monkeypatch.setattr(memory, "_CONTROL_GROUP_LIMIT", tmp_path / "memory.max")
    assert memory.machine_memory() == (expected or os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))


def test_coco_json_is_there_only_while_it_tells_of_all(unbroken, tmp_path):
    out = shutil.copytree(unbroken, tmp_path / "ward")
    done = run(*generate(out, "--resume", count=COUNT + 1), acts={str(COUNT): "raise"})
    assert done.returncode == 1
    assert not (out / "coco.json").exists()
    assert not (out / "annotations.txt").exists()


# What fails is named, the rest goes on, and resuming mends it.


@pytest.mark.parametrize(
    ("act", "named"),
    [
        ("raise", ("ValueError", "it cannot be made")),
        ("die", ("code 5", "so it goes")),
        ("hang", ("2 seconds",)),
    ],
)
def test_a_image_that_fails_three_times(unbroken, tmp_path, act, named):
    out, log = tmp_path / "ward", tmp_path / "log"
    done = run(*generate(out, "--time-limit", 2, "--json"), acts={"3": act, "log": str(log)})
    assert done.returncode == 1
    assert "--resume" in done.stderr
    outcome = json.loads(done.stdout)
    (failure,) = outcome["failed"]
    assert (failure["index"], failure["seed"]) == (3, 0)
    assert all(value in failure["reason"] for value in named)
    assert f"wardsynth: image 3 of seed 0 failed: {failure['reason']}" in done.stderr.splitlines()
    assert outcome["made"] == COUNT - 1
    begun = [int(line.split()[0]) for line in log.read_text().splitlines()]
    assert sorted(begun) == sorted([*range(COUNT), 3, 3])
    assert run(*generate(out, "--resume")).returncode == 0
    assert content(out) == content(unbroken)


def test_a_process_that_died_once_costs_nothing_but_time(unbroken, tmp_path):
    out = tmp_path / "ward"
    done = run(*generate(out), acts={"3": "die-once", "log": str(tmp_path / "log")})
    assert done.returncode == 0, done.stderr
    assert content(out) == content(unbroken)


def _allow_files_of_100_000_bytes():
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


def test_a_image_that_cannot_be_written(unbroken, tmp_path):
    done = run(
        *generate(tmp_path / "ward"),
        acts={"3": "large", "log": str(tmp_path / "log")},
        preexec_fn=_allow_files_of_100_000_bytes,
    )
    assert done.returncode == 1
    assert "image 3 of seed 0" in done.stderr
    assert os.strerror(errno.EFBIG) in done.stderr
    assert not list((tmp_path / "ward").rglob(".part-*"))
    assert len((tmp_path / "log").read_text().splitlines()) == COUNT  # it was written again, not made again
    assert dataset.frame_indices(tmp_path / "ward") == [index for index in range(COUNT) if index != 3]


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 300 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "none", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk is not allowed here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_stops_the_job_and_resuming_elsewhere_mends_it(unbroken, small_disk, tmp_path):
    done = run(*generate(small_disk / "ward", "--json", count=80))
    assert done.returncode == 1
    outcome = json.loads(done.stdout)
    assert 0 < outcome["made"] < 80
    assert all(os.strerror(errno.ENOSPC) in failure["reason"] for failure in outcome["failed"])
    assert outcome["untried"] > 0
    assert outcome["made"] + len(outcome["failed"]) + outcome["untried"] == 80
    assert "5 images" in done.stderr
    shutil.copytree(small_disk / "ward", tmp_path / "ward")
    assert run(*generate(tmp_path / "ward", "--resume", "--json", count=COUNT)).returncode == 0
    first = [name for name in content(unbroken) if name.parts[0] in ("images", "frames")]
    assert all((tmp_path / "ward" / name).read_bytes() == (unbroken / name).read_bytes() for name in first)


def test_a_folder_that_may_only_be_read(unbroken, small_disk):
    out = shutil.copytree(unbroken, small_disk / "ward")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for word in (["--resume"], []):
        done = run(*generate(out if word else small_disk / "new", *word))
        assert done.returncode == 2
        assert str(out if word else small_disk / "new") in done.stderr
        assert done.stderr.count("\n") == 1


def test_made_once_more_and_failing_is_named(unbroken, tmp_path):
    out = shutil.copytree(unbroken, tmp_path / "ward")
    log = tmp_path / "log"
    log.write_text("3 0\n")
    done = run(*generate(out, "--resume", "--verify", 100), acts={"3": "again", "log": str(log)})
    assert done.returncode == 1
    assert "image 3 of seed 0" in done.stderr
    assert "ValueError" in done.stderr


def test_made_once_more_and_different_is_named(unbroken, tmp_path):
    out = shutil.copytree(unbroken, tmp_path / "ward")
    (out / "images/000003.jpg").write_bytes(b"another's")  # and sealed, as by another build of Blender
    sums = {**dataset.read_frame(dataset.frame_path(out, 3)).sha256}
    image = digests.sealed(dataset.read_frame(dataset.frame_path(out, 3)), b"another's", {}, CONFIG)
    assert image.sha256 != sums
    _reseal(out, sha256=image.sha256)
    done = run(*generate(out, "--resume", "--verify", 100))
    assert done.returncode == 1
    assert "images/000003.jpg, frames/000003.json" in done.stderr


# Processes are replaced.


@pytest.mark.parametrize(
    ("words", "acts", "processes"),
    [
        ([], {}, 1),
        (["--recycle", 3], {}, 4),
        (["--memory-limit", 200], {"2": "grow", "7": "grow"}, 3),
        (["--memory-limit", 4000], {"2": "grow", "7": "grow"}, 1),
    ],
)
def test_a_process_is_replaced_after_its_share_or_when_it_has_grown(tmp_path, words, acts, processes):
    log = tmp_path / "log"
    done = run("generate", "--out", tmp_path / "ward", "--count", COUNT, *words, acts={**acts, "log": str(log)})
    assert done.returncode == 0, done.stderr
    assert len({line.split()[1] for line in log.read_text().splitlines()}) == processes


def test_two_workers_share_the_images(tmp_path):
    log = tmp_path / "log"
    assert run(*generate(tmp_path / "ward"), acts={"0": "", "pause": 0.2, "log": str(log)}).returncode == 0
    taken = [line.split()[1] for line in log.read_text().splitlines()]
    assert len(taken) == COUNT
    assert min(taken.count(process) for process in set(taken)) >= COUNT // 4


# Stopping, shards, progress: as the panel uses the job.


@pytest.fixture
def stood_in(monkeypatch):
    monkeypatch.setattr(worker, "_command", lambda: [sys.executable, stand_in.__file__, "worker"])


class _Counting(ProgressCounter):
    def __init__(self, after, stopping):
        super().__init__()
        self.steps, self._after, self._stopping = 0, after, stopping

    def step(self, failed=False):
        self.steps += 1
        if self.steps == self._after:
            self._stopping.set()


def test_a_job_that_is_asked_to_stop_says_so_and_goes_on_later(unbroken, stood_in, tmp_path):
    stopping = threading.Event()
    counting = _Counting(2, stopping)
    job = Job(tmp_path / "ward", CONFIG, count=COUNT, workers=2)
    outcome = run_job(job, counting, stopping)
    assert outcome.stopped == "asked to"
    assert not outcome.failed
    assert not outcome.is_complete
    assert counting.total == COUNT
    assert 2 <= outcome.written < COUNT
    assert outcome.written + outcome.untried == COUNT
    assert run_job(replace(job, resume=True)) == Outcome(outcome.untried, outcome.written, 0, ())
    assert content(tmp_path / "ward") == content(unbroken)


def test_a_shard_without_images_is_refused_in_one_line(tmp_path):
    done = run("generate", "--out", tmp_path / "ward", "--count", 2, "--shard", "5/9")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert all(value in done.stderr for value in ("--shard 5/9", "2 images", "2 shards"))
    assert not (tmp_path / "ward").exists()


def test_coco_json_is_written_as_it_would_be_from_memory(unbroken):
    frames = list(dataset.read_frames(unbroken))
    assert sum(len(frame.instances) for frame in frames) >= COUNT
    expected = atomic.dump_json(coco.coco_dict(dataset.read_info(unbroken), frames))
    assert (unbroken / "coco.json").read_bytes() == expected


def test_an_unwritable_coco_json_leaves_the_one_that_was_there(unbroken, tmp_path):
    frames = list(dataset.read_frames(unbroken))
    strange = replace(frames[1], instances=(replace(frames[1].instances[0], category="dragon"),))
    coco.write(tmp_path / "coco.json", dataset.read_info(unbroken), frames[:1])
    before = (tmp_path / "coco.json").read_bytes()
    with pytest.raises(ValueError, match="dragon"):
        coco.write(tmp_path / "coco.json", dataset.read_info(unbroken), [frames[0], strange])
    assert content(tmp_path) == {Path("coco.json"): before}


def test_the_stand_in_depends_on_config_seed_and_index_alone():
    first, again, other = (stand_in.render_image(CONFIG, 0, index) for index in (3, 3, 4))
    assert first.frame == again.frame
    assert first.image == again.image != other.image
    assert np.array(first.frame.instances[0].bbox_covered).shape == (4,)
