"""The homes of those who read no cases: the auditor and the Delivery Group."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from psg.accounts.models import User
from psg.audit.models import Head
from psg.audit.queries import head_is_sound
from psg.cases.models import Case
from psg.cases.visibility import is_counted
from psg.extensions import db
from psg.overview.queries import Rows
from psg.plan.models import Plan
from psg.plan.progress import Progress
from psg.plan.queries import newest_plan, progress_of
from psg.sharing.log import LogFilter
from psg.sharing.queries import count_of, log_rows

LATEST = 6


@dataclass(frozen=True)
class Audited:
    month_from: date
    this_month: int
    ever: int
    entries: int
    head_is_sound: bool
    latest: Rows

    @property
    def record_ids(self) -> list[str]:
        return [f"disclosure_{row.audit_id}" for row in self.latest]


@dataclass(frozen=True)
class Overseen:
    """How many cases there are, still as plain numbers: what may be shown of them is the view's question."""

    open: int
    closed: int
    plan: Plan | None
    progress: Progress | None


def audited(user: User, day: date) -> Audited:
    month_from = day.replace(day=1)
    every = LogFilter()
    return Audited(
        month_from=month_from,
        this_month=count_of(log_rows(user, LogFilter(since=month_from.isoformat()))),
        ever=count_of(log_rows(user, every)),
        entries=db.session.scalar(select(func.coalesce(func.sum(Head.size), 0))) or 0,
        head_is_sound=head_is_sound(),
        latest=db.session.execute(log_rows(user, every).limit(LATEST)).all(),
    )


def overseen(user: User) -> Overseen:
    counted = db.session.execute(
        select(func.count(case((Case.closed_at.is_(None), 1))), func.count(Case.closed_at)).where(
            is_counted(user)
        )
    ).one()
    plan = newest_plan()
    return Overseen(*counted, plan=plan, progress=progress_of(plan, user) if plan else None)
