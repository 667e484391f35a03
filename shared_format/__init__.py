"""The dataset format that the add-on writes and the trainer reads.

Standard library and numpy only: no bpy, no keras. One concept a module:

- ``record``       the record of one picture, as frozen dataclasses
- ``dataset``      the dataset folder: ``dataset.json``, ``images/``, ``frames/``
- ``boxes``        box arithmetic, ``masks`` run-length masks, ``keypoints`` the COCO joints
- ``coco``, ``keras_yolo3``   what other programs read
- ``schema``       the published JSON Schema of ``dataset.json`` and of a frame

Pixel coordinates everywhere: origin top-left, x right, y down, continuous (pixel i covers [i, i+1]).
"""
