"""The add-on runs with NumPy 1.x and 2.x: what some of them lack is kept out, and vectors have their length checked."""

import ast
import warnings

import numpy as np
import pytest
from conftest import REPOSITORY

from blender_addon.body.vectors import cross, plane_cross, unit

# Gone, or to go, in a NumPy of a Blender that runs the add-on; ``np.cross`` of plane vectors is among them.
GONE = {
    "cross", "trapz", "in1d", "row_stack", "product", "cumproduct", "sometrue", "alltrue", "float_", "complex_", "Inf",
    "NaN", "PINF", "NINF", "infty", "round_", "asfarray", "find_common_type", "bool8", "msort", "unicode_",
    "string_", "cast", "source", "recfromcsv", "recfromtxt", "safe_eval", "set_string_function", "compare_chararrays",
    "fix", "float", "int", "bool", "object", "str", "long", "chararray",
}  # fmt: skip
ADDED_LATER = {  # not in the NumPy 1.24 of Blender 3.4
    "trapezoid", "isdtype", "astype", "concat", "matrix_transpose", "vecdot", "matvec", "vecmat", "permute_dims", "pow",
    "acos", "asin", "atan", "atan2", "unique_values", "unique_counts", "unique_inverse", "cumulative_sum", "unstack",
    "bitwise_count",
}  # fmt: skip


METHODS_GONE = {"ptp", "itemset", "newbyteorder", "tostring"}  # of arrays


def _numpy_names(path):
    """[(line, name)] of everything that a module reads from ``np``, and of array methods that are gone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("np", "numpy"):
            yield node.lineno, node.attr
        elif isinstance(node, ast.Attribute) and node.attr in METHODS_GONE:
            yield node.lineno, f"ndarray.{node.attr}"


@pytest.mark.parametrize("package", ["blender_addon", "shared_format"])
def test_no_module_reads_what_some_numpy_lacks(package):
    modules = sorted((REPOSITORY / package).rglob("*.py"))
    used = [
        f"{path.relative_to(REPOSITORY)}:{line}: np.{name}"
        for path in modules
        for line, name in _numpy_names(path)
        if name in GONE | ADDED_LATER or name.startswith("ndarray.")
    ]
    assert len(modules) > 10
    assert used == []


def test_cross_products_are_those_of_numpy():
    numbers = np.random.default_rng(1).normal(size=(2, 40, 3))
    np.testing.assert_array_equal(cross(*numbers), np.cross(*numbers))
    np.testing.assert_array_equal(cross(numbers[0], [0.0, 0.0, 1.0]), np.cross(numbers[0], [0.0, 0.0, 1.0]))
    np.testing.assert_array_equal(cross([1, 0, 0], [0, 1, 0]), [0, 0, 1])
    assert np.linalg.norm(unit(numbers[0, 0])) == pytest.approx(1.0)


def test_plane_vectors_have_a_product_of_their_own():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert plane_cross([1.0, 0.0], [0.0, 1.0]) == 1.0
        assert plane_cross(np.eye(2), np.eye(2)[::-1]).tolist() == [1.0, -1.0]
    with pytest.raises(ValueError, match=r"\(2,\)"):
        cross([1.0, 0.0], [0.0, 1.0])
    with pytest.raises(ValueError, match=r"\(4, 2\)"):
        cross(np.zeros((4, 2)), np.zeros((4, 2)))
