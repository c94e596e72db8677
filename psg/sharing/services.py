"""Writing in the log. There is a service to record and one to correct, and none that changes or removes."""

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from importlib.resources import files
from json import loads

from sqlalchemy import select

from psg.accounts.models import AgencyKind, User
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.audit.witnesses import handed_out_with
from psg.base import Refused
from psg.cases import services as cases
from psg.cases.models import Case, EventKind
from psg.extensions import db
from psg.sharing import policy
from psg.sharing.clearances import check_cleared, use
from psg.sharing.models import (
    Disclosure,
    DisclosureCategory,
    DisclosureRecipient,
    DisclosureSubject,
    GroundFamily,
    GroundKind,
    LegalGround,
)
from psg.sharing.particulars import Particulars
from psg.web.dates import london

REFERENCE_FILES = ("gateways.json", "lawful_bases.json", "conditions.json")


def load_reference_data(now: datetime) -> None:
    """Load the gateways, lawful bases and conditions that ship with the product.

    A version that is there already stays as it is, so that loading twice adds nothing.
    """
    loaded = db.session.execute(select(LegalGround.code, LegalGround.version))
    held = {(row.code, row.version) for row in loaded}
    for name in REFERENCE_FILES:
        shipped = loads(files("psg.sharing").joinpath("data", name).read_text(encoding="utf-8"))
        for sequence, ground in enumerate(shipped["grounds"], start=1):
            if (ground["code"], shipped["version"]) in held:
                continue
            kinds = [GroundKind(kind=AgencyKind(kind)) for kind in ground["kinds"]]
            db.session.add(
                LegalGround(
                    family=GroundFamily(shipped["family"]),
                    code=ground["code"],
                    version=shipped["version"],
                    sequence=sequence,
                    name=ground["name"],
                    source=ground["source"],
                    rule=ground["rule"],
                    in_force_from=_day(ground["in_force_from"]),
                    in_force_until=_day(ground.get("in_force_until")),
                    must_verify=ground["must_verify"],
                    loaded_at=now,
                    kinds=kinds,
                )
            )
    db.session.flush()


def record_disclosure(case: Case, said: Particulars, *, by: User, now: datetime) -> Disclosure:
    """Write down that this person's agency disclosed information about the case, as one entry for good."""
    cleared = check_cleared(case, [one.agency for one in said.recipients], now)
    entry = _enter(case, said, by=by, now=now)
    use(cleared, entry)
    title = f"Information shared with {_names(said)} ({entry.reference})"
    cases.add_event(
        case, kind=EventKind.SHARING, title=title[:300], by=by, now=now, happened_at=said.disclosed_at
    )
    return entry


def correct_disclosure(
    original: Disclosure, said: Particulars, *, what_was_wrong: str, by: User, now: datetime
) -> Disclosure:
    """Put an entry right by a new one that names it. The original stays as it was written."""
    entry = _enter(original.case, said, by=by, now=now, corrects=original, what_was_wrong=what_was_wrong)
    title = f"Entry {original.reference} of the sharing log corrected by {entry.reference}"
    cases.add_event(original.case, kind=EventKind.SHARING, title=title, by=by, now=now)
    return entry


def record_export(content: bytes, *, count: int, filters: Mapping[str, str], by: User, now: datetime) -> None:
    """Say in the record that this person took entries out of the product as a file."""
    audit.record(
        Operation.DISCLOSURE,
        "sharing.export",
        by=by,
        at=now,
        recipients=[by.agency.record_id],
        marking="OFFICIAL-SENSITIVE",
        count=count,
        filters=filters,
        file_hash=sha256(content).hexdigest(),
    )


def record_receipt(entry: Disclosure, content: bytes, *, by: User, now: datetime) -> None:
    """Say in the record who took the receipt, and that a copy of its checkpoint is outside from now on."""
    audit.record(
        Operation.DISCLOSURE,
        "disclosure.receipt",
        by=by,
        case=entry.case,
        obj=entry,
        at=now,
        recipients=[one.agency.record_id for one in entry.recipients],
        file_hash=sha256(content).hexdigest(),
        **handed_out_with(content),
    )


