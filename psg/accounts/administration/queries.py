"""Reads of the administration: agencies, people and what waits for a second person. No case is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select

from psg.accounts.models import Agency, Role, User
from psg.accounts.sign_in_models import AccountRequest, Decision, RequestKind, SecondFactor
from psg.extensions import db
from psg.web.errors import NotFound

Rows: TypeAlias = Sequence[Row[*tuple[Any, ...]]]
Thing = TypeVar("Thing")
STATES = {"active": "Active", "invited": "Invited", "suspended": "Suspended"}
SORTS = ("name", "agency", "role", "email")


@dataclass(frozen=True)
class UsersFilter:
    """What the URL says; anything that is not one of the choices counts as not said."""

    agency: str = ""
    role: str = ""
    state: str = ""
    sort: str = "name"

    @classmethod
    def from_query(cls, query: Mapping[str, str], agencies: Mapping[str, str]) -> "UsersFilter":
        agency, role, state = (query.get(name, "") for name in ("agency", "role", "state"))
        sort = query.get("sort", "")
        return cls(
            agency=agency if agency in agencies else "",
            role=role if role in {one.value for one in Role} else "",
            state=state if state in STATES else "",
            sort=sort if sort.removeprefix("-") in SORTS else "name",
        )

    @property
    def key(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.sort.startswith("-")

    def query(self) -> dict[str, str]:
        """The filters as parts of a URL, without the order of the list."""
        said = {"agency": self.agency, "role": self.role, "state": self.state}
        return {name: value for name, value in said.items() if value}

    def whole_query(self) -> dict[str, str]:
        return self.query() | ({"sort": self.sort} if self.sort != "name" else {})


def agency_rows() -> Rows:
    """Every agency with its agreement and how many people have an account there."""
    columns: tuple[Any, ...] = (
        Agency.id,
        Agency.code,
        Agency.name,
        Agency.kind,
        Agency.agreement_from,
        Agency.agreement_until,
        func.count(case((User.is_active, 1))).label("active"),
        func.count(case((~User.is_active, 1))).label("inactive"),
    )
    return db.session.execute(
        select(*columns)
        .join(User, User.agency_id == Agency.id, isouter=True)
        .group_by(Agency.id)
        .order_by(Agency.name, Agency.id)
    ).all()


def user_rows(wanted: UsersFilter) -> Select[*tuple[Any, ...]]:
    keys = {"name": User.name, "agency": Agency.name, "role": User.role, "email": User.email}
    order = keys[wanted.key].desc() if wanted.descending else keys[wanted.key].asc()
    statement = _users().order_by(order, User.name, User.id)
    if wanted.agency:
        statement = statement.where(User.agency_id == int(wanted.agency))
    if wanted.role:
        statement = statement.where(User.role == Role(wanted.role))
    return statement.where(_in_state(wanted.state)) if wanted.state else statement


def people_of(agency: Agency) -> Rows:
    """The people of one agency, for its lead."""
    statement = _users().where(User.agency_id == agency.id)
    return db.session.execute(statement.order_by(User.is_active.desc(), User.name, User.id)).all()


def agencies() -> Sequence[Agency]:
    return db.session.scalars(select(Agency).order_by(Agency.name, Agency.id)).all()


def agency(number: int) -> Agency:
    return _found(db.session.get(Agency, number))


def user(number: int) -> User:
    return _found(db.session.get(User, number))


def own_user(lead: User, number: int) -> User:
    """Somebody of the lead's own agency; whoever is not is not there."""
    return _found(
        db.session.scalars(
            select(User).where(User.id == number, User.agency_id == lead.agency_id)
        ).one_or_none()
    )


def request(number: int) -> AccountRequest:
    return _found(db.session.get(AccountRequest, number))


def waiting() -> Sequence[AccountRequest]:
    """What waits for a second person, the oldest first."""
    return db.session.scalars(
        select(AccountRequest)
        .where(AccountRequest.decision == Decision.PENDING)
        .order_by(AccountRequest.asked_at, AccountRequest.id)
    ).all()


def waiting_about(person: User) -> Sequence[AccountRequest]:
    return [one for one in waiting() if one.user_id == person.id]


def asked_for(place: Agency) -> Sequence[AccountRequest]:
    """What was asked for an agency's people, the newest first."""
    return db.session.scalars(
        select(AccountRequest)
        .where(AccountRequest.agency_id == place.id, AccountRequest.kind != RequestKind.ROLE)
        .order_by(AccountRequest.asked_at.desc(), AccountRequest.id.desc())
        .limit(20)
    ).all()


def has_app(person: User) -> bool:
    found = select(SecondFactor.id).where(
        SecondFactor.user_id == person.id, SecondFactor.confirmed_at.is_not(None)
    )
    return db.session.scalar(found) is not None


def _users() -> Select[*tuple[Any, ...]]:
    return select(
        User.id,
        User.name,
        User.email,
        User.role,
        Agency.name.label("agency"),
        case((~User.is_active, "suspended"), (User.password_hash == "", "invited"), else_="active").label(
            "state"
        ),
    ).join(Agency, Agency.id == User.agency_id)


def _in_state(state: str) -> ColumnElement[bool]:
    if state == "suspended":
        return ~User.is_active
    has_password = User.password_hash != ""
    return and_(User.is_active, has_password if state == "active" else ~has_password)


def _found(thing: Thing | None) -> Thing:
    if thing is None:
        raise NotFound
    return thing
