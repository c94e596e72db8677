"""Two records each: pairs that are one person or place, and pairs that only look like it. All are invented."""

from datetime import date
from typing import Any

from psg.subjects.models import PlaceKind
from psg.subjects.services import PersonDetails, PlaceDetails

Pair = tuple[PersonDetails | PlaceDetails, PersonDetails | PlaceDetails]


def p(name: str, born: str = "", address: str = "", contact: str = "", **more: Any) -> PersonDetails:
    given, _, family = name.rpartition(" ")
    day = date.fromisoformat(born) if born else None
    return PersonDetails(
        given_name=given, family_name=family, date_of_birth=day, address=address, contact=contact, **more
    )


def a(address: str, postcode: str = "", kind: PlaceKind = PlaceKind.DWELLING, **more: Any) -> PlaceDetails:
    return PlaceDetails(address=address, postcode=postcode, place_kind=kind, **more)


BLOCK, STREET, PARK, SHOP = PlaceKind.BLOCK, PlaceKind.STREET, PlaceKind.PARK, PlaceKind.SHOP
APART: tuple[Pair, ...] = (
    # parents and children, twins, brothers and sisters
    (p("John Quaveney", "1956-04-02", "3 Mill Lane"), p("John Quaveney", "1984-09-17", "3 Mill Lane")),
    (p("Margaret Tolle", "1941-01-30"), p("Margaret Tolle", "1969-07-08")),
    (p("Jade Marchbeck", "2001-05-05", "7 Weir Row"), p("Jack Marchbeck", "2001-05-05", "7 Weir Row")),
    (p("Amy Underhay", "1999-12-01"), p("Anna Underhay", "1999-12-01")),
    (p("Daniel Ostrey", "1988-03-03", "1 Fen Way"), p("Danielle Ostrey", "1991-11-23", "1 Fen Way")),
    (p("Carl Winter", "1977-02-02"), p("Carol Winter", "1977-02-02")),
    (p("Paul Brock", "1980-06-06", "4 Sedge Row"), p("Pauline Brock", "1980-06-06", "4 Sedge Row")),
    (p("Joan Ellis", "1950-10-10"), p("Jean Ellis", "1950-10-10")),
    (p("Mark Dolver", "1990-01-01"), p("Mary Dolver", "1990-01-01")),
    (p("Simon Thorney"), p("Simone Thorney")),
    (p("Joseph Pinch", "1965-08-14"), p("Josephine Pinch", "1965-08-14")),
    (p("Christian Ely"), p("Kirsten Ely")),
    (p("Eric Stour", "1971-09-09"), p("Erica Stour", "1974-02-19")),
    (p("Ronald Lark", "1939-03-21"), p("Donald Lark", "1939-03-21")),
    (p("Gerald Fold", "1947-07-07"), p("Geraldine Fold", "1951-01-12")),
    # common names
    (p("David Smith", "1979-03-14"), p("David Smith", "1991-10-30")),
    (p("Sarah Jones", "1980-02-11"), p("Sarah James", "1967-09-05")),
    (p("James Brown", "1985-05-20"), p("James Bowen", "1972-12-12")),
    (p("Peter Wright", "1960-06-01"), p("Peter White", "1960-06-01")),
    (p("Susan Hall", "1955-05-05"), p("Susan Hill", "1987-08-08")),
    (p("Michael Harris", "1993-03-09"), p("Michael Harrison", "1970-11-27")),
    (p("Emma Clark", "1998-01-19"), p("Emma Cook", "1998-01-19")),
    (p("Robert Marsh", "1982-04-04"), p("Robin Marsh", "1957-02-28")),
    (p("Lee Turner"), p("Leah Tanner")),
    (p("Ian Moore"), p("Ann Moore")),
    (p("Thomas King"), p("Tamsin King")),
    (p("Helen Webb", address="3 Fen Road"), p("Ellen Cobb", address="3 Fen Road")),
    (p("Kevin Palmer"), p("Calvin Parmenter")),
    (p("Ruth Ward"), p("Rita Wood")),
    (p("Alan Price"), p("Elaine Pryce")),
    # one house, one telephone, different people
    (p("Neil Carrow", address="9 Lode End"), p("Nina Carrow", address="9 Lode End")),
    (p("Omar Said", contact="07700 900111"), p("Hana Said", contact="07700 900111")),
    (p("Tina Reach", "1990-09-01", "5 Quay Row"), p("Gary Holt", "1990-09-01", "5 Quay Row")),
    # addresses
    (a("14 High Street, Ely"), a("41 High Street, Ely")),
    (a("14 High Street, Ely"), a("14 High Street, Soham")),
    (a("7 Mill Lane"), a("7 Mill Road")),
    (a("3 Church Close"), a("3 Church Walk")),
    (a("Flat 2, Quay House"), a("Flat 3, Quay House")),
    (a("Quay House", kind=BLOCK), a("Flat 2, Quay House")),
    (a("Flat 2, 14 Fen Way"), a("Flat 14, 2 Fen Way")),
    (a("12 Osier Way"), a("12a Osier Way")),
    (a("5 Station Road", "ZZ1 1AB"), a("5 Station Road", "ZZ8 4QT")),
    (a("22 Heron Drive"), a("22 Merlin Drive")),
    (a("1 North Street"), a("1 South Street")),
    (a("6 Upper Dolver Drove"), a("6 Lower Dolver Drove")),
    (a("Weir Close", kind=PARK), a("Weir Close", kind=STREET)),
    (a("Second Drove", kind=STREET), a("Third Drove", kind=STREET)),
    (a("8 Lapwing Court", uprn="999900000001"), a("8 Lapwing Court", uprn="999900000002")),
    (a("30 Broad Street", kind=SHOP), a("31 Broad Street", kind=SHOP)),
    (a("11 St Marys Road"), a("11 St Johns Road")),
    (a("2 Kings Avenue"), a("2 Queens Avenue")),
    (a("Unit 4, Angel Yard", kind=SHOP), a("Unit 5, Angel Yard", kind=SHOP)),
)
ONE: tuple[Pair, ...] = (
    (p("James Tolle", "1986-08-12"), p("Jim Tolle", "1986-08-12")),
    (p("Elizabeth Quaveney", "1970-03-05"), p("Liz Quaverny", "1970-03-05")),
    (p("Stephen Pearceby", "1990-11-01"), p("Steven Pierceby", "1990-11-02")),
    (p("Aidan McAllenby", "1988-07-04"), p("Aiden Mac Allenby", "1988-04-07")),
    (p("John Smith", "1979-03-14"), p("Smith John", "1979-03-14")),
    (p("Sarah Jones", "1991-11-07", "4 Fen Row"), p("Sarah Withern", "1991-11-07", "4 Fen Row")),
    (p("Bethany Curlew-Field"), p("Beth Curlewfield")),
    (p("Brendan O’Carraway"), p("Brendan Ocarraway")),
    (p("J Hagworthing", "1955-01-09"), p("Julia Hagworthing", "1955-01-09")),
    (p("Tom Ludborough"), p("Thomas Ludborough")),
    (p("Kevin Ludd", aliases=("Spud Marlow",)), p("Spud Marlow")),
    (p("Mohammed Rahmanzai"), p("Muhammad Rahmanzay")),
    (p("Claire Ostler", contact="07700 900417"), p("Clare Ostlar", contact="+44 7700 900417")),
    (a("14 High Street, Ely"), a("14 High St")),
    (a("Flat 2, 31 Pettifer Street"), a("31 Pettifer St, Flat 2")),
    (a("Flat 2, 31 Pettifer Street"), a("2/31 Pettifer Street")),
    (a("5 Saint Audrey’s Close"), a("5 St Audreys Cl")),
    (a("41 Kingfisher Quay"), a("41 King Fisher Quay")),
    (a("33 Weatheralls Close", "ZZ3 7HK"), a("33 Wetheralls Close", "ZZ3 7KH")),
    (a("2nd Drove", kind=STREET), a("Second Drove", kind=STREET)),
)
