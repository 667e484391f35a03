"""`trainer capture`: images from a camera, ready to annotate.

- ``frames``   what a camera or a video shows, with its time
- ``shots``    the schedule of images, and the countdown
- ``folder``   the dataset folder that they are written to, with empty labels
- ``preview``  the camera's image, in a browser on the same machine
- ``session``  the parts combined
"""
