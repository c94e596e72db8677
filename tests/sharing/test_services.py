"""The rules of the log: what an entry must say, that a gateway fits its recipient, and that nothing is ever changed."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from psg.accounts.models import AgencyKind
from psg.audit.models import Operation
from psg.audit.services import QUEUE, Entry
from psg.base import Refused
from psg.cases.models import Event, EventKind
from psg.extensions import db
from psg.sharing import queries, services
from psg.sharing.models import Category, Disclosure, GroundFamily, LegalGround, LogIsAppendOnly
from psg.sharing.particulars import Particulars, Recipient
from psg.web.dates import now, start_of, today
from tests.factories.accounts import make_agency, make_user
from tests.factories.cases import make_case
from tests.factories.sharing import council, ground, make_disclosure, said

pytestmark = pytest.mark.usefixtures("session")


def entries() -> list[Entry]:
    return list(db.session().info.get(QUEUE, []))


def held() -> int:
    return db.session.scalar(db.select(db.func.count()).select_from(Disclosure)) or 0


def test_reference_data_is_loaded_once_and_marks_what_a_lawyer_must_confirm() -> None:
    services.load_reference_data(now())
    before = list(db.session.scalars(db.select(LegalGround.id).order_by(LegalGround.id)))
    services.load_reference_data(now())
    assert list(db.session.scalars(db.select(LegalGround.id).order_by(LegalGround.id))) == before
    assert {family: len(queries.grounds(family, today())) for family in GroundFamily} == {
        GroundFamily.GATEWAY: 18,
        GroundFamily.BASIS: 6,
        GroundFamily.CONDITION: 6,
    }
    assert ground("cda-1998-s115").must_verify
    assert ground("common-law").in_force_from is None


@pytest.mark.parametrize("kind", [kind for kind in AgencyKind if kind is not AgencyKind.OVERSIGHT])
def test_every_partner_can_receive_by_some_gateway_and_disclose_on_some_basis(kind: AgencyKind) -> None:
    services.load_reference_data(now())
    for family in (GroundFamily.GATEWAY, GroundFamily.BASIS):
        assert any(one.fits(kind) for one in queries.grounds(family, today()))


def test_no_gateway_reaches_an_oversight_body() -> None:
    services.load_reference_data(now())
    assert not any(one.fits(AgencyKind.OVERSIGHT) for one in queries.grounds(GroundFamily.GATEWAY, today()))


def test_ground_counts_from_the_day_it_is_in_force_and_the_newest_version_is_offered() -> None:
    old = ground("duaa-2025-rli")
    assert old.in_force_from is not None
    before = old.in_force_from - timedelta(days=1)
    assert "duaa-2025-rli" not in [one.code for one in queries.grounds(GroundFamily.BASIS, before)]
    new = LegalGround(
        family=GroundFamily.BASIS, code=old.code, version=2, sequence=9, name="Changed", source="x", rule="",
        in_force_from=today(), must_verify=True, loaded_at=now(),
    )  # fmt: skip
    db.session.add(new)
    db.session.flush()
    assert [one.version for one in queries.grounds(GroundFamily.BASIS, today()) if one.code == old.code] == [
        2
    ]


def test_disclosure_to_several_agencies_is_one_entry_with_each_recipient_and_gateway() -> None:
    by = make_user()
    case = make_case(by=by)
    homes = make_agency(kind=AgencyKind.HOUSING, name="Fen Homes")
    base = said(case, council())
    to_homes = Recipient(homes, "T. Sallowby", ground("cda-1998-s115-housing"))
    recorded = len(entries())
    entry = services.record_disclosure(
        case, with_(base, recipients=(*base.recipients, to_homes)), by=by, now=now()
    )
    assert entry.reference == f"D-{entry.id:04d}"
    assert entry.agency is by.agency
    assert [one.gateway.code for one in entry.recipients] == ["cda-1998-s115", "cda-1998-s115-housing"]
    (line,) = entries()[recorded:]
    detail = json.loads(line.body)
    assert (line.op, line.case, line.obj) == (Operation.DISCLOSURE, case.record_id, entry.record_id)
    assert detail["recipients"] == [one.agency.record_id for one in entry.recipients]
    assert detail["gateways"] == ["cda-1998-s115", "cda-1998-s115-housing"]
    assert (detail["basis"], detail["categories"], detail["late"]) == ("ukgdpr-6-1-e", ["incidents"], False)
    assert not any(word in line.body.decode() for word in ("Sallowby", "joint visit", "four calls"))
    title = db.session.scalars(db.select(Event.title).where(Event.kind == EventKind.SHARING)).one()
    assert title.endswith(f"and Fen Homes ({entry.reference})")


@pytest.mark.parametrize(
    ("kind", "gateway"),
    [
        (AgencyKind.VOLUNTARY, "cda-1998-s115"),
        (AgencyKind.HOUSING, "cda-1998-s115"),
        (AgencyKind.CHILDRENS_SERVICES, "cda-1998-s115"),
        (AgencyKind.FIRE, "care-2014"),
        (AgencyKind.POLICE, "cda-1998-s115-housing"),
        (AgencyKind.OVERSIGHT, "common-law"),
    ],
)
def test_gateway_that_does_not_reach_the_recipient_is_refused(kind: AgencyKind, gateway: str) -> None:
    by = make_user()
    case, agency = make_case(by=by), make_agency(kind=kind, name="The Recipient")
    with pytest.raises(Refused, match="The Recipient") as refusal:
        services.record_disclosure(case, said(case, agency, gateway=gateway), by=by, now=now())
    if kind is not AgencyKind.OVERSIGHT:
        assert "does not reach The Recipient: choose a gateway that fits them" in str(refusal.value)
        assert refusal.value.field == f"gateway_{agency.id}"
    assert held() == 0


@pytest.mark.parametrize(
    ("values", "sentence", "field"),
    [
        ({"parties": ()}, "Choose who or what", "parties"),
        ({"recipients": ()}, "at least one agency", "recipients"),
        ({"categories": ()}, "what kinds of information", "categories"),
        ({"disclosed_at": now() + timedelta(hours=2)}, "cannot be in the future", "disclosed_on"),
        ({"disclosed_at": start_of(today().replace(year=2017))}, "was not in force on that day", "basis"),
        ({"categories": (Category.HEALTH,)}, "condition that lets special category data be shared", "condition"),
        ({"categories": (Category.CRIMINAL,)}, "condition that lets criminal offence data be", "condition"),
    ],
)  # fmt: skip
def test_entry_that_says_too_little_or_what_cannot_be_is_refused(
    values: dict[str, Any], sentence: str, field: str
) -> None:
    by = make_user()
    case = make_case(by=by)
    with pytest.raises(Refused, match=sentence) as refusal:
        services.record_disclosure(case, with_(said(case), **values), by=by, now=now())
    assert refusal.value.field == field
    assert held() == 0


def test_party_of_another_case_and_ones_own_agency_are_refused() -> None:
    by = make_user()
    case, other = make_case(by=by), make_case()
    for wrong in (said(other), said(case, by.agency)):
        with pytest.raises(Refused):
            services.record_disclosure(case, wrong, by=by, now=now())


def test_basis_for_bodies_that_are_not_public_is_not_open_to_the_police() -> None:
    by = make_user()
    case = make_case(by=by)
    with pytest.raises(Refused, match="Recognised legitimate interests is not open to"):
        services.record_disclosure(case, said(case, basis="duaa-2025-rli"), by=by, now=now())


def test_special_category_keeps_its_condition_and_what_was_not_needed_is_left_out() -> None:
    condition = ground("dpa-sch1-para18")
    special = make_disclosure(categories=(Category.HEALTH,), condition=condition, policy_document="APD 3")
    plain = make_disclosure(condition=condition, policy_document="APD 3")
    assert (special.condition, special.policy_document) == (condition, "APD 3")
    assert (plain.condition, plain.policy_document) == (None, "")


def test_database_itself_refuses_health_data_without_a_condition() -> None:
    entry = make_disclosure()
    statement = db.update(Disclosure).where(Disclosure.id == entry.id).values(needs_condition=True)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        db.session.execute(statement)


def test_entry_written_down_more_than_two_days_later_is_late() -> None:
    assert not make_disclosure(disclosed_at=now() - timedelta(hours=47)).is_late
    by = make_user()
    entry = make_disclosure(by=by, disclosed_at=now() - timedelta(hours=49))
    assert entry.is_late
    said_again = said(entry.case, disclosed_at=entry.disclosed_at)
    new = services.correct_disclosure(entry, said_again, what_was_wrong="The purpose", by=by, now=now())
    assert not new.is_late


def test_correction_is_a_new_entry_and_the_original_stays() -> None:
    by = make_user()
    original = make_disclosure(by=by)
    right = with_(said(original.case), description="Dates of the last three calls")
    recorded = len(entries())
    new = services.correct_disclosure(
        original,
        right,
        what_was_wrong="There were three calls",
        by=by,
        now=now(),
    )
    db.session.expire_all()
    assert original.description == "Dates of the last four calls"
    assert new.corrects_id == original.id
    assert [row.id for row in queries.corrections_of(original)] == [new.id]
    (line,) = entries()[recorded:]
    assert json.loads(line.body)["corrects"] == original.record_id
    assert line.op is Operation.DISCLOSURE


def test_there_is_no_service_that_changes_or_removes_an_entry() -> None:
    verbs = ("edit", "change", "update", "delete", "remove", "mend")
    assert [name for name in vars(services) if name.startswith(verbs)] == []


@pytest.mark.parametrize(
    ("pick", "attribute"),
    [
        (lambda entry: entry, "purpose"),
        (lambda entry: entry.recipients[0], "person"),
        (lambda entry: entry.basis, "rule"),
    ],
)
def test_nothing_in_the_log_can_be_changed_or_removed(pick: Callable[[Any], Any], attribute: str) -> None:
    entry = make_disclosure()
    db.session.commit()
    setattr(pick(entry), attribute, "Something else")
    with pytest.raises(LogIsAppendOnly):
        db.session.flush()
    db.session.rollback()
    db.session.delete(pick(entry))
    with pytest.raises(LogIsAppendOnly):
        db.session.flush()
    db.session.rollback()


def with_(said: Particulars, **values: Any) -> Particulars:
    return Particulars(**{**{name: getattr(said, name) for name in said.__dataclass_fields__}, **values})
