"""XML files of labels, read safely: a document type is refused, as it can define entities that expand endlessly."""

from __future__ import annotations

from pathlib import Path
from typing import Optional
from xml.etree import ElementTree

from shared_format.errors import FormatError

_CHUNK = 4096  # bytes read at a time until the root is met
_NOT_XML = (OSError, ElementTree.ParseError, ValueError, LookupError)


class _NoDoctype(ElementTree.TreeBuilder):
    """Refuses a document type, which no format of labels uses."""

    def doctype(self, name: str, public: Optional[str], system: Optional[str]) -> None:
        """Called by the parser when it meets a DOCTYPE."""
        raise FormatError("has a DOCTYPE, which is not accepted")


class _RootMet(Exception):
    """Ends the reading at the first element, whose name it carries."""


class _FirstElement(_NoDoctype):
    def start(self, tag: str, attrs: dict[str, str], /) -> ElementTree.Element:
        """Called by the parser when it meets an element."""
        raise _RootMet(tag)


def parse(path: Path) -> ElementTree.Element:
    """The root of an XML file. Raises FormatError naming ``path``: not XML, or a DOCTYPE."""
    parser = ElementTree.XMLParser(target=_NoDoctype())
    try:
        return ElementTree.parse(path, parser).getroot()
    except FormatError as error:
        raise FormatError(f"{path}: {error}") from error
    except _NOT_XML as error:
        raise FormatError(f"{path}: cannot be read as XML: {error}") from error


def root_tag(path: Path) -> Optional[str]:
    """The name of the root element, of which only the beginning is read; None where the file cannot be read as XML."""
    parser = ElementTree.XMLParser(target=_FirstElement())
    try:
        with open(path, "rb") as file:
            while chunk := file.read(_CHUNK):
                parser.feed(chunk)
    except _RootMet as met:
        return str(met)
    except (FormatError, *_NOT_XML):  # whoever reads the file says what is wrong with it
        return None
    return None
