"""Rendering: the picture an observer gets, and the exact map of which instance each pixel shows."""
