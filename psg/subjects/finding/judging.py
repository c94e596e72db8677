"""Whether a candidate is what was typed, by its own words: how well, and why in words people understand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from psg.subjects.finding import given_names
from psg.subjects.finding.candidates import SHORTEST_NUMBER, SHORTEST_OF_WARD, is_in_ward
from psg.subjects.finding.days import SAME
from psg.subjects.finding.keys import COST, Likeness
from psg.subjects.finding.sounds import sounds
from psg.subjects.finding.spelling import begins_nearly, letters_wrong
from psg.subjects.finding.typed import Joined, Typed, Unit

NOT_FOUND = {True: 40.0, False: 30.0}
"""What a word costs that is not accounted for, with figures in it and without."""
LIGHT_NOT_FOUND = 0.5
BEGINNING_ONLY = 1.5
SECOND_LETTER = 2.0
WORD_TO_SPARE = 0.2
NOT_BY_NAME = 0.5
FROM = {
    "name": 0.0, "known as": 0.1, "address": 0.2, "postcode": 0.2, "alias": 0.3, "ward": 0.6,
    "earlier address": 1.0, "earlier postcode": 1.0,
}  # fmt: skip
"""What it costs to be found by something less telling than a name."""


@dataclass(frozen=True)
class Match:
    """How one thing that was typed was found: in which word, and from where that is."""

    unit: Unit
    likeness: Likeness
    kept: str
    origin: str
    cost: float
    said: str = ""


@dataclass
class Judged:
    """A candidate with what each thing typed was found by; `missing` what it was not."""

    matches: list[Match] = field(default_factory=list)
    missing: list[Unit] = field(default_factory=list)
    cost: float = 0.0

    @property
    def is_sure(self) -> bool:
        """Found by everything that was typed, and nothing of it misheard or misspelt."""
        return not self.missing and all(match.likeness <= Likeness.SHORT_FORM for match in self.matches)


class Judge:
    """Compares what was typed with the words of all candidates, each pair of words once."""

    def __init__(self, typed: Typed, kept: Iterable[Mapping[str, Sequence[str]]]) -> None:
        self.typed = typed
        words = {word for one in kept for word in one}
        self._alike = {
            unit.word: _alike(unit, words)
            for unit in (*typed.units, *(_as_unit(joined) for joined in typed.joined))
        }

    def judge(self, kept: Mapping[str, Sequence[str]], born: date | None, ward: str) -> Judged:
        """`kept` has for each word what it came from."""
        judged = Judged()
        joined = self._joined(kept)
        for unit in self.typed.units:
            ways = (
                self._by_words(unit, kept),
                _by_day(unit, born),
                _by_ward(unit, ward) if len(self.typed.full) > 1 else None,
                joined.get(unit.number),
            )
            match = min(filter(None, ways), key=lambda one: one.cost, default=None)
            if match is not None:
                judged.matches.append(match)
                judged.cost += match.cost
            elif unit.is_light:
                judged.cost += LIGHT_NOT_FOUND
            else:
                judged.missing.append(unit)
                judged.cost += NOT_FOUND[unit.has_figures]
        judged.cost += _names_to_spare(judged, kept)
        return judged

    def _by_words(self, unit: Unit, kept: Mapping[str, Sequence[str]]) -> Match | None:
        alike = self._alike[unit.word]
        best: Match | None = None
        for word in alike.keys() & kept.keys():
            likeness, cost = alike[word]
            origin = min(kept[word], key=lambda one: FROM.get(one, 0.5))
            cost += FROM.get(origin, 0.5)
            if best is None or (cost, word) < (best.cost, best.kept):
                best = Match(unit, likeness, word, origin, cost)
        return best

    def _joined(self, kept: Mapping[str, Sequence[str]]) -> dict[int, Match]:
        """Neighbours that are one word here: each of them is accounted for by it, at half its cost."""
        found: dict[int, Match] = {}
        for joined in self.typed.joined:
            match = self._by_words(_as_unit(joined), kept)
            if match is None or match.likeness is Likeness.BEGINS or _is_of_two(match.kept, kept):
                continue
            for number in joined.covers:
                unit = self.typed.units[number]
                found[number] = Match(
                    unit, match.likeness, match.kept, match.origin, match.cost / 2, joined.word
                )
        return found


def _by_day(unit: Unit, born: date | None) -> Match | None:
    said = unit.day.nearness(born) if unit.day else None
    if unit.day is None or said is None:
        return None
    is_it = said == SAME or unit.day.year is not None
    likeness = Likeness.EXACT if is_it else Likeness.SPELLING
    return Match(unit, likeness, "", "born", float(COST[likeness]), said)


def _is_of_two(word: str, kept: Mapping[str, Sequence[str]]) -> bool:
    """Whether it is two words of this candidate as one: then each of them is to be found by itself."""
    return any(word[:place] in kept and word[place:] in kept for place in range(1, len(word)))


def _as_unit(joined: Joined) -> Unit:
    return Unit(-1, joined.word, frozenset({joined.word}))


def _alike(unit: Unit, words: Iterable[str]) -> dict[str, tuple[Likeness, float]]:
    """Of these words those that may be the one that was typed: in what way, and what that costs."""
    if not unit.ways:
        return {}
    asked = _Asked.of(unit)
    found = ((word, _likeness(asked, word)) for word in words)
    return {word: alike for word, alike in found if alike is not None}


@dataclass(frozen=True)
class _Asked:
    """A unit with all that it is compared by."""

    unit: Unit
    names: frozenset[str]
    sounds: frozenset[str]
    is_name: bool
    may_be_a_number: bool

    @classmethod
    def of(cls, unit: Unit) -> "_Asked":
        word = unit.word
        begun = given_names.names_begun if unit.is_last else given_names.names_behind
        return cls(unit, begun(word), sounds(word), word in given_names.KNOWN, len(word) >= SHORTEST_NUMBER)


def _likeness(asked: _Asked, word: str) -> tuple[Likeness, float] | None:
    unit, typed = asked.unit, asked.unit.word
    if word in unit.ways:
        return Likeness.EXACT, COST[Likeness.EXACT]
    if unit.may_begin and word.startswith(typed):
        return Likeness.BEGINS, COST[Likeness.BEGINS]
    if unit.is_light:
        return None
    if typed.isalpha():
        if not asked.names.isdisjoint(given_names.names_behind(word)):
            return Likeness.SHORT_FORM, COST[Likeness.SHORT_FORM]
        if not asked.sounds.isdisjoint(sounds(word)):
            return Likeness.SOUND, COST[Likeness.SOUND]
    if asked.is_name or not (typed.isalpha() or asked.may_be_a_number):
        return None
    wrong = letters_wrong(typed, word)
    if wrong is not None:
        return Likeness.SPELLING, COST[Likeness.SPELLING] + (wrong - 1) * SECOND_LETTER
    if unit.is_last and typed.isalpha() and begins_nearly(typed, word):
        return Likeness.SPELLING, COST[Likeness.SPELLING] + BEGINNING_ONLY
    return None


def _by_ward(unit: Unit, ward: str) -> Match | None:
    if unit.is_light or len(unit.word) < SHORTEST_OF_WARD or not is_in_ward(unit, ward):
        return None
    return Match(unit, Likeness.BEGINS, ward, "ward", COST[Likeness.BEGINS] + FROM["ward"])


def _names_to_spare(judged: Judged, kept: Mapping[str, Sequence[str]]) -> float:
    """Somebody with no other names than those typed comes before somebody with more."""
    used = {match.kept for match in judged.matches if match.origin in ("name", "known as", "alias")}
    if not used:
        return NOT_BY_NAME
    names = {word for word, origins in kept.items() if "name" in origins}
    spare = [name for name in names - used if not _is_of_two(name, kept)]
    return WORD_TO_SPARE * min(len(spare), 5)
