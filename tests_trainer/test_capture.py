"""`trainer capture`: the right frames at the right times, in folders that annotation programs open."""

from __future__ import annotations

import csv
import errno
import json
import os
import re
import threading
import time
import urllib.request
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from trainer.capture import session
from trainer.capture.frames import frames
from trainer.capture.preview import Preview
from trainer.capture.shots import Shots
from trainer.examples.readers import read_labels

from .commands import one_line, trainer
from .turned_videos import ORIENTED, with_matrix

RATE = 10  # frames a second


def brightness(seconds):
    """Of the frame that is shown then: steps that JPEG and the video's codec leave apart."""
    return 20 + round(seconds * RATE) * 2


@pytest.fixture
def video(tmp_path):
    """Ten seconds whose every frame says by its brightness when it is."""
    path = tmp_path / "ward.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), RATE, (64, 48))
    for number in range(10 * RATE):
        writer.write(np.full((48, 64, 3), brightness(number / RATE), np.uint8))
    writer.release()
    return path


def captured(capsys, video, out, *arguments, label=("mask",)):
    labels = [word for name in label for word in ("--label", name)]
    code, stdout, err = trainer(capsys, "capture", "--source", video, "--out", out, *labels, "--json", *arguments)
    return code, json.loads(stdout), err


def log_of(out):
    return list(csv.DictReader((out / "capture.csv").read_text().splitlines()))


@pytest.mark.parametrize("kind", ["voc", "yolo"])
def test_a_image_every_two_seconds(capsys, video, tmp_path, kind):
    out = tmp_path / "out"
    arguments = ("--every", 2, "--count", 4, "--delay", 1, "--to", kind)
    code, result, err = captured(capsys, video, out, *arguments)
    assert (code, result["taken"], result["ended"], result["labels"]) == (0, 4, "all", {"mask": 4})
    rows = log_of(out)
    assert [float(row["seconds"]) for row in rows] == [1, 3, 5, 7]
    for row in rows:
        found = np.asarray(Image.open(out / row["file"]).convert("L")).mean()
        assert abs(found - brightness(float(row["seconds"]))) < 1.5
    assert re.findall(r"mask (\d) in (\d)", err)[:3] == [("1", "1"), ("2", "2"), ("2", "1")]
    labels = read_labels(str(out))
    assert (labels.kind, len(labels.images)) == (kind, 4)
    assert all(not labelled.frame.instances for labelled in labels.images)
    assert not list(out.rglob(".part-*"))


def test_voc_is_what_labelimg_and_cvat_read(capsys, video, tmp_path):
    out = tmp_path / "out"
    captured(capsys, video, out, "--count", 1, label=("mask", "no mask"))
    assert (out / "ImageSets" / "Main" / "default.txt").read_text().split() == ["mask_0001", "no-mask_0001"]
    root = ElementTree.parse(out / "Annotations" / "no-mask_0001.xml").getroot()
    assert root.findtext("filename") == "no-mask_0001.jpg"
    assert [root.findtext(f"size/{name}") for name in ("width", "height", "depth")] == ["64", "48", "3"]
    labels = (out / "labelmap.txt").read_text().splitlines()
    assert labels[0] == "# label:color_rgb:parts:actions"
    assert [line.split(":")[0] for line in labels[1:]] == ["background", "mask", "no mask"]
    assert (out / "classes.txt").read_text() == "mask\nno mask\n"
    view = ElementTree.parse(out / "label_studio.xml").getroot()
    assert [label.get("value") for label in view.iter("Label")] == ["mask", "no mask"]


def test_yolo_is_what_the_programs_read(capsys, video, tmp_path):
    out = tmp_path / "out"
    captured(capsys, video, out, "--count", 2, "--every", 1, "--to", "yolo", label=("b", "a"))
    assert (out / "labels" / "classes.txt").read_text() == "b\na\n"  # LabelImg looks beside the labels
    assert {path.stem for path in (out / "images").iterdir()} == {"b_0001", "b_0002", "a_0001", "a_0002"}
    for path in (out / "images").iterdir():
        assert (out / "labels" / f"{path.stem}.txt").read_bytes() == b""
    assert read_labels(str(out / "data.yaml")).category_names == ("b", "a")


