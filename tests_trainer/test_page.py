"""The web page in Chromium, as people use it: an image, the slider, the camera, an error, a telephone, keys."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from trainer.annotate import COLOURS

from . import hostile
from .serving import serving

pytest.importorskip("fastapi", reason="needs the extra serve")
pytest.importorskip("websockets", reason="drives the browser")
from .browser import PROGRAM, Browser

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="no Chromium on this machine")
ESCAPE, TAB = 27, 9


@pytest.fixture(scope="module")
def page(trained, exported, tmp_path_factory):
    """A browser whose camera sees an image the detector knows, on the page of a service."""
    folder = tmp_path_factory.mktemp("page")
    with Image.open(sorted((trained["data"] / "images").glob("*.jpg"))[0]) as image:
        write_camera(folder / "camera.y4m", image)
    (folder / "profile").mkdir()
    with (
        serving(exported) as served,
        Browser(folder / "profile", folder / "camera.y4m") as browser,
    ):
        browser.open(served.address)
        browser.until(f"{element('classes')}.textContent.includes('person')")
        browser.address = served.address
        yield browser


def write_camera(path, image, frames=3):
    """A y4m file, Chromium's camera."""
    planes = [np.asarray(plane) for plane in image.convert("YCbCr").split()]
    planes[1:] = [plane[::2, ::2] for plane in planes[1:]]
    frame = b"FRAME\n" + b"".join(plane.tobytes() for plane in planes)
    path.write_bytes(f"YUV4MPEG2 W{image.width} H{image.height} F5:1 Ip A1:1 C420jpeg\n".encode() + frame * frames)


def element(name):
    return f"document.getElementById('{name}')"


def slide(browser, value):
    browser.value(f"{element('threshold')}.value = {value}; {element('threshold')}.dispatchEvent(new Event('input'))")


def coloured(browser):
    """How many pixels of the overlay are drawn on."""
    canvas = element("overlay")
    pixels = f"{canvas}.getContext('2d').getImageData(0, 0, {canvas}.width, {canvas}.height).data"
    return browser.value(f"{canvas}.width ? {pixels}.filter((value, place) => place % 4 == 3 && value > 0).length : 0")


def images_of(trained):
    return sorted((trained["data"] / "images").glob("*.jpg"))


def test_an_image_has_its_boxes_and_the_slider_chooses(page, trained):
    page.choose(images_of(trained)[0])
    page.until(f"{element('detections')}.children.length > 0")
    assert "person" in page.value(f"{element('detections')}.innerText")
    assert coloured(page) > 100
    slide(page, 0.95)
    few = page.value(f"{element('detections')}.children.length")
    slide(page, 0.05)
    assert page.value(f"{element('detections')}.children.length") >= few
    assert page.value(f"{element('shown')}.textContent") == "0.05"


def test_a_class_has_one_colour_in_the_legend_and_beside_its_detections(page, trained):
    page.choose(images_of(trained)[0])
    page.until(f"{element('detections')}.children.length > 0")
    for name in ("classes", "detections"):
        (colour,) = page.value(
            f"[...new Set([...{element(name)}.querySelectorAll('.swatch')]"
            ".map((one) => getComputedStyle(one).backgroundColor))]"
        )
        assert colour == f"rgb{COLOURS[0]}"
    colours = page.value(
        """(async () => {
          const drawing = await import("./drawing.js?another");
          drawing.setClasses(["standing", "sitting", "lying", "fallen"]);
          return ["fallen", "standing"].map(drawing.colourOf);
        })()"""
    )
    assert [tuple(bytes.fromhex(colour[1:])) for colour in colours] == [COLOURS[3], COLOURS[0]]


def test_a_bad_image_is_explained_and_the_next_one_works(page, trained, tmp_path):
    (tmp_path / "drawing.svg").write_bytes(hostile.SVG)
    page.choose(tmp_path / "drawing.svg")
    page.until(f"!{element('error')}.hidden")
    assert "SVG" in page.value(f"{element('error')}.textContent")
    assert page.value(f"{element('detections')}.children.length") == 0
    page.choose(images_of(trained)[0])
    page.until(f"{element('error')}.hidden && {element('detections')}.children.length > 0")


