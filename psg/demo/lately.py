"""What has grown in the last weeks around people and places that nobody has a case about yet.

Each meets a rule of screening, so that the coordinator's list of candidates has something of every kind.
"""

from dataclasses import dataclass

from psg.demand.models import ContactKind, ContactRole


@dataclass(frozen=True)
class Lately:
    """Contacts so many days before the day of loading; the first few of them in a health crisis."""

    key: str
    agency: str
    kind: ContactKind
    days: tuple[int, ...]
    summary: str
    role: ContactRole = ContactRole.SUBJECT
    in_crisis: int = 0


LATELY = (
    Lately(
        "Donald Marshfen",
        "AMB",
        ContactKind.HEALTH,
        (2, 5, 9, 13, 18, 24),
        "Rang 999, short of breath",
        ContactRole.CALLER,
        in_crisis=2,
    ),
    Lately("Sharon Gadwell", "POL", ContactKind.ASB, (3, 8, 15), "Shouting at the bus shelter"),
    Lately("Sharon Gadwell", "ECDC", ContactKind.ASB, (3, 10, 20), "Complaint about shouting at the shelter"),
    Lately(
        "Bethany Curlew-Field",
        "LODE",
        ContactKind.NOISE,
        (4, 30, 71),
        "Music through the wall after midnight",
        ContactRole.VICTIM,
    ),
    Lately("Michelle Levelly", "POL", ContactKind.HATE, (11,), "Abused in the street", ContactRole.VICTIM),
    Lately("Plantation Gate", "ECDC", ContactKind.OTHER, (1, 2, 4, 6), "Bins and a mattress set alight"),
    Lately("Flat 3, Quayfield House", "POL", ContactKind.NOISE, (2, 6, 11, 16, 22), "Visitors at all hours"),
)
