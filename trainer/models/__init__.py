"""Detectors in files: MODEL loaded and saved, started from, cut down.

- ``run_files``  what the files of a run folder are called
- ``files``      MODEL as every command takes it -> a network and its spec
- ``transfer``   weights from one detector into another
- ``narrowing``  a detector with fewer classes or another input
- ``weights``    `trainer weights`: darknet's files in and out
"""
