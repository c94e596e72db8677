"""Who may see one case, told once more in plain Python: what the product is compared with.

Written from trust.md and not from the code. No database, and no word of the product's own.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

OFFICERS = ("practitioner", "coordinator", "agency lead")
GLASS = timedelta(hours=4)


@dataclass
class Somebody:
    name: str
    role: str
    agency: str
    is_active: bool = True

    @property
    def is_officer(self) -> bool:
        return self.role in OFFICERS


@dataclass
class Part:
    """Somebody's part in the case: `active`, `invited`, `suspended` or `former`, and its last day."""

    status: str
    until: date | None = None

    def stands(self, day: date) -> bool:
        return self.status == "invited" or (
            self.status == "active" and (self.until is None or day <= self.until)
        )


@dataclass
class Model:
    people: dict[str, Somebody]
    lead: str
    now: datetime
    visibility: str = "partnership"
    parts: dict[str, Part] = field(default_factory=dict)
    in_conflict: set[str] = field(default_factory=set)
    glass: dict[str, datetime] = field(default_factory=dict)
    lapsed: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    proposal: tuple[str, str] | None = None

    @property
    def today(self) -> date:
        return self.now.date()

    # who may what

    def may_at_all(self, name: str) -> bool:
        one = self.people[name]
        return one.is_active and one.agency not in self.lapsed and (one.is_officer or one.role == "auditor")

    def works(self, name: str) -> bool:
        part = self.parts.get(name)
        return (
            self.may_at_all(name)
            and self.people[name].is_officer
            and name not in self.in_conflict
            and part is not None
            and part.status == "active"
            and part.stands(self.today)
        )

    def knows(self, name: str) -> bool:
        """May learn that it exists."""
        if not self.may_at_all(name) or name in self.in_conflict:
            return False
        return self.works(name) or self.visibility != "sealed"

    def sees(self, name: str) -> bool:
        if not self.knows(name):
            return False
        open_to_all = self.visibility == "partnership" and self.people[name].role != "auditor"
        return self.works(name) or open_to_all or self.glass.get(name, self.now) > self.now

    def manages(self, name: str) -> bool:
        return self.works(name) and (
            name == self.lead or self.people[name].role in ("coordinator", "agency lead")
        )

    def decides_on(self, name: str, whom: str) -> bool:
        if not self.manages(name):
            return False
        is_everyones = name == self.lead or self.people[name].role == "coordinator"
        return is_everyones or self.people[name].agency == self.people[whom].agency

    def can_join(self, name: str) -> bool:
        one = self.people[name]
        return one.is_active and one.is_officer and name not in self.in_conflict

    def stands(self, name: str) -> bool:
        return name in self.parts and self.parts[name].stands(self.today)

    # what happens; False where it is refused and nothing changes

    def invite(self, by: str, whom: str, days: int | None) -> bool:
        if not self.decides_on(by, whom) or self.stands(whom) or not self.can_join(whom):
            return False
        until = None if days is None else self.today + timedelta(days=days)
        self.parts[whom] = Part("active" if self.visibility == "sealed" else "invited", until)
        return True

    def answer_invitation(self, whom: str, accept: bool) -> bool:
        part = self.parts.get(whom)
        if part is None or part.status != "invited" or not self.can_join(whom):
            return False
        part.status = "active" if accept else "former"
        return True

    def leave(self, whom: str) -> bool:
        if whom == self.lead:
            return False
        self.parts[whom].status = "former"
        return True

    def end(self, by: str, whom: str, status: str) -> bool:
        part = self.parts.get(whom)
        if not self.decides_on(by, whom) or part is None or part.status == "former" or whom == self.lead:
            return False
        part.status = status
        return True

    def reinstate(self, by: str, whom: str) -> bool:
        part = self.parts.get(whom)
        if not self.decides_on(by, whom) or part is None or part.status != "suspended":
            return False
        if not self.can_join(whom):
            return False
        part.status = "active"
        return True

    def ask(self, whom: str) -> bool:
        if not self.knows(whom) or not self.can_join(whom) or self.stands(whom) or whom in self.asked:
            return False
        if self.people[whom].role == "coordinator" and self.visibility == "partnership":
            self.parts[whom] = Part("active")
        else:
            self.asked.add(whom)
        return True

    def answer_request(self, by: str, whom: str, grant: bool) -> bool:
        if not self.decides_on(by, whom) or (grant and not self.can_join(whom)):
            return False
        self.asked.remove(whom)
        if grant:
            self.parts[whom] = Part("active")
        return True

    def turn(self, by: str, wanted: str) -> bool:
        if not self.manages(by) or wanted == self.visibility or self.proposal:
            return False
        if "sealed" in (wanted, self.visibility):
            self.proposal = (wanted, by)
        else:
            self.visibility = wanted
        return True

    def agree(self, by: str, grant: bool) -> bool:
        if not self.manages(by) or self.proposal is None or self.proposal[1] == by:
            return False
        if grant:
            self.visibility = self.proposal[0]
        self.proposal = None
        return True

    def hand_on(self, by: str, to: str) -> bool:
        if not self.decides_on(by, to) or to == self.lead:
            return False
        part = self.parts.get(to)
        is_in = part is not None and part.status == "active" and part.stands(self.today)
        if not is_in and not self.can_join(to):
            return False
        self.lead = to
        if not is_in:
            self.parts[to] = Part("active")
        return True

    def give_work(self, to: str) -> bool:
        part = self.parts.get(to)
        if part is not None and part.status == "active" and part.stands(self.today):
            return True
        if not self.can_join(to) or (part is not None and part.status == "suspended" and to != self.lead):
            return False
        if self.visibility != "partnership" and to != self.lead:
            return False
        self.parts[to] = Part("active")
        return True

    def shut_out(self, by: str, whom: str) -> bool:
        may = self.knows(by) if by == whom else self.works(by) and self.people[by].role == "coordinator"
        if not may or whom in self.in_conflict or whom == self.lead:
            return False
        self.in_conflict.add(whom)
        if whom in self.parts:
            self.parts[whom].status = "former"
        return True

    def lift(self, by: str, whom: str) -> bool:
        if by == whom or not self.works(by) or self.people[by].role != "coordinator":
            return False
        self.in_conflict.remove(whom)
        return True

    def break_glass(self, by: str) -> bool:
        if not self.knows(by) or self.visibility == "sealed" or self.sees(by):
            return False
        self.glass[by] = self.now + GLASS
        return True
