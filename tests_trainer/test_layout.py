"""Each package of the trainer lists its modules, and no others; test files follow the rules of CONTRIBUTING."""

from __future__ import annotations

import ast
import re
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
    modules = {path.stem for path in package.glob("*.py")} | {
        path.parent.name for path in package.glob("*/__init__.py")
    }
    assert set(re.findall(r"``(\w+)``", docstring)) == modules - {"__init__", "__main__"}


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
