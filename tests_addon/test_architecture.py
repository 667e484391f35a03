"""The page on how it is built agrees with the code: its folders are there, and no arrow is imported backwards."""

import re

import grimp
import pytest
import tomllib
from conftest import REPOSITORY

PAGE = (REPOSITORY / "docs" / "architecture.md").read_text()
PACKAGES = ("blender_addon", "shared_format", "trainer")


@pytest.fixture(scope="module")
def imports():
    """Who imports whom."""
    return grimp.build_graph(*PACKAGES, cache_dir=None)


def _arrows():
    """(package, from, to) of every solid arrow of the figure."""
    figure = re.search(r"```mermaid\n(.*?)```", PAGE, re.S).group(1)
    for package, body in re.findall(r"subgraph (\w+) \[.*?\]\n(.*?)\n  end", figure, re.S):
        for line in body.splitlines():
            source, targets = line.split("-->")
            for target in targets.split("&"):
                yield package, source.strip(), target.strip()


@pytest.mark.parametrize("arrow", sorted(_arrows()), ids=" ".join)
def test_what_comes_before_imports_nothing_of_what_comes_after(imports, arrow):
    package, source, target = arrow
    before, after = f"{package}.{source}", f"{package}.{target}"
    assert {before, after} <= imports.modules
    assert not imports.chain_exists(importer=before, imported=after, as_packages=True)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_has_its_line(package):
    part = PAGE.split(f"## {package}\n")[1].split("\n## ")[0]
    folders = [path.name for path in (REPOSITORY / package).iterdir() if path.is_dir() and path.name != "__pycache__"]
    missing = [name for name in folders if not name.startswith(".") and f"`{name}/`" not in part]
    assert missing in ([], ["schema"]), missing


def test_the_contracts_that_the_page_names_are_there():
    contracts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    kinds = {tuple(contract.get("containers", ())) for contract in contracts if contract["type"] == "layers"}
    assert kinds == {("blender_addon",), ("trainer",)}
