"""Chromium without a window, driven over its DevTools protocol."""

from __future__ import annotations

import base64
import itertools
import json
import shutil
import subprocess
import time
import urllib.request

from websockets.sync.client import connect

PROGRAM = shutil.which("chromium") or shutil.which("google-chrome")
SECONDS = 60


class Browser:
    """One page. A context manager.

    Args:
        folder: for its profile. camera: a .mjpeg file that plays the camera; None: Chromium's own test image.
    """

    def __init__(self, folder, camera=None, width=1100, height=900):
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0"]
        flags += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--disable-dev-shm-usage"]
        if camera is not None:
            flags.append(f"--use-file-for-fake-video-capture={camera}")
        self.process = subprocess.Popen(
            [PROGRAM, *flags, f"--user-data-dir={folder}", f"--window-size={width},{height}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.numbers = itertools.count(1)
        self.said = []
        port = _wait(lambda: (folder / "DevToolsActivePort").read_text().split()[0], OSError, IndexError)
        targets = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json"))
        page = next(one for one in targets if one["type"] == "page")
        self.socket = connect(page["webSocketDebuggerUrl"], max_size=None)
        for domain in ("Page", "Runtime", "Log", "DOM", "Network"):
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()
        self.process.terminate()
        self.process.wait(20)

    def call(self, method, **parameters):
        """A command of the protocol -> its result; what the page says meanwhile goes into ``said``."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv(timeout=SECONDS))
            if message.get("id") == number:
                assert "error" not in message, message["error"]
                return message["result"]
            self.said.append(message)

    def open(self, address):
        self.call("Page.navigate", url=address)
        self.until("document.readyState === 'complete'")

    def value(self, expression):
        """The value of a JavaScript expression; a promise is waited for."""
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def until(self, expression):
        """Wait until the expression holds."""
        try:
            return _wait(lambda: self.value(expression) or None)
        except AssertionError as error:
            status = self.value("document.body.innerText")
            raise AssertionError(f"never held: {expression}; the page says {status!r}") from error

    def choose(self, file):
        """Choose a file as if by the button."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector="#file")["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(file)])

    def key(self, key, code=0):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def phone(self, width=360, height=720, dark=False):
        """As a telephone shows it."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2, mobile=True)
        self.dark(dark)

    def dark(self, dark):
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def screenshot(self, path):
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))

    def errors(self):
        """What went wrong in the page so far: exceptions and refused loads."""
        found = [one["params"] for one in self.said if one["method"] == "Runtime.exceptionThrown"]
        entries = [one["params"]["entry"] for one in self.said if one["method"] == "Log.entryAdded"]
        return found + [entry for entry in entries if entry["level"] == "error"]

    def hosts(self):
        """Where the page asked for anything."""
        asked = [one["params"]["request"]["url"] for one in self.said if one["method"] == "Network.requestWillBeSent"]
        return {address.split("/")[2] for address in asked if address.startswith("http")}


def _wait(attempt, *expected):
    limit = time.monotonic() + SECONDS
    while time.monotonic() < limit:
        try:
            found = attempt()
        except expected:
            found = None
        if found is not None:
            return found
        time.sleep(0.05)
    raise AssertionError("waited in vain")
