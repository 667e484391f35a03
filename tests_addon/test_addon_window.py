"""The add-on as an artist meets it: Blender's own window, the tab, clicks where the buttons are drawn, Esc, undo.

With WARDSYNTH_SCREENSHOTS=docs the images of docs/addon.md are made.
"""

import json
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from blender_window import KEPT, BlenderWindow, keep, screen
from conftest import REPOSITORY

from blender_addon.packaging.addon_zip import write_zip
from shared_format import dataset

__all__ = ["screen"]

_STATE = "bpy.context.window_manager.wardsynth"
_SHOWN = "bpy.context.window_manager.windows[0].scene"
_SETTINGS = "bpy.data.scenes['Scene'].wardsynth"
_OVERLAY = 300  # pixels
_WAIT = 400  # seconds; the machine may be busy
_SMALL = f"s = {_SETTINGS}; s.knobs.render_size = (160, 160); s.knobs.render_samples = 2; s.seed = 1; s.index = 10"
_LARGE = f"s = {_SETTINGS}; s.knobs.render_size = (360, 360); s.knobs.render_samples = 24; s.seed = 1; s.index = 10"
_MEAN = (
    "image = bpy.data.images['WardSynth picture']; pixels = list(image.pixels);"
    " value = [255 * sum(pixels[channel::4]) / (len(pixels) / 4) for channel in range(3)]"
)
_COUNT = (
    "value = {p.identifier: len(getattr(bpy.data, p.identifier))"
    " for p in bpy.data.bl_rna.properties if p.type == 'COLLECTION'}"
)


@pytest.fixture(scope="module")
def window(blender, screen, tmp_path_factory):
    """Blender with the zip installed by the preferences' operator, the sidebar open at the add-on's tab."""
    home = tmp_path_factory.mktemp("artist")
    path = home / "wardsynth.zip"
    write_zip(path)
    window = BlenderWindow(blender, home, screen)
    window.install(path)
    window.open()
    window.open_tab()
    yield window
    if window.is_open:
        window.close()


def test_the_tab_shows_two_tall_buttons(window):
    image = keep(window, "panel")
    assert len(window.tall_buttons()) == 2
    assert window.overlay_pixels(image) < 50


def test_preview_is_clicked_and_shows_the_image_with_its_labels(window):
    window.ask(_LARGE if KEPT else _SMALL)
    before = window.ask(_COUNT)
    window.click_until(lambda: window.tall_buttons()[0], f"{_SHOWN}.name.startswith('WardSynth')")
    window.point(300, 500)
    image = keep(window, "preview", lambda image: window.overlay_pixels(image) > _OVERLAY)
    assert window.overlay_pixels(image) > _OVERLAY, "the overlay is drawn"
    looks = (
        "value = [a.spaces[0].region_3d.view_perspective for a in bpy.context.window_manager.windows[0].screen.areas"
    )
    assert window.ask(f"{looks} if a.type == 'VIEW_3D']") == ["CAMERA"]
    window.ask(f"for name in ('show_points', 'show_names'): setattr({_SETTINGS}, name, False)")
    window.ask(f"{_SETTINGS}.show_boxes = set()")
    window.redraw()
    without = window.look_until(lambda image: window.overlay_pixels(image) < 50)
    assert window.overlay_pixels(without) < 50, "and switched off"
    window.ask(f"for name in ('show_points', 'show_names'): setattr({_SETTINGS}, name, True)")
    window.ask(f"{_SETTINGS}.show_boxes = {{'visible', 'covered', 'amodal'}}")
    window.redraw()
    window.before = before


def test_the_rendered_image_is_shown_with_its_labels(window):
    window.click_until(lambda: window.below(window.tall_buttons()[0], 1), f"'ender' in {_STATE}.message")
    window.wait_for(f"'rendered' in {_STATE}.message or {_STATE}.failed", _WAIT)
    assert window.ask(f"value = {_STATE}.failed") is False
    window.point(300, 500)
    image = keep(window, "picture", lambda image: window.overlay_pixels(image) > _OVERLAY)
    assert window.overlay_pixels(image) > _OVERLAY
    wanted = window.ask(_MEAN)
    x, y, width, height = window.region(region="WINDOW")
    middle_x, middle_y = x + (width - window.region()[2]) // 2, y + height // 2
    shown = image[middle_y - 300 : middle_y + 300, middle_x - 300 : middle_x + 300].reshape(-1, 3).mean(axis=0)
    assert np.allclose(shown, wanted, atol=25), "the image's own brightness, some of it under labels"


def test_one_undo_takes_the_preview_away_and_one_redo_brings_it_back(window):
    record = window.ask(f"value = {_SHOWN}.wardsynth.record")
    window.point(300, 500)
    window.press("ctrl+z")
    window.wait_for(f"{_SHOWN}.name == 'Scene'", 60)
    assert window.ask("value = [s.name for s in bpy.data.scenes]") == ["Scene"]
    window.press("ctrl+shift+z")
    window.wait_for("len(bpy.data.scenes) == 2", 60)
    again = window.ask("value = [s.wardsynth.record for s in bpy.data.scenes if s.wardsynth.record]")
    assert again == [record]
    window.show("WardSynth")


def test_back_to_my_scene_leaves_no_datablock(window):
    window.click_until(lambda: window.below(window.tall_buttons()[0], 2), f"{_SHOWN}.name == 'Scene'")
    after = window.ask(_COUNT)
    assert {kind: n for kind, n in after.items() if n != window.before[kind]} == {}


