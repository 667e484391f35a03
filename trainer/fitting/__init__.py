"""`trainer fit`: examples and settings in, a run folder out.

- ``config``, ``presets``, ``stages``   the settings, with defaults and reasons
- ``run_folder``, ``prepared_run``      the inputs of a new or resumed run; everything before the first step
- ``fit`` -> ``loop`` -> ``compiled_stage`` -> ``training_model``   a run, its epochs, one stage, one batch
- ``freezing``, ``optimizers``, ``network_copies``   what a stage is compiled from
- ``validation``                        scores after an epoch
- ``checkpoint``, ``records``           what a run writes: to resume it, and for people
"""
