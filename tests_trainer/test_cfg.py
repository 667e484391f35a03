"""Reading and writing darknet's .cfg: what it means, and one line for whatever is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

from trainer.errors import TrainerError
from trainer.models.files import load_model
from trainer.network.architectures import ARCHITECTURES, make_spec, plan_of, spec_of
from trainer.network.cfg_reader import parse_cfg, read_cfg
from trainer.network.cfg_writer import cfg_text
from trainer.network.layers import Convolution, MaxPool, Route, Shortcut, Yolo

from . import numpy_darknet
from .cfgs import NET, ODDITIES, SPP_3L, conv, head, section
from .network_referees import assert_same, darknet_files
from .refusals import names, refusal

SMALL = NET.format(size=64) + conv(8, 3, 2) + conv(8, 3, 2) + head("0,1") + section("route", layers="-3") + head("2,3")


def parse(text):
    return parse_cfg(text.encode(), "net.cfg")


@pytest.mark.parametrize("text", [NET.format(size=96) + SPP_3L, NET.format(size=96) + ODDITIES, SMALL])
def test_what_is_written_reads_as_the_same(text):
    read = parse(text)
    spec = spec_of(read.plan, "net.cfg", 96, [f"c{index}" for index in range(read.classes)], range(read.classes))
    again = parse(cfg_text(read.plan, spec))
    assert again.plan == read.plan
    assert (again.width, again.classes, again.ignored) == (96, read.classes, ())


@pytest.mark.parametrize("model", ARCHITECTURES)
def test_a_built_in_network_written_reads_as_the_same_layers(model):
    spec = make_spec(model, 416, ("a", "b"), (1, 2))
    read = parse(cfg_text(plan_of(spec), spec)).plan
    assert read.anchors == plan_of(spec).anchors
    unnamed = [
        [{**vars(layer), "name": None, "sources": None} for layer in plan.layers] for plan in (read, plan_of(spec))
    ]
    assert unnamed[0] == unnamed[1]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("=", "\t = \t").replace("[yolo]", "  [ yolo ]  "),
        lambda text: text.replace("\n", "   # why\n\n; because\n"),
        lambda text: text.replace("mask=0,1", "mask = 0 , 1 ,").replace("stride=2", "stride=2.0"),
        lambda text: text.replace("[convolutional]", "[conv]").replace("[net]", "[network]"),
        lambda text: text.rstrip("\n"),
    ],
)
def test_blanks_comments_and_line_ends_mean_nothing(change):
    assert parse(change(SMALL)) == parse(SMALL)


def test_a_comment_in_another_code_is_no_matter():
    assert parse_cfg("# 网络\n".encode("gbk") + SMALL.encode(), "net.cfg").plan == parse(SMALL).plan


def test_defaults_are_darknets():
    text = (
        NET.format(size=64)
        + "[convolutional]\nfilters=8\nsize=3\n[maxpool]\nstride=2\n[maxpool]\n[shortcut]\nfrom=-1\n"
    )
    layers = parse(text + head("0,1")).plan.layers
    assert layers[0] == Convolution(8, 3, 1, "logistic", normalized=False, padding=0)
    assert layers[1:3] == (MaxPool(2, 2), MaxPool(1, 1, name="2"))
    assert layers[3] == Shortcut(("2",))
    assert layers[-1] == Yolo((0, 1), 1.0, 0.5)


def test_padding_is_said_in_three_ways():
    ways = {"pad=1": None, "pad=0": 0, "padding=1": None, "padding=2": 2, "pad=1\npadding=0": None}
    for way, expected in ways.items():
        text = NET.format(size=64) + f"[convolutional]\nfilters=8\nsize=3\n{way}\n" + head("0,1")
        assert parse(text).plan.layers[0].padding == expected


def test_two_equal_strides_are_one():
    assert parse(SMALL.replace("stride=2", "stride_x=2\nstride_y=2")).plan == parse(SMALL).plan


def test_no_key_of_darknets_training_is_taken_for_a_slip():
    """Every key that parser.c of AlexeyAB/darknet reads, beyond those with a meaning here."""
    keys = {
        "net": "batch learning_rate learning_rate_min sgdr_cycle sgdr_mult momentum decay subdivisions time_steps "
        "track augment_speed sequential_subdivisions try_fix_nan adam B1 B2 eps max_crop min_crop flip blur "
        "gaussian_noise mixup cutmix mosaic mosaic_bound contrastive letter_box label_smooth_eps dynamic_minibatch "
        "angle aspect saturation exposure hue power policy step steps scale scales seq_scales gamma burn_in "
        "max_batches optimized_memory workspace_size_limit_MB max_chart_loss ema_alpha center",
        "convolutional": "dot angle grad_centr stream wait_stream assisted_excitation stopbackward burnin_update "
        "learning_rate clip onlyforward dont_update train_only_bn smooth",
        "yolo": "max max_delta counters_per_class label_smooth_eps objectness_smooth iou_normalizer obj_normalizer "
        "cls_normalizer delta_normalizer iou_loss iou_thresh_kind beta_nms nms_kind jitter resize focal_loss "
        "truth_thresh iou_thresh random track_history_size sim_thresh dets_for_track dets_for_show "
        "track_ciou_norm map show_details",
    }
    text = SMALL
    for name, words in keys.items():
        text = text.replace(f"[{name}]\n", f"[{name}]\n" + "".join(f"{key}=1\n" for key in words.split()), 1)
    assert parse(text).plan == parse(SMALL).plan
    assert len(parse(text).ignored) == sum(len(words.split()) for words in keys.values())


def test_indices_count_from_the_front_or_back():
    layers = parse(SMALL.replace("layers=-3", "layers=1")).plan.layers
    assert layers[4] == Route(("1",)) == parse(SMALL).plan.layers[4]


def test_heads_may_have_their_own_anchors():
    text = NET.format(size=64) + conv(14, 1, normalize=0) + "[yolo]\nanchors=1,2, 3,4\nclasses=2\n"
    text += conv(14, 1, normalize=0) + "[yolo]\nanchors=3,4, 5,6\nclasses=2\nnum=2\n"
    plan = parse(text).plan
    assert plan.anchors == ((1, 2), (3, 4), (5, 6))
    assert [one.mask for one in plan.heads] == [(0, 1), (1, 2)]


def test_training_settings_are_left_aside_and_named():
    text = SMALL.replace("[net]\n", "[net]\nbatch=64\nbatch=1\npolicy=steps\n").replace(
        "classes=2\n", "classes=2\nrandom=1\niou_loss=ciou\nstopbackward=1\nmax=300\nscales=.1\n", 1
    )
    assert parse(text).ignored[:2] == ("line 2: [net] batch", "line 4: [net] policy")
    assert parse(text).plan == parse(SMALL).plan


def test_an_oblong_input_becomes_a_square(tmp_path, capsys):
    darknet_files(tmp_path, SMALL, 64)
    text = (tmp_path / "net.cfg").read_text().replace("height=64", "height=32")
    (tmp_path / "net.cfg").write_text(text)
    _, spec = load_model(f"{tmp_path}/net.cfg,{tmp_path}/net.weights")
    assert spec.size == 64
    assert "64x32 becomes 64x64" in capsys.readouterr().err


# A file, and what its error names besides "net.cfg".
NOT_READ = [
    ("", ("[net]",)),
    ("[convolutional]\n", ("line 1", "[convolutional]", "[net]")),
    ("[net]\nwidth=64\nheight=64\n", ("line 1", "[net]")),
    ("[net]\nwidth=64\n[dropout]\n", ("line 1", "[net]", "height")),
    ("width=64\n", ("line 1", "width=64", "[net]")),
    ("[net\n", ("line 1", "[net")),
    ("a\0b", (".cfg",)),
    (NET.format(size=0) + conv(8, 3), ("line 2", "[net]", "width", "0", 1, 65536)),
    (NET.format(size="wide") + conv(8, 3), ("line 2", "[net]", "width", "wide", 1, 65536)),
    (NET.format(size=64).replace("3", "1") + SMALL, ("line 4", "[net]", "channels", 1, 3)),
    (NET.format(size=64) + conv(8, 3), ("line 5", "[convolutional]", "[yolo]")),
    (NET.format(size=64) + "[yolo]\nanchors=1,2\nclasses=2\n", ("line 5", "[yolo]", "[convolutional]")),
]


@pytest.mark.parametrize(("text", "named"), NOT_READ)
def test_what_is_no_network_is_refused(text, named):
    with refusal(TrainerError, "net.cfg", *named):
        parse(text)


# What replaces what in SMALL; the line that the error names, and what else.
WRONG = [
    ("[route]", "[reorg3d]", 32, ("[reorg3d]", "[convolutional]", "[yolo]")),
    ("[route]", "[Yolo]", 32, ("[Yolo]", "[yolo]")),
    ("layers=-3", "layers=-9", 33, ("[route]", "layers", -9, -4, 3)),
    ("layers=-3", "layers=4", 33, ("[route]", "layers", 4)),
    ("layers=-3", "layers=one", 33, ("[route]", "layers", "one")),
    ("layers=-3", "layers=0,,1", 33, ("[route]", "layers", "0,,1")),
    ("layers=-3", "groups=2", 32, ("[route]", "layers")),
    ("layers=-3", "layers=-3\ngroups=3", 32, ("[route]", 8, 3)),
    ("layers=-3", "layers=-3\ngroups=2\ngroup_id=2", 35, ("[route]", "group_id", 2, 0, 1)),
    ("layers=-3", "layers=-3,0", 32, ("[route]", "32 x 32 x 8", "16 x 16 x 8")),
    ("mask=0,1", "mask=0,6", 27, ("[yolo]", "mask", "0,6", 5)),
    ("mask=0,1", "mask=0,1,2", 19, ("filters", 14, 21, 3, 2)),
    ("344,319", "344", 28, ("[yolo]", "anchors", 11)),
    ("344,319", "344,nan", 28, ("[yolo]", "anchors", "nan")),
    ("num=6", "num=9", 30, ("[yolo]", "num", 9, 6)),
    ("classes=2", "classes=two", 29, ("[yolo]", "classes", "two")),
    ("classes=2", "classes=2\nscale_x_y=0", 30, ("[yolo]", "scale_x_y", 0, 1, 10)),
    ("classes=2", "classes=2\nnew_coords=1", 30, ("[yolo]", "new_coords=1")),
    ("size=3", "size=3\nxnor=1", 9, ("[convolutional]", "xnor=1")),
    ("size=3", "size=3\nsize=5", 8, ("[convolutional]", "size", "line 9")),
    ("size=3", "size", 8, ("[convolutional]", "size")),
    ("size=3", "size=3\nflters=8", 9, ("[convolutional]", "flters", "filters")),
    ("size=3", "size=1.5", 8, ("[convolutional]", "size", 1.5)),
    ("size=3", "size=3\ngroups=2", 5, ("[convolutional]", 3, 2)),
    ("size=3\nstride=2\npad=1", "size=99\nstride=2", 5, ("[convolutional]", 99)),
    ("stride=2", "stride=0", 9, ("[convolutional]", "stride", 0, 1)),
    ("stride=2", "stride=2\nstride_x=1", 5, ("[convolutional]", "stride", 1, 2)),
    ("stride=2", "stride=2\ndilation=2", 5, ("[convolutional]", "dilation 2", "stride 2")),
    ("activation=leaky", "activation=maxout", 11, ("[convolutional]", "activation", "maxout", "linear", "leaky")),
]


@pytest.mark.parametrize(("old", "new", "line", "named"), WRONG)
def test_a_wrong_value_is_one_line_that_names_section_and_line(old, new, line, named):
    assert old in SMALL
    with refusal(TrainerError, "net.cfg", f"line {line}", *named):
        parse(SMALL.replace(old, new, 1))


def test_classes_must_agree():
    text = SMALL[:-1].rstrip()
    place = text.rindex("classes=2")
    with refusal(TrainerError, "classes", 3, 2):
        parse(text[:place] + "classes=3" + text[place + 9 :])


def test_a_convolution_that_nothing_reads_is_named():
    text = SMALL.replace("layers=-3", "layers=0").replace("[yolo]\nmask=0,1", "[dropout]\n[yolo]\nmask=0,1")
    with refusal(TrainerError, "[yolo]", "[convolutional]"):
        parse(text)
    lost = NET.format(size=64) + conv(8, 3) + conv(8, 3) + section("route", layers="0") + head("0,1")
    with refusal(TrainerError, "net.cfg", "line 12", "[convolutional]", "[yolo]"):
        parse(lost)


def test_a_missing_file_is_named(tmp_path):
    with refusal(TrainerError, "absent.cfg"):
        read_cfg(tmp_path / "absent.cfg")


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_no_bytes_do_worse_than_an_error(content):
    with pytest.raises(TrainerError) as error:
        parse_cfg(b"[net]\nwidth=32\nheight=32\n" + content, "net.cfg")
    assert "\n" not in str(error.value).replace("\\n", "")


@st.composite
def networks(draw):
    """A random small network of the family, as a .cfg text, with maps of many sizes to refer to."""
    texts, shapes = [], []
    size = draw(st.sampled_from([32, 33, 40]))
    shape = (size, 3)
    for _ in range(draw(st.integers(3, 10))):
        kind = draw(st.sampled_from(["conv"] * 5 + ["pool", "pool", "route", "shortcut", "upsample", "dropout"]))
        same_size = [place for place, one in enumerate(shapes) if one[0] == shape[0]]
        if kind == "conv" or not shapes:
            groups = draw(st.sampled_from([g for g in (1, 1, 2, shape[1]) if shape[1] % g == 0]))
            filters = groups * draw(st.integers(1, 3))
            kernel, stride = draw(st.sampled_from([1, 2, 3, 5])), draw(st.sampled_from([1, 1, 2]))
            more = {"groups": groups}
            dilation = draw(st.sampled_from([1, 1, 2])) if stride == 1 and kernel > 1 else 1
            pad = draw(st.integers(0, 1))
            side = (shape[0] + 2 * (kernel // 2 * pad) * dilation - dilation * (kernel - 1) - 1) // stride + 1
            if side < 1:
                continue
            activation = draw(st.sampled_from(sorted(numpy_darknet.ACTIVATIONS)))
            texts.append(
                conv(filters, kernel, stride, activation, draw(st.integers(0, 1)), **more, pad=pad, dilation=dilation)
            )
            shape = (side, filters)
        elif kind == "pool":
            kernel, stride = draw(st.integers(1, 5)), draw(st.integers(1, 3))
            padding = draw(st.sampled_from([kernel - 1, kernel - 1, 0]))
            side = (shape[0] + padding - kernel) // stride + 1
            if shape[0] < kernel or side < 1:
                continue
            texts.append(section("maxpool", size=kernel, stride=stride, padding=padding))
            shape = (side, shape[1])
        elif kind == "route":
            first = draw(st.integers(0, len(shapes) - 1))
            fitting = [place for place, one in enumerate(shapes) if one[0] == shapes[first][0]]
            chosen = [first, *draw(st.lists(st.sampled_from(fitting), max_size=2))]
            groups = draw(st.sampled_from([1, 2]))
            if any(shapes[place][1] % groups for place in chosen):
                groups = 1
            layers = ",".join(str(place if place % 2 else place - len(shapes)) for place in chosen)
            texts.append(section("route", layers=layers, groups=groups, group_id=groups - 1))
            shape = (shapes[first][0], sum(shapes[place][1] // groups for place in chosen))
        elif kind == "shortcut" and same_size:
            texts.append(section("shortcut", **{"from": draw(st.sampled_from(same_size)), "activation": "leaky"}))
        elif kind == "upsample" and shape[0] <= 20:
            texts.append(section("upsample", stride=2))
            shape = (shape[0] * 2, shape[1])
        else:
            texts.append(section("dropout", probability=".3"))
        shapes.append(shape)
    text = NET.format(size=size) + "".join(texts) + head("3,4")
    try:
        parse(text)
    except TrainerError as error:
        if names(str(error), "[convolutional]") and names(str(error), "[yolo]"):  # a branch that nothing reads
            reject()
        raise
    return text, size


@given(networks(), st.integers(0, 1000))
@settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_random_networks_equal_numpys(tmp_path, network, seed):
    """Any network of the family, with weights of either header, gives the heads that plain numpy gives."""
    text, size = network
    model, pixels, expected = darknet_files(tmp_path, text, size, seed, version=((0, 2, 5), (0, 1, 0))[seed % 2])
    built, _ = load_model(model)
    assert_same(built(pixels[None]), expected, spread=(1e-3, 1e3), bound=2e-3)
