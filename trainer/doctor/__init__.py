"""`trainer doctor`: finds problems of a dataset before a network is trained on it.

- ``examine``    examines DATA once, without changing it
- ``findings``   the possible findings, and how often each occurred
- ``file_checks``, ``label_checks``, ``record_checks``   the files of an image; its labels; fields only records have
- ``dataset_checks``   checks of the dataset as a whole; ``attribute_fractions``: requested and actual frequencies
- ``statistics`` -> ``plots`` -> ``card``   counts, plots, and the dataset card
- ``label_sheet``, ``augment_sheets``, ``output``   images with their labels, augmented images, files and text written
"""

from .examine import Examination, examine

__all__ = ["Examination", "examine"]
