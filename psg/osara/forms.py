"""The forms of the five stages, one a task. A field has the name of what it fills."""

from enum import StrEnum

from psg.osara.models import AimType, Lesson, Outcome, ReturnKind, Safeguarding, Scope, Verdict
from psg.osara.rules import RULES
from psg.responses.forms import DraftForm
from psg.web.dates import today
from psg.web.fields import Choice, DayField, Line, Paragraphs, RadioChoice, WholeNumber
from psg.web.forms import EditForm


def labelled(kind: type[StrEnum]) -> list[tuple[str, str]]:
    return [(member.value, getattr(member, "label", member.value)) for member in kind]


class StatementForm(EditForm):
    why = Paragraphs("Why this case", required="Enter why this case is worked on")
    harmed = Paragraphs("Harm, and to whom", required="Enter who is harmed and how")
    aim_type = RadioChoice(
        "What the work is to do", choices=labelled(AimType), required="Choose what the work is to do"
    )
    reduce_by = WholeNumber(
        "Reduce it by, in per cent", minimum=1, maximum=100, hint="Where the aim is to reduce it."
    )
    out_of_scope = Paragraphs("Out of scope", rows=3, hint="What the group will not work on here.")


class SharingForm(EditForm):
    sharing_basis = Paragraphs(
        "Basis for sharing",
        required="Enter the basis on which the agencies share",
        hint="The power and the purpose. For example: section 115 of the Crime and Disorder Act 1998, to prevent crime and disorder at this place.",
    )
    sharing_agreement = Line(
        "Agreement it falls under", hint="The information sharing agreement, with its date."
    )


class ObjectiveForm(EditForm):
    measure = Line(
        "What is measured",
        required="Enter what is measured",
        hint="A count, rate or score of the problem, not of activity: calls about shouting, not patrols made.",
    )
    baseline = WholeNumber(
        "Number it starts from", hint="How many in the window. Leave empty where nobody knows."
    )
    baseline_reason = Paragraphs("Why there is no number", rows=2, hint="Only where there is none.")
    window_days = WholeNumber(
        "Window in days",
        required="Enter the length of the window in days",
        minimum=1,
        maximum=730,
        default=RULES.window_days,
    )
    target = WholeNumber("Target number", required="Enter the number it should come to")
    due_on = DayField("Date for the target", required="Enter the date for the target")
    data_owner_id = Choice("Who counts it", required="Choose the agency that counts it")


class ProblemForm(DraftForm):
    needed = ("community", "harm", "expectation", "events", "recurring", "similarity")

    community = Paragraphs("Community", rows=3, hint="Who is affected: residents, businesses, agencies.")
    harm = Paragraphs("Harm", rows=3)
    expectation = Paragraphs("Expectation", rows=3, hint="What the community expects the agencies to do.")
    events = Paragraphs("Events", rows=3, hint="Discrete incidents, each with a beginning and an end.")
    recurring = Paragraphs("Recurring", rows=3, hint="How often, since when, with the figures.")
    similarity = Paragraphs("Similarity", rows=3, hint="Same people, place, time, method or motive.")


class ReturnForm(EditForm):
    agency_id = Choice("Agency", required="Choose the agency")
    kind = RadioChoice(
        "What it holds", choices=labelled(ReturnKind), required="Choose whether the agency holds anything"
    )
    window_days = WholeNumber(
        "Window in days",
        required="Enter the length of the window in days",
        minimum=1,
        maximum=3650,
        default=RULES.window_days,
    )
    window_until = DayField(
        "Last day of the window", required="Enter the last day of the window", default=today
    )
    figure = WholeNumber("Figure", hint="Contacts or incidents in the window.")
    summary = Paragraphs("Summary", rows=4, hint="What is held, in outline.")


class SafeguardingForm(EditForm):
    safeguarding = RadioChoice(
        "Safeguarding",
        choices=labelled(Safeguarding),
        required="Choose the answer to the safeguarding question",
    )
    safeguarding_on = DayField("Day it was asked", required="Enter the day it was asked", default=today)
    safeguarding_note = Paragraphs(
        "Who was asked, and what followed",
        required="Enter who was asked and what followed",
        hint="Children and adults, exploitation and cuckooing included. Immediate danger is referred first and recorded afterwards.",
    )


class DuplicatesForm(EditForm):
    duplicates = Paragraphs(
        "What was searched, and what was found", required="Enter what was searched and what was found", rows=3
    )
    scope = RadioChoice(
        "One problem or several",
        choices=labelled(Scope),
        required="Choose whether this is one problem or several",
    )
    shared_with = Paragraphs(
        "Who else has it", rows=3, hint="Other places, people or partnerships with the same problem."
    )


