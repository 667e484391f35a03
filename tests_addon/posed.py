"""Bodies posed by joint angles alone, and how deep what is posed lies in what carries it."""

import numpy as np

from blender_addon.body import joints, skeleton


def transforms_of(bones, pose):
    """(B, 4, 4) deform transforms of a skeleton in ``pose``, its root where it is at rest."""
    local = {}
    for joint, angles in joints.JOINTS.items():
        local.update(joints.joint_rotations(bones, joint, {**dict.fromkeys(angles, 0.0), **pose.get(joint, {})}))
    return skeleton.deform_transforms(bones, local, np.eye(4))


def depth_in(on, points):
    """(n, 3) points -> (n,) metres they are inside the floor or the cushion of a support, 0 outside and below it."""
    inside = np.maximum(-on.clearance(points), 0.0)
    if not on.profile:
        return inside
    nodes = np.asarray(on.profile)
    under = np.interp(points[:, 1], nodes[:, 0], nodes[:, 1]) - points[:, 2] > on.thickness
    return np.where(under, np.maximum(-points[:, 2], 0.0), inside)
