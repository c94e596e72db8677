"""The words and keys by which subjects are found, made from the subjects themselves and made anew when they change."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import selectinload, with_polymorphic

from psg.extensions import db
from psg.subjects.duplicates.keys import alike_keys
from psg.subjects.duplicates.models import AlikeKey
from psg.subjects.finding.models import SearchKey, SearchTerm
from psg.subjects.finding.terms import keys_of, terms_of
from psg.subjects.models import Subject

AT_ONCE = 500
TABLES: tuple[Any, ...] = (SearchTerm, SearchKey, AlikeKey)


def keep_findable(subject: Subject) -> None:
    """Keep the words by which the subject is found, and their keys, as the subject is now."""
    _index([subject])


def index_missing() -> int:
    """Index every subject that has no words yet, as after a change of how they are made. Returns how many."""
    bare = select(Subject.id).where(
        Subject.merged_into_id.is_(None),
        ~select(SearchTerm.id).where(SearchTerm.subject_id == Subject.id).exists(),
    )
    numbers = db.session.scalars(bare.order_by(Subject.id)).all()
    for start in range(0, len(numbers), AT_ONCE):
        anyone = with_polymorphic(Subject, "*")
        some = select(anyone).where(anyone.id.in_(numbers[start : start + AT_ONCE]))
        held = selectinload(anyone.aliases), selectinload(anyone.Person.residences)
        loaded = db.session.scalars(some.options(*held)).all()
        _index(loaded)
        for subject in loaded:
            db.session.expunge(subject)
    return len(numbers)


def index_all() -> int:
    """The same for everybody."""
    for table in TABLES:
        db.session.execute(delete(table))
    return index_missing()


def _index(subjects: Sequence[Subject]) -> None:
    numbers = [subject.id for subject in subjects]
    for table in TABLES:
        db.session.execute(delete(table).where(table.subject_id.in_(numbers)))
    _insert(
        SearchTerm,
        (
            {"subject_id": subject.id, "word": word, "origin": origin}
            for subject in subjects
            for word, origin in sorted(terms_of(subject))
        ),
    )
    _insert(
        SearchKey,
        ({"subject_id": subject.id, "key": key} for subject in subjects for key in sorted(keys_of(subject))),
    )
    _insert(
        AlikeKey,
        (
            {"subject_id": subject.id, "key": key, "rule": rule}
            for subject in subjects
            for key, rule in sorted(alike_keys(subject).items())
        ),
    )


def _insert(table: Any, rows: Iterable[dict[str, object]]) -> None:
    listed = list(rows)
    if listed:
        db.session.execute(insert(table), listed)
