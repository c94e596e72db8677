"""Random histories of one case: after every step several people look, and the model says what they may find.

Inviting, joining, leaving, suspending, sealing by two, handing on, conflicts, emergencies, days that pass,
agreements that lapse, accounts switched off. Nobody finds a canary that the model denies; whoever it
grants finds it; and each page with the case on it leaves exactly one entry in the record.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from psg.accounts.models import Agency, AgencyKind, Role, User
from psg.accounts.sign_in_models import SignedIn
from psg.audit.models import Leaf, Operation
from psg.audit.queries import latest
from psg.base import Refused
from psg.cases import access_queries, emergency, membership
from psg.cases.access_models import Urgency
from psg.cases.models import AudienceKind, Case, Visibility
from psg.cases.services import add_note, reassign_case
from psg.extensions import db
from psg.web.dates import now, today
from tests.access.model import Model, Part, Somebody
from tests.access.oblivion import taken_back
from tests.access.tokens import TOKEN, token_for
from tests.browser import Browser
from tests.conftest import signed_in_at, undone
from tests.factories.accounts import make_agency, make_user
from tests.factories.actions import make_action
from tests.factories.cases import make_case
from tests.factories.meetings import make_meeting
from tests.factories.plan import commitment, link, make_plan
from tests.factories.sharing import make_disclosure
from tests.factories.subjects import make_person

CANARY, NOTED, OWN, ASKED = "Quillfeather", "Oriolesong", "Nightjarnest", "Plovercall"
CANARIES = (CANARY, NOTED, OWN, ASKED)
HTMX = {"HX-Request": "true"}
BEGAN = datetime.fromisoformat("2026-03-02T10:00:00+00:00")
PEOPLE = {
    "lead": ("practitioner", "police"),
    "colleague": ("practitioner", "police"),
    "partner": ("practitioner", "housing"),
    "friend": ("practitioner", "housing"),
    "head": ("agency lead", "housing"),
    "chair": ("coordinator", "council"),
    "deputy": ("coordinator", "council"),
    "auditor": ("auditor", "oversight"),
}
ROLES = {"practitioner": Role.PRACTITIONER, "agency lead": Role.AGENCY_LEAD, "coordinator": Role.COORDINATOR, "auditor": Role.AUDITOR}  # fmt: skip


@dataclass(frozen=True)
class Page:
    """Where somebody looks, which canaries must stand there for whom the case is open, and to whom the page is."""

    url: str
    canaries: tuple[str, ...]
    officers_only: bool = False
    words: str = ""
    to_work: bool = False
    is_of_the_log: bool = False
    """Of the log of sharing, which an auditor reads whole: what was shared and why, and nobody's name."""


PAGES = (
    Page("/cases/{case}", (CANARY,)),
    Page("/cases/{case}/chronology", (CANARY, NOTED, OWN, ASKED)),
    Page("/cases/{case}/objective", (CANARY,)),
    Page("/cases/{case}/actions", (CANARY, ASKED)),
    Page("/cases/{case}/sharing", (CANARY, NOTED)),
    Page("/cases/{case}/notes/{note}/correct", (CANARY, NOTED), officers_only=True, to_work=True),
    Page("/cases/{case}/notes/{own}/correct", (CANARY, OWN), officers_only=True, to_work=True),
    Page("/cases/{case}/actions/{action}/edit", (CANARY, ASKED), officers_only=True, to_work=True),
    Page("/cases", (CANARY,), officers_only=True),
    Page("/board", (CANARY,), officers_only=True),
    Page("/board?view=columns", (CANARY,), officers_only=True),
    Page("/actions?whose=everyone", (CANARY, ASKED), officers_only=True),
    Page("/people", (CANARY,), officers_only=True),
    Page("/people/{person}", (CANARY,), officers_only=True),
    Page("/people/{person}/edit", (CANARY,), officers_only=True),
    Page("/meetings/{meeting}", (CANARY,), officers_only=True),
    Page("/plan/ASB-2", (CANARY,), officers_only=True),
    Page("/sharing/{entry}", (CANARY, NOTED), officers_only=True, is_of_the_log=True),
    Page("/search", (CANARY,), officers_only=True, words=CANARY),
    Page("/search", (), officers_only=True, words="{person}"),
    Page("/search", (), officers_only=True, words="Pochard"),
    Page("/", (), officers_only=True, is_of_the_log=True),
    Page("/reports", (), officers_only=True),
)


