"""The human body in numpy; no bpy here. Metres, z up. At rest the body faces -y with its own left at +x.

- ``model``     the asset: mesh, shape targets, weights; ``macros`` which targets a phenotype uses
- ``joints``    the joints, their limits, the rotations of their angles; ``skeleton`` the bones that these move
- ``posture``   a stance placed on its support: ``upright``, ``seated``, ``lying``; ``hands``, moved by ``reach``
- ``support``   the surfaces that support a body: floor, seat, mattress; ``contact`` where the body touches it
- ``wear``      skin, hair, clothes, medical attachments
- ``drape``     a blanket falling over a body on a bed
- ``retarget``  the posture given to another rig, whose bones ``rigs`` knows by name
"""
