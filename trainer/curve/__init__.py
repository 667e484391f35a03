"""`trainer curve`: what synthetic images are worth beside real ones.

- ``plan``    which trainings, on which images
- ``subsets`` the first percentages of the real images, each subset within the next
- ``run``     training and scoring, point by point; an interrupted curve is resumed
- ``series``  the scores of all seeds together; ``table`` and ``plot`` show them
"""
