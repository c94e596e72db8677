"""The rules of actions."""

from datetime import timedelta

import pytest

from psg.accounts.models import Role
from psg.actions import queries, services
from psg.actions.models import ActionStatus
from psg.actions.queries import Standing, Whose
from psg.audit.entries import Entry
from psg.base import Refused
from psg.cases.models import Event
from psg.cases.services import close_case
from psg.extensions import db
from psg.web.dates import now, today
from tests.factories.accounts import make_agency, make_user
from tests.factories.actions import make_action, make_overdue_action
from tests.factories.cases import make_case

pytestmark = pytest.mark.usefixtures("session")


def test_action_belongs_to_an_agency_that_has_still_to_name_someone() -> None:
    agency = make_agency(name="Fenland Homes")
    action = make_action(agency=agency)
    assert action.owner is None
    assert action.who == "Fenland Homes, needs a name"
    assert action.status is ActionStatus.OPEN


def test_action_of_a_person_belongs_to_that_persons_agency() -> None:
    owner = make_user(name="T. Sallowby")
    action = make_action(owner=owner)
    assert (action.owner, action.agency) == (owner, owner.agency)


def test_each_step_is_a_line_of_the_chronology_and_one_entry_of_the_record() -> None:
    by = make_user()
    case = make_case(by=by)
    start = len(_queue())
    action = make_action(case, by=by, title="Fit a door guard")
    services.edit_action(
        action,
        title="Fit two door guards",
        agency=action.agency,
        owner=None,
        due_on=action.due_on,
        by=by,
        now=now(),
    )
    services.complete_action(action, outcome="Both fitted", by=by, now=now())
    services.reopen_action(action, by=by, now=now())
    services.drop_action(action, reason="The tenant moved", by=by, now=now())
    titles = db.session.scalars(
        db.select(Event.title).where(Event.case_id == case.id).order_by(Event.id)
    ).all()
    assert titles[1:] == [
        f"Action for {action.agency.name}: Fit a door guard",
        "Action changed: Fit two door guards",
        "Action done: Fit two door guards. Both fitted",
        "Action reopened: Fit two door guards",
        "Action dropped: Fit two door guards. The tenant moved",
    ]
    assert [entry.obj for entry in _queue()[start:]] == [action.record_id] * 5
    assert all(entry.case == case.record_id for entry in _queue()[start:])


def test_record_says_which_fields_changed_and_never_the_words() -> None:
    action = make_action(title="Fit a door guard")
    services.edit_action(
        action,
        title="Visit Reedmace",
        agency=action.agency,
        owner=None,
        due_on=action.due_on,
        by=make_user(),
        now=now(),
    )
    body = _queue()[-1].body.decode()
    assert '"fields":["title"]' in body
    assert "Reedmace" not in body


def test_changed_due_date_stands_in_the_chronology() -> None:
    action = make_action()
    later = action.due_on + timedelta(days=7)
    services.edit_action(
        action, title=action.title, agency=action.agency, owner=None, due_on=later, by=make_user(), now=now()
    )
    title = db.session.scalars(db.select(Event.title).order_by(Event.id.desc())).first()
    assert title is not None
    assert "instead of" in title


def test_overdue_action_may_be_reworded_without_a_new_date() -> None:
    action = make_overdue_action()
    services.edit_action(
        action,
        title="Other words",
        agency=action.agency,
        owner=None,
        due_on=action.due_on,
        by=make_user(),
        now=now(),
    )
    assert action.title == "Other words"


@pytest.mark.parametrize(("days", "sentence"), [(-1, "today or later"), (3 * 365, "check the year")])
def test_due_date_out_of_reach_is_refused(days: int, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence) as refusal:
        make_action(due_on=today() + timedelta(days=days))
    assert refusal.value.field == "due_on"


def test_owner_of_another_agency_is_refused() -> None:
    case = make_case()
    with pytest.raises(Refused, match="does not work for"):
        make_action(case, agency=make_agency(), owner=make_user())


def test_closed_case_takes_no_new_action_but_an_open_one_may_be_ended() -> None:
    action = make_action()
    by = make_user()
    close_case(action.case, code="deceased", reason="Died", by=by, now=now())
    with pytest.raises(Refused, match="This case is closed"):
        make_action(action.case)
    services.drop_action(action, reason="No longer needed", by=by, now=now())
    with pytest.raises(Refused, match="This case is closed"):
        services.reopen_action(action, by=by, now=now())


def test_what_has_ended_is_not_ended_again() -> None:
    action = make_action()
    services.complete_action(action, outcome="Visited", by=make_user(), now=now())
    with pytest.raises(Refused, match="done already"):
        services.drop_action(action, reason="Mistake", by=make_user(), now=now())
    assert action.outcome == "Visited"


def test_action_without_words_is_not_ended() -> None:
    with pytest.raises(Refused, match="Say what came of it"):
        services.complete_action(make_action(), outcome=" ", by=make_user(), now=now())


def test_counts_of_each_case_come_from_one_selectable() -> None:
    case, quiet = make_case(), make_case()
    make_action(case)
    make_overdue_action(case, days=6)
    make_overdue_action(case, days=2)
    services.complete_action(make_action(quiet), outcome="Done", by=make_user(), now=now())
    counts = queries.action_counts(today())
    rows = {row.case_id: row for row in db.session.execute(db.select(counts)).all()}
    assert (rows[case.id].open_actions, rows[case.id].overdue_actions) == (3, 2)
    assert rows[case.id].oldest_due == today() - timedelta(days=6)
    assert quiet.id not in rows


def test_every_count_equals_the_list_it_opens() -> None:
    me = make_user()
    colleague = make_user(agency=me.agency)
    case = make_case()
    make_action(case, owner=me)
    make_action(case, owner=me, due_on=today() + timedelta(days=40))
    make_overdue_action(case, owner=me)
    make_overdue_action(case, owner=colleague)
    make_action(case, agency=me.agency)
    make_action(case, owner=make_user())
    counts = queries.counts_for(me, today())
    assert counts == {
        "mine_open": 3,
        "mine_overdue": 1,
        "mine_due": 1,
        "agency_open": 5,
        "agency_overdue": 2,
        "unnamed": 1,
    }
    lists = {
        "mine_open": (Whose.MINE, Standing.OPEN),
        "mine_overdue": (Whose.MINE, Standing.OVERDUE),
        "mine_due": (Whose.MINE, Standing.DUE_SOON),
        "agency_open": (Whose.AGENCY, Standing.OPEN),
        "agency_overdue": (Whose.AGENCY, Standing.OVERDUE),
        "unnamed": (Whose.UNNAMED, Standing.OPEN),
    }
    for name, (whose, standing) in lists.items():
        rows = db.session.execute(queries.action_rows(me, day=today(), whose=whose, standing=standing)).all()
        assert len(rows) == counts[name], name


def test_open_actions_stand_first_and_the_longest_overdue_leads() -> None:
    me, case = make_user(), make_case()
    done = make_action(case, owner=me)
    services.complete_action(done, outcome="Done", by=me, now=now())
    soon = make_action(case, owner=me, due_on=today())
    late = make_overdue_action(case, owner=me)
    rows = db.session.execute(queries.action_rows(me, day=today(), of=case)).all()
    assert [row.id for row in rows] == [late.id, soon.id, done.id]


def test_overseer_sees_no_action() -> None:
    make_overdue_action()
    auditor = make_user(role=Role.AUDITOR)
    assert db.session.execute(queries.overdue_actions(auditor, today())).all() == []


def _queue() -> list[Entry]:
    queue: list[Entry] = db.session.info["audit_queue"]
    return queue
