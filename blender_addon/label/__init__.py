"""The labelling layer: a built scene and its exact maps become a verified record.

- ``frame``       the record, put together
- ``owners``      whose each pixel is
- ``visibility``  masks, boxes, fractions: what is seen, covered, hidden, cut off; ``alone`` one instance by itself
- ``keypoints``   the 17 key points: where, whether seen, ``occluded_by`` what; ``parts`` of the body by pixel
- ``checks``      what every record must pass
- ``categories``  the classes of a dataset; ``gaze`` whose eyes look into the camera
"""
