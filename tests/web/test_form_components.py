"""Every form is drawn by these macros: an error that leads nowhere here leads nowhere anywhere."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from psg.web.fields import Checks, Choice, DayField, Decision, Line, Paragraphs, RadioChoice, WholeNumber
from psg.web.forms import EditForm

Render = Callable[..., str]

WHOLE_FORM = """
{% from "components/form.html" import form_page %}
{{ form_page(form, "PSG-0142: Add an action", "Add the action", "/cases/PSG-0142") }}
"""


class ActionForm(EditForm):
    title = Line("Title", required="Enter the title", hint="A few words")
    detail = Paragraphs("What will be done", required="Enter what will be done")
    own_reference = Line("Reference in your own system")
    agency = Choice("Agency", choices=[("1", "Police"), ("2", "Housing")], required="Choose the agency")
    role = RadioChoice(
        "Role", choices=[("victim", "Victim"), ("witness", "Witness")], required="Choose the role"
    )
    aims = Checks(
        "Aims", choices=[("harm", "Less harm"), ("demand", "Less demand")], required="Choose an aim"
    )
    due_on = DayField("Due date", required="Enter the date the action is due")
    contacts = WholeNumber("Contacts", maximum=100)
    confirmed = Decision("I have checked this", required="Tick the box to confirm")


def sent(**typed: Any) -> ActionForm:
    form = ActionForm(formdata=MultiDict(typed), meta={"csrf": False})
    form.validate()
    return form


def parsed(html: str) -> Element:
    return html5lib.parse(html, namespaceHTMLElements=False)


def ids_in(page: Element) -> set[str]:
    return {element.get("id", "") for element in page.iter() if element.get("id")}


def summary_links(page: Element) -> dict[str, str]:
    """Where each sentence of the error summary leads."""
    box = page.find(".//ul[@class='govuk-list govuk-error-summary__list']")
    assert box is not None
    return {"".join(link.itertext()): link.get("href", "") for link in box.iter("a")}


def input_named(page: Element, identity: str) -> Element:
    found = page.find(f".//*[@id='{identity}']")
    assert found is not None, identity
    return found


def test_every_error_links_to_an_input_that_is_there(render: Render) -> None:
    page = parsed(render(WHOLE_FORM, form=sent()))
    links = summary_links(page)
    assert links["Enter the title"] == "#title"
    assert links["Choose the agency"] == "#agency"
    assert links["Choose the role"] == "#role-0"
    assert links["Choose an aim"] == "#aims-0"
    assert links["Enter the date the action is due"] == "#due_on-day"
    assert links["Tick the box to confirm"] == "#confirmed"
    for target in links.values():
        assert input_named(page, target[1:]).tag in ("input", "select", "textarea")


@pytest.mark.parametrize(
    ("typed", "box"),
    [
        ({"due_on-day": "12", "due_on-month": "", "due_on-year": "2026"}, "due_on-month"),
        ({"due_on-day": "12", "due_on-month": "8", "due_on-year": "26"}, "due_on-year"),
        ({"due_on-day": "31", "due_on-month": "2", "due_on-year": "2026"}, "due_on-day"),
        ({"due_on-day": "9" * 19, "due_on-month": "2", "due_on-year": "2026"}, "due_on-day"),
        ({"due_on-day": "1", "due_on-month": "2147483648", "due_on-year": "2026"}, "due_on-month"),
    ],
)
def test_date_error_leads_to_the_box_to_mend_and_marks_only_it(
    render: Render, typed: dict[str, str], box: str
) -> None:
    page = parsed(render(WHOLE_FORM, form=sent(**typed)))
    assert f"#{box}" in summary_links(page).values()
    marked = [
        part
        for part in ("due_on-day", "due_on-month", "due_on-year")
        if "govuk-input--error" in input_named(page, part).get("class", "")
    ]
    assert marked == [box]


def test_what_was_typed_stays_right_or_wrong(render: Render) -> None:
    form = sent(**{
        "title": "Visit <b>now</b>", "contacts": "a few", "agency": "2", "role": "witness", "aims": "demand",
        "due_on-day": "40", "due_on-month": "8", "due_on-year": "2026",
    })  # fmt: skip
    page = parsed(render(WHOLE_FORM, form=form))
    assert input_named(page, "title").get("value") == "Visit <b>now</b>"
    assert input_named(page, "contacts").get("value") == "a few"
    assert input_named(page, "due_on-day").get("value") == "40"
    assert input_named(page, "role-1").get("checked") is not None
    assert input_named(page, "aims-1").get("checked") is not None
    chosen = [
        option.get("value") for option in input_named(page, "agency") if option.get("selected") is not None
    ]
    assert chosen == ["2"]


def test_hint_and_error_are_both_read_with_the_input(render: Render) -> None:
    page = parsed(render(WHOLE_FORM, form=sent()))
    for name in ("title", "detail", "agency"):
        described = (input_named(page, name).get("aria-describedby") or "").split()
        assert described
        assert set(described) <= ids_in(page)
    assert input_named(page, "title").get("aria-describedby") == "title-hint title-error"
    assert input_named(page, "own_reference").get("aria-describedby") is None


def test_only_an_answer_one_may_leave_out_says_optional(render: Render) -> None:
    page = parsed(render(WHOLE_FORM, form=ActionForm(meta={"csrf": False})))
    labels = {label.get("for"): "".join(label.itertext()) for label in page.iter("label")}
    assert labels["title"] == "Title"
    assert labels["own_reference"] == "Reference in your own system (optional)"
    assert labels["contacts"] == "Contacts (optional)"


def test_every_input_has_a_label_and_ids_are_unique(render: Render) -> None:
    page = parsed(render(WHOLE_FORM, form=sent()))
    labelled = {label.get("for") for label in page.iter("label")}
    shown = [
        element.get("id")
        for tag in ("input", "select", "textarea")
        for element in page.iter(tag)
        if element.get("type") != "hidden"
    ]
    assert shown
    assert set(shown) <= labelled
    every = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(every) == len(set(every))


def test_form_carries_token_key_and_version_once_each(look: Flask, render: Render) -> None:
    form = ActionForm(data={"version": "3"})
    page = parsed(render(WHOLE_FORM, form=form))
    hidden = {
        element.get("name"): element.get("value")
        for element in page.iter("input")
        if element.get("type") == "hidden"
    }
    assert hidden["csrf_token"]
    assert hidden["request_key"] == form.request_key.data
    assert hidden["version"] == "3"


def test_conflict_shows_the_other_text_beside_ours(render: Render) -> None:
    form = sent(title="Mine", detail="Mine too", version="1")
    saved = SimpleNamespace(
        version=2, title="Theirs <i>", detail="Mine too", own_reference="", agency="", role="", aims=[],
        due_on=date(2026, 8, 14), contacts=None, confirmed=False,
    )  # fmt: skip
    assert form.is_stale(saved)
    html = render(WHOLE_FORM, form=form)
    page = parsed(html)
    assert "Saved by someone else while you were typing:" in html
    assert "Theirs &lt;i&gt;" in html
    assert "Fri 14 Aug 2026" in html
    assert input_named(page, "title").get("value") == "Mine"
    assert summary_links(page)["Title was changed"] == "#title"


def test_error_of_the_form_itself_is_in_the_summary(render: Render) -> None:
    form = ActionForm(meta={"csrf": False})
    form.refuse(None, "Nothing is saved yet")
    assert "<li>Nothing is saved yet</li>" in render(WHOLE_FORM, form=form)


def test_form_without_errors_has_no_summary(render: Render) -> None:
    assert "govuk-error-summary" not in render(WHOLE_FORM, form=ActionForm(meta={"csrf": False}))


def test_password_is_never_sent_back(render: Render) -> None:
    source = '{% from "components/form.html" import line %}{{ line(form.title, type="password") }}'
    assert "secret words" not in render(source, form=sent(title="secret words"))
