"""The default thresholds of detection."""

SHOWN_CONFIDENCE = 0.25  # for results that people look at
EVALUATION_CONFIDENCE = 0.001  # COCO's evaluation needs nearly all detections
NMS_THRESHOLD = 0.45  # IoU
MAX_DETECTIONS = 100  # per image
