"""`trainer predict`: images, videos, cameras and streams in; drawings, text, tables and JSON out.

- ``sources``   what SOURCE means; ``reading``, ``video``, ``camera``: its images one by one
- ``predict``   read, detected and written side by side; ``ahead``, ``pace``
- ``tracking``, ``privacy``   ids over time, people made unrecognisable
- ``outputs``, ``drawings``, ``listing``   what is written and printed
"""
