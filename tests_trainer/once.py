"""What several of pytest-xdist's workers need, of the tests of either program, is made once."""

import os
import pickle

import pytest
from filelock import FileLock


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """``once(name, make)``: what ``make(folder)`` returns, made by the first of pytest-xdist's workers that asks."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent

    def made(name, make):
        folder, kept = base / name, base / f"{name}.pickle"
        with FileLock(base / f"{name}.lock"):
            if not kept.exists():
                folder.mkdir(exist_ok=True)
                kept.write_bytes(pickle.dumps(make(folder)))
        return pickle.loads(kept.read_bytes())

    return made
