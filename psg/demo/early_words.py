"""Sentences for Objective, Scanning and Analysis that fit any problem."""

from psg.demo import themes_conduct as conduct
from psg.demo import themes_people as people
from psg.osara.models import Safeguarding

OUT_OF_SCOPE = (
    "The criminal matter, which goes its own way.",
    "Rent, and anything else between landlord and tenant that has no part in this.",
    "Other addresses in the street, unless Scanning shows that they belong to it.",
    "What happened before the last two years.",
)
SHARING_ABOUT_PEOPLE = (
    "Crime and Disorder Act 1998, section 115, to prevent crime and disorder; health and care partners under the Care Act "
    "2014 and common law. The least that each step needs.",
    "Crime and Disorder Act 1998, section 115; landlord under the same section. Each agency decides for what it holds.",
    "Care Act 2014, sections 6 and 7, for care and support; section 115 of the Crime and Disorder Act 1998 for the rest.",
)
SHARING_ABOUT_PLACES = (
    "Counts about a place need no basis; where people are named, section 115 of the Crime and Disorder Act 1998.",
    "Crime and Disorder Act 1998, section 115, to prevent disorder at this place. No names in the papers for the site meeting.",
)
RETURNED = (
    "Counted from our log; two were the same evening.",
    "All of them closed at the first visit.",
    "One is still open with another team, who know of this case.",
    "Mostly at the same time of day; see the dates.",
    "Half came from one household.",
)
SAFEGUARDING = {
    conduct.HOUSEHOLD.measure: Safeguarding.REFERRED,
    people.CUCKOOING.measure: Safeguarding.REFERRED,
    people.SCAM.measure: Safeguarding.REFERRED,
    people.HOARDING.measure: Safeguarding.KNOWN,
    conduct.EXPLOITED.measure: Safeguarding.KNOWN,
    conduct.YOUTHS.measure: Safeguarding.KNOWN,
    people.FALLS.measure: Safeguarding.KNOWN,
}
SAFEGUARDING_NOTES = {
    Safeguarding.NO_CONCERN: "Adult Social Care and Children's Services were asked by telephone. Nothing is held, and nothing was seen at the visit.",
    Safeguarding.REFERRED: "Referred the same day by telephone, confirmed in writing, and acknowledged. They lead on that part.",
    Safeguarding.KNOWN: "The allocated worker was rung: the concern is held there, and the worker comes to our meetings.",
}
DUPLICATES = (
    "Searched by name, alias and address: nothing else open.",
    "Searched with two spellings; the one other record found is of somebody else, born in another year.",
    "Two records with nearly the same address were compared; they are two different homes.",
)
SHARED_WITH = (
    "Nobody else has it, as far as we know.",
    "The neighbouring partnership has something like it; their coordinator was rung.",
    "The parish has had it on its agenda twice.",
)
TRIED = (
    "Letters, twice; a patrol for a fortnight. It was quiet while somebody stood there.",
    "Words of advice by three agencies, none of whom knew of the others.",
    "A referral that was closed because the letter was not answered.",
    "Nothing together. Each of us tried something alone.",
)
GAPS = (
    "We do not know who does not ring. A door-to-door would tell.",
    "Health data are counts only, and three weeks late.",
    "No figures for the hours between two and six.",
    "Nobody has asked the landlord's contractors, who are there most.",
)
EQUALITY = (
    "Age and disability bear on one side: home visits are offered, letters are in large print.",
    "No adverse effect was found. One party reads with difficulty, so what is agreed is said aloud as well.",
    "Disability was considered on both sides; nothing asked of either depends on what they cannot do.",
)
EQUALITY_OF_PLACES = (
    "No adverse effect was found; those who use the place were asked, young and old.",
    "Age was considered: what is planned falls most on the young, so something is offered to them first.",
    "Disability was considered; each change keeps the way open to a wheelchair.",
)
REVIEWERS = ("council.lead", "police.lead", "housing.lead", "coordinator", "probation", "voluntary")
REVIEWS = (
    "Read. The evidence fits the first hypothesis and was looked for on the other side as well.",
    "Read twice. I asked for the dates to be set beside the weather, and they were.",
    "Read. Sound, though I would have liked to hear from the people across the road.",
    "Read. The second hypothesis was mine and I agree that it does not hold.",
)
