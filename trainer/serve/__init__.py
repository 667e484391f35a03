"""The HTTP service: pictures in, detections out, and a web page that does the same for people."""
