"""The networks of the YOLOv3 family: as data, as Keras models, and in darknet's file formats.

- ``spec``      everything that defines a detector, but its weights; ``anchors``: anchors from the data
- ``layers`` -> ``architectures``   one class per kind of layer; the built-in networks
- ``cfg_sections`` -> ``cfg_reader``, ``cfg_writer``   the same layers as a darknet .cfg
- ``build``     layers -> a Keras model; ``decode``: its raw outputs -> boxes and scores
- ``tensors``   Keras's operations, for the type checker
- ``darknet_weights``, ``darknet_names`` -> ``darknet_detector``   darknet's .weights and .names
"""
