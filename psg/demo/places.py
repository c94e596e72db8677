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

    @property
    def key(self) -> str:
        return self.name


PLACES = (
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
)
