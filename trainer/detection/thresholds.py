"""What counts as found, where nobody asks for anything else."""

SHOWN_CONFIDENCE = 0.25  # of what people are shown
EVALUATION_CONFIDENCE = 0.001  # COCO's evaluation wants nearly all
NMS_THRESHOLD = 0.45  # IoU
MAX_DETECTIONS = 100  # an image
