"""Drawn rooms: nothing in anything, nothing in mid-air, doors and ways free, places for people where they can be."""

import math
import time
from functools import lru_cache

import numpy as np
import pytest

from blender_addon.draw import config as draw_settings
from blender_addon.draw.furniture import KINDS, extent
from blender_addon.draw.placement import Occupied, has_place
from blender_addon.draw.postures import POSTURES
from blender_addon.draw.rooms import Floor, box_of, draw_room, to_room
from blender_addon.draw.streams import RandomStream
from blender_addon.draw.wheelchair_and_table import bring

CONFIG = draw_settings.resolve("mixed")
EACH = 34  # layouts of each of the nine kinds: 306 in all
SLACK = 0.01


@lru_cache(maxsize=1)
def layouts():
    return [_draw(kind, index) for kind in draw_settings.ROOM_KINDS for index in range(EACH)]


def _draw(kind, index, **changed):
    return draw_room({**CONFIG, **changed}, lambda aspect: RandomStream(21, index, aspect), kind)


def _corners(piece):
    box = extent(piece.kind, piece.shape)
    return np.array(
        [to_room(piece, x, y) for x, y in ((box.x1, box.y1), (box.x2, box.y1), (box.x2, box.y2), (box.x1, box.y2))]
    )


def _heights(piece):
    low = piece.z + piece.shape.get("bottom", 0.0)
    return low, low + extent(piece.kind, piece.shape).height


def _overlap(first, second):
    """By how many metres two floor plans reach into each other: separating axes on their corners; negative apart."""
    depth = math.inf
    for corners in (first, second):
        for axis in (corners[1] - corners[0], corners[3] - corners[0]):
            axis = axis / np.linalg.norm(axis)
            a, b = first @ axis, second @ axis
            depth = min(depth, a.max() - b.min(), b.max() - a.min())
    return depth


def _may_meet(layout, first, second):
    """Chairs pushed under their table, a tray over a bed, what lies on a rug."""
    seated = {(spot.furniture_id, spot.table_id) for spot in layout.spots if spot.kind == "table"}
    kinds = {first.kind, second.kind}
    return (
        (first.id, second.id) in seated
        or (second.id, first.id) in seated
        or kinds == {"bed", "overbed_table"}
        or ("counter" in kinds and first.z != second.z)  # what stands behind its ledge
        or bool(kinds & {"rug", "mat"})
    )


def test_nothing_is_inside_anything_else():
    for layout in layouts():
        found = [(piece, _corners(piece), *_heights(piece)) for piece in layout.furniture]
        for n, (first, plan, low, high) in enumerate(found):
            for second, other, bottom, top in found[:n]:
                if min(high, top) - max(low, bottom) > SLACK and not _may_meet(layout, first, second):
                    assert _overlap(plan, other) < SLACK, (layout.room.kind, first, second)


def test_everything_is_inside_the_room():
    for layout in layouts():
        half = np.array([layout.room.width, layout.room.depth]) / 2
        for piece in layout.furniture:
            assert (np.abs(_corners(piece)) <= half + SLACK).all(), piece
            assert _heights(piece)[1] <= layout.room.height + SLACK


def test_nothing_floats():
    """What is not on the floor touches a wall, hangs from a rail or stands on something."""
    for layout in layouts():
        half = np.array([layout.room.width, layout.room.depth]) / 2
        for piece in layout.furniture:
            if piece.z == 0.0:
                continue
            to_wall = (half - np.abs(_corners(piece))).min()
            assert to_wall < SLACK or _stands_on_something(layout, piece), piece


def _stands_on_something(layout, piece):
    return any(
        math.isclose(under.z + under.shape.get("height", -1.0), piece.z, abs_tol=1e-6)
        and _overlap(_corners(piece), _corners(under)) > 0.02
        for under in layout.furniture
    )


def test_fittings_keep_off_doors_and_windows():
    for layout in layouts():
        for opening in layout.room.openings:
            axis = 1 if opening.wall.endswith("x") else 0
            for piece in layout.furniture:
                low, high = _heights(piece)
                corners = _corners(piece)
                wall = (layout.room.width if axis else layout.room.depth) / 2 * (1 if opening.wall[0] == "+" else -1)
                near = np.abs(corners[:, 1 - axis] - wall).min() < 0.03
                beside = abs(corners[:, axis].mean() - opening.along) > (opening.width + np.ptp(corners[:, axis])) / 2
                below = high < opening.bottom + SLACK or low > opening.bottom + opening.height - SLACK
                assert not near or beside or below, (opening, piece)


