"""The same words behind every door: the extension as 4.2 and later install it, its command, and the exit codes."""

import shutil
import subprocess
import sys

import pytest
from blender_pythons import REGISTERED, as_drawn, bpy_python, run_python
from conftest import REPOSITORY

from blender_addon.packaging.addon_zip import write_zip
from shared_format import dataset

__all__ = ["bpy_python"]

_EXTENSION = """
import os, sys
called = {}
register_command = bpy.utils.register_cli_command
def remembering(name, run):
    called[name] = run
    return register_command(name, run)
bpy.utils.register_cli_command = remembering
bpy.ops.extensions.package_install_files(filepath=ZIP, repo="user_default", enable_on_install=True)
names = [a.module for a in bpy.context.preferences.addons if a.module.endswith("wardsynth")]
run = called["wardsynth"]
codes = [
    run(["generate", "--out", FOLDER, "--count", "2", "--workers", "2", "--size", "96x96", "--samples", "1"]),
    run(["generate", "--out", FOLDER, "--count", "2"]),
    run(["spec", "--index", "0"]),
    run(["generate", "--out", FOLDER + "-other", "--count", "0"]),
]
s = bpy.context.scene.wardsynth
s.knobs.render_size, s.knobs.render_wide_share, s.knobs.render_samples = (96, 96), 0.0, 1
bpy.ops.wardsynth.preview(index=1)
record = bpy.context.scene.wardsynth.record
workers = bpy.context.preferences.addons[names[0]].preferences.workers
bpy.ops.preferences.addon_disable(module=names[0])
gone = not hasattr(bpy.types.Scene, "wardsynth")
outside = sorted(name for name in sys.modules if name.split(".")[0] in ("blender_addon", "shared_format", "wardsynth"))
answer([names, codes, json.loads(record), workers, gone, outside])
"""


def test_the_zip_as_an_extension_has_the_command_and_the_operators(bpy_python, tmp_path):
    path, folder = tmp_path / "wardsynth.zip", tmp_path / "ward"
    write_zip(path)
    code = f"ZIP, FOLDER = {str(path)!r}, {str(folder)!r}\n" + _EXTENSION
    names, codes, record, workers, gone, outside = run_python(bpy_python, code, tmp_path, cwd=tmp_path)
    assert names == ["bl_ext.user_default.wardsynth"]
    assert codes == [0, 2, 0, 2]
    assert dataset.frame_indices(folder) == [0, 1]
    assert record == as_drawn(dataset.frame_path(folder, 1)), "preview and batch agree from the zip"
    assert workers >= 1
    assert gone
    assert outside == [], "it imports nothing outside itself"


@pytest.mark.parametrize(("words", "code"), [(["presets", "room"], 0), (["presets", "roof"], 2), (["generate"], 2)])
def test_the_module_and_the_program_end_alike(words, code):
    module = subprocess.run([sys.executable, "-m", "blender_addon", *words], capture_output=True, text=True)
    program = subprocess.run(
        [sys.executable, "-c", "from blender_addon import main; main()", *words], capture_output=True, text=True
    )
    assert module.returncode == program.returncode == code
    assert module.stdout == program.stdout
    assert module.stderr == program.stderr


_UPGRADED = """
import importlib, pathlib, sys
sys.path.insert(0, FOLDER)
import addon_copy
from addon_copy.version import VERSION
module = pathlib.Path(FOLDER) / "addon_copy" / "version.py"
module.write_text(module.read_text().replace(VERSION, "9.9.9-new"))
importlib.invalidate_caches()
importlib.reload(addon_copy)
from addon_copy import cli, version
same = [sys.modules["addon_copy.cli"] is cli, cli.main is addon_copy.main]
answer([VERSION, version.VERSION, addon_copy.__version__, *same])
"""


def test_a_newer_add_on_over_an_older_one_runs_its_own_code(tmp_path):
    pytest.importorskip("bpy", reason="needs the bpy module")
    shutil.copytree(REPOSITORY / "blender_addon", tmp_path / "addon_copy", ignore=shutil.ignore_patterns("__pycache__"))
    before, *after = run_python(sys.executable, f"FOLDER = {str(tmp_path)!r}\n" + _UPGRADED, tmp_path)
    assert before != "9.9.9-new"
    assert after == ["9.9.9-new", "9.9.9-new", True, True]


_DOCUMENTED = (
    REGISTERED
    + """
found = {}
for name in dir(bpy.ops.wardsynth):
    kind = getattr(bpy.types, f"WARDSYNTH_OT_{name}", None)
    rna = getattr(bpy.ops.wardsynth, name).get_rna_type()
    options = [p for p in rna.properties if p.identifier not in ("rna_type", "filter_glob")]
    found[name] = [rna.description, [p.identifier for p in options if not (p.description or p.identifier == "by")]]
answer(found)
"""
)


def test_every_operator_says_what_it_does(tmp_path):
    pytest.importorskip("bpy", reason="needs the bpy module")
    found = run_python(sys.executable, _DOCUMENTED, tmp_path)
    assert {"preview", "generate_dataset", "check_dataset", "save_config", "load_config", "use_room"} <= set(found)
    for name, (text, _) in found.items():
        assert len(text) > 15, name
