"""The record is narrowed by the bytes of its leaves, on either engine alike."""

from datetime import timedelta

from psg.audit import queries, searching
from psg.audit import services as audit
from psg.audit.models import Operation
from psg.web.dates import now
from tests.factories.accounts import make_user
from tests.factories.cases import make_case


def acts(*where) -> list[str]:
    return [str((entry.detail or {}).get("action")) for entry in queries.latest(*where, limit=50)]


def test_entries_are_found_by_each_member_of_the_leaf(session) -> None:
    one, other = make_user(), make_user()
    case = make_case(by=one)
    audit.record(Operation.DISCLOSURE, "a.shared", by=one, case=case, obj=case)
    audit.record(Operation.SECURITY, "a.secured", by=other)
    session.commit()
    assert acts(searching.by_actor(one.record_id))[0] == "a.shared"
    assert "a.shared" not in acts(searching.by_actor(other.record_id))
    assert acts(searching.of_agency(other.agency.record_id)) == ["a.secured"]
    assert acts(searching.of_operation(Operation.DISCLOSURE)) == ["a.shared"]
    assert set(acts(searching.of_operation(Operation.DISCLOSURE, Operation.SECURITY))) >= {
        "a.shared",
        "a.secured",
    }
    assert "a.shared" in acts(searching.of_case(case.record_id), searching.about_a("case"))
    assert "a.shared" not in acts(*searching.outside_cases([case.record_id]))
    assert "a.secured" in acts(*searching.outside_cases([case.record_id]))


def test_entries_are_found_by_their_time_to_the_millisecond(session) -> None:
    user, moment = make_user(), now().replace(microsecond=0)
    for name, at in (("a.late", moment), ("a.early", moment - timedelta(milliseconds=1))):
        audit.record(Operation.SECURITY, name, by=user, at=at)
    session.commit()
    mine = searching.by_actor(user.record_id)
    assert acts(mine, searching.since(moment)) == ["a.late"]
    assert acts(mine, searching.before(moment)) == ["a.early"]


def test_a_record_and_a_narrowing_go_together(session) -> None:
    one, other = make_user(), make_user()
    case = make_case(by=one)
    audit.seen("case.view", by=other, case=case)
    session.commit()
    found = queries.entries_about(case.record_id, searching.by_actor(other.record_id), limit=5)
    assert [entry.actor for entry in found] == [other.record_id]
