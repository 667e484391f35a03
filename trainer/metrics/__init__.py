"""How good a detector is, where it fails, on what, and how sure that is.

- ``coco``, ``evaluator`` -> ``evaluate``   COCO's numbers and the best F1: what a training looks at after each epoch
- ``matching`` -> ``average_precision``, ``operating``, ``tide``, ``confusion``   what else comes of the same matches
- ``bootstrap``   the same over images drawn anew: intervals
- ``attributes``, ``attribute_file`` -> ``slices``, ``cases``   the parts of the data
- ``analysis``   every number of one detector as one dict
"""
