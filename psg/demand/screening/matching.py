"""Whom and what the rules in force match, one statement a rule. A match is a suggestion to look, and nothing else.

Only people and places the reader may see, on no open case that the reader knows of, and not dismissed for
the day, are counted at all: a hidden case is none, here as everywhere.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Subquery, and_, case, func, not_, or_, select

from psg.accounts.models import Agency, User
from psg.cases.models import Case, Party
from psg.cases.visibility import is_restricted, is_visible, subject_is_visible
from psg.demand.conditions import COUNTED_ROLES, When, is_counted
from psg.demand.counting import month_of, window_start
from psg.demand.models import Contact, ContactKind, ContactRole, SuppliedMonth
from psg.demand.screening.models import Dismissal, RuleSubject, RuleTest, ThresholdRule
from psg.demand.screening.rules import (
    DAYS_IN_WEEK,
    first_day,
    in_words,
    months_before,
    place_kinds,
    week_that_stands_out,
    weeks_of,
    window_in_words,
)
from psg.extensions import db
from psg.subjects.models import Person, Place, Subject, SubjectKind

ADULT_AT = 18
VICTIM = frozenset({ContactRole.VICTIM})
Rows = Sequence[Row[*tuple[Any, ...]]]


@dataclass(frozen=True)
class Match:
    """One rule that somebody or somewhere meets: what was counted, in words, and the rule."""

    subject_id: int
    count: int
    words: str
    rule: ThresholdRule

    @property
    def rule_words(self) -> str:
        return in_words(self.rule)


@dataclass(frozen=True)
class Screening:
    """One look at everything by the rules in force on a day."""

    user: User
    when: When
    rules: Sequence[ThresholdRule]

    def matches(self) -> Iterator[Match]:
        for rule in self.rules:
            reader = _READERS.get(rule.test)
            if reader is not None:
                yield from reader(self, rule)

    @property
    def is_domestic_abuse_left_to_others(self) -> bool:
        """A rule of none keeps such contacts out of the thresholds: they belong to another panel."""
        return any(rule.subject is RuleSubject.SUSPECTED_OF_DOMESTIC_ABUSE for rule in self.rules)

    def counts(self, rule: ThresholdRule) -> ColumnElement[bool]:
        """Which contacts a rule counts, on whatever day."""
        counted = is_counted(self.when, VICTIM if rule.subject is RuleSubject.VICTIM else COUNTED_ROLES)
        if not self.is_domestic_abuse_left_to_others:
            return counted
        others = and_(Contact.kind == ContactKind.DOMESTIC, Contact.role == ContactRole.SUSPECTED)
        return and_(counted, not_(others))

    def counted(self, rule: ThresholdRule) -> ColumnElement[bool]:
        """The same in the rule's window."""
        days = Contact.happened_on.between(first_day(rule, self.when.as_at), self.when.as_at)
        return and_(self.counts(rule), days)

    def looked_at(self, rule: ThresholdRule) -> ColumnElement[bool]:
        """Whom and what a rule may propose: a condition on `subject`."""
        kind = SubjectKind.PLACE if rule.subject is RuleSubject.PLACE else SubjectKind.PERSON
        terms = [
            Subject.kind == kind,
            subject_is_visible(self.user),
            Subject.id.not_in(self._on_open_cases()),
            Subject.id.not_in(dismissed_on(self.when.as_at)),
        ]
        if rule.subject is RuleSubject.CHILD:
            terms.append(Subject.id.in_(_children(self.when.as_at)))
        kinds = place_kinds(rule)
        if kinds:
            terms.append(Subject.id.in_(select(Place.id).where(Place.place_kind.in_(kinds))))
        return and_(*terms)

    def _on_open_cases(self) -> Select[int]:
        known = or_(is_visible(self.user), is_restricted(self.user))
        return (
            select(Party.subject_id)
            .join(Case, Case.id == Party.case_id)
            .where(Case.closed_at.is_(None), known)
        )


def dismissed_on(day: date) -> Select[int]:
    return select(Dismissal.subject_id).where(Dismissal.until >= day)


def _children(day: date) -> Select[int]:
    """Under 18 on the day by the date of birth or, where that is not known, by the band."""
    born_after = months_before(day, 12 * ADULT_AT)
    by_band = and_(Person.date_of_birth.is_(None), Person.age_band == "under 18")
    return select(Person.id).where(or_(Person.date_of_birth > born_after, by_band))


def _one_agency(screening: Screening, rule: ThresholdRule) -> Iterator[Match]:
    for row in _with_agency(screening, rule):
        yield _match(rule, row, f" with {row.agency}")


def _each_agency(screening: Screening, rule: ThresholdRule) -> Iterator[Match]:
    """Each agency on its own reaches the number; several of them together make the match."""
    found: dict[int, list[Row[*tuple[Any, ...]]]] = {}
    for row in _with_agency(screening, rule):
        found.setdefault(row.subject_id, []).append(row)
    for subject, rows in found.items():
        if len(rows) >= (rule.agencies or 1):
            told = ", ".join(f"{row.contacts} with {row.agency}" for row in rows)
            crisis = sum(row.crisis for row in rows)
            count = sum(row.contacts for row in rows)
            yield Match(subject, count, f"{told} in {window_in_words(rule)}{_in_crisis(crisis)}", rule)


def _all(screening: Screening, rule: ThresholdRule) -> Iterator[Match]:
    for row in db.session.execute(_totals(screening, rule)):
        yield _match(rule, row, "")


