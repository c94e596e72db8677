"""Twenty-two invented places. Ward names are the district's own; streets and premises are made up."""

from dataclasses import dataclass

from psg.subjects.models import PlaceKind


@dataclass(frozen=True)
class Somewhere:
    name: str
    kind: PlaceKind
    ward: str
    address: str
    manager: str = ""
    aliases: tuple[str, ...] = ()
    block: str = ""

    @property
    def key(self) -> str:
        return self.name


PLACES: tuple[Somewhere, ...] = (
    Somewhere(
        "Bittern Drove underpass",
        PlaceKind.UNDERPASS,
        "Littleport",
        "Bittern Drove",
        "District Council",
        ("The tunnel",),
    ),
    Somewhere("Weir Close recreation ground", PlaceKind.PARK, "Soham North", "Weir Close", "Town council"),
    Somewhere("Quayfield House", PlaceKind.BLOCK, "Ely West", "Quayfield Lane", "Lodeside Homes"),
    Somewhere(
        "Lantern Street car park", PlaceKind.CAR_PARK, "Ely East", "Lantern Street", "District Council"
    ),
    Somewhere(
        "Kingfisher moorings", PlaceKind.MOORING, "Ely East", "Kingfisher Quay", "Moorings association"
    ),
    Somewhere(
        "The Plough and Eel (closed)",
        PlaceKind.OTHER,
        "Soham South",
        "2 Mere Road",
        "Owner abroad",
        ("The old pub",),
    ),
    Somewhere("Grebe Court", PlaceKind.BLOCK, "Littleport", "Grebe Court", "Heron Housing"),
    Somewhere("Drovers lay-by", PlaceKind.OTHER, "Stretham", "Causeway Road", "County highways"),
    Somewhere("Osier Parade shops", PlaceKind.SHOP, "Ely North", "Osier Parade", "Shopkeepers' group"),
    Somewhere(
        "Sluice Yard", PlaceKind.OTHER, "Littleport", "Sluice Lane", "Yard owner", ("Industrial yard",)
    ),
    Somewhere(
        "15 Hythe Lane",
        PlaceKind.DWELLING,
        "Burwell",
        "15 Hythe Lane",
        "Private landlord",
        ("The shared house",),
    ),
    Somewhere("Brook Bank play area", PlaceKind.PARK, "Sutton", "Brook Bank", "Parish council"),
    Somewhere("Lantern Court", PlaceKind.BLOCK, "Ely East", "Lantern Court", "Lodeside Homes"),
    Somewhere("Mere Row garages", PlaceKind.CAR_PARK, "Soham South", "Mere Row", "Heron Housing"),
    Somewhere("Station Drove footpath", PlaceKind.STREET, "Littleport", "Station Drove", "County highways"),
    Somewhere(
        "Cannon Street hall", PlaceKind.OTHER, "Downham Villages", "Cannon Street End", "Hall committee"
    ),
    Somewhere("Lode End bus shelter", PlaceKind.STREET, "Bottisham", "Lode End", "Parish council"),
    Somewhere("Chalk Pit field", PlaceKind.PARK, "Fordham and Isleham", "Chalk Pit Lane", "Parish council"),
    Somewhere("Kingfisher Row", PlaceKind.STREET, "Ely North", "Kingfisher Row", "District Council"),
    Somewhere("Plantation Gate", PlaceKind.STREET, "Stretham", "Plantation Gate", "District Council"),
    Somewhere("Osier Way flats", PlaceKind.BLOCK, "Ely North", "Osier Way", "Lodeside Homes"),
    Somewhere("Osier Way flat block", PlaceKind.BLOCK, "Ely North", "Osier Way, the flats", "Lodeside Homes"),
    *(
        Somewhere(
            f"Flat {number}, Quayfield House",
            PlaceKind.DWELLING,
            "Ely West",
            f"Flat {number}, Quayfield House, Quayfield Lane",
            "Lodeside Homes",
            block="Quayfield House",
        )
        for number in (1, 3)
    ),
)

PARISHES = {
    "Ely East": "City of Ely", "Ely North": "City of Ely", "Ely West": "City of Ely", "Soham North": "Soham",
    "Soham South": "Soham", "Downham Villages": "Little Downham", "Fordham and Isleham": "Fordham",
}  # fmt: skip
"""The parish of a ward's places, where it has another name."""
OPEN_LAND = {
    "Bottisham": (52.233, 0.272), "Burwell": (52.287, 0.317), "Downham Villages": (52.444, 0.231),
    "Ely East": (52.397, 0.289), "Ely North": (52.421, 0.268), "Ely West": (52.394, 0.233),
    "Fordham and Isleham": (52.332, 0.399), "Haddenham": (52.351, 0.132), "Littleport": (52.469, 0.318),
    "Soham North": (52.348, 0.327), "Soham South": (52.319, 0.344), "Stretham": (52.343, 0.229),
    "Sutton": (52.399, 0.104), "Woodditton": (52.197, 0.432),
}  # fmt: skip
"""A point on open land in each ward; the places of the ward are drawn near it, and at nobody's house."""
MANAGERS = {
    "Lodeside Homes": "01632 960411", "Heron Housing": "01632 960422", "District Council": "01632 960433",
    "Moorings association": "moorings@post.example",
}  # fmt: skip
"""How to reach those who manage places."""
