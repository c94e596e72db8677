"""Outlines under maps: what a file may hold, what is said of one that is wrong, and one file in place of another."""

import json
import math
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psg.accounts.models import Role
from psg.base import Refused
from psg.subjects.outlines import geojson as reader
from psg.subjects.outlines import queries, services
from psg.subjects.outlines.commands import areas_group
from psg.subjects.outlines.geojson import read_areas
from psg.subjects.outlines.models import OutlineSet
from psg.web.dates import now
from tests.factories.accounts import make_user
from tests.factories.cases import make_ward
from tests.factories.outlines import feature, geojson, make_outlines, ring

LIST = "/administration/outlines"
OPEN_RING = [*ring()[:-1], [0.15, 52.35]]


def shaped(kind: str, coordinates: object) -> bytes:
    return geojson(feature("Ely", geometry={"type": kind, "coordinates": coordinates}))


WRONG = {
    "cannot be read as JSON": b"\xff\xfe not text",
    "cannot be read as JSON text": b"[" * 100_000,
    "must be a FeatureCollection": b'{"type": "Topology"}',
    "has no areas": geojson(),
    "501 areas: 500 at most": geojson(*(feature(f"W{number}") for number in range(501))),
    "Area 2 has no properties": geojson(feature("Ely"), feature("Soham", properties=None)),
    "No property names every area": geojson(feature("Ely", properties={"code": 7})),
    "has no name in its property": geojson(feature(" ")),
    "has a name that cannot be kept": geojson(feature("E" * 121)),
    "Area 1 is no polygon (Point)": shaped("Point", [0.2, 52.3]),
    "Area 1 is no polygon (None)": geojson(feature("Ely", geometry=None)),
    "has no coordinates": shaped("MultiPolygon", []),
    "a polygon without a ring": shaped("MultiPolygon", [[]]),
    "fewer than 4 points": shaped("Polygon", [ring()[:3]]),
    "does not end where it begins": shaped("Polygon", [OPEN_RING]),
    "no pair of numbers": shaped("Polygon", [[["0.1", "52.3"], *ring()[1:]]]),
    "outside Great Britain: longitude comes first": shaped("Polygon", [[[y, x] for x, y in ring()]]),
    "must be in longitude and latitude": geojson(feature("Ely"), crs={"properties": {"name": "EPSG:27700"}}),
    "None of the areas has the name of a ward of the district: the first is “Atlantis”": geojson(
        feature("Atlantis")
    ),
}


@pytest.fixture
def ely(session):
    return make_ward("Ely West")


@pytest.mark.parametrize("sentence", WRONG)
def test_each_defect_of_a_file_is_told_in_a_sentence(session, ely, sentence) -> None:
    with pytest.raises(Refused) as refused:
        services.load_outlines(WRONG[sentence], source="S", licence="L", by=None, now=now())
    assert sentence in str(refused.value)
    assert queries.outlines_in_use() is None


def test_what_is_too_large_or_bends_too_often_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(reader, "LARGEST_FILE", 100)
    with pytest.raises(Refused, match="larger than"):
        read_areas(geojson(feature("Ely West")))
    monkeypatch.undo()
    monkeypatch.setattr(reader, "MOST_POINTS", 4)
    with pytest.raises(Refused, match="more than 4"):
        read_areas(geojson(feature("Ely West")))
    monkeypatch.undo()
    zigzag = [[0.1 + place / 50_000, 52.3 + (place % 2) * (0.001 + place / 90_000)] for place in range(3_000)]
    with pytest.raises(Refused, match="bend too often"):
        read_areas(shaped("Polygon", [[*zigzag, zigzag[0]]]))


def test_a_circle_of_ten_thousand_points_is_simplified_to_within_its_tolerance() -> None:
    turns = [2 * math.pi * step / 10_000 for step in range(10_000)]
    circle = [[0.3 + 0.1 * math.cos(turn) / 0.6, 52.4 + 0.1 * math.sin(turn)] for turn in turns]
    (area,) = read_areas(shaped("Polygon", [[*circle, circle[0]]]))
    (kept,) = area.polygons[0]
    assert 20 < len(kept) < 200
    assert kept[0] == kept[-1]
    assert all(abs(math.hypot((x - 0.3) * 0.6, y - 52.4) - 0.1) < 0.0003 for x, y in kept)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)
