"""Predicting on videos, cameras and streams; what is kept of it; privacy. Images alone are in test_cli."""

from __future__ import annotations

import csv
import functools
import http.server
import itertools
import json
import os
import threading
import time
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from PIL import Image

from trainer.detection.detector import Detections, Detector
from trainer.errors import ImageError, TrainerError
from trainer.examples.images import load_image
from trainer.examples.readers import read_data
from trainer.examples.video import frame_count, read_video
from trainer.formats.keras_yolo3_reader import parse_line
from trainer.models.files import load_model
from trainer.predict.outputs import category_ids
from trainer.predict.prefetch import prefetch
from trainer.predict.privacy import PeopleBlur, pixelate
from trainer.predict.sources import VideoStream, find_sources
from trainer.predict.throughput import Throughput
from trainer.predict.tracking import Tracker
from trainer.predict.video import VideoWriter

from .commands import one_line, trainer
from .turned_videos import ORIENTED, with_matrix

av = pytest.importorskip("av", reason="needs the extra video")
FRAMES = 12


@pytest.fixture(scope="module")
def clip(trained, tmp_path_factory):
    """Twelve frames at ten a second: an image the detector knows, slowly moving left."""
    path = tmp_path_factory.mktemp("clip") / "ward.mp4"
    image = load_image(trained["data"] / "images" / "000000.jpg")
    with VideoWriter(path, image.size) as writer:
        for number in range(FRAMES):
            writer.write(Image.fromarray(np.roll(np.asarray(image), -number, axis=1)), number / 10)
    return path


def test_a_video_is_h264_and_keeps_its_times(clip):
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
    moments = list(read_video(str(clip)))
    np.testing.assert_allclose([seconds for seconds, _ in moments], np.arange(FRAMES) / 10, atol=1e-3)
    assert {image.size for _, image in moments} == {(128, 112)}
    assert frame_count(str(clip)) == FRAMES


def test_odd_sides_lose_their_last_row_and_an_error_leaves_no_file(tmp_path):
    with VideoWriter(tmp_path / "odd.mp4", (33, 21)) as writer:
        writer.write(Image.new("RGB", (33, 21), (200, 0, 0)), 0.0)
    ((_, image),) = read_video(str(tmp_path / "odd.mp4"))
    assert image.size == (32, 20)
    np.testing.assert_allclose(np.asarray(image).reshape(-1, 3).mean(axis=0), (200, 0, 0), atol=6)
    with pytest.raises(AttributeError), VideoWriter(tmp_path / "half.mp4", (32, 32)) as writer:
        writer.write("not an image", 0.0)
    assert [path.name for path in tmp_path.iterdir()] == ["odd.mp4"]


