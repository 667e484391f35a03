"""`trainer negatives open-images`: nobody in what is chosen, every image whole, every licence kept."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from PIL import Image

from trainer.examples.images import load_image
from trainer.examples.readers import read_data, read_labels
from trainer.negatives.download import Downloader, Patience, Wanted
from trainer.negatives.open_images import with_descendants

from .commands import ROOT, one_line, trainer
from .refusals import names

# The shape of the published hierarchy: Man below Person, Human eye a part of a part, and Person not at the top.
HIERARCHY = {
    "LabelName": "/m/entity",
    "Subcategory": [
        {
            "LabelName": "/m/mammal",
            "Subcategory": [
                {
                    "LabelName": "/m/person",
                    "Subcategory": [{"LabelName": "/m/man"}, {"LabelName": "/m/woman"}],
                    "Part": [
                        {"LabelName": "/m/body", "Part": [{"LabelName": "/m/head", "Part": [{"LabelName": "/m/eye"}]}]}
                    ],
                },
                {"LabelName": "/m/cat"},
            ],
        },
        {"LabelName": "/m/bed", "Part": [{"LabelName": "/m/pillow"}]},
    ],
}
NAMES = {
    "person": "Person",
    "man": "Man",
    "woman": "Woman",
    "body": "Human body",
    "head": "Human head",
    "eye": "Human eye",
}
NAMES |= {"cat": "Cat", "bed": "Bed", "pillow": "Pillow", "mammal": "Mammal"}
# What is in each image; a minus is a class that was looked for and not found.
IMAGES = {
    "0000000000000001": ["person"],
    "0000000000000002": ["cat", "man"],
    "0000000000000003": ["eye"],
    "0000000000000004": ["cat"],
    "0000000000000005": ["bed", "-person"],
    "0000000000000006": ["pillow", "-person", "-man"],
    "0000000000000007": ["mammal"],
    "0000000000000008": [],
    "0000000000000009": ["-body", "bed"],
    "000000000000000a": ["woman", "-person"],
}
COLUMNS = ["ImageID", "Subset", "OriginalURL", "OriginalLandingURL", "License", "AuthorProfileURL", "Author", "Title"]
FREE = {"0000000000000004", "0000000000000005", "0000000000000006", "0000000000000007", "0000000000000008"}
FREE |= {"0000000000000009"}


def jpeg(seed, size=(320, 240)):
    noise = np.random.default_rng(seed).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(noise).save(stream, "JPEG")
    return stream.getvalue()


@pytest.fixture
def lists(tmp_path):
    """The published files, made up, as arguments."""
    folder = tmp_path / "lists"
    folder.mkdir()
    with open(folder / "images.csv", "w", newline="") as handle:
        rows = csv.writer(handle)
        rows.writerow(COLUMNS)
        for image in IMAGES:
            licence = f"https://creativecommons.org/licenses/by/{2 + int(image, 16) % 2}.0/"
            rows.writerow(
                [image, "train", f"http://o/{image}", f"http://l/{image}", licence, "http://a", "Ann, B.", "t"]
            )
    with open(folder / "boxes.csv", "w", newline="") as handle:
        rows = csv.writer(handle)
        rows.writerow(["ImageID", "Source", "LabelName", "Confidence", "XMin", "XMax", "YMin", "YMax"])
        for image, labels in list(IMAGES.items())[::2]:
            rows.writerows([image, "xclick", f"/m/{name}", 1, 0.1, 0.2, 0.1, 0.2] for name in labels if name[0] != "-")
    with open(folder / "labels.csv", "w", newline="") as handle:
        rows = csv.writer(handle)
        rows.writerow(["ImageID", "Source", "LabelName", "Confidence"])
        for image, labels in IMAGES.items():
            for name in labels:
                if name[0] == "-" or list(IMAGES).index(image) % 2:
                    rows.writerow([image, "verification", f"/m/{name.lstrip('-')}", int(name[0] != "-")])
    (folder / "classes.csv").write_text("".join(f"/m/{key},{name}\n" for key, name in NAMES.items()))
    (folder / "hierarchy.json").write_text(json.dumps(HIERARCHY))
    return [
        *("--images", folder / "images.csv", "--labels", folder / "boxes.csv", "--labels", folder / "labels.csv"),
        *("--classes", folder / "classes.csv", "--hierarchy", folder / "hierarchy.json"),
    ]


class Server:
    """Images from loopback; ``trouble[id]`` is a list of what goes wrong, one each time it is asked for."""

    def __init__(self):
        self.asked, self.trouble, self.ranges, self.slow = [], {}, True, 0.0

    def image(self, image):
        return jpeg(int(image, 16))

    @contextmanager
    def running(self):
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                image = self.path.rpartition("/")[2].removesuffix(".jpg")
                outer.asked.append((self.path, self.headers.get("Range")))
                time.sleep(outer.slow)
                waiting = outer.trouble.get(image, [])
                problem = waiting.pop(0) if waiting else None
                if isinstance(problem, int):
                    self.send_response(problem)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                content = b"<html>no image</html>" if problem == "page" else outer.image(image)
                first = 0
                if outer.ranges and self.headers.get("Range"):
                    first = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
                self.send_response(206 if first else 200)
                if first:
                    self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
                body = content[first:]
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if problem == "break":
                    self.wfile.write(body[: len(body) // 2])
                    self.close_connection = True
                else:
                    self.wfile.write(body)

            def log_message(self, *_):
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
            self.address = f"http://127.0.0.1:{server.server_port}/mirror"
            yield self
            server.shutdown()


@pytest.fixture
def server():
    with Server().running() as server:
        yield server


def collected(capsys, *arguments):
    code, out, err = trainer(capsys, "negatives", "open-images", *arguments, "--json")
    return code, json.loads(out), err


def chosen_in(out):
    return [line.removeprefix("images/").removesuffix(".jpg") for line in (out / "annotations.txt").read_text().split()]


def test_whoever_is_below_person_in_the_hierarchy_is_one(tmp_path):
    people = {"person", "man", "woman", "body", "head", "eye"}
    assert with_descendants(HIERARCHY, ["/m/person"], tmp_path) == {f"/m/{name}" for name in people}
    assert with_descendants(HIERARCHY, ["/m/body"], tmp_path) == {"/m/body", "/m/head", "/m/eye"}


def test_nobody_is_in_what_is_chosen(capsys, lists, tmp_path):
    code, result, err = collected(capsys, *lists, "--out", tmp_path / "out")
    assert code == 0
    assert all(names(err.strip(), value) for value in (1000, 6))
    assert (result["listed"], result["with_people"], result["free"], result["chosen"]) == (10, 4, 6, 6)
    assert set(chosen_in(tmp_path / "out")) == FREE
    assert result["removed_classes"] == ["Human body", "Human eye", "Human head", "Man", "Person", "Woman"]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        *("annotations.txt", "classes.txt", "download.txt", "negatives.csv", "negatives.json"),
    }
    assert set((tmp_path / "out" / "download.txt").read_text().split()) == {f"train/{image}" for image in FREE}
    rows = list(csv.DictReader((tmp_path / "out" / "negatives.csv").read_text().splitlines()))
    assert {row["Author"] for row in rows} == {"Ann, B."}
    for row in rows:
        assert row["License"] == f"https://creativecommons.org/licenses/by/{2 + int(row['ImageID'], 16) % 2}.0/"
        assert row["OriginalLandingURL"] == f"http://l/{row['ImageID']}"
        assert row["OriginalMD5"] == "not stated"
    assert sum(result["licences"].values()) == 6


def test_only_what_was_looked_at(capsys, lists, tmp_path):
    _, result, _ = collected(capsys, *lists, "--out", tmp_path / "out", "--verified")
    expected = {"0000000000000005", "0000000000000006", "0000000000000009"}
    assert set(chosen_in(tmp_path / "out")) == expected
    assert result["verified"] is True


def test_the_seed_chooses_and_the_order_of_the_lists_does_not(capsys, lists, tmp_path):
    found = {}
    for seed in range(6):
        collected(capsys, *lists, "--count", 3, "--seed", seed, "--out", tmp_path / str(seed))
        found[seed] = chosen_in(tmp_path / str(seed))
        assert len(found[seed]) == 3
    assert len({tuple(chosen) for chosen in found.values()}) > 2
    path = lists[1]
    header, *rows = path.read_text().splitlines()
    path.write_text("\n".join([header, *rows[::-1]]))
    collected(capsys, *lists, "--count", 3, "--seed", 2, "--out", tmp_path / "turned")
    assert chosen_in(tmp_path / "turned") == found[2]
    collected(capsys, *lists, "--count", 5, "--seed", 2, "--out", tmp_path / "more")
    assert chosen_in(tmp_path / "more")[:3] == found[2]


def test_images_are_fetched_and_are_data(capsys, lists, tmp_path, server):
    out = tmp_path / "out"
    code, result, _ = collected(capsys, *lists, "--out", out, "--download", "--address", server.address)
    assert (code, result["there"], result["failed"]) == (0, 6, {})
    assert {path for path, _ in server.asked} == {f"/mirror/train/{image}.jpg" for image in FREE}
    for image in FREE:
        assert (out / "images" / f"{image}.jpg").read_bytes() == server.image(image)
    assert all(" " not in line for line in (out / "annotations.txt").read_text().splitlines())
    labels = read_labels(str(out))
    assert (labels.kind, len(labels.images)) == ("coco", 6)
    for labelled in labels.images:
        attributes = labelled.frame.attributes
        assert attributes["License"].startswith("https://creativecommons.org")
        assert (attributes["Author"], attributes["source"]) == ("Ann, B.", "open-images")
    examples = read_data(str(out / "annotations.txt"))
    assert (len(examples.examples), examples.box_count) == (6, 0)
    assert trainer(capsys, "doctor", out)[0] == 1  # nothing but images without boxes: for mixing, not alone
    asked = len(server.asked)
    code, result, _ = collected(capsys, *lists, "--out", out, "--download", "--address", server.address)
    assert (code, result["there"]) == (0, 6)
    assert len(server.asked) == asked


def test_trouble_is_tried_again_and_what_stays_away_is_named(capsys, lists, tmp_path, server):
    server.trouble = {
        "0000000000000004": [503, 429],
        "0000000000000005": ["break", "break"],
        "0000000000000006": [404],
        "0000000000000007": ["page"],
    }
    out = tmp_path / "out"
    words = (*lists, "--out", out, "--download", "--address", f"{server.address}/{{Subset}}/{{ImageID}}.jpg")
    code, result, _ = collected(capsys, *words)
    assert (code, result["there"]) == (1, 4)
    assert set(result["failed"]) == {"0000000000000006", "0000000000000007"}
    assert "404" in result["failed"]["0000000000000006"]
    assert "404" not in result["failed"]["0000000000000007"]  # it was fetched, and is no image
    broken = [asked for path, asked in server.asked if "0000000000000005" in path]
    assert broken[0] is None
    assert broken[1].startswith("bytes=")  # goes on where it broke
    assert set(chosen_in(out)) == FREE - set(result["failed"])
    assert len(read_data(str(out)).examples) == 4
    code, result, _ = collected(capsys, *words)
    assert (code, result["there"], result["failed"]) == (0, 6, {})
    assert set(chosen_in(out)) == FREE
    assert not [path for path in (out / "images").iterdir() if path.name.startswith(".part")]


def test_a_server_without_ranges_gives_the_file_anew(tmp_path, server):
    server.ranges, server.trouble = False, {"5": ["break"]}
    downloader = Downloader(lambda path: load_image(path).size, 1, Patience(retries=2, backoff=0))
    (fetched,) = downloader.fetch([Wanted(f"{server.address}/5.jpg", tmp_path / "5.jpg")])
    assert (fetched.error, fetched.known) == (None, (320, 240))
    assert hashlib.sha256((tmp_path / "5.jpg").read_bytes()).digest() == hashlib.sha256(server.image("5")).digest()


def test_a_killed_download_goes_on(lists, tmp_path, server):
    """The real program, stopped by a signal in the middle, then run again."""
    server.slow = 0.25
    words = [
        sys.executable,
        "-m",
        "trainer",
        "negatives",
        "open-images",
        *map(str, lists),
        "--out",
        str(tmp_path / "out"),
    ]
    words += ["--download", "--address", server.address, "--workers", "1", "--json"]
    running = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while len(server.asked) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    server.slow = 0.0
    before = len(list((tmp_path / "out" / "images").glob("[!.]*.jpg")))
    assert 1 <= before < 6
    again = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["there"] == 6
    assert len(server.asked) <= 6 + 1  # what was there was not fetched again


def test_another_choice_in_the_folder_is_refused_and_a_larger_one_is_not(capsys, lists, tmp_path):
    assert collected(capsys, *lists, "--out", tmp_path / "out", "--count", 3)[0] == 0
    first = chosen_in(tmp_path / "out")
    code, out, err = trainer(capsys, "negatives", "open-images", *lists, "--out", tmp_path / "out", "--seed", 5)
    assert (code, out) == (2, "")
    assert "seed 1234, now 5" in err
    assert collected(capsys, *lists, "--out", tmp_path / "out", "--count", 4)[0] == 0
    assert chosen_in(tmp_path / "out")[:3] == first


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("images.csv", "a,b\n1,2\n", "a, b"),
        ("images.csv", "ImageID,Subset\n../../x,train\n", "images.csv:2: '../../x'"),
        ("images.csv", "ImageID,Subset\n", "0 of 0 "),
        ("boxes.csv", "ImageID,LabelName,Confidence\n1,/m/man,much\n", "boxes.csv: '1,/m/man,much'"),
        ("boxes.csv", "", "boxes.csv: "),
        ("classes.csv", "/m/cat,Cat\n", "'Person'"),
        ("classes.csv", "", "classes.csv: "),
        ("hierarchy.json", "[", "hierarchy.json: "),
        ("hierarchy.json", "[1]", "hierarchy.json: "),
        ("hierarchy.json", '{"LabelName": "/m/cat"}', "/m/body, /m/person"),
        ("classes.csv", None, "classes.csv: "),
    ],
)
def test_files_that_are_not_what_they_should_be(capsys, lists, tmp_path, name, content, message):
    path = tmp_path / "lists" / name
    path.unlink()
    if content is not None:
        path.write_text(content)
    code, out, err = trainer(capsys, "negatives", "open-images", *lists, "--out", tmp_path / "out")
    assert (code, out) == (2, "")
    assert message in err
    assert one_line(err)
    assert not (tmp_path / "out").exists()


def test_an_address_without_the_column_is_refused(capsys, lists, tmp_path):
    words = ("--address", "http://x/{Bucket}/{ImageID}", "--out", tmp_path / "out")
    code, _, err = trainer(capsys, "negatives", "open-images", *lists, *words)
    assert code == 2
    assert all(part in err for part in ("'Bucket'", "ImageID, Subset"))
    assert not (tmp_path / "out").exists()
