"""Bodies posed by joint angles alone, touching nothing."""

import numpy as np

from blender_addon.body import joints, skeleton


def transforms_of(bones, pose):
    """(B, 4, 4) deform transforms of a skeleton in ``pose``, its root where it is at rest."""
    local = {}
    for joint, angles in joints.JOINTS.items():
        local.update(joints.joint_rotations(bones, joint, {**dict.fromkeys(angles, 0.0), **pose.get(joint, {})}))
    return skeleton.deform_transforms(bones, local, np.eye(4))