def test_what_is_annotated_is_data(capsys, video, tmp_path):
    out = tmp_path / "out"
    captured(capsys, video, out, "--count", 1, label=("person",))
    path = out / "Annotations" / "person_0001.xml"
    box = "<bndbox><xmin>3</xmin><ymin>5</ymin><xmax>22</xmax><ymax>44</ymax></bndbox>"
    path.write_text(
        path.read_text().replace("</annotation>", f"<object><name>person</name>{box}</object></annotation>")
    )
    (labelled,) = read_labels(str(out)).images
    assert labelled.frame.instances[0].bbox_covered == [2, 4, 20, 40]


def test_a_second_session_adds_to_the_folder(capsys, video, tmp_path):
    out = tmp_path / "out"
    captured(capsys, video, out, "--count", 2)
    path = out / "Annotations" / "mask_0001.xml"
    path.write_text(path.read_text().replace("<segmented>0", "<segmented>1"))  # somebody began to annotate
    _, result, _ = captured(capsys, video, out, "--count", 1, label=("none", "mask"))
    assert result["labels"] == {"mask": 3, "none": 1}
    assert [row["file"] for row in log_of(out)] == [
        f"JPEGImages/{name}.jpg" for name in ("mask_0001", "mask_0002", "none_0001", "mask_0003")
    ]
    assert (out / "classes.txt").read_text() == "mask\nnone\n"
    assert "<segmented>1" in path.read_text()
    code, _, err = trainer(capsys, "capture", "--source", video, "--out", out, "--label", "x", "--to", "yolo")
    assert code == 2
    assert f"{out}: " in err
    assert "yolo" in err


def test_a_video_that_ends_too_early_leaves_what_there_was(capsys, video, tmp_path):
    code, result, _ = captured(capsys, video, tmp_path / "out", "--every", 4, "--count", 9)
    assert (code, result["taken"], result["ended"]) == (1, 2, "source")
    assert len(read_labels(str(tmp_path / "out")).images) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--source", "camera:97"], "camera:97"),
        (["--source", "{tmp}/none.mp4"], "{tmp}/none.mp4"),
        (["--source", "{tmp}/text.mp4"], "{tmp}/text.mp4"),
        (["--label", "mask"], "--label mask, mask"),
        (["--label", " "], "--label ' '"),
        (["--count", "0"], "0 is not in the range"),
        (["--to", "coco"], "'coco' is not one of"),
        (["--out", "{tmp}"], "{tmp}: "),
    ],
)
def test_wrong_use_writes_nothing(capsys, video, tmp_path, arguments, message):
    (tmp_path / "text.mp4").write_text("no video")
    before = sorted(tmp_path.rglob("*"))
    given = (argument.format(tmp=tmp_path) for argument in arguments)
    words = ["--source", video, "--label", "mask", "--out", tmp_path / "out", *given]
    code, out, err = trainer(capsys, "capture", *words)
    assert (code, out) == (2, "")
    assert message.format(tmp=tmp_path) in err
    assert one_line(err)
    assert sorted(tmp_path.rglob("*")) == before


