"""Label formats of other programs, and the record, read into one structure.

- ``kinds``        the formats by name, and which of them a file or folder is
- ``label_set``    what labels of any format are read into; ``finding_ids``: what can be wrong with them
- ``wardsynth_reader``, ``coco_reader``, ``keras_yolo3_reader``   formats whose writers are in `shared_format`
- ``yolo_reader``, ``yolo_labels``, ``darknet_lists``, ``data_yaml``, ``yolo_writer``   YOLO text in its layouts
- ``outlines``     masks as outlines, the inverse of ``polygons``
- ``voc_reader``, ``voc_writer``   Pascal VOC
- ``cvat_reader``, ``cvat_shapes``   CVAT's own XML; ``xml_files``: XML read safely
- ``split_folders``   one folder per split, as Roboflow exports them
- ``class_choice``, ``class_survey``, ``class_rules``   classes that are values of an attribute: as the user asks for
  them, what they mean in given labels, and applied to labels
- ``class_names``, ``files``, ``polygons``   names of numbered classes, files that labels name, outlines as masks
- ``skeletons``    which key points an object has; ``coco_keypoints``: those of a COCO file
"""
