"""The effects of cameras, against formulas and independent implementations."""

import time

import cv2
import numpy as np
import pytest

from shared_format import effects
from shared_format.effects.noise import normal
from shared_format.effects.osd import CHARACTERS, CORNERS, STYLES

RANDOM = np.random.RandomState(5)
IMAGE = RANDOM.uniform(0.02, 0.98, (60, 80, 3)).astype(np.float32)
BYTES = (IMAGE * 255).astype(np.uint8)


def grey(value, shape=(40, 50)):
    return np.full((*shape, 3), value, dtype=np.float32)


# At strength 0 every effect leaves the image alone; at a working strength none changes what it was given.
STRENGTHS = {
    "exposed": ((IMAGE, 0.0), (IMAGE, 1.0)),
    "brightness": ((IMAGE, 1.0), (IMAGE, 0.5)),
    "white_balanced": ((IMAGE, (1, 1, 1)), (IMAGE, (1.2, 1, 0.8))),
    "cast_limited": ((IMAGE, 0.0), (IMAGE * np.float32([1.0, 1.0, 0.3]), 0.5)),
    "haze": ((IMAGE, 0.0), (IMAGE, 0.3)),
    "vignette": ((IMAGE, 0.0), (IMAGE, 0.6)),
    "hot_spot": ((IMAGE, 0.0), (IMAGE, 1.5)),
    "saturated": ((IMAGE, 1.0), (IMAGE, 0.4)),
    "bands": ((IMAGE, 0.0, 20), (IMAGE, 0.1, 20)),
    "motion_blur": ((IMAGE, 0), (IMAGE, 9, 30)),
    "defocus": ((IMAGE, 0.0), (IMAGE, 2.5)),
    "gaussian": ((IMAGE, 0.0), (IMAGE, 1.2)),
    "grain": ((IMAGE, 0.0), (IMAGE, 0.05)),
    "fixed_pattern": ((IMAGE, 0.0), (IMAGE, 0.05)),
    "fringe": ((IMAGE, 0.0), (IMAGE, 1.5)),
    "edge_falloff": ((IMAGE, 0.0, (40.0, 30.0, 35.0)), (IMAGE, 0.4, (40.0, 30.0, 35.0))),
    "sharpened": ((IMAGE, 0.0), (IMAGE, 1.5)),
    "low_resolution": ((IMAGE, 1.0), (IMAGE, 0.5)),
    "enlarged": ((IMAGE, 80, 60), (IMAGE, 100, 70)),
    "overlay": ((IMAGE, ["CAM 1"], "top-left", 7, "box", 0.0), (IMAGE, ["CAM 1"])),
    "eye_shine": ((IMAGE, [(20, 20)], 2.0, 0.0), (IMAGE, [(20, 20)], 2.0, 0.9)),
}


@pytest.mark.parametrize("name", STRENGTHS)
def test_strength_0_is_the_image_itself_and_any_strength_leaves_the_argument_alone(name):
    nothing, something = STRENGTHS[name]
    before = IMAGE.copy()
    effect = getattr(effects, name)
    assert np.allclose(effect(*nothing), IMAGE, atol=2e-6)
    changed = effect(*something)
    assert changed.dtype == np.float32
    assert changed.shape != IMAGE.shape or not np.allclose(changed, IMAGE)
    assert np.array_equal(IMAGE, before)
    assert np.array_equal(effect(*something), changed), "not the same twice"


def test_the_tone_curve_is_srgb_below_its_knee_and_never_falls():
    light = np.array([0.0, 0.002, 0.02, 0.2, 0.5], dtype=np.float32)
    srgb = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    assert np.allclose(effects.to_display(light), srgb, atol=2e-3)
    for contrast in (-1.0, 0.0, 1.0):
        curve = effects.to_display(np.linspace(0, 9, 5000, dtype=np.float32), contrast)
        assert (np.diff(curve) >= 0).all()
        assert curve[0] == 0.0
        assert curve[-1] == pytest.approx(1.0, abs=0.01)
    assert effects.to_display(np.zeros(1), black=0.1)[0] == pytest.approx(0.1, abs=1e-6)


