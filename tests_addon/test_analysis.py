"""Labels against closed formulas, on scenes of quads, boxes and balls (``blender_scenes``)."""

import numpy as np
import pytest
import rederive

FOCAL = 50 / np.tan(np.radians(30.0))  # pixels, of the pinhole of blender_scenes


@pytest.fixture(scope="module")
def scene(answers):
    return lambda call: answers("blender_scenes", call)


def test_a_quad_half_outside_the_frame(scene):
    (quad,) = scene("half_outside()")
    assert quad["in_frame_fraction"] == pytest.approx(0.5, abs=0.01)
    assert quad["visible_fraction"] == 1.0
    width = 2.0 * FOCAL / 4.0
    assert quad["bbox_visible"][2] == pytest.approx(width / 2, abs=1)
    assert quad["bbox_amodal"] == quad["bbox_visible"]
    assert quad["bbox_amodal_unclipped"][2] == pytest.approx(width, abs=2)
    assert quad["bbox_3d"] == pytest.approx([2.3094 - 1, -0.5, 4, 2.3094 + 1, 0.5, 4], abs=1e-3)
    assert quad["distance"] == pytest.approx(np.hypot(2.3094, 4.0), abs=1e-3)


def test_a_bar_over_half_of_a_quad(scene):
    (quad,) = scene("bar_over_half()")
    assert quad["visible_fraction"] == pytest.approx(0.5, abs=0.02)
    assert quad["covered_fraction"] == quad["visible_fraction"]
    assert quad["in_frame_fraction"] == 1.0
    assert quad["hidden_by"] == {"object:bar": pytest.approx(0.5, abs=0.02)}
    assert quad["bbox_amodal"][2] == pytest.approx(2.0 * FOCAL / 4.0, abs=1)
    assert quad["bbox_visible"][2] == pytest.approx(1.0 * FOCAL / 4.0, abs=1)
    assert quad["bbox_covered"] == quad["bbox_visible"]


def test_a_blanket_changes_visible_but_not_covered(scene):
    under, behind_chair = scene("blanket_over_half()")
    assert under["visible_fraction"] == pytest.approx(0.5, abs=0.02)
    assert under["covered_fraction"] == 1.0
    assert under["hidden_by"] == {"bedding": pytest.approx(0.5, abs=0.02)}
    assert under["bbox_covered"] == under["bbox_amodal"] != under["bbox_visible"]
    # The chair hides part of the other half: that counts as neither seen nor covered.
    assert behind_chair["hidden_by"]["object:chair"] == pytest.approx(0.25, abs=0.03)
    whole = behind_chair["covered_fraction"] + behind_chair["hidden_by"]["object:chair"]
    assert whole == pytest.approx(1.0, abs=0.001)


def test_two_behind_each_other(scene):
    far, near = scene("two_behind_each_other()")
    assert near["visible_fraction"] == 1.0
    assert near["hidden_by"] == {}
    assert far["visible_fraction"] == pytest.approx(0.5, abs=0.02)
    assert far["hidden_by"] == {"object:bed": pytest.approx(0.5, abs=0.02)}
    assert far["bbox_amodal"][2:] == pytest.approx([2 * FOCAL / 4] * 2, abs=1)


def test_what_is_hidden_whole_is_kept_and_marked(scene):
    (quad,) = scene("hidden_whole()")
    assert "bbox_visible" not in quad
    assert quad["visible_fraction"] == 0.0
    assert quad["ignore"] is True
    assert quad["bbox_amodal"][2] == pytest.approx(FOCAL / 4.0, abs=1)
    assert quad["hidden_by"] == {"object:wall": 1.0}


def test_what_is_out_of_sight_is_kept_and_marked(scene):
    (quad,) = scene("out_of_sight()")
    assert quad["ignore"] is True
    assert quad["in_frame_fraction"] == 0.0
    assert "bbox_amodal" not in quad


def test_what_begins_behind_the_camera_is_labelled(scene):
    (floor,) = scene("partly_behind()")
    _, y, _, height = floor["bbox_visible"]
    assert y + height == 80
    assert y == pytest.approx(40 + FOCAL / 4.0, abs=1.01)
    assert 0.0 < floor["in_frame_fraction"] < 1.0
    assert floor["visible_fraction"] == 1.0


LENSES = ["pinhole", "fisheye", "barrel", "pinhole off centre", "fisheye off centre", "barrel off centre"]


@pytest.mark.parametrize("lens", LENSES)
def test_balls_are_where_the_lens_formula_puts_them(scene, lens):
    found = scene(f"sphere_grid({lens!r})")
    seen = 0
    for ball, (x, y), outline in zip(found["instances"], found["formula"], found["outline"]):
        if not (8 < x < 152 and 8 < y < 120):
            continue
        seen += 1
        left, top, width, height = ball["bbox_visible"]
        assert [left, top, left + width, top + height] == pytest.approx(outline, abs=1.0)
        assert ball["visible_fraction"] == 1.0
    assert seen >= 6


