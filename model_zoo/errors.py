"""The errors of this room. Each message is for the person who reads it.

ValueError
  └─ ModelZooError      a request that cannot be met; `python -m model_zoo` prints it and exits with 2
       ├─ WeightsError     weights.py: a card or file that cannot be trusted
       ├─ TrainingError    training.py: a run's folder that lacks what is asked of it
       ├─ FetchError       fetching.py: what cannot be fetched, or is not what it should be
       ├─ EvaluationError  evaluation.py: probabilities and labels that do not belong together
       ├─ PictureError     faces.py: a picture that cannot be read or shows no face
       ├─ ExplanationError explanation.py: a network or a picture that cannot be explained
       ├─ TimingError      timing.py: nothing that could be timed
       ├─ SimulationError  simulation.py: a stream that cannot be simulated
       ├─ ComparisonError  sequence_comparison.py: a kept comparison that cannot be read
       └─ ResultsError     results.py: a result or a table that cannot be read
KeyError
  └─ UnknownModelError  registry.py: no network or recipe has this name
"""

from __future__ import annotations


class ModelZooError(ValueError):
    """Any of the errors above, to be caught at a border."""
