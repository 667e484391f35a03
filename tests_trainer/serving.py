"""A running `trainer serve` in a process of its own."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[1]


class Served:
    """The service at ``address``, its process, and what it asks callers for."""

    def __init__(self, process, address):
        self.process, (self.address, _, self.token) = process, address.partition("#token=")
        self.session = requests.Session()

    def post(self, door, content, field="my_image", **options):
        return self.session.post(self.address + door, files={field: ("x", content)}, timeout=60, **options)

    def get(self, path, **options):
        return self.session.get(self.address + path, timeout=60, **options)


@contextlib.contextmanager
def in_this_process(app):
    """An ASGI application on a free port, served by a thread -> its address."""
    import uvicorn

    with socket.create_server(("127.0.0.1", 0)) as bound:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        thread = threading.Thread(target=server.run, args=([bound],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}/"
        finally:
            server.should_exit = True
            thread.join(30)


@contextlib.contextmanager
def serving(model, *words):
    """Start it on a free port, and end it as Ctrl-C does."""
    process = subprocess.Popen(
        [sys.executable, "-m", "trainer", "serve", str(model), "--port", "0", *map(str, words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={key: value for key, value in os.environ.items() if key != "WARDSYNTH_TOKEN"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        address = process.stdout.readline().strip()
        assert address, process.stderr.read()
        yield Served(process, address)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
