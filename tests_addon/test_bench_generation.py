"""The generator's bench: its page says what was measured, and what writing costs does not grow."""

import importlib
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "benchmarks" / "generation"


@pytest.fixture
def part(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module


def test_writing_the_last_image_costs_what_the_first_did(part):
    found = part("writing").measure(600)
    assert 0 < found["late_ms"] < 3 * found["early_ms"]


def test_the_page_has_every_part_and_its_target(part):
    contest = {
        "results": [
            _result("WardSynth", 1000.0),
            _result("BlenderProc", 2500.0),
        ],
        "times_faster": 2.5,
        "times_less_cpu": 2.4,
    }
    text = part("summary").table(
        {
            "date": "2026-01-02T03:04:05+00:00",
            "machine": {"processor": "A processor", "cores": 2, "load_before": [0.5, 0, 0]},
            "stages": {"stages": {"render": 4.0, "labels": 1.0}, "other": 0.5, "seconds": 5.5},
            "views": {"views": 4, "stages": {"render": 3.0}, "seconds": 4.0},
            "workers": [_run(1, 1, 10.0), _run(1, 2, 15.0), _run(2, 2, 19.0)],
            "writing": {"early_ms": 1.5, "late_ms": 1.25, "pictures": 10_000},
            "memory": {"resident_mb": {100: 400.0, 200: 401.0}, "growth_mb": 10.0, "seconds": 1.0},
            "blenderproc": {"meshes": 49, "at their defaults": contest, "with the fast prefilter": contest},
        }
    )
    lines = text.splitlines()
    for values in (
        ("27.3", "5.50"),  # everything but the render, of all
        ("4.00", "25.0"),  # likewise of several views of one scene
        ("1.90",),  # two workers against one
        ("20.0",),  # images per minute that two cores allow
        ("1.25",),  # milliseconds to write a late record
        ("10.0", "1,000"),  # megabytes per images
        ("at their defaults", "2.50", "2.40"),
    ):
        assert any(all(value in line for value in values) for line in lines), values


def test_the_page_says_why_the_other_program_is_missing(part):
    machine = {"processor": "A processor", "cores": 2, "load_before": [0.5, 0, 0]}
    text = part("summary").table(
        {"date": "2026-01-02", "machine": machine, "blenderproc": {"missing": "not installed: no network"}}
    )
    assert text.endswith("BlenderProc: not installed: no network.\n")


def _result(name, milliseconds):
    facts = {"blender": "4.5"}
    return {
        "name": name,
        "failure": None,
        "facts": facts,
        "ms_per_picture": milliseconds,
        "cpu_ms_per_picture": 2 * milliseconds,
    }


def _run(workers, cores, rate):
    return {
        "workers": workers,
        "cores": cores,
        "pictures_per_minute": rate,
        "cpu_seconds_per_picture": 6.0,
        "load": 2.0,
    }
