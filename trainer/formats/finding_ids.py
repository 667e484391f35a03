"""The ids of problems with labelled data: readers report them, and the doctor explains each."""

from __future__ import annotations

from enum import Enum


class FindingId(str, Enum):
    """The id of a kind of problem, as reports and their JSON spell it."""

    UNREADABLE_RECORD = "files.unreadable_record"
    MISSING_IMAGE = "files.missing_image"
    CORRUPT_IMAGE = "files.corrupt_image"
    SIZE_MISMATCH = "files.size_mismatch"
    MISSING_MAP = "files.missing_map"
    CORRUPT_MAP = "files.corrupt_map"
    UNLABELLED_IMAGE = "files.unlabelled_image"
    STRAY_FILE = "files.stray"
    LEFTOVER_FILE = "files.leftover"
    MALFORMED_INFO = "dataset.malformed"
    MISSING_SPLIT = "dataset.missing_split"
    MALFORMED_LABEL = "labels.malformed"
    UNKNOWN_CLASS = "labels.unknown_class"
    UNNAMED_CLASS = "labels.unnamed_class"
    INSTANCE_ID = "labels.instance_id"
    NEGATIVE_VALUE = "labels.negative"
    MISSING_BOX = "labels.missing_box"
    SHAPE_WITHOUT_BOX = "labels.shape_without_box"
    ROTATED_BOX = "labels.rotated_box"
    DEGENERATE_BOX = "labels.degenerate_box"
    BOX_OUTSIDE_IMAGE = "labels.coords_out_of_range"
    DUPLICATE_BOX = "labels.duplicate_box"
    TINY_OBJECT = "labels.tiny_object"
    MASK = "labels.mask"
    MAP_NOT_MASK = "labels.map_not_mask"
    PART_MASK = "labels.part_mask"
    MASK_OFF_BOX = "labels.mask_off_box"
    BOX_NOT_MASK_EXTENT = "labels.box_not_mask_extent"
    BOX_NOT_NESTED = "labels.box_not_nested"
    FRACTION_OUT_OF_RANGE = "labels.fraction_out_of_range"
    HIDDEN_BY = "labels.hidden_by"
    BOX_3D = "labels.box_3d"
    CAMERA = "labels.camera"
    MALFORMED_KEYPOINT = "labels.keypoint_malformed"
    KEYPOINT_OUTSIDE_IMAGE = "labels.keypoint_off_image"
    KEYPOINT_OFF_MASK = "labels.keypoint_off_mask"
    NO_MIRROR_ORDER = "labels.keypoint_mirror"
    OCCLUDED_BY = "labels.occluded_by"
    NO_BOXES = "balance.no_boxes"
    RARE_CLASS = "balance.class"
    ATTRIBUTE_FRACTION = "balance.attribute_share"
    DUPLICATE_IMAGE = "leakage.duplicate_picture"

    def __str__(self) -> str:
        return self.value