def test_all_outputs_of_a_video_agree(capsys, trained, clip, tmp_path):
    words = ["--out", tmp_path / "drawn", "--text", tmp_path / "text", "--csv", tmp_path / "confidence_scores.csv"]
    words += ["--coco", tmp_path / "found.json", "--track", "--json-lines"]
    code, out, err = trainer(capsys, "predict", trained["run"], clip, *words)
    assert code == 0, err
    assert f"{FRAMES} images" in err
    rows = [json.loads(line) for line in out.splitlines()]
    assert [(row["frame"], row["schema_version"]) for row in rows] == [(number, 1) for number in range(FRAMES)]
    np.testing.assert_allclose([row["seconds"] for row in rows], np.arange(FRAMES) / 10, atol=1e-3)

    detector = Detector(*load_model(str(trained["run"])))
    expected = list(detector.detect([image for _, image in read_video(str(clip))], 0.25))
    assert [len(row["detections"]) for row in rows] == [len(one.scores) for one in expected]
    assert sum(len(row["detections"]) for row in rows) >= FRAMES
    for row, one in zip(rows, expected):
        np.testing.assert_allclose([found["bbox"] for found in row["detections"]], one.boxes, rtol=1e-5)

    tracks = {found["track"] for row in rows[2:] for found in row["detections"] if found["score"] > 0.6}
    assert tracks == set(range(1, len(tracks) + 1))
    assert len(tracks) <= 2

    lines = [parse_line(line) for line in (tmp_path / "text" / "ward.txt").read_text().splitlines()]
    assert [len(boxes) for _, boxes in lines] == [len(row["detections"]) for row in rows]
    assert (tmp_path / "text" / "classes.txt").read_text() == "person\n"
    with open(tmp_path / "confidence_scores.csv", newline="") as handle:
        table = list(csv.DictReader(handle))
    flat = [(row, found) for row in rows for found in row["detections"]]
    assert len(table) == len(flat)
    for cells, (row, found) in zip(table, flat):
        assert (cells["IMG"], cells["frame"], cells["class"]) == (str(clip), str(row["frame"]), "person")
        assert float(cells["confidence"]) == pytest.approx(found["score"], abs=1e-6)
        assert float(cells["xmin"]) == pytest.approx(found["bbox"][0], abs=0.01)
        assert cells["track"] == ("" if found["track"] is None else str(found["track"]))
    coco = json.loads((tmp_path / "found.json").read_text())
    assert {row["image_id"] for row in coco} <= {row["image_id"] for row in rows}
    assert sum(row["score"] > 0.25 for row in coco) == len(flat)

    drawn = [image for _, image in read_video(str(tmp_path / "drawn" / "ward.mp4"))]
    assert len(drawn) == FRAMES
    plain = [image for _, image in read_video(str(clip))]
    assert np.abs(np.asarray(drawn[0], int) - np.asarray(plain[0], int)).max() > 60


def test_the_texts_of_images_are_data(capsys, trained, tmp_path):
    images = trained["data"] / "images"
    assert trainer(capsys, "predict", trained["run"], images, "--text", tmp_path / "text")[0] == 0
    assert len(list((tmp_path / "text").glob("0*.txt"))) == 8
    code, out, _ = trainer(capsys, "eval", trained["run"], tmp_path / "text" / "000000.txt", "--json")
    assert code == 0
    assert json.loads(out)["AP50"] == pytest.approx(1.0)


def test_predictions_without_images(capsys, trained, clip, tmp_path):
    words = ["--csv", tmp_path / "scores.csv", "--coco", tmp_path / "found.json"]
    assert trainer(capsys, "predict", trained["run"], clip, trained["data"] / "images", *words)[0] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["found.json", "scores.csv"]
    ids = {row["image_id"] for row in json.loads((tmp_path / "found.json").read_text())}
    assert len(ids) == 8 + FRAMES


def test_one_object_for_images_and_videos(capsys, trained, clip):
    code, out, _ = trainer(capsys, "predict", trained["run"], clip, trained["data"] / "images", "--json")
    value = json.loads(out)
    assert code == 0
    assert one_line(out)
    assert (len(value["pictures"]), value["speed"]["pictures"]) == (8 + FRAMES, 8 + FRAMES)
    assert value["speed"]["per_second"] > 0
    assert value["speed"]["latency_ms"]["p99"] >= value["speed"]["latency_ms"]["p50"] > 0


def test_unreadable_videos_are_named_and_the_others_predicted(capsys, trained, clip, tmp_path):
    (tmp_path / "broken.mp4").write_bytes(b"no video at all")
    (tmp_path / "cut.mp4").write_bytes(clip.read_bytes()[:300])
    words = [tmp_path / "broken.mp4", tmp_path / "cut.mp4", clip, "--json", "--out", tmp_path / "drawn"]
    code, out, err = trainer(capsys, "predict", trained["run"], *words)
    value = json.loads(out)
    assert code == 1
    assert str(tmp_path / "broken.mp4") in err
    assert [failed["file"] for failed in value["failed"]] == [str(tmp_path / "broken.mp4"), str(tmp_path / "cut.mp4")]
    assert len(value["pictures"]) == FRAMES
    assert [path.name for path in (tmp_path / "drawn").iterdir()] == ["ward.mp4"]


def test_seconds_bound_a_video(capsys, trained, clip):
    _, out, _ = trainer(capsys, "predict", trained["run"], clip, "--seconds", 0.35, "--json")
    assert [row["frame"] for row in json.loads(out)["pictures"]] == [0, 1, 2, 3]


