"""Street-level crime as the police publish it, invented: a file a month, some seven weeks after its end."""

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from io import StringIO

from psg.demand.areas.services import bring_areas
from psg.demand.counting import month_of
from psg.demo.clock import Dice, Story, office_hours
from psg.demo.places import OPEN_LAND
from psg.demo.world import World

MONTHS = 12
COMES_AFTER = 50
HEADER = (
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location", "LSOA code",
    "LSOA name", "Crime type", "Last outcome category", "Context",
)  # fmt: skip
OFTEN = {
    "Anti-social behaviour": 5,
    "Violence and sexual offences": 5,
    "Criminal damage and arson": 2,
    "Shoplifting": 2,
    "Vehicle crime": 1,
    "Burglary": 1,
    "Public order": 1,
}
FORCE = "Fenland Police"


def street_stories(world: World) -> Iterable[Story]:
    return [_published(world)]


def _published(world: World) -> Story:
    month = month_of(world.today - timedelta(days=31 * MONTHS))
    while True:
        dice = Dice(f"streets of {month}")
        out = month_of(month + timedelta(days=31)) + timedelta(days=COMES_AFTER)
        if out >= world.today:
            return
        now = yield office_hours(out, dice)
        bring_areas(_file(month, dice).encode(), by=world.users["coordinator"], now=now)
        month = month_of(month + timedelta(days=31))


def _file(month: date, dice: Dice) -> str:
    written = StringIO()
    rows = csv.writer(written)
    rows.writerow(HEADER)
    for number, (ward, (latitude, longitude)) in enumerate(sorted(OPEN_LAND.items())):
        for kind in dice.choices(list(OFTEN), weights=list(OFTEN.values()), k=dice.randrange(4, 16)):
            place = (longitude + dice.uniform(-0.01, 0.01), latitude + dice.uniform(-0.006, 0.006))
            crime = "" if kind == "Anti-social behaviour" else f"{dice.getrandbits(256):064x}"
            near = dice.choice(("On or near Parking Area", "On or near Supermarket", "On or near Mere Row"))
            area = (f"E0199{number:04d}", f"{ward} {number:03d}A")
            rows.writerow(
                (crime, f"{month:%Y-%m}", FORCE, FORCE, *place, near, *area, kind, "Under investigation", "")
            )
    return written.getvalue()
