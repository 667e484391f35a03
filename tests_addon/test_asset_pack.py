"""The asset pack: made from furniture libraries, listed into the config, drawn, built, its licences told."""

import io
import json
import zipfile

import pytest
from PIL import Image

from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample
from blender_addon.draw.furniture import draw_furniture, extent, pack
from blender_addon.draw.streams import RandomStream
from blender_addon.job import Job, folder
from blender_addon.packaging import asset_pack

_BOX = """mtllib {name}.mtl
v -1 0 -2\nv 1 0 -2\nv 1 0 2\nv -1 0 2\nv -1 6 -2\nv 1 6 -2\nv 1 6 2\nv -1 6 2
vt 0 0\nvt 1 0\nvt 1 1
usemtl red
f 1/1 2/2 3/3 4/3\nf 8/1 7/2 6/3 5/3\nf 1/1 5/2 6/3 2/3\nf 2/1 6/2 7/3 3/3\nf 4/1 8/2 5/3 1/3
usemtl front
f 3/1 7/2 8/3 4/3
"""
_MATERIALS = "newmtl red\nKd 0.5 0 0\nNs 98\nnewmtl front\nmap_Kd front.png\nd 1\n"
_ABOUT = """name#{n}=A {name}
model#{n}=/tiny/{name}/{name}.obj
width#{n}=40
depth#{n}=20
height#{n}=90
creator#{n}=Author {n}
"""
_MODELS = {"bin": ("tub",), "radiator": ("slab",)}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """A folder with one library of two models."""
    folder = tmp_path_factory.mktemp("libraries")
    image = io.BytesIO()
    Image.new("RGB", (900, 600), (0, 0, 255)).save(image, "PNG")
    with zipfile.ZipFile(folder / "Tiny.sh3f", "w") as archive:
        names = [stem for stems in _MODELS.values() for stem in stems]
        about = "".join(_ABOUT.format(n=n, name=name) for n, name in enumerate(names, start=1))
        archive.writestr("PluginFurnitureCatalog.properties", about)
        for name in names:
            archive.writestr(f"tiny/{name}/{name}.obj", _BOX.format(name=name))
            archive.writestr(f"tiny/{name}/{name}.mtl", _MATERIALS)
            archive.writestr(f"tiny/{name}/front.png", image.getvalue())
    return folder


@pytest.fixture(scope="module")
def built(library, tmp_path_factory, in_blender):
    """The pack made of it twice, in two folders."""
    first, second = tmp_path_factory.mktemp("packs") / "pack", tmp_path_factory.mktemp("packs") / "pack"
    in_blender(
        f"""
from pathlib import Path
from blender_addon.packaging import asset_pack
asset_pack.LIBRARIES["Tiny"] = ("CC-BY-3.0", {_MODELS!r})
answer([len(asset_pack.build(Path({str(library)!r}), ["Tiny"], Path(to))) for to in ({str(first)!r}, {str(second)!r})])
"""
    )
    return first, second


@pytest.fixture
def config(built):
    """A config of images that use the pack wherever they can."""
    return {
        **draw_settings.resolve("room", pairs=["furniture.pack_share=1"]),
        "furniture.pack_files": pack.models(built[0]),
    }


def test_the_same_libraries_give_the_same_pack(built):
    first, second = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in built)
    assert first == second
    assert len(first) == 3


def test_the_list_says_what_each_model_is_and_whose(built):
    tub, slab = pack.models(built[0])
    assert (tub["kind"], tub["title"], tub["author"], tub["licence"]) == ("bin", "A tub", "Author 1", "CC-BY-3.0")
    assert slab["size"] == [0.4, 0.2, 0.9]
    said = pack.licences([tub, slab, tub])
    assert [line["licence"] for line in said] == ["CC-BY-3.0"] * 2
    assert "Author 1" in said[1]["source"]


def test_models_are_in_metres_on_their_feet_and_face_the_front(built, in_blender):
    found = in_blender(
        f"""
import bpy, numpy as np
from pathlib import Path
from blender_addon.construct.furniture_materials import Palette
from blender_addon.construct.furniture import build_furniture, pack
from blender_addon.draw.furniture import pack as listed
from blender_addon.draw.spec import FurnitureSpec
pack.FOLDER = Path({str(built[0])!r})
made = {{}}
for entry in listed.models(pack.FOLDER):
    w, d, h = entry["size"]
    shape = dict(width=w, depth=d, height=h, model=entry["file"], sha256=entry["sha256"])
    spec = FurnitureSpec(1, entry["kind"], 0.0, 0.0, 0.0, 0.0, shape, {{}})
    item, = build_furniture(bpy.context.scene.collection, spec, Palette())
    points = np.array([v.co[:] for v in item.data.vertices])
    front = [p for p in item.data.polygons if "blue" in str(p.material_index) or p.material_index == 1]
    image = next(n.image for n in item.data.materials[1].node_tree.nodes if n.type == "TEX_IMAGE")
    red = next(n for n in item.data.materials[0].node_tree.nodes if n.type == "BSDF_PRINCIPLED")
    made[entry["kind"]] = dict(low=points.min(0).tolist(), high=points.max(0).tolist(), valid=not item.data.validate(),
        front=sorted({{round(item.data.vertices[v].co.y, 3) for p in front for v in p.vertices}}),
        picture=list(image.size), blue=list(image.pixels[:3]), red=list(red.inputs["Base Color"].default_value)[:3])
answer(made)
"""
    )
    tub, slab = found["bin"], found["radiator"]
    assert tub["low"] == pytest.approx([-0.2, -0.1, 0.0], abs=1e-5)
    assert tub["high"] == pytest.approx([0.2, 0.1, 0.9], abs=1e-5)
    assert slab["high"][1] == pytest.approx(0.0, abs=1e-6)  # its back is at the wall
    assert tub["front"] == [-0.1]
    assert tub["valid"]
    assert slab["valid"]
    assert tub["picture"] == [512, 341]
    assert tub["blue"] == pytest.approx([0.0, 0.0, 1.0], abs=0.02)
    assert tub["red"] == pytest.approx([0.214, 0.0, 0.0], abs=0.001)  # sRGB 0.5


