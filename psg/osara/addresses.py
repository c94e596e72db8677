"""The parts of the stage pages' URLs: a stage, a task of one form, a task that lists, a row of a list."""

from collections.abc import Iterable

from psg.cases.models import Stage
from psg.osara.tasks import TASKS


def _any(words: Iterable[str]) -> str:
    return "any({})".format(", ".join(f'"{word}"' for word in words))


_every = [task for tasks in TASKS.values() for task in tasks]
STAGE = _any(stage.value for stage in Stage)
FORM = _any(task.key for task in _every if task.form)
LIST = _any(task.key for task in _every if task.listing)
NUMBER = "int(max=2147483647)"
