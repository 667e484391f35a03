"""The program of ``stand_in``, in a process of its own."""

import json
import os
import subprocess
import sys

import stand_in


def run(*words, acts=None, **options):
    """``stand_in.py WORDS`` with the images doing ``acts``; returns the finished process."""
    return subprocess.run(command(words), env=environment(acts), capture_output=True, text=True, timeout=300, **options)


def command(words):
    return [sys.executable, stand_in.__file__, *map(str, words)]


def environment(acts):
    return {**os.environ, "STAND_IN": json.dumps(acts or {})}