def test_the_floor_before_doors_is_free():
    for layout in layouts():
        for door in (opening for opening in layout.room.openings if opening.kind == "door"):
            inwards = np.linspace(0.3, 0.75, 7)
            reach = (layout.room.width if door.wall[1] == "x" else layout.room.depth) / 2
            across = (1 if door.wall[0] == "+" else -1) * (reach - inwards)
            along = np.full(7, door.along)
            points = np.column_stack([across, along] if door.wall[1] == "x" else [along, across])
            assert Floor(layout.room, layout.furniture).clearance(points).min() > 0.2, door


def _reachable(layout, radius=0.22, pitch=0.1):
    """(n, 2) points of the floor that someone of ``radius`` gets to from the main door."""
    xs = np.arange(-layout.room.width / 2, layout.room.width / 2, pitch)
    ys = np.arange(-layout.room.depth / 2, layout.room.depth / 2, pitch)
    grid = np.stack(np.meshgrid(xs, ys, indexing="ij"), axis=-1)
    free = Floor(layout.room, layout.furniture).clearance(grid.reshape(-1, 2)).reshape(grid.shape[:2]) >= radius
    door = layout.room.openings[0]
    reached = np.zeros_like(free)
    reached[np.abs(xs - door.along).argmin(), np.abs(ys - (0.5 - layout.room.depth / 2)).argmin()] = True
    while True:
        wider = reached.copy()
        for axis in (0, 1):
            for step in (-1, 1):
                wider |= np.roll(reached, step, axis)  # nothing is free at the walls, so nothing rolls over
        wider &= free
        if (wider == reached).all():
            return grid[reached]
        reached = wider


def test_ways_lead_from_the_door_to_every_bed():
    for layout in layouts():
        ways = _reachable(layout)
        for bed in (piece for piece in layout.furniture if piece.kind == "bed"):
            assert Floor(layout.room, [bed]).clearance(ways).min() < 0.45, (layout.room.kind, bed)


def test_most_seats_can_be_reached():
    found = []
    for layout in layouts()[::3]:
        ways = _reachable(layout, radius=0.2)
        for spot in layout.spots:
            if spot.kind in ("sit", "table"):
                found.append(np.hypot(*(ways - (spot.x, spot.y)).T).min() < 0.9)
    assert np.mean(found) > 0.95


def test_who_stands_at_a_bed_or_pushes_has_room():
    for layout in layouts():
        for spot in layout.spots:
            if spot.kind in ("bend", "push"):
                others = [piece for piece in layout.furniture if piece.id != spot.furniture_id]
                assert Floor(layout.room, others).clearance(np.array([[spot.x, spot.y]]))[0] >= 0.27, spot


def test_an_edge_is_the_bed_s_own_and_faces_away_from_it():
    for layout in layouts():
        pieces = {piece.id: piece for piece in layout.furniture}
        for spot in (spot for spot in layout.spots if spot.kind == "edge"):
            bed = pieces[spot.furniture_id]
            turn = math.radians(spot.heading)
            ahead = (spot.x + 0.3 * math.sin(turn), spot.y - 0.3 * math.cos(turn))
            assert box_of(bed).distance(*ahead) > 0.2
            assert abs(box_of(bed).distance(spot.x, spot.y)) < 0.1


def test_beds_have_their_head_at_a_wall():
    for layout in layouts():
        if layout.room.kind == "corridor":
            continue
        half = (layout.room.width / 2, layout.room.depth / 2)
        for bed in (piece for piece in layout.furniture if piece.kind == "bed"):
            x, y = to_room(bed, 0.0, extent("bed", bed.shape).y2)
            assert min(half[0] - abs(x), half[1] - abs(y)) < 0.1


@pytest.mark.parametrize("beds", range(2, 7))
def test_a_ward_has_as_many_beds_as_asked(beds):
    for index in range(8):
        layout = _draw("ward", index, **{"room.beds": [beds, beds]})
        assert sum(piece.kind == "bed" for piece in layout.furniture) == beds
        assert sum(spot.kind == "lie" for spot in layout.spots) == beds


