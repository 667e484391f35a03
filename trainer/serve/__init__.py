"""The HTTP service: images in, detections out, and a web page that does the same for people.

- ``settings`` -> ``server``   where it listens and what it allows; the service on a socket
- ``app``      its doors; ``answers``: their JSON
- ``uploads``, ``limits``   what is refused, after and before anything reads it
- ``batching``  requests that wait at the same time share a forward pass
- ``prometheus``   the numbers of /metrics
"""
