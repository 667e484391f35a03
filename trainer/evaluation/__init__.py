"""`trainer eval` and `trainer compare`: from the models and the labelled data to the report.

- ``scoring``      one model; ``robustness``: also on degraded images
- ``comparison``   several models on the same images
"""
