"""Where the entry cannot be written, the page is a 503 that is the same for every page and says nothing."""

import re

import pytest
from flask import Flask

from tests.architecture.test_one_entry import of_method
from tests.architecture.world import World
from tests.browser import Browser
from tests.faults.sabotage import sabotage

REFERENCE = re.compile(r"(?<=>)[A-Z]{8}(?=</strong>)")
"""By which an error is found in the operating log; each has its own."""
FRAGMENT = {"HX-Request": "true"}
CANARIES = ("Sedgewick", "Reedy", "Bittern Drove", "Shouting", "PSG-0", "P-0", "L-0", "Lapwynd")
PLACES = ("INSERT INTO audit_leaf", "FROM audit_head", "INSERT INTO audit_detail", "UPDATE audit_head")
"""Where the writing of an entry can fail: at each of its statements."""


@pytest.mark.parametrize(
    "place", [PLACES[0], *(pytest.param(place, marks=pytest.mark.faults) for place in PLACES[1:])]
)
def test_a_page_whose_entry_cannot_be_written_says_nothing(
    app: Flask, world: World, chair: Browser, place: str
) -> None:
    plain, counted = {}, 0
    for headers in ({}, FRAGMENT):
        for one in of_method(app, world, "GET"):
            with sabotage(lambda _number, statement: place in statement) as failed:
                answer = chair.get(one.url, headers=headers)
            if failed.has_struck:
                counted += 1
                assert answer.status_code == 503, one
                assert "Location" not in answer.headers, one
                page = REFERENCE.sub("", answer.text)
                assert plain.setdefault(str(headers), page) == page, one
            elif answer.status_code == 200 and not any("audit_" in text for text in failed.statements):
                assert not [canary for canary in CANARIES if canary in world_of(answer.text)], one
    assert counted > 100
    assert not [canary for text in plain.values() for canary in CANARIES if canary in text]


def world_of(page: str) -> str:
    """What a page says, without the addresses that lead on from it."""
    return page.partition("<main")[2]


def test_a_reader_is_answered_again_once_the_record_can_be_written(
    app: Flask, world: World, chair: Browser
) -> None:
    one = f"/cases/{world.case.reference}"
    with sabotage(lambda _number, statement: "audit_leaf" in statement):
        assert chair.get(one).status_code == 503
    assert chair.get(one).status_code == 200
