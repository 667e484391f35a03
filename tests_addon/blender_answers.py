"""Blender that answers calls: JSON lines ``[module of this folder, expression]`` in, one marked JSON line out for each.

The file is emptied before each call, so that none finds what another left.
"""

import importlib
import json
import sys
import traceback

import bpy

MARK = "answer "


def answer(module, expression):
    """{"value"} of the expression in the module, or {"error"}."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    try:
        return {"value": eval(expression, vars(importlib.import_module(module)))}
    except Exception:
        return {"error": traceback.format_exc()}


if __name__ == "__main__":
    for line in sys.stdin:
        print(MARK + json.dumps(answer(*json.loads(line))), flush=True)
