"""Which kind of problem each case of the demonstration is, and how its story bends."""

from psg.cases.models import PartyRole
from psg.demo import themes_conduct as conduct
from psg.demo import themes_people as people
from psg.demo import themes_places as places
from psg.demo import themes_roads as roads
from psg.demo import themes_villages as villages
from psg.demo.problems import Problem
from psg.demo.themes import Theme

THEMES: dict[str, Theme] = {
    "Maureen Bitternell": people.NEIGHBOURS,
    "Sheila Fenwarden": people.HOARDING,
    "Kayleigh Ospreyle": people.CUCKOOING,
    "Peter Dykeham": people.MOORINGS,
    "Margaret Alderwick": people.SCAM,
    "Carly Wigmere": people.REPEAT_CALLER,
    "Lewis Ternby": people.ROUGH_SLEEPING,
    "Amina Carrside": conduct.HATE,
    "Lantern Street car park": places.CARS,
    "Osier Parade shops": places.SHOPS,
    "Kingfisher moorings": people.MOORINGS,
    "James Reedmace": conduct.THREATS,
    "Bittern Drove underpass": places.GATHERING,
    "Stacey Bulrusher": conduct.HOUSEHOLD,
    "Jodie Wellstream": conduct.LONELY_COMPLAINTS,
    "Grebe Court": places.BLOCK,
    "Sluice Yard": places.FIRES,
    "Ryan Cattailer": conduct.YOUTHS,
    "Tyler Cattailer": conduct.EXPLOITED,
    "Mason Rushlow": conduct.YOUTHS,
    "Shane Teasdrake": conduct.BEGGING,
    "Weir Close recreation ground": roads.MOTORBIKES,
    "The Plough and Eel (closed)": places.EMPTY,
    "Anita Lodeham": conduct.WATCHED,
    "15 Hythe Lane": places.SHARED_HOUSE,
    "Gordon Marshlow": people.FALLS,
    "Brook Bank play area": places.PLAY_AREA,
    "Brian Droveham": conduct.LAND,
    "Lode End bus shelter": villages.SHELTER,
    "Drovers lay-by": roads.LAY_BY,
    "Martin Heronby": villages.HARES,
    "Natalie Levelby": conduct.WATCHED,
    "Station Drove footpath": roads.PATH_THEFT,
    "Lee Gadwell": places.PLAY_AREA,
    "Tracey Dunlow": people.REPEAT_CALLER,
    "Mere Row garages": roads.GARAGES,
    "Simon Washby": villages.ABUSE,
    "Ethan Brightmere": people.ROUGH_SLEEPING,
    "Cannon Street hall": villages.HALL,
    "Phil Drovemere": villages.GARDEN,
    "Rita Willowby": villages.TRADERS,
    "Callum Osprell": villages.RIDER,
    "Sandra Peatling": villages.PARKING,
    "Keith Sedgeley": villages.WORRIES,
}


def theme_of(problem: Problem) -> Theme:
    return THEMES[problem.about]


DRINK = (people.NEIGHBOURS, conduct.THREATS, conduct.BEGGING, villages.GARDEN)
YOUTH = (conduct.YOUTHS, conduct.EXPLOITED)
CARE = (people.HOARDING, people.FALLS)
TENANCY = (
    people.NEIGHBOURS,
    people.CUCKOOING,
    conduct.LONELY_COMPLAINTS,
    conduct.HOUSEHOLD,
    villages.PARKING,
    villages.GARDEN,
)


KNOWN_TO = {"housing": ("LODE", "HERON"), "drink": ("DAS",), "care": ("ASC", "FIRE"), "youth": ("YJS", "CSC")}
"""Who would know what stands under a heading: of a tenancy the landlord, of drink the service."""


def known_to(heading: str, problem: Problem) -> str | None:
    """The agency in this case that would know it, or None where anyone might."""
    hear = [agency for agency, _, _ in theme_of(problem).calls]
    return next((agency for agency in KNOWN_TO.get(heading, ()) if agency in hear), None)


def headings_of(problem: Problem) -> list[str]:
    """The headings of the invented officers' words that fit a case."""
    theme, is_place = theme_of(problem), problem.role is PartyRole.PLACE
    fitting = {"housing": TENANCY, "drink": DRINK, "youth": YOUTH, "care": CARE}
    found = [
        "place" if is_place else "person",
        *(name for name, themes in fitting.items() if theme in themes),
    ]
    return [*found, "victim"] if problem.role is PartyRole.VICTIM else found
