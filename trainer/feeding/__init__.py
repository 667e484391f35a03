"""The training data as batches: a mix of examples, augmented. No backend of Keras is involved.

- ``sources``      DATA with its weight in the training; ``mixing``: the order of the images
- ``stream``       what each training image is composed of: a function of (seed, epoch, number)
- ``workers``      threads or processes that prepare the images; ``cache``: decoded images kept in memory
- ``target_rows``  the ground truth of a batch as rows of numbers
- ``batches``      all of it together
"""
