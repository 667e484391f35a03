"""One version everywhere."""

import re

from conftest import REPOSITORY

import blender_addon


def test_the_version_is_the_same_everywhere():
    version = blender_addon.__version__
    assert ".".join(map(str, blender_addon.bl_info["version"])) == version
    for name in ("pyproject.toml", "blender_addon/blender_manifest.toml"):
        assert re.search(r'^version = "([^"]+)"', (REPOSITORY / name).read_text(), re.M).group(1) == version
