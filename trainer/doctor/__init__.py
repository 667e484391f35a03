"""`trainer doctor`: what is wrong with a dataset, before a network learns it.

- ``examine``    walks over any DATA once; nothing here changes the data
- ``findings``   what can be found, and the count of it
- ``image_checks``, ``map_checks``   an image's file, and the maps beside it
- ``label_checks``, ``record_checks``   the labels of an image; what only WardSynth's records say
- ``info_checks``, ``set_checks``   what is said of the whole, and what the whole shows; ``shares``: wanted and obtained
- ``tally`` -> ``plots`` -> ``card``   what is counted, drawn and put on the dataset card
- ``label_sheet``, ``augment_sheets``, ``output``   images with their labels, augmented ones, and what is left behind
"""

from .examine import Examination, examine

__all__ = ["Examination", "examine"]
