"""DATA of any kind read as examples: images with their labelled objects.

- ``readers``    DATA as the command line takes it, its format recognised by its content
- ``annotations``  the labelled objects of an image, as every augmentation carries them
- ``example``    an image and its labels, the same for every format; slices and joins of sets
- ``images``     image files decoded, upright, and checked; ``reduced``: fast, no larger than the network can see
- ``video``      videos and streams decoded, upright
- ``letterbox``  darknet's letterbox and its exact inverse
"""