@pytest.mark.parametrize("lens", LENSES)
def test_a_ball_on_the_edge_is_half_inside_for_every_lens(scene, lens):
    (ball,) = scene(f"ball_on_the_edge({lens!r})")
    assert ball["in_frame_fraction"] == pytest.approx(0.5, abs=0.04)  # a lens makes halves unequal, a little
    assert ball["bbox_amodal_unclipped"][2] == pytest.approx(2 * ball["bbox_amodal"][2], abs=2.5)
    left, _, width, _ = ball["bbox_amodal_unclipped"]
    assert left <= ball["bbox_amodal"][0]  # rounded outwards: what is written holds what it should
    assert left + width >= 100


def test_rays_meet_one_instance_alone_where_numpy_says(scene):
    wrong, hits = scene("rays_at_one_alone()")
    assert wrong == 0
    assert hits > 50


def test_a_wall_fills_an_image_circle_and_no_more(scene):
    (wall,) = scene("wall_through_an_image_circle()")
    reach = 60 * 60 / 75  # pixels: 60 of the 75 degrees that half the image shows
    assert wall["bbox_visible"] == pytest.approx([60 - reach, 60 - reach, 2 * reach, 2 * reach], abs=1.5)


def test_a_joint_behind_the_own_torso_is_self(scene):
    assert scene("joint_behind_own_torso()") == {
        "before": "none",
        "just inside": "none",
        "behind": "self",
        "behind the chair": "object:chair",
        "under the blanket": "bedding",
    }


def test_a_joint_is_seen_where_its_line_of_sight_is_free_whatever_the_middle_of_its_pixel_shows(scene):
    own, chair, cabinet = 1, 2, 3
    assert scene("joints_beside_outlines()") == {
        "25.5": ["none", own],
        "30.2": ["none", chair],  # just beside the chair, which the middle of pixel 30 shows
        "30.4": ["object:chair", chair],
        "45.1": ["object:chair", own],
        "45.3": ["none", own],
        "60.15": ["none", cabinet],  # on the body's last third of a pixel; its middle shows what is behind
    }


@pytest.mark.parametrize("lens", ["pinhole", "fisheye"])
def test_draped_bedding_covers_its_own_body_and_nothing_else(scene, lens):
    """Against numpy: a sheet's pixels count over its owner's silhouette, not over nothing and not over the other."""
    found = scene(f"draped_sheets({lens!r})")
    triangles, owners = np.array(found["triangles"]), np.array(found["owners"])
    camera = found["record"]["camera"]
    shown = rederive.owner_map(camera, triangles, owners)
    sheets = {1: shown == 3, 2: shown == 4}
    for body in found["record"]["instances"]:
        number = body["id"]
        alone = owners == number
        silhouette = rederive.owner_map(camera, triangles[alone], owners[alone]) == number
        visible = shown == number
        covered = visible | (silhouette & sheets[number])
        for name, mask in (("bbox_visible", visible), ("bbox_covered", covered), ("bbox_amodal", silhouette)):
            x, y, w, h = body[name]
            assert [x, y, x + w, y + h] == pytest.approx(rederive.extent(mask).tolist(), abs=1.0)
        assert body["visible_fraction"] == pytest.approx(visible.sum() / silhouette.sum(), abs=0.01)
        assert body["covered_fraction"] == pytest.approx(covered.sum() / silhouette.sum(), abs=0.01)
        assert body["covered_fraction"] - body["visible_fraction"] > 0.1
        assert (sheets[number] & ~silhouette).sum() > 20  # it hangs over nothing too, which is not the body
        bedding = silhouette & (sheets[1] | sheets[2])
        assert body["hidden_by"]["bedding"] == pytest.approx(bedding.sum() / silhouette.sum(), abs=0.01)
    near, far = found["record"]["instances"]
    assert near["hidden_by"]["object:chair"] > 0.05
    assert near["covered_fraction"] == pytest.approx(1 - near["hidden_by"]["object:chair"], abs=0.001)
    # The near one's sheet hides some of the far one without covering it.
    assert far["covered_fraction"] < far["visible_fraction"] + far["hidden_by"]["bedding"] - 0.03


def test_bedding_that_is_labelled_itself_changes_no_label_of_those_it_covers(scene):
    bodies = scene("draped_sheets('pinhole')")["record"]["instances"]
    *again, over_near, over_far = scene("draped_sheets('pinhole', labelled=True)")["record"]["instances"]
    assert again == bodies
    assert over_near["category"] == over_far["category"] == "bedding"
    assert over_near["visible_fraction"] == pytest.approx(1 - over_near["hidden_by"]["object:chair"], abs=0.001)
    assert 0.1 < over_far["visible_fraction"] < 1.0


def test_depth_is_metres_along_the_axis(scene):
    near, far, beyond = scene("depth_of_planes()")
    assert near == pytest.approx(4.0, abs=1e-3)
    assert far == pytest.approx(6.0, abs=1e-3)
    assert beyond


def test_modifiers_move_labels(scene):
    (quad,) = scene("modifiers_count()")
    assert quad["bbox_visible"][0] == pytest.approx(50, abs=1)


def test_defocus_and_motion_blur_never_change_a_label(scene):
    sharp, blurred = scene("sharp_and_blurred()")
    assert sharp == blurred
