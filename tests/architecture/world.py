"""One partnership with a record behind every route, and the address of each of its pages and forms."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from psg.accounts.models import Role
from psg.actions.services import complete_action
from psg.cases.models import Band, Case, PartyRole, Stage, Visibility
from psg.cases.services import add_note
from psg.demand.exclusions import exclude_contact
from psg.demand.models import ExclusionReason
from psg.meetings import capturing
from psg.meetings.models import CapturedKind, Presence
from psg.meetings.services import add_guest
from psg.osara import moves
from psg.osara.queries import gate_of
from psg.osara.tasks import TASKS
from psg.responses import services as responses
from psg.scoring.judging.services import hand_over, override_band
from psg.scoring.models import MatrixKind
from psg.sharing.clearances import ask_clearance
from psg.web.dates import now, today
from tests.architecture.shut import ShutCase
from tests.factories.accounts import make_user
from tests.factories.actions import make_action
from tests.factories.cases import make_case, make_ward
from tests.factories.demand import bring_workbook, complete_import, make_contact
from tests.factories.links import make_link
from tests.factories.meetings import first_item, make_meeting, make_open_meeting
from tests.factories.merging import merge
from tests.factories.osara import (
    case_at,
    closed_case,
    complete,
    enter_reference_data,
    make_before,
    make_hypothesis,
    make_objective,
    make_response,
    make_return,
    perpetrator_of,
)
from tests.factories.outlines import make_outlines
from tests.factories.plan import commitment, link
from tests.factories.scoring import approve, drafts, make_draft, make_party, make_score
from tests.factories.sharing import council, make_disclosure
from tests.factories.subjects import make_caution, make_person, make_place, make_residence


@dataclass(frozen=True)
class Address:
    """Where a route is reached; `page` is where its form stands."""

    endpoint: str
    url: str
    page: str

    def __str__(self) -> str:
        return f"{self.endpoint} {self.url}"


class World:
    """Made through the services; `chair` may do whatever an officer may, and what the chair does."""

    def __init__(self) -> None:
        enter_reference_data()
        self.chair = make_user(role=Role.COORDINATOR)
        self.officer = make_user(agency=self.chair.agency)
        council()
        self.person = make_person(by=self.officer, family_name="Sedgewick", aliases=("Reedy",))
        self.place = make_place(by=self.officer, address="9 Bittern Drove")
        self.neighbour = make_person(by=self.officer, family_name="Ternby")
        self.alike = {
            "people": [
                make_person(by=self.officer, family_name=name) for name in ("Peatling", "Peatlin", "Peetling")
            ],
            "places": [make_place(by=self.officer, address=f"{number} Mere Row") for number in (1, 2, 3)],
        }
        self.combined = {kind: merge(*held[::2], by=self.chair) for kind, held in self.alike.items()}
        self.outlines = make_outlines([make_ward().name], by=self.chair)
        self.tie = make_link(self.person, self.place, by=self.officer)
        self.cautions = {
            "people": make_caution(self.person, by=self.officer),
            "places": make_caution(self.place, by=self.officer),
        }
        self.residence = make_residence(self.person, by=self.officer)
        self.contacts = {
            "people": [make_contact(self.person, by=self.officer) for _ in range(2)],
            "places": [make_contact(self.place, by=self.officer) for _ in range(2)],
        }
        self.elsewhere = {
            "people": make_contact(self.person, by=make_user()),
            "places": make_contact(self.place, by=make_user()),
        }
        for contact in self.elsewhere.values():
            exclude_contact(
                contact, reason=ExclusionReason.PANEL, why="Theirs to deal with", by=self.officer, now=now()
            )
        self.case = case_at(Stage.RESPONSE, by=self.officer, subject=self.person)
        self._fill(self.case)
        self.proposed = case_at(Stage.ASSESSMENT, by=self.officer)
        complete(self.proposed, Stage.ASSESSMENT, by=self.officer)
        moves.propose_closure(
            self.proposed, code="objective_met", reason="Down by half", by=self.officer, now=now()
        )
        self.closed = closed_case(by=self.officer)
        self.sealed = make_case(by=self.officer, summary="Kept from everybody else")
        self.sealed.visibility = Visibility.SEALED
        self.clearance = ask_clearance(
            self.sealed, council(), reason="They must move her tonight", by=self.officer, now=now()
        )
        self.shut = ShutCase(officer=self.officer, chair=self.chair)
        approve(make_draft(MatrixKind.RISK, effective_from=today() + timedelta(days=30)))
        self.draft, self.proposed_matrix, self.spare = drafts()
        self.meeting = make_open_meeting(by=self.chair)
        self.item = first_item(self.meeting)
        self.captured = capturing.capture(
            self.item, kind=CapturedKind.DECISION, text="Visit together", by=self.chair, now=now()
        )
        add_guest(
            self.meeting,
            name="B. Lapwynd",
            agency=self.chair.agency,
            presence=Presence.PRESENT,
            by=self.chair,
            now=now(),
        )
        self.planned = make_meeting(by=self.chair)
        self.imported, self.found, self.unwanted = (
            bring_workbook(self.place, by=self.chair, name=name) for name in ("done", "found", "spare")
        )
        complete_import(self.imported, by=self.chair)

    def _fill(self, case: Case) -> None:
        by = self.officer
        self.note = add_note(case, body="Shouting", happened_at=now(), by=self.chair, now=now())
        self.action = make_action(case, by=by)
        self.finished = make_action(case, by=by)
        complete_action(self.finished, outcome="The guard is fitted", by=by, now=now())
        self.link = link(commitment("ASB-2"), case=case, by=by)
        self.disclosure = make_disclosure(case, by=by)
        self.party = perpetrator_of(case)
        self.score = make_score(self.party, MatrixKind.RISK, "1 1 1 1 1 1 1 1", by=by)
        self._judge(case)
        objective = make_objective(case, by=by)
        self.rows: dict[str, int] = {
            "measures": objective.id,
            "outcomes": objective.id,
            "returns": make_return(case, by=by).id,
            "hypotheses": make_hypothesis(case, by=by).id,
        }
        before = make_before(case, by=by, objective=objective)
        self.response = make_response(case, by=by)
        self.enforcement = make_response(case, by=by, step="injunction")
        offer = responses.offer_support(
            case,
            party=self.party,
            agency=case.lead_agency,
            what="A visit",
            why_suitable="They asked for it",
            offered_on=today(),
            by=by,
            now=now(),
        )
        self.rows |= {
            "before": before.id,
            "after": before.id,
            "responses": self.response.id,
            "support": offer.id,
        }

    def _judge(self, case: Case) -> None:
        """An override that waits for the chair, a score to confirm, and two floors of which one is handed over."""
        by = self.officer
        override_band(self.score, band=Band.HIGH, reason="He is out again", by=by, now=now())
        place = make_party(case, PartyRole.PLACE, by=by)
        self.grave = make_score(place, MatrixKind.PLACE, "3 3 3 3 3 3 3 3 3 3", by=by)
        floors = ["threat_to_life", "suicidality"]
        self.floored = make_score(self.party, MatrixKind.NEED, "1 1 1 1 1 1 1", by=by, floors=floors)
        self.handover = hand_over(
            self.floored, floors=floors[1:], panel="MARAC", handed_at=now(), by=by, now=now()
        )

    def addresses(self) -> Iterator[Address]:
        """Every page and form of this partnership, by the endpoint that answers it."""
        for endpoint, url, *page in self._listed():
            yield Address(endpoint, url, page[0] if page else url)

    def _listed(self) -> Iterator[tuple[str, ...]]:
        yield from (
            ("overview.home", "/"),
            ("overview.board", "/board"),
            ("cases.index", "/cases"),
            ("cases.new", f"/cases/new?subject={self.place.reference}"),
            ("subjects.search", "/search"),
            ("subjects.new_person", "/people/new"),
            ("subjects.new_place", "/places/new"),
            ("subjects.look_for_person", "/people/new/alike", "/people/new"),
            ("subjects.look_for_place", "/places/new/alike", "/places/new"),
            ("subjects.edit_person", f"/people/{self.person.reference}/edit"),
            ("subjects.edit_place", f"/places/{self.place.reference}/edit"),
            ("actions.index", "/actions"),
            ("mapping.show", "/places/map"),
            ("screening.candidates", "/demand/candidates"),
            ("screening.index", "/demand/rules"),
            ("screening.new", "/demand/rules/new"),
            ("costs.index", "/demand/costs"),
            ("costs.new", "/demand/costs/new"),
            ("plan.index", "/plan"),
            ("plan.show", "/plan/ASB-1"),
            ("sharing.index", "/sharing"),
            ("sharing.export_csv", "/sharing/export.csv"),
            ("sharing.show", f"/sharing/{self.disclosure.reference}"),
            ("sharing.receipt", f"/sharing/{self.disclosure.reference}/receipt"),
            ("sharing.correct", f"/sharing/{self.disclosure.reference}/correct"),
            ("reports.index", "/reports"),
            ("reports.scores", "/reports/calibration"),
            ("responses.index", "/toolbox"),
            ("accounts.sign_out", "/sign-out", "/"),
        )
        yield from self._of_matrices()
        yield from self._of_subjects()
        yield from self._of_imports()
        yield from self._of_case()
        yield from self.shut.addresses(self.case)
        yield from self._of_stages()
        yield from self._of_meetings()

    def _of_matrices(self) -> Iterator[tuple[str, ...]]:
        draft, first, last = self.draft.path, self.draft.factors[0].id, self.draft.factors[-1].id
        floor = self.draft.floors[0].id
        yield from (
            ("matrices.index", "/scoring/matrices"),
            ("matrices.show", draft),
            ("matrices.compare", f"{draft}/compare"),
            ("matrices.export", f"{draft}.json"),
            ("matrices.new", "/scoring/matrices/new"),
            ("matrices.bring_in", "/scoring/matrices/import"),
            ("drafting.details", f"{draft}/details"),
            ("drafting.bands", f"{draft}/bands"),
            ("drafting.add_factor", f"{draft}/factors/new"),
            ("drafting.change_factor", f"{draft}/factors/{first}"),
            ("drafting.move_factor", f"{draft}/factors/{first}/down", draft),
            ("drafting.remove_factor", f"{draft}/factors/{last}/remove"),
            ("drafting.add_floor", f"{draft}/floors/new"),
            ("drafting.change_floor", f"{draft}/floors/{floor}"),
            ("drafting.remove_floor", f"{draft}/floors/{floor}/remove"),
            ("matrices.propose", f"{draft}/propose"),
            ("matrices.answer", f"{self.proposed_matrix.path}/answer"),
            ("matrices.withdraw", f"{self.spare.path}/withdraw"),
        )

    def _of_subjects(self) -> Iterator[tuple[str, ...]]:
        for kind, subject in (("people", self.person), ("places", self.place)):
            one, contact = f"/{kind}/{subject.reference}", self.contacts[kind][0]
            alike = self.alike[kind]
            other = self.elsewhere[kind].id
            yield from (
                ("demand.index", f"/{kind}"),
                ("demand.show", one),
                ("demand.contacts", f"{one}/contacts"),
                ("demand.new_contact", f"{one}/contacts/new"),
                ("demand.group_contacts", f"{one}/incidents/new"),
                ("demand.withdraw_contact", f"{one}/contacts/{contact.id}/withdraw"),
                ("duplicates.index", f"/{kind}/duplicates"),
                ("duplicates.choose", f"/{kind}/duplicates/compare"),
                ("duplicates.compare", f"/{kind}/{alike[0].reference}/duplicates/{alike[1].reference}"),
                ("merging.merge", f"/{kind}/{alike[0].reference}/merge/{alike[1].reference}"),
                ("merging.undo", f"/{kind}/{alike[0].reference}/merges/{self.combined[kind].id}/undo"),
                ("links.index", f"{one}/links"),
                ("links.find", f"{one}/links/find"),
                ("links.new", f"{one}/links/new?to={self.neighbour.reference}"),
                ("links.edit", f"{one}/links/{self.tie.id}/edit"),
                ("links.end", f"{one}/links/{self.tie.id}/end"),
                ("screening.dismiss", f"/demand/candidates/{subject.reference}/dismiss"),
                ("contacts.exclude", f"{one}/contacts/{contact.id}/exclude"),
                ("contacts.include", f"{one}/contacts/{other}/include"),
                ("contacts.suggested", f"{one}/incidents/suggested/{contact.id}/{other}"),
                ("cautions.index", f"{one}/cautions"),
                ("cautions.new", f"{one}/cautions/new"),
                ("cautions.review", f"{one}/cautions/{self.cautions[kind].id}/review"),
                ("cautions.end", f"{one}/cautions/{self.cautions[kind].id}/end"),
            )
        addresses = f"/people/{self.person.reference}/addresses"
        yield from (
            ("residences.index", addresses),
            ("residences.new", f"{addresses}/new"),
            ("residences.edit", f"{addresses}/{self.residence.id}/edit"),
            ("residences.end", f"{addresses}/{self.residence.id}/end"),
        )

    def _of_imports(self) -> Iterator[tuple[str, ...]]:
        home = "/demand/imports"
        done, found, spare = (f"{home}/{one.id}" for one in (self.imported, self.found, self.unwanted))
        yield from (
            ("areas.index", "/demand/areas"),
            ("imports.index", home),
            ("imports.new", f"{home}/new"),
            ("imports.show", found),
            ("imports.bad_rows", f"{found}/bad-rows.csv"),
            ("imports.run", f"{found}/import", found),
            ("imports.sheet", f"{found}/sheet", f"{found}/columns"),
            ("imports.columns", f"{found}/columns"),
            ("imports.codes", f"{found}/codes"),
            ("imports.put_away", f"{spare}/put-away"),
            ("imports.undo", f"{done}/undo"),
        )

    def _of_case(self) -> Iterator[tuple[str, ...]]:
        case, proposed, closed, sealed = (
            f"/cases/{case.reference}" for case in (self.case, self.proposed, self.closed, self.sealed)
        )
        waived = gate_of(self.case, self.case.stage, today()).requirements[0].key
        yield from (
            ("cases.show", case),
            ("cases.edit", f"{case}/edit"),
            ("cases.reassign", f"{case}/lead"),
            ("cases.find_party", f"{case}/parties/find"),
            ("cases.add_party", f"{case}/parties/new?subject={self.place.reference}"),
            ("chronology.index", f"{case}/chronology"),
            ("network.show", f"{case}/network"),
            ("chronology.add_note", f"{case}/notes/new"),
            ("chronology.mend_note", f"{case}/notes/{self.note.id}/edit"),
            ("chronology.correct_note", f"{case}/notes/{self.note.id}/correct"),
            ("scoring.index", f"{case}/scores"),
            ("scoring.show", f"{case}/scores/{self.score.id}"),
            ("scoring.as_if", f"{case}/scores/{self.score.id}/as-if/2"),
            ("judging.index", "/scoring/waiting"),
            ("judging.override", f"{case}/scores/{self.grave.id}/override"),
            ("judging.confirm", f"{case}/scores/{self.grave.id}/confirm"),
            ("judging.answer_override", f"{case}/scores/{self.score.id}/override/answer"),
            ("judging.hand_over", f"{case}/scores/{self.floored.id}/handover"),
            ("judging.receipt", f"{case}/scores/{self.floored.id}/handover/{self.handover.id}"),
            ("scoring.new", f"{case}/scores/new/{self.party.id}/risk"),
            ("plan.of_case", f"{case}/commitments"),
            ("plan.link", f"{case}/commitments/link"),
            ("plan.unlink", f"{case}/commitments/{self.link.id}/unlink"),
            ("sharing.of_case", f"{case}/sharing"),
            ("sharing.new", f"{case}/sharing/new"),
            ("clearing.ask", f"{sealed}/sharing/clearances/new"),
            ("clearing.answer", f"{sealed}/sharing/clearances/{self.clearance.id}"),
            ("actions.of_case", f"{case}/actions"),
            ("actions.new", f"{case}/actions/new"),
            ("actions.edit", f"{case}/actions/{self.action.id}/edit"),
            ("actions.complete", f"{case}/actions/{self.action.id}/complete"),
            ("actions.drop", f"{case}/actions/{self.action.id}/drop"),
            ("actions.reopen", f"{case}/actions/{self.finished.id}/reopen"),
            ("osara.move", f"{case}/response/move"),
            ("osara.go_back", f"{case}/return"),
            ("osara.waive", f"{case}/waive/{waived}"),
            ("osara.closure", f"{case}/closure"),
            ("osara.answer_closure", f"{proposed}/closure/answer"),
            ("osara.reopen", f"{closed}/reopen"),
            ("worksheets.review", f"{case}/analysis/review"),
            ("conduct.progress", f"{case}/response/responses/{self.response.id}/progress"),
            ("conduct.enforcement", f"{case}/response/responses/{self.enforcement.id}/enforcement"),
            ("conduct.approve", f"{case}/response/responses/{self.enforcement.id}/enforcement/approval"),
        )

    def _of_stages(self) -> Iterator[tuple[str, ...]]:
        case = f"/cases/{self.case.reference}"
        for stage, tasks in TASKS.items():
            yield "osara.show", f"{case}/{stage.value}"
            for task in tasks:
                page = f"{case}/{stage.value}/{task.key}"
                if task.form:
                    yield "worksheets.write", page
                if task.listing:
                    yield "worksheets.index", page
                    yield "worksheets.amend", f"{page}/{self.rows[task.key]}"
                    if task.listing.add_form:
                        yield "worksheets.add", f"{page}/new"

    def _of_meetings(self) -> Iterator[tuple[str, ...]]:
        running, planned = (f"/meetings/{meeting.reference}" for meeting in (self.meeting, self.planned))
        step = f"{running}/run?item={self.item.case_id}"
        yield from (
            ("meetings.index", "/meetings"),
            ("meetings.new", "/meetings/new"),
            ("meetings.show", running),
            ("meetings.edit", f"{planned}/edit"),
            ("meetings.arrange", f"{planned}/agenda", planned),
            ("meetings.open_meeting", f"{planned}/open", planned),
            ("meetings.attendance", f"{running}/attendance"),
            ("meetings.guest", f"{running}/attendance/guest"),
            ("meetings.show_minutes", f"{running}/minutes"),
            ("meetings.close", f"{running}/close"),
            ("console.run", step),
            ("console.capture", f"{running}/items/{self.item.case_id}/capture", step),
            ("console.outcome", f"{running}/items/{self.item.case_id}/outcome", step),
            ("console.take_back", f"{running}/captured/{self.captured.id}/take-back", step),
        )
