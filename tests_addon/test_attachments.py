"""Lines from patients end at a piece of furniture that has what they need, or there is no line."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample
from blender_addon.draw.attachments import connected
from blender_addon.draw.spec import AttachmentSpec, FurnitureSpec
from blender_addon.draw.streams import RandomStream

POLE = FurnitureSpec("pole", "iv_pole", 1.0, 0.5, 0.0, 90.0, {"height": 1.8, "bags": 1}, {})
# Hooks stand 0.12 m out, the first at 0.4 rad; the pole is turned by a quarter; a bag of 0.3 m hangs 0.045 m down.
DRIP = (1.0 + 0.12 * math.cos(0.4 + math.pi / 2), 0.5 + 0.12 * math.sin(0.4 + math.pi / 2), 1.8 - 0.045 - 0.3)


@pytest.fixture(scope="module")
def patient():
    """Somebody at the middle of the room with a drip."""
    spec = sample(draw_settings.resolve("room"), 3, 0)
    person = spec.people[0]
    stance = replace(person.stance, x=0.0, y=0.0)
    return replace(person, stance=stance, attachments=(AttachmentSpec("iv-line", "l", (0.7, 0.7, 0.7)),))


def ends(patient, *furniture, count=60):
    return [connected(RandomStream(0, n, "lines"), patient, furniture).attachments[0].end for n in range(count)]


def test_a_drip_leads_to_the_bag_of_the_nearest_pole(patient):
    far = replace(POLE, id="far", x=-1.5)
    found = [end for end in ends(patient, far, POLE) if end]
    assert len(found) > 40
    for end in found:
        assert end == pytest.approx(DRIP)


@pytest.mark.parametrize(
    "furniture", [(), (replace(POLE, x=3.0),), (replace(POLE, shape={"height": 1.8, "bags": 0}),)],
    ids=["none", "out of reach", "without a bag"],
)  # fmt: skip
def test_without_a_bag_in_reach_there_is_no_line(patient, furniture):
    assert set(ends(patient, *furniture)) == {()}


def test_leads_go_to_a_monitor_and_not_to_a_drip(patient):
    monitor = FurnitureSpec("m", "monitor", 0.0, 1.0, 0.0, 0.0, {"style": "stand", "width": 0.4, "height": 1.4}, {})
    wired = replace(patient, attachments=(AttachmentSpec("ecg-leads", "l", (0.7, 0.7, 0.7)),))
    found = [end for end in ends(wired, POLE, monitor) if end]
    assert found
    for x, y, z in found:
        assert (abs(x) < 0.2, abs(y - 1.0) < 0.1, 1.1 < z < 1.4) == (True, True, True)
