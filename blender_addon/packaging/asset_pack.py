"""``make assets``: the asset pack, furniture of Debian's ``sweethome3d-furniture``, converted for rooms.

The libraries (``.sh3f`` zips of OBJ models) are taken from an installed package or fetched by ``apt-get download``.
Only the CC0 ones are used unless ``--cc-by`` asks for those whose authors must be named. Every model of
``asset_catalogue`` becomes one ``.npz``: metres, z up, facing -y, its images inside as JPEG, so that every Blender
builds the same mesh from it without an importer. ``pack.json`` lists them, each with author, licence and SHA-256.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

import numpy as np
from PIL import Image

from ..dataset_format import atomic
from ..draw.colour import linear_from_display
from ..draw.furniture.fittings import KINDS as FITTINGS
from ..draw.furniture.pack import FOLDER, LIST
from ..draw.library import digest
from .asset_catalogue import CC0, LIBRARIES

if TYPE_CHECKING:
    from bpy.types import Mesh

PACKAGE = "sweethome3d-furniture"
INSTALLED = Path("/usr/share/sweethome3d/furniture")
_CATALOGUE = "PluginFurnitureCatalog.properties"
_MOST_FACES = 20000  # triangles; larger models are thinned out
_SMALL_PART = 100  # parts with fewer faces are left unchanged
_IMAGE_SIDE, _IMAGE_QUALITY = 512, 85
_CLEAR = 0.6  # materials more transparent are glass
_PLAIN = (0.6, 0.6, 0.6)


class PackError(RuntimeError):
    """The pack cannot be built; one line for the user."""


def main(arguments: Optional[list] = None) -> int:
    """Build the pack unless one of the same libraries exists."""
    parser = argparse.ArgumentParser(prog="make assets", description=__doc__)
    parser.add_argument(
        "--cc-by", action="store_true", help="include the models whose authors must be named (CC BY 3.0)"
    )
    parser.add_argument(
        "--folder", type=Path, help="read the .sh3f files from this folder instead of the Debian package"
    )
    parser.add_argument("--force", action="store_true", help="build the pack again even if it exists")
    options = parser.parse_args(arguments)
    names = list(LIBRARIES) if options.cc_by else [CC0]
    if not options.force and _libraries_of(FOLDER) == names:
        print(f"the asset pack of {', '.join(names)} exists already; --force builds it again", file=sys.stderr)
        return 0
    try:
        with tempfile.TemporaryDirectory() as scratch:
            folder = options.folder or (INSTALLED if INSTALLED.is_dir() else _fetch(Path(scratch)))
            entries = build(folder, names, FOLDER)
    except PackError as error:
        print(f"the asset pack was not built: {error}", file=sys.stderr)
        return 1
    size = sum(path.stat().st_size for path in FOLDER.iterdir())
    print(f"wrote the asset pack: {len(entries)} models, {size / 1e6:.1f} MB, from {', '.join(names)}", file=sys.stderr)
    return 0


def build(source: Path, names: list[str], folder: Path) -> list[dict[str, Any]]:  # Any: JSON values
    """Build the pack of the libraries ``names`` in ``source`` into ``folder``; returns the lines of ``pack.json``."""
    part = atomic.temporary_path(folder)
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    entries = []
    for name in names:
        path = source / f"{name}.sh3f"
        if not path.is_file():
            raise PackError(f"{path} is missing; expected the libraries of the Debian package {PACKAGE}")
        with zipfile.ZipFile(path) as archive:
            entries += list(_models(archive, name, part))
    listing = {"format": "wardsynth-asset-pack", "version": 1, "libraries": names, "models": entries}
    (part / LIST).write_text(json.dumps(listing, indent=1), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    return entries


def _libraries_of(folder: Path) -> list[str]:
    path = folder / LIST
    return json.loads(path.read_text(encoding="utf-8"))["libraries"] if path.is_file() else []


def _fetch(folder: Path) -> Path:
    """Download and unpack the Debian package, verified by apt; nothing is installed."""
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise PackError(
            f"this machine has no apt-get; give --folder with the .sh3f files of the Debian package {PACKAGE}"
        )
    ran = subprocess.run(["apt-get", "download", PACKAGE], cwd=folder, capture_output=True, text=True, check=False)
    found = list(folder.glob("*.deb"))
    if ran.returncode or not found:
        reason = (ran.stderr.strip().splitlines() or ["apt-get downloaded nothing"])[-1]
        raise PackError(f"apt-get download {PACKAGE}: {reason}; apt-get update may help")
    subprocess.run(["dpkg-deb", "-x", str(found[0]), str(folder)], check=True)
    return folder / str(INSTALLED).lstrip("/")


def _models(archive: zipfile.ZipFile, library: str, folder: Path) -> Iterator[dict]:
    """Write each model that the catalogue wants and yield its line of ``pack.json``."""
    licence, wanted = LIBRARIES[library]
    known = {Path(about["model"]).stem: about for about in _catalogue(archive)}
    for kind, stems in wanted.items():
        for stem in stems:
            if stem not in known:
                raise PackError(f"{library}.sh3f holds no model {stem!r}; expected the libraries of {PACKAGE} 1.8")
            about = known[stem]
            size = tuple(round(float(about[side]) / 100, 4) for side in ("width", "depth", "height"))
            content = convert(archive, about["model"].lstrip("/"), size, _rotation(about), hangs=kind in FITTINGS)
            file = f"{library}-{kind}-{stem}.npz"
            (folder / file).write_bytes(content)
            yield {
                "file": file,
                "sha256": digest(folder / file),
                "kind": kind,
                "size": list(size),
                "title": about["name"],
                "author": about.get("creator", "not named"),
                "licence": licence,
                "source": f"{library}.sh3f of the Debian package {PACKAGE}",
            }


def _catalogue(archive: zipfile.ZipFile) -> list[dict[str, str]]:
    """The catalogue of a library: [{"name": ..., "model": ..., "width": centimetres ...}]."""
    models: dict[int, dict[str, str]] = {}
    for line in archive.read(_CATALOGUE).decode("latin-1").splitlines():
        match = re.match(r"(\w+)#(\d+)=(.*)", line)
        if match:
            text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), match[3])
            models.setdefault(int(match[2]), {})[match[1]] = text.strip()
    return list(models.values())


def _rotation(about: Mapping) -> np.ndarray:
    """The catalogue's turn of a model, in the file's axes: 3x3."""
    return np.array(about.get("modelRotation", "1 0 0 0 1 0 0 0 1").split(), dtype=np.float64).reshape(3, 3)


def convert(archive: zipfile.ZipFile, model: str, size: tuple[float, ...], rotation: np.ndarray, hangs: bool) -> bytes:
    """An OBJ model with its materials -> the bytes of its ``.npz``.

    Args:
        size: (width, depth, height) in metres that its box is scaled to, as the catalogue says.
        rotation: of the file's axes, before that.
        hangs: the frame's origin is at its back instead of its middle; always at its foot.
    """
    root = str(Path(model).parent)
    with tempfile.TemporaryDirectory() as scratch:
        for name in archive.namelist():
            if str(Path(name).parent) == root and not name.endswith("/"):
                archive.extract(name, scratch)
        mesh = _imported(Path(scratch) / model)
        materials, images = _materials(Path(scratch) / root, mesh.pop("names"))
    points = mesh["vertices"] @ rotation.T
    points = np.stack([points[:, 0], -points[:, 2], points[:, 1]], axis=1)  # y up, facing z -> z up, facing -y
    low, high = points.min(axis=0), points.max(axis=0)
    points = (points - low) / np.maximum(high - low, 1e-9) * size
    points -= (size[0] / 2, size[1] if hangs else size[1] / 2, 0.0)
    arrays = {f"picture{n}": np.frombuffer(data, dtype=np.uint8) for n, data in enumerate(images)}
    about = np.frombuffer(json.dumps({"layout": 1, "materials": materials}).encode(), dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, about=about, **{**mesh, "vertices": points.astype(np.float32)}, **arrays)
    return buffer.getvalue()


def _imported(path: Path) -> dict[str, Any]:  # Any: arrays, and the list of names
    """The mesh of an OBJ file by Blender's importer: vertices in its own axes, triangles, uvs, materials' names."""
    import bpy

    from ..compat import import_obj

    bpy.ops.wm.read_factory_settings(use_empty=True)
    import_obj(str(path))
    items = [item for item in bpy.context.scene.objects if item.type == "MESH"]
    faces = sum(len(item.data.loops) - 2 * len(item.data.polygons) for item in items)
    depsgraph = bpy.context.evaluated_depsgraph_get()
    parts, names, start = [], [], 0
    for item in items:
        if faces > _MOST_FACES and len(item.data.polygons) > _SMALL_PART:
            thinned = item.modifiers.new("thinned", "DECIMATE")
            thinned.ratio = _MOST_FACES / faces
        depsgraph.update()
        mesh = item.evaluated_get(depsgraph).to_mesh()
        mesh.calc_loop_triangles()
        part = _triangles(mesh)
        slots = [slot.material.name if slot.material else "" for slot in item.material_slots] or [""]
        names += [name for name in dict.fromkeys(slots) if name not in names]
        part["slots"] = np.array([names.index(name) for name in slots], dtype=np.uint8)[part["slots"]]
        part["triangles"] += start
        start += len(part["vertices"])
        parts.append(part)
        item.to_mesh_clear()
    whole = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    kept = _sound(whole["triangles"])
    faces_of = {key: whole[key][kept] for key in ("triangles", "uvs", "slots", "smooth")}
    return {"vertices": whole["vertices"], **faces_of, "names": names}


def _sound(triangles: np.ndarray) -> np.ndarray:
    """The rows of (m, 3) triangles that have three different corners and repeat no earlier one."""
    corners = np.sort(triangles, axis=1)
    three = (corners[:, 1:] != corners[:, :-1]).all(axis=1)
    _, first = np.unique(corners, axis=0, return_index=True)
    return np.intersect1d(np.flatnonzero(three), first)


def _triangles(mesh: Mesh) -> dict[str, np.ndarray]:
    """Arrays of an evaluated mesh: (n, 3) vertices, (m, 3) triangles, (m, 3, 2) uvs, (m,) slots and smoothness."""
    count = len(mesh.loop_triangles)
    vertices = np.empty(len(mesh.vertices) * 3, dtype=np.float32)
    triangles, loops = (np.empty(count * 3, dtype=np.int32) for _ in range(2))
    slots, smooth = np.empty(count, dtype=np.int32), np.empty(count, dtype=bool)
    mesh.vertices.foreach_get("co", vertices)
    mesh.loop_triangles.foreach_get("vertices", triangles)
    mesh.loop_triangles.foreach_get("loops", loops)
    mesh.loop_triangles.foreach_get("material_index", slots)
    mesh.loop_triangles.foreach_get("use_smooth", smooth)
    uvs = np.zeros((len(mesh.loops), 2), dtype=np.float32)
    if mesh.uv_layers.active:
        mesh.uv_layers.active.data.foreach_get("uv", uvs.reshape(-1))
    return {
        "vertices": vertices.reshape(-1, 3),
        "triangles": triangles.reshape(-1, 3),
        "uvs": uvs[loops].reshape(-1, 3, 2),
        "slots": slots,
        "smooth": smooth,
    }


def _materials(folder: Path, names: list[str]) -> tuple[list[dict[str, object]], list[bytes]]:
    """([{"name", "rgb": linear, "roughness", "glass", "picture": its number or None}], [JPEG bytes])."""
    described: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.mtl")):
        described.update(_read_mtl(path))
    images: list[bytes] = []
    files: dict[str, Optional[int]] = {}
    materials = []
    for name in names:
        about = described.get(name, {})
        file = about.get("map_Kd")
        if file and file not in files:
            data = _jpeg(folder / file)
            files[file] = None if data is None else len(images)
            images += [data] if data is not None else []
        display = [min(float(value), 1.0) for value in about.get("Kd", "").split()[:3]] or _PLAIN
        shininess = float(about.get("Ns", "30").split()[0])
        materials.append(
            {
                "name": name,
                "rgb": [round(linear_from_display(value), 4) for value in display],
                "roughness": round(min(max((2.0 / (2.0 + shininess)) ** 0.5, 0.15), 0.95), 3),
                "glass": float(about.get("d", "1").split()[-1]) < _CLEAR,
                "picture": files[file] if file else None,
            }
        )
    return materials, images


def _read_mtl(path: Path) -> dict[str, dict[str, str]]:
    """{material: {keyword: rest of its line}}."""
    materials: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for line in path.read_text(encoding="latin-1").splitlines():
        keyword, _, rest = line.strip().partition(" ")
        if keyword == "newmtl":
            current = materials.setdefault(rest.strip(), {})
        elif rest:
            current[keyword] = rest.strip()
    return materials


def _jpeg(path: Path) -> Optional[bytes]:
    """An image as JPEG of at most ``_IMAGE_SIDE`` pixels; None where there is none."""
    if not path.is_file():
        return None
    with Image.open(path) as image:
        image = image.convert("RGB")
        image.thumbnail((_IMAGE_SIDE, _IMAGE_SIDE), Image.Resampling.BOX)
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=_IMAGE_QUALITY)
    return buffer.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
