"""The HTTP service: images in, detections out, and a web page that does the same for people.

- ``settings`` -> ``server``   address and limits; the service on a socket
- ``app``      HTTP endpoints; ``answers``: their JSON
- ``limits``, ``uploads``   refuse requests before and after their body is read
- ``batching``  requests that wait at the same time share a forward pass
- ``prometheus``   the numbers of /metrics
"""
