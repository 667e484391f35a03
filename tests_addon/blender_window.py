"""A real Blender window on a screen of its own, with hands: xdotool moves the pointer and presses keys.

A small script inside Blender answers questions (where regions are, what a property is); whatever a user would click is
clicked, at the place where it is drawn.
"""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import REPOSITORY
from PIL import Image

WIDTH, HEIGHT = 1280, 900
KEPT = os.environ.get("WARDSYNTH_SCREENSHOTS", "")  # the folder of the repository that keeps images of the window
# In images for the guides, the home of the artist is not a temporary folder.
_ARTIST = "/home/artist"
_AT_HOME = f'mount -t tmpfs none /home && mkdir {_ARTIST} && mount --bind "$0" {_ARTIST} && exec "$@"'
_OVERLAY_RGB = (
    (230, 159, 0),
    (86, 180, 233),
    (0, 158, 115),
    (240, 228, 66),
    (213, 94, 0),
    (204, 121, 167),
)  # Okabe, Ito
_NO_TEXT = 52, 44  # pixels from the sidebar's right edge: inside wide buttons, right of their text
_AWAY = 300, 500  # in the viewport
_TABS = (180, 210, 150)  # pixels below the sidebar's top: where the tab of the only add-on is, then its neighbourhood
_PATIENCE = 20  # half seconds after a click
_TALL = 25, 40  # pixels: the height of tall buttons
_ANSWERING = """
import bpy, json, pathlib, traceback
folder = pathlib.Path({folder!r})
def answer():
    question = folder / "question.py"
    if question.exists():
        code = question.read_text()
        question.unlink()
        space = {{"bpy": bpy, "value": None}}
        try:
            exec(code, space)
            reply = {{"value": space["value"]}}
        except Exception:
            reply = {{"error": traceback.format_exc()}}
        (folder / "reply.part").write_text(json.dumps(reply, default=list))
        (folder / "reply.part").rename(folder / "reply.json")
    return 0.05
bpy.app.timers.register(answer, persistent=True)
"""
_INSTALL = """
import bpy
bpy.context.preferences.view.show_splash = False
bpy.context.preferences.view.show_developer_ui = True
bpy.context.preferences.system.viewport_aa = {aa!r}
bpy.ops.preferences.addon_install(filepath={path!r}, overwrite=True)
bpy.ops.preferences.addon_enable(module="wardsynth")
bpy.ops.wm.save_userpref()
"""
_REGION = """
area = max((a for a in bpy.context.window_manager.windows[0].screen.areas if a.type == {area!r}), key=lambda a: a.width)
region = next(r for r in area.regions if r.type == {region!r})
value = [region.x, bpy.context.window_manager.windows[0].height - region.y - region.height, region.width, region.height]
"""
_BUTTON = "theme = bpy.context.preferences.themes[0].user_interface\nvalue = [list(theme.wcol_tool.inner)[:3]]"


