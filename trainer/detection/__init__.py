"""What comes out: pictures in, boxes with scores out.

- ``detector``  a network and its spec that find objects in pictures of any size; ``nms``
- ``labelled``  what a detector finds in examples
- ``draw``      truths and detections on pictures
"""
