"""Cloth that falls onto a posed body: position-based dynamics on the mesh of a garment.

A garment is first sewn at an even distance from the body. Here it is let go: it keeps its lengths, rests on what is
below it, hangs where there is nothing and folds where the pose leaves it too long (Mueller et al., "Position Based
Dynamics", 2007). All positions are of the posed body in the room, metres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..support import Support
from . import mesh

_FALL = 0.0006  # how far gravity moves a free point in one step, metres
_DAMPING = 0.86
_GRIP = 0.4  # fraction of a sideways step that friction removes where the cloth touches
_STEPS, _RELAX = 36, 12  # the last steps are without gravity: the cloth shrinks to its lengths
_SEARCH = 8  # steps after which each point looks for the nearest part of the body again
_PULL, _PULL_ACROSS, _PULL_OVER = 0.2, 0.08, 0.025  # of neighbours, diagonals, points two apart; 0.5 is all
_HAND = 0.05  # metres around a hand's points in which it presses the cloth
_PULL_AT_MOST = 1.22  # of all together: with much more, a cloth swings instead of coming to rest
_OUT = 0.02  # farthest that one step moves a point out of the body, metres
_BLOCK = 16  # parts of a search for the nearest points, which bound its memory


@dataclass(frozen=True)
class Net:
    """Distances that a cloth of n points keeps.

    Attributes:
        others: (n, k) the points to which each keeps its distance, padded with itself.
        pulls: (n, k) how much of a wrong distance each corrects in one step; 0 for padding.
    """

    others: np.ndarray
    pulls: np.ndarray

    @classmethod
    def of(cls, faces: np.ndarray) -> Net:
        """The net of a mesh of (m, 4) faces: neighbours, diagonals, and what is two apart, which resists folding."""
        count = int(faces.max()) + 1
        edges = mesh.edges(faces).pairs
        diagonals = np.concatenate([faces[:, [0, 2]], faces[:, [1, 3]]])
        kinds = ((edges, _PULL), (diagonals, _PULL_ACROSS), (_two_apart(faces, edges), _PULL_OVER))
        return cls._beside([cls._joining(pairs, pull, count) for pairs, pull in kinds])

    @classmethod
    def _joining(cls, pairs: np.ndarray, pull: float, count: int) -> Net:
        others, filled = mesh.table(np.concatenate([pairs, pairs[:, ::-1]]), count)
        return cls(others, np.where(filled, np.float32(pull), np.float32(0)))

    @classmethod
    def _beside(cls, nets: Sequence[Net]) -> Net:
        others = np.concatenate([net.others for net in nets], axis=1)
        pulls = np.concatenate([net.pulls for net in nets], axis=1)
        return cls(others, pulls * np.minimum(1, _PULL_AT_MOST / pulls.sum(axis=1, keepdims=True)))

    def sewn_to(self, other: Net, pairs: np.ndarray) -> Net:
        """Both nets, the points of the other numbered after these, joined by (k, 2) ``pairs``."""
        count, width = len(self.others), max(self.others.shape[1], other.others.shape[1])

        def widened(net: Net, start: int) -> Net:
            lacks = width - net.others.shape[1]
            itself = np.arange(len(net.others))[:, None].repeat(lacks, axis=1)
            others = np.concatenate([net.others, itself], axis=1) + start
            return Net(others, np.pad(net.pulls, ((0, 0), (0, lacks))))

        one, two = widened(self, 0), widened(other, count)
        both = Net(np.concatenate([one.others, two.others]), np.concatenate([one.pulls, two.pulls]))
        return self._beside([both, self._joining(pairs, _PULL, len(both.others))])


@dataclass(frozen=True)
class Below:
    """What a cloth falls on: points (n, 3), outward normals (n, 3), and the points around each, ``rings`` (n, k)."""

    points: np.ndarray
    normals: np.ndarray
    rings: np.ndarray


@dataclass(frozen=True)
class Cloth:
    """A cloth of n points that is let go.

    Attributes:
        points: (n, 3) where it begins; rest: (n, 3) the cloth as it is sewn, which has its lengths.
        net: the distances that it keeps.
        near: (n,) the point of what is below that each is beside.
        far: (n,) bool, points that may come near other parts of the body while they fall.
        fixed: (n,) bool, points that stay.
        sleeves: (n,) bool, points around an arm, which hands do not press.
        led: (k, 2) points, and those that they follow at their distance.
    """

    points: np.ndarray
    rest: np.ndarray
    net: Net
    near: np.ndarray
    far: np.ndarray
    fixed: np.ndarray
    sleeves: np.ndarray
    led: np.ndarray


def stacked(layers: Sequence[Below]) -> Below:
    """All layers as one, numbered one after the other."""
    starts = np.cumsum([0] + [len(layer.points) for layer in layers])
    width = max(layer.rings.shape[1] for layer in layers)
    rings_of_all = [
        np.concatenate([layer.rings, layer.rings[:, :1].repeat(width - layer.rings.shape[1], 1)], axis=1) + start
        for layer, start in zip(layers, starts)
    ]
    return Below(
        np.concatenate([layer.points for layer in layers]),
        np.concatenate([layer.normals for layer in layers]),
        np.concatenate(rings_of_all),
    )


@dataclass(frozen=True)
class Ground:
    """The support of the body: ``support`` in its ``frame``, 4x4, frame -> room."""

    support: Support
    frame: np.ndarray

    def depth(self, points: np.ndarray) -> np.ndarray:
        """(n,) how far (n, 3) points of the room are below the top of the support or the floor, at least 0."""
        depth = np.maximum(-points[:, 2], 0.0)
        if not self.support.profile:
            return depth
        local = (points - self.frame[:3, 3]) @ self.frame[:3, :3]
        nodes = np.asarray(self.support.profile)
        below = np.interp(local[:, 1], nodes[:, 0], nodes[:, 1]) - local[:, 2]
        over = (np.abs(local[:, 0]) < self.support.half_width) & (local[:, 1] > nodes[0, 0])
        over &= (local[:, 1] < nodes[-1, 0]) & (below > 0) & (below < self.support.thickness)
        return np.maximum(depth, np.where(over, below, 0.0))


def fallen(falls: Cloth, below: Below, hands: np.ndarray, ground: Ground, gap: float) -> np.ndarray:
    """(n, 3) where the points of a cloth lie when it has fallen.

    Args:
        hands: (h, 3) points of hands and forearms, which press the cloth between them and what is below.
        gap: least distance from what is below, metres.
    """
    net, points, led = falls.net, falls.points, falls.led
    cloth, sewn = points.astype(np.float32), falls.rest.astype(np.float32)
    lengths = _distances(sewn[net.others] - sewn[:, None])
    before, near = cloth.copy(), falls.near.copy()
    sunk = ground.depth(points)
    surface, normals = below.points.astype(np.float32), below.normals.astype(np.float32)
    searching = np.flatnonzero(falls.far & ~falls.fixed)
    pressed, most = np.flatnonzero(~falls.sleeves & ~falls.fixed), np.full(len(cloth), np.inf, dtype=np.float32)
    for step in range(_STEPS):
        moved = cloth + (cloth - before) * np.float32(_DAMPING)
        if step < _STEPS - _RELAX:
            moved[:, 2] -= _FALL
        before, cloth = cloth, moved
        cloth = cloth + _pulled(cloth, net, lengths)
        if step % _SEARCH == 0:
            near[searching] = nearest(cloth[searching], surface)
            near = _walked(cloth, near, surface, below.rings)
            normal = normals[near]
            most[pressed] = _under_hands(cloth[pressed], surface[near[pressed]], normal[pressed], hands, gap)
        depth = gap - np.einsum("nc,nc->n", cloth - surface[near], normal)
        cloth += np.clip(depth, 0, _OUT)[:, None] * normal
        cloth -= np.clip(gap - depth - most, 0, _OUT)[:, None] * normal
        made = cloth - before
        along = made - np.einsum("nc,nc->n", made, normal)[:, None] * normal
        cloth -= np.where(depth > 0, np.float32(_GRIP), np.float32(0))[:, None] * along
        cloth[:, 2] += np.maximum(ground.depth(cloth) - sunk, 0.0)
        cloth[falls.fixed] = points[falls.fixed]
        cloth[led[:, 0]] = points[led[:, 0]] + cloth[led[:, 1]] - points[led[:, 1]]
    return cloth.astype(float)


def nearest(points: np.ndarray, among: np.ndarray) -> np.ndarray:
    """(n,) for each point the row of the nearest one of ``among``."""
    square = (among**2).sum(axis=1)
    return np.concatenate([(square - 2 * block @ among.T).argmin(axis=1) for block in np.array_split(points, _BLOCK)])


def _walked(cloth: np.ndarray, near: np.ndarray, surface: np.ndarray, rings: np.ndarray) -> np.ndarray:
    """(n,) the nearest of the points around ``near`` to each point."""
    around = rings[near]
    apart = np.take(surface, around, axis=0) - cloth[:, None]
    return around[np.arange(len(cloth)), np.einsum("nkc,nkc->nk", apart, apart).argmin(axis=1)]


def _pulled(cloth: np.ndarray, net: Net, lengths: np.ndarray) -> np.ndarray:
    """(n, 3) how far the distances that each of (n, 3) points keeps pull it in one step."""
    x, y, z = (np.take(axis, net.others) - axis[:, None] for axis in np.ascontiguousarray(cloth.T))
    share = x * x
    for one in (y, z):
        share += one * one
    np.sqrt(np.maximum(share, 1e-12, out=share), out=share)
    np.divide(lengths, share, out=share)
    np.subtract(1, share, out=share)
    share *= net.pulls
    return np.stack([np.einsum("nk,nk->n", share, one) for one in (x, y, z)], axis=1)


def _under_hands(
    cloth: np.ndarray, surface: np.ndarray, normal: np.ndarray, hands: np.ndarray, gap: float
) -> np.ndarray:
    """(n,) how far from the body each point may be, because a hand or an arm lies on the cloth; infinite elsewhere."""
    most = np.full(len(cloth), np.inf, dtype=np.float32)
    low, high = cloth.min(axis=0) - _HAND, cloth.max(axis=0) + _HAND
    hands = hands[((hands > low) & (hands < high)).all(axis=1)]
    if not len(hands):
        return most
    low, high = hands.min(axis=0) - _HAND, hands.max(axis=0) + _HAND
    rows = np.flatnonzero(((cloth > low) & (cloth < high)).all(axis=1))
    holding = hands[nearest(cloth[rows], hands)]
    close = ((cloth[rows] - holding) ** 2).sum(axis=1) < _HAND**2
    room = np.einsum("nc,nc->n", holding - surface[rows], normal[rows]) - gap
    most[rows] = np.where(close & (room < _HAND), np.maximum(room, gap), np.inf)
    return most


def _distances(offsets: np.ndarray) -> np.ndarray:
    """(n, k) the lengths of (n, k, 3) offsets."""
    return np.sqrt(np.einsum("nkc,nkc->nk", offsets, offsets))


def _two_apart(faces: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """(k, 2) the ends of pairs of edges that go straight on over a vertex of four quads."""
    both = np.concatenate([edges, edges[:, ::-1]])
    both = both[np.argsort(both[:, 0], kind="stable")]
    middle, count = np.unique(both[:, 0], return_counts=True)
    four = np.isin(both[:, 0], middle[count == 4])
    around = both[four, 1].reshape(-1, 4)
    corners = mesh.rings(faces, int(faces.max()) + 1)
    straight = [
        around[~(corners[around[:, one]] == around[:, [other]]).any(axis=1)][:, [one, other]]
        for one in range(4)
        for other in range(one + 1, 4)
    ]
    return np.concatenate(straight)
