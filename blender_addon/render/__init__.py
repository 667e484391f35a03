"""Rendering: the image an observer gets, and the exact map of which instance each pixel shows.

- ``cycles``        the light that falls on the sensor
- ``sharp``         the exact maps that labels are made from
- ``sensor``        from that light to the camera's JPEG: noise, blur, tone, compression
- ``image_file``    image files in memory
- ``requirements``  what rendering needs, asked beforehand
"""