NAMED = Page("/people/{person}", (CANARY,), officers_only=True)


class Stage:
    """The partnership in which every history begins anew: its people, their browsers, and the case."""

    def __init__(self, app: Flask) -> None:
        agencies = {name: self._agency(name) for _, name in PEOPLE.values()}
        users = {
            name: make_user(role=ROLES[role], agency=agencies[agency], name=f"{name.title()} Pochard")
            for name, (role, agency) in PEOPLE.items()
            if name != "deputy"
        }
        lead = users["lead"]
        subject = make_person(by=lead, family_name=CANARY)
        make_case(by=lead, summary="Another problem")
        case = make_case(by=lead, subject=subject)
        users["deputy"] = make_user(role=Role.COORDINATOR, agency=agencies["council"], name="Deputy Pochard")
        make_plan()
        link(commitment("ASB-2"), case=case, by=lead)
        own = add_note(case, body=OWN, happened_at=now(), by=lead, now=now(), audience=AudienceKind.OWN)
        action = make_action(case, by=lead, title=ASKED)
        entry = make_disclosure(case, by=lead, purpose=NOTED)
        note = add_note(case, body=NOTED, happened_at=now(), by=lead, now=now())
        meeting = make_meeting(by=users["chair"])
        self.case_id, self.case_record = case.id, case.record_id
        self.users = {name: user.id for name, user in users.items()}
        self.agencies = {name: agency.id for name, agency in agencies.items()}
        self.names = {
            "case": case.reference, "person": subject.reference, "note": note.id, "own": own.id,
            "action": action.id, "entry": entry.reference, "meeting": meeting.reference,
        }  # fmt: skip
        self.token = token_for(app)
        self.browsers = {name: self._browser(app, user) for name, user in users.items()}
        self.cookies = {name: cookie_of(browser) for name, browser in self.browsers.items()}
        db.session.commit()

    def begin_anew(self) -> None:
        """A cookie that was signed on a later day of another history is none."""
        for name, browser in self.browsers.items():
            browser.set_cookie(*self.cookies[name])

    def _agency(self, name: str) -> Agency:
        return make_agency(kind=AgencyKind.OVERSIGHT if name == "oversight" else AgencyKind.HOUSING)

    def _browser(self, app: Flask, user: User) -> Browser:
        browser = signed_in_at(app, user)
        with browser.session_transaction() as cookie:
            cookie["csrf_token"] = TOKEN
        return browser

    def user(self, name: str) -> User:
        return db.session.get_one(User, self.users[name])

    @property
    def case(self) -> Case:
        return db.session.get_one(Case, self.case_id)


def cookie_of(browser: Browser) -> tuple[str, str]:
    name = browser.application.config["SESSION_COOKIE_NAME"]
    cookie = browser.get_cookie(name)
    assert cookie is not None
    return name, cookie.value


@pytest.fixture(scope="module")
def stage(app: Flask) -> Iterator[Stage]:
    with undone(app), time_machine.travel(BEGAN, tick=False):
        yield Stage(app)


# --- what may happen: the service, and what the model says of it -------------------------------------

Happening = Callable[["History"], None]
WHO = st.sampled_from([name for name in PEOPLE if name != "lead"])
BY = st.sampled_from(["lead", "lead", "chair", "chair", "deputy", "head", "partner", "colleague"])
DAYS = st.sampled_from([None, 0, 1, 3])
YES = st.sampled_from([True, True, True, False])


class History:
    """The product and the model, side by side."""

    def __init__(self, stage: Stage, clock: Any) -> None:
        self.stage, self.clock = stage, clock
        people = {name: Somebody(name, *who) for name, who in PEOPLE.items()}
        parts = {"lead": Part("active"), "chair": Part("active")}
        self.model = Model(people, "lead", BEGAN, parts=parts)

    def does(self, said: bool, act: Callable[[Case], object]) -> None:
        """Do it, and find it done or refused as the model says; what is refused leaves nothing behind."""
        with db.session.begin_nested() as savepoint:
            try:
                act(self.stage.case)
                done = True
            except Refused:
                savepoint.rollback()
                done = False
        db.session.expire_all()
        assert done is said

    def user(self, name: str) -> User:
        return self.stage.user(name)


