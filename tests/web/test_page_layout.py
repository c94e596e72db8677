"""The frame of every page, and the components a colour-blind or screen-reading officer depends on."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import html5lib
import pytest
from flask import Flask, flash

Render = Callable[..., str]
TODAY = date(2026, 8, 12)
NAVIGATION = [("Board", "/board", True), ("People", "/people", False)]

PAGE = """
{% extends "layouts/page.html" %}{% set page_title = "PSG-0142: Add an action" %}
{% block content %}<h1>PSG-0142: Add an action</h1>{% endblock %}
"""
CASE = """{% extends "layouts/case.html" %}{% set active_tab = "scores" %}{% set tab_title = "Scores" %}
{% block tab %}<h2>Scores</h2>{% endblock %}"""


@pytest.fixture
def case() -> SimpleNamespace:
    return SimpleNamespace(
        reference="PSG-0142", name="Bitternell, Jo", ward=None, stage="analysis", is_open=True,
        headline_band="high", next_review_on=date(2026, 8, 6),
        lead_agency=SimpleNamespace(name="Fen Housing"), lead=SimpleNamespace(name="T. Sallowby"),
    )  # fmt: skip


def test_page_is_well_formed_and_has_its_landmarks(render: Render, officer: Any) -> None:
    html = render(PAGE, current_user=officer, navigation=NAVIGATION)
    html5lib.HTMLParser(strict=True).parse(html.strip())
    page = html5lib.parse(html, namespaceHTMLElements=False)
    assert page.findtext(".//title") == "PSG-0142: Add an action – PSG"
    assert len(page.findall(".//main[@id='main-content']")) == 1
    assert len(page.findall(".//*[@aria-live='polite']")) == 1
    assert page.get("lang") == "en-GB"


def test_title_says_error_when_the_form_has_one(render: Render) -> None:
    form = SimpleNamespace(errors={"title": ["Enter the title"]}, conflicts={})
    assert "<title>Error: PSG-0142: Add an action – PSG</title>" in render(PAGE, form=form)


def test_marking_stands_above_and_below_and_follows_the_reader(render: Render, officer: Any) -> None:
    marking = '<p class="psg-marking">OFFICIAL-SENSITIVE</p>'
    assert render(PAGE, current_user=officer, navigation=[]).count(marking) == 2
    assert render(PAGE).count('<p class="psg-marking">OFFICIAL</p>') == 2


def test_header_shows_who_is_signed_in_and_posts_search_and_sign_out(render: Render, officer: Any) -> None:
    page = html5lib.parse(
        render(PAGE, current_user=officer, navigation=NAVIGATION), namespaceHTMLElements=False
    )
    forms = {form.get("action"): form for form in page.iter("form")}
    assert set(forms) == {"/search", "/sign-out"}
    for form in forms.values():
        assert form.get("method") == "post"
        assert form.find("input[@name='csrf_token']").get("value")
    assert forms["/search"].find("input[@name='q']") is not None
    assert "Alex Reedmace" in "".join(page.itertext())


def test_search_is_offered_only_to_those_who_may_find_people(render: Render, officer: Any) -> None:
    assert 'action="/search"' not in render(PAGE, current_user=officer, navigation=[("Plan", "/plan", False)])


def test_signed_out_page_has_no_navigation(render: Render) -> None:
    html = render(PAGE, navigation=NAVIGATION)
    assert "<form" not in html
    assert 'aria-label="Main"' not in html


def test_demonstration_says_so(render: Render) -> None:
    assert "DEMO" in render(PAGE, demo_mode=True)
    assert "DEMO" not in render(PAGE)


def test_session_without_a_second_factor_says_so_and_no_other(render: Render) -> None:
    assert "second factor switched off" in render(PAGE, is_waived=lambda: True)
    assert "second factor switched off" not in render(PAGE, demo_mode=True)


def test_flashed_sentence_stays_and_takes_focus(look: Flask, render: Render) -> None:
    flash("Action <added>")
    html = render(PAGE)
    assert "Action &lt;added&gt;" in html
    assert 'tabindex="-1" data-focus' in html


def test_case_header_names_the_case_and_the_open_tab(render: Render, case: Any) -> None:
    html = render(CASE, case=case)
    html5lib.HTMLParser(strict=True).parse(html.strip())
    page = html5lib.parse(html, namespaceHTMLElements=False)
    assert page.findtext(".//title") == "PSG-0142 Scores – PSG"
    assert "".join(page.find(".//h1").itertext()) == "PSG-0142 Bitternell, Jo"
    current = [link.get("href") for link in page.iter("a") if link.get("aria-current") == "page"]
    assert current == ["/cases/PSG-0142/scores"]
    assert [link.get("href") for link in page.iter("a") if link.get("aria-current") == "step"] == [
        "/cases/PSG-0142/analysis"
    ]
    assert "Review overdue by 6 days" in " ".join("".join(page.itertext()).split())


@pytest.mark.parametrize(
    ("band", "bars"), [("standard", 1), ("medium", 2), ("high", 3), ("critical", 4), (None, 0)]
)
def test_band_is_a_word_and_as_many_bars(render: Render, band: str | None, bars: int) -> None:
    html = render('{% from "components/tag.html" import band_tag %}{{ band_tag(band, 8) }}', band=band)
    assert html.count("psg-band__bar--full") == bars
    assert (band.capitalize() if band else "Not scored") in html
    assert ("+8" in html) is bool(band)


@pytest.mark.parametrize(
    ("on", "words", "look_of_it"),
    [
        (date(2026, 8, 6), "Review overdue by 6 days", "psg-due--late"),
        (date(2026, 8, 19), "Review due in 7 days", "psg-due--soon"),
        (date(2026, 8, 20), "Review due in 8 days", None),
        (None, "Review not set", "psg-due--none"),
    ],
)
def test_due_date_always_has_its_label(
    render: Render, on: date | None, words: str, look_of_it: str | None
) -> None:
    source = '{% from "components/tag.html" import due_tag %}{{ due_tag(on, today, "Review") }}'
    html = render(source, on=on)
    assert words in "".join(html5lib.parse(html, namespaceHTMLElements=False).itertext())
    assert ("psg-due--" in html) is bool(look_of_it)
    assert look_of_it is None or look_of_it in html


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 8, 6), "Overdue by 6 days Thu 6 Aug 2026"),
        (TODAY, "Due today Wed 12 Aug 2026"),
        (date(2026, 8, 14), "Due in 2 days Fri 14 Aug 2026"),
    ],
)
def test_due_date_of_an_action_says_it_once(render: Render, on: date, words: str) -> None:
    html = render('{% from "components/tag.html" import due_tag %}{{ due_tag(on, today) }}', on=on)
    assert "".join(html5lib.parse(html, namespaceHTMLElements=False).itertext()).strip() == words


def test_sorted_column_is_announced_and_turns_round(render: Render) -> None:
    source = """{% from "components/table.html" import table, cell %}
    {% call table("Cases", [("Reference", "reference"), ("Ward", "ward"), ("Stage",)], sort=sort) %}
    <tr>{{ cell("Reference", "PSG-0001") }}{{ cell("Ward") }}{{ cell("Stage", 0) }}</tr>{% endcall %}"""
    sort = {"key": "ward", "descending": False, "path": "/cases", "query": {"band": "high"}}
    page = html5lib.parse(render(source, sort=sort), namespaceHTMLElements=False)
    headings = page.findall(".//th")
    assert [heading.get("aria-sort") for heading in headings] == ["none", "ascending", None]
    assert headings[1].find("a").get("href") == "/cases?band=high&sort=-ward"
    assert headings[0].find("a").get("href") == "/cases?band=high&sort=reference"
    cells = ["".join(cell.itertext()) for cell in page.findall(".//td")]
    assert cells == ["PSG-0001", "Not recorded", "0"]
    assert [cell.get("data-label") for cell in page.findall(".//td")] == ["Reference", "Ward", "Stage"]


def test_pages_keep_the_rest_of_the_address(render: Render) -> None:
    source = (
        '{% from "components/pagination.html" import pagination %}{{ pagination(page, "/cases", query) }}'
    )
    page = SimpleNamespace(number=2, has_next=True, has_previous=True)
    html = render(source, page=page, query={"ward": "ely & north"})
    assert (
        "/cases?ward=ely+%26+north&amp;page=1" in html or "/cases?ward=ely%20%26%20north&amp;page=1" in html
    )
    alone = SimpleNamespace(number=1, has_next=False, has_previous=False)
    assert render(source, page=alone, query={}).strip() == ""


def test_chart_speaks_and_scales(render: Render) -> None:
    source = """{% from "components/chart.html" import bar_chart, trend_line %}
    {{ bar_chart("bars", [("1 Jun", 3), ("8 Jun", 0)], "Contacts", "Highest on 1 June") }}
    {{ trend_line("trend", [{"label": "May", "low": 51, "high": 78}], bands, "Score", "51 to 78") }}"""
    bands = [("Standard", 0), ("Medium", 25), ("High", 50), ("Critical", 75)]
    html = render(source, bands=bands)
    page = html5lib.parse(html, namespaceHTMLElements=False)
    charts = page.findall(".//*[@role='img']")
    assert len(charts) == 2
    for chart in charts:
        named = chart.get("aria-labelledby").split()
        assert all(page.find(f".//*[@id='{part}']") is not None for part in named)
    heights = [bar.get("height") for bar in page.iter() if bar.get("class") == "psg-chart__bar"]
    assert heights == ["111.0", "0.0"]
    assert "style=" not in html
