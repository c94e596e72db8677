"""What the invented agencies tell one another, why they must, and why no less would do."""

from dataclasses import dataclass

from psg.accounts.models import AgencyKind as Kind
from psg.sharing.models import Category as About


@dataclass(frozen=True)
class Shared:
    what: str
    purpose: str
    categories: tuple[About, ...]
    held_by: tuple[Kind, ...] = ()
    """The kinds of agency that would know it; empty for any."""


OF_PEOPLE = (
    Shared("Calls and visits in the last three months, as counts by type", "To see whether the pattern is getting better", (About.INCIDENTS,)),
    Shared("Current address and telephone number", "To arrange a joint visit", (About.IDENTITY, About.HOUSING)),
    Shared("Tenancy status and the dates of two warnings", "To decide which step is proportionate", (About.HOUSING,), (Kind.HOUSING, Kind.COUNCIL)),
    Shared("Outcome of the safe and well visit: alarms, exits, cooker", "To know whether the home is safe to enter", (About.HOUSING, About.SUPPORT), (Kind.FIRE,)),
    Shared("Appointments offered, and whether they were kept", "To plan support around what is already offered", (About.SUPPORT,), (Kind.SUBSTANCE_USE, Kind.HEALTH, Kind.COUNCIL, Kind.VOLUNTARY, Kind.ADULT_CARE, Kind.PROBATION)),
    Shared("Dates and places of reported incidents", "To test what lies behind the problem", (About.INCIDENTS,)),
    Shared("That a safeguarding concern is open, and who holds it", "So that nobody acts across it", (About.SAFEGUARDING,), (Kind.ADULT_CARE, Kind.CHILDRENS_SERVICES, Kind.COUNCIL)),
    Shared("Who lives in the household, by age", "To know who else is affected by a visit", (About.HOUSEHOLD,)),
    Shared("Latest score, with the answers that moved it", "To prepare the review", (About.ASSESSMENT,)),
    Shared("That the drug and alcohol service is in contact, and on which days", "So that visits do not clash with appointments", (About.HEALTH,), (Kind.SUBSTANCE_USE, Kind.HEALTH)),
    Shared("Warnings and conditions in force, with their dates", "To avoid asking for what is already forbidden", (About.CRIMINAL,), (Kind.POLICE, Kind.PROBATION, Kind.YOUTH_JUSTICE)),
    Shared("Advice of the community nurse on how to visit", "To make the visit bearable for them", (About.HEALTH,), (Kind.HEALTH, Kind.ADULT_CARE, Kind.AMBULANCE)),
)  # fmt: skip
OF_PLACES = (
    Shared("Counts of calls by hour and day", "To test what lies behind the problem", (About.PLACE,)),
    Shared("Plan of the site with lamps and ways in", "To agree what to change", (About.PLACE,)),
    Shared("Fire report of the last two incidents, without names", "To make the place safe", (About.PLACE,), (Kind.FIRE,)),
    Shared("Registration numbers noted by residents on six evenings", "To speak to the keepers", (About.IDENTITY, About.INCIDENTS), (Kind.COUNCIL, Kind.POLICE, Kind.HOUSING)),
    Shared("Still pictures of the entrance on four evenings", "To count, and to see how they come in", (About.IMAGES,), (Kind.COUNCIL, Kind.POLICE, Kind.HOUSING)),
    Shared("Name and address of the owner, from the land registry", "To write to somebody who can answer", (About.IDENTITY,)),
    Shared("Tenants' complaints, without their names", "To know what residents see that we do not", (About.PLACE,), (Kind.HOUSING, Kind.COUNCIL)),
    Shared("Dates of thefts and what was taken", "To find out where it is sold", (About.INCIDENTS,), (Kind.POLICE,)),
)  # fmt: skip
NECESSARY = (
    "The visit cannot be planned safely without it, and no less would do.",
    "Each agency holds a part of the pattern; only together does it show what is happening.",
    "The step that is being considered needs the history, and the person would expect it to be looked at.",
    "Without the date and the place the hypothesis cannot be tested.",
    "They asked for it in writing to decide whether their own duty is engaged.",
    "Two agencies were about to act against each other for want of it.",
    "The meeting decided on it; the decision cannot be carried out by somebody who does not have it.",
    "It was asked for twice, and the second time with the reason we had asked for.",
    "A worker would otherwise go alone to an address where two should go.",
    "The review is due, and this is the one answer that is out of date.",
)
PROPORTIONATE = (
    "Counts only, no text of any call; kept until the case closes.",
    "Limited to what the worker needs for the visit, and not to be passed on.",
    "Only the last three months, and only to the named officer.",
    "No health detail is included. The benefit to the person outweighs the intrusion.",
    "Read out in the meeting and not sent. Nothing was copied.",
    "Left out: everybody else who is named in the same report.",
    "They would learn it at the door in any case, and less kindly.",
    "The person was told, and did not object.",
    "Dates without descriptions; what happened on each is not needed for this.",
    "One page in place of the file, which they had asked for first.",
)
WRONG = (
    "The second date was wrong: it was the week before",
    "It went to the team's address and not to the officer's; the team has deleted it",
    "The count held two calls that belong to another address",
    "The lawful basis was entered as consent, which had been given for support and not for this",
)
