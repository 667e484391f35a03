"""The job behind *Generate Dataset*, on one machine or many. One concept per module:

- ``run``              ``run_job``: the whole job in order
- ``definition``       what to generate (``Job``) and how it ended (``Outcome``)
- ``folder``           the dataset folder: created, resumed, locked by one run at a time
- ``verify_files``     whether an image on disk is the requested one
- ``local_workers``    hands requests to the workers of this machine; ``cluster`` to those of a Ray cluster
- ``limited_worker``   a worker that is replaced when it dies, hangs or grows; ``worker`` is its process
- ``render_request``   requests and results, and how a worker process serves them
- ``outcome_counter``  counts finished and failed images
- ``summaries``        ``coco.json`` and ``annotations.txt`` from the records
- ``merge``            joins shards into one dataset
"""

from .definition import STOP_REQUESTED, Job, JobError, Outcome, Shard
from .folder import LICENCES
from .merge import merge_datasets
from .run import run_job
from .verify_files import FileVerifier

__all__ = [
    "LICENCES",
    "STOP_REQUESTED",
    "FileVerifier",
    "Job",
    "JobError",
    "Outcome",
    "Shard",
    "merge_datasets",
    "run_job",
]
