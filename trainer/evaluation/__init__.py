"""How good a detector is, where it fails, and on what."""