class BlenderWindow:
    """Blender with the add-on, on a screen of its own; ``ask`` runs code inside it."""

    def __init__(self, blender, home, display):
        self.home, self._display = Path(home), display
        self.home_inside = Path(_ARTIST if KEPT else home)  # the same folder, as Blender names it
        self._blender = [*(["unshare", "-rm", "sh", "-c", _AT_HOME, str(home)] if KEPT else ()), blender]
        inside = str(self.home_inside)
        self.env = {**os.environ, "BLENDER_USER_RESOURCES": inside, "DISPLAY": display, "HOME": inside}
        self._process = None

    def install(self, path):
        """Install the add-on's zip by the operator behind the preferences' button."""
        aa = "8" if KEPT else "OFF"  # the screen is drawn by the processor
        script = _INSTALL.format(path=str(path), aa=aa)
        done = subprocess.run(
            [*self._blender, "-b", "--python-exit-code", "3", "--python-expr", script],
            env=self.env, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr

    def open(self):
        """Open the window and wait until it answers."""
        script = self.home / "answering.py"
        script.write_text(_ANSWERING.format(folder=str(self.home)))
        self._log = (self.home / "blender.log").open("w")
        self._process = subprocess.Popen(
            [*self._blender, "-p", "0", "0", str(WIDTH), str(HEIGHT), "--python", str(script)],
            env=self.env, stdout=self._log, stderr=subprocess.STDOUT, cwd=self.home,
        )  # fmt: skip
        self.ask("value = 1", timeout=60)

    def close(self):
        """Quit as a user would whose work is saved; returns the exit code."""
        (self.home / "question.py").write_text("bpy.ops.wm.quit_blender()")
        try:
            return self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        finally:
            self._log.close()

    def log(self):
        """What Blender printed."""
        return (self.home / "blender.log").read_text()

    def ask(self, code, timeout=90):
        """Run ``code`` inside; what it leaves in ``value`` comes back."""
        reply, question = self.home / "reply.json", self.home / "question.part"
        reply.unlink(missing_ok=True)
        question.write_text(code)
        question.rename(self.home / "question.py")
        end = time.monotonic() + timeout
        while not reply.exists():
            assert self._process.poll() is None, f"Blender ended\n{self.log()[-3000:]}"
            assert time.monotonic() < end, f"no answer to\n{code}\n{self.log()[-3000:]}"
            time.sleep(0.05)
        said = json.loads(reply.read_text())
        assert "error" not in said, said["error"]
        return said["value"]

    def wait_for(self, expression, timeout=120):
        """Wait until ``expression`` is true inside; returns it."""
        end = time.monotonic() + timeout
        while not (found := self.ask(f"value = {expression}")):
            assert time.monotonic() < end, f"never true: {expression}\n{self.log()[-3000:]}"
            time.sleep(0.2)
        return found

    def region(self, area="VIEW_3D", region="UI"):
        """(x, y, width, height) on the screen of a region of the largest area of a kind."""
        return self.ask(_REGION.format(area=area, region=region))

    def redraw(self):
        """Draw everything again, as Blender does after a click."""
        self.ask("for w in bpy.context.window_manager.windows:\n  for a in w.screen.areas: a.tag_redraw()")

    def look(self, path=None):
        """The screen as (H, W, 3) uint8; saved to ``path`` if there is one."""
        file = Path(path or self.home / "screen.png")
        subprocess.run(["import", "-window", "root", str(file)], env=self.env, check=True, timeout=30)
        return np.asarray(Image.open(file).convert("RGB"))

    def look_until(self, shows, times=50):
        """The screen once ``shows(image)`` is true, or as it is after that many looks."""
        for _ in range(times):
            time.sleep(0.4)
            image = self.look()
            if shows(image):
                break
        return image

    def point(self, x, y):
        """Move the pointer."""
        self._do("mousemove", int(x), int(y))

    def click(self, x, y):
        """Click there, unhurriedly."""
        for words in (
            ("mousemove", int(x), int(y)),
            ("mousemove", int(x) + 1, int(y)),
            ("mousedown", 1),
            ("mouseup", 1),
        ):
            self._do(*words)
            time.sleep(0.25)

    def click_until(self, find, expression, timeout=400):
        """Click what ``find()`` finds until ``expression`` is true inside; a busy machine can lose a click."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            where = find()
            self.point(*_AWAY)  # a pop-up that says an error goes when the pointer leaves it
            time.sleep(0.5)
            self.click(*where)
            for _ in range(_PATIENCE):
                if found := self.ask(f"value = {expression}"):
                    return found
                time.sleep(0.5)
        said = self.ask("value = bpy.context.window_manager.wardsynth.message")
        raise AssertionError(f"clicked, and never true: {expression}\nthe panel says: {said}\n{self.log()[-3000:]}")

    def press(self, key):
        """Press a key where the pointer is."""
        self._do("key", key)

    def scroll(self, steps):
        """Turn the wheel, down for positive ``steps``."""
        for _ in range(abs(steps)):
            self._do("click", 5 if steps > 0 else 4)
            time.sleep(0.05)

    def _do(self, *words):
        subprocess.run(["xdotool", *map(str, words)], env=self.env, check=True, timeout=30)

    @property
    def is_open(self):
        """Whether it has not ended."""
        return self._process is not None and self._process.poll() is None

    def open_tab(self):
        """Open the sidebar with N over the viewport, then the add-on's tab, the last, by a click."""
        x, y, width, height = self.region(region="WINDOW")
        self.point(x + width // 2, y + height // 2)
        time.sleep(1)
        self.press("n")
        time.sleep(3)
        for down in _TABS:
            x, y, width, height = self.region()
            self.click(x + width - 12, y + down)
            time.sleep(2)
            if len(self.tall_buttons()) == 2:
                return
        raise AssertionError("the tab is not there")

    def below(self, button, rows):
        """The middle of the plain button ``rows`` rows below a tall one."""
        return button[0] - 20, button[1] + 31 + 26 * (rows - 1)

    def show(self, name):
        """Show the scene whose name begins so in the first window."""
        self.ask(
            f"bpy.context.window_manager.windows[0].scene = "
            f"next(s for s in bpy.data.scenes if s.name.startswith({name!r}))"
        )
        time.sleep(1)

    def overlay_pixels(self, image, area="VIEW_3D"):
        """How many pixels of an editor, its sidebar aside, have the overlay's colours, within a little."""
        x, y, width, height = self.region(area, "WINDOW")
        seen = image[y : y + height, x : x + width - 240].reshape(-1, 3).astype(int)
        return sum(int((np.abs(seen - colour).max(axis=1) < 12).sum()) for colour in _OVERLAY_RGB)

    def tall_buttons(self):
        """(x, y) middles of the tall buttons in the sidebar, from the top: those that are pressed most."""
        x, y, width, height = self.region()
        self.point(x - 200, y + height // 2)
        time.sleep(0.6)
        strip = self.look().astype(int)[y : y + height, x + width - _NO_TEXT[0] : x + width - _NO_TEXT[1]]
        colour = np.array(self.ask(_BUTTON)[0]) * 255
        painted = (np.abs(strip - colour).max(axis=-1) <= 3).all(axis=1).astype(int)
        runs = np.flatnonzero(np.diff(np.concatenate([[0], painted, [0]]))).reshape(-1, 2).tolist()
        return [(x + width // 2 - 12, y + (top + end) // 2) for top, end in runs if _TALL[0] <= end - top <= _TALL[1]]


def keep(window, name, shows=lambda image: True):
    """An image of the window once it ``shows`` what it should, kept for the guide where asked."""
    image = window.look_until(shows)
    if KEPT:
        time.sleep(3)  # panels that unfold have unfolded
        image = window.look()
        file = REPOSITORY / KEPT / f"addon-{name}.jpg"
        Image.fromarray(image).save(file, quality=88, subsampling=0, optimize=True)
    return image


@pytest.fixture(scope="session")
def screen(tmp_path_factory):
    """The name of a virtual screen of its own."""
    for program in ("Xvfb", "xdotool", "import"):
        if shutil.which(program) is None:
            pytest.skip(f"no {program} on this machine")
    reader, writer = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"],
        pass_fds=(writer,), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writer)
    with os.fdopen(reader) as lines:
        number = lines.readline().strip()
    yield f":{number}"
    process.terminate()
    process.wait()
