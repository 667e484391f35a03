"""Builds the body asset, the asset pack and the installable zip; not part of the zip."""