def invite(by: str, whom: str, days: int | None) -> Happening:
    def happen(on: History) -> None:
        until = None if days is None else today() + timedelta(days=days)
        on.does(
            on.model.invite(by, whom, days),
            lambda case: membership.invite(case, on.user(whom), until=until, by=on.user(by), now=now()),
        )

    return happen


def join(whom: str, accept: bool) -> Happening:
    def happen(on: History) -> None:
        if on.model.knows(whom):
            on.does(
                on.model.answer_invitation(whom, accept),
                lambda case: membership.answer_invitation(case, accept=accept, by=on.user(whom), now=now()),
            )

    return happen


def leave(whom: str) -> Happening:
    def happen(on: History) -> None:
        if on.model.works(whom):
            on.does(on.model.leave(whom), lambda case: membership.leave(case, by=on.user(whom), now=now()))

    return happen


def end(by: str, whom: str, step: str) -> Happening:
    act = {"suspend": membership.suspend, "remove": membership.remove, "reinstate": membership.reinstate}[
        step
    ]

    def happen(on: History) -> None:
        status = {"suspend": "suspended", "remove": "former"}.get(step)
        said = on.model.end(by, whom, status) if status else on.model.reinstate(by, whom)
        on.does(said, lambda case: act(case, on.user(whom), by=on.user(by), now=now()))

    return happen


def ask(whom: str) -> Happening:
    def happen(on: History) -> None:
        on.does(
            on.model.ask(whom),
            lambda case: membership.ask_to_join(case, reason="We work with her", by=on.user(whom), now=now()),
        )

    return happen


def answer(by: str, whom: str, grant: bool) -> Happening:
    def happen(on: History) -> None:
        if whom not in on.model.asked:
            return

        def act(case: Case) -> None:
            request = access_queries.waiting_request(case, on.user(whom))
            assert request is not None
            membership.answer_request(request, case, grant=grant, until=None, by=on.user(by), now=now())

        on.does(on.model.answer_request(by, whom, grant), act)

    return happen


def turn(by: str, wanted: str) -> Happening:
    def happen(on: History) -> None:
        on.does(
            on.model.turn(by, wanted),
            lambda case: membership.change_visibility(
                case, Visibility(wanted), reason="Agreed", by=on.user(by), now=now()
            ),
        )

    return happen


def agree(by: str, grant: bool) -> Happening:
    def happen(on: History) -> None:
        on.does(
            on.model.agree(by, grant),
            lambda case: membership.answer_visibility(case, grant=grant, by=on.user(by), now=now()),
        )

    return happen


def seal(by: str, other: str) -> Happening:
    """Proposed by one and agreed by another, or refused to either."""

    def happen(on: History) -> None:
        turn(by, "sealed")(on)
        agree(other, True)(on)

    return happen


def hand_on(by: str, to: str) -> Happening:
    def happen(on: History) -> None:
        on.does(
            on.model.hand_on(by, to),
            lambda case: reassign_case(case, to=on.user(to), reason="On leave", by=on.user(by), now=now()),
        )

    return happen


def give_work(by: str, to: str) -> Happening:
    def happen(on: History) -> None:
        if on.model.works(by) and on.model.people[to].is_officer:
            on.does(
                on.model.give_work(to),
                lambda case: make_action(case, by=on.user(by), owner=on.user(to), agency=on.user(to).agency),
            )

    return happen


def shut_out(by: str, whom: str) -> Happening:
    def happen(on: History) -> None:
        on.does(
            on.model.shut_out(by, whom),
            lambda case: emergency.declare_conflict(
                case, on.user(whom), reason="A cousin", by=on.user(by), now=now()
            ),
        )

    return happen


def lift(by: str, whom: str) -> Happening:
    def happen(on: History) -> None:
        if whom not in on.model.in_conflict:
            return

        def act(case: Case) -> None:
            conflict = access_queries.conflict(case, on.user(whom))
            assert conflict is not None
            emergency.lift_conflict(conflict, case, by=on.user(by), now=now())

        on.does(on.model.lift(by, whom), act)

    return happen