@given(
    st.integers(1, 3),
    st.integers(1, 5),
    st.floats(0.1, 3),
    st.floats(0, 4),
    st.lists(st.floats(0.01, 2.5), min_size=1, max_size=200),
)
@settings(max_examples=150, deadline=None)
def test_no_two_images_come_closer_than_asked_for(labels, count, every, delay, steps):
    """However the camera stalls: steps are the seconds between its frames."""
    shots = Shots([str(number) for number in range(labels)], count, every, delay)
    taken, seconds = [], 0.0
    for step in steps:
        seconds += step
        shot = shots.due(seconds)
        if shot is not None:
            assert shot.seconds <= seconds
            taken.append((shot, seconds))
    assert [shot.label for shot, _ in taken] == [str(n // count) for n in range(len(taken))]
    assert all(shot.number == place % count + 1 for place, (shot, _) in enumerate(taken))
    assert taken == [] or taken[0][1] >= delay
    for (one, _), (two, _) in pairwise(taken):
        assert two.seconds - one.seconds >= every - 1e-9
        assert one.label == two.label or two.seconds - one.seconds >= delay - 1e-9
    assert (shots.next is None) == (len(taken) == labels * count)


def test_the_countdown_is_the_last_three_seconds():
    shots = Shots(["a"], 2, every=10, delay=5)
    assert [shots.countdown(seconds) for seconds in (0, 1.9, 2, 3.5, 4, 4.9)] == [None, None, 3, 2, 1, 1]
    assert shots.due(5) is not None
    assert [shots.countdown(seconds) for seconds in (5.0, 12.1)] == [None, 3]


def test_the_preview_shows_what_the_camera_sees_with_the_countdown(tmp_path, monkeypatch):
    """A browser's part is played here: the page, then images of its stream while the session goes on."""
    looked, seen = threading.Event(), []

    def slow_frames(source):
        yield 0.0, np.full((48, 64, 3), 100, np.uint8)
        yield 0.1, np.full((48, 64, 3), 100, np.uint8)
        looked.wait(20)
        yield 9.0, np.full((48, 64, 3), 200, np.uint8)

    def look(address):
        with urllib.request.urlopen(address, timeout=20) as page:
            assert b'src="stream"' in page.read()
        with urllib.request.urlopen(f"{address}stream", timeout=20) as stream:
            assert stream.headers["Content-Type"].startswith("multipart/x-mixed-replace")
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += stream.read(1)
            seen.append(stream.read(int(re.search(rb"Content-Length: (\d+)", head)[1])))
        looked.set()

    class Watched(Preview):
        def __enter__(self):
            super().__enter__()
            threading.Thread(target=look, args=(self.address,), daemon=True).start()
            return self

    monkeypatch.setattr(session, "frames", slow_frames)
    monkeypatch.setattr(session, "Preview", Watched)
    request = session.CaptureRequest(("mask",), tmp_path / "out", count=1, delay=2.0, preview=0)
    assert session.capture(request)["taken"] == 1
    image = cv2.imdecode(np.frombuffer(seen[0], np.uint8), cv2.IMREAD_GRAYSCALE)
    assert abs(np.median(image) - 100) < 3
    assert image.max() > 200  # the count-down


def test_a_port_that_is_taken_is_said(capsys, video, tmp_path):
    with Preview() as preview:
        port = preview.address.rsplit(":", 1)[1].strip("/")
        words = ("--label", "a", "--count", 1, "--preview", port)
        code, _, err = trainer(capsys, "capture", "--source", video, "--out", tmp_path / "out", *words)
    assert code == 2
    assert not (tmp_path / "out").exists()
    assert f"--preview {port}: {os.strerror(errno.EADDRINUSE)}" in err


def test_a_streams_time_is_the_clocks(video):
    """A hundred frames that come at once are not ten seconds of a camera."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(video.parent))) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        begin = time.monotonic()
        seconds = [when for when, _ in frames(f"http://127.0.0.1:{server.server_port}/{video.name}")]
        took = time.monotonic() - begin
        server.shutdown()
    assert len(seconds) == 10 * RATE
    assert seconds == sorted(seconds)
    assert seconds[-1] <= took


@pytest.mark.parametrize("matrix", ORIENTED)
def test_a_video_is_turned_and_mirrored_as_players_show_it(tmp_path, matrix):
    pytest.importorskip("av", reason="needs the extra video")
    from trainer.predict.video import VideoWriter

    with VideoWriter(tmp_path / "stored.mp4", (64, 48)) as writer:
        writer.write(Image.fromarray(np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8)), 0.0)
    ((_, stored),) = frames(str(tmp_path / "stored.mp4"))
    ((_, shown),) = frames(str(with_matrix(tmp_path / "stored.mp4", tmp_path / "turned.mp4", matrix)))
    np.testing.assert_array_equal(shown, ORIENTED[matrix](stored))
