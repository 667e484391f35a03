"""The dataset format that the add-on writes and the trainer reads.

Standard library and numpy only: no bpy, no keras. One concept a module:

- ``record``       the record of one image, as frozen dataclasses; ``record_types`` checks what a file says of one
- ``dataset``      the dataset folder: ``dataset.json``, ``images/``, ``frames/``
- ``digests``      sums that tell a whole image from a damaged one
- ``boxes``        box arithmetic, ``masks`` run-length masks, ``polygons`` as masks, ``keypoints`` the COCO joints
- ``policy``       which of a record's boxes is written
- ``label_set``    what labels of any format are read into; ``wardsynth``, ``coco``, ``yolo``, ``voc`` and
  ``keras_yolo3`` read into it, and write
- ``effects``      what cameras do to images, for those that are made and those a model is tried on
- ``schema``       the published JSON Schema of ``dataset.json`` and of a frame

Pixel coordinates everywhere: origin top-left, x right, y down, continuous (pixel i covers [i, i+1]).
"""
