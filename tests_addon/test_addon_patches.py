"""The patches apply to the headers they are for, and stock Blenders do without: measured, as patches/README.md says."""

import json
import re
import subprocess

import pytest
from blender_pythons import bpy_python
from conftest import REPOSITORY

__all__ = ["bpy_python"]

_PATCHES = REPOSITORY / "patches"
_FOLDER = "source/blender/compositor/operations"
# The part of each header that matters, in the form of 2.80 to 2.9x.
_VIEWER = """\
class ViewerOperation : public NodeOperation {
 public:
  ViewerOperation();
  void initExecution();
  void deinitExecution();
  void executeRegion(rcti *rect, unsigned int tileNumber);
  void determineResolution(unsigned int resolution[2],
                           unsigned int preferredResolution[2]);
  bool isOutputOperation(bool /*rendering*/) const
  {
    if (G.background) {
      return false;
    }
    return isActiveViewerOutput();
  }
  void setImage(Image *image)
  {
    this->m_image = image;
  }
};
"""
_PREVIEW = """\
class PreviewOperation : public NodeOperation {
 public:
  void verifyPreview(bNodeInstanceHash *previews, bNodeInstanceKey key);

  bool isOutputOperation(bool /*rendering*/) const
  {
    return !G.background;
  }
  void initExecution();
  void deinitExecution();
  eCompositorPriority getRenderPriority() const;
};
"""
_ONE_LINE = "  bool isOutputOperation(bool /*rendering*/) const { return !G.background; }\n"
_HEADERS = {"viewer": ("COM_ViewerOperation.h", _VIEWER), "preview": ("COM_PreviewOperation.h", _PREVIEW)}


def _patch(folder, kind, *words):
    with (_PATCHES / f"blender-2.92-{kind}-operation.patch").open() as change:
        return subprocess.run(["patch", "-p1", *words], cwd=folder, stdin=change, capture_output=True, text=True)


@pytest.mark.parametrize("kind", _HEADERS)
def test_the_patch_applies_to_the_header_and_takes_the_guard_away(kind, tmp_path):
    name, text = _HEADERS[kind]
    header = tmp_path / _FOLDER / name
    header.parent.mkdir(parents=True)
    header.write_text(text)
    done = _patch(tmp_path, kind, "--dry-run")
    assert done.returncode == 0, done.stdout
    assert header.read_text() == text, "a dry run changes nothing"
    assert _patch(tmp_path, kind).returncode == 0
    assert "G.background" not in header.read_text()
    assert header.read_text().count("isOutputOperation") == 1


@pytest.mark.parametrize("kind", _HEADERS)
def test_the_patch_refuses_a_header_that_has_no_such_guard(kind, tmp_path):
    name, _ = _HEADERS[kind]
    header = tmp_path / _FOLDER / name
    header.parent.mkdir(parents=True)
    header.write_text("class Operation {\n public:\n" + _ONE_LINE + "};\n")
    assert _patch(tmp_path, kind, "--dry-run").returncode != 0


def _measured(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert lines, done.stdout + done.stderr
    return json.loads(lines[-1])


def _row(version):
    """The cells of README's row of ``version``."""
    text = (_PATCHES / "README.md").read_text()
    cells = re.search(rf"^\| {re.escape(version)} .*$", text, re.M)[0].strip("|").split("|")
    return [cell.strip() for cell in cells][1:]


def _said(found):
    size = found["viewer_size"]
    return [
        f"{size[0]} x {size[1]}" if size else "none",
        str(found["viewer_pixels_not_zero"]) if size else "none",
        str(found["render_result_values"]),
        str(found["file_output_pixels"]),
        ", ".join(map(str, found["file_output_box"])),
    ]


def test_in_each_bpy_the_file_has_what_the_viewer_has_not(bpy_python):
    found = _measured([bpy_python, _PATCHES / "measure.py"])
    assert _said(found) == _row(found["blender"])


def test_in_the_real_blender_the_file_has_what_the_viewer_has_not(blender):
    found = _measured([blender, "-b", "--factory-startup", "--python", _PATCHES / "measure.py"])
    assert _said(found) == _row(found["blender"])