GEOMETRY = st.fixed_dictionaries({"type": st.sampled_from(["Polygon", "MultiPolygon"]), "coordinates": JSON})
FEATURE = st.fixed_dictionaries(
    {"properties": st.dictionaries(st.just("name") | st.text(), JSON), "geometry": GEOMETRY | JSON}
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(FEATURE, max_size=3) | JSON)
def test_no_file_is_answered_by_anything_but_areas_or_a_sentence(features) -> None:
    data = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    with suppress(Refused):
        assert read_areas(data)


def test_names_of_wards_are_found_however_both_lists_write_them(session, ely) -> None:
    make_ward("Fordham & Isleham")
    make_ward("Sutton")
    features = (
        feature("E1", properties={"code": "E1", "WD26NM": "ELY WEST WARD"}),
        feature("E2", 1, properties={"code": "E2", "WD26NM": "Fordham and Isleham"}),
        feature("E3", 2, properties={"code": "E3", "WD26NM": "Newmarket"}),
    )
    loaded = services.load_outlines(geojson(*features), source="S", licence="L", by=None, now=now())
    assert (loaded.outlines, loaded.without_ward, loaded.without_outline) == (3, ("Newmarket",), ("Sutton",))


def test_a_file_replaces_the_one_before_and_is_taken_back(sign_in, ely) -> None:
    browser = sign_in(make_user(role=Role.ADMINISTRATOR))
    assert "No outlines are loaded yet" in browser.get(LIST).text
    words = {"source": "Office <b>", "licence": "Open", "name_property": ""}

    def send(content: bytes, **changes: str):
        return browser.send(
            f"{LIST}/new",
            {**words, **changes, "file": (BytesIO(content), "wards.geojson")},
            content_type="multipart/form-data",
        )

    assert send(geojson(feature("Ely West")), source="").status_code == 422
    wrong = send(geojson(feature("Atlantis")))
    assert wrong.status_code == 422
    assert "Atlantis" in wrong.text
    assert "Office &lt;b&gt;" in wrong.text
    assert "Choose the GeoJSON file" in send(b"").text
    assert send(geojson(feature("Ely West"))).status_code == 303
    first = queries.outlines_in_use()
    assert send(geojson(feature("Ely West"), feature("Soham", 1)), source="Another").status_code == 303
    page = browser.get(LIST).text
    assert "Replaced" in page
    assert page.count("In use") == 1
    newest = queries.outlines_in_use()
    assert browser.get(f"{LIST}/{first.id}/take-back").status_code == 404
    assert browser.send(f"{LIST}/{newest.id}/take-back").status_code == 303
    assert queries.outlines_in_use().id == first.id
    assert browser.send(f"{LIST}/{first.id}/take-back").status_code == 303
    assert queries.outlines_in_use() is None
    assert browser.get(LIST).text.count("Taken back") == 2


def test_five_versions_are_kept(session, ely) -> None:
    for _ in range(services.VERSIONS_KEPT + 2):
        newest = make_outlines(["Ely West"])
    kept = session.query(OutlineSet).count()
    assert kept == services.VERSIONS_KEPT
    assert queries.outlines_in_use() is newest
    administrator = make_user(role=Role.ADMINISTRATOR)
    services.take_back(newest, by=administrator, now=now())
    with pytest.raises(Refused, match="already"):
        services.take_back(newest, by=administrator, now=now())


def test_the_command_loads_a_file_or_says_what_is_wrong_with_it(app, session, ely, tmp_path) -> None:
    file = tmp_path / "wards.geojson"
    file.write_bytes(geojson(feature("Ely West"), feature("Elsewhere", 1)))
    run = app.test_cli_runner().invoke
    done = run(areas_group, ["load", str(file), "--source", "S", "--licence", "L"])
    assert (done.exit_code, done.output) == (
        0, "2 outlines are loaded.\nDrawn, but no ward of the district: Elsewhere.\n",
    )  # fmt: skip
    file.write_bytes(b"{}")
    refused = run(areas_group, ["load", str(file), "--source", "S", "--licence", "L"])
    assert refused.exit_code == 1
    assert "must be a FeatureCollection" in refused.output
