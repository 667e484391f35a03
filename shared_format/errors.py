"""The error that this package raises for invalid data."""


class FormatError(ValueError):
    """Data is missing, unreadable or contradicts the format; the message is one line fit for a user."""
