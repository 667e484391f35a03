"""The real executable: the zip installs, the batch renders there, and the records are those of the bpy module."""

import base64
import json
import os
import re
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from conftest import REPOSITORY, SMALL

from blender_addon.packaging.addon_zip import write_zip
from shared_format import dataset

_INSTALL = """
import bpy
bpy.ops.preferences.addon_install(filepath={path!r}, overwrite=True)
bpy.ops.preferences.addon_enable(module="wardsynth")
bpy.ops.wm.save_userpref()
"""
_MAIN = "import wardsynth; wardsynth.main()"


@pytest.fixture(scope="module")
def addon_zip(tmp_path_factory):
    path = tmp_path_factory.mktemp("zip") / "wardsynth.zip"
    write_zip(path)
    return path


@pytest.fixture(scope="module")
def installed(blender, addon_zip, tmp_path_factory):
    """Runs Blender with the add-on installed in a user folder of its own."""
    home = tmp_path_factory.mktemp("blender_home")

    def run(*arguments):
        return subprocess.run(
            [blender, "-b", *map(str, arguments)],
            env={**os.environ, "BLENDER_USER_RESOURCES": str(home)},
            cwd=home,
            capture_output=True,
            text=True,
            timeout=600,
        )

    done = run("--python-exit-code", "3", "--python-expr", _INSTALL.format(path=str(addon_zip)))
    assert done.returncode == 0, done.stdout + done.stderr
    return run


def test_the_zip_holds_the_add_on_and_nothing_else(addon_zip):
    with zipfile.ZipFile(addon_zip) as archive:
        names = archive.namelist()
        assert {name.split("/")[0] for name in names} == {"wardsynth"}
        assert "wardsynth/shared_format/record.py" in names
        assert "wardsynth/assets/body.npz" in names
        assert "wardsynth/assets/LICENSE-body.md" in names
        assert not [name for name in names if "packaging" in name or "__pycache__" in name]
        page = archive.read("wardsynth/docs/addon.html").decode()
        assert {f"wardsynth/docs/{image}" for image in re.findall(r'<img [^>]*src="([^"]+)"', page)} <= set(names)
        assert not [name for name in names if name.endswith(".pyi")]
    assert addon_zip.stat().st_size < 30e6


def test_the_same_sources_give_the_same_zip(addon_zip, tmp_path):
    write_zip(tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == addon_zip.read_bytes()


def test_the_official_validator_accepts_the_extension(addon_zip):
    bpy_folder = os.path.dirname(pytest.importorskip("importlib.util").find_spec("bpy").origin)
    tools = [
        os.path.join(folder, name)
        for folder, _, names in os.walk(bpy_folder)
        for name in names
        if name == "blender_ext.py"
    ]
    done = subprocess.run(
        [sys.executable, tools[0], "validate", addon_zip], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_batch_in_blender_gives_the_records_of_the_module(installed, small_dataset, tmp_path):
    folder = tmp_path / "ward"
    words = ["generate", "--out", folder, "--count", 5, "--workers", 2, *SMALL]
    done = installed("--addons", "wardsynth", "--python-expr", _MAIN, "--", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    for ours, theirs in zip(dataset.read_frames(folder), dataset.read_frames(small_dataset), strict=True):
        assert ours.spec == theirs.spec
        assert ours.camera == theirs.camera
        for here, there in zip(ours.instances, theirs.instances, strict=True):
            assert (here.id, here.category, here.attributes) == (there.id, there.category, there.attributes)
            assert here.bbox_visible == pytest.approx(there.bbox_visible, abs=1.0)
            assert here.bbox_covered == pytest.approx(there.bbox_covered, abs=1.0)
            assert here.bbox_amodal == pytest.approx(there.bbox_amodal, abs=1.0)
            assert here.visible_fraction == pytest.approx(there.visible_fraction, abs=0.02)
            assert here.in_frame_fraction == pytest.approx(there.in_frame_fraction, abs=0.02)
            assert here.bbox_3d == pytest.approx(there.bbox_3d, abs=0.001)
            if here.keypoints is not None:
                assert np.allclose(np.array(here.keypoints)[:, :2], np.array(there.keypoints)[:, :2], atol=0.1)
                assert sum(a != b for a, b in zip(here.occluded_by, there.occluded_by)) <= 1


def test_wrong_use_in_blender_has_the_same_exit_code(installed, tmp_path):
    words = ["generate", "--out", tmp_path / "new", "--count", 0]
    done = installed("--addons", "wardsynth", "--python-expr", _MAIN, "--", *words)
    assert done.returncode == 2
    assert "--count" in done.stderr
    assert not (tmp_path / "new").exists()


def test_the_operator_makes_the_same_dataset(installed, tmp_path):
    folder = tmp_path / "ward"
    code = f"import bpy; bpy.ops.wardsynth.generate_dataset(out={str(folder)!r}, count=1, seed=7)"
    done = installed("--addons", "wardsynth", "--python-exit-code", "3", "--python-expr", code)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads((folder / "dataset.json").read_text())["seed"] == 7
    assert dataset.frame_indices(folder) == [0]


def test_preview_builds_a_scene_of_its_own(installed):
    code = (
        "import bpy; before = set(bpy.context.scene.objects.keys());"
        "bpy.ops.wardsynth.preview(index=1, seed=7);"
        "assert bpy.context.scene.name.startswith('WardSynth') and bpy.context.scene.camera;"
        "assert set(bpy.data.scenes['Scene'].objects.keys()) == before"
    )
    done = installed("--addons", "wardsynth", "--python-exit-code", "3", "--python-expr", code)
    assert done.returncode == 0, done.stdout + done.stderr


def test_enabling_and_disabling_twice_leaves_nothing(installed):
    code = (
        "import addon_utils, bpy\n"
        "for _ in range(2):\n"
        "    addon_utils.disable('wardsynth'); assert not hasattr(bpy.types.Scene, 'wardsynth')\n"
        "    addon_utils.enable('wardsynth'); assert hasattr(bpy.types, 'WARDSYNTH_PT_main')\n"
    )
    done = installed("--addons", "wardsynth", "--python-exit-code", "3", "--python-expr", code)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_add_on_reaches_for_nothing_outside_itself():
    sources = [path for path in (REPOSITORY / "blender_addon").rglob("*.py") if "packaging" not in path.parts]
    for path in sources:
        if path.name != "dataset_format.py":
            assert "from shared_format" not in path.read_text(), path
            assert "import blender_addon" not in path.read_text(), path


def test_a_gltf_file_loads(installed, tmp_path):
    """The importer of Debian's 3.4.1 and Debian's NumPy do not agree by themselves."""
    points, corners = np.eye(3, dtype="<f4").tobytes(), np.arange(3, dtype="<u2").tobytes()
    buffer = base64.b64encode(points + corners).decode()
    triangle = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": "triangle"}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}]}],
        "buffers": [{"byteLength": 42, "uri": f"data:application/octet-stream;base64,{buffer}"}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": 36},
            {"buffer": 0, "byteOffset": 36, "byteLength": 6},
        ],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 1]},
            {"bufferView": 1, "componentType": 5123, "count": 3, "type": "SCALAR"},
        ],
    }
    (tmp_path / "triangle.gltf").write_text(json.dumps(triangle))
    load = f"from wardsynth import compat; compat.import_gltf({str(tmp_path / 'triangle.gltf')!r})"
    count = "import bpy; print('corners', len(bpy.data.objects['triangle'].data.vertices))"
    done = installed("--factory-startup", "--addons", "wardsynth", "--python-expr", f"{load}; {count}")
    assert "corners 3" in done.stdout, done.stdout + done.stderr
