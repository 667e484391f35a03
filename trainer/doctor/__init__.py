"""`trainer doctor`: finds what is wrong with a dataset, before a network learns it.

- ``examine``    walks over any DATA once; it changes nothing in the data
- ``findings``   what can be found, and how often it was
- ``file_checks``, ``label_checks``, ``record_checks``   the files of an image; its labels; fields only records have
- ``dataset_checks``   checks of the whole; ``attribute_fractions``: requested and actual frequencies
- ``statistics`` -> ``plots`` -> ``card``   counts, plots, and the dataset card
- ``label_sheet``, ``augment_sheets``, ``output``   images with their labels, augmented images, files and text written
"""

from .examine import Examination, examine

__all__ = ["Examination", "examine"]
