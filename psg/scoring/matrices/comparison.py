"""Two versions of a matrix side by side, in words: what a person who approves has to read. No database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psg.cases.models import Band
from psg.scoring.matrices.described import Described, DescribedFactor, DescribedFloor, by_code
from psg.scoring.matrices.models import Measure


@dataclass(frozen=True)
class Difference:
    """Everything that is different about one factor, one band, one floor or the whole."""

    about: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """What is different, in the order of the matrix; nothing where two versions say the same."""

    whole: tuple[Difference, ...]
    factors: tuple[Difference, ...]
    bands: tuple[Difference, ...]
    floors: tuple[Difference, ...]

    @property
    def count(self) -> int:
        return sum(len(part) for part in (self.whole, self.factors, self.bands, self.floors))


def compare(before: Described, after: Described) -> Comparison:
    """How the second differs from the first. Factors and floors are the same where their codes are."""
    return Comparison(
        whole=tuple(_of_the_whole(before, after)),
        factors=tuple(_of_factors(before["factors"], after["factors"])),
        bands=tuple(_of_bands(before, after)),
        floors=tuple(_of_floors(before["floors"], after["floors"])),
    )


def _of_the_whole(before: Described, after: Described) -> Iterator[Difference]:
    points = [3 * sum(factor["weight"] for factor in one["factors"]) for one in (before, after)]
    if points[0] != points[1]:
        yield Difference("Points at most", (f"{points[0]} → {points[1]}",))
    if before["provisional_under"] != after["provisional_under"]:
        yield Difference(
            "Provisional under", (f"{before['provisional_under']}% → {after['provisional_under']}% complete",)
        )
    if before["high_from"] != after["high_from"]:
        yield Difference(
            "High in the quadrant from", (f"{_or_never(before['high_from'])} → {after['high_from']}",)
        )
    if before["source"] != after["source"]:
        yield Difference("Where it comes from", (_changed("", before["source"], after["source"]),))


def _of_factors(before: Sequence[DescribedFactor], after: Sequence[DescribedFactor]) -> Iterator[Difference]:
    old, new = by_code(before), by_code(after)
    stayed = [code for code in old if code in new]
    moved = _out_of_order(stayed, [code for code in new if code in old])
    for code, factor in new.items():
        name = f"{code} {factor['name']}"
        if code not in old:
            yield Difference(
                name, (f"Added, weight {factor['weight']}", *_anchors_of(factor), *_guidance_of(factor))
            )
            continue
        words = [*_of_factor(old[code], factor)]
        if code in moved:
            words.append("Asked in another place")
        if words:
            yield Difference(name, tuple(words))
    for code, factor in old.items():
        if code not in new:
            yield Difference(f"{code} {factor['name']}", (f"Removed; its weight was {factor['weight']}",))


def _of_factor(before: DescribedFactor, after: DescribedFactor) -> Iterator[str]:
    if before["weight"] != after["weight"]:
        yield f"Weight {before['weight']} → {after['weight']}"
    for key, label in (("name", "Name"), ("short_name", "Short name")):
        yield from _text(label, before, after, key)
    for value, (old, new) in enumerate(zip(before["anchors"], after["anchors"], strict=False)):
        if old != new:
            yield _changed(f"Answer {value}", old, new)
    yield from _text("Guidance", before, after, "guidance")
    if before["high_from"] != after["high_from"]:
        yield f"Need is high by it alone from: {_or_never(before['high_from'])} → {_or_never(after['high_from'])}"
    if before["suggested_by"] != after["suggested_by"]:
        yield f"Suggested by: {_measure(before['suggested_by'])} → {_measure(after['suggested_by'])}"


def _of_bands(before: Described, after: Described) -> Iterator[Difference]:
    old = {band["band"]: band for band in before["bands"]}
    for band in after["bands"]:
        was = old.get(band["band"], band)
        words = []
        if was["lowest"] != band["lowest"]:
            words.append(f"From {was['lowest']} → {band['lowest']}")
        if was["review_days"] != band["review_days"]:
            words.append(f"Reviewed within {was['review_days']} → {band['review_days']} days")
        words += _text("Confirmed by", was, band, "confirmed_by")
        if words:
            yield Difference(Band(band["band"]).label, tuple(words))


def _of_floors(before: Sequence[DescribedFloor], after: Sequence[DescribedFloor]) -> Iterator[Difference]:
    old, new = ({floor["code"]: floor for floor in floors} for floors in (before, after))
    for code, floor in new.items():
        if code not in old:
            yield Difference(floor["name"], ("Added: it sets Critical whatever the points",))
            continue
        words = [*_text("Name", old[code], floor, "name"), *_text("Guidance", old[code], floor, "guidance")]
        if words:
            yield Difference(floor["name"], tuple(words))
    for code, floor in old.items():
        if code not in new:
            yield Difference(floor["name"], ("Removed: it sets Critical no more",))


def _out_of_order(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The fewest codes that must have been moved: all that are not in the longest run that kept its order."""
    place = {code: position for position, code in enumerate(before)}
    best: list[list[str]] = []
    for code in after:
        runs = [run for run in best if place[run[-1]] < place[code]]
        best.append([*_longest(runs), code])
    kept = set(_longest(best))
    return set(after) - kept


def _longest(runs: Sequence[list[str]]) -> list[str]:
    return max(runs, key=lambda run: len(run), default=[])


def _text(label: str, before: Mapping[str, Any], after: Mapping[str, Any], key: str) -> Iterator[str]:
    if before[key] != after[key]:
        yield _changed(label, before[key], after[key])


def _changed(label: str, before: str, after: str) -> str:
    start = f"{label}: " if label else ""
    return f"{start}{_quoted(before)} → {_quoted(after)}"


def _quoted(text: str) -> str:
    return f"“{text}”" if text else "nothing"


def _anchors_of(factor: DescribedFactor) -> Iterator[str]:
    for value, words in enumerate(factor["anchors"]):
        yield f"Answer {value}: “{words}”"


def _guidance_of(factor: DescribedFactor) -> list[str]:
    return [f"Guidance: “{factor['guidance']}”"] if factor["guidance"] else []


def _or_never(number: int | None) -> str:
    return "never" if number is None else str(number)


def _measure(measure: str | None) -> str:
    return Measure(measure).label if measure else "nothing"
