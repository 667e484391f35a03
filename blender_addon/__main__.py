"""``python -m blender_addon``: the command line of ``wardsynth``."""

from .cli import main

main()
