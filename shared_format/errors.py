"""The one error this package raises for data that is not what it should be."""


class FormatError(ValueError):
    """Data is missing, unreadable or contradicts the format; the message is one line fit for a user."""
