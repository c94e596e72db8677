"""Bringing a plan in, and linking cases to it."""

import json

import pytest

from psg.audit.models import Operation
from psg.audit.services import QUEUE, Entry
from psg.base import Refused
from psg.cases.models import Event, EventKind
from psg.extensions import db
from psg.plan import queries, services
from psg.plan.models import AreaOfFocus, CaseCommitment, Commitment
from psg.plan.progress import Wanted
from psg.web.dates import now
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.plan import ROWS, close, commitment, link, make_plan, plan_file
from tests.plan.test_file import PUBLISHED

pytestmark = pytest.mark.usefixtures("session")


def entries() -> list[Entry]:
    return list(db.session().info.get(QUEUE, []))


def texts() -> list[str]:
    return list(db.session.scalars(db.select(Commitment.text).order_by(Commitment.sequence)))


def test_published_plan_comes_in_whole() -> None:
    imported = services.import_plan(PUBLISHED.read_bytes(), year="2021-22", by=None, now=now())
    assert (imported.added, imported.changed, imported.areas) == (94, 0, 22)
    plan = queries.plan_of("2021-22")
    assert plan is not None
    progress = queries.progress_of(plan, make_user())
    assert (progress.tally.all, progress.tally.none, progress.tally.no_lead) == (94, 94, 2)
    assert [part.area.name for part in progress.areas][:2] == ["Community Engagement", "Cyber Crime"]
    assert commitment("CE-4").lead_names == ["CCC Research Group", "ECDC", "Police"]


def test_same_file_again_changes_nothing_and_writes_nothing_to_the_record() -> None:
    make_plan()
    before, recorded = [one.id for one in queries.commitments_of_year("2021-22")], len(entries())
    imported = services.import_plan(plan_file(), year="2021-22", by=None, now=now())
    assert not imported.has_changes
    assert [one.id for one in queries.commitments_of_year("2021-22")] == before
    assert len(entries()) == recorded


def test_changed_text_lead_and_area_update_and_are_counted_and_links_stay() -> None:
    make_plan()
    held = link(commitment("ASB-1"))
    changed = services.import_plan(
        plan_file(
            "ASB,ASB-1,Understand it better,,PSG; All partners",
            "Disorder,ASB-2,Support local projects,,ECDC",
            ROWS[2],
        ),
        year="2021-22",
        by=None,
        now=now(),
    )
    assert (changed.added, changed.changed, changed.moved, changed.absent) == (0, 2, 0, ())
    assert commitment("ASB-1").lead_names == ["PSG", "All partners"]
    assert commitment("ASB-2").area.name == "Disorder"
    assert queries.link_for(held.case, held.id).commitment.text == "Understand it better"


def test_other_order_moves_and_a_new_row_adds() -> None:
    make_plan()
    imported = services.import_plan(
        plan_file("New,N-1,First of all,,", *ROWS), year="2021-22", by=None, now=now()
    )
    assert (imported.added, imported.changed, imported.moved) == (1, 0, 3)
    assert [area.name for area in queries.plan_of("2021-22").areas] == ["New", "ASB", "Fire Safety"]  # type: ignore[union-attr]


def test_commitment_that_the_file_has_no_more_is_kept_and_named() -> None:
    make_plan()
    imported = services.import_plan(plan_file(ROWS[0]), year="2021-22", by=None, now=now())
    assert imported.absent == ("ASB-2", "FS-3")
    assert len(texts()) == 3


def test_area_that_no_commitment_is_in_any_more_goes() -> None:
    make_plan(ROWS[0], "Old,O-1,Something,,")
    services.import_plan(plan_file(ROWS[0], "ASB,O-1,Something,,"), year="2021-22", by=None, now=now())
    assert list(db.session.scalars(db.select(AreaOfFocus.name))) == ["ASB"]


def test_wrong_file_changes_nothing() -> None:
    make_plan()
    before = texts()
    with pytest.raises(Refused):
        services.import_plan(
            plan_file("ASB,ASB-1,Changed,,", "ASB,ASB-1,Twice,,"), year="2021-22", by=None, now=now()
        )
    assert texts() == before


def test_years_are_plans_of_their_own() -> None:
    make_plan(year="2021-22")
    make_plan("ASB,ASB-1,Another promise,,", year="2022-23")
    assert list(queries.years()) == ["2022-23", "2021-22"]
    assert queries.commitment_for("asb-1").text == "Another promise"
    assert queries.commitment_for("ASB-1", "2021-22").text == "Understand anti-social behaviour"


