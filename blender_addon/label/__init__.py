"""The labelling layer: turns a built scene and its exact maps into a verified record.

- ``frame``              assembles the record of an image
- ``pass_indices``       gives every object a pass index, and every index a name
- ``visibility``         masks, boxes and fractions: visible, covered, occluded, cut off
- ``isolated_instance``  where an instance would be seen if nothing else were in the scene
- ``sight``              what the camera sees first along a ray
- ``keypoints``          the 17 key points: position, visibility, ``occluded_by``; ``parts`` of the body per pixel
- ``checks``             the checks that every record must pass
- ``eye_shine``          eyes that look into the camera
"""
