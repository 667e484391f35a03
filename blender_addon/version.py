"""The version, for code that cannot read ``bl_info``; a test keeps it equal to the manifest's and the package's."""

VERSION = "0.1.0"