def test_pasted_and_dropped_images(page, trained):
    for kind, transfer in (("paste", "clipboardData"), ("drop", "dataTransfer")):
        page.value(f"{element('detections')}.replaceChildren()")
        page.value(
            f"""(async () => {{
                const blob = await (await fetch('icon-192.png')).blob();
                const data = new DataTransfer();
                data.items.add(new File([blob], 'icon.png', {{type: 'image/png'}}));
                document.dispatchEvent(Object.assign(new Event('{kind}'), {{{transfer}: data}}));
            }})()"""
        )
        page.until(f"{element('status')}.textContent.startsWith('192 × 192')")


def test_the_camera_is_live_until_it_is_stopped(page):
    page.value(f"{element('live')}.click()")
    page.until(f"{element('status')}.textContent.startsWith('Live') && {element('detections')}.children.length > 0")
    assert coloured(page) > 100
    assert page.value(f"{element('live')}.getAttribute('aria-pressed')") == "true"
    page.key("Escape", ESCAPE)
    page.until(f"{element('video')}.hidden && {element('video')}.srcObject === null")
    assert page.value(f"{element('detections')}.children.length") == 0


def test_on_a_telephone_nothing_is_cut_off(page, trained, tmp_path):
    page.phone(360, 720)
    page.choose(images_of(trained)[0])
    page.until(f"{element('detections')}.children.length > 0")
    for dark in (False, True):
        page.dark(dark)
        assert page.value("document.documentElement.scrollWidth") == 360
        page.screenshot(tmp_path / "phone.png")
        with Image.open(tmp_path / "phone.png") as image:
            assert image.size == (720, 1440)
            assert (sum(image.convert("RGB").getpixel((4, 4))) < 200) == dark
    small = """[...document.querySelectorAll('button, input[type=range]')].filter(
        (one) => one.getClientRects().length && one.getBoundingClientRect().height < 44).map((one) => one.id)"""
    assert page.value(small) == []
    page.call("Emulation.clearDeviceMetricsOverride")


def test_everything_is_reached_by_the_keyboard(page):
    page.value("document.activeElement.blur(); window.scrollTo(0, 0)")
    reached = []
    for _ in range(6):
        page.key("Tab", TAB)
        reached.append(page.value("document.activeElement.id || document.activeElement.tagName"))
    assert [name for name in ("choose", "snap", "live", "threshold", "A") if name not in reached] == []


def test_it_can_be_installed_and_opens_without_the_service(page):
    assert page.call("Page.getAppManifest")["errors"] == []
    assert page.call("Page.getInstallabilityErrors")["installabilityErrors"] == []
    page.until("navigator.serviceWorker.ready.then(() => true)")
    page.until("caches.match('app.js').then(Boolean)")


def test_it_asks_no_other_machine_and_breaks_no_rule(page):
    assert page.hosts() == {page.address.split("/")[2]}
    refused = [one for one in page.errors() if "415" not in str(one)]
    assert refused == []


def test_the_token_comes_from_the_address_or_is_asked_for(trained, exported, tmp_path):
    with (
        serving(exported, "--token", "let me in") as served,
        Browser(tmp_path) as browser,
    ):
        browser.open(served.address)
        browser.choose(images_of(trained)[0])
        browser.until(f"!{element('login')}.hidden")
        browser.value(f"{element('token')}.value = 'let me in'; {element('login')}.requestSubmit()")
        browser.until(f"{element('login')}.hidden && {element('detections')}.children.length > 0")
        browser.value("localStorage.clear()")
        browser.open("about:blank")
        browser.open(f"{served.address}#token=let%20me%20in")
        browser.until("location.hash === '' && localStorage.length === 1")
