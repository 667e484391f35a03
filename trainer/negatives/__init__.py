"""`trainer negatives`: published images without people, to teach a detector what is none.

- ``open_images``  which images of Open Images, from its published lists
- ``download``     files from a server: retried, gone on with
- ``collect``      the two together: a folder that is DATA, with the licence of every image
"""
