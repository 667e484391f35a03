"""The number of cores a process may use: its affinity, and the processor time of its container."""

import os

import pytest

from shared_format.cores import usable_cores

ALLOWED = len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("max 100000", ALLOWED),
        ("100000 100000", 1),
        ("50000 100000", 1),  # half a core
        ("120000 100000", min(2, ALLOWED)),
        (f"{100000 * ALLOWED * 4} 100000", ALLOWED),
        ("", ALLOWED),
        ("unreadable", ALLOWED),
    ],
)
def test_container_limits_the_cores(tmp_path, content, expected):
    (tmp_path / "cpu.max").write_text(content)
    assert usable_cores(tmp_path) == expected


@pytest.mark.parametrize(("quota", "expected"), [("-1", ALLOWED), ("100000", 1)])
def test_first_version_of_control_groups(tmp_path, quota, expected):
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu" / "cpu.cfs_quota_us").write_text(f"{quota}\n")
    (tmp_path / "cpu" / "cpu.cfs_period_us").write_text("100000\n")
    assert usable_cores(tmp_path) == expected


def test_affinity_limits_the_cores(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {3, 7, 8})
    assert usable_cores(tmp_path) == 3
    (tmp_path / "cpu.max").write_text("150000 100000")
    assert usable_cores(tmp_path) == 2
