"""The log as a CSV file for a spreadsheet, marked, and safe to open in one."""

import csv
from collections.abc import Sequence
from datetime import datetime
from io import StringIO

from psg.accounts.models import User
from psg.cases.models import Case
from psg.sharing import queries
from psg.sharing.log import LogFilter, Names
from psg.sharing.models import Disclosure, is_late
from psg.subjects.models import Person, Place, SubjectKind
from psg.web.dates import day_time, london
from psg.web.sheets import harmless

MOST_ENTRIES = 10_000
MARKING = "OFFICIAL-SENSITIVE"
HANDLING = "For the audit of information sharing only. Keep it where it was saved, pass it on to nobody, destroy it after use."
COLUMNS = (
    "marking", "entry", "case", "shared_at", "recorded_at", "late", "from", "recorded_by", "to", "gateways", "about",
    "kinds_of_information", "what_was_shared", "purpose", "lawful_basis", "condition", "policy_document",
    "why_necessary", "why_proportionate", "how", "corrects", "what_was_wrong", "corrected_later",
)  # fmt: skip


def file_name(by: User, now: datetime) -> str:
    """Marking, recipient and handling, to be seen before it is opened or attached to anything."""
    return f"{MARKING}-sharing-log-for-{by.agency.code}-audit-only-{london(now):%Y-%m-%d-%H%M}.csv"


def entries(user: User, wanted: LogFilter) -> list[list[str]]:
    """Every entry that matches, in five statements however many there are."""
    ids = queries.matching_ids(user, wanted)
    recipients, categories, subjects = (
        queries.recipients_of(ids),
        queries.categories_of(ids),
        queries.subjects_of(ids),
    )
    return [
        [
            MARKING,
            Disclosure.reference_for(row.id),
            Case.reference_for(row.case_id),
            london(row.disclosed_at).isoformat(timespec="minutes"),
            london(row.recorded_at).isoformat(timespec="minutes"),
            "late" if is_late(row) else "",
            row.source,
            row.recorded_by,
            "; ".join(f"{one.agency}: {one.person}" for one in recipients.get(row.id, ())),
            "; ".join(one.gateway for one in recipients.get(row.id, ())),
            "; ".join(f"{subject_reference(one.kind, one.id)} ({one.role.label.lower()})" for one in subjects.get(row.id, ())),
            "; ".join(one.category.label for one in categories.get(row.id, ())),
            row.description,
            row.purpose,
            row.basis,
            row.condition or "",
            row.policy_document,
            row.why_necessary,
            row.why_proportionate,
            row.channel.label,
            Disclosure.reference_for(row.corrects_id) if row.corrects_id else "",
            row.what_was_wrong,
            "yes" if row.is_corrected else "",
        ]
        for row in queries.rows_in_full(user, wanted)
    ]  # fmt: skip


def as_csv(
    rows: Sequence[Sequence[str]], *, by: User, wanted: LogFilter, names: Names, now: datetime
) -> bytes:
    """The file: a line that marks it and says who took it and for whom, the columns, the entries. Excel reads its UTF-8."""
    filters = "; ".join(f"{label}: {words}" for label, words in wanted.in_words(names)) or "none"
    taken = f"Information-sharing log, {len(rows)} {'entry' if len(rows) == 1 else 'entries'}, exported {day_time(now)} by {by.name}, {by.agency.name}"
    text = StringIO(newline="")
    writer = csv.writer(text)
    recipient = f"For {by.name}, {by.agency.name}"
    writer.writerow(harmless([MARKING, taken, f"Filters: {filters}", HANDLING, recipient]))
    writer.writerow(COLUMNS)
    writer.writerows(harmless(row) for row in rows)
    return text.getvalue().encode("utf-8-sig")


def subject_reference(kind: SubjectKind, number: int) -> str:
    return (Person if kind is SubjectKind.PERSON else Place).reference_for(number)
