"""A "CVAT for images 1.1" export as the program writes it, for tests: `annotations.xml` and `images/`."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from PIL import Image

JOINTS = ("nose", "left_eye", "right_eye")
LABELS = """
<label><name>person</name><color>#ff0000</color><type>any</type><attributes>
  <attribute><name>posture</name><mutable>False</mutable><input_type>select</input_type>
    <default_value>standing</default_value><values>standing\nsitting\nlying\nfallen</values></attribute>
  <attribute><name>mask</name><mutable>False</mutable><input_type>checkbox</input_type>
    <default_value>false</default_value><values>false</values></attribute>
</attributes></label>
<label><name>bed</name><color>#00ff00</color><type>rectangle</type><attributes></attributes></label>
<label><name>night</name><color>#0000ff</color><type>tag</type><attributes></attributes></label>
"""
SKELETON_LABELS = """
<label><name>body</name><color>#ff00ff</color><type>skeleton</type><attributes></attributes>
  <svg>&lt;line data-type="edge" data-node-from="1" data-node-to="2"&gt;</svg></label>
""" + "".join(
    f"<label><name>{joint}</name><type>points</type><attributes></attributes><parent>body</parent></label>"
    for joint in JOINTS
)


def shape(tag, label, inner="", occluded=0, attributes=None, **values):
    """The element of a shape; ``values`` are its own attributes, ``attributes`` the user's."""
    own = {"label": label, "source": "manual", "occluded": occluded, **values, "z_order": 0}
    listed = "".join(
        f"<attribute name={quoteattr(name)}>{escape(value)}</attribute>" for name, value in (attributes or {}).items()
    )
    head = " ".join(f"{name}={quoteattr(str(value))}" for name, value in own.items())
    return f"<{tag} {head}>{inner}{listed}</{tag}>"


def box(label, x1, y1, x2, y2, **more):
    """A rectangle."""
    return shape("box", label, xtl=x1, ytl=y1, xbr=x2, ybr=y2, **more)


def points(tag, label, rows, **more):
    """A polygon, polyline or points of ``rows`` (x, y)."""
    return shape(tag, label, points=";".join(f"{x:.2f},{y:.2f}" for x, y in rows), **more)


def skeleton(label, rows, **more):
    """A skeleton of ``rows`` name -> (x, y, v)."""
    inner = "".join(
        points("points", name, [(x, y)], occluded=int(v == 1), outside=int(v == 0)) for name, (x, y, v) in rows.items()
    )
    return shape("skeleton", label, inner, **more)


def write(folder, images, labels=LABELS, meta="task", size=(64, 48), suffix=""):
    """Write an export and return its folder.

    Args:
        images: name -> its shapes, or (shapes, further attributes of the image's element).
        suffix: of the files, where names have none, as those of frames.
    """
    rows = []
    for number, (name, held) in enumerate(images.items()):
        shapes, more = held if isinstance(held, tuple) else (held, {})
        place = {"id": number, "name": name, **more, "width": size[0], "height": size[1]}
        head = " ".join(f"{key}={quoteattr(str(value))}" for key, value in place.items())
        rows.append(f"<image {head}>{''.join(shapes)}</image>")
        path = Path(folder, "images", more.get("subset", ""), f"{name}{suffix}")
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", size, (40 * number % 250, 90, 10 + number)).save(path)
    about = f"<meta><{meta}><id>1</id><name>ward</name><labels>{labels}</labels></{meta}></meta>"
    content = f"<annotations><version>1.1</version>{about}{''.join(rows)}</annotations>"
    head = '<?xml version="1.0" encoding="utf-8"?>'
    Path(folder, "annotations.xml").write_text(f"{head}\n{content}", encoding="utf-8")
    return Path(folder)
