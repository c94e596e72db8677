"""Which column of an agency's file is which of ours, and what its codes mean: guessed once, settled by a person, remembered.

A file whose columns have our own names needs none of this. Columns that are matched to nothing are not read.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from psg.base import Refused
from psg.demand.imports.sheet import NEEDED, OPTIONAL, Layout
from psg.demand.models import ContactKind, ContactRole

FIELDS = NEEDED + OPTIONAL
SAME_IN_EVERY_ROW = {"kind": ContactKind, "role": ContactRole}
RETURNED = ("import_row", "import_reason")
"""Columns that we add to the rows we give back: a file of them that was mended is read as the first was."""
HEADER_SENTENCE = (
    f"Row 1 must name the columns {', '.join(NEEDED)}, and may also name {', '.join(OPTIONAL)}, "
    "each once and no others; or match the agency’s own columns to these once, under Demand, Imports."
)
LABELS = {
    "source_reference": "The agency’s own reference of the contact",
    "subject": "The person or place: our reference, or the UPRN",
    "happened_at": "When it happened: the day, or day and time",
    "time": "The time, where it has a column of its own",
    "kind": "What it was about",
    "role": "The person’s part in it",
    "summary": "A few words about it, without names",
    "crisis": "Whether it was a health crisis",
    "status": "Whether the agency takes it back",
}
KNOWN_NAMES = {
    "source_reference": "sourcereference sourceref reference ref id cad cadno cadnumber cadref incidentno incidentnumber incidentref incidentreference incidentid incident crimeno crimenumber crimereference logno lognumber logref urn jobno jobnumber jobref callid callref callnumber caseref casereference caseid contactid contactref recordid eventid eventno ourref",
    "subject": "subject subjectreference subjectref psgref psgreference psgsubject personorplace person personref personreference personid nominal nominalref uprn place placeref placereference propertyref property premises premisesref",
    "happened_at": "happenedat happenedon happened date dateandtime datetime incidentdate incidentdatetime eventdate calldate calldatetime callreceived occurred occurredon occurredat occurreddate dateofincident dateofcall datereported reportedon reporteddate reportdate dateoccurred contactdate created createdon createddate timeofcall starttime startdatetime",
    "time": "time incidenttime calltime eventtime timeofincident reportedtime occurredtime contacttime",
    "kind": "kind type category incidenttype calltype calltypecode eventtype typecode code class classification incidentcategory contacttype reason natureofcall nature finalcode closingcode",
    "role": "role roleinit capacity involvement part partinit personrole subjectrole relationship linktype",
    "summary": "summary shortdescription shortsummary brief",
    "crisis": "crisis healthcrisis mentalhealthcrisis mentalhealth mhflag",
    "status": "status withdrawn recordstatus",
}  # fmt: skip
KIND_WORDS = {
    ContactKind.ASB: r"\basb\b|anti.?social|nuis|rowdy|street drinking|begging",
    ContactKind.NOISE: r"noise|music",
    ContactKind.HATE: r"\bhate\b",
    ContactKind.DOMESTIC: r"domestic|\bdv\b|\bda\b",
    ContactKind.CRIME: r"crime|theft|burglar|assault|violence|robbery|criminal|damage|shoplift|drug|weapon|fraud",
    ContactKind.FIRE: r"fire|arson|smoke",
    ContactKind.HEALTH: r"health|medical|ambulance|overdose|injur|self.?harm|suicid|collapse|\bmh\b|999 ill",
    ContactKind.WELFARE: r"welfare|concern|safeguard|missing|vulnerab",
    ContactKind.TENANCY: r"tenan|rent|repair|housing|arrears|garden",
}
ROLE_WORDS = {
    ContactRole.VICTIM: r"victim|aggrieved|injured party|\bip\b|\bvic\b",
    ContactRole.WITNESS: r"witness|\bwit\b",
    ContactRole.CALLER: r"caller|informant|reporter|complain|reporting|\binf\b",
    ContactRole.SUSPECTED: r"suspect|offender|accused|perpetrator|alleged|\bsusp?\b",
    ContactRole.SUBJECT: r"subject|nominal|patient|occupier|location|tenant|involved|concerned",
}


@dataclass(frozen=True)
class Columns:
    """`names`: the agency's column for each of ours. `fixed`: what kind or role is in every row."""

    names: Mapping[str, str]
    fixed: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Columns":
        return cls(**{name: dict(stored.get(name) or {}) for name in ("names", "fixed", "kinds", "roles")})

    def stored(self) -> dict[str, dict[str, str]]:
        return {
            "names": dict(self.names),
            "fixed": dict(self.fixed),
            "kinds": dict(self.kinds),
            "roles": dict(self.roles),
        }

    def fits(self, header: Sequence[str]) -> bool:
        """Whether every column that it names is in the file."""
        return set(self.names.values()) <= set(header)

    @property
    def missing(self) -> list[str]:
        """What must be told of every contact and is not."""
        return [name for name in NEEDED if name not in self.names and name not in self.fixed]


def is_ours(header: Sequence[str]) -> bool:
    """Whether the columns have our own names, so that nothing need be matched."""
    names = [name for name in header if name not in RETURNED]
    return set(NEEDED) <= set(names) <= set(FIELDS) and len(set(names)) == len(names)


def layout_of(header: Sequence[str], known: Columns | None) -> Layout:
    """How to read a file with these columns. Raises `Refused` where what is known does not fit them."""
    if is_ours(header):
        places = {name: place for place, name in enumerate(header) if name in FIELDS}
        return Layout(width=len(header), places=places)
    if known is None or known.missing or not known.fits(header):
        raise Refused(HEADER_SENTENCE)
    return Layout(
        width=len(header),
        places={name: header.index(column) for name, column in known.names.items()},
        fixed=known.fixed,
        kinds=known.kinds,
        roles=known.roles,
        is_ours=False,
    )


def guessed(header: Sequence[str]) -> Columns:
    """What the columns seem to be, by the names that such columns often have. A person decides."""
    found: dict[str, str] = {}
    plain = {re.sub(r"[^a-z0-9]", "", name.casefold()): name for name in reversed(header)}
    for ours, names in KNOWN_NAMES.items():
        theirs = next((plain[name] for name in names.split() if name in plain), None)
        if theirs is not None and theirs not in found.values():
            found[ours] = theirs
    return Columns(found)


def likely_kind(code: str) -> str:
    return _likely(code, KIND_WORDS, ContactKind)


def likely_role(code: str) -> str:
    return _likely(code, ROLE_WORDS, ContactRole)


def _likely(code: str, words: Mapping[Any, str], kind: type[StrEnum]) -> str:
    """The kind of ours that a code's words speak of, or nothing."""
    text = code.casefold()
    if text in {member.value for member in kind}:
        return text
    return next((str(meant.value) for meant, pattern in words.items() if re.search(pattern, text)), "")