def _enter(
    case: Case,
    said: Particulars,
    *,
    by: User,
    now: datetime,
    corrects: Disclosure | None = None,
    what_was_wrong: str = "",
) -> Disclosure:
    _check(case, said, by=by, now=now)
    entry = Disclosure(
        case=case,
        agency=by.agency,
        recorded_by=by,
        disclosed_at=said.disclosed_at,
        recorded_at=now,
        channel=said.channel,
        description=said.description,
        purpose=said.purpose,
        basis=said.basis,
        needs_condition=said.needs_condition,
        condition=said.condition if said.needs_condition else None,
        policy_document=said.policy_document if said.needs_condition else "",
        why_necessary=said.why_necessary,
        why_proportionate=said.why_proportionate,
        corrects_id=corrects.id if corrects else None,
        what_was_wrong=what_was_wrong,
        subjects=[DisclosureSubject(subject_id=party.subject_id, role=party.role) for party in said.parties],
        recipients=[
            DisclosureRecipient(agency=one.agency, person=one.person, gateway=one.gateway)
            for one in said.recipients
        ],
        categories=[DisclosureCategory(category=category) for category in said.categories],
    )
    db.session.add(entry)
    db.session.flush()
    _record(entry, said, by=by, now=now, corrects=corrects)
    return entry


def _record(
    entry: Disclosure, said: Particulars, *, by: User, now: datetime, corrects: Disclosure | None
) -> None:
    """The entry in the record that DPA 2018 s.62 asks for: when, by whom, to whom, on what ground."""
    audit.record(
        Operation.DISCLOSURE,
        "disclosure.correct" if corrects else "disclosure.record",
        by=by,
        case=entry.case,
        obj=entry,
        at=now,
        recipients=[one.agency.record_id for one in said.recipients],
        gateways=[one.gateway.code for one in said.recipients],
        basis=said.basis.code,
        condition=entry.condition.code if entry.condition else None,
        categories=[category.value for category in said.categories],
        subjects=[party.subject.record_id for party in said.parties],
        corrects=corrects.record_id if corrects else None,
        late=entry.is_late,
    )


def _check(case: Case, said: Particulars, *, by: User, now: datetime) -> None:
    if not said.parties:
        raise Refused("Choose who or what the information was about", field="parties")
    if any(party.case_id != case.id for party in said.parties):
        raise Refused("Choose people and places of this case", field="parties")
    if not said.recipients:
        raise Refused("Choose at least one agency that received the information", field="recipients")
    if not said.categories:
        raise Refused("Choose what kinds of information were shared", field="categories")
    for one in said.recipients:
        if one.agency.id == by.agency_id:
            raise Refused(
                "Your own agency holds this already: choose who else received it", field="recipients"
            )
        if one.agency.is_oversight:
            raise Refused(
                f"No gateway reaches {one.agency.name}: it is given totals only", field="recipients"
            )
        if sentence := policy.why_not(one.gateway, one.agency):
            raise Refused(sentence, field=f"gateway_{one.agency.id}")
    if not said.basis.fits(by.agency.kind):
        raise Refused(
            f"{said.basis.name} is not open to {by.agency.name}: choose another basis", field="basis"
        )
    if said.needs_condition and said.condition is None:
        kinds = sorted({category.protection.lower() for category in said.categories if category.protection})
        raise Refused(f"Choose the condition that lets {' and '.join(kinds)} be shared", field="condition")
    if said.disclosed_at > now:
        raise Refused(
            "The disclosure cannot be in the future: check the day and the time", field="disclosed_on"
        )
    _check_in_force(said)


def _check_in_force(said: Particulars) -> None:
    day = london(said.disclosed_at).date()
    grounds = [(f"gateway_{one.agency.id}", one.gateway) for one in said.recipients] + [("basis", said.basis)]
    if said.condition:
        grounds.append(("condition", said.condition))
    for field, ground in grounds:
        if not ground.is_in_force_on(day):
            raise Refused(
                f"{ground.name} was not in force on that day: choose another, or check the day", field=field
            )


def _names(said: Particulars) -> str:
    names = [one.agency.name for one in said.recipients]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
