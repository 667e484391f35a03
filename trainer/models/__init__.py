"""Detectors as files: loading and saving, starting from other weights, reducing to fewer classes.

- ``run_files``     names of the files in a run folder
- ``files``         MODEL as every command takes it -> a network and its spec
- ``transfer``      weights from one detector into another
- ``class_subset``  a detector with fewer classes or another input size
- ``weights``       `trainer weights`: imports and exports darknet's files
"""
