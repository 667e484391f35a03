"""The guides that the add-on's zip carries as web pages."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Optional

_PACKAGE = Path(__file__).resolve().parent


class Guide(NamedTuple):
    """A page: the stem of its file, its title, and what it is about."""

    name: str
    title: str
    about: str


GUIDES = (
    Guide("addon", "Add-on", "The tab from the top, custom content, custom rooms"),
    Guide("generator", "Generator", "Every setting, presets, and the command line"),
    Guide("scripting", "Scripting", "The operators in scripts"),
    Guide("glossary", "Glossary", "The terms that the panel and the labels use"),
)


def guide_page(name: str) -> Optional[Path]:
    """The file of a guide: in the installed add-on, or in the repository; None if it is in neither."""
    pages = (_PACKAGE / "docs" / f"{name}.html", _PACKAGE.parent / "docs" / f"{name}.md")
    return next((page for page in pages if page.is_file()), None)
