"""The networks of the YOLOv3 family: as data, built, and as darknet writes them down.

- ``spec``      everything of a detector that is not weights; ``anchors`` from the data
- ``layers`` -> ``architectures``   one class a kind of layer; the built-in networks
- ``cfg_sections`` -> ``cfg_reader``, ``cfg_writer``   the same layers as a darknet .cfg
- ``build``     layers -> a Keras model; ``decode``: what its raw outputs mean
- ``darknet_weights``, ``darknet_names`` -> ``darknet_detector``   darknet's .weights and .names
"""
