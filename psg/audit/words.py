"""What an entry of the record says, in words: one phrase for each act, for those who read who did what.

The names of acts are part of the record and never change; their words may. An act without words of its
own is put together from what it was done to, and in the end reads as its operation and its name.
"""

from typing import Final

from psg.audit.models import Operation

OPERATIONS: Final = {
    Operation.COLLECTION: "Added something",
    Operation.ALTERATION: "Changed something",
    Operation.CONSULTATION: "Looked at something",
    Operation.DISCLOSURE: "Shared something",
    Operation.COMBINATION: "Linked something",
    Operation.ERASURE: "Erased something",
    Operation.SECURITY: "Did something about access",
    Operation.CUSTODY: "Did something to the record itself",
}
ACTS: Final = {
    "access.ask": "Asked to join the case",
    "access.grant": "Let somebody join the case",
    "access.refuse": "Refused a request to join the case",
    "action.done": "Marked an action as done",
    "action.dropped": "Dropped an action",
    "action.list": "Looked at actions",
    "agenda.move": "Moved an item of the agenda",
    "agenda.rebuild": "Drew up the agenda anew",
    "agenda.remove": "Took an item off the agenda",
    "analysis.review": "Reviewed the analysis",
    "board.view": "Looked at the board",
    "case.access": "Looked at who can see the case",
    "case.chronology": "Read the chronology",
    "case.close": "Closed the case",
    "case.commitments": "Looked at the commitments it serves",
    "case.open": "Opened a new case",
    "case.open_form": "Began to open a case",
    "case.pointer": "Saw that the case exists, and nothing of it",
    "case.reassign": "Passed the lead on",
    "case.reopen": "Opened the closed case again",
    "case.sharing": "Looked at the sharing log of the case",
    "case.turned_away": "Tried to open the case and was turned away",
    "case.view": "Opened the case",
    "case.visibility": "Changed who can see the case",
    "case.visibility_proposed": "Proposed to change who can see the case",
    "case.visibility_refused": "Refused a change of who can see the case",
    "cases.list": "Looked at the list of cases",
    "cases.restricted": "Looked at the list of restricted cases",
    "closure.decline": "Declined to close the case",
    "closure.propose": "Proposed to close the case",
    "commitment.same": "Matched commitments of two plans",
    "commitment.unlink": "Took a commitment off the case",
    "commitments.link": "Linked the case to commitments",
    "conflict.declare": "Declared a conflict of interest",
    "conflict.deny": "Said that there is no conflict of interest",
    "conflict.lift": "Lifted a conflict of interest",
    "contact.record": "Recorded a contact",
    "contact.withdraw": "Withdrew a contact",
    "demand.import": "Imported contacts",
    "disclosure.correct": "Corrected the sharing log",
    "disclosure.record": "Recorded that information was shared",
    "emergency.card": "Read what emergency access is",
    "emergency.form": "Began to ask for emergency access",
    "emergency.list": "Looked at the list of emergency accesses",
    "emergency.view": "Looked at an emergency access",
    "enforcement.approve": "Answered for enforcement",
    "enforcement.test": "Tested whether enforcement is proportionate",
    "gate.waive": "Waived a requirement of a stage",
    "glass.break": "Opened the case by emergency access",
    "glass.review": "Reviewed an emergency access",
    "home.view": "Opened their work page",
    "incident.group": "Grouped contacts into one incident",
    "meeting.attendance": "Recorded who attended a meeting",
    "meeting.capture": "Wrote down a decision or action in a meeting",
    "meeting.close": "Closed a meeting",
    "meeting.create": "Planned a meeting",
    "meeting.item": "Went through an item of a meeting",
    "meeting.open": "Opened a meeting",
    "meeting.outcome": "Recorded the outcome of an item",
    "meeting.take_back": "Took back a line of the minutes",
    "member.decline": "Declined to join the case",
    "member.invite": "Invited somebody to join the case",
    "member.join": "Joined the case",
    "member.leave": "Left the case",
    "member.reinstate": "Let a suspended member work again",
    "member.remove": "Ended somebody’s membership",
    "member.suspend": "Suspended a member",
    "minutes.view": "Read the minutes of a meeting",
    "note.add": "Added a note",
    "note.mend": "Mended a note",
    "note.view": "Read a note",
    "party.add": "Added somebody or somewhere to the case",
    "party.find": "Searched for somebody to add to the case",
    "password.change": "Changed their password",
    "password.choose": "Chose a password",
    "password.reset": "Set a new password",
    "people.list": "Looked at the list of people",
    "places.list": "Looked at the list of places",
    "plan.import": "Brought in the action plan",
    "record.export": "Exported entries of the record",
    "record.purpose": "Gave a purpose for reading the record",
    "record.view": "Read the record",
    "response.status": "Said how a response is going",
    "score.list": "Looked at the scores",
    "score.record": "Scored a risk, need or demand",
    "score.view": "Looked at a score",
    "search": "Searched for people and places",
    "sharing.entry": "Read an entry of the sharing log",
    "sharing.export": "Exported the sharing log",
    "sharing.log": "Looked at the sharing log",
    "sign_in": "Signed in",
    "sign_in.password": "Gave their password",
    "sign_out": "Signed out",
    "stage.returned": "Moved the case back a stage",
    "stage.moved": "Moved the case to the next stage",
    "support.offer": "Recorded an offer of support",
    "support.outcome": "Recorded what became of an offer of support",
}  # fmt: skip
THINGS: Final = {
    "accountrequest": "a request about an account",
    "action": "an action",
    "agency": "an agency",
    "analysis": "the analysis",
    "analysisrecord": "the analysis",
    "assessment": "the assessment",
    "assessmentrecord": "the assessment",
    "beforeafter": "a measurement",
    "case": "the case",
    "closure": "the closure",
    "commitment": "a commitment",
    "commitments": "commitments",
    "conflict": "conflicts of interest",
    "contact": "a contact",
    "hypothesis": "a hypothesis",
    "meeting": "a meeting",
    "member": "a member",
    "note": "a note",
    "objective": "the objective",
    "objectiverecord": "the objective",
    "party": "somebody or somewhere in the case",
    "person": "a person",
    "place": "a place",
    "response": "the response",
    "responserecord": "the response",
    "return": "a return to an earlier stage",
    "scanning": "the scanning",
    "scanningrecord": "the scanning",
    "score": "a score",
    "sharing": "the sharing log",
    "user": "an account",
    "visibility": "who can see the case",
}
VERBS: Final = {
    "add": "Added {}",
    "alias": "Added another name of {}",
    "amend": "Changed {}",
    "contact_form": "Began to record a contact of {}",
    "contacts": "Looked at the contacts of {}",
    "correction_form": "Began to correct {}",
    "create": "Added {}",
    "edit": "Changed {}",
    "edit_form": "Opened {} to change it",
    "edit_page": "Opened {} to change it",
    "form": "Opened the form of {}",
    "incident_form": "Began to group the contacts of {}",
    "list": "Looked at {}",
    "view": "Looked at {}",
    "write": "Wrote about {}",
}


def in_words(action: str, op: Operation) -> str:
    """What was done, as a phrase that follows on who did it: “Opened the case”."""
    words = ACTS.get(action) or _composed(action)
    return words or f"{OPERATIONS[op]}: {action.replace('.', ' ').replace('_', ' ')}"


def is_known(action: str) -> bool:
    """Whether there are words for this act, or only its name."""
    return bool(ACTS.get(action) or _composed(action))


def _composed(action: str) -> str | None:
    """“person.edit” from what a person is and what editing is; “action.drop.form” from first and last part."""
    thing, verb = THINGS.get(action.partition(".")[0]), VERBS.get(action.rpartition(".")[2])
    if verb is None and action.endswith("_form"):
        verb = VERBS["form"]
    return verb.format(thing) if thing and verb else None
