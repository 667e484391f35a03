"""What the doctor can find: an id, how bad it is, what it means; and the count of each with its first examples."""

from __future__ import annotations

from dataclasses import dataclass, field

ERROR, WARNING = "error", "warning"
EXAMPLES = 5


@dataclass(frozen=True)
class Rule:
    """How bad a finding is, and what it means."""

    severity: str
    meaning: str


RULES: dict[str, Rule] = {
    "files.unreadable_record": Rule(ERROR, "a label file that cannot be read"),
    "files.missing_image": Rule(ERROR, "labels of an image that is not there"),
    "files.corrupt_image": Rule(ERROR, "an image that cannot be decoded to its end"),
    "files.size_mismatch": Rule(ERROR, "an image or map of another size than its label says"),
    "files.missing_map": Rule(ERROR, "a depth or instance map that a record or the config promises, not there"),
    "files.corrupt_map": Rule(ERROR, "a depth or instance map that is no whole 16-bit grey image"),
    "files.unlabelled_image": Rule(WARNING, "an image without any label file"),
    "files.stray": Rule(WARNING, "a file among the dataset's own that belongs to no record"),
    "files.leftover": Rule(WARNING, "a half-written file of a run that was killed"),
    "dataset.malformed": Rule(ERROR, "a dataset.json that says what it cannot mean"),
    "labels.malformed": Rule(ERROR, "a label that does not say what its format asks for"),
    "labels.unknown_class": Rule(ERROR, "a class the data does not declare"),
    "labels.instance_id": Rule(ERROR, "an instance id that is 0, or twice in one image"),
    "labels.negative": Rule(ERROR, "a negative area or distance"),
    "labels.missing_box": Rule(ERROR, "an instance without the asked kind of box"),
    "labels.degenerate_box": Rule(ERROR, "a box less than a pixel wide or high"),
    "labels.coords_out_of_range": Rule(ERROR, "a box that leaves the image by more than half a pixel"),
    "labels.duplicate_box": Rule(ERROR, "two boxes of one class on the same place (IoU 0.99 or more)"),
    "labels.tiny_object": Rule(WARNING, "a box below 8 x 8 pixels' area at the training size: hard to learn"),
    "labels.mask": Rule(ERROR, "a mask that cannot be decoded, or of another size than the image"),
    "labels.map_not_mask": Rule(ERROR, "an instance map that shows other pixels of an instance than its mask"),
    "labels.part_mask": Rule(ERROR, "a mask of a body part that leaves the mask of its person"),
    "labels.box_not_mask_extent": Rule(ERROR, "a visible box that is not the extent of the visible mask"),
    "labels.box_not_nested": Rule(ERROR, "a visible or covered box that reaches out of the amodal box"),
    "labels.fraction_out_of_range": Rule(ERROR, "a fraction outside 0..1, or visible above covered"),
    "labels.hidden_by": Rule(ERROR, "shares hidden that are no shares, do not add up, or by what is not there"),
    "labels.box_3d": Rule(ERROR, "a 3D box whose far corner is before its near one"),
    "labels.camera": Rule(ERROR, "a camera of another size than its image, or whose axes are no rotation"),
    "labels.keypoint_malformed": Rule(ERROR, "a key point whose v is not 0, 1 or 2, or is 0 away from (0, 0)"),
    "labels.keypoint_off_image": Rule(ERROR, "a key point with v 1 or 2 outside the image"),
    "labels.keypoint_off_mask": Rule(ERROR, "a key point marked visible far from the mask of its person"),
    "labels.occluded_by": Rule(ERROR, "not one word a key point, one that contradicts v, or who is not there"),
    "balance.no_boxes": Rule(ERROR, "no box at all"),
    "balance.class": Rule(WARNING, "a class without boxes, or with less than a twentieth of the most frequent one's"),
    "balance.attribute_share": Rule(WARNING, "an attribute's share is not the one that was asked for"),
    "leakage.duplicate_picture": Rule(ERROR, "the same image twice: it may be trained on and scored on"),
}


@dataclass
class Finding:
    """How often a rule was broken, and the first places."""

    count: int = 0
    examples: list = field(default_factory=list)


class Findings:
    """All that was found."""

    def __init__(self) -> None:
        self.found: dict[str, Finding] = {}

    def add(self, rule: str, example: str) -> None:
        """One more breach of ``rule``, a key of ``RULES``; ``example`` says where and what in one line.

        What of it is no text (file names may hold any bytes) is escaped.
        """
        RULES[rule]  # a reader that reports an unknown id is a mistake of ours, found at once
        example = " ".join(example.encode(errors="backslashreplace").decode().split())
        finding = self.found.setdefault(rule, Finding())
        finding.count += 1
        if len(finding.examples) < EXAMPLES:
            finding.examples.append(example)

    def count(self, severity: str) -> int:
        """Breaches of the rules of that severity."""
        return sum(finding.count for rule, finding in self.found.items() if RULES[rule].severity == severity)

    def to_json(self) -> list:
        """The findings in the order of ``RULES``, JSON-able."""
        return [
            {
                "id": rule,
                "severity": described.severity,
                "count": self.found[rule].count,
                "meaning": described.meaning,
                "examples": self.found[rule].examples,
            }
            for rule, described in RULES.items()
            if rule in self.found
        ]
