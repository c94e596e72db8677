"""The rows of a file of contacts, as an agency sends it: one contact a row.

The first row names the columns, in any order:

    source_reference  the agency's own reference, up to 60 characters, different in every row
    subject           P-0007, L-0012, or the UPRN of a place
    happened_at       2026-08-12 14:05, or 12/08/2026 14:05, in London; the time may be left out
    kind              asb, noise, hate, crime, domestic, fire, health, welfare, tenancy or other
    role              subject, caller, suspected, victim or witness; of a place always subject
    time              optional: the time, 14:05, where happened_at is the day alone
    summary           optional: a few words without names, up to 200 characters
    crisis            optional: yes for a health crisis, self-harm or suicidality
    status            optional: withdrawn for a contact the agency takes back

An agency's own columns and codes are read by way of a `Layout`. No reason given for a row quotes what
stands in it: that may be personal data.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from operator import itemgetter
from typing import TypeVar

from psg.demand.models import ContactKind, ContactRole
from psg.subjects.models import Person, Place
from psg.web.dates import LONDON, london

NEEDED = ("source_reference", "subject", "happened_at", "kind", "role")
OPTIONAL = ("time", "summary", "crisis", "status")
LONGEST_REFERENCE = 60
LONGEST_SUMMARY = 200
LONGEST_CODE = 60
EARLIEST_YEAR = 1990
YES = {"": False, "no": False, "yes": True, "n": False, "y": True, "false": False, "true": True}
STATUS = {"": False, "withdrawn": True}
DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?))?", re.ASCII)
SHORT_YEAR = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}(?:\s.*)?", re.ASCII)
CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]?([0-5]\d)(?:[:.]([0-5]\d))?", re.ASCII)
UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
LOST = "\ufffd"
ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
SHORTENED = re.compile(r"\d(?:\.\d+)?[eE]\+\d+", re.ASCII)
SomeKind = TypeVar("SomeKind", bound=StrEnum)


class BadRow(ValueError):
    """Why a row cannot be imported, in words that quote nothing of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactRow:
    """One contact as an agency tells it. `subject` is a reference or a UPRN."""

    number: int
    source_reference: str
    subject: str
    happened_at: datetime
    kind: ContactKind
    role: ContactRole = ContactRole.SUBJECT
    summary: str = ""
    is_crisis: bool = False
    is_withdrawn: bool = False

    @property
    def happened_on(self) -> date:
        return _day_of(self.happened_at.replace(minute=0, second=0, microsecond=0))


@dataclass(frozen=True, order=True, slots=True)
class RowProblem:
    number: int
    reason: str

    def __str__(self) -> str:
        return f"Row {self.number}: {self.reason}"


@dataclass(frozen=True)
class Layout:
    """Where our columns stand in a file, and what the agency's own words in two of them mean.

    `fixed` says of kind or role what it is in every row, where a file has no column for it.
    """

    width: int
    places: Mapping[str, int]
    fixed: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    is_ours: bool = True


