"""What the map was asked to show, as its address says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from psg.demand.counting import WINDOWS
from psg.demand.filters import WINDOW_CHOICES, WhenAsked
from psg.demand.models import ContactKind
from psg.web.dates import short_day

PATH = "/places/map"
USUAL = str(WINDOWS[1])
KIND_CHOICES = {kind.value: kind.label for kind in ContactKind}
LABELS = {"window": "Period", "kind": "Kind", "as_at": "Up to", "known_on": "As known on"}


@dataclass(frozen=True)
class MapFilter:
    """Anything the address says that is not one of the choices counts as not said."""

    asked: WhenAsked
    window: str = ""
    kind: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str], today: date) -> "MapFilter":
        window, kind = query.get("window", ""), query.get("kind", "")
        return cls(
            WhenAsked.from_query(query, today),
            window if window in WINDOW_CHOICES and window != USUAL else "",
            kind if kind in KIND_CHOICES else "",
        )

    @property
    def days(self) -> int:
        return int(self.window or USUAL)

    @property
    def contact_kind(self) -> ContactKind | None:
        return ContactKind(self.kind) if self.kind else None

    def query(self) -> dict[str, str]:
        named = {"window": self.window, "kind": self.kind}
        return {name: value for name, value in named.items() if value} | self.asked.query()

    @property
    def tags(self) -> list[tuple[str, str, str]]:
        """Each filter in force: its name, its value in words, and the address without it."""
        found = []
        for name, value in self.query().items():
            kept = {other: said for other, said in self.query().items() if other != name}
            found.append((LABELS[name], _in_words(value), f"{PATH}?{urlencode(kept)}" if kept else PATH))
        return found


def _in_words(value: str) -> str:
    return WINDOW_CHOICES.get(value) or KIND_CHOICES.get(value) or short_day(date.fromisoformat(value))
