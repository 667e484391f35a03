"""The job behind *Generate Dataset*, on one machine or many. One concept a module:

- ``definition``  what to generate (``Job``) and how it ended (``Outcome``)
- ``folder``      the dataset folder: created, resumed, held by one run at a time
- ``whole``       whether an image on the disk is the one that was asked for
- ``making``      one image made and written, or made once more and compared: what a worker does
- ``worker``      the process that makes images, and how it is spoken to; ``limited_worker`` replaces it when it
                  dies, hangs or grows
- ``crew``        images handed out to the workers of this machine; ``cluster`` to those of a Ray cluster
- ``finish``      ``coco.json`` and ``annotations.txt`` from the records
- ``merge``       shards into one dataset
- ``run``         ``run_job``, which is all of it in order
"""

from .definition import ASKED, Job, JobError, Outcome
from .folder import LICENCES
from .merge import merge_datasets
from .run import run_job
from .verify_files import Wholeness

__all__ = ["ASKED", "LICENCES", "Job", "JobError", "Outcome", "Wholeness", "merge_datasets", "run_job"]