class RowReader:
    """Reads the rows of one file. `unknown` counts the words of kind and role that nothing is known for."""

    def __init__(self, layout: Layout, *, now: datetime) -> None:
        self.layout, self.now = layout, now
        self.unknown: dict[str, Counter[str]] = {"kind": Counter(), "role": Counter()}
        self._width = layout.width
        self._ours = itemgetter(*(layout.places.get(name, layout.width) for name in NEEDED + OPTIONAL))
        self._words = {
            "kind": _words(ContactKind, layout.kinds),
            "role": _words(ContactRole, layout.roles),
        }
        self._subjects: dict[str, str] = {}

    def read(self, number: int, cells: Sequence[str]) -> ContactRow:
        """The contact, or `BadRow` with the first reason that was found."""
        if len(cells) != self._width:
            cells = self._fitted(cells)
        reference, subject, moment, kind, role, time, summary, crisis, status = self._ours([*cells, ""])
        self._check_texts(reference, subject, summary)
        about, part = self._meanings(kind, role)
        if self._kind_of(subject) == "place" and part is not ContactRole.SUBJECT:
            raise BadRow("the role of a place is always subject")
        return ContactRow(
            number=number,
            source_reference=reference,
            subject=subject,
            happened_at=self._moment(moment, time),
            kind=about,
            role=part,
            summary=summary,
            is_crisis=_answer(YES, "crisis", crisis),
            is_withdrawn=_answer(STATUS, "status", status),
        )

    def _fitted(self, cells: Sequence[str]) -> Sequence[str]:
        if len(cells) < self._width:
            raise BadRow("it has fewer cells than there are column names")
        if any(cells[self._width :]):
            raise BadRow("it has more cells than there are column names")
        return cells[: self._width]

    def _check_texts(self, reference: str, subject: str, summary: str) -> None:
        if not reference:
            raise BadRow("source_reference is missing")
        if len(reference) > LONGEST_REFERENCE:
            raise BadRow(f"source_reference is longer than {LONGEST_REFERENCE} characters")
        if len(summary) > LONGEST_SUMMARY:
            raise BadRow(f"summary is longer than {LONGEST_SUMMARY} characters")
        texts = reference + subject + summary
        if not texts.isascii() or not texts.isprintable():
            if UNKEEPABLE.search(texts):
                raise BadRow("it has a character that cannot be stored")
            if LOST in texts:
                raise BadRow("it has characters that were lost when the file was saved")
        for name, text in (("source_reference", reference), ("subject", subject)):
            if text in ERRORS:
                raise BadRow(f"{name} holds the error of a formula")
            if "+" in text and SHORTENED.fullmatch(text):
                raise BadRow(f"{name} is a number that a spreadsheet has shortened: make its column text")

    def _kind_of(self, subject: str) -> str:
        """What the text names by its form; whether there is such a one is asked of the database."""
        known = self._subjects.get(subject)
        if known is None:
            known = self._subjects[subject] = _form_of(subject)
        if not known:
            raise BadRow(
                "subject is neither a reference such as P-0007 or L-0012 nor a UPRN"
                if subject
                else "subject is missing"
            )
        return known

    def _meanings(self, kind: str, role: str) -> tuple[ContactKind, ContactRole]:
        """Both are looked up even where one is not known, so that all unknown codes are found at once."""
        fixed = self.layout.fixed
        try:
            about = self._meant(ContactKind, "kind", fixed.get("kind") or kind)
        except BadRow:
            with suppress(BadRow):
                self._meant(ContactRole, "role", fixed.get("role") or role)
            raise
        return about, self._meant(ContactRole, "role", fixed.get("role") or role)

    def _meant(self, kind: type[SomeKind], name: str, text: str) -> SomeKind:
        word = text.casefold()
        meant = self._words[name].get(word)
        if meant is not None:
            return kind(meant)
        if not text:
            raise BadRow(f"{name} is missing")
        if text in ERRORS:
            raise BadRow(f"{name} holds the error of a formula")
        if self.layout.is_ours:
            raise BadRow(f"{name} must be one of {', '.join(member.value for member in kind)}")
        if len(text) > LONGEST_CODE:
            raise BadRow(f"{name} is longer than {LONGEST_CODE} characters, which no code is")
        self.unknown[name][text] += 1
        raise BadRow(f"{name} is a code of the agency that is not matched to one of ours yet")

    def _moment(self, text: str, time: str) -> datetime:
        if not text:
            raise BadRow("happened_at is missing")
        moment = _read_moment(text)
        if moment is None:
            raise BadRow(_why_no_moment(text))
        if time:
            moment = _at_clock(moment, time)
        if moment.year < EARLIEST_YEAR:
            raise BadRow(f"happened_at is before {EARLIEST_YEAR}")
        if moment > self.now:
            raise BadRow("happened_at is in the future")
        return moment.astimezone(UTC)


@lru_cache(maxsize=20_000)
def _day_of(hour: datetime) -> date:
    """London's clocks have changed at whole hours alone since before any contact, so that an hour is of one day."""
    return london(hour).date()


def is_uprn(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12


def _form_of(subject: str) -> str:
    if Person.id_from(subject):
        return "person"
    return "place" if Place.id_from(subject) or is_uprn(subject) else ""


def _words(kind: type[StrEnum], codes: Mapping[str, str]) -> dict[str, StrEnum]:
    """Ours, and before them what the agency says its own words mean."""
    words = {member.value: member for member in kind}
    return words | {code.casefold(): kind(value) for code, value in codes.items()}


def _answer(answers: Mapping[str, bool], name: str, text: str) -> bool:
    meant = answers.get(text if text.islower() else text.casefold())
    if meant is None:
        raise BadRow(f"{name} must be {'no or yes' if answers is YES else 'withdrawn'}, or empty")
    return meant


def _read_moment(text: str) -> datetime | None:
    """A time without a zone is London's."""
    match = DAY_FIRST.fullmatch(text)
    if match:
        day, month, year, clock = match.groups()
        text = f"{year}-{month:0>2}-{day:0>2}"
        if clock:
            text = f"{text} {clock if clock[2] == ':' else f'0{clock}'}"
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)
    return None


def _why_no_moment(text: str) -> str:
    if text in ERRORS:
        return "happened_at holds the error of a formula"
    if SHORT_YEAR.fullmatch(text):
        return "happened_at has a year of two figures: write it in four, such as 12/08/2026"
    if DAY_FIRST.fullmatch(text) or re.match(r"\d{4}-\d{2}-\d{2}", text):
        return "happened_at must be a date that there is, such as 2026-08-12 14:05 or 12/08/2026 14:05"
    return "happened_at must be a date such as 2026-08-12 14:05 or 12/08/2026 14:05"


def _at_clock(moment: datetime, text: str) -> datetime:
    clock = CLOCK.fullmatch(text)
    if clock is None:
        raise BadRow("time must be on the 24-hour clock, such as 14:05")
    if (moment.hour, moment.minute) != (0, 0):
        raise BadRow("the time stands both in happened_at and in time: keep one of them")
    hour, minute, second = (int(part or 0) for part in clock.groups())
    return moment.replace(hour=hour, minute=minute, second=second)
