"""Trains and scores YOLOv3 person detectors on WardSynth's labels and on real ones. Keras 3.

Data flows one way, one package a step; an import contract holds the order:

- ``examples``    DATA of any kind as images with their truths
- ``augment`` -> ``feeding``   images changed, mixed and put together as batches
- ``network``     the networks as data and built, and as darknet's files
- ``loss``        which prediction answers for which truth, and how wrong it is
- ``runtimes`` -> ``models``   networks where they run; detectors in files
- ``detection``   images in, boxes and scores out
- ``fitting``     `trainer fit`: one training
- ``metrics`` -> ``report`` -> ``evaluation``   how good it is, as pages, and `trainer eval` and `compare`
- ``predict`` -> ``export`` -> ``serve``   detectors in use
- ``datasets``, ``doctor``, ``negatives``, ``capture``   data made of data, examined, collected, taken
- ``curve``       many trainings: what synthetic images are worth beside real ones
- ``cli``         the screen over all of it: it holds no logic; ``demo`` that of `make demo`

What everything uses: ``errors``, ``disk``, ``extras``, ``backend``, ``stop``, ``progress``, and ``marks`` on images,
``plotting``, ``page`` for people.

Boxes are ``[x, y, width, height]`` float pixels of the source image at the edges of the package and
``[x1, y1, x2, y2]`` float pixels inside; the network's own are centre and size relative to its input.
"""
