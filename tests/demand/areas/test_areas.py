"""Street-level crime as the police publish it: counted by area and month, of nobody, and the same however often it is imported."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from psg.accounts.models import Role
from psg.audit.queries import latest
from psg.base import Base
from psg.demand.areas.models import AreaContact, AreaFile, AreaMonth
from psg.demand.commands import demand_group
from psg.demand.models import Contact
from psg.extensions import db
from psg.subjects.outlines.models import Outline, OutlineSet
from psg.web.dates import now
from tests.factories.accounts import make_user
from tests.factories.cases import make_ward

pytestmark = pytest.mark.usefixtures("session")

HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context"
)
FORCE = "Cambridgeshire Constabulary"
ELY, SOHAM = "E01017950,East Cambridgeshire 003A", "E01017981,East Cambridgeshire 009C"
NEW = "/demand/imports/new"
ASB = "Anti-social behaviour"


def row(
    kind: str = ASB,
    *,
    crime: str = "",
    month: str = "2026-01",
    area: str = ELY,
    spot: str = "0.262341,52.398112",
) -> str:
    return f"{crime},{month},{FORCE},{FORCE},{spot},On or near Bittern Drove,{area},{kind},,"


def street_file(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows, ""]).encode()


JANUARY = street_file(
    row(), row(), row(), row(area=SOHAM),
    row("Burglary", crime="a" * 64), row("Burglary", crime="a" * 64), row("Burglary", crime="b" * 64, area=SOHAM),
    row("Drugs", crime="c" * 64, area=",", spot=","),
)  # fmt: skip


@pytest.fixture
def bring(tmp_path: Path):
    def bring(content: bytes, *options: str):
        file = tmp_path / "street"
        file.write_bytes(content)
        return CliRunner().invoke(demand_group, ["import", str(file), *options])

    return bring


def held() -> list[tuple[object, ...]]:
    columns = (
        AreaContact.area_code,
        AreaContact.kind,
        AreaContact.count,
        AreaContact.latitude,
        AreaContact.id,
    )
    return [tuple(found) for found in db.session.execute(select(*columns).order_by(AreaContact.id))]


def count(model: type[Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def counts() -> dict[tuple[str, str], int]:
    return {(code, kind): number for code, kind, number, *_ in held()}


def archive(**files: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, inside in files.items():
            packed.writestr(f"2026-01/{name}.csv", inside)
    return content.getvalue()


def test_file_is_counted_as_it_is_and_again_changes_nothing(bring) -> None:
    """Anti-social behaviour has no Crime ID: three rows alike are three. A Crime ID told twice is one."""
    tried = bring(JANUARY, "--dry-run")
    assert (tried.exit_code, count(AreaMonth)) == (0, 0)
    first = bring(JANUARY, "--format", "police-uk")
    assert first.stdout == "7 crimes and incidents counted, 0 held already, 1 rows of a crime told before.\n"
    assert counts() == {
        ("E01017950", ASB): 3, ("E01017950", "Burglary"): 1, ("E01017981", ASB): 1, ("E01017981", "Burglary"): 1,
        ("", "Drugs"): 1,
    }  # fmt: skip
    assert {latitude for *_, latitude, _ in held()} == {52.398, None}
    before, files = held(), count(AreaFile)
    again = bring(JANUARY)
    assert again.stdout == "Nothing changed: all 7 crimes and incidents were held already.\n"
    assert (held(), count(AreaFile), count(AreaMonth)) == (before, files, 1)
    assert count(Contact) == 0
    entry = latest(limit=1)[0].detail
    assert (entry["action"], entry["added"], entry["held"]) == ("demand.areas", 0, 7)


def test_month_that_is_published_anew_replaces_the_areas_it_tells_of_and_no_others(bring) -> None:
    ward = make_ward(name="Ely East")
    db.session.commit()
    bring(street_file(row(), row()), "--ward", "Ely East")
    bring(street_file(row(area=SOHAM), row(month="2026-02")))
    other = held()[1:]
    done = bring(street_file(row(), row(), row("Drugs", crime="d" * 64)))
    assert "3 crimes and incidents counted, 0 held already, 1 areas of a month counted anew" in done.stdout
    assert held()[:2] == other
    assert set(
        db.session.scalars(select(AreaContact.ward_id).where(AreaContact.area_code == "E01017950"))
    ) == {ward.id}
    assert bring(JANUARY, "--ward", "Nowhere").exit_code == 1


def test_ward_of_an_area_is_that_of_the_outlines_where_nobody_chose_one(bring) -> None:
    """The one in which more than half of it happened; what happened in the hole of a ward did not happen in it."""
    ring = [[0.0, 52.0], [0.5, 52.0], [0.5, 52.5], [0.0, 52.5], [0.0, 52.0]]
    hole = [[0.1, 52.1], [0.2, 52.1], [0.2, 52.2], [0.1, 52.2], [0.1, 52.1]]
    ward = make_ward(name="Ely East")
    drawn = OutlineSet(source="Ordnance Survey", licence="Open", file_hash="0" * 64, loaded_at=now())
    drawn.outlines = [Outline(name="Ely East", ward_id=ward.id, coordinates=json.dumps([[ring, hole]]))]
    db.session.add(drawn)
    db.session.commit()
    here, there = "0.3,52.3", "0.15,52.15"
    bring(
        street_file(
            row(spot=here),
            row("Drugs", spot=here),
            row(spot=there),
            row(spot=here, area=SOHAM),
            row(spot=there, area=SOHAM),
        )
    )
    found = select(AreaContact.area_code, AreaContact.ward_id).distinct().order_by(AreaContact.area_code)
    assert [tuple(one) for one in db.session.execute(found)] == [("E01017950", ward.id), ("E01017981", None)]


BAD = {
    row(month="January"): "Month must be a month such as 2026-01",
    row(month="2999-01"): "Month is before 1990 or in the future",
    row(""): "Crime type is missing",
    row("x" * 61): "Crime type is longer than 60 characters",
    row(area="E0101795,Ely"): "LSOA code must be such as E01017950",
    row(spot="nan,52.4"): "are not in this country",
    row(spot="east,52.4"): "must be numbers, or both empty",
    row("Dr\x07ugs"): "a character that cannot be stored",
    row() + ",more": "more cells",
    "2026-01,x": "fewer cells",
}


def test_bad_rows_are_named_and_come_back_and_the_rest_waits_to_be_asked_for(bring, tmp_path: Path) -> None:
    content, back = street_file(row(), *BAD), tmp_path / "back.csv"
    refused = bring(content)
    assert (refused.exit_code, count(AreaContact)) == (1, 0)
    assert f"{len(BAD)} of {len(BAD) + 1} rows cannot be" in refused.stderr
    done = bring(content, "--skip-bad-rows", "--bad-rows", str(back))
    assert (done.exit_code, count(AreaContact)) == (0, 1)
    lines = list(csv.reader(io.StringIO(back.read_bytes().decode("utf-8-sig"), newline="")))
    told = [" ".join(line) for line in lines[1:]]
    assert all(reason in line for reason, line in zip(BAD.values(), told, strict=True))
    assert bring(b"a,b\n1,2\n", "--format", "police-uk").exit_code == 1
    assert bring(b"a,b\n1,2\n").exit_code == 2


def test_archive_is_read_whole_and_what_is_not_of_streets_is_passed_over(bring) -> None:
    february = street_file(row(month="2026-02"))
    outcomes = b"Crime ID,Month,Reported by,Outcome type\n1,2026-01,Cambridgeshire,None\n"
    packed = archive(january=JANUARY, february=february, outcomes=outcomes)
    assert bring(packed).stdout.startswith("8 crimes and incidents counted")
    assert bring(packed).stdout.startswith("Nothing changed: all 8")
    assert "holds no file of street-level crime" in bring(archive(outcomes=outcomes)).stderr
    assert "more than is read at once" in bring(archive(bomb=b"0" * 200_000_000)).stderr
    assert "cannot be read" in bring(packed[: len(packed) // 2]).stderr


def test_file_is_brought_by_page_and_seen_by_area_month_and_kind(sign_in, queries) -> None:
    officer = sign_in(make_user())

    def sent(content: bytes):
        data = {**officer.hidden_fields(NEW), "file": (io.BytesIO(content), "street.csv")}
        return officer.post(NEW, data=data, content_type="multipart/form-data")

    empty = officer.get("/demand/areas").text
    assert "Counts appear here" in empty
    assert "Month must be a month such as" in sent(street_file(row(month="May"))).text
    answer = sent(JANUARY)
    assert (answer.status_code, answer.location) == (303, "/demand/areas")
    assert "7 crimes and incidents counted" in officer.get(answer.location).text
    sent(
        street_file(
            *(
                row("Drugs", month="2025-11", area=f"E0101{number:04d},Fen {number:03d}A")
                for number in range(60)
            )
        )
    )
    with queries() as many:
        page = officer.get("/demand/areas?sort=area").text
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert "December 2025 Not published here" in shown
    assert "Fen 000A E01010000 Not known 1" in shown
    assert "page=2" in page
    one = officer.get("/demand/areas?area=east+cambridgeshire+003&kind=Anti-social+behaviour&month=2026-01")
    assert "East Cambridgeshire 003A" in one.text
    assert "009C" not in one.text.partition('id="results"')[2]
    with queries() as few:
        part = officer.get("/demand/areas?area=E01017981", headers={"HX-Request": "true"}).text
    assert part.strip() in officer.get("/demand/areas?area=E01017981").text
    assert few.count == many.count
    assert "No crime or incident matches" in officer.get("/demand/areas?area=100%25").text
    for role in (Role.DELIVERY_GROUP, Role.AUDITOR):
        assert "Fen 000A" in sign_in(make_user(role=role)).get("/demand/areas?sort=area").text
    assert sign_in(make_user(role=Role.ADMINISTRATOR)).get("/demand/areas").status_code == 403
