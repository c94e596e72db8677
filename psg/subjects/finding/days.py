"""Days of birth as people type them, and how near a kept one is: 12/8/86, 12 Aug 1986, 1986-08-12, 12081986."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

OLDEST = 1900
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = rf"({'|'.join(_MONTHS)})[a-z]*\.?"
_FORMS = tuple(
    re.compile(rf"(?<![\w/.-]){form}(?![\w/-]|\.\d)")
    for form in (
        r"(?P<year>(?:19|20)\d\d)[-/. ](?P<month>\d{1,2})[-/. ](?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4}|\d{2})",
        r"(?P<day>\d{1,2}) +(?P<month>\d{1,2}) +(?P<year>(?:19|20)\d\d)",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -]*(?:of )?(?P<month>{_NAME})[ ,-]*(?P<year>\d{{4}}|\d{{2}})",
        rf"(?P<month>{_NAME})[ -]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ ,-]+(?P<year>\d{{4}})",
        r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)",
        r"(?P<day>\d\d)(?P<month>\d\d)(?P<year>(?:19|20)\d\d)",
        r"(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d\d)",
    )
)
SAME = "born that day"
APART = "born a day apart"
SWAPPED = "born with day and month the other way round"
NEARLY = "born on nearly that date"


@dataclass(frozen=True)
class DayAsked:
    """A day as it was typed: the days it may mean, or the first and last of a year."""

    text: str
    days: tuple[date, ...] = ()
    year: int | None = None

    @classmethod
    def of_year(cls, word: str) -> "DayAsked | None":
        is_year = len(word) == 4 and word.isascii() and word.isdigit() and OLDEST <= int(word) <= 2100
        return cls(word, year=int(word)) if is_year else None

    def nearness(self, born: date | None) -> str | None:
        """In words how near a day of birth is; None where it is not near."""
        if born is None:
            return None
        if self.year is not None:
            return "born in that year" if born.year == self.year else None
        if born in self.days:
            return SAME
        for day in self.days:
            if abs((born - day).days) == 1:
                return APART
            if (born.day, born.month, born.year) == (day.month, day.day, day.year):
                return SWAPPED
            if _figures_wrong(born, day) == 1:
                return NEARLY
        return None

    def near_days(self) -> Iterator[date]:
        """Every day that is near, so that a table can be asked for them."""
        for day in self.days:
            yield from (day - timedelta(days=1), day + timedelta(days=1))
            yield from _days(day.year, day.day, day.month)
            figures = f"{day:%Y%m%d}"
            for place in range(2, len(figures)):
                for figure in "0123456789":
                    other = figures[:place] + figure + figures[place + 1 :]
                    yield from _days(int(other[:4]), int(other[4:6]), int(other[6:]))


def take_days(text: str) -> tuple[str, list[DayAsked]]:
    """The text without its days, and the days. What is no day in any calendar stays as it is."""
    asked: list[DayAsked] = []

    def take(found: re.Match[str]) -> str:
        day = _read(found)
        if day is None:
            return found[0]
        asked.append(day)
        return " "

    for form in _FORMS:
        text = form.sub(take, text)
    return text, asked


def _read(found: re.Match[str]) -> DayAsked | None:
    month = found["month"]
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
    years = [int(found["year"])]
    if years[0] < 100:
        years = [1900 + years[0], 2000 + years[0]]
    days = [
        day
        for year in years
        for day in (*_days(year, number, int(found["day"])), *_days(year, int(found["day"]), number))[:1]
    ]
    return DayAsked(" ".join(found[0].split()), tuple(days)) if days else None


def _days(year: int, month: int, day: int) -> Iterator[date]:
    """The day, where there is such a one."""
    try:
        yield date(year, month, day)
    except ValueError:
        return


def _figures_wrong(one: date, other: date) -> int:
    return sum(a != b for a, b in zip(f"{one:%Y%m%d}", f"{other:%Y%m%d}", strict=True))