class TriangleForm(DraftForm):
    needed = ("victim_side", "offender_side", "place_side")

    victim_side = Paragraphs(
        "Victim and guardian",
        hint="Who is harmed, who could protect them, and why that fails. Or: not applicable because …",
    )
    offender_side = Paragraphs(
        "Offender and handler",
        hint="Who does it, who has influence over them, and why that fails. Or: not applicable because …",
    )
    place_side = Paragraphs(
        "Place and manager",
        hint="Where it happens, who looks after the place, and why that fails. Or: not applicable because …",
    )


class PatternForm(EditForm):
    questions = Paragraphs(
        "Who, what, when, where, why and how",
        required="Enter what is known of who, what, when, where, why and how",
    )
    drivers_demand = Paragraphs("What drives the demand", rows=3)
    drivers_need = Paragraphs("What drives the need", rows=3)
    tried = Paragraphs("What was tried, and what came of it", rows=3)
    data_gaps = Paragraphs("What is not known", rows=3, hint="And who could find it out.")


class HypothesisForm(EditForm):
    because = Paragraphs("Because …", required="Enter the cause you suspect", rows=3)
    expect = Paragraphs(
        "… so we would expect", required="Enter what you would expect to find if it were so", rows=3
    )
    evidence_for = Paragraphs("Evidence for", rows=3)
    evidence_against = Paragraphs("Evidence against", rows=3)
    verdict = RadioChoice(
        "Verdict", choices=labelled(Verdict), required="Choose the verdict", default=Verdict.OPEN.value
    )


class EqualityForm(DraftForm):
    needed = ("equality", "vulnerability")

    equality = Paragraphs(
        "Equality",
        hint="Protected characteristics that bear on the problem or on a response: Equality Act 2010, section 149.",
    )
    vulnerability = Paragraphs(
        "Vulnerability", hint="Of victims, of those who cause harm, and of anyone else affected."
    )


class VoiceForm(EditForm):
    voice = Paragraphs(
        "What they say",
        required="Enter what the person or victim says",
        hint="In their own words where possible; who spoke with them, and what they were told.",
    )


class OptionsForm(EditForm):
    options = Paragraphs(
        "Options considered",
        required="Enter the options that were considered",
        hint="More effort, more risk, less reward, less provocation, fewer excuses.",
    )
    side_effects = Paragraphs("Possible side effects", rows=3)
    contingency = Paragraphs("If it does not work", rows=3)


class BeforeForm(EditForm):
    objective_id = Choice("Objective", required="Choose the objective it measures")
    window_days = WholeNumber(
        "Window in days",
        required="Enter the length of the window in days",
        minimum=1,
        maximum=730,
        default=RULES.window_days,
    )
    before_until = DayField(
        "Last day before the work starts", required="Enter the last day of the window", default=today
    )
    before_count = WholeNumber("Count before", required="Enter the count before the work starts")
    source = Line("Where the count comes from", required="Enter where the count comes from")


class AfterForm(EditForm):
    after_from = DayField(
        "First day of the window after",
        required="Enter the first day of the window after",
        hint="The window has the same length as the one before. A settling-in gap may be left out.",
    )
    after_count = WholeNumber("Count after", required="Enter the count after")


class OutcomeForm(EditForm):
    outcome = RadioChoice("Outcome", choices=labelled(Outcome), required="Choose the outcome")
    outcome_data = Paragraphs(
        "Data",
        required="Enter the data that shows it, or why it is not known",
        hint="The counts, their window and who counted.",
    )


class ProcessForm(EditForm):
    work_done = Paragraphs(
        "What was done",
        required="Enter what was done",
        hint="As planned or not: how much, when and by whom. Activity belongs here.",
    )
    cost = Paragraphs("Cost", rows=2, hint="Money and time.")


class ChangeForm(EditForm):
    outcome = Paragraphs(
        "What changed",
        required="Enter what changed",
        hint="In the problem, with counts before and after, and for whom.",
    )
    displacement = Paragraphs(
        "Moved elsewhere",
        rows=3,
        hint="To another place, time, target, method or agency: police down and ambulance up is no success.",
    )
    unintended = Paragraphs("Unintended harm", rows=3)
    feedback = Paragraphs("What people say", rows=3, hint="Victims, the person, the community, staff.")


class FollowUpForm(EditForm):
    follow_up_on = DayField("Day it is looked at again", required="Enter the day it is looked at again")
    follow_up_how = Paragraphs("How", rows=2)


class LessonForm(EditForm):
    lesson = RadioChoice("Lesson", choices=labelled(Lesson), required="Choose whether the lesson is offered")
    lesson_text = Paragraphs(
        "The lesson, or why it is withheld",
        required="Enter the lesson, or why it is withheld",
        hint="Without names. Effect, mechanism, moderators, implementation, economics.",
    )
