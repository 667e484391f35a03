"""Detection: images in, boxes with scores out.

- ``detector``    a network and its spec as one detector for images of any size; ``nms``
- ``thresholds``  the default thresholds of confidence and overlap
- ``labelled``    detections in labelled images
- ``draw``        ground truth and detections drawn on images
"""
