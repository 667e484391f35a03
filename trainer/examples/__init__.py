"""Labels and images in: DATA of any kind as examples.

- ``readers``    DATA as the command line takes it, recognised by what it holds
- ``example``    an image and its truths, as every reader gives them; slices and joins of sets
- ``images``   image files decoded, upright, and checked; ``reduced``: fast, no larger than the network can see
- ``video``     videos and streams decoded, upright
- ``letterbox``  darknet's letterbox and its exact inverse
"""