def test_pieces_are_models_where_the_pack_has_any(config):
    pieces = [piece for index in range(24) for piece in sample(config, 1, index).furniture]
    bins = ["model" in piece.shape for piece in pieces if piece.kind == "bin"]
    assert any(bins)
    assert not all(bins)  # one model alone would soon be known
    assert {piece.kind for piece in pieces if "model" in piece.shape} <= set(_MODELS)


def test_pieces_bought_together_keep_their_own_colours_beside_models(config):
    config = {**config, **{"room.kind": {"treatment": 1.0}, "people.count": {"0": 1.0}}}
    for index in range(30):
        for piece in sample(config, 1, index).furniture:
            if piece.kind == "bin":
                assert set(piece.colours) == (set() if "model" in piece.shape else {"body", "lid"})


def test_a_model_takes_the_floor_its_size_says(config):
    drawn = (draw_furniture("radiator", RandomStream(0, index, "furniture"), config)[0] for index in range(20))
    shape = next(shape for shape in drawn if "model" in shape)
    assert tuple(extent("radiator", shape)) == (-0.2, -0.2, 0.2, 0.0, 0.9)


def test_a_config_keeps_to_the_models_it_was_made_with(built, tmp_path):
    entries = pack.models(built[0])
    assert pack.settle(None, 0.4, built[0]) == entries
    assert pack.settle([], 0.4, built[0]) == []  # made where there was no pack
    assert pack.settle(entries[:1], 0.4, built[0]) == entries[:1]
    assert pack.settle(None, 0.0, built[0]) == []
    assert pack.settle(None, 0.4, tmp_path) == []


def test_a_pack_that_lacks_a_model_is_refused_in_one_line(built, tmp_path):
    entries = pack.models(built[0])
    with pytest.raises(ValueError, match=r"tub\.npz.*`make assets`"):
        pack.settle(entries, 0.4, tmp_path)
    with pytest.raises(ValueError, match=r"tub\.npz"):
        pack.settle([{**entries[0], "sha256": "0" * 16}], 0.4, built[0])
    file = tmp_path / "old.json"
    file.write_text(json.dumps({"furniture.pack_files": [{**entries[0], "file": "gone.npz"}]}))
    with pytest.raises(draw_settings.ConfigError, match=r"gone\.npz"):
        draw_settings.resolve(file=file)


def test_a_broken_list_is_named(tmp_path):
    (tmp_path / pack.LIST).write_text("{}")
    with pytest.raises(ValueError, match=str(tmp_path / pack.LIST)):
        pack.models(tmp_path)


def test_the_dataset_names_whose_models_it_uses(config, tmp_path):
    licences = folder.dataset_info(Job(tmp_path / "set", config)).licences
    assert any("Author 1" in line["source"] for line in licences)
    plain = folder.dataset_info(Job(tmp_path / "set", {**config, "furniture.pack_files": []})).licences
    assert not any("model" in line["asset"] for line in plain)


def test_what_the_pack_adds_is_one_line(built, tmp_path):
    assert "make assets" in pack.offer(tmp_path)
    assert pack.offer(built[0]).startswith("asset pack: 2 models")
    assert "\n" not in pack.offer(tmp_path)


def test_only_free_licences_are_taken_unless_asked():
    from blender_addon.packaging.asset_catalogue import CC0, LIBRARIES

    assert LIBRARIES[CC0][0] == "CC0-1.0"
    assert all(licence.startswith("CC-BY-3.0") for name, (licence, _) in LIBRARIES.items() if name != CC0)


def test_nobody_rests_on_what_models_stand_in_for():
    from blender_addon.packaging.asset_catalogue import LIBRARIES

    kinds = {kind for _, models in LIBRARIES.values() for kind in models}
    assert not kinds & {"bed", "chair", "office_chair", "stool", "bench", "sofa", "wheelchair", "walker", "trolley"}


def test_missing_libraries_are_named_in_one_line(tmp_path, capsys):
    assert asset_pack.main(["--folder", str(tmp_path), "--force"]) == 1
    said = capsys.readouterr().err.strip()
    assert "BlendSwap-CC-0.sh3f" in said
    assert "\n" not in said
