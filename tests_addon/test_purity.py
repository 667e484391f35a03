"""The drawing and body layers hold no clock, no global generator, no bpy."""

import re
from pathlib import Path

import pytest

import blender_addon

_PURE = [
    path for folder in ("draw", "body") for path in sorted((Path(blender_addon.__file__).parent / folder).rglob("*.py"))
]
_BANNED = re.compile(
    r"\b(import random|from random|np\.random\.(?!Philox)|default_rng|import time|from time|uuid|datetime|import bpy)"
)


@pytest.mark.parametrize("path", _PURE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nothing_but_the_seed_decides(path):
    assert not _BANNED.search(path.read_text())


def test_the_test_finds_what_it_bans():
    assert all(map(_BANNED.search, ("import random", "np.random.rand()", "np.random.default_rng()", "import time")))
    assert not _BANNED.search("np.random.Philox(key=key)")
