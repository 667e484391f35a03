"""`trainer capture`: images from a camera, ready to annotate.

- ``frames``   what a camera or a video shows, with its time
- ``shots``    the schedule of images, and the countdown
- ``folder``   the dataset folder they are put in, empty labels beside them
- ``preview``  what the camera sees, in a browser on the same machine
- ``session``  all of it together
"""
