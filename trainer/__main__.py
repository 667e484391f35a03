"""``python -m trainer``: the same command line as the console script."""

from .cli import main

main()
