"""What turns sources into what is shipped: the body asset and the installable zip. Not part of the zip."""
