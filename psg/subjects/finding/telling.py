"""Why something was found, in words: for each thing typed what it was found in, or how it is alike."""

from collections.abc import Iterable

from psg.subjects.finding import given_names
from psg.subjects.finding.judging import Judged, Match
from psg.subjects.finding.keys import Likeness
from psg.subjects.finding.terms import words_from
from psg.subjects.models import Subject
from psg.subjects.words import sources


def why(subject: Subject, judged: Judged) -> tuple[str, ...]:
    """“alias: Reedy”; “Jim” is short for James; “reidmace” sounds like Reedmace."""
    texts = [(origin, text, words_from(origin, text)) for origin, text in sources(subject)]
    reasons: dict[str, None] = {}
    for match in judged.matches:
        if not match.unit.is_light:
            reasons[_reason(match, texts)] = None
    for unit in judged.missing:
        reasons[f"but not “{unit.word}”"] = None
    return tuple(reasons)


def _reason(match: Match, texts: Iterable[tuple[str, str, frozenset[str]]]) -> str:
    if match.origin == "born":
        return match.said
    if match.origin == "ward":
        return f"ward: {match.kept}"
    if match.likeness <= Likeness.BEGINS:
        text = next(
            (text for origin, text, words in texts if origin == match.origin and match.kept in words), ""
        )
        return match.origin if match.origin == "name" or not text else f"{match.origin}: {text}"
    typed = match.said or match.unit.word
    kept = match.kept.capitalize()
    if match.likeness is Likeness.SHORT_FORM:
        return _as_name(typed, match.kept)
    if match.likeness is Likeness.SOUND:
        return f"“{typed}” sounds like {kept}"
    return f"“{typed}” is spelled nearly like {kept}"


def _as_name(typed: str, kept: str) -> str:
    if given_names.is_short_for(typed, kept):
        return f"“{typed}” is short for {kept.capitalize()}"
    if given_names.is_short_for(kept, typed):
        return f"{kept.capitalize()} is short for “{typed}”"
    return f"“{typed}” is a form of the name {kept.capitalize()}"
