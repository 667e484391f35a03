"""Datasets made of datasets: written as another kind, merged, split without leaking.

- ``writing``  labelled images into a new folder of any kind; ``convert``: one DATA so
- ``merge``    several DATA as one; ``groups`` and ``split`` one as several that share no scene
- ``twins``    images of the same bytes under different names
"""
