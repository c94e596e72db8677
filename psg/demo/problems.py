"""The problems the invented partnership works on: thirty-one open cases and fourteen closed ones.

A closed case names the stage from which it was closed."""

from dataclasses import dataclass

from psg.cases.models import Aim, PartyRole, Stage

V, P, C, W, H, L = (
    PartyRole.VICTIM,
    PartyRole.PERPETRATOR,
    PartyRole.PERSON_OF_CONCERN,
    PartyRole.WITNESS,
    PartyRole.HOUSEHOLD_MEMBER,
    PartyRole.PLACE,
)
D, N, E = Aim.DEMAND, Aim.NEED, Aim.ENFORCEMENT


@dataclass(frozen=True)
class Problem:
    """A case as it will stand on the day of loading. `age` is how many days ago it was opened."""

    about: str
    role: PartyRole
    summary: str
    stage: Stage
    lead: str
    age: int
    aims: tuple[Aim, ...] = (D,)
    others: tuple[tuple[str, PartyRole], ...] = ()
    commitments: tuple[str, ...] = ("PSG-1",)
    severity: int = 2
    """From 1, quiet, to 3, grave: how the invented scores and contacts lean."""
    is_scored: bool = True
    high_harm: bool = False


OBJECTIVE, SCANNING, ANALYSIS, RESPONSE, ASSESSMENT = Stage

OPEN = (
    # Ely
    Problem("Maureen Bitternell", V, "Noise and threats from next door, most nights", RESPONSE, "housing", 130, (D, E),
            (("Darren Lockspit", P), ("Paula Harrierby", W)), ("ASB-1", "ASB-5", "PSG-1"), 3, high_harm=True),
    Problem("Sheila Fenwarden", C, "Rooms full to the ceiling, two small fires, calls to four services", RESPONSE, "fire", 150,
            (N, D), (("Lantern Court", L),), ("FS-3", "PSG-2", "FS-2"), 2),
    Problem("Kayleigh Ospreyle", V, "Flat taken over by people selling drugs; afraid to go home", ANALYSIS, "housing", 88, (N,),
            (("Dean Sedgewane", P), ("Quayfield House", L), ("Elaine Sluiceby", W)), ("CL-1", "PSG-2", "SM-1"), 3, high_harm=True),
    Problem("Peter Dykeham", C, "Dispute over moorings, abuse of neighbours and many calls", SCANNING, "police", 40, (D,),
            (("Kingfisher moorings", L), ("Viktor Lodemark", V)), ("ASB-1", "PSG-1", "WT-6"), 2),
    Problem("Margaret Alderwick", V, "Doorstep callers return and take money", ANALYSIS, "police", 95, (N,),
            (("Callum Osprell", P),), ("WT-3", "PSG-2", "SC-1"), 3),
    Problem("Carly Wigmere", C, "Rings 999 several times a week, mostly at night", RESPONSE, "mental.health", 160, (N, D),
            (), ("PSG-2", "CL-1"), 1),
    Problem("Lewis Ternby", C, "Sleeps in stairwells; asks for help from six services", SCANNING, "coordinator", 35, (N,),
            (("Quayfield House", L),), ("CL-1", "SS-2"), 1),
    Problem("Amina Carrside", V, "Abuse in the street because of her faith", OBJECTIVE, "neighbourhood", 12, (D,),
            (("Kingfisher Row", L),), ("HC-5", "PSG-1"), 3, high_harm=True, is_scored=False),
    Problem("Lantern Street car park", L, "Cars meet at night: noise, racing and litter", RESPONSE, "antisocial", 120, (D, E),
            (("Graham Plovermere", W),), ("ASB-1", "ASB-3", "RS-5"), 2),
    Problem("Osier Parade shops", L, "Theft and abuse of shop staff every week", ANALYSIS, "neighbourhood", 70, (D, E),
            (("Adele Kingmere", V),), ("PSG-3", "ASB-1", "SS-1"), 2),
    Problem("Kingfisher moorings", L, "Boats set loose, generators at night, rubbish on the bank", OBJECTIVE, "environment", 9, (D,),
            (("Peter Dykeham", C),), ("ASB-6",), 1, is_scored=False),
    # Littleport
    Problem("James Reedmace", P, "Threatens shopkeepers and neighbours when drunk", RESPONSE, "police", 140, (D, N, E),
            (("Colin Hollowfen", V), ("Roy Pochley", W)), ("PSG-3", "SM-1", "ASB-2"), 3, high_harm=True),
    Problem("Bittern Drove underpass", L, "Groups gather after school: fires, glass, people afraid to pass", ASSESSMENT, "littleport.police",
            210, (D,), (("Colin Hollowfen", W),), ("ASB-1", "PSG-1", "VAP-1", "YP-1"), 2),
    Problem("Stacey Bulrusher", V, "Shouting and damage; children hear it", SCANNING, "housing", 33, (N, D),
            (("Kevin Bulrusher", P), ("Grebe Court", L)), ("PSG-2", "DA-5"), 3, high_harm=True),
    Problem("Jodie Wellstream", C, "Many calls about neighbours that nobody else reports", ANALYSIS, "heron", 81, (D, N),
            (("Craig Wellstream", H),), ("ASB-2", "PSG-1"), 1),
    Problem("Grebe Court", L, "Stairwells used for drinking and dealing", SCANNING, "heron", 44, (D, E),
            (("Phil Drovemere", P),), ("SM-2", "ASB-3", "ASB-7"), 2),
    Problem("Sluice Yard", L, "Fires among stored tyres, break-ins", RESPONSE, "fire", 115, (D,), (), ("FS-3",), 2),
    # Soham
    Problem("Ryan Cattailer", P, "Leads a small group that damages cars and intimidates residents", ANALYSIS, "youth", 77, (D, N),
            (("Joyce Cooteham", V), ("Weir Close recreation ground", L)), ("ASB-1", "VAP-1", "YP-5"), 2),
    Problem("Tyler Cattailer", C, "Missing lessons; seen with older people who give him money", SCANNING, "children", 50, (N,),
            (("Ryan Cattailer", H),), ("PSG-2", "WT-3", "LCT-6"), 2),
    Problem("Mason Rushlow", P, "Throws stones at buses and staff", OBJECTIVE, "youth", 15, (D, N),
            (("Weir Close recreation ground", L),), ("VAP-1", "YP-5"), 1),
    Problem("Shane Teasdrake", P, "Begs with menaces outside shops, breaks agreements", RESPONSE, "police", 125, (D, E),
            (("Natalie Levelby", V), ("Rosa Eelbank", W)), ("SS-2", "PSG-3"), 3, high_harm=True),
    Problem("Weir Close recreation ground", L, "Motorbikes on the pitches, play equipment burned", ASSESSMENT, "neighbourhood", 190, (D,),
            (), ("ASB-1", "FS-3"), 2),
    Problem("The Plough and Eel (closed)", L, "Empty pub broken into; needles and fires", SCANNING, "environment", 48, (D, E),
            (("Tomasz Eelbrook", V),), ("ASB-3", "SM-2"), 2),
    # Burwell, Sutton, Haddenham, Bottisham and the other villages
    Problem("Anita Lodeham", V, "A former partner's friends watch the house", ANALYSIS, "police", 66, (N,),
            (("Hannah Causeway", W),), ("PSG-2",), 3, high_harm=True),
    Problem("15 Hythe Lane", L, "Shared house: parties, rubbish, a different tenant each month", RESPONSE, "environment", 105, (D,),
            (("Neil Causeway", W),), ("ASB-3", "ASB-8"), 1),
    Problem("Gordon Marshlow", C, "Falls, calls for help to lift him, and a complaint a day", ASSESSMENT, "adult.care", 200, (N, D),
            (), ("PSG-2", "FS-3"), 1),
    Problem("Brook Bank play area", L, "Dogs off the lead, drinking, broken swings", OBJECTIVE, "antisocial", 18, (D,),
            (("Lee Gadwell", P),), ("ASB-1", "WT-8"), 1),
    Problem("Brian Droveham", P, "Blocks a right of way and threatens walkers", ANALYSIS, "antisocial", 90, (D, E),
            (("Alan Willowby", V),), ("ASB-1", "PSG-3"), 2),
    Problem("Lode End bus shelter", L, "Glass, fires and abuse of people waiting for the last bus", ASSESSMENT, "coordinator", 185,
            (D,), (("Wayne Snipeley", W),), ("PSG-1", "FS-3", "WT-8"), 1),
    Problem("Drovers lay-by", L, "Waste burned, lorries broken into, women followed", SCANNING, "police", 52, (D, E),
            (("Steven Mallerby", W),), ("ASB-6", "PSG-3"), 2),
    Problem("Martin Heronby", P, "Sets hares and dogs loose on farmland; threatens farmers", OBJECTIVE, "littleport.police", 20, (D, E),
            (("Chalk Pit field", L),), ("PSG-3", "ASB-6"), 2),
)  # fmt: skip

