"""How wrong the network is: the losses of YOLOv3 as named terms.

- ``assign``   which prediction answers for which truth
- ``ignore``   which predictions are not called background
- ``overlap``  IoU and complete IoU
- ``terms``    the darknet and the modern loss, term by term
"""
