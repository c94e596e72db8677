"""What a generation says of an earlier one: what it kept, and the newest note that was known of it.

A record that was restored, or has a new key, never continues: it begins anew and says what it follows.
If somewhere there is a note for more entries than were kept, the rest is a loss, declared and never hidden.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from psg.audit.evidence import Fault
from psg.audit.notes import Note, NoteError

SUCCEED: Final = "succeed"
DECLARE_LOSS: Final = "declare_loss"
EVENTS: Final = {True: SUCCEED, False: DECLARE_LOSS}
"""By whether the entry opens its generation."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """How much was kept of an earlier generation, and the newest note known of it."""

    generation: int
    kept: int
    note: bytes
    size: int


def read_declaration(members: Mapping[str, Any], number: int, entry: str) -> Declaration:
    """Take it from a custody entry of generation `number`; what is not in form is no declaration."""
    previous, kept, note = (members.get(f) for f in ("previous_generation", "kept", "previous_checkpoint"))
    if type(previous) is not int or type(kept) is not int or not isinstance(note, str):
        raise Fault("link", f"{entry} does not say in form what it follows")
    if not 0 < previous < number or kept < 0:
        raise Fault("link", f"{entry} follows what cannot have come before it")
    try:
        return Declaration(previous, kept, note.encode(), Note.parse(note.encode()).checkpoint.size)
    except NoteError as error:
        raise Fault("link", f"{entry} holds no checkpoint of what it follows: {error}") from error


def losses(declared: Mapping[int, Sequence[Declaration]]) -> dict[int, tuple[int, int]]:
    """First and last of the entries lost, by generation."""
    lost = {}
    for number, ones in sorted(declared.items()):
        reach = max(one.size for one in ones)
        if reach > ones[0].kept:
            lost[number] = (ones[0].kept, reach - 1)
    return lost
