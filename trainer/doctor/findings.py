"""What the doctor can find: how bad each finding is and what it means; the count of each with its first examples."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypedDict

from ..formats.finding_ids import FindingId

ERROR, WARNING = "error", "warning"
EXAMPLES = 5


class Rule(NamedTuple):
    """How bad a finding is, and what it means."""

    severity: str
    meaning: str


RULES: dict[FindingId, Rule] = {
    FindingId.UNREADABLE_RECORD: Rule(ERROR, "a label file cannot be read"),
    FindingId.MISSING_IMAGE: Rule(ERROR, "an image that is labelled is missing"),
    FindingId.CORRUPT_IMAGE: Rule(ERROR, "an image cannot be decoded completely"),
    FindingId.SIZE_MISMATCH: Rule(ERROR, "an image or map has another size than its label says"),
    FindingId.MISSING_MAP: Rule(ERROR, "a depth or instance map that a record or the config names is missing"),
    FindingId.CORRUPT_MAP: Rule(ERROR, "a depth or instance map is not a complete 16-bit grey image"),
    FindingId.UNLABELLED_IMAGE: Rule(WARNING, "an image has no label file"),
    FindingId.STRAY_FILE: Rule(WARNING, "a file in the dataset's own folders belongs to no record"),
    FindingId.LEFTOVER_FILE: Rule(WARNING, "an interrupted run left an incomplete file"),
    FindingId.MALFORMED_INFO: Rule(ERROR, "dataset.json holds an impossible value"),
    FindingId.MISSING_SPLIT: Rule(WARNING, "a split names a folder, list or image that is missing"),
    FindingId.MALFORMED_LABEL: Rule(ERROR, "a label does not follow its format"),
    FindingId.UNKNOWN_CLASS: Rule(ERROR, "a label has a class that the data does not declare"),
    FindingId.UNNAMED_CLASS: Rule(WARNING, "nothing names the numbered classes; training needs --classes"),
    FindingId.INSTANCE_ID: Rule(ERROR, "an instance id is 0, or repeated within one image"),
    FindingId.NEGATIVE_VALUE: Rule(ERROR, "an area or distance is negative"),
    FindingId.MISSING_BOX: Rule(ERROR, "an instance lacks the requested kind of box"),
    FindingId.SHAPE_WITHOUT_BOX: Rule(WARNING, "a tag, line, cuboid or single point has no box and is left out"),
    FindingId.ROTATED_BOX: Rule(WARNING, "a rotated box is read as the upright box around it"),
    FindingId.DEGENERATE_BOX: Rule(ERROR, "a box is less than one pixel wide or high"),
    FindingId.BOX_OUTSIDE_IMAGE: Rule(ERROR, "a box extends more than half a pixel outside the image"),
    FindingId.DUPLICATE_BOX: Rule(ERROR, "two boxes of one class are in the same place (IoU 0.99 or more)"),
    FindingId.TINY_OBJECT: Rule(WARNING, "a box is smaller than 8 x 8 pixels at the training size: hard to learn"),
    FindingId.MASK: Rule(ERROR, "a mask cannot be decoded, or has another size than the image"),
    FindingId.MAP_NOT_MASK: Rule(ERROR, "an instance map and a mask disagree about the pixels of an instance"),
    FindingId.PART_MASK: Rule(ERROR, "the mask of a body part extends outside the mask of its person"),
    FindingId.MASK_OFF_BOX: Rule(WARNING, "more than a tenth of a mask is outside the box of its object"),
    FindingId.BOX_NOT_MASK_EXTENT: Rule(ERROR, "a visible box is not the extent of the visible mask"),
    FindingId.BOX_NOT_NESTED: Rule(ERROR, "a visible or covered box extends outside the amodal box"),
    FindingId.FRACTION_OUT_OF_RANGE: Rule(ERROR, "a fraction is outside 0..1, or visible exceeds covered"),
    FindingId.HIDDEN_BY: Rule(ERROR, "hidden fractions are impossible, do not sum to 1, or name an absent occluder"),
    FindingId.BOX_3D: Rule(ERROR, "the corners of a 3D box are in the wrong order"),
    FindingId.CAMERA: Rule(ERROR, "a camera has another size than its image, or its axes are not a rotation"),
    FindingId.MALFORMED_KEYPOINT: Rule(
        ERROR, "key points do not fit their class, or one has v 0 away from (0, 0) or v above 2"
    ),
    FindingId.KEYPOINT_OUTSIDE_IMAGE: Rule(ERROR, "a key point with v 1 or 2 is outside the image"),
    FindingId.KEYPOINT_OFF_MASK: Rule(ERROR, "a key point marked visible is far from the mask of its person"),
    FindingId.NO_MIRROR_ORDER: Rule(WARNING, "nothing says which key points are left and right: flip_idx or names"),
    FindingId.OCCLUDED_BY: Rule(ERROR, "occluded_by lacks a key point, contradicts its v, or names an absent occluder"),
    FindingId.NO_BOXES: Rule(ERROR, "the data has no boxes"),
    FindingId.RARE_CLASS: Rule(WARNING, "a class has no boxes, or fewer than 1/20 of the most frequent class"),
    FindingId.ATTRIBUTE_FRACTION: Rule(WARNING, "values of an attribute are not as frequent as the config requests"),
    FindingId.DUPLICATE_IMAGE: Rule(ERROR, "an image occurs twice: it may be trained on and scored on"),
}
_UNEXPLAINED = set(FindingId) - set(RULES)
if _UNEXPLAINED:
    raise AssertionError(f"findings without a rule: {sorted(_UNEXPLAINED)}")


@dataclass
class Finding:
    """How often a rule was broken, and the first places."""

    count: int = 0
    examples: list[str] = field(default_factory=list[str])


class FindingJson(TypedDict):
    """One finding of a report, as JSON."""

    id: str
    severity: str
    count: int
    meaning: str
    examples: list[str]


class Findings:
    """All findings of an examination."""

    def __init__(self) -> None:
        self.found: dict[FindingId, Finding] = {}

    def add(self, rule: FindingId, example: str) -> None:
        """Count one more breach of ``rule``; ``example`` says in one line where it is and what is wrong.

        Bytes of file names that are no text are escaped.
        """
        example = " ".join(example.encode(errors="backslashreplace").decode().split())
        finding = self.found.setdefault(rule, Finding())
        finding.count += 1
        if len(finding.examples) < EXAMPLES:
            finding.examples.append(example)

    def count(self, severity: str) -> int:
        """Breaches of the rules of that severity."""
        return sum(finding.count for rule, finding in self.found.items() if RULES[rule].severity == severity)

    def to_json(self) -> list[FindingJson]:
        """The findings in the order of ``RULES``, JSON-able."""
        return [
            {
                "id": rule.value,
                "severity": described.severity,
                "count": self.found[rule].count,
                "meaning": described.meaning,
                "examples": self.found[rule].examples,
            }
            for rule, described in RULES.items()
            if rule in self.found
        ]
