"""Deprecated name of ``construct``: ``blender_addon.build.scene`` and its siblings still import."""

from .construct import __path__ as __path__
