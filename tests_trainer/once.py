"""A fixture for results that several pytest-xdist workers share and only one computes."""

import os
import pickle

import pytest
from filelock import FileLock


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """``once(name, make)``: the result of ``make(folder)``, computed by the first pytest-xdist worker that asks."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent

    def compute(name, make):
        folder, kept = base / name, base / f"{name}.pickle"
        with FileLock(base / f"{name}.lock"):
            if not kept.exists():
                folder.mkdir(exist_ok=True)
                kept.write_bytes(pickle.dumps(make(folder)))
        return pickle.loads(kept.read_bytes())

    return compute
