"""`trainer curve`: what synthetic images are worth beside real ones.

- ``plan``    which trainings, on what
- ``subsets`` the first so many per cent of the real images, each set within the next
- ``run``     training and scoring, point by point, going on where it was left
- ``series``  the numbers of all seeds together, ``table`` and ``plot`` of them
"""