CLOSED = (
    Problem("Natalie Levelby", V, "Followed home from work, and watched", ASSESSMENT, "police", 420, (N,), (), ("PSG-2",), 2),
    Problem("Station Drove footpath", L, "Bag snatches on an unlit path", ASSESSMENT, "littleport.police", 460, (D,), (), ("ASB-1", "PSG-1", "CE-6"), 2),
    Problem("Lee Gadwell", P, "Dogs off the lead in the play area; threats to parents", ASSESSMENT, "antisocial", 380, (D,), (), ("ASB-1",), 1),
    Problem("Tracey Dunlow", C, "Daily calls after a bereavement", ASSESSMENT, "mental.health", 400, (N, D), (), ("PSG-2",), 1),
    Problem("Mere Row garages", L, "Scooters stored and stripped", ASSESSMENT, "heron", 350, (D,), (), ("ASB-3", "PS-2"), 2),
    Problem("Simon Washby", P, "Shouts at parents by the school gate", ASSESSMENT, "antisocial", 330, (D,), (), ("ASB-2",), 1),
    Problem("Ethan Brightmere", C, "Found sleeping in a garage; now housed", ASSESSMENT, "coordinator", 440, (N,), (("Olive Brightmere", H),), ("CL-1",), 1),
    Problem("Cannon Street hall", L, "Windows broken each weekend", ASSESSMENT, "antisocial", 300, (D,), (), ("ASB-1", "WT-9"), 1),
    Problem("Phil Drovemere", P, "Drinking and abuse in a shared garden", ASSESSMENT, "heron", 470, (D, N), (), ("SM-1",), 2),
    Problem("Rita Willowby", V, "Traders return for more money", RESPONSE, "police", 320, (N,), (("Alan Willowby", H),), ("WT-3",), 2),
    Problem("Lode End bus shelter", L, "Shelter smashed and set alight", ASSESSMENT, "fire", 360, (D,), (), ("FS-3",), 1),
    Problem("Callum Osprell", P, "Rides an e-scooter at people on the quay", ASSESSMENT, "neighbourhood", 310, (D,), (), ("ASB-1",), 1),
    Problem("Sandra Peatling", V, "Feud over parking", ASSESSMENT, "housing", 340, (D,), (("Ian Peatling", H),), ("ASB-5",), 1),
    Problem("Keith Sedgeley", C, "Shotgun certificate worries; calls about trespass", ASSESSMENT, "police", 390, (D,), (), ("PSG-1",), 1),
)  # fmt: skip
