"""How good a detector is, where it fails, on what, and how sure that is. One module a step:

- ``detecting``   what a detector finds in labelled pictures, as they are or made worse
- ``coco``, ``evaluator`` -> ``evaluate``   COCO's numbers and the best F1: what a training looks at after each epoch
- ``matching`` -> ``average_precision``, ``operating``, ``tide``, ``confusion``   everything else from the same matches
- ``attributes``, ``attribute_file`` -> ``slices``, ``cases``   the parts of the data
- ``analysis``   every number of one detector as one dict; ``robustness`` on worse pictures
- ``scoring`` -> ``report``; ``comparison`` -> ``comparison_report``   the commands and what they write
- ``plots``, ``gallery``, ``html_parts``, ``workbook``   what a report is made of
- ``demo_page``   the page of the demonstration
"""
