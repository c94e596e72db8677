"""What every route yields to everybody: the table that the matrix is generated from. What is not listed is refused.

Written from trust.md, section 1, and not from the code: who holds which permission is said here once
more. A route without a line fails, and so does a line without a route.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from psg.accounts.models import Role
from tests.access.principals import Principal
from tests.architecture.routes import WHILE_TYPING

P, C, L, D, A, X = (
    Role.PRACTITIONER,
    Role.COORDINATOR,
    Role.AGENCY_LEAD,
    Role.DELIVERY_GROUP,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
OFFICERS, READERS, EVERYBODY = {P, C, L}, {P, C, L, A}, {P, C, L, D, A, X}

YES, DOOR, NO, HIDDEN, SIGN_IN = "yes", "door", "no", "hidden", "sign in"
"""It is answered; sent to the case's door; 403; the 404 of what does not exist; to where one signs in."""

STANDS: Mapping[str, Mapping[str, str]] = {
    #                works        reads        door          nothing
    "reads":   {"works": YES, "reads": YES, "door": DOOR,   "nothing": HIDDEN},
    "changes": {"works": YES, "reads": NO,  "door": DOOR,   "nothing": HIDDEN},
    "at the door": {"works": YES, "reads": YES, "door": YES, "nothing": HIDDEN},
    "a part":  {"works": YES, "reads": YES, "door": HIDDEN, "nothing": HIDDEN},
    "its own": {"works": YES, "reads": NO,  "door": HIDDEN, "nothing": HIDDEN},
}  # fmt: skip
"""What a route that names a case yields to how somebody stands to it. A part of a case shows no door of it."""


@dataclass(frozen=True)
class Route:
    """`roles`: who may do such a thing at all. `case`: how it depends on the case, if it does."""

    roles: frozenset[Role]
    case: str = ""
    only_open: bool = False
    """Nobody changes a closed case by it."""
    only: str = ""
    """A further condition, by its name below."""


PUBLIC = Route(frozenset())


def of(roles: set[Role], case: str = "", *, only: str = "", only_open: bool = False) -> Route:
    return Route(frozenset(roles), case, only_open=only_open, only=only)


READS = of(READERS, "reads")
WORKS = of(OFFICERS, "changes", only_open=True)
WORKS_CLOSED_TOO = of(OFFICERS, "changes")
MANAGES = of(OFFICERS, "changes", only="manages")
APPROVES = of({C}, "changes", only_open=True)
SETS_CONFLICTS = of({C}, "changes")
COMES = of(OFFICERS, "at the door")
COMES_OR_AUDITS = of(READERS, "at the door")
RUNS = of({C})
RUNS_A_CASE = of({C}, "a part")
ADMINISTERS = of({X})
OWN_AGENCY = of({L})

