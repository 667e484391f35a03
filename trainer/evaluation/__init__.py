"""`trainer eval` and `trainer compare`: models on labelled data, from loading them to the report.

- ``scoring``      one model; ``robustness``: on worse images
- ``comparison``   several on the same images
"""
