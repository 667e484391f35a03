"""Trains and scores YOLOv3 person detectors on WardSynth's labels and on real ones. Keras 3.

Data flows one way, one module a step:

- ``readers`` -> ``examples``   what a folder or file of labels says, picture by picture
- ``pictures``, ``letterbox``, ``augment`` -> ``batches``   what the network is fed and must answer
- ``layers`` -> ``architectures``, ``cfg_reader``, ``cfg_writer`` -> ``network``   the networks, as data and built
- ``darknet`` -> ``darknet_detector``, ``model_files`` -> ``transfer``   weights in, out, and from one to another
- ``assign``, ``overlap`` -> ``loss`` -> ``training``   one step
- ``config``, ``presets``, ``fit_inputs``, ``sources`` -> ``fit`` -> ``stages``, ``loop``   one training
- ``checkpoint``, ``stop``, ``validation``, ``evaluation_copy``, ``epoch_log``   what happens around its steps
- ``decode``, ``nms`` -> ``detect`` -> ``predict``, ``draw``, ``evaluation``   what comes out, and how good it is
- ``marks``, ``page``   how pictures are marked and pages written
- ``convert``, ``doctor``   data of one kind as another, and what is wrong with it
- ``cli``   the screen over all of it: it holds no logic

Boxes are ``[x, y, width, height]`` float pixels of the source picture at the edges of the package and
``[x1, y1, x2, y2]`` float pixels inside; the network's own are centre and size relative to its input.
"""
