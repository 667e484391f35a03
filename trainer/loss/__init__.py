"""The losses of YOLOv3 as named terms.

- ``assign``   the cells and anchors matched to each labelled object
- ``ignore``   the predictions that are not taught to be background
- ``overlap``  IoU and complete IoU
- ``terms``    the darknet and the modern loss, term by term
"""