@pytest.mark.parametrize("scale", [0.001, 0.3, 50.0])
@pytest.mark.parametrize("key", [0.2, 0.5])
def test_the_meter_brings_the_mean_to_its_key_whatever_the_light(scale, key):
    light = effects.monochrome(IMAGE) ** 2 * np.float32(scale)
    stops = effects.metered_stops(light, key, (-20, 20), contrast=0.3)
    display = effects.to_display(effects.exposed(light, stops), contrast=0.3)
    assert display.mean() == pytest.approx(key, abs=0.02)


def test_the_meter_keeps_to_its_limits():
    assert effects.metered_stops(grey(1e-6), 0.5, (-4, 3)) == pytest.approx(3, abs=0.01)
    assert effects.metered_stops(grey(1e6), 0.5, (-4, 3)) == pytest.approx(-4, abs=0.01)


@pytest.mark.parametrize("stops", [0.3, 1.0])
def test_a_cast_is_limited_to_its_stops_and_a_weaker_one_stays(stops):
    lit_blue = grey(0.2, (96, 128)) * np.float32([0.1, 0.5, 3.0])
    lit_blue[:20] = 4.0  # a lamp in the image
    red, green, blue = np.median(effects.cast_limited(lit_blue, stops).reshape(-1, 3), axis=0)
    assert np.log2(red / green) == pytest.approx(-stops, abs=1e-4)
    assert np.log2(blue / green) == pytest.approx(stops, abs=1e-4)
    weak = grey(0.2, (96, 128)) * np.float32([1.1, 1.0, 0.9])
    assert np.allclose(effects.cast_limited(weak, stops), weak, atol=1e-6)


def test_haze_keeps_the_mean_and_takes_a_share_of_the_contrast():
    hazy = effects.haze(IMAGE, 0.25)
    assert np.allclose(hazy.mean(axis=(0, 1)), IMAGE.mean(axis=(0, 1)), atol=1e-4)
    assert hazy.std() == pytest.approx(0.75 * IMAGE.std(), rel=0.02)


def test_a_vignette_darkens_by_the_square_of_the_distance():
    seen = effects.vignette(grey(1.0, (101, 101)), 0.4)[..., 0]
    assert seen[50, 50] == pytest.approx(1.0, abs=1e-3)
    assert seen[0, 0] == pytest.approx(0.6, abs=0.02)
    assert seen[50, 0] == pytest.approx(1 - 0.4 / 2, abs=0.01)


def test_monochrome_has_three_equal_channels_of_the_same_luminance():
    grey_image = effects.monochrome(IMAGE)
    assert (grey_image[..., 0] == grey_image[..., 2]).all()
    assert np.allclose(grey_image[..., 0], IMAGE @ [0.2126, 0.7152, 0.0722], atol=1e-5)
    assert np.allclose(effects.saturated(IMAGE, 0.0), grey_image, atol=1e-5)


def test_bands_repeat_by_their_period():
    seen = effects.bands(grey(0.5, (80, 4)), 0.1, period=20)[:, 0, 0]
    assert np.allclose(seen[:20], seen[20:40], atol=1e-4)
    assert seen.max() == pytest.approx(0.55, abs=1e-3)
    assert seen.min() == pytest.approx(0.45, abs=1e-3)


def test_a_point_becomes_a_disc_of_the_radius_and_no_light_is_lost():
    point = grey(0.0, (41, 41))
    point[20, 20] = 1.0
    disc = effects.defocus(point, 4.0)[..., 0]
    assert disc.sum() == pytest.approx(1.0, abs=1e-4)
    y, x = np.nonzero(disc > 0.5 * disc.max())
    assert np.hypot(y - 20, x - 20).max() == pytest.approx(4.0, abs=0.6)
    assert disc[20, 20] == pytest.approx(1 / (np.pi * 16), rel=0.05)


@pytest.mark.parametrize(("angle", "axis"), [(0, 1), (90, 0)])
def test_a_point_becomes_a_line_of_the_length(angle, axis):
    point = grey(0.0, (41, 41))
    point[20, 20] = 1.0
    line = effects.motion_blur(point, 9, angle)[..., 0]
    assert line.sum() == pytest.approx(1.0, abs=1e-4)
    assert (line > 0.01).sum() == 9
    assert (line.sum(axis=1 - axis) > 0.01).sum() == 9