ROUTES: Mapping[str, Route] = {
    # nobody need be signed in; none of these knows of a case
    **dict.fromkeys(("health.health", "health.ready", "published.security_txt", "published.csp_report"), PUBLIC),
    **dict.fromkeys(("accounts.sign_in", "accounts.sign_out", "sessions.locked", "kept.save_draft"), PUBLIC),
    **dict.fromkeys(("second_factor.code", "second_factor.recovery_code", "second_factor.set_up"), PUBLIC),
    **dict.fromkeys(("by_mail.forgotten", "by_mail.choose"), PUBLIC),
    # one's own, whoever one is
    **dict.fromkeys(("overview.home", "profile.show", "profile.password", "profile.recovery_codes"), of(EVERYBODY)),
    **dict.fromkeys(("profile.second_factor", "sessions.step_up", "sessions.index"), of(EVERYBODY)),
    **dict.fromkeys(("sessions.end_others", "sessions.left", "sessions.stay", "kept.index"), of(EVERYBODY)),
    **dict.fromkeys(("sessions.end", "kept.show", "kept.discard"), of(EVERYBODY, only="not theirs")),
    # lists and searches, which hold what the person may see
    **dict.fromkeys(("overview.board", "cases.index", "access.restricted", "actions.index"), of(OFFICERS)),
    **dict.fromkeys(("subjects.search", "demand.index", "judging.index"), of(OFFICERS)),
    "screening.candidates": of({C}),
    **dict.fromkeys(("screening.index", "screening.new", "costs.index", "costs.new"), of({C, X})),
    **dict.fromkeys(("cases.new", "subjects.new_person", "subjects.new_place"), of(OFFICERS)),
    **dict.fromkeys(("subjects.look_for_person", "subjects.look_for_place"), of(OFFICERS)),
    # a person known from the case, and a place known from none
    **dict.fromkeys(("demand.show", "demand.contacts", "demand.new_contact"), of(OFFICERS, only="known")),
    **dict.fromkeys(("demand.group_contacts", "demand.withdraw_contact"), of(OFFICERS, only="known")),
    "screening.dismiss": of({C}, only="known"),
    **dict.fromkeys(("contacts.exclude", "contacts.include", "contacts.suggested"), of(OFFICERS, only="known")),
    **dict.fromkeys(("subjects.edit_person", "subjects.edit_place"), of(OFFICERS, only="known")),
    **dict.fromkeys(
        ("cautions.index", "cautions.new", "cautions.review", "cautions.end"), of(OFFICERS, only="known")
    ),
    **dict.fromkeys(
        ("residences.index", "residences.new", "residences.edit", "residences.end"),
        of(OFFICERS, only="known"),
    ),
    **dict.fromkeys(("links.index", "links.find", "links.new"), of(OFFICERS, only="known")),
    **dict.fromkeys(("links.edit", "links.end"), of(OFFICERS, only="both known")),
    # two records of one person or place, known from no case
    **dict.fromkeys(("merging.merge", "merging.undo", "duplicates.compare"), of({C})),
    **dict.fromkeys(("duplicates.index", "duplicates.choose"), of({C})),
    # files of contacts: one that is under way is for whoever brought it alone
    **dict.fromkeys(("imports.index", "imports.new"), of(OFFICERS)),
    **dict.fromkeys(("imports.show", "imports.columns", "imports.sheet"), of(OFFICERS, only="not theirs")),
    **dict.fromkeys(("imports.codes", "imports.run", "imports.put_away"), of(OFFICERS, only="not theirs")),
    "imports.bad_rows": of(OFFICERS, only="not theirs"),
    "imports.undo": of(OFFICERS, only="of their files"),
    # a case, read
    **dict.fromkeys(("cases.show", "chronology.index", "scoring.index", "scoring.show", "osara.show"), READS),
    **dict.fromkeys(("scoring.as_if", "worksheets.index", "plan.of_case", "sharing.of_case", "actions.of_case", "network.show"), READS),
    # a case, worked in
    **dict.fromkeys(("cases.edit", "cases.find_party", "cases.add_party", "chronology.add_note"), WORKS),
    **dict.fromkeys(("chronology.mend_note", "chronology.correct_note", "plan.link", "plan.unlink"), WORKS),
    **dict.fromkeys(("osara.move", "osara.go_back", "osara.closure", "worksheets.write"), WORKS),
    **dict.fromkeys(("worksheets.add", "worksheets.amend", "worksheets.review"), WORKS),
    **dict.fromkeys(("conduct.progress", "conduct.enforcement"), WORKS),
    **dict.fromkeys(("judging.confirm", "judging.override", "judging.hand_over", "judging.receipt"), WORKS),
    "judging.answer_override": APPROVES,
    **dict.fromkeys(("actions.new", "actions.edit", "actions.complete", "actions.drop"), WORKS_CLOSED_TOO),
    **dict.fromkeys(("actions.reopen", "scoring.new", "sharing.new", "access.leave"), WORKS_CLOSED_TOO),
    **dict.fromkeys(("clearing.ask", "clearing.answer"), of(OFFICERS, "changes", only="sealed")),
    **dict.fromkeys(("osara.waive", "osara.answer_closure", "conduct.approve"), APPROVES),
    "osara.reopen": of({C}, "changes"),
    # who belongs to a case, and who is kept from it
    "cases.reassign": of(OFFICERS, "changes", only_open=True, only="manages"),
    **dict.fromkeys(("access.invite", "access.member", "access.answer"), MANAGES),
    **dict.fromkeys(("access.visibility", "access.answer_visibility"), MANAGES),
    **dict.fromkeys(("emergency.set_conflict", "emergency.lift_conflict"), SETS_CONFLICTS),
    "emergency.deny": READS,
    # at its door
    **dict.fromkeys(("access.ask", "access.invitation"), COMES),
    **dict.fromkeys(("access.index", "emergency.declare", "emergency.card", "emergency.break_glass"), COMES_OR_AUDITS),
    # looked at afterwards, by another
    "emergency.index": of({C, L, A}),
    "emergency.review": of({C, L, A}, only="oversees"),
    # the log of sharing
    "sharing.index": of(READERS),
    "sharing.export_csv": of({A}),
    "sharing.show": of(READERS, "a part", only="audits"),
    "sharing.receipt": of(READERS, "a part", only="audits"),
    "sharing.correct": of(OFFICERS, "its own", only="at home"),
    # the record of access and change
    **dict.fromkeys(("record.index", "record.purpose"), of({L, A})),
    "record.export_csv": of({A}),
    # the plan and the totals
    **dict.fromkeys(("plan.index", "plan.show", "responses.index"), of(EVERYBODY)),
    "mapping.show": of(EVERYBODY),
    **dict.fromkeys(("reports.index", "reports.scores"), of({P, C, L, D, A})),
    "areas.index": of({P, C, L, D, A}),
    # how scores are worked out
    **dict.fromkeys(("matrices.index", "matrices.show", "matrices.compare", "matrices.export"), of(EVERYBODY)),
    **dict.fromkeys(("matrices.new", "matrices.bring_in", "matrices.propose", "matrices.withdraw"), RUNS),
    **dict.fromkeys(("matrices.answer", "drafting.details", "drafting.bands"), RUNS),
    **dict.fromkeys(("drafting.add_factor", "drafting.change_factor", "drafting.remove_factor"), RUNS),
    **dict.fromkeys(("drafting.move_factor", "drafting.add_floor", "drafting.change_floor"), RUNS),
    "drafting.remove_floor": RUNS,
    # meetings
    **dict.fromkeys(("meetings.index", "meetings.show", "meetings.show_minutes"), of(OFFICERS)),
    **dict.fromkeys(("meetings.new", "meetings.edit", "meetings.arrange", "meetings.open_meeting"), RUNS),
    **dict.fromkeys(("meetings.attendance", "meetings.guest", "meetings.close"), RUNS),
    **dict.fromkeys(("console.run", "console.capture", "console.outcome", "console.take_back"), RUNS_A_CASE),
    # agencies and accounts, without a case
    **dict.fromkeys(("administration.index", "administration.new_agency", "administration.edit_agency"), ADMINISTERS),
    **dict.fromkeys(("users.index", "users.invite", "users.show", "users.edit", "users.role"), ADMINISTERS),
    **dict.fromkeys(("users.act_on", "wards.index", "wards.new", "wards.edit"), ADMINISTERS),
    **dict.fromkeys(("outlines.index", "outlines.new", "outlines.take_back"), ADMINISTERS),
    "administration.decide": of({X}, only="not theirs"),
    **dict.fromkeys(("own_agency.index", "own_agency.ask"), OWN_AGENCY),
    **dict.fromkeys(("own_agency.suspend", "own_agency.factors"), of({L}, only="of the agency")),
}  # fmt: skip


