"""Help texts, pages and guides stand alone and use the words of docs/glossary.md."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from trainer.cli import cli

from .language_rules import OLD_WORDS_OF_THE_TRAINER, fragment, old_words, prose_of_html, prose_of_markdown

ROOT = Path(__file__).resolve().parents[1]
# The glossary lists the old words; the other guides are the generator's, whose rooms have doors.
GLOSSARY = "glossary.md"
GUIDES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
TRAINER_GUIDES = (
    *("trainer.md", "serve.md", "evaluation.md", "classes.md", "data.md", "sim_to_real.md"),
    *("posture.md", "roles.md", "face-masks.md"),
)
PAGES = sorted([*(ROOT / "trainer").rglob("*.html"), ROOT / "trainer" / "serve" / "static" / "app.js"])


def commands(command=cli, name="trainer"):
    """(full name, command) of every command and group of commands."""
    yield name, command
    for child, one in getattr(command, "commands", {}).items():
        yield from commands(one, f"{name} {child}")


COMMANDS = dict(commands())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_text_stands_alone_and_uses_plain_words(name):
    command, problems = COMMANDS[name], []
    texts = {"the command": command.help}
    texts |= {one.opts[0]: one.help for one in command.params if isinstance(one, click.Option)}
    for where, text in texts.items():
        problems += [f"{where}: {reason}" for reason in [fragment(text)] if reason]
        problems += [f"{where}: {problem}" for problem in old_words(text or "", OLD_WORDS_OF_THE_TRAINER)]
    assert problems == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_has_an_example(name):
    assert f"Example:\n  {name.split()[0]} " in (COMMANDS[name].epilog or "")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages_use_plain_words(path):
    assert old_words(prose_of_html(path.read_text()), OLD_WORDS_OF_THE_TRAINER) == []


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_guides_use_plain_words(path):
    if path.name == GLOSSARY:
        pytest.skip("it lists the words out of use")
    further = OLD_WORDS_OF_THE_TRAINER if path.name in TRAINER_GUIDES else None
    assert old_words(prose_of_markdown(path.read_text()), further) == []


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", "Of the choice.", "And the rest.", "Or images of each side.", "Above it the exit code is 1."),
        *("In pixels of the input; likewise.", "After a failure.", "How many.", "[default: 100]", "names to keep"),
        *("Where to listen.", "What callers must show.", "For --augment, such as this."),
    ],
)
def test_a_fragment_is_refused(text):
    assert fragment(text)


@pytest.mark.parametrize(
    "text",
    [
        "Random seed of the split.  [default: 0]",
        "How often to retry a failed download.",
        "Fail (exit code 1) if any score differs by more than this.",
    ],
)
def test_a_text_that_stands_alone_passes(text):
    assert fragment(text) is None


@pytest.mark.parametrize(
    "text",
    ["a knob", "Two pictures.", "truths", "go on with it", "an own room", "write a row a box", "images a second"],
)
def test_a_word_out_of_use_is_found(text):
    assert len(old_words(text)) == 1


@pytest.mark.parametrize(
    "text", ["the ground truth", "one row per box", "one image a second time", "your own room", "its own window"]
)
def test_words_in_use_pass(text):
    assert old_words(text) == []
