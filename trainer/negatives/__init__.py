"""`trainer negatives`: published images without people, which teach a detector what is not a person.

- ``open_images``  which images of Open Images, from its published lists
- ``download``     files from a server, retried and resumed
- ``collect``      the two together: a folder that is DATA, with the licence of every image
"""
