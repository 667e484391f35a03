"""The dataset format that the add-on writes and the trainer reads.

Standard library and numpy only: no bpy, no keras. One concept per module:

- ``record``       the record of one image, as frozen dataclasses; ``record_types`` checks parsed JSON
- ``dataset``      the dataset folder: ``dataset.json``, ``images/``, ``frames/``
- ``digests``      digests by which a damaged image is recognised; ``atomic``: files written whole or not at all
- ``cores``          how many cores a process may use
- ``boxes``        box arithmetic, ``masks`` run-length masks, ``keypoints`` the COCO joints
- ``policy``       which of a record's boxes is written or trained on
- ``coco``, ``keras_yolo3``   writers of the two files that the generator adds to a dataset
- ``effects``      effects of cameras on images, for generated images and for robustness tests
- ``schema``       the published JSON Schema of ``dataset.json`` and of a frame

Pixel coordinates everywhere: origin top-left, x right, y down, continuous (pixel i covers [i, i+1]).
"""
