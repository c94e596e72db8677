"""The fourteen agencies and twenty-six people of the invented partnership, and the district's wards."""

from dataclasses import dataclass

from psg.accounts.models import AgencyKind, Role

WARDS = (
    "Bottisham", "Burwell", "Downham Villages", "Ely East", "Ely North", "Ely West", "Fordham and Isleham",
    "Haddenham", "Littleport", "Soham North", "Soham South", "Stretham", "Sutton", "Woodditton",
)  # fmt: skip

AGENCIES = (
    ("POL", "Fenland Police", AgencyKind.POLICE),
    ("ECDC", "District Council", AgencyKind.COUNCIL),
    ("FIRE", "Fire and Rescue Service", AgencyKind.FIRE),
    ("AMB", "Ambulance Service", AgencyKind.AMBULANCE),
    ("ASC", "Adult Social Care", AgencyKind.ADULT_CARE),
    ("CSC", "Children's Services", AgencyKind.CHILDRENS_SERVICES),
    ("PROB", "Probation Service", AgencyKind.PROBATION),
    ("MH", "Mental Health Trust", AgencyKind.HEALTH),
    ("DAS", "Drug and Alcohol Service", AgencyKind.SUBSTANCE_USE),
    ("LODE", "Lodeside Homes", AgencyKind.HOUSING),
    ("HERON", "Heron Housing", AgencyKind.HOUSING),
    ("JOB", "Job Centre", AgencyKind.EMPLOYMENT),
    ("YJS", "Youth Justice Service", AgencyKind.YOUTH_JUSTICE),
    ("HUB", "Voluntary Sector Hub", AgencyKind.VOLUNTARY),
)
OVERSIGHT = ("CSP", "Community Safety Partnership", AgencyKind.OVERSIGHT)


@dataclass(frozen=True)
class Member:
    """Somebody with an account. `key` is how the rest of the demonstration names them."""

    key: str
    name: str
    agency: str
    role: Role = Role.PRACTITIONER
    is_active: bool = True

    @property
    def email(self) -> str:
        return f"{self.key}@psg.example"


MEMBERS = (
    Member("police", "Sgt Robin Teasleton", "POL"),
    Member("housing", "Toni Sallowby", "LODE"),
    Member("chair", "Ch Insp Morgan Peatwright", "POL", Role.COORDINATOR),
    Member("coordinator", "Jo Lapwynd", "ECDC", Role.COORDINATOR),
    Member("auditor", "Sacha Plovergate", "CSP", Role.AUDITOR),
    Member("delivery", "Lee Heronsley", "CSP", Role.DELIVERY_GROUP),
    Member("admin", "Kim Osierby", "CSP", Role.ADMINISTRATOR),
    Member("police.lead", "Insp Ash Curlewin", "POL", Role.AGENCY_LEAD),
    Member("council.lead", "Pat Ternfield", "ECDC", Role.AGENCY_LEAD),
    Member("housing.lead", "Jules Cootesby", "LODE", Role.AGENCY_LEAD),
    Member("neighbourhood", "PC Drew Wigeonby", "POL"),
    Member("littleport.police", "PC Sam Drovely", "POL"),
    Member("antisocial", "Chris Mallowby", "ECDC"),
    Member("environment", "Alex Carrfield", "ECDC"),
    Member("fire", "Frankie Snipewell", "FIRE"),
    Member("ambulance", "Terry Rushbeck", "AMB"),
    Member("adult.care", "Noor Alderwyke", "ASC"),
    Member("children", "Bryn Kingcupp", "CSC"),
    Member("probation", "Dale Washland", "PROB"),
    Member("mental.health", "Ife Willowmere", "MH"),
    Member("substance", "Mel Dunlinby", "DAS"),
    Member("heron", "Casey Gadwallis", "HERON"),
    Member("employment", "Rowan Pochardy", "JOB"),
    Member("youth", "Jamie Harrierson", "YJS"),
    Member("voluntary", "Ali Mereside", "HUB"),
    Member("former", "Vic Sluicer", "HERON", is_active=False),
)