def test_generate_is_clicked_shows_progress_and_esc_stops_it(window):
    folder = window.home / "ward"
    window.ask(_SMALL)
    window.ask(f"{_SETTINGS}.out = '~/ward'; {_SETTINGS}.count = 30")
    window.click_until(lambda: window.tall_buttons()[1], f"{_STATE}.message == 'Generate Dataset'")
    window.wait_for(f"{_STATE}.progress > 0", _WAIT)
    window.point(300, 500)
    keep(window, "progress")
    turned = window.ask("value = 1")  # the window answers meanwhile
    window.press("Escape")
    said = window.wait_for(f"'stopped' in {_STATE}.message and {_STATE}.message", _WAIT)
    assert turned == 1
    assert "Tick Resume" in said
    there = dataset.frame_indices(folder)
    assert f"{len(there)} of 30" in said
    assert 1 <= len(there) < 30
    assert not [path for path in folder.rglob(".part-*") if path.parent.name != "images"]
    assert _workers_of(window) == []


def test_resume_goes_on_and_the_dataset_is_whole(window, wardsynth, tmp_path):
    folder = window.home / "ward"
    count = len(dataset.frame_indices(folder)) + 1
    window.ask(f"{_SETTINGS}.resume = True; {_SETTINGS}.count = {count}")
    window.click_until(lambda: window.tall_buttons()[1], f"'stopped' not in {_STATE}.message")
    window.wait_for(f"'images rendered' in {_STATE}.message or {_STATE}.failed", _WAIT)
    assert window.ask(f"value = {_STATE}.failed") is False, window.ask(f"value = {_STATE}.message")
    assert dataset.frame_indices(folder) == list(range(count))
    assert (folder / "coco.json").is_file()
    window.click_until(lambda: window.below(window.tall_buttons()[1], 1), f"' people, ' in {_STATE}.message")
    assert window.ask(f"value = {_STATE}.failed") is False
    keep(window, "checked")
    spec = wardsynth("spec", "--index", 0, "--config", folder / "dataset.json", "--seed", 1, "--json")
    assert json.loads(spec.stdout) == dataset.read_frame(dataset.frame_path(folder, 0)).spec


def test_a_failure_says_its_cause_in_the_panel(window):
    window.ask(f"{_SETTINGS}.resume = False")
    window.click_until(lambda: window.tall_buttons()[1], f"{_STATE}.failed")
    said = window.ask(f"value = {_STATE}.message")
    assert {"~/ward", "Resume"} <= {word.strip(":;,.") for word in said.split()}
    keep(window, "failure")
    window.press("Escape")  # closes the dialog that says so


def test_two_windows_a_reload_and_enabling_twice_leave_no_error(window):
    window.ask("bpy.ops.wm.window_new_main()")
    window.wait_for("len(bpy.context.window_manager.windows) == 2", 30)
    code = "with bpy.context.temp_override(window=bpy.context.window_manager.windows[0]): bpy.ops.wardsynth.preview()"
    window.ask(code, timeout=_WAIT)
    names = "value = [w.scene.name for w in bpy.context.window_manager.windows]"
    assert window.ask(names) == ["WardSynth", "Scene"], "the other window shows what it did"
    file = window.home / "file.blend"
    window.ask(f"bpy.ops.wm.save_as_mainfile(filepath={str(file)!r})")
    window.ask(f"bpy.ops.wm.open_mainfile(filepath={str(file)!r})", timeout=60)
    assert not window.ask("value = any(s.wardsynth.record for s in bpy.data.scenes)"), "it is not saved unasked"
    for _ in range(2):
        window.ask("import addon_utils; addon_utils.disable('wardsynth')")
        assert window.ask("value = hasattr(bpy.types, 'WARDSYNTH_PT_main')") is False
        window.ask("import addon_utils; addon_utils.enable('wardsynth')")
    time.sleep(1)
    assert window.ask("value = hasattr(bpy.types, 'WARDSYNTH_PT_main')") is True


def test_quitting_while_it_works_leaves_no_process_and_no_error_was_printed(window):
    window.ask(f"{_SETTINGS}.out = {str(window.home / 'left')!r}; {_SETTINGS}.count = 50")
    code = "with bpy.context.temp_override(window=bpy.context.window_manager.windows[0]):"
    window.ask(f"{code} bpy.ops.wardsynth.generate_dataset('INVOKE_DEFAULT')")
    window.wait_for(f"bool({_STATE}.message)", 30)
    time.sleep(3)
    window.close()
    for _ in range(50):
        if not _workers_of(window):
            break
        time.sleep(0.2)
    assert _workers_of(window) == []
    assert "Traceback" not in window.log()
    assert "Error" not in window.log().replace("Error: Folder", "")


def _workers_of(window):
    """Worker processes that the window's Blender started and that live."""
    listed = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if str(window.home_inside) in line and line.endswith("worker")]


def test_the_guide_shows_what_these_tests_made():
    shown = {path.name for path in (REPOSITORY / "docs").glob("addon-*.jpg")}
    page = (REPOSITORY / "docs" / "addon.md").read_text()
    assert shown
    assert all(name in page for name in shown)
    assert all((REPOSITORY / "docs" / name).stat().st_size < 400_000 for name in shown)
    assert Path(REPOSITORY / "docs" / "addon.md").is_file()
