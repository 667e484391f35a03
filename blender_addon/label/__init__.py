"""The labelling layer: a built scene and its instance map become a verified Frame record."""
