"""What comes out: pictures in, boxes with scores out.

- ``detector``    a network and its spec that find objects in pictures of any size; ``nms``
- ``thresholds``  what counts as found, where nobody asks for anything else
- ``labelled``    what a detector finds in examples
- ``draw``        truths and detections on pictures
"""
