"""Scores of detections against ground truth: how good a detector is, on which data it fails, and how certain that is.

- ``coco`` -> ``evaluate``   COCO's metrics and the best F1: what a training computes after each epoch
- ``matching`` -> ``average_precision``, ``confidence_sweep``, ``tide``, ``confusion``   metrics of the same matches
- ``bootstrap``   confidence intervals from resampled images
- ``attributes``, ``attribute_file`` -> ``slices``, ``case_table``   scores of parts of the data
- ``analysis``   every metric of one detector, with the keys of ``metrics.json`` (``results`` lists them)
- ``arrays``   the types of arrays that the others exchange
"""
