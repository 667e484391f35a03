"""The camera's image as a page on the same machine: no window system is needed, and no data leaves it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Optional

import cv2
import numpy as np

from ..errors import TrainerError

_BOUNDARY = "frame"
_WIDTH = 960  # pixels of the shown image at most
_PAGE = b"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Capture</title>
<style>body{margin:0;background:#111;color:#eee;font:16px system-ui;text-align:center}
img{max-width:100vw;max-height:100vh}</style>
<img src="stream" alt="What the camera sees, with the seconds to the next image">
</html>
"""


class Preview:
    """Serves the latest image at ``address`` while it is open; loopback only.

    Args:
        port: 0 for any that is free.

    Raises:
        TrainerError: the port is taken.
    """

    def __init__(self, port: int = 0) -> None:
        self._latest: Optional[bytes] = None
        self._news = threading.Condition()
        self._over = False
        try:
            self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        except OSError as error:
            raise TrainerError(f"--preview {port}: {error.strerror}; choose another port") from error
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Preview:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._news:
            self._over = True
            self._news.notify_all()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def show(self, image: np.ndarray, caption: str, countdown: Optional[int], flash: bool = False) -> None:
        """Make (H, W, 3) uint8 BGR ``image`` the latest, with ``caption`` and the seconds counted down."""
        content = cv2.imencode(".jpg", _marked(image, caption, countdown, flash))[1].tobytes()
        with self._news:
            self._latest = content
            self._news.notify_all()

    def _handler(self) -> type:
        preview = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.rstrip("/").endswith("stream"):
                    preview._stream(self)
                else:
                    self.send_response(200)
                    self.send_header("Content-Type", "text/html; charset=utf-8")
                    self.send_header("Content-Length", str(len(_PAGE)))
                    self.end_headers()
                    self.wfile.write(_PAGE)

            def log_message(self, *_: object) -> None:
                """Log nothing: the terminal shows the countdown."""

        return Handler

    def _stream(self, request: BaseHTTPRequestHandler) -> None:
        """Motion JPEG: every part replaces the one before."""
        request.send_response(200)
        request.send_header("Content-Type", f"multipart/x-mixed-replace; boundary={_BOUNDARY}")
        request.send_header("Cache-Control", "no-store")
        request.end_headers()
        shown: Optional[bytes] = None
        try:
            while (content := self._wait(shown)) is not None:
                shown = content
                head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(content)}\r\n\r\n"
                request.wfile.write(head.encode() + content + b"\r\n")
        except (BrokenPipeError, ConnectionResetError):
            return  # the page was closed

    def _wait(self, shown: Optional[bytes]) -> Optional[bytes]:
        """Wait for an image other than ``shown``; None when there will be no more."""
        with self._news:
            self._news.wait_for(lambda: self._over or self._latest is not shown)
            return None if self._over else self._latest


def _marked(image: np.ndarray, caption: str, countdown: Optional[int], flash: bool) -> np.ndarray:
    height, width = image.shape[:2]
    scale = min(1.0, _WIDTH / width)
    small = cv2.resize(image, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    if flash:
        small = cv2.addWeighted(small, 0.3, np.full_like(small, 255), 0.7, 0)
    _write(small, caption, (12, small.shape[0] - 14), 0.7)
    if countdown is not None:
        _write(small, str(countdown), (small.shape[1] // 2 - 30, small.shape[0] // 2 + 30), 3.0)
    return small


def _write(image: np.ndarray, text: str, where: tuple, size: float) -> None:
    """Write white text with a black rim, legible on any image."""
    for colour, weight in (((0, 0, 0), 5), ((255, 255, 255), 2)):
        cv2.putText(image, text, where, cv2.FONT_HERSHEY_SIMPLEX, size, colour, round(weight * max(1.0, size / 2)))