def test_what_moves_is_blurred_and_what_stays_is_not():
    image = grey(0.2, (40, 60))
    mask = np.zeros((40, 60), dtype=bool)
    mask[10:30, 25:35] = True
    image[mask] = 0.9
    moved = effects.motion_blur(image, 8, 0.0, mask)
    assert np.allclose(moved[:8], 0.2, atol=1e-5)
    assert np.allclose(moved[:, :18], 0.2, atol=1e-5)
    assert np.allclose(moved[20, 30], 0.9, atol=1e-5)
    edge = moved[20, 18:40, 0]
    assert ((edge > 0.21) & (edge < 0.89)).sum() >= 6
    textured = effects.motion_blur(IMAGE, 8, 20.0, np.zeros((60, 80), dtype=bool))
    assert np.allclose(textured, IMAGE, atol=1e-6)


@pytest.mark.parametrize("sigma", [0.7, 1.5])
def test_the_bell_is_opencvs(sigma):
    size = 2 * int(np.ceil(3 * sigma)) + 1
    theirs = cv2.GaussianBlur(IMAGE, (size, size), sigma, borderType=cv2.BORDER_REFLECT_101)
    assert np.allclose(effects.gaussian(IMAGE, sigma), theirs, atol=1e-5)


def test_noise_is_nearly_normal_and_chosen_by_its_seed():
    numbers = normal(3, (400, 500))
    assert numbers.mean() == pytest.approx(0.0, abs=0.01)
    assert numbers.std() == pytest.approx(1.0, abs=0.01)
    assert np.mean(np.abs(numbers) < 1) == pytest.approx(0.6827, abs=0.02)
    assert not np.array_equal(numbers, normal(4, (400, 500)))
    # Philox's bits are fixed; were these numbers others, every image made so far would be another.
    assert normal(0, (4,)).tolist() == pytest.approx([-0.657316, -0.356976, -1.62237, -0.113618], abs=1e-6)


@pytest.mark.parametrize("size", [0.0, 0.8])
def test_grain_has_its_strength_and_grows_towards_the_dark(size):
    dark, middle, light = (
        (effects.grain(grey(level, (200, 200)), 0.03, size, 1, colour=False) - level).std() for level in (0.2, 0.5, 0.8)
    )
    assert middle == pytest.approx(0.03, rel=0.05)
    assert dark > 1.05 * middle
    assert middle > 1.05 * light


def test_read_noise_grows_towards_the_dark_by_the_slope_of_srgb():
    """Noise of one size in light, encoded by sRGB's curve, against the formula of ``grain``."""
    light, step = np.array([0.05, 0.07, 0.1, 0.2140, 0.4]), 1e-6
    encoded = lambda values: 1.055 * values ** (1 / 2.4) - 0.055  # noqa: E731
    slopes = (encoded(light + step) - encoded(light)) / step
    middle = (encoded(0.214041 + step) - encoded(0.214041)) / step  # of display value 0.5
    for level, slope in zip(encoded(light), slopes):
        noise = effects.grain(grey(level, (200, 200)), 0.004, 0.0, 1, colour=False, read=1.0) - level
        assert noise.std() == pytest.approx(0.004 * slope / middle, rel=0.03)


def test_a_fraction_of_read_noise_keeps_the_noise_at_middle_grey():
    def deviation(level, read):
        return (effects.grain(grey(level, (200, 200)), 0.02, 0.0, 1, colour=False, read=read) - level).std()

    assert deviation(0.5, 0.25) == pytest.approx(deviation(0.5, 0.0), rel=0.02)
    assert deviation(0.15, 0.25) > 1.5 * deviation(0.15, 0.0)
    assert deviation(0.8, 0.25) < deviation(0.8, 0.0)


def test_a_fixed_pattern_is_the_same_on_every_image_of_a_camera_and_partly_of_columns():
    def pattern(level, seed):
        return (effects.fixed_pattern(grey(level, (150, 200)), 0.02, seed) - level)[..., 0]

    first, same, other = pattern(0.5, 3), pattern(0.7, 3), pattern(0.5, 4)
    assert first.std() == pytest.approx(0.02, rel=0.1)
    assert np.corrcoef(first.ravel(), same.ravel())[0, 1] > 0.999
    assert abs(np.corrcoef(first.ravel(), other.ravel())[0, 1]) < 0.1
    assert first.mean(axis=0).std() == pytest.approx(0.01, rel=0.2)  # half of the deviation is that of columns
    assert first.mean(axis=1).std() < 0.003