def test_a_video_on_a_web_server_and_one_that_is_live(capsys, trained, clip):
    handler = functools.partial(_Quiet, directory=clip.parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        _, file, _ = trainer(capsys, "predict", trained["run"], f"{base}/ward.mp4", "--json")
        # Without the name of a file it may never end: what is not looked at in time is passed over.
        _, live, _ = trainer(capsys, "predict", trained["run"], f"{base}/live", "--json")
        code, nothing, _ = trainer(capsys, "predict", trained["run"], f"{base}/none.mp4", "--json")
        server.shutdown()
    assert len(json.loads(file)["pictures"]) == FRAMES
    frames = [row["frame"] for row in json.loads(live)["pictures"]]
    assert frames == sorted(set(frames))
    assert frames[-1] == FRAMES - 1
    assert (code, len(json.loads(nothing)["failed"])) == (1, 1)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def translate_path(self, path):
        return super().translate_path("/ward.mp4" if path == "/live" else path)

    def log_message(self, *_):
        pass


def test_a_stream_that_is_not_there(capsys, trained):
    code, out, err = trainer(capsys, "predict", trained["run"], "rtsp://127.0.0.1:9/ward", "--json")
    assert code == 1
    assert "rtsp://127.0.0.1:9/ward" in err
    assert json.loads(out)["failed"]


def test_a_camera(capsys, monkeypatch, trained, clip):
    open_file = cv2.VideoCapture
    monkeypatch.setattr(cv2, "VideoCapture", lambda number: open_file(str(clip) if number == 0 else ""))
    code, out, err = trainer(capsys, "predict", trained["run"], "camera:0", "--json")
    assert code == 1  # it was unplugged
    assert "camera:0" in err
    assert json.loads(out)["pictures"][0]["detections"]
    code, _, err = trainer(capsys, "predict", trained["run"], "camera:1", "--json")
    assert (code, "camera:1" in err) == (1, True)


def test_sources():
    found = find_sources(["camera:2", "rtsp://user:secret@ward-3.local:554/main", "https://h/clips/a.mp4?x=1"])
    assert [stream.live for stream in found.streams] == [True, True, False]
    assert [stream.camera for stream in found.streams] == [2, None, None]
    assert "secret" not in found.streams[1].stem
    assert VideoStream("/data/night.mp4").stem == "night"


def test_work_ahead_is_bounded_in_order_and_ends_with_its_consumer():
    made, closed = [], threading.Event()

    def items():
        try:
            for number in itertools.count():
                made.append(number)
                yield number
        finally:
            closed.set()

    given = prefetch(items(), 3, lambda: False)
    taken = [next(given) for _ in range(5)]
    time.sleep(0.3)
    assert taken == list(range(5))
    assert len(made) <= 5 + 3 + 1
    given.close()
    assert closed.wait(5)


def test_an_error_ahead_arrives_behind_what_came_before_it():
    def items():
        yield 1
        raise ImageError("torn")

    given = prefetch(items(), 2, lambda: False)
    assert next(given) == 1
    with pytest.raises(ImageError, match="torn"):
        next(given)


def test_a_live_stream_yields_its_newest_image():
    taken, produced = threading.Event(), threading.Event()

    def items():
        yield 0
        assert taken.wait(5)
        yield from range(1, 20)
        produced.set()

    given = prefetch(items(), 1, lambda: False, newest=True)
    assert next(given) == 0
    taken.set()
    assert produced.wait(5)
    assert list(given) == [19]


def test_a_stop_ends_what_waits():
    stop = threading.Event()
    threading.Timer(0.2, stop.set).start()

    def silent():
        while not stop.is_set():
            time.sleep(0.01)
        yield 1

    assert list(prefetch(silent(), 1, stop.is_set)) == []


def detections(*rows):
    boxes, scores, labels = zip(*rows)
    return Detections(np.array(boxes, float), np.array(scores, float), np.array(labels, int))


def test_people_are_pixelated_and_nothing_else():
    pixels = np.random.default_rng(0).integers(0, 256, (80, 100, 3), dtype=np.uint8)
    found = detections(([20, 30, 20, 40], 0.12, 0), ([60, 10, 30, 30], 0.9, 1), ([70, 60, 20, 15], 0.05, 0))
    blurred = np.asarray(PeopleBlur(("person", "bed"), moving=False).apply(Image.fromarray(pixels), found))
    changed = (blurred != pixels).any(axis=2)
    rows, columns = np.nonzero(changed)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (26, 73, 18, 41)
    inside = blurred[30:70, 20:40].reshape(-1, 3)
    assert len(np.unique(inside, axis=0)) < 100
    with pytest.raises(TrainerError, match="bed"):
        PeopleBlur(("bed",), moving=False)


def test_in_a_video_somebody_missed_for_a_frame_stays_pixelated():
    pixels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    blur = PeopleBlur(("person",), moving=True)
    blur.apply(Image.fromarray(pixels), detections(([10, 10, 30, 30], 0.9, 0)))
    nothing = Detections(np.zeros((0, 4)), np.zeros(0), np.zeros(0, int))
    after = np.asarray(blur.apply(Image.fromarray(pixels), nothing))
    assert (after[15:35, 15:35] != pixels[15:35, 15:35]).any()


def test_a_box_smaller_than_a_cell_is_one_colour():
    image = Image.fromarray(np.arange(48, dtype=np.uint8).reshape(4, 4, 3))
    pixelate(image, (1.2, 1.2, 1.8, 1.9))
    assert image.size == (4, 4)


def test_blur_needs_a_place_for_the_images(capsys, trained, clip):
    code, _, err = trainer(capsys, "predict", trained["run"], clip, "--blur-people")
    assert code == 2
    assert "--out" in err


def test_tracks_cross_without_changing_names():
    tracker = Tracker()
    seen = []
    for step in range(20):
        here, there = ([10 + 8 * step, 20, 30, 60], 0.9, 0), ([200 - 8 * step, 110, 30, 60], 0.8, 0)
        seen.append(tracker.track_ids(detections(*((here, there) if step % 2 else (there, here)))))
    firsts = {ids[1 - step % 2] for step, ids in enumerate(seen[1:], start=1)}
    others = {ids[step % 2] for step, ids in enumerate(seen[1:], start=1)}
    assert len(firsts) == len(others) == 1
    assert firsts != others


def test_the_pace_remembers_a_bounded_number_of_latencies():
    with Throughput(None, "looking") as pace:
        for number in range(5000):
            pace.advance(0.001 * number)
    assert pace.done == 5000
    assert len(pace._latencies) == 1000
    assert pace.latency_ms(50) == pytest.approx(4499.5, abs=1)


@pytest.mark.parametrize("matrix", ORIENTED)
def test_a_video_is_turned_and_mirrored_as_players_show_it(clip, tmp_path, matrix):
    stored = next(read_video(str(clip))).image
    shown = next(read_video(str(with_matrix(clip, tmp_path / "turned.mp4", matrix)))).image
    np.testing.assert_array_equal(np.asarray(shown), ORIENTED[matrix](np.asarray(stored)))


def test_a_video_turned_by_any_angle_shows_all_of_itself(clip, tmp_path):
    turned = with_matrix(clip, tmp_path / "turned.mp4", (0.8, 0.6, -0.6, 0.8))
    image = next(read_video(str(turned))).image
    assert image.size == pytest.approx((128 * 0.8 + 112 * 0.6, 128 * 0.6 + 112 * 0.8), abs=2)
    degenerate = with_matrix(clip, tmp_path / "none.mp4", (0, 0, 0, 0))
    assert next(read_video(str(degenerate))).image.size == (128, 112)


def test_a_name_with_a_colon_or_a_percent_sign_is_no_protocol_or_pattern(capsys, monkeypatch, trained, clip, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in ("12:30.mp4", "100%03d.mp4", "Nacht schön.mp4"):
        (tmp_path / name).write_bytes(clip.read_bytes())
        code, out, _ = trainer(capsys, "predict", trained["run"], name, "--json", "--out", "drawn")
        assert (code, len(json.loads(out)["pictures"])) == (0, FRAMES)
        assert (tmp_path / "drawn" / name).is_file()


def test_only_the_first_image_of_an_animation_is_used_and_that_is_said(capsys, trained, tmp_path):
    first = load_image(trained["data"] / "images" / "000000.jpg")
    second = Image.new("RGB", first.size)
    for suffix in (".gif", ".webp", ".tiff", ".png"):
        path = tmp_path / f"pages{suffix}"
        first.save(path, save_all=True, append_images=[second])
        code, out, err = trainer(capsys, "predict", trained["run"], path, "--json")
        assert code == 0
        assert (str(path) in err, one_line(err)) == (True, True)
        assert len(json.loads(out)["pictures"]) == 1
        assert json.loads(out)["pictures"][0]["detections"]
    first.save(tmp_path / "still.png")
    assert trainer(capsys, "predict", trained["run"], tmp_path / "still.png")[2] == ""


def copies(trained, *paths):
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((trained["data"] / "images" / "000000.jpg").read_bytes())


def test_sources_of_the_same_name_have_files_of_their_own(capsys, trained, clip, tmp_path):
    images = [tmp_path / name for name in ("a/ward.jpg", "b/ward.jpg", "b/WARD.jpg", "b/ward_2.jpg", "classes.jpg")]
    copies(trained, *images)
    outputs = ("--out", tmp_path / "drawn", "--text", tmp_path / "text")
    code, _, _ = trainer(capsys, "predict", trained["run"], *images, clip, *outputs)
    assert code == 0
    for folder, suffixes in (("drawn", (".jpg", ".mp4")), ("text", (".txt",))):
        names = [path.name for path in (tmp_path / folder).iterdir() if path.suffix in suffixes]
        assert len({name.casefold() for name in names} - {"classes.txt"}) == len(images) + 1
    assert (tmp_path / "text" / "classes.txt").read_text() == "person\n"


def test_a_source_given_twice_is_used_once(trained, clip):
    images = trained["data"] / "images"
    both = find_sources([str(images), str(images / "000000.jpg"), str(clip), str(clip)])
    assert (len(both.images), len(both.streams)) == (8, 1)
    assert len(find_sources([str(trained["data"]), str(images)]).images) == 8


def test_images_beside_data_get_free_ids(trained, tmp_path):
    copies(trained, tmp_path / "000003.jpg")
    ids = [image.image_id for image in find_sources([str(trained["data"]), str(tmp_path / "000003.jpg")]).images]
    assert ids == [*range(8), 8]


def test_a_folder_is_its_images_and_videos_without_hidden_files(trained, clip, tmp_path):
    copies(trained, tmp_path / "a.jpg", tmp_path / "._a.jpg", tmp_path / ".hidden.jpg")
    (tmp_path / "notes.json").write_text('{"version": 3}')
    (tmp_path / "ward.mp4").write_bytes(clip.read_bytes())
    sources = find_sources([str(tmp_path)])
    assert [image.path.name for image in sources.images] == ["a.jpg"]
    assert [stream.stem for stream in sources.streams] == ["ward"]
    copies(trained, tmp_path / "outer" / "inner" / "a.jpg")
    with pytest.raises(TrainerError, match=r"outer/\*\*/\*\.jpg"):
        find_sources([str(tmp_path / "outer")])


def test_a_line_per_image_whatever_its_name(capsys, trained, tmp_path):
    names = ["two\nlines.jpg", "sp ace.jpg", "100%.jpg", "Bett-ü.jpg", os.fsdecode(b"latin-\xfc.jpg")]
    copies(trained, *(tmp_path / "images" / name for name in names))
    outputs = ("--csv", tmp_path / "scores.csv", "--coco", tmp_path / "found.json")
    code, out, _ = trainer(capsys, "predict", trained["run"], tmp_path / "images", *outputs)
    assert (code, len(out.splitlines())) == (0, len(names))
    assert sorted({row["file_name"] for row in json.loads((tmp_path / "found.json").read_text())}) == sorted(names)
    with open(tmp_path / "scores.csv", newline="", errors="surrogateescape") as handle:
        assert len({row["IMG"] for row in csv.DictReader(handle)}) == len(names)
    code, _, err = trainer(capsys, "predict", trained["run"], tmp_path / "images", "--text", tmp_path / "text")
    assert (code, one_line(err), "two\\nlines" in err, (tmp_path / "text").exists()) == (2, True, True, False)


def test_labels_are_never_written_over(capsys, trained, tmp_path):
    copies(trained, tmp_path / "images" / "a.jpg")
    (tmp_path / "images" / "a.txt").write_text("0 0.5 0.5 0.2 0.2\n")
    labels = tmp_path / "coco.json"
    labels.write_text('{"images": []}')
    for words in (("--text", tmp_path / "images"), ("--coco", labels)):
        code, _, err = trainer(capsys, "predict", trained["run"], tmp_path / "images", *words)
        assert (code, one_line(err), str(words[1]) in err) == (2, True, True)
    assert (tmp_path / "images" / "a.txt").read_text() == "0 0.5 0.5 0.2 0.2\n"
    assert labels.read_text() == '{"images": []}'


def as_coco(trained, folder, categories, image_id=lambda number: number):
    """The trained images as COCO data whose ids are not those of the model; every box is a ``person``."""
    (folder / "images").mkdir(parents=True)
    ids = dict(zip(categories.values(), categories))
    value = {
        "images": [],
        "annotations": [],
        "categories": [{"id": one, "name": categories[one]} for one in categories],
    }
    examples = read_data(str(trained["data"])).examples
    for number, example in enumerate(examples[:4]):
        (folder / "images" / example.path.name).write_bytes(example.path.read_bytes())
        value["images"].append(
            {"id": image_id(number), "file_name": example.path.name, "width": example.width, "height": example.height}
        )
        for box in example.annotations.boxes.tolist():
            row = {"id": len(value["annotations"]) + 1, "image_id": image_id(number), "category_id": ids["person"]}
            value["annotations"].append({**row, "bbox": box, "area": box[2] * box[3], "iscrowd": 0})
    (folder / "coco.json").write_text(json.dumps(value))
    return folder, value


def test_two_images_of_one_id_are_refused(capsys, trained, tmp_path):
    first, second = (as_coco(trained, tmp_path / name, {1: "person"})[0] for name in ("first", "second"))
    code, _, err = trainer(capsys, "predict", trained["run"], first, second, "--coco", tmp_path / "found.json")
    assert code == 2
    assert one_line(err)
    for name in (str(first / "images"), str(second / "images"), " 0"):
        assert name in err


@pytest.mark.parametrize(
    ("categories", "image_id"),
    [
        ({0: "things", 1: "bed", 2: "person"}, lambda number: number),
        ({7: "person", 3: "bed"}, lambda number: 2**60 + number),
        ({"p": "person", "b": "bed"}, lambda number: f"image-{number}"),
    ],
)
def test_coco_results_carry_the_ids_of_the_data(capsys, trained, tmp_path, categories, image_id):
    data, value = as_coco(trained, tmp_path / "data", categories, image_id)
    outputs = ("--coco", tmp_path / "found.json")
    assert trainer(capsys, "predict", trained["run"], data, *outputs)[0] == 0
    rows = json.loads((tmp_path / "found.json").read_text())
    (person,) = (one for one, name in categories.items() if name == "person")
    assert {row["category_id"] for row in rows} == {person}
    assert {row["image_id"] for row in rows} == {image["id"] for image in value["images"]}
    assert {(row["image_id"], row["file_name"]) for row in rows} <= {
        (image["id"], image["file_name"]) for image in value["images"]
    }


def test_a_class_that_the_data_lacks_gets_an_id_that_is_free():
    spec = SimpleNamespace(classes=("person", "bed", "cat"), category_ids=(1, 2, 3))
    assert list(category_ids(spec, {})) == [1, 2, 3]
    assert list(category_ids(spec, {"bed": 1, "door": 4})) == [5, 1, 3]
    assert list(category_ids(spec, {"bed": "b"})) == [1, "b", 3]
