"""The human body in numpy; no bpy here. Metres, z up. At rest the body faces -y with its own left at +x.

- ``model``     the asset: mesh, shape targets, weights; ``macros`` which targets a phenotype uses
- ``joints``    the joints, their limits, the rotations their angles make; ``skeleton`` what these move
- ``posture``   a stance put where its weight rests: ``upright``, ``seated``, ``lying``; ``hands`` reach by ``reach``
- ``support``   what carries a body: floor, seat, mattress; ``contact`` where the body touches it
- ``wear``      skin, hair, clothes, what hangs on a patient
- ``drape``     a blanket falling over a body on a bed
- ``retarget``  the posture given to another rig, whose bones ``rigs`` knows by name
"""
