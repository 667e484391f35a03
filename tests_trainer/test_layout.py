"""Packages list their modules; classes have names of their own; functions are short; test files follow CONTRIBUTING."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = sorted(path.parent for path in (ROOT / "trainer").rglob("__init__.py"))
TEST_FILES = sorted(ROOT.glob("tests_*/test_*.py"))
CLOCKS = re.compile(r"\b(process_time|perf_counter)\(")


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: path.name)
def test_a_package_names_its_modules(package):
    docstring = ast.get_docstring(parsed(package / "__init__.py"))
    modules = {path.stem for path in package.glob("*.py") if not _is_a_former_name(path)}
    modules |= {path.parent.name for path in package.glob("*/__init__.py")}
    assert set(re.findall(r"``(\w+)``", docstring)) == modules - {"__init__", "__main__"}


def _is_a_former_name(path):
    """Whether the module only keeps imports by a former name working."""
    return (ast.get_docstring(parsed(path)) or "").startswith(("Deprecated name", "The former name"))


@pytest.mark.parametrize("product", ["blender_addon", "trainer"])
def test_each_class_of_a_product_has_a_name_of_its_own(product):
    paths = [path for package in (product, "shared_format") for path in (ROOT / package).rglob("*.py")]
    names = Counter(node.name for path in paths for node in ast.walk(parsed(path)) if isinstance(node, ast.ClassDef))
    assert [name for name, count in names.items() if count > 1] == []


def test_functions_are_short():
    paths = [
        path for package in ("blender_addon", "shared_format", "trainer") for path in (ROOT / package).rglob("*.py")
    ]
    functions = [node for path in paths for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef)]
    assert [node.name for node in functions if node.end_lineno - node.lineno >= 60] == []


@pytest.mark.parametrize("path", TEST_FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_test_file_imports_no_other_test_file(path):
    modules = [node.module or "" for node in ast.walk(parsed(path)) if isinstance(node, ast.ImportFrom)]
    assert [name for name in modules if name.rpartition(".")[2].startswith("test_")] == []


@pytest.mark.parametrize("path", TEST_FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_processor_times_are_asserted_by_tests_marked_timing(path):
    functions = [node for node in parsed(path).body if isinstance(node, ast.FunctionDef)]
    timed = [node for node in functions if node.name.startswith("test_") and CLOCKS.search(ast.unparse(node))]
    assert [node.name for node in timed if not _is_marked_timing(node)] == []


def _is_marked_timing(function):
    return any(ast.unparse(decorator) == "pytest.mark.timing" for decorator in function.decorator_list)