def _week(screening: Screening, rule: ThresholdRule) -> Iterator[Match]:
    """Only a place with enough contacts in the newest weeks can stand out: the year is read for those alone."""
    as_at, weeks = screening.when.as_at, rule.weeks or 1
    times = rule.at_least or 1
    lively = _totals(screening, rule).subquery()
    since = window_start(as_at, DAYS_IN_WEEK * weeks)
    rows = db.session.execute(
        select(Contact.subject_id, Contact.happened_on, func.count().label("contacts"))
        .where(
            Contact.subject_id.in_(select(lively.c.subject_id)),
            screening.counts(rule),
            Contact.happened_on.between(since, as_at),
        )
        .group_by(Contact.subject_id, Contact.happened_on)
        .order_by(Contact.subject_id)
    )
    by_place: dict[int, list[tuple[date, int]]] = {}
    for row in rows:
        by_place.setdefault(row.subject_id, []).append((row.happened_on, row.contacts))
    gaps = _gaps(as_at, weeks)
    among = -(-(rule.days or DAYS_IN_WEEK) // DAYS_IN_WEEK)
    for subject, days in by_place.items():
        found = week_that_stands_out(weeks_of(days, as_at, weeks), gaps, times=times, among=among)
        if found is not None:
            words = f"{found[0]} contacts in one week, against a usual {found[1]:g} in {weeks} weeks"
            yield Match(subject, found[0], words, rule)


def _related(screening: Screening, rule: ThresholdRule) -> Iterator[Match]:
    """An incident that two agencies heard of is one report, as it is one complaint in a case review."""
    reports = _reports(screening)
    of_one_kind = (
        select(Contact.subject_id, Contact.kind, reports.label("reports"))
        .where(screening.counted(rule))
        .group_by(Contact.subject_id, Contact.kind)
        .having(reports >= rule.at_least)
        .subquery()
    )
    for row in db.session.execute(_looked_at(screening, rule, of_one_kind).order_by(of_one_kind.c.kind)):
        told = f"{row.reports} reports as victim of one kind ({row.kind.label.lower()}) in {window_in_words(rule)}"
        yield Match(row.subject_id, row.reports, told, rule)


def _hate(screening: Screening, rule: ThresholdRule) -> Iterator[Match]:
    reports = _reports(screening)
    of_hate = (
        select(Contact.subject_id, reports.label("reports"))
        .where(screening.counted(rule), Contact.kind == ContactKind.HATE)
        .group_by(Contact.subject_id)
        .having(reports >= rule.at_least)
        .subquery()
    )
    for row in db.session.execute(_looked_at(screening, rule, of_hate)):
        word = "hate incident" if row.reports == 1 else "hate incidents"
        told = f"{row.reports} {word} as victim in {window_in_words(rule)}"
        yield Match(row.subject_id, row.reports, told, rule)


_READERS: Mapping[RuleTest, Callable[[Screening, ThresholdRule], Iterator[Match]]] = {
    RuleTest.ONE_AGENCY: _one_agency,
    RuleTest.EACH_AGENCY: _each_agency,
    RuleTest.ALL: _all,
    RuleTest.WEEK: _week,
    RuleTest.RELATED: _related,
    RuleTest.HATE: _hate,
}


def _totals(screening: Screening, rule: ThresholdRule, *by: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """Contacts of each subject that has as many as the rule asks for, and how many of them in a crisis."""
    totals = (
        select(Contact.subject_id, *by, func.count().label("contacts"), _crisis().label("crisis"))
        .where(screening.counted(rule))
        .group_by(Contact.subject_id, *by)
        .having(func.count() >= (rule.at_least or 1))
        .subquery()
    )
    return _looked_at(screening, rule, totals)


def _looked_at(screening: Screening, rule: ThresholdRule, found: Subquery) -> Select[*tuple[Any, ...]]:
    """Of those found by the index of contacts alone, whom the rule may propose: few are left to be asked about."""
    return (
        select(found)
        .join(Subject, Subject.id == found.c.subject_id)
        .where(screening.looked_at(rule))
        .order_by(found.c.subject_id)
    )


def _with_agency(screening: Screening, rule: ThresholdRule) -> Rows:
    totals = _totals(screening, rule, Contact.agency_id.expression).subquery()
    return db.session.execute(
        select(totals, Agency.name.label("agency"))
        .join(Agency, Agency.id == totals.c.agency_id)
        .order_by(totals.c.subject_id, Agency.name)
    ).all()


def _reports(screening: Screening) -> ColumnElement[int]:
    """Contacts that nobody has grouped, and incidents, each once."""
    cutoff = screening.when.cutoff
    known = (
        Contact.incident_id if cutoff is None else case((Contact.grouped_at < cutoff, Contact.incident_id))
    )
    return func.count(func.coalesce(known, -Contact.id).distinct())


def _crisis() -> ColumnElement[int]:
    return func.sum(case((Contact.is_crisis, 1), else_=0))


def _match(rule: ThresholdRule, row: Row[*tuple[Any, ...]], whom: str) -> Match:
    words = f"{row.contacts} contacts{whom} in {window_in_words(rule)}{_in_crisis(row.crisis)}"
    return Match(row.subject_id, row.contacts, words, rule)


def _in_crisis(number: int) -> str:
    """Said wherever such contacts are counted: they call for support, and are no unnecessary use."""
    return f", {number} of them in a health crisis, which shows a need for support" if number else ""


def _gaps(as_at: date, weeks: int) -> list[bool]:
    """For each week, the newest first: whether no agency has sent anything for its months, though some are sent."""
    since = month_of(window_start(as_at, DAYS_IN_WEEK * weeks))
    sent = set(db.session.scalars(select(SuppliedMonth.month).where(SuppliedMonth.month >= since).distinct()))
    ends = (as_at - timedelta(weeks=ago) for ago in range(weeks))
    return [
        bool(sent) and not sent & {month_of(end), month_of(end - timedelta(days=DAYS_IN_WEEK - 1))}
        for end in ends
    ]
