"""The page of a score in a real browser, headless: it shows, sorts, hides and prints."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import numpy as np
import pytest
from PIL import Image

from trainer.cli import cli, run
from trainer.detection.detector import Detections
from trainer.evaluation.scoring import DataRequest, open_test
from trainer.metrics.analysis import AnalysisRequest, analyse
from trainer.network.architectures import make_spec
from trainer.network.spec import DETECT
from trainer.report.evaluation_report import write_report
from trainer.report.frame import Evaluation
from trainer.tasks import task_named

from .conftest import make_dataset

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SPEC = make_spec("yolov3-nano", 64, ("person",), (1,))
needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="Debian's package chromium is not here; `make test` names it"
)

# Does what a reader would, and leaves what it saw in the page's title.
READER = """
const rows = document.querySelector("table.sortable").tBodies[0].rows;
const column = (number) => [...rows].map((row) => row.cells[number].textContent);
const boxes = [...document.querySelectorAll("svg [data-score]")];
const shown = () => boxes.filter((box) => box.style.display !== "none").length;
const all = boxes.length;
const heads = document.querySelectorAll("table.sortable th");
const seen = {start: column(3)};
heads[3].click(); seen.rising = column(3);
heads[3].click(); seen.falling = column(3);
heads[0].click(); seen.names = column(0);
const slider = document.getElementById("confidence");
const move = (v) => { slider.value = v; slider.dispatchEvent(new Event("input")); return shown(); };
Object.assign(seen, {all, low: move(0), half: move(0.5), high: move(1)});
seen.said = document.getElementById("confidence-shown").textContent;
seen.broken = [...document.images].filter((i) => !i.complete || !i.naturalWidth).length;
seen.pictures = document.images.length;
document.title = JSON.stringify(seen);
"""


def browse(*arguments):
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=240, check=True).stdout.decode()


@pytest.fixture(scope="module")
def report(trained, tmp_path_factory):
    base = tmp_path_factory.mktemp("report")
    data = make_dataset(base / "ward", count=8, width=128, height=112, seed=4, people=(0, 4), visible_fraction=0.9)
    words = [
        "eval",
        trained["run"],
        data,
        "--out",
        base / "out",
        "--degrade",
        "dark=0.5,lowres=0.5",
        "--resamples",
        "40",
    ]
    assert run(cli, [str(word) for word in words]) == 0
    return base / "out"


def test_everything_is_written(report):
    metrics = json.loads((report / "metrics.json").read_text())
    assert {"precision_recall", "confidence", "misses", "calibration", "confusion", "error_kinds", "robustness"} <= {
        path.stem for path in (report / "plots").iterdir()
    }
    for path in (report / "plots").glob("*.png"):
        with Image.open(path) as image:
            assert np.asarray(image.convert("L")).std() > 10, path  # something is drawn
        assert path.with_suffix(".svg").read_text().startswith("<?xml")
    assert (report / "cases.xlsx").is_file()
    assert [row["level"] for row in metrics["degradations"]["lowres"]["levels"]] == [None, 0.5]
    assert metrics["degradations"]["dark"]["levels"][0]["AP50"] == metrics["AP50"]
    assert metrics["settings"]["size"] == 128


def test_the_page_needs_nothing_else(report):
    page = (report / "index.html").read_text()
    assert not re.search(r"https?:|src=\"(?!data:)|href=|@import|url\(", page)
    assert "@media print" in page


@needs_browser
def test_a_reader_sorts_and_hides(report, tmp_path):
    page = (report / "index.html").read_text()
    script = f"<script>addEventListener('load', () => {{ {READER} }})</script></body>"
    (tmp_path / "read.html").write_text(page.replace("</body>", script))
    shown = browse("--virtual-time-budget=5000", "--dump-dom", f"file://{tmp_path / 'read.html'}")
    seen = json.loads(re.search(r"<title>(.*?)</title>", shown, re.S)[1].replace("&quot;", '"').replace("&amp;", "&"))
    boxes = [int(text) for text in seen["rising"]]
    assert boxes == sorted(boxes)
    assert len(set(boxes)) > 1
    assert [int(text) for text in seen["falling"]] == sorted(boxes, reverse=True)
    assert seen["names"] == sorted(seen["names"])
    marks = re.findall(r'<rect class="([^"]*)"[^>]* data-score="([\d.]*)"', page)
    kept = [kind for kind, score in marks if kind.endswith(" worst") or float(score) >= 1]
    assert seen["all"] == seen["low"] > seen["half"] >= seen["high"] == len(kept)
    assert seen["said"] == "1.00"
    assert seen["broken"] == 0
    assert seen["pictures"] > 10


@needs_browser
def test_the_page_looks_like_one(report, tmp_path):
    browse("--window-size=1200,3000", f"--screenshot={tmp_path / 'page.png'}", f"file://{report / 'index.html'}")
    with Image.open(tmp_path / "page.png") as image:
        assert image.size == (1200, 3000)
        pixels = np.asarray(image.convert("RGB")).astype(int)
    ink = (pixels.min(axis=2) < 200).mean(axis=1)
    assert (ink.reshape(30, 100).max(axis=1) > 0).mean() > 0.8  # written on from top to bottom
    assert (np.ptp(pixels, axis=2) > 60).mean() > 0.005  # and not in grey alone: curves
    assert (pixels[:, :20].min(axis=2) > 240).all()  # nothing over the left margin
    assert (pixels[:, -20:].min(axis=2) > 240).all()


@needs_browser
def test_it_prints(report, tmp_path):
    browse("--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'page.pdf'}", f"file://{report / 'index.html'}")
    content = (tmp_path / "page.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", content)) <= 20


@pytest.mark.parametrize("people", [(0, 1), (1, 3)])
def test_a_report_of_nothing_found(tmp_path, people):
    """Of images of nobody, and of people whom nothing finds."""
    data = make_dataset(tmp_path / "ward", count=3, people=people)
    test = open_test(task_named(DETECT), DataRequest(str(data), classes=("person",)), (SPEC,))
    nothing = [Detections(np.zeros((0, 4)), np.zeros(0), np.zeros(0, dtype=int))] * 3
    one = analyse(test.examples, nothing, test.attributes, AnalysisRequest(resamples=40))
    metrics = {**one.metrics, "model": "m", "data": "d", "settings": {"classes": ["person"]}}
    evaluation = Evaluation(metrics, one, test.examples, nothing, test.attributes)
    page = write_report(tmp_path / "out", evaluation).read_text()
    said = json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert said["recall"] == (0 if said["boxes"] else None)
    assert said["lying"] is None
    assert said["empty_pictures"]["images"] == (0 if said["boxes"] else 3)
    assert ("There are no labelled objects in these images." in page) == (said["boxes"] == 0)
    assert page.count("<figure>") == (3 if said["boxes"] else 0)  # each image's largest miss