@pytest.mark.parametrize("pixels", [0.5, 2.0])
def test_a_fringe_moves_red_outwards_and_blue_inwards_in_proportion(pixels):
    """A bell of light at a known place moves by the share of its distance from the middle."""
    y, x = np.mgrid[:120, :160] + 0.5
    at = np.array([130.0, 95.0])
    bell = np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / 18).astype(np.float32)
    apart = effects.fringe(np.repeat(bell[..., None], 3, axis=-1), pixels)
    middle, corner = np.array([80.0, 60.0]), 100.0
    for channel, sign in ((0, 1), (1, 0), (2, -1)):
        weights = apart[..., channel] / apart[..., channel].sum()
        found = np.array([(weights * x).sum(), (weights * y).sum()])
        assert np.allclose(found - at, sign * pixels * (at - middle) / corner, atol=0.03)


def test_light_falls_off_towards_the_edge_of_the_image_circle_and_not_beyond():
    light = effects.edge_falloff(grey(1.0, (101, 101)), 0.5, (50.5, 50.5, 40.0))[..., 0]
    assert light[50, 50] == 1.0
    assert light[50, 50 + 20] == pytest.approx(1 - 0.5 / 16, abs=1e-6)
    assert light[50, 50 + 40] == light[0, 0] == 0.5


def test_grain_of_a_size_is_alike_among_neighbours():
    for size, alike in ((0.0, (0.0, 0.05)), (1.0, (0.6, 0.9))):
        noise = effects.grain(grey(0.5, (200, 200)), 0.03, size, 2, colour=False)[..., 0] - 0.5
        beside = np.corrcoef(noise[:, 1:].ravel(), noise[:, :-1].ravel())[0, 1]
        assert alike[0] - 0.05 <= beside <= alike[1]


def test_gain_adds_noise_by_its_root():
    assert effects.gained(0.01, 4) == pytest.approx(0.04)
    assert effects.gained(0.01, -3) == 0.01


@pytest.mark.parametrize("size", [(40, 30), (53, 41), (80, 60), (1, 1)])
def test_shrinking_is_opencvs_mean_over_areas(size):
    theirs = cv2.resize(IMAGE, size, interpolation=cv2.INTER_AREA)
    assert np.allclose(effects.shrunk(IMAGE, *size), theirs, atol=2e-3)


@pytest.mark.parametrize("size", [(160, 120), (97, 60)])
def test_enlarging_is_opencvs_linear(size):
    theirs = cv2.resize(IMAGE, size, interpolation=cv2.INTER_LINEAR)
    assert np.allclose(effects.enlarged(IMAGE, *size), theirs, atol=2e-3)


def test_sharpening_draws_halos_at_an_edge_and_leaves_planes_alone():
    edge = grey(0.3, (20, 40))
    edge[:, 20:] = 0.6
    sharp = effects.sharpened(edge, 1.0, 1.0)[10, :, 0]
    assert sharp[19] < 0.25 < 0.65 < sharp[20]
    assert np.allclose(sharp[[2, 37]], [0.3, 0.6], atol=1e-5)


def test_every_character_is_its_own_and_a_strange_one_is_named():
    masks = {character: effects.text_mask(character).tobytes() for character in CHARACTERS}
    assert len(set(masks.values())) == len(CHARACTERS)
    assert effects.text_mask("A7", 2).shape == (14, 22)
    with pytest.raises(ValueError, match="Ä"):
        effects.text_mask("Ä")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("corner", CORNERS)
def test_text_is_burnt_into_its_corner_only(corner, style):
    before = grey(0.5, (120, 160))
    after = effects.overlay(before, ["CAM 1", "00:00"], corner, height=7, style=style)
    changed = np.argwhere((after != before).any(axis=-1))
    assert len(changed)
    assert ((changed[:, 0] < 60) == corner.startswith("top")).all()
    assert ((changed[:, 1] < 80) == corner.endswith("left")).all()
    assert after.max() == 1.0


