"""Datasets made of datasets: written as another kind, merged, split without leaking.

- ``writing``  labelled pictures into a new folder of any kind
- ``merge``    several DATA as one; ``groups`` and ``split`` one as several that share no scene
"""
