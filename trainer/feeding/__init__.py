"""What the network is fed: a mix of examples, augmented, batch after batch. No backend of Keras is involved.

- ``sources``  DATA with its share of the training; ``mixing``: which image comes when
- ``stream``   what each training image is made of: a function of (seed, epoch, number)
- ``workers``  threads or processes that make the images; ``cache``: decoded ones kept in memory
- ``truths``   the rows of numbers a batch says its truths in
- ``batches``  all of it together
"""
