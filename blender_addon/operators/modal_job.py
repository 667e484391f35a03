"""One piece of work beside the window: a thread, watched by a timer; the window stays free.

The thread must not touch bpy: images are made by worker processes. The timer, in the main thread, shows how far it
is and takes over its result. A task belongs to Blender, not to a file or a window: both may be closed meanwhile.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Optional

import bpy
from bpy.props import BoolProperty, FloatProperty, StringProperty

from ..body.model import AssetMissingError
from ..dataset_format import errors
from ..draw.config import ConfigError
from ..job import JobError
from ..progress import progress_text

EXPECTED = (ConfigError, JobError, AssetMissingError, errors.FormatError)  # each one line for the user
_PANEL_WORDS = {"--out ": "Folder ", "--resume": "Resume", "--device": "Device", "--set": "set"}
_EVERY_S = 0.25
_JOIN_S = 10.0


class WardSynthState(bpy.types.PropertyGroup):
    """What the panel says of the running or the last task; of the session, not of the file."""

    progress: FloatProperty(name="Progress", min=0.0, max=1.0, subtype="FACTOR", options={"SKIP_SAVE"})
    message: StringProperty(options={"SKIP_SAVE"})
    failed: BoolProperty(options={"SKIP_SAVE"})


class Task:
    """Work under way.

    Attributes:
        title: what the panel calls it.
        stopping: set to end it early.
        done, failures: how far it is.
    """

    def __init__(self, title: str, work: Callable[[Task], Any], finish: Callable[[Any], tuple]) -> None:
        """``work`` runs in the thread; ``finish`` makes (message, failed) of its result in the main thread."""
        self.title, self.done, self.failures = title, 0, 0
        self.stopping = threading.Event()
        self._work, self._finish = work, finish
        self._result: Any = None
        self._error: Optional[Exception] = None
        self._lock = threading.Lock()
        self._total, self._start = 0, time.monotonic()
        self._thread = threading.Thread(target=self._run, name=f"WardSynth {title}", daemon=True)

    def step(self, failed: bool = False) -> None:
        """One more is done, or has failed; what ``run_job`` calls."""
        with self._lock:
            self.done += 1
            self.failures += failed

    def text(self) -> str:
        """How far it is, in words."""
        if self.stopping.is_set():
            return "stopping ..."
        if not self.total:
            return "starting ..."
        return progress_text(self.done, self.total, time.monotonic() - self._start, self.failures)

    @property
    def total(self) -> int:
        """How much there is to do, once ``work`` has said so; from then on time counts."""
        return self._total

    @total.setter
    def total(self, value: int) -> None:
        self._start, self._total = time.monotonic(), value

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wait(self) -> None:
        """Wait for its end."""
        self._thread.join()

    def end(self) -> None:
        """Stop it and wait; its result is dropped."""
        self.stopping.set()
        self._thread.join(_JOIN_S)

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def outcome(self) -> tuple:
        """(message, failed) of the finished task, in the main thread."""
        if isinstance(self._error, EXPECTED):
            return str(self._error), True
        if self._error is not None:
            return f"{type(self._error).__name__}: {self._error}", True
        return self._finish(self._result)

    def _run(self) -> None:
        try:
            self._result = self._work(self)
        except Exception as error:  # shown in the panel, whatever it was
            self._error = error


_current: Optional[Task] = None


def current_task() -> Optional[Task]:
    """The task under way, or None."""
    return _current


def start_task(task: Task) -> None:
    """Start ``task`` and watch it. There must be none under way."""
    global _current
    _current = task
    say(task.title, failed=False)
    task.start()
    bpy.app.timers.register(_watch, first_interval=_EVERY_S, persistent=True)


def stop_task() -> None:
    """End the task under way, as the add-on is disabled."""
    global _current
    if bpy.app.timers.is_registered(_watch):
        bpy.app.timers.unregister(_watch)
    if _current is not None:
        _current.end()
        _current = None


def say(message: str, failed: bool) -> None:
    """What the panel says until something else is to be said."""
    state = bpy.context.window_manager.wardsynth
    state.message, state.failed, state.progress = in_panel_words(message), failed, 0.0
    redraw()


def in_panel_words(message: str) -> str:
    """A message of the engine, which speaks of the command line's words, for who sees buttons."""
    for word, shown in _PANEL_WORDS.items():
        message = message.replace(word, shown)
    return message


def redraw() -> None:
    """Draw the viewports and image editors of all windows again."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type in ("VIEW_3D", "IMAGE_EDITOR"):
                area.tag_redraw()


def _watch() -> Optional[float]:
    global _current
    task = _current
    if task is None:
        return None
    if task.is_alive:
        state = bpy.context.window_manager.wardsynth
        state.progress = task.done / max(task.total, 1)
        redraw()
        return _EVERY_S
    _current = None
    say(*task.outcome())
    return None


class Watched:
    """A modal operator that starts a task: Esc stops it, everything else goes on to Blender."""

    def watch(self, context: bpy.types.Context, task: Task) -> set:
        """Start ``task``; what ``invoke`` returns."""
        start_task(task)
        self._task = task
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, _context: bpy.types.Context, event: bpy.types.Event) -> set:
        """Wait for the end or for Esc."""
        if not self._task.is_alive:
            return {"FINISHED"}
        if event.type == "ESC" and event.value == "PRESS":
            self._task.stopping.set()
            redraw()
            return {"RUNNING_MODAL"}
        return {"PASS_THROUGH"}


class WARDSYNTH_OT_stop(bpy.types.Operator):
    """Stop what is under way; images that are finished stay"""

    bl_idname = "wardsynth.stop"
    bl_label = "Stop"

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """There is something to stop."""
        return _current is not None and not _current.stopping.is_set()

    def execute(self, _context: bpy.types.Context) -> set:
        """Ask it to stop; the panel says when it has."""
        _current.stopping.set()
        redraw()
        return {"FINISHED"}


CLASSES = (WardSynthState, WARDSYNTH_OT_stop)
