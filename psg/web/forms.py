"""Forms that keep what was typed and say what to do. One `Form` a page; its fields are those of `psg.web.fields`."""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import g, request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from wtforms import HiddenField
from wtforms.fields import Field

from psg.web.dates import day
from psg.web.replay import being_given_back

STALE_PAGE = (
    "This page was open for too long. Nothing is saved yet: check what you typed, then send it again."
)
SENT_BEFORE = (
    "You already sent this page once, with other words. Check what is saved before you send it again."
)


class Form(FlaskForm):
    """Every form carries a key of its own, so that sending it twice does the work once."""

    request_key = HiddenField(default=lambda: secrets.token_urlsafe(16))

    class Meta(FlaskForm.Meta):
        csrf_time_limit = None

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Only what was sent as a form: JSON and files have types that none of our boxes holds."""
            if formdata is not _Auto:
                return super().wrap_formdata(form, formdata)
            return request.form if form.is_submitted() else None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts: dict[str, str] = {}

    def validate(self, extra_validators: Any = None) -> bool:
        """False with an error sentence for each field; a stale page is an error of the form itself.

        Words that are given back were perhaps not finished: nothing is said of what is missing yet.
        """
        given = being_given_back()
        if given and "csrf_token" in self:
            self.csrf_token.process(None)
            self.form_errors.append(given.sentence)
            return False
        valid = bool(super().validate(extra_validators))
        if "csrf_token" in self and (g.get("stale_page") or self.csrf_token.errors):
            self.csrf_token.errors = []
            # A fresh token, so that sending the page again works.
            self.csrf_token.process(None)
            self.form_errors.append(STALE_PAGE)
            return False
        if g.get("sent_before"):
            self.request_key.data = secrets.token_urlsafe(16)
            self.form_errors.append(SENT_BEFORE)
            return False
        return valid

    def refuse(self, field: str | None, sentence: str) -> None:
        """An error found after the fields themselves were right: a rule of the trade, a clash, a gate."""
        if field is None:
            self.form_errors.append(sentence)
        else:
            self[field].errors = [*self[field].errors, sentence]

    def visible_fields(self) -> list[Field]:
        return [field for field in self if getattr(field, "widget_name", None)]


class EditForm(Form):
    """A form over a record with a version. The version shown is posted back with what was typed."""

    version = HiddenField()

    @classmethod
    def over(cls, record: Any, **kwargs: Any) -> "EditForm":
        return cls(obj=record, **kwargs)

    def is_stale(self, record: Any, saved_values: Mapping[str, Any] | None = None) -> bool:
        """True where somebody saved the record since this page was opened.

        Fills `conflicts` with the saved text of each field that differs from what was typed, and
        takes the new version, so that the next press saves the person's own choice.
        `saved_values` are given where the fields are not the record's own attributes.
        """
        if str(record.version) == (self.version.data or ""):
            return False
        for field in self.visible_fields():
            saved = saved_values[field.name] if saved_values else getattr(record, field.name, None)
            if saved != field.data and (saved or field.data):
                self.conflicts[field.name] = _in_words(field, saved)
        self.version.data = str(record.version)
        return bool(self.conflicts)


def _in_words(field: Field, saved: Any) -> str:
    if saved is None or saved == "" or saved == []:
        return "Nothing"
    if isinstance(saved, date):
        return day(saved)
    choices = {value: name for value, name, *_ in getattr(field, "choices", None) or []}
    if isinstance(saved, (list, tuple, set)):
        return ", ".join(str(choices.get(value, value)) for value in saved)
    return str(choices.get(saved, saved))


class Confirmation(Form):
    """A page whose only answer is its button."""
