"""Deprecated name of ``construct``: ``blender_addon.build.scene`` and its siblings still import."""

from . import construct

__path__ = construct.__path__
