"""Every command of the README and the guides runs as it is written."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPOSITORY

from blender_addon.packaging.addon_zip import write_zip
from shared_format import dataset
from tests_trainer.warm_trainer import warm_trainer

_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.M | re.S)
_WARD = "wardsynth generate --out ward --count 6 --size 96x96 --samples 1\n"  # what the trainer's guides begin with
_GLOSSARY = "glossary.md"
_TABLES = ("shares.md",)  # printed by a program
_PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]


@pytest.fixture(scope="module")
def trainer_folder(tmp_path_factory):
    """The folder of a `trainer` that need not load Keras for every command."""
    folder = tmp_path_factory.mktemp("programs")
    with warm_trainer(folder):
        yield folder


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    """What ``_WARD`` makes, made once."""
    folder = tmp_path_factory.mktemp("begun")
    _run(_WARD, folder, Path(sys.executable).parent)
    return folder / "ward"


@pytest.mark.parametrize(
    "page", [page for page in _PAGES if _BLOCK.search(page.read_text())], ids=lambda page: page.name
)
def test_the_commands_of_a_page_run_one_after_the_other(page, trainer_folder, request, tmp_path):
    pytest.importorskip("bpy", reason="needs the bpy module")
    first, *others = _BLOCK.findall(page.read_text())
    if first.startswith(_WARD):
        shutil.copytree(request.getfixturevalue("ward"), tmp_path / "ward")
        first = first.removeprefix(_WARD)
    for block in (first, *others):
        _run(block, tmp_path, trainer_folder, Path(sys.executable).parent)


def _run(block, folder, *programs):
    path = os.pathsep.join([*map(str, programs), os.environ["PATH"]])
    done = subprocess.run(
        ["sh", "-e", "-c", block],
        cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    assert done.returncode == 0, f"{block}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"


def test_the_page_without_a_window_is_true_of_the_real_program(blender, tmp_path):
    write_zip(tmp_path / "wardsynth-0.1.0.zip")
    (block,) = re.findall(r"^```blender\n(.*?)^```", (REPOSITORY / "docs" / "background.md").read_text(), re.M | re.S)
    env = {**os.environ, "BLENDER_USER_RESOURCES": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run(["sh", "-e", "-c", block], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert dataset.frame_indices(tmp_path / "ward") == [0, 1]


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.name)
def test_links_and_images_are_there(page):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.name)
def test_links_to_sections_name_a_heading(page):
    for target, section in re.findall(r"\]\(([\w./-]*)#([\w-]+)\)", page.read_text()):
        headings = re.findall(r"^#+ (.+)$", ((page.parent / target) if target else page).read_text(), re.M)
        assert section in [re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings]


@pytest.mark.parametrize("page", [page for page in _PAGES if page.name not in _TABLES], ids=lambda page: page.name)
def test_a_guide_begins_with_what_its_reader_can_do_and_links_the_glossary(page):
    text = page.read_text()
    if page.name != "README.md":
        assert text.split("\n\n")[1].startswith("After this page you ")
    assert page.name == _GLOSSARY or f"{_GLOSSARY})" in text


def test_the_glossary_explains_each_term_once():
    page = REPOSITORY / "docs" / _GLOSSARY
    terms = [term for cell in re.findall(r"^\| \*\*(.+?)\*\* \|", page.read_text(), re.M) for term in cell.split(", ")]
    assert len(terms) > 80
    assert len(set(terms)) == len(terms)
