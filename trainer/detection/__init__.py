"""What comes out: images in, boxes with scores out.

- ``detector``    a network and its spec that find objects in images of any size; ``nms``
- ``thresholds``  what counts as found, where nobody asks for anything else
- ``labelled``    what a detector finds in examples
- ``draw``        truths and detections on images
"""
