"""Errors that end a command with one sentence and an exit code.

Form of a message: ``Cannot <action> "<thing>": <found>, expected <wanted>``.
"""


class WorkerError(Exception):
    """What the user, the data or another role did wrong; printed without a stack."""

    exit_code = 1


class ConfigError(WorkerError):
    """The configuration file, or the model that it names, cannot be used."""

    exit_code = 2


class DataError(WorkerError):
    """A row or an image of the training data cannot be used."""

    exit_code = 3


class IntegrityError(WorkerError):
    """The trainer and a server disagree: the numbers of this run would not mean what they say."""

    exit_code = 5


class UnscoredError(WorkerError):
    """Too many completions of a run have no reward: what it learns would not be what was asked."""

    exit_code = 5


class StoppedError(WorkerError):
    """A signal asked the training to end; what it has learned is saved. No fault of anyone."""

    exit_code = 75


class SamplerError(WorkerError):
    """A sampler cannot be reached, fails, or does not do what it was asked."""

    exit_code = 4


class SamplerTimeoutError(SamplerError):
    """A sampler took a request and gave no answer in its time."""


class TimeLimitError(WorkerError):
    """A part of a step that all processes wait for was not done in its time."""

    exit_code = 5
