"""Text that a camera writes over its image, and eyes that reflect its lamp. The font is our own, five by seven."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .pixels import Mask, Pixels

_ROWS, _COLUMNS = 7, 5
# Seven rows of five bits each, the leftmost the highest.
_GLYPHS = {
    "0": "0E 11 13 15 19 11 0E", "1": "04 0C 04 04 04 04 0E", "2": "0E 11 01 02 04 08 1F", "3": "1F 02 04 02 01 11 0E",
    "4": "02 06 0A 12 1F 02 02", "5": "1F 10 1E 01 01 11 0E", "6": "06 08 10 1E 11 11 0E", "7": "1F 01 02 04 08 08 08",
    "8": "0E 11 11 0E 11 11 0E", "9": "0E 11 11 0F 01 02 0C", "A": "0E 11 11 1F 11 11 11", "B": "1E 11 11 1E 11 11 1E",
    "C": "0E 11 10 10 10 11 0E", "D": "1C 12 11 11 11 12 1C", "E": "1F 10 10 1E 10 10 1F", "F": "1F 10 10 1E 10 10 10",
    "G": "0E 11 10 17 11 11 0F", "H": "11 11 11 1F 11 11 11", "I": "0E 04 04 04 04 04 0E", "J": "07 02 02 02 02 12 0C",
    "K": "11 12 14 18 14 12 11", "L": "10 10 10 10 10 10 1F", "M": "11 1B 15 15 11 11 11", "N": "11 19 15 13 11 11 11",
    "O": "0E 11 11 11 11 11 0E", "P": "1E 11 11 1E 10 10 10", "Q": "0E 11 11 11 15 12 0D", "R": "1E 11 11 1E 14 12 11",
    "S": "0F 10 10 0E 01 01 1E", "T": "1F 04 04 04 04 04 04", "U": "11 11 11 11 11 11 0E", "V": "11 11 11 11 0A 0A 04",
    "W": "11 11 11 15 15 1B 11", "X": "11 0A 04 04 04 0A 11", "Y": "11 11 0A 04 04 04 04", "Z": "1F 01 02 04 08 10 1F",
    " ": "00 00 00 00 00 00 00", ":": "00 04 04 00 04 04 00", "-": "00 00 00 0E 00 00 00", "/": "01 01 02 04 08 10 10",
    ".": "00 00 00 00 00 0C 0C",
}  # fmt: skip
CHARACTERS = "".join(_GLYPHS)
CORNERS = ("top-left", "top-right", "bottom-left", "bottom-right")
STYLES = ("outline", "box", "plain")


def text_mask(text: str, scale: int = 1) -> Mask:
    """(7 scale, (6 n - 1) scale) bool: ``text`` of n ``CHARACTERS``, ``scale`` pixels a dot. Raises ValueError."""
    strange = [character for character in text if character not in _GLYPHS]
    if strange or not text:
        raise ValueError(f"text {text!r}: expected one or more of {CHARACTERS!r}")
    rows = np.array([[int(row, 16) for row in _GLYPHS[character].split()] for character in text], dtype=np.uint8)
    dots = (rows[..., None] >> np.arange(_COLUMNS, -1, -1)[1:]) & 1  # (n, 7, 5)
    spaced = np.pad(dots, ((0, 0), (0, 0), (0, 1)))
    flat = spaced.transpose(1, 0, 2).reshape(_ROWS, -1)[:, :-1].astype(bool)
    return flat.repeat(scale, axis=0).repeat(scale, axis=1)


def overlay(
    display: Pixels,
    lines: Sequence[str],
    corner: str = "top-left",
    height: float = 14.0,
    style: str = "outline",
    strength: float = 1.0,
) -> Pixels:
    """Text burnt into a corner of the image.

    Args:
        lines: of ``CHARACTERS``, from top to bottom; text that does not fit is cut off.
        corner: one of ``CORNERS``.
        height: of a letter, in pixels; rounded to whole dots of the font, at least one.
        style: white with a black "outline", white on a black "box", or "plain" white.
        strength: 0..1, how much of the image the letters replace.
    """
    if strength <= 0:
        return display.copy()
    result = display.copy()
    scale = max(round(height / _ROWS), 1)
    margin, step = 2 * scale, (_ROWS + 3) * scale
    top = margin if corner.startswith("top") else display.shape[0] - margin - step * len(lines) + 3 * scale
    for number, line in enumerate(lines):
        mask = text_mask(line, scale)
        left = margin if corner.endswith("left") else display.shape[1] - margin - mask.shape[1]
        _stamp(result, np.pad(mask, scale), top + number * step - scale, left - scale, scale, style, strength)
    return result


def eye_shine(display: Pixels, eyes: Pixels, radius: float, strength: float) -> Pixels:
    """Eyes that reflect the lamp at the camera.

    Args:
        eyes: (N, 2) pixels (x, y).
        radius: of the glow, pixels.
        strength: 0..1, the display value that the middle of an eye gains.
    """
    result = display.copy()
    reach = int(3 * radius) + 2
    for x, y in np.asarray(eyes, dtype=np.float64).reshape(-1, 2):
        left, top = max(int(x) - reach, 0), max(int(y) - reach, 0)
        window = result[top : max(int(y) + reach + 1, 0), left : max(int(x) + reach + 1, 0)]
        rows = np.arange(top, top + window.shape[0]) + 0.5 - y
        columns = np.arange(left, left + window.shape[1]) + 0.5 - x
        glow = np.exp(-0.5 * (rows[:, None] ** 2 + columns[None] ** 2) / radius**2)[..., None]
        window[:] = np.clip(window + np.float32(strength) * glow.astype(np.float32), 0.0, 1.0)
    return result


def _stamp(image: Pixels, letters: Mask, top: int, left: int, scale: int, style: str, strength: float) -> None:
    """Lay a padded mask of letters over ``image``, in place; parts outside the image are left out."""
    around = np.ones_like(letters) if style == "box" else _grown(letters, max(scale // 2, 1))
    first = max(-top, 0), max(-left, 0)
    inside = image[max(top, 0) : max(top + letters.shape[0], 0), max(left, 0) : max(left + letters.shape[1], 0)]
    window = slice(first[0], first[0] + inside.shape[0]), slice(first[1], first[1] + inside.shape[1])
    share = np.float32(strength)
    if style != "plain":
        inside[around[window]] *= 1.0 - share
    inside[letters[window]] += share * (1.0 - inside[letters[window]])


def _grown(mask: Mask, steps: int) -> Mask:
    """``mask`` grown by ``steps`` pixels along the axes and diagonals."""
    padded = np.pad(mask, steps)
    height, width = mask.shape
    grown = np.zeros_like(mask)
    for dy in range(2 * steps + 1):
        for dx in range(2 * steps + 1):
            grown |= padded[dy : dy + height, dx : dx + width]
    return grown