def test_every_kind_of_room_has_what_makes_it_one():
    needed = {
        "single": "bed", "icu": "ventilator", "treatment": ("desk", "chair"), "waiting": ("bench", "chair"),
        "desk": "counter", "bathroom": "toilet", "bedroom": "bed",
    }  # fmt: skip
    for layout in layouts():
        wanted = needed.get(layout.room.kind, ())
        wanted = (wanted,) if isinstance(wanted, str) else wanted
        assert not wanted or any(piece.kind in wanted for piece in layout.furniture), layout.room.kind


def test_clutter_leaves_the_furniture_where_it_is():
    for kind in draw_settings.ROOM_KINDS:
        more, less = _draw(kind, 3), _draw(kind, 3, **{"clutter.negatives_share": 0.0})
        large = ("bed", "bench", "counter", "toilet", "wardrobe")
        assert [p for p in more.furniture if p.kind in large] == [p for p in less.furniture if p.kind in large]


def test_a_room_depends_on_its_streams_alone():
    assert _draw("ward", 5) == _draw("ward", 5)
    assert _draw("ward", 5) != _draw("ward", 6)


def test_randomness_brings_any_colour_texture_and_things_that_fly():
    wild = [_draw("single", index, **{"room.randomness": 1.0}) for index in range(12)]
    assert {layout.room.wall for layout in wild} <= {"checker", "clouds", "stripes"}
    assert any(piece.kind == "distractor" and piece.z > 0.5 for layout in wild for piece in layout.furniture)
    textures = {piece.shape.get("texture") for layout in wild for piece in layout.furniture}
    assert textures >= {"checker", "clouds", "stripes"}
    assert not any("texture" in piece.shape for layout in layouts() for piece in layout.furniture)
    assert not any(piece.kind == "distractor" for layout in layouts() for piece in layout.furniture)


@pytest.mark.timing
def test_a_room_is_drawn_in_a_few_milliseconds():
    times = []
    for index in range(20):
        start = time.process_time()
        _draw("ward", index)
        times.append(time.process_time() - start)
    assert sorted(times)[10] < 0.05


def test_every_kind_of_furniture_can_be_drawn_and_has_a_size():
    for name, kind in KINDS.items():
        shape, colours = kind.draw(RandomStream(1, 1, name), CONFIG, "")
        box = kind.extent(shape)
        assert min(box.x2 - box.x1, box.y2 - box.y1, box.height) > 0, name
        assert all(len(rgb) == 3 and 0.0 <= min(rgb) <= max(rgb) <= 1.0 for rgb in colours.values()), name


@pytest.mark.parametrize(
    "posture", [entry for entry in POSTURES.values() if entry.brings != "nothing"], ids=lambda p: p.name
)
def test_what_people_bring_is_in_nothing_and_before_no_door(posture):
    tried = [layout for layout in layouts() if layout.room.kind != "bathroom"][::4]
    brought = [
        bring(RandomStream(5, n, "bring"), CONFIG, posture, layout, Occupied()) for n, layout in enumerate(tried)
    ]
    assert sum(layout is not None for layout in brought) > 0.6 * len(tried)
    for before, after in zip(tried, brought):
        if after is None:
            continue
        half = np.array([after.room.width, after.room.depth]) / 2
        assert after.furniture[: len(before.furniture)] == before.furniture
        assert len({piece.id for piece in after.furniture}) == len(after.furniture)
        for piece in after.furniture[len(before.furniture) :]:
            plan, (low, high) = _corners(piece), _heights(piece)
            assert (np.abs(plan) <= half + SLACK).all()
            for other in before.furniture:
                bottom, top = _heights(other)
                if min(high, top) - max(low, bottom) > SLACK and not _may_meet(after, piece, other):
                    assert _overlap(plan, _corners(other)) < SLACK, (after.room.kind, piece, other)
            for door in (opening for opening in after.room.openings if opening.kind == "door"):
                axis = 1 if door.wall.endswith("x") else 0
                wall = half[1 - axis] * (1 if door.wall[0] == "+" else -1)
                clear = np.abs(plan[:, 1 - axis] - wall).min() > 0.98
                beside = abs(plan[:, axis].mean() - door.along) > door.width / 2
                assert clear or beside, (piece, door)
        assert has_place(posture, after, Occupied())
        assert after.spots[-1].furniture_id == after.furniture[len(before.furniture)].id