def test_text_larger_than_the_image_is_cut_off():
    assert effects.overlay(grey(0.5, (9, 9)), ["CAMERA 12"], "bottom-right", height=70).shape == (9, 9, 3)


def test_an_eye_glows_where_it_is_even_at_the_edge():
    after = effects.eye_shine(grey(0.1), [(20.5, 10.5), (-1.0, 3.0), (500.0, 3.0)], 1.0, 0.8)
    assert after[10, 20, 0] == pytest.approx(0.9, abs=1e-3)
    assert after[30, 40, 0] == pytest.approx(0.1)


# The predecessor's three, the look of infrared, and their ladders.

RED_AND_BLUE = (200, 20, 20), (20, 20, 200)


def test_dark_halves_the_brightness():
    assert np.abs(effects.degrade(BYTES, "dark").astype(float) - BYTES / 2.0).max() <= 0.5


def test_blur_is_opencvs_horizontal_box_of_30_pixels():
    kernel = np.zeros((30, 30), dtype=np.float32)
    kernel[15] = 1 / 30
    theirs = cv2.filter2D(BYTES, -1, kernel)
    assert np.abs(effects.degrade(BYTES, "blur").astype(int) - theirs.astype(int)).max() <= 1


def test_lowres_halves_width_and_height():
    small = effects.degrade(BYTES, "lowres")
    assert small.shape == (30, 40, 3)
    theirs = cv2.resize(BYTES, (40, 30), interpolation=cv2.INTER_AREA)
    assert np.abs(small.astype(int) - theirs.astype(int)).max() <= 1
    assert effects.degrade(BYTES[:7, :5], "lowres").shape == (3, 2, 3)


def test_infrared_has_no_colour_sees_red_brighter_than_blue_and_darkens_the_corners():
    seen = effects.degrade(np.full((61, 81, 3), 128, dtype=np.uint8), "infrared", 0.3).astype(float)
    assert np.ptp(seen, axis=-1).max() == 0
    assert seen[30, 40, 0] == pytest.approx(255 * (128 / 255) ** 0.75, abs=1)
    assert seen[0, 0, 0] / seen[30, 40, 0] == pytest.approx(0.3, abs=0.03)
    red, blue = (effects.degrade(np.full((9, 9, 3), colour, np.uint8), "infrared", 1.0) for colour in RED_AND_BLUE)
    assert red.mean() > 2 * blue.mean()
    way = effects.DEGRADATIONS["infrared"]
    light = [effects.degrade(SMOOTH, "infrared", level).mean() for level in way.ladder]
    assert way.level in way.ladder
    assert light == sorted(light, reverse=True)


@pytest.mark.parametrize("name", ["dark", "blur", "lowres"])
def test_ladders_go_from_mild_to_hard(name):
    way = effects.DEGRADATIONS[name]
    assert way.level in way.ladder
    worse = [_difference(effects.degrade(SMOOTH, name, level)) for level in way.ladder]
    assert worse == sorted(worse)
    assert worse[0] > 0


SMOOTH = np.clip(cv2.GaussianBlur(RANDOM.uniform(-400, 600, (64, 96, 3)), (0, 0), 3), 0, 255).astype(np.uint8)


def _difference(pixels):
    back = cv2.resize(pixels, (96, 64), interpolation=cv2.INTER_LINEAR)
    return np.abs(back.astype(float) - SMOOTH).mean()


@pytest.mark.parametrize(("name", "level", "values"), [
    ("fog", None, ("fog", *effects.DEGRADATIONS)),
    ("dark", 1.5, ("dark", "1.5", "0.0", "1.0")),
    ("lowres", 0, ("lowres", "0", "0.01", "1.0")),
])  # fmt: skip
def test_a_wrong_degradation_is_named_with_what_would_be_right(name, level, values):
    with pytest.raises(ValueError, match=name) as refused:
        effects.degrade(BYTES, name, level)
    assert all(value in str(refused.value) for value in values)


@pytest.mark.timing
def test_degrading_takes_milliseconds():
    pixels = RANDOM.randint(0, 255, (416, 416, 3)).astype(np.uint8)
    for name in effects.DEGRADATIONS:
        effects.degrade(pixels, name)
        start = time.perf_counter()
        effects.degrade(pixels, name)
        assert time.perf_counter() - start < 0.25, name
