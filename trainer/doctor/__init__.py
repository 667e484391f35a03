"""`trainer doctor`: what is wrong with a dataset, before a network learns it.

``examine`` walks over any DATA once. ``findings`` says what can be found and counts it; ``picture_checks``,
``label_checks`` and ``set_checks`` look at a picture's file, at its labels and at the whole; ``tally`` counts what
the card shows. Nothing here changes the data.
"""

from .examine import Examination, examine

__all__ = ["Examination", "examine"]