def break_glass(by: str) -> Happening:
    def happen(on: History) -> None:
        on.does(
            on.model.break_glass(by),
            lambda case: emergency.break_glass(
                case, urgency=Urgency.COURT, reason="A hearing begins now", by=on.user(by), now=now()
            ),
        )

    return happen


def time_passes(hours: int) -> Happening:
    def happen(on: History) -> None:
        on.model.now += timedelta(hours=hours)
        on.clock.move_to(on.model.now, tick=False)
        db.session.execute(
            update(SignedIn).values(seen_at=on.model.now, ends_at=on.model.now + timedelta(hours=12))
        )

    return happen


def agreement(agency: str, lapses: bool) -> Happening:
    def happen(on: History) -> None:
        held = db.session.get_one(Agency, on.stage.agencies[agency])
        held.agreement_until = held.agreement_from if lapses else today() + timedelta(days=500)
        (on.model.lapsed.add if lapses else on.model.lapsed.discard)(agency)

    return happen


def account(whom: str, is_active: bool) -> Happening:
    def happen(on: History) -> None:
        on.user(whom).is_active = on.model.people[whom].is_active = is_active

    return happen


def in_turn(*acts: Happening) -> Happening:
    def happen(on: History) -> None:
        for act in acts:
            act(on)

    return happen


def restrict_and_break(by: str, hours: int) -> Happening:
    """Kept to its members, opened in an emergency by somebody else, and some hours later."""
    return in_turn(turn("lead", "members"), break_glass(by), time_passes(hours))


def join_for_days(whom: str, days: int, hours: int) -> Happening:
    """A member with a last day, of a case that is then restricted; and some hours later."""
    return in_turn(invite("lead", whom, days), join(whom, True), turn("lead", "members"), time_passes(hours))


def seal_under_glass(by: str) -> Happening:
    """Sealed by two while somebody reads it in an emergency."""
    return in_turn(turn("lead", "members"), break_glass(by), turn("lead", "sealed"), agree("chair", True))


VISIBILITIES = st.sampled_from(["partnership", "members", "members", "sealed"])
HAPPENINGS = st.one_of(
    st.tuples(st.just(invite), BY, WHO, DAYS),
    st.tuples(st.just(join), WHO, YES),
    st.tuples(st.just(leave), WHO),
    st.tuples(st.just(end), BY, WHO, st.sampled_from(["suspend", "remove", "reinstate"])),
    st.tuples(st.just(ask), WHO),
    st.tuples(st.just(answer), BY, WHO, YES),
    st.tuples(st.just(turn), BY, VISIBILITIES),
    st.tuples(st.just(agree), BY, YES),
    st.tuples(st.just(seal), BY, BY),
    st.tuples(st.just(hand_on), BY, WHO),
    st.tuples(st.just(give_work), BY, WHO),
    st.tuples(st.just(shut_out), BY, WHO),
    WHO.map(lambda whom: (shut_out, whom, whom)),
    st.tuples(st.just(lift), BY, WHO),
    st.tuples(st.just(break_glass), WHO),
    st.tuples(st.just(restrict_and_break), WHO, st.sampled_from([1, 4, 5])),
    st.tuples(st.just(join_for_days), WHO, st.sampled_from([0, 1]), st.sampled_from([3, 24, 48])),
    st.tuples(st.just(seal_under_glass), WHO),
    st.tuples(st.just(time_passes), st.sampled_from([1, 3, 4, 24, 73])),
    st.tuples(st.just(agreement), st.sampled_from(["police", "housing", "council", "oversight"]), YES),
    st.tuples(st.just(account), WHO, st.booleans()),
)
LOOKS = st.lists(st.tuples(st.sampled_from(list(PEOPLE)), st.sampled_from(PAGES)), min_size=2, max_size=3)
HISTORIES = st.lists(st.tuples(HAPPENINGS, LOOKS), min_size=1, max_size=9)


# --- what somebody finds -----------------------------------------------------------------------------


