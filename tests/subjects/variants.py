"""What officers type for people and places they mean: misheard, misspelt, shortened, in another order.

Every line of `PEOPLE` and `PLACES` is one record with what is typed for it. Nobody here lives or has lived.
"""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Known:
    """A person, where there is a family name, or a place; and the texts that must find it."""

    typed: tuple[str, ...]
    given: str = ""
    family: str = ""
    born: date | None = None
    address: str = ""
    postcode: str = ""
    contact: str = ""
    aliases: tuple[str, ...] = field(default=())
    name: str = ""


def person(
    given: str,
    family: str,
    *typed: str,
    born: tuple[int, int, int] | None = None,
    address: str = "",
    postcode: str = "",
    contact: str = "",
    aliases: tuple[str, ...] = (),
) -> Known:
    day = date(*born) if born else None
    return Known(typed, given, family, day, address, postcode, contact, aliases)


def place(address: str, postcode: str, *typed: str, name: str = "", aliases: tuple[str, ...] = ()) -> Known:
    return Known(typed, address=address, postcode=postcode, name=name, aliases=aliases)


PEOPLE = (
    # short forms of given names
    person("James", "Tollemarsh", "Jim Tollemarsh", "jimmy tollemarsh", "Jamie Tollemarsh", "tollemarsh jim"),
    person(
        "Elizabeth",
        "Quaveney",
        "Liz Quaveney",
        "Beth Quaveney",
        "lizzie quaveney",
        "Betty Quaveney",
        "Liz Quaverny",
    ),
    person(
        "William",
        "Dunstrand",
        "Bill Dunstrand",
        "billy dunstrand",
        "Will Dunstrand",
        "Wm Dunstrand",
        "Liam Dunstrand",
    ),
    person("Margaret", "Hollowick", "Peggy Hollowick", "Maggie Hollowick", "Meg Holowick", "Marg Hollowick"),
    person("Robert", "Sandivar", "Bob Sandivar", "Rob Sandiver", "Bobby Sandivar", "Bert Sandivar"),
    person(
        "Katherine",
        "Ellingford",
        "Kate Ellingford",
        "Cathy Ellingford",
        "Katie Elingford",
        "Catherine Ellingford",
        "Kathryn Ellingford",
    ),
    person("Richard", "Brockwater", "Dick Brockwater", "Rick Brockwater", "Richie Brockwatter"),
    person("Liz", "Underhythe", "Elizabeth Underhythe", "Beth Underhithe"),
    person("Tony", "Gravelacre", "Anthony Gravelacre", "Antony Gravelacre", "Anthony Gravel-Acre"),
    person("Michael", "Stourmere", "Mick Stourmere", "Mike Stourmeer", "Micheal Stourmere", "Mikey Stormere"),
    person("Charlotte", "Winterfleet", "Lottie Winterfleet", "Charlie Winterfleet", "Charlotte Winterfleat"),
    person("Alexander", "Penhallick", "Sandy Penhallick", "Alex Penhalick", "Xander Penhallick"),
    person("Susan", "Marchbeck", "Sue Marchbeck", "Suzie Marchbeck", "Susanne Marchbeck"),
    person("Edward", "Thistlewell", "Ted Thistlewell", "Ned Thistlewell", "Eddie Thisslewell"),
    person("Dorothy", "Cranmoor", "Dot Cranmoor", "Dolly Cranmore", "Dorothea Cranmoor"),
    person("Patrick", "Oakenshore", "Paddy Oakenshore", "Pat Oakenshaw"),
    person("Tomasz", "Wieczorkowski", "Tomek Wieczorkowski", "Thomas Wieczorkowsky", "Wieczorkowski Tomasz"),
    person("Małgorzata", "Łukaszewicz", "Gosia Lukaszewicz", "Malgorzata Lukaszewitz"),
    person("Mohammed", "Rahmanzai", "Muhammad Rahmanzai", "Mohamed Rahmanzay", "Mo Rahmanzai"),
    # family names by ear
    person("Stephen", "Pearceby", "Steven Pierceby", "Steve Pearcby", "Stephen Peerceby"),
    person("Geoffrey", "Wrightsom", "Jeff Rightsom", "Jeffrey Wrightson", "Geoff Ritesom"),
    person("Philip", "Cheyneygate", "Phil Chaneygate", "Phillip Cheynygate", "Filip Cheyneygate"),
    person("Hannah", "Hallowden", "Anna Allowden", "Hanna Halowden"),
    person("Graham", "Smythesby", "Graeme Smithsby", "Gram Smythesbee"),
    person("Sean", "Kneeshaw", "Shaun Neeshaw", "Shawn Kneeshore"),
    person("Siobhan", "Farraghty", "Shivaun Farraghty", "Siobhan Farrerty", "siobhan faraghty"),
    person("Niamh", "Kehoegan", "Neve Kehoegan", "Niamh Keogan"),
    person("Rhys", "Llanwarrick", "Reece Llanwarrick", "Rees Lanwarrick"),
    person("Caitlin", "Houghtonby", "Kaitlyn Houghtonby", "Katelyn Hortonby"),
    person("Leigh", "Clarkmoor", "Lee Clarkmoor", "Leigh Clarkemoor"),
    person("Yvonne", "Farquarley", "Evonne Farquarley", "Yvonne Farkarley", "Vonnie Farquharley"),
    person("Jacqueline", "Whittlesham", "Jackie Whittlesham", "Jaqueline Wittlesham", "Jacqui Whitlesham"),
    person("Neil", "Cowperthwaight", "Neal Cooperthwaite", "Neil Cowperthwaite"),
    person("Deborah", "Schofieldson", "Debbie Scofieldson", "Debra Schofeldson"),
    # slips of the hand
    person(
        "Duncan",
        "Fotheringale",
        "Duncan Fothernigale",
        "Ducnan Fotheringale",
        "Duncan Fotheringal",
        "Duncan Foteringale",
    ),
    person(
        "Amanda",
        "Bitterwell",
        "Amanda Biterwell",
        "Amanad Bitterwell",
        "Mandy Bitterwel",
        "Amanda Bitterwelll",
    ),
    person(
        "Gareth", "Osterfold", "Gareth Ostrefold", "Garreth Osterfold", "Gaz Osterfold", "Gareth Osterfild"
    ),
    person("Samantha", "Eddlestowe", "Sam Eddelstowe", "Samatha Eddlestowe", "Samanhta Edlestowe"),
    person("Jonathan", "Peverill", "Jonathon Peverill", "Johnathan Peverell", "Jon Peveril"),
    person("Rebecca", "Mossendew", "Rebbeca Mossendew", "Becky Mosendew", "Rebecca Mossendue"),
    person("Terence", "Allibone", "Terrence Allibone", "Terry Alibone", "Terence Allibon"),
    person("Sharon", "Nettlecombe", "Sharron Nettlecombe", "Shaz Netlecombe", "Sharon Nettlecomb"),
    # parts and particles
    person(
        "Aidan",
        "McAllenby",
        "Aidan MacAllenby",
        "Aiden Mc Allenby",
        "Aidan Mac Allenby",
        "aidan mcalenby",
        "McAllenby Aidan",
    ),
    person("Fiona", "MacTavering", "Fiona McTavering", "Fi Mac Tavering", "fiona mactaverin"),
    person(
        "Brendan",
        "O’Carraway",
        "Brendan O'Carraway",
        "Brendan OCarraway",
        "brendan o carraway",
        "Brendan O'Caraway",
    ),
    person("Colleen", "Oshaunessy", "Colleen O'Shaunessy", "Coleen O Shaunessy", "Colleen O'Shaughnessy"),
    person(
        "Bethany",
        "Curlew-Field",
        "Bethany Curlew Field",
        "Beth Curlewfield",
        "bethany field-curlew",
        "Bethany Curlew",
    ),
    person(
        "Anna",
        "Ravenscroft-Tyde",
        "Anna Ravenscroft Tyde",
        "Anna Tyde",
        "Anna Ravenscroft",
        "Anna Ravenscoft-Tide",
    ),
    person("Julia", "St Johnstone", "Julia StJohnstone", "Julia Saint Johnstone", "Julie St. Johnstone"),
    person(
        "Ahmed", "Al-Sharrani", "Ahmed Al Sharrani", "Ahmad Alsharrani", "ahmed sharrani", "Ahmed Al-Sharani"
    ),
    person("Peter", "de Vaudrey", "Peter Devaudrey", "Pete Vaudrey", "peter de vaudry"),
    person("Mary Ann", "Gosberton", "Maryann Gosberton", "Mary Gosberton", "Mary-Ann Gosburton"),
    person("Jo-Anne", "Pinchbeckley", "Joanne Pinchbeckley", "Jo Anne Pinchbeckly", "Jo Pinchbeckley"),
    # order, initials, middle names, titles
    person(
        "Oliver John",
        "Hagworthing",
        "Hagworthing, Oliver",
        "O J Hagworthing",
        "Ollie Hagworthing",
        "HAGWORTHING Oliver John",
    ),
    person(
        "Peter", "Skendleby", "Peter Michael Skendleby", "P Skendleby", "Mr Peter Skendleby", "Skendelby P"
    ),
    person(
        "Victoria Rose",
        "Tattershell",
        "Vicky Tattershell",
        "V R Tattershell",
        "Victoria Tatershell",
        "Mrs V Tattershell",
    ),
    person("Ian", "Bardneyford", "Iain Bardneyford", "Dr Ian Bardneyford", "bardneyford i"),
    # other names
    person("Kevin", "Ludborough", "Spud Ludborough", "The Spud", "Kev Ludborrow", aliases=("Spud",)),
    person(
        "Lorraine",
        "Kirkstead",
        "Lorraine Withernby",
        "Lol Withernby",
        "Lorrain Kirksted",
        aliases=("Lorraine Withernby",),
    ),
    # days of birth
    person(
        "John",
        "Smith",
        "John Smith 14/3/1979",
        "Jon Smyth 14.03.79",
        "Smith 14 March 1979",
        "john smith 15/3/1979",
        "J Smith 3/14/1979",
        "Smith 1979-03-14",
        born=(1979, 3, 14),
    ),
    person(
        "Sarah",
        "Jones",
        "Sarah Jones 7/11/1991",
        "Sara Jones 11/7/1991",
        "jones sarah 07111991",
        "Sarah Jones born 7 Nov 1991",
        "Jones 8 11 1991",
        born=(1991, 11, 7),
    ),
    person(
        "David",
        "Brown",
        "Dave Brown 30/1/1965",
        "David Browne 30-01-65",
        "Davey Brown dob 30 January 1965",
        "David Brown 31/1/1965",
        born=(1965, 1, 30),
    ),
    person(
        "Emma",
        "Taylor",
        "Emma Tayler 2/2/2002",
        "Emma Taylor 2002-02-02",
        "Em Taylor 1/2/2002",
        born=(2002, 2, 2),
    ),
    person(
        "Paul",
        "Wilson",
        "Paul Willson 19/10/1958",
        "Wilson Paul 19 Oct 58",
        "Paul Wilson 1958",
        born=(1958, 10, 19),
    ),
    # telephone and address of a person
    person(
        "Claire",
        "Williams",
        "07700 900417",
        "07700900417",
        "+44 7700 900417",
        "Clare Williams 900417",
        "0770 0900 417",
        contact="07700 900417",
    ),
    person(
        "Mark",
        "Davies",
        "01632 960288",
        "Marc Davis 01632 960288",
        contact="01632 960288, mark.davies@post.example",
    ),
    person(
        "Laura",
        "Evans",
        "Laura Evans Teal Gardens",
        "Evans 27 Teal Gdns",
        "Laura Evens Teel Gardens",
        "laura evans zz4 7hd",
        address="27 Teal Gardens, Soham",
        postcode="ZZ4 7HD",
    ),
    person(
        "Daniel",
        "Roberts",
        "Dan Roberts Stanhythe Road",
        "Danny Roberts 8 Stanhythe Rd",
        "Roberts Stanhithe",
        address="8 Stanhythe Road",
        postcode="ZZ5 2RB",
    ),
    person(
        "Karen",
        "Johnson",
        "Karen Johnson Flat 6 Lapwing House",
        "Johnson Lapwing Hse",
        "Karen Jonson 6 Lapwing House",
        address="Flat 6, Lapwing House, Mill Lane",
        postcode="ZZ6 3QT",
    ),
)
PLACES = (
    place(
        "14 Wherrymans Way, Ely",
        "ZZ7 4LA",
        "14 Wherrymans Way",
        "14 wherryman's way",
        "Wherrymans Way 14",
        "14 Wherymans Way",
        "14 Wherrymans Wy Ely",
    ),
    place(
        "Flat 2, 31 Pettifer Street, Soham",
        "ZZ3 8PW",
        "Flat 2, 31 Pettifer St",
        "31 Pettifer Street Flat 2",
        "2/31 Pettifer Street",
        "Apartment 2 31 Pettifer St",
        "flt 2 31 petifer street",
        "Flat 2 31 Pettifer Rd Soham",
    ),
    place(
        "Flat 31, 2 Pettifer Street, Soham", "ZZ3 8PX", "Flat 31, 2 Pettifer St", "2 Pettifer Street Flat 31"
    ),
    place(
        "5 Saint Audrey’s Close",
        "ZZ2 6BN",
        "5 St Audreys Close",
        "5 St. Audrey's Cl",
        "5 Saint Audreys Clo",
        "5 St Audrys Close",
    ),
    place(
        "88 Guntersfen Road, Littleport",
        "ZZ1 9CD",
        "88 Guntersfen Rd",
        "88 Gunters Fen Road",
        "88 Guntersfenn Road",
        "88 Gunterfen Road Littleport",
    ),
    place(
        "3 Long Dolver Drove",
        "ZZ1 3EF",
        "3 Long Dolver Drv",
        "3 Longdolver Drove",
        "3 Long Dolva Drove",
        "3 long dollver drove",
    ),
    place(
        "12a Cressingham Avenue, Burwell",
        "ZZ9 5GH",
        "12a Cressingham Ave",
        "12 A Cressingham Av",
        "12A Cresingham Avenue",
        "12a Cressingham",
    ),
    place(
        "Second Drove, Isleham Fen",
        "ZZ8 1JK",
        "2nd Drove Isleham",
        "second drove isleham fen",
        "2nd Drv Isleham Fen",
    ),
    place("7 The Crescent, Sutton", "ZZ2 9LM", "7 Crescent Sutton", "7 The Cres, Sutton", "7 Cresent Sutton"),
    place(
        "Tannery Court, Broad Piece",
        "ZZ3 2NP",
        "Tannery Crt",
        "Tanery Court",
        "Tannery Ct Broad Piece",
        "Tannery Court Broadpiece",
        name="Tannery Court",
    ),
    place(
        "Bargate Lane",
        "ZZ6 6QR",
        "Bargate Ln underpass",
        "bargate underpas",
        "Bar Gate Lane underpass",
        "The subway",
        name="Bargate Lane underpass",
        aliases=("The subway",),
    ),
    place(
        "41 Kingfisher Quay, Ely",
        "ZZ7 2ST",
        "41 Kingfisher Qy",
        "41 King Fisher Quay",
        "Kingfisher Quay 41",
        "41 Kingfsher Quay",
    ),
    place(
        "19 Mount Pleasant Gardens",
        "ZZ4 3UV",
        "19 Mt Pleasant Gdns",
        "19 Mount Plesant Gardens",
        "19 Mount Pleasent Gdns",
    ),
    place("2 North Fen Terrace", "ZZ5 8WX", "2 Nth Fen Ter", "2 Northfen Terrace", "2 N Fen Terrace"),
    place(
        "60 Haywain Square",
        "ZZ6 9YZ",
        "ZZ6 9YZ",
        "zz69yz",
        "ZZ6 9ZY Haywain",
        "60 Haywain Sq",
        "60 Hay Wain Square",
    ),
    place("101 Priory Park", "ZZ1 0AB", "ZZ1 OAB", "ZZI 0AB", "zz1oab", "101 Priory Pk", "101 Pryory Park"),
    place("9 Queen Adelaide Way", "ZZ7 1CE", "9 Queen Adelaide", "9 Queen Adalaide Way", "ZZ7 ICE"),
    place(
        "Mere Side recreation ground",
        "",
        "Mereside rec",
        "mere side recreation ground",
        "Mereside Recreation Grounds",
        name="Mere Side recreation ground",
    ),
    place(
        "Unit 4, Angel Drove Industrial Estate",
        "ZZ7 9DF",
        "Unit 4 Angel Drove Ind Est",
        "unit 4 angle drove industrial estate",
    ),
    place(
        "6 Hawthorn Close, Haddenham",
        "ZZ2 2GJ",
        "6 Hawthorne Close",
        "6 Hawthorn Cl Hadenham",
        "6 Hawthron Close",
    ),
    place(
        "33 Weatheralls Close", "ZZ3 7HK", "33 Wetheralls Close", "33 Weatherall's Cl", "33 Weathralls Close"
    ),
    place(
        "The Old Granary, Causeway End",
        "ZZ8 8LN",
        "Old Granary",
        "The Old Grainary",
        "Old Granery Causeway End",
        name="The Old Granary",
    ),
    place("16 Mac Donald Row", "ZZ9 1MP", "16 McDonald Row", "16 Macdonald Row"),
    place("77 Phoebe Lane", "ZZ4 4NQ", "77 Pheobe Lane", "77 Phebe Ln", "77 Feebe Lane"),
)
