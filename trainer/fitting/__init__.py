"""`trainer fit`: examples and settings in, a run folder out.

- ``config``, ``presets``, ``stage_settings``   what can be set, with defaults and reasons
- ``inputs``, ``run_folder``   what is trained on, and whether a run begins or goes on
- ``fit`` -> ``loop`` -> ``stage_run`` -> ``step``   a run, its epochs, one stage made ready, one batch
- ``stages``, ``freezing``, ``optimizers``, ``precision``, ``devices``   what a stage is made ready with
- ``validation``, ``evaluation_copy``   what is scored after an epoch
- ``checkpoint``, ``epoch_log``, ``event_log``, ``sheets``, ``history_plot``   what is written down
"""