def look(on: History, name: str, page: Page) -> None:
    before = size()
    url, words = page.url.format(**on.stage.names), page.words.format(**on.stage.names)
    browser = on.stage.browsers[name]
    found = (
        browser.post(url, data={"q": words, "csrf_token": on.stage.token}, headers=HTMX)
        if words
        else browser.get(url)
    )
    may = granted(on.model, name, page)
    text = found.text.replace(f'value="{words}"', "") if words else found.text
    there = {one for one in CANARIES if one in text}
    assert there <= may, (name, url, words, found.status_code, there - may)
    must = may & set(page.canaries) if not page.is_of_the_log or name != "auditor" else {NOTED} & may
    assert must <= there, (name, url, words, found.status_code, found.location)
    entries = latest(limit=5)[: size() - before]
    if there:
        assert [entry.op for entry in entries] == [Operation.CONSULTATION], (name, url, entries)
    else:
        assert len(entries) <= 1, (name, url)
        assert not any(tells_of(entry, on.stage.case_record) for entry in entries), (name, url, entries)


def granted(model: Model, name: str, page: Page) -> set[str]:
    """The canaries that may stand on this page for this person."""
    one = model.people[name]
    if one.role == "auditor" and page.is_of_the_log and model.may_at_all(name):
        return {NOTED, *CANARIES} - {OWN} if model.sees(name) else {NOTED}
    is_let_in = model.works(name) if page.to_work else model.sees(name)
    if not is_let_in or (page.officers_only and not one.is_officer):
        return set()
    is_for_them = one.agency == "police"
    if OWN in page.canaries and page.to_work and not is_for_them:
        return set()
    return {canary for canary in CANARIES if canary != OWN or is_for_them}


def tells_of(entry: Any, case: str) -> bool:
    """Whether an entry says that the content of the case was shown."""
    ids = (entry.detail or {}).get("ids", [])
    return entry.op is not Operation.SECURITY and (entry.case == case or case in ids)


def size() -> int:
    return int(db.session.scalar(select(func.count()).select_from(Leaf)) or 0)


def tell(stage: Stage, history: list[tuple[Any, list[tuple[str, Page]]]]) -> None:
    with taken_back(), time_machine.travel(BEGAN, tick=False) as clock:
        stage.begin_anew()
        on = History(stage, clock)
        for (act, *about), looks in history:
            act(*about)(on)
            db.session.commit()
            concerned = [(name, page) for name in about if name in PEOPLE for page in (PAGES[0], NAMED)]
            for name, page in [*concerned[-2:], *looks]:
                look(on, name, page)
                db.session.rollback()


SCENES = {
    "the glass ends": [restrict_and_break("partner", 3), time_passes(2)],
    "the glass is gone at four hours": [restrict_and_break("partner", 4)],
    "a seal shuts the glass": [seal_under_glass("auditor")],
    "the last day ends": [join_for_days("partner", 0, 3), time_passes(24)],
    "a conflict beats the glass": [restrict_and_break("partner", 1), shut_out("partner", "partner")],
    "a conflict beats a member": [join_for_days("partner", 3, 1), shut_out("chair", "partner"), lift("chair", "partner")],
    "an agreement ends": [join_for_days("partner", 3, 1), agreement("housing", True), agreement("housing", False)],
    "sealed and opened": [seal("lead", "chair"), turn("chair", "partnership"), agree("lead", True)],
    "handed on": [turn("lead", "members"), hand_on("lead", "partner"), end("partner", "chair", "remove")],
}  # fmt: skip


@pytest.mark.parametrize("scene", SCENES)
def test_everybody_finds_what_the_model_says_at_every_turn(stage: Stage, scene: str) -> None:
    with taken_back(), time_machine.travel(BEGAN, tick=False) as clock:
        stage.begin_anew()
        on = History(stage, clock)
        for act in SCENES[scene]:
            act(on)
            db.session.commit()
            for name in PEOPLE:
                for page in (PAGES[0], NAMED):
                    look(on, name, page)
                    db.session.rollback()


COMMON = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": True}


@settings(max_examples=80, **COMMON)
@given(history=HISTORIES)
def test_nobody_finds_what_the_model_denies(stage: Stage, history: Any) -> None:
    tell(stage, history)


@pytest.mark.long
@settings(max_examples=2_000, **{**COMMON, "derandomize": False})
@given(history=HISTORIES)
def test_nobody_finds_it_in_two_thousand_histories(stage: Stage, history: Any) -> None:
    tell(stage, history)
