"""Two thousand people and places among whom others are looked for: common names, common streets, by chance."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert

from psg.base import new_audit_id
from psg.extensions import db
from psg.subjects import indexing
from psg.subjects.models import Person, Place, PlaceKind, Residence, ResidenceKind, Subject, SubjectKind
from psg.web.dates import now

GIVEN = (
    "James", "John", "Robert", "Michael", "William", "David", "Richard", "Thomas", "Charles", "Daniel", "Matthew",
    "Anthony", "Mark", "Steven", "Paul", "Andrew", "Joshua", "Kenneth", "Kevin", "Brian", "George", "Edward", "Ronald",
    "Timothy", "Jason", "Jeffrey", "Ryan", "Jacob", "Gary", "Nicholas", "Eric", "Jonathan", "Stephen", "Larry", "Justin",
    "Scott", "Brandon", "Benjamin", "Samuel", "Gregory", "Frank", "Alexander", "Raymond", "Patrick", "Jack", "Dennis",
    "Jerry", "Tyler", "Aaron", "Jose", "Adam", "Nathan", "Henry", "Douglas", "Peter", "Kyle", "Ethan", "Callum", "Liam",
    "Mary", "Patricia", "Jennifer", "Linda", "Elizabeth", "Barbara", "Susan", "Jessica", "Sarah", "Karen", "Lisa", "Nancy",
    "Betty", "Sandra", "Margaret", "Ashley", "Kimberley", "Emily", "Donna", "Michelle", "Carol", "Amanda", "Melissa",
    "Deborah", "Stephanie", "Rebecca", "Laura", "Sharon", "Cynthia", "Kathleen", "Amy", "Angela", "Shirley", "Anna",
    "Brenda", "Pamela", "Emma", "Nicole", "Helen", "Samantha", "Katherine", "Christine", "Debra", "Rachel", "Carolyn",
    "Janet", "Catherine", "Maria", "Heather", "Diane", "Ruth", "Julie", "Olivia", "Joyce", "Virginia", "Chloe", "Megan",
)  # fmt: skip
FAMILY = (
    "Smith", "Jones", "Taylor", "Brown", "Williams", "Wilson", "Johnson", "Davies", "Robinson", "Wright", "Thompson",
    "Evans", "Walker", "White", "Roberts", "Green", "Hall", "Wood", "Jackson", "Clarke", "Harris", "Lewis", "Martin",
    "Clark", "Cooper", "King", "Lee", "Turner", "Hill", "Moore", "Ward", "Morris", "Baker", "Harrison", "Cook", "Carter",
    "Allen", "Parker", "Edwards", "Scott", "Young", "Mitchell", "Phillips", "Watson", "Bennett", "Price", "Bell",
    "Collins", "Richardson", "Murphy", "Cox", "Hughes", "Griffiths", "Simpson", "Marshall", "Foster", "Rogers", "Mason",
    "Russell", "Butler", "Barnes", "Fisher", "Mills", "Knight", "Palmer", "Stevens", "Jenkins", "Dixon", "Fletcher",
    "Hunt", "Holmes", "Howard", "Webb", "Pearson", "Gibson", "Chapman", "Powell", "Ellis", "Lloyd", "Reid", "Pearce",
    "Sutton", "Day", "Bishop", "Reynolds", "Marsh", "Field", "Lane", "Barker", "Brooks", "Curtis", "Rose", "Stone", "West",
    "Marchant", "Hallam", "Sanderson", "Ellington", "Winterton", "Brockley", "Thistleton", "Cranmer", "Oakley", "Hollis",
    "Peverley", "Osterley", "Fothergill", "Bitterley", "Mossman", "Allibanks", "Nettleton", "Kirkby", "Ludlow", "Bardney",
)  # fmt: skip
STREETS = (
    "High", "Station", "Mill", "Church", "Park", "Victoria", "Green", "Manor", "Kings", "Queens", "New", "Grange", "North",
    "South", "School", "Main", "West", "Chapel", "Albert", "Windsor", "Fen", "Broad", "Priory", "Orchard", "Meadow",
    "Kingfisher", "Heron", "Bittern", "Osier", "Weir", "Hawthorn", "Willow", "Teal", "Tannery", "Angel", "Queen Adelaide",
    "Pettifer", "Long Dolver", "St Marys", "Saint Johns", "Cressing", "Gunters", "Wherry", "Stanley", "Lapwing", "Phoenix",
)  # fmt: skip
KINDS = (
    "Street",
    "Road",
    "Lane",
    "Close",
    "Avenue",
    "Drive",
    "Way",
    "Court",
    "Gardens",
    "Row",
    "Drove",
    "Terrace",
)
TOWNS = ("Ely", "Soham", "Littleport", "Burwell", "Sutton", "Haddenham", "Isleham", "Bottisham", "")
PLACE_SHARE = 0.25


def gather(number: int, seed: int = 4) -> None:
    """So many of them, as rows, found by the same words and keys as if they had been added one by one."""
    chance = random.Random(seed)
    first = (db.session.query(Subject.id).order_by(Subject.id.desc()).limit(1).scalar() or 0) + 1
    rows = list(_rows(chance, first, number))
    people = [row for row in rows if row["kind"] is SubjectKind.PERSON]
    _write(Subject, rows)
    _write(Person, people)
    _write(Place, [row for row in rows if row["kind"] is SubjectKind.PLACE])
    _write(Residence, [row for row in people if row["address"]], person_id="id")
    indexing.index_missing()


def _rows(chance: random.Random, first: int, number: int) -> Iterator[dict[str, Any]]:
    for count in range(first, first + number):
        is_place = chance.random() < PLACE_SHARE
        given, family = chance.choice(GIVEN), chance.choice(FAMILY)
        where = _address(chance)
        yield {
            "id": count,
            "audit_id": new_audit_id(),
            "kind": SubjectKind.PLACE if is_place else SubjectKind.PERSON,
            "place_kind": PlaceKind.DWELLING,
            "name": where if is_place else f"{given} {family}",
            "given_name": given,
            "family_name": family,
            "date_of_birth": date(1940, 1, 1) + timedelta(days=chance.randrange(26_000)),
            "address": where,
            "postcode": f"ZZ{chance.randint(1, 9)} {chance.randint(0, 9)}{_letters(chance)}",
            "contact": f"07700 900{chance.randint(0, 999):03d}" if chance.random() < 0.3 else "",
            "created_at": now(),
            "recorded_at": now(),
            "version": 1,
        }


def _address(chance: random.Random) -> str:
    flat = f"Flat {chance.randint(1, 40)}, " if chance.random() < 0.15 else ""
    town = chance.choice(TOWNS)
    street = f"{chance.randint(1, 120)} {chance.choice(STREETS)} {chance.choice(KINDS)}"
    return f"{flat}{street}{', ' if town else ''}{town}"


def _letters(chance: random.Random) -> str:
    return "".join(chance.choice("ABDEFGHJLNPQRSTUWXYZ") for _ in range(2))


def _write(model: Any, rows: list[dict[str, Any]], **renamed: str) -> None:
    table = model.__table__
    defaults = {"kind": ResidenceKind.HOME, "audit_id": None} if model is Residence else {}
    listed = []
    for row in rows:
        values = {name: value for name, value in row.items() if name in table.c}
        values |= {new: row[old] for new, old in renamed.items()} | defaults
        if model is Residence:
            values.pop("id")
            values["audit_id"] = new_audit_id()
        listed.append(values)
    if listed:
        db.session.execute(insert(table), listed)
