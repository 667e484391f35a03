"""What is outside the windows: a painted panorama of sky, houses, trees and street lamps, in numpy.

Radiance is relative to that of the horizon by day; at night lit windows and lamps are far above 1. The image covers all
directions, as Blender's equirectangular textures do: columns are headings, rows from straight down to straight up.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..dataset_format import effects
from ..draw.streams import RandomStream
from ..draw.value_types import Array

WIDTH, HEIGHT = 1024, 512
_STEP = 360.0 / WIDTH  # degrees per pixel, in both directions
_CLOUD, _HAZE = (1.05, 1.05, 1.06), (1.0, 1.0, 1.0)
_ZENITH = (0.42, 0.62, 0.95)
_WALLS = (
    (0.34, 0.31, 0.28), (0.24, 0.17, 0.15), (0.42, 0.41, 0.39), (0.23, 0.24, 0.25), (0.46, 0.44, 0.40),
    (0.31, 0.29, 0.28), (0.55, 0.54, 0.53), (0.19, 0.17, 0.16),
)  # fmt: skip
# Pale, because overexposed colours of any strength turn garish.
_LEAVES = ((0.045, 0.055, 0.038), (0.060, 0.068, 0.045), (0.050, 0.057, 0.048), (0.080, 0.068, 0.045))
_BARK = (0.06, 0.045, 0.035)
_GLASS, _LAWN, _STREET = (0.11, 0.12, 0.13), (0.075, 0.085, 0.06), (0.15, 0.15, 0.15)
_LIT = ((1.0, 0.72, 0.40), (1.0, 0.82, 0.58), (0.85, 0.92, 1.0))
_OVER_NIGHT_SKY = (15.0, 70.0)  # radiance of a lit window by that of the night sky
_LAMP = 400.0  # that of a street lamp


def paint(seed: int, view: str, night: bool) -> NDArray[np.float32]:
    """(HEIGHT, WIDTH, 3) float32, row 0 straight down: what surrounds the building.

    Args:
        seed: chooses the surroundings.
        view: "sky" (a high floor), "buildings" or "trees".
        night: whether windows and lamps are lit.
    """
    stream = RandomStream(seed, 0, f"panorama/{view}")
    image = _sky(stream)
    _VIEWS[view](image, stream, night)
    if night:
        _lamps(image, stream, count=3 + int(4 * stream.unit()))
    return image.astype(np.float32)


def _row(elevation: float) -> int:
    """The row at ``elevation`` degrees above the horizon."""
    return min(max(round((elevation + 90.0) / _STEP), 0), HEIGHT)


def _sky(stream: RandomStream) -> Array:
    """Bright at the horizon, blue above, with clouds of a random amount."""
    height = np.clip((np.arange(HEIGHT) * _STEP - 90.0) / 60.0, 0.0, 1.0)[:, None, None] ** 0.6
    sky = np.asarray(_HAZE) + (np.asarray(_ZENITH) - _HAZE) * height
    cover = stream.uniform(0.3, 0.75)
    clouds = np.clip((_mottled(stream, 5, HEIGHT // 2, WIDTH // 2) - 1.0 + cover) * 3.0, 0.0, 1.0)
    clouds = clouds.repeat(2, axis=0).repeat(2, axis=1)[..., None]
    return np.broadcast_to(sky, (HEIGHT, WIDTH, 3)) * (1.0 - clouds) + np.asarray(_CLOUD) * clouds


def _from_high_up(image: Array, stream: RandomStream, night: bool) -> None:
    """Distant roofs below the horizon."""
    image[: _row(-1.0)] = _shade(image[0, 0], 0.30)
    _houses(image, stream, night, ground=-40.0, tops=(-5.0, 3.0), widths=(4.0, 14.0), haze=0.45)


def _street(image: Array, stream: RandomStream, night: bool) -> None:
    """Houses on the other side of a street."""
    image[: _row(-1.0)] = _STREET
    _houses(image, stream, night, ground=-9.0, tops=(0.0, 9.0), widths=(9.0, 20.0), haze=0.4)
    _houses(image, stream, night, ground=-14.0, tops=(6.0, 32.0), widths=(16.0, 42.0), haze=0.0, gap=0.25)


def _park(image: Array, stream: RandomStream, night: bool) -> None:
    """A lawn with trees, some houses behind them."""
    image[: _row(-1.0)] = np.asarray(_LAWN) * (0.3 if night else 1.0)
    _houses(image, stream, night, ground=-3.0, tops=(1.0, 8.0), widths=(8.0, 20.0), haze=0.3, gap=0.5)
    for radii, count, shade in (((2.0, 4.0), 80, 2.2), ((4.0, 13.0), 30, 1.5)):  # the far ones are paler
        _trees(image, stream, radii, count, shade * (0.3 if night else 1.0))


_VIEWS: dict[str, Callable[[Array, RandomStream, bool], None]] = {
    "sky": _from_high_up,
    "buildings": _street,
    "trees": _park,
}


def _houses(
    image: Array,
    stream: RandomStream,
    night: bool,
    ground: float,
    tops: tuple[float, float],
    widths: tuple[float, float],
    haze: float,
    gap: float = 0.0,
) -> None:
    """A row of facades around the building; angles in degrees, ``haze`` 0..1, a fraction ``gap`` of it is empty."""
    heading = 0.0
    while heading < 360.0 - widths[0] / 2:
        width, top = stream.uniform(*widths), stream.uniform(*tops)
        rgb = np.asarray(stream.choice(_WALLS)) * stream.uniform(0.5, 1.0)
        pitch, storey = stream.uniform(1.6, 3.2), stream.uniform(2.2, 3.6)
        lots = stream.unit(), stream.unit()
        if lots[0] >= gap:
            columns = slice(round(heading / _STEP), min(round((heading + width) / _STEP), WIDTH))
            facade = image[_row(ground) : _row(top), columns]
            if facade.size:
                _facade(facade, stream, rgb, pitch / _STEP, storey / _STEP, night)
                facade += haze * (_shade(np.asarray(_HAZE), 0.8) - facade) * (facade < 1.0)
        heading += width


def _facade(facade: Array, stream: RandomStream, rgb: Array, pitch: float, storey: float, night: bool) -> None:
    """One house front, in place: a wall, a rim, windows every ``pitch`` columns and ``storey`` rows."""
    height, width = facade.shape[:2]
    facade[:] = rgb * (0.35 if night else 1.0)
    facade[-max(1, height // 30) :] *= 0.7
    across, up = stream.uniform(0.45, 0.75), stream.uniform(0.45, 0.65)  # the part of each field that is glass
    lit_share = stream.uniform(0.1, 0.5) if night else 0.0
    for row in np.arange(0.25 * storey, height - 0.8 * storey, storey):
        for column in np.arange(0.2 * pitch, width - across * pitch, pitch):
            lot, tone = stream.unit(), stream.unit()
            pane = facade[int(row) : int(row + up * storey) + 1, int(column) : int(column + across * pitch) + 1]
            if lot < lit_share:
                low, high = _OVER_NIGHT_SKY
                pane[:] = np.asarray(_LIT[int(tone * len(_LIT))]) * (low + (high - low) * stream.unit())
            elif lot > 0.85:  # a blind
                pane[:] = rgb * (0.25 if night else 0.7 + 0.5 * tone)
            else:
                pane[:] = np.asarray(_GLASS) * (0.5 if night else 0.8 + 0.8 * tone)


def _trees(image: Array, stream: RandomStream, radii: tuple[float, float], count: int, shade: float) -> None:
    """A row of ``count`` trees with crowns of ``radii`` degrees; ragged crowns, lighter above, on dark trunks."""
    noise = _mottled(stream, 7, HEIGHT // 2, WIDTH)
    for _ in range(count):
        heading, radius = stream.uniform(0.0, 360.0), stream.uniform(*radii)
        middle = stream.uniform(0.3, 1.1) * radius
        slim = stream.uniform(0.7, 1.3)
        leaves = np.asarray(stream.choice(_LEAVES)) * shade * stream.uniform(0.7, 1.3)
        reach = round(1.3 * radius * max(slim, 1.0) / _STEP)
        columns = np.arange(round(heading / _STEP) - reach, round(heading / _STEP) + reach + 1) % WIDTH
        rows = np.arange(_row(middle - 1.3 * radius), _row(middle + 1.3 * radius))
        across = (np.arange(-reach, reach + 1) * _STEP / (radius * slim))[None]
        up = ((rows * _STEP - 90.0 - middle) / radius)[:, None]
        mottled = noise[np.ix_(rows % len(noise), columns)]
        # About two pixels wide, an edge is no staircase where the picture is enlarged and overexposed.
        crown = np.clip((0.55 + 0.8 * mottled - np.hypot(across, up)) * radius / _STEP / 2 + 0.5, 0.0, 1.0)[..., None]
        trunk = (np.abs(across) < 0.07) & (up < 0.0)
        lit = np.clip(0.55 + 0.35 * up - 0.2 * across, 0.15, 1.2) * (0.3 + 1.6 * mottled)
        patch = image[np.ix_(rows, columns)]
        patch[trunk] = np.asarray(_BARK) * shade
        image[np.ix_(rows, columns)] = patch ** (1 - crown) * (leaves * lit[..., None]) ** crown


def _lamps(image: Array, stream: RandomStream, count: int) -> None:
    """Street lamps: small and very bright, each with the glow around it."""
    rows, columns = np.mgrid[-6:7, -6:7]
    away = np.hypot(rows, columns)[..., None]
    for _ in range(count):
        row, column = _row(stream.uniform(-8.0, 5.0)), int(stream.unit() * WIDTH)
        rgb = np.asarray(stream.choice(_LIT[:2]))
        glow = rgb * (_LAMP * (away < 1.3) + 0.02 * _LAMP * np.exp(-away) * (away < 6.0))
        patch = np.ix_(row + rows[:, 0], (column + columns[0]) % WIDTH)
        image[patch] = np.maximum(image[patch], glow)


def _mottled(stream: RandomStream, octaves: int, height: int, width: int) -> Array:
    """(height, width) numbers about 0..1, cloudy; the left and right edge fit together."""
    total, weight = np.zeros((height, width)), 0.0
    for octave in range(octaves):
        rows, columns = min(2 ** (octave + 2), height), min(2 ** (octave + 3), width)
        grid = 0.5 + 0.29 * effects.normal(int(stream.unit() * 2**32), (rows, columns)).astype(
            np.float64
        )  # as even numbers
        total += 0.5**octave * _stretched(_stretched(grid, height, wraps=False).T, width, wraps=True).T
        weight += 0.5**octave
    return np.clip((total / weight - 0.5) * 2.0 + 0.5, 0.0, 1.0)


def _stretched(grid: Array, count: int, wraps: bool) -> Array:
    """``grid`` with ``count`` rows, linear between its own."""
    rows = len(grid)
    place = np.arange(count) * (rows / count)
    first = place.astype(np.int64)
    after = (first + 1) % rows if wraps else np.minimum(first + 1, rows - 1)
    share = (place - first)[:, None]
    return grid[first] * (1.0 - share) + grid[after] * share


def _shade(rgb: Array, factor: float) -> Array:
    return np.asarray(rgb) * factor
