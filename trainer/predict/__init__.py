"""`trainer predict`: detections in images, videos, cameras and streams.

- ``sources``   resolves each SOURCE to images and streams
- ``frames``, ``video``, ``prefetch``   decode images, cameras and videos, in a thread of their own
- ``predict``   the pipeline: read, detect and write side by side; ``throughput`` measures it
- ``tracking``, ``events``   track ids over time, and what happened when
- ``people``, ``privacy``   the classes that are people, pixelated people
- ``outputs``, ``drawings``, ``listing``   files, drawings and printed results
"""
