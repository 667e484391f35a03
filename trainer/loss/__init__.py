"""The losses of YOLOv3 as named terms.

- ``assign``   the cells and anchors matched to each labelled object
- ``overlap``  IoU and complete IoU; the predictions that are not taught to be background
- ``terms``    the darknet and the modern loss, term by term
"""
