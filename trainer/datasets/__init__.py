"""Datasets from datasets: converted to another format, merged, split without leakage.

- ``request``  what the three commands have in common: how DATA is read, what is written
- ``writing``  labelled images into a new folder of any format; ``convert`` does so with one DATA
- ``label_style``  what is written beside an object's box: key points, outlines, masks
- ``merge``    several DATA into one; ``leakage_groups`` and ``split`` one into several that share no scene
- ``duplicate_files``  images with the same bytes under different names
"""
