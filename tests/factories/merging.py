"""Two records of one person or place for tests, with something of every kind hanging on the younger."""

from datetime import timedelta

from psg.accounts.models import User
from psg.base import new_audit_id
from psg.cases.models import Case, PartyRole
from psg.cases.services import add_party
from psg.demand.imports.models import WaitingContact
from psg.demand.models import ContactKind, ContactRole, DemandImport
from psg.demand.screening.services import dismiss
from psg.demand.services import group_contacts
from psg.extensions import db
from psg.responses.services import offer_support
from psg.scoring.models import MatrixKind
from psg.subjects.cautions import add_caution
from psg.subjects.links.models import LinkKind
from psg.subjects.merging.fields import Side, usual_choice
from psg.subjects.merging.models import Merge
from psg.subjects.merging.services import in_order, merge_records
from psg.subjects.models import CautionKind, Person, Place, PlaceKind, Subject
from psg.subjects.residences import Stay, add_residence
from psg.web.dates import now, today
from tests.factories.cases import make_case
from tests.factories.demand import make_contact
from tests.factories.links import make_link
from tests.factories.osara import enter_reference_data, make_response
from tests.factories.scoring import make_score
from tests.factories.sharing import make_disclosure
from tests.factories.subjects import make_person, make_place

DAY = timedelta(days=1)


def merge(one: Subject, other: Subject, *, by: User, choice: dict[str, Side] | None = None) -> Merge:
    kept, gone = in_order(one, other)
    return merge_records(
        one,
        other,
        choice=usual_choice(kept, gone) | (choice or {}),
        reason="The same date of birth and address",
        by=by,
        now=now(),
    )


def make_known_person(
    *, by: User, case: Case | None = None, home: Place | None = None, **details: object
) -> Person:
    """Somebody of whom every feature holds something; in `case` too, where one is given."""
    enter_reference_data()
    details = {
        "given_name": "James",
        "family_name": "Reedmace",
        "aliases": ("Reedy", "Jim Reed"),
        "address": "4 Sedge Lane",
        "postcode": "ZZ1 1AB",
    } | details
    person = make_person(by=by, **details)
    own = make_case(subject=person, role=PartyRole.PERPETRATOR, by=by)
    make_score(own.parties[0], MatrixKind.RISK, "1 1 1 1 1 1 1 1", by=by)
    make_disclosure(own, by=by)
    first, second = (make_contact(person, by=by, on=today() - day * DAY) for day in (3, 2))
    group_contacts(person, (first.id, second.id), by=by, now=now())
    wait_for_import(person, by=by)
    dismiss(person, reason="Known to the ambulance service", until=today() + 30 * DAY, by=by, now=now())
    add_caution(
        person,
        kind=CautionKind.WARNING,
        words="Visit in pairs",
        review_on=today() + 30 * DAY,
        by=by,
        now=now(),
    )
    place = home or make_place(by=by)
    add_residence(person, Stay(place_reference=place.reference), has_left_others=False, by=by, now=now())
    make_link(person, place, LinkKind.LIVES_AT, by=by)
    make_link(person, make_person(by=by), LinkKind.CARER, by=by)
    if case is not None:
        party = add_party(case, person, role=PartyRole.PERPETRATOR, by=by, now=now())
        for values in ("2 2 2 2 2 2 2 2", "1 2 1 2 1 2 1 2"):
            make_score(party, MatrixKind.RISK, values, by=by)
        make_score(party, MatrixKind.NEED, "1 1 1 1 1 1 1", by=by)
        make_response(case, by=by, party=party)
        offer_support(
            case,
            party=party,
            agency=by.agency,
            what="A visit",
            why_suitable="They asked for it",
            offered_on=today(),
            by=by,
            now=now(),
        )
    return person


def make_known_place(*, by: User, case: Case | None = None, **details: object) -> Place:
    details = {
        "address": "Quayfield House",
        "place_kind": PlaceKind.BLOCK,
        "aliases": ("The flats",),
    } | details
    place = make_place(by=by, **details)
    make_place(by=by, place_kind=PlaceKind.DWELLING, block_reference=place.reference)
    own = make_case(subject=place, by=by)
    make_disclosure(own, by=by)
    make_contact(place, by=by)
    tenant = make_person(by=by)
    add_residence(tenant, Stay(place_reference=place.reference), has_left_others=False, by=by, now=now())
    make_link(tenant, place, LinkKind.LIVES_AT, by=by)
    if case is not None:
        add_party(case, place, role=PartyRole.PLACE, by=by, now=now())
    return place


def wait_for_import(subject: Subject, *, by: User) -> WaitingContact:
    """A row of a file that was read and is not imported yet."""
    brought = DemandImport(agency=by.agency, file_hash="0" * 64, created_at=now())
    db.session.add(brought)
    db.session.flush()
    waiting = WaitingContact(
        import_id=brought.id,
        audit_id=new_audit_id(),
        subject_id=subject.id,
        kind=ContactKind.ASB,
        role=ContactRole.SUBJECT,
        happened_at=now(),
        happened_on=today(),
        source_reference=f"W{subject.id}",
        summary="",
        is_crisis=False,
        is_withdrawn=False,
    )
    db.session.add(waiting)
    db.session.flush()
    return waiting
