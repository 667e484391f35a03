"""See-through surfaces: alpha textures, glass, nets, steam, holdouts; and their stencils for exact maps.

A surface is solid in labels where its opacity is at least one half, and seen through elsewhere. Its opacity is its
alpha times one minus its transmission; a volume without a surface has none. Rough glass (frosted) is solid.
Refraction is ignored: labels look straight through. Where a holdout is more than half of a material, the image shows a
hole: neither the surface nor what is behind it. Clear plastic that generated people wear counts as solid, as part of
its wearer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Optional, Union

from bpy.types import Material, Node, NodeSocket, NodeTree, Object, Scene

COUNTS_AS_SOLID = "counts_as_solid"  # custom property of see-through materials that labels treat as solid
OWN_INDEX = "wardsynth_index"  # custom property: the pass index of an object in images, which labels change

_FROSTED = 0.5  # roughness above which glass shows only blurs
_CLEAR = ("BSDF_GLASS", "BSDF_REFRACTION", "BSDF_RAY_PORTAL")
_KEPT = ("MIX_SHADER", "ADD_SHADER", "BSDF_TRANSPARENT", "GROUP")
_HOLDOUT = "wardsynth holdout"  # label of the nodes that stand for holdouts in stencils
_SOLID_COLOUR, _OPEN_COLOUR = (0.0, 0.0, 0.0, 1.0), (1.0, 1.0, 1.0, 1.0)  # of a transparent shader

_Value = Union[float, NodeSocket]  # what a Math node is fed with


def drawn_objects(scene: Scene) -> list[Object]:
    """The objects of ``scene``, and those elsewhere that it shows as instances."""
    depsgraph = scene.view_layers[0].depsgraph
    instances = depsgraph.object_instances if depsgraph is not None else ()
    elsewhere = (instance.object.original for instance in instances if instance.is_instance)
    return list(dict.fromkeys((*scene.objects, *elsewhere)))


def see_through_objects(drawn: Iterable[Object]) -> list[Object]:
    """Those of the ``drawn`` objects with a material that lets the camera see through some of their surface."""
    return _objects_with(drawn, _lets_light_through)


def holed_objects(drawn: Iterable[Object]) -> list[Object]:
    """Those of the ``drawn`` objects that may show a hole: a holdout is part of one of their materials."""
    return _objects_with(drawn, _holds_out)


def displaced_objects(drawn: Iterable[Object]) -> list[Object]:
    """Those of the ``drawn`` objects with a material that moves their surface, as bump alone does not."""
    return _objects_with(drawn, _displaces)


def _objects_with(drawn: Iterable[Object], has_property: Callable[[Material], bool]) -> list[Object]:
    """Those of the ``drawn`` objects with a material of nodes that ``has_property``."""
    known: dict[Material, bool] = {}
    found = []
    for item in drawn:
        materials = {slot.material for slot in item.material_slots if slot.material is not None}
        for material in materials - known.keys():
            has_nodes = material.use_nodes and material.node_tree is not None
            known[material] = has_nodes and has_property(material)
        if any(known[material] for material in materials):
            found.append(item)
    return found


def _displaces(material: Material) -> bool:
    settings = material if hasattr(material, "displacement_method") else material.cycles  # 4.1 moved it
    outputs = [node for node in material.node_tree.nodes if node.type == "OUTPUT_MATERIAL"]
    return settings.displacement_method != "BUMP" and any(node.inputs["Displacement"].is_linked for node in outputs)


def nodes_of(tree: NodeTree) -> Iterator[Node]:
    """The nodes of a tree, and of the groups in it."""
    for node in tree.nodes:
        yield node
        if node.type == "GROUP" and node.node_tree is not None:
            yield from nodes_of(node.node_tree)


def _holds_out(material: Material) -> bool:
    return any(node.type == "HOLDOUT" for node in nodes_of(material.node_tree))


def _lets_light_through(material: Material) -> bool:
    return COUNTS_AS_SOLID not in material and any(_node_lets_through(node) for node in nodes_of(material.node_tree))


def _node_lets_through(node: Node) -> bool:
    if node.type == "OUTPUT_MATERIAL":
        return node.inputs["Volume"].is_linked and not node.inputs["Surface"].is_linked
    if node.type in ("BSDF_TRANSPARENT", *_CLEAR):
        return True
    if node.type != "BSDF_PRINCIPLED":
        return False
    transmission, alpha = _transmission(node), node.inputs["Alpha"]
    return alpha.is_linked or alpha.default_value < 1.0 or transmission.is_linked or transmission.default_value > 0.0


def _transmission(principled: Node) -> NodeSocket:
    """The socket; 4.0 renamed it."""
    return principled.inputs.get("Transmission Weight") or principled.inputs["Transmission"]


def stencil(material: Material) -> Material:
    """A copy of a see-through ``material`` that is black where it is opaque, and as transparent; the caller removes it.

    Cycles writes its maps of indices and depth at the first surface whose alpha is at least one half.
    """
    copy = material.copy()
    _blacken(copy.node_tree, {})
    return copy


def open_holdouts(material: Material, is_open: bool) -> None:
    """Let a stencil be seen through where a holdout is, or be solid there as at first."""
    for node in nodes_of(material.node_tree):
        if node.label == _HOLDOUT:
            node.inputs["Color"].default_value = _OPEN_COLOUR if is_open else _SOLID_COLOUR


def _blacken(tree: NodeTree, groups: dict[str, NodeTree]) -> None:
    for node in list(tree.nodes):
        if node.type == "GROUP" and node.node_tree is not None:
            node.node_tree = _black_group(node.node_tree, groups)
        elif node.type == "OUTPUT_MATERIAL":
            _forget_volume(tree, node)
        elif node.type == "OBJECT_INFO" and node.outputs["Object Index"].is_linked:
            _read_own_index(tree, node)
        elif node.type not in _KEPT and any(output.type == "SHADER" for output in node.outputs):
            _replace(tree, node, _black_shader(tree, node))


def _black_group(group: NodeTree, groups: dict[str, NodeTree]) -> NodeTree:
    if group.name not in groups:
        groups[group.name] = group.copy()
        _blacken(groups[group.name], groups)
    return groups[group.name]


def _forget_volume(tree: NodeTree, output: Node) -> None:
    volume, surface = output.inputs["Volume"], output.inputs["Surface"]
    if volume.is_linked and not surface.is_linked:
        tree.links.new(tree.nodes.new("ShaderNodeBsdfTransparent").outputs[0], surface)
    for link in list(volume.links):
        tree.links.remove(link)


def _read_own_index(tree: NodeTree, info: Node) -> None:
    own = tree.nodes.new("ShaderNodeAttribute")
    own.attribute_type, own.attribute_name = "OBJECT", OWN_INDEX
    for target in [link.to_socket for link in info.outputs["Object Index"].links]:
        tree.links.new(own.outputs["Fac"], target)


def _replace(tree: NodeTree, node: Node, shader: NodeSocket) -> None:
    for output in node.outputs:
        if output.type == "SHADER":
            for target in [link.to_socket for link in output.links]:
                tree.links.new(shader, target)


def _black_shader(tree: NodeTree, node: Node) -> NodeSocket:
    """The output of a shader as transparent as ``node``, and black beside."""
    black, clear = tree.nodes.new("ShaderNodeEmission"), tree.nodes.new("ShaderNodeBsdfTransparent")
    black.inputs["Strength"].default_value = 0.0
    if node.type == "HOLDOUT":
        clear.label, clear.inputs["Color"].default_value = _HOLDOUT, _SOLID_COLOUR
        return clear.outputs[0]
    if node.type in _CLEAR:
        return black.outputs[0] if _is_frosted(node) else clear.outputs[0]
    if node.type != "BSDF_PRINCIPLED":
        return black.outputs[0]
    mix = tree.nodes.new("ShaderNodeMixShader")
    tree.links.new(clear.outputs[0], mix.inputs[1])
    tree.links.new(black.outputs[0], mix.inputs[2])
    opaque = None if _is_frosted(node) else _math(tree, "SUBTRACT", 1.0, _transmission(node))
    _feed(tree, _math(tree, "MULTIPLY", node.inputs["Alpha"], opaque), mix.inputs[0])
    return mix.outputs[0]


def _is_frosted(node: Node) -> bool:
    roughness = node.inputs.get("Roughness")
    return roughness is not None and not roughness.is_linked and roughness.default_value > _FROSTED


def _math(tree: NodeTree, operation: str, first: _Value, second: Optional[_Value]) -> NodeSocket:
    """The output of a Math node on numbers, outputs, or what feeds inputs; a second that is None counts as one."""
    node = tree.nodes.new("ShaderNodeMath")
    node.operation, node.use_clamp = operation, True
    for value, socket in zip((first, 1.0 if second is None else second), node.inputs):
        _feed(tree, value, socket)
    return node.outputs[0]


def _feed(tree: NodeTree, value: _Value, socket: NodeSocket) -> None:
    """Give ``socket`` a number, the value of an output, or what another input has."""
    if isinstance(value, (int, float)):
        socket.default_value = value
    elif value.is_output:
        tree.links.new(value, socket)
    elif value.is_linked:
        tree.links.new(value.links[0].from_socket, socket)
    else:
        socket.default_value = value.default_value