ON_THE_WAY = {
    "record.index",
    "record.export_csv",
    "sharing.receipt",
    *WHILE_TYPING,
}
"""Pages that may first ask for something else of somebody whom they let in."""
READS_ALL = {("emergency.review", "POST", A)}
"""An auditor reads every emergency access, and reviews none."""


def told(endpoint: str, method: str, url: str, one: Principal, state: str, *, names_a_record: bool) -> str:
    """What this route yields to this person while the case is in that state."""
    if (endpoint, method, one.role) in READS_ALL:
        return NO
    route, stand = ROUTES[endpoint], one.stand(state)
    if route is PUBLIC:
        return "public"
    if stand in ("out", "locked"):
        return SIGN_IN
    if not one.has_agreement or one.role not in route.roles:
        return HIDDEN if names_a_record else NO
    if not route.case:
        return _further(route, url, one, state, stand)
    if route.only == "audits" and one.role is A:
        return YES
    answer = STANDS[route.case][stand]
    if answer is not YES:
        return answer
    if route.only_open and state == "closed":
        return NO
    return _further(route, url, one, state, stand)


def _further(route: Route, url: str, one: Principal, state: str, stand: str) -> str:
    holds = {
        "": True,
        "audits": True,
        "sealed": state == "sealed",
        "manages": one.name == "lead" or one.role in (C, L),
        "at home": one.is_at_home,
        "known": stand in ("works", "reads") or "/L-" in url,
        "both known": stand in ("works", "reads"),
        "oversees": one.role is A or (one.role is C and _may_know(state, stand)),
        "of the agency": one.is_at_home,
        "of their files": one.is_at_home or one.role is C,
        "not theirs": False,
    }[route.only]  # fmt: skip
    if holds:
        return YES
    return NO if route.only in ("manages", "at home") else HIDDEN


def _may_know(state: str, stand: str) -> bool:
    """Of an emergency access: in a sealed case its members, in a conflict nobody."""
    return stand == "works" if state == "sealed" else stand != "nothing"
