"""Help texts, tooltips and setting descriptions of the add-on stand alone and use the words of docs/glossary.md."""

from __future__ import annotations

import argparse
import ast
from pathlib import Path

import pytest

from blender_addon.arguments import build_parser
from blender_addon.draw import config
from tests_trainer.language_rules import fragment, old_words

ADDON = Path(__file__).resolve().parents[1] / "blender_addon"
TOOLTIP_FOLDERS = ("operators", "panel", "overlay", "settings")


def subcommands(parser):
    """(name, parser, its help) of every sub-command that --help lists."""
    (commands,) = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    return {one.dest: (commands.choices[one.dest], one.help) for one in commands._choices_actions}


COMMANDS = subcommands(build_parser())


def problems(where, text, capital):
    reason = fragment(text, capital)
    return [f"{where}: {one}" for one in ([reason] if reason else []) + old_words(text or "")]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_text_stands_alone_and_uses_plain_words(name):
    parser, summary = COMMANDS[name]
    found = problems(name, summary, capital=False) if summary != argparse.SUPPRESS else []
    for action in parser._actions:
        if action.help != argparse.SUPPRESS and "-h" not in action.option_strings:
            found += problems(action.option_strings or action.dest, action.help, capital=False)
    assert found == []


@pytest.mark.parametrize("setting", config.SETTINGS, ids=lambda setting: setting.key)
def test_every_setting_is_described_and_uses_plain_words(setting):
    assert problems(setting.key, setting.text, capital=False) == []


@pytest.mark.parametrize("name", config.preset_names())
def test_every_preset_is_described(name):
    assert problems(name, config.preset(name)["description"], capital=False) == []


def texts(node):
    """The literal texts of an expression; the changing parts of an f-string are left out."""
    return [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def tooltips():
    """(place, text) of every description that Blender shows when the pointer rests on a button or field."""
    for folder in TOOLTIP_FOLDERS:
        for path in sorted((ADDON / folder).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                place = f"{folder}/{path.name}:{getattr(node, 'lineno', 0)}"
                if isinstance(node, ast.keyword) and node.arg == "description":
                    literal = isinstance(node.value, ast.Constant)
                    yield from ((place, text) for text in texts(node.value) if literal)
                elif isinstance(node, ast.ClassDef):
                    yield from ((place, text) for text in _of_operator(node))


def _of_operator(node):
    assigned = {
        target.id: one.value
        for one in node.body
        if isinstance(one, ast.Assign)
        for target in one.targets
        if isinstance(target, ast.Name)
    }
    if "bl_description" in assigned:
        return texts(assigned["bl_description"])
    return [ast.get_docstring(node) or ""] if "bl_idname" in assigned and "bl_label" in assigned else []


TOOLTIPS = list(tooltips())


def test_tooltips_are_found():
    assert len(TOOLTIPS) > 25


@pytest.mark.parametrize(("place", "text"), TOOLTIPS, ids=[place for place, _ in TOOLTIPS])
def test_every_tooltip_stands_alone_and_uses_plain_words(place, text):
    assert problems(place, text, capital=True) == []