def test_import_is_one_entry_of_the_record_with_the_hash_of_the_file() -> None:
    make_plan()
    (entry,) = [entry for entry in entries() if b"plan.import" in entry.body]
    assert entry.op is Operation.COLLECTION
    assert json.loads(entry.body)["rows"] == 3
    assert len(json.loads(entry.body)["file_hash"]) == 64


def test_two_commitments_are_linked_in_one_go_with_one_entry_and_one_line_of_the_chronology() -> None:
    make_plan()
    by = make_user()
    case = make_case(by=by)
    recorded = len(entries())
    services.link_commitments(
        case, [commitment("ASB-1"), commitment("FS-3")], how="Joint visit", by=by, now=now()
    )
    assert [one.commitment.reference for one in queries.links_of(case)] == ["ASB-1", "FS-3"]
    (entry,) = entries()[recorded:]
    assert (entry.op, entry.case) == (Operation.ALTERATION, case.record_id)
    assert b"Joint visit" not in entry.body
    (title,) = db.session.scalars(db.select(Event.title).where(Event.kind == EventKind.PLAN))
    assert title == "Linked to commitments ASB-1, FS-3"
    assert queries.has_commitment(case)


def test_case_serves_a_commitment_once() -> None:
    make_plan()
    held = link(commitment("ASB-1"))
    with pytest.raises(Refused, match="already serves ASB-1"):
        link(commitment("ASB-1"), commitment("ASB-2"), case=held.case)
    assert len(queries.links_of(held.case)) == 1


def test_unlinking_keeps_the_reason_in_the_chronology() -> None:
    make_plan()
    held = link(commitment("ASB-1"))
    services.unlink_commitment(held, held.case, reason="Opened in error", by=make_user(), now=now())
    assert not queries.has_commitment(held.case)
    titles = list(db.session.scalars(db.select(Event.title).where(Event.kind == EventKind.PLAN)))
    assert "No longer linked to commitment ASB-1: Opened in error" in titles


def test_open_closed_and_unserved_commitments_add_up() -> None:
    plan, user = make_plan(), make_user()
    one = link(commitment("ASB-1"))
    link(commitment("ASB-1"), case=make_case(by=user))
    done = link(commitment("ASB-2"))
    close(done.case, user)
    progress = queries.progress_of(plan, user)
    asb, fire = progress.areas
    assert (asb.tally.open, asb.tally.closed, asb.tally.none) == (1, 1, 0)
    assert (fire.tally.all, fire.tally.none, fire.tally.no_lead) == (1, 1, 1)
    assert asb.lines[0].service.open == 2
    assert asb.lines[0].service.last_activity is not None
    close(one.case, user)
    assert queries.progress_of(plan, user).areas[0].lines[0].service == queries.service_of_one(
        commitment("ASB-1"), user
    )


def test_repeat_is_served_with_its_original_and_a_case_linked_to_both_counts_once() -> None:
    plan, user = make_plan(*ROWS, "Training,LCT-1,Understand it there too,,ECDC"), make_user()
    services.mark_same(commitment("LCT-1"), same_as=commitment("ASB-1"), by=None, now=now())
    link(commitment("LCT-1"), commitment("ASB-1"))
    progress = queries.progress_of(plan, user)
    assert (progress.tally.all, progress.different, progress.repeats) == (4, 3, 1)
    counts = {line.commitment.reference: line.service.open for line in progress.lines(Wanted())}
    assert counts == {"ASB-1": 1, "ASB-2": 0, "FS-3": 0, "LCT-1": 1}
    case_id = db.session.scalar(db.select(CaseCommitment.case_id))
    for reference in ("ASB-1", "LCT-1"):
        serving = queries.case_ids_serving(commitment(reference).id)
        assert set(db.session.scalars(serving)) == {case_id}


def test_commitment_repeats_another_of_its_own_plan_only() -> None:
    make_plan()
    make_plan(year="2022-23")
    for other in (commitment("ASB-1"), commitment("ASB-1", "2022-23")):
        with pytest.raises(Refused):
            services.mark_same(commitment("ASB-1"), same_as=other, by=None, now=now())
