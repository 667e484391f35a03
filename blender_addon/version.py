"""The version, for what cannot read ``bl_info``; a test holds it, the manifest and the package together."""

VERSION = "0.1.0"
