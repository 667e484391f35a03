"""The rules of plain language for texts that people read: what is a fragment, and which words are out of use."""

from __future__ import annotations

import re
from typing import Optional

# A text that starts with one of these leans on something to its left.
FRAGMENT_STARTS = frozenset(
    (
        *("of", "and", "or", "but", "nor", "than", "as", "by", "for", "from", "in", "into", "on", "at", "to", "with"),
        *(
            "without",
            "above",
            "below",
            "after",
            "before",
            "between",
            "beside",
            "likewise",
            "also",
            "else",
            "so",
            "such",
        ),
        *("which", "who", "whom", "whose", "what", "that", "where", "when", "why", "while", "because", "if", "unless"),
        *("until", "it", "its", "they", "their", "he", "she", "this", "these", "those", "same", "ditto"),
    )
)
LEAST_WORDS = 3
# Pattern -> what to write instead.
OLD_WORDS = {
    r"knobs?": "setting",
    r"(?<!-)pictures?(?!-)": "image (frame for one image of a video)",
    r"(?<!ground )(?<!ground-)truths?": "ground truth, labelled object",
    r"(gone|go|goes|going|went) on with": "resume",
    r"(?<!your )own (rooms?|characters?|objects?|furniture|people)": "custom",
    r"the lying": "people lying down",
    r"so (many|much) of": "this many, a maximum of",
    r"(rows?|lines?|files?|images?|boxes|steps?|times?|frames?|pixels|seconds|minutes|views|people|core-seconds) an? "
    r"(image|box|frame|second|minute|hour|class|video|person|scene|epoch|step|cell|label|row|line|side|core|room|view)"
    r"(?! time)": "per",
}
# Words that mean something else in the generator, whose rooms have doors and whose workers have shares of a cloth.
OLD_WORDS_OF_THE_TRAINER = {r"doors?": "endpoint, entry point", r"shares? of": "fraction, weights"}


def fragment(text: Optional[str], capital: bool = True) -> Optional[str]:
    """Why a help text or tooltip does not make sense alone; None if it does.

    Args:
        capital: whether the interface starts its texts with a capital letter.
    """
    text = re.sub(r"\[default: [^\]]*\]|%\([a-z]+\)s", "", text or "").strip()
    words = re.findall(r"[^\s]+", re.split(r"(?<=[.!?])\s", text)[0]) if text else []
    if not words:
        return "there is no text"
    if capital and not re.match(r"[A-Z0-9(\"']", text):
        return f"it starts with the small letter of {words[0]!r}"
    if words[0].lower().strip(",.:;") in FRAGMENT_STARTS:
        return f"it starts with {words[0]!r}, so it leans on what stands before it"
    if len(words) < LEAST_WORDS:
        return f"{' '.join(words)!r} is too short to say what it does"
    return None


def old_words(text: str, further: Optional[dict[str, str]] = None) -> list[str]:
    """Every word out of use in a text, with its line and what to write instead."""
    problems = []
    for number, line in enumerate(text.splitlines(), start=1):
        for pattern, better in {**OLD_WORDS, **(further or {})}.items():
            for match in re.finditer(rf"\b(?:{pattern})\b", line, re.IGNORECASE):
                problems.append(f"line {number}: {match[0]!r}, write {better}: ...{line.strip()[:100]}")
    return problems


def prose_of_markdown(text: str) -> str:
    """The words of a guide, line by line: without code, addresses and the paths of links and images."""
    text = re.sub(r"```.*?```", lambda block: "\n" * block[0].count("\n"), text, flags=re.DOTALL)
    text = re.sub(r"^(?: {4}|\t).*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"`[^`]*`", lambda code: "\n" * code[0].count("\n"), text)
    return re.sub(r"\]\([^)]*\)|https?://\S+", "]", text)


def prose_of_html(text: str) -> str:
    """The words of a page or of a template, line by line: without scripts, styles, expressions and tags."""
    for pattern in (r"<(script|style)\b.*?</\1>", r"\{#.*?#\}", r"\{%.*?%\}", r"\{\{.*?\}\}", r"<[^>]*>"):
        text = re.sub(pattern, lambda part: "\n" * part[0].count("\n"), text, flags=re.DOTALL)
    return text
