"""Networks of the YOLOv3 family, as .cfg texts: those of the tests, and random ones."""

from __future__ import annotations

from trainer.network.architectures import make_spec, plan_of
from trainer.network.cfg_writer import cfg_text

NET = "[net]\nwidth={size}\nheight={size}\nchannels=3\n"
YOLO = "[yolo]\nmask={mask}\nanchors=10,14, 23,27, 37,58, 81,82, 135,169, 344,319\nclasses=2\nnum=6\n{more}\n"


def conv(filters, size, stride=1, activation="leaky", normalize=1, **more):
    lines = {"batch_normalize": normalize, "filters": filters, "size": size, "stride": stride, "pad": 1, **more}
    lines["activation"] = activation
    return section("convolutional", **lines)


def section(name, **values):
    return f"[{name}]\n" + "".join(f"{key}={value}\n" for key, value in values.items())


def head(mask, **more):
    anchors = len(mask.split(","))
    return conv(anchors * 7, 1, activation="linear", normalize=0) + YOLO.format(
        mask=mask, more="".join(f"{key}={value}\n" for key, value in more.items())
    )


# Three heads and spatial pyramid pooling, as yolov3-spp, from a backbone of cross-stage parts, as yolov4-tiny:
# grouped routes, grouped convolutions, every activation that OpenCV knows, pools of every parity, dropout.
SPP_3L = "".join(
    [
        conv(8, 3, 2),
        conv(16, 3, 2, "mish"),
        section("route", layers="-1", groups=2, group_id=1),
        conv(8, 3, activation="swish"),
        section("route", layers="-1,-3"),
        section("dropout", probability=".2"),
        conv(16, 1, activation="relu"),
        section("maxpool", size=2, stride=2),
        conv(32, 3, groups=4),  # 8: stride 8
        section("maxpool", size=3, stride=2),
        conv(32, 1),
        conv(32, 3, groups=32, activation="relu"),
        section("shortcut", **{"from": "-2", "activation": "leaky"}),  # 12: stride 16
        section("maxpool", size=2, stride=2),
        section("maxpool", size=2, stride=1),
        conv(48, 3, activation="logistic"),
        section("maxpool", size=5, stride=1),
        section("route", layers="-2"),
        section("maxpool", size=9, stride=1),
        section("route", layers="-1, -3, -4"),
        conv(32, 1),  # 20
        head("4,5", scale_x_y="1.05"),
        section("route", layers="20"),
        section("upsample", stride=2),
        section("route", layers="-1,12"),
        conv(24, 3),  # 26
        head("2,3", scale_x_y="1.1"),
        section("route", layers="-3"),
        section("upsample", stride=2),
        section("route", layers="-1,8"),
        head("0,1", scale_x_y="1.2"),
    ]
)

# What OpenCV cannot read or reads otherwise: squeeze and excitation, partial residuals, dilation, unpadded and
# evenly sized kernels, multipliers of depthwise convolutions, odd maps, a head that is normalised.
ODDITIES = "".join(
    [
        conv(6, 2, 2, "relu6"),
        conv(12, 3, groups=6, activation="elu"),
        section("maxpool", size=4, stride=3),
        section("convolutional", filters=16, size=3, padding=1, activation="tanh"),
        conv(16, 3, dilation=2, activation="selu"),
        conv(20, 1),
        section("shortcut", **{"from": "-2"}),
        conv(8, 1),
        section("shortcut", **{"from": "-2,-3", "activation": "mish"}),
        section("avgpool"),
        conv(4, 1, activation="swish"),
        conv(8, 1, activation="logistic", normalize=0),
        section("scale_channels", **{"from": "-4"}),
        section("convolutional", filters=10, size=3, stride=2, activation="linear", batch_normalize=1),
        section("maxpool", size=3, stride=1, padding=0),
        conv(14, 1, normalize=1, activation="linear"),
        YOLO.format(mask="1,4", more="ignore_thresh = .6"),
    ]
)


def built_in(model, size):
    """The .cfg of a built-in network with two classes."""
    spec = make_spec(model, size, ("a", "b"), (1, 2))
    return cfg_text(plan_of(spec), spec)
