"""Rendering: the image, and the exact maps of instances and depth that labels are computed from.

- ``cycles``        renders the light that falls on the sensor
- ``label_maps``    renders the exact maps
- ``sensor``        turns that light into the camera's JPEG: noise, blur, tone, compression
- ``image_file``    encodes and decodes image files in memory
- ``requirements``  checks beforehand that this process can render
"""
