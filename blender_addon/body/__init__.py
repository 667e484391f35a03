"""The human body in numpy: shape from macro targets, skeleton, skinning, contact. No bpy here.

Metres, z up. At rest the body faces -y with its own left at +x.
"""
