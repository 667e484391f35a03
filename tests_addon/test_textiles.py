"""Patterns of bed linen, blankets, rugs and curtains: as many as asked for, and nothing else changes."""

from dataclasses import replace

from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample
from blender_addon.draw.textiles import PATTERNS, with_patterns

NONE, ALL, THIRD = (draw_settings.resolve("ward", pairs=[f"room.patterned_textiles={share}"]) for share in (0, 1, 0.33))


def _without_patterns(spec):
    plain = [
        replace(piece, shape={k: v for k, v in piece.shape.items() if k != "patterns"}) for piece in spec.furniture
    ]
    people = [replace(p, cover=p.cover and replace(p.cover, pattern=())) for p in spec.people]
    return replace(spec, furniture=tuple(plain), people=tuple(people))


def test_only_patterns_change():
    for index in range(8):
        plain, patterned = sample(NONE, 2, index), sample(ALL, 2, index)
        assert _without_patterns(plain) == plain
        assert _without_patterns(patterned) == plain


def test_a_cover_has_the_pattern_of_its_bed():
    covered = 0
    for index in range(8):
        spec = sample(ALL, 2, index)
        beds = {piece.id: piece for piece in spec.furniture}
        for person in spec.people:
            if person.cover is not None:
                assert person.cover.pattern == beds[person.furniture].shape["patterns"]["blanket"]
                covered += 1
    assert covered > 3


def test_as_many_cloths_have_one_as_the_share_says():
    parts, patterned = 0, []
    for index in range(40):
        for piece in sample(THIRD, 2, index).furniture:
            if piece.kind == "bed" and piece.shape["style"] != "couch" and "model" not in piece.shape:
                parts += 2
                patterned += piece.shape.get("patterns", {}).values()
    assert 0.25 < len(patterned) / parts < 0.41
    assert {name for name, _, _ in patterned} == set(PATTERNS)
    assert all(0.03 <= pitch <= 0.22 for _, pitch, _ in patterned)


def test_what_is_no_cloth_has_none():
    spec = sample(ALL, 2, 0)
    others = [piece for piece in spec.furniture if piece.kind not in ("bed", "rug", "mat", "curtain")]
    assert others
    assert with_patterns(others, None, 1.0) == others
