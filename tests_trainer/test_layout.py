"""Each package of the trainer names its modules, and no other: the first thing a newcomer reads is true."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TRAINER = Path(__file__).resolve().parents[1] / "trainer"
PACKAGES = sorted(path.parent for path in TRAINER.rglob("__init__.py"))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_a_package_names_its_modules(package):
    said = ast.get_docstring(ast.parse((package / "__init__.py").read_text()))
    modules = {path.stem for path in package.glob("*.py")} | {
        path.parent.name for path in package.glob("*/__init__.py")
    }
    assert set(re.findall(r"``(\w+)``", said)) == modules - {"__init__", "__main__"}
