"""Train and score YOLOv3 person detectors on WardSynth's labels and on real ones, with Keras 3.

Data flows in one direction through the packages; an import contract enforces the order:

- ``formats``     label files of any format, read into one structure
- ``examples``    DATA of any kind as images with ground truth
- ``augment`` -> ``feeding``   images augmented, mixed and combined into batches
- ``network``     networks as data, as Keras models and as darknet's files
- ``loss``        which prediction is matched with which object, and how wrong it is
- ``runtimes`` -> ``models``   what executes networks; detectors in files
- ``detection``   from images to boxes and scores
- ``metrics`` -> ``report``   scores and pages
- ``tasks``       what can be learned: one interface to all of the above, for each task
- ``fitting``, ``evaluation``   `trainer fit`: one training; `trainer eval` and `compare`
- ``predict`` -> ``export`` -> ``serve``   applying detectors
- ``datasets``, ``doctor``, ``negatives``, ``capture``   converting, checking and collecting data
- ``curve``       many trainings: what synthetic images are worth beside real ones
- ``cli``         the commands, which hold no logic; ``demo`` the page of `make demo`

Used everywhere: ``errors``, ``disk_errors``, ``extras``, ``backend``, ``stop``, ``progress``, and for output to people
``annotate``, ``plotting``, ``page``.

Boxes are ``[x, y, width, height]`` float pixels of the source image at the edges of the package and
``[x1, y1, x2, y2]`` float pixels inside; the network's own are centre and size relative to its input.
"""
