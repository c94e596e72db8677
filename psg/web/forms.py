"""Forms that keep what was typed and say what to do. One `Form` a page; fields by what an officer enters."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import g, request
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import Field
from wtforms.validators import Optional, StopValidation

from psg.web.dates import day
from psg.web.replay import being_given_back

LINE_MAXIMUM = 200
TEXT_MAXIMUM = 20_000
LONGEST_DAY_PART = 5
STALE_PAGE = (
    "This page was open for too long. Nothing is saved yet: check what you typed, then send it again."
)
SENT_BEFORE = (
    "You already sent this page once, with other words. Check what is saved before you send it again."
)
Choices = Sequence[tuple[str, str]]


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


class Required:
    """Refuses an empty answer with the sentence that says what to enter."""

    field_flags = {"required": True}

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if field.data in (None, "", [], ()):
            field.errors = [error for error in field.errors if error]
            raise StopValidation(None if field.errors else self.sentence)


class Plain:
    """Refuses what is too long or cannot be stored: text of more than `maximum` characters, NUL, lone surrogates."""

    def __init__(self, maximum: int) -> None:
        self.maximum = maximum

    def __call__(self, form: FlaskForm, field: Field) -> None:
        text = field.data or ""
        name = field.label.text
        if len(text) > self.maximum:
            raise StopValidation(
                f"{name} must be {self.maximum:,} characters or fewer; you have {len(text):,}"
            )
        if any(character == "\x00" or "\ud800" <= character <= "\udfff" for character in text):
            raise StopValidation(f"{name} has a character that cannot be stored: type it again without it")


def _checks(required: str | None, *more: Any) -> list[Any]:
    return [*more, Required(required)] if required else [*more]


class Line(StringField):
    """One line of text, spaces at either end left out."""

    widget_name = "line"

    def __init__(
        self,
        label: str,
        *,
        required: str | None = None,
        maximum: int = LINE_MAXIMUM,
        hint: str = "",
        **kwargs: Any,
    ) -> None:
        checks = _checks(required, Plain(maximum))
        super().__init__(label, checks, filters=[_tidy_line], description=hint, **kwargs)


class Paragraphs(TextAreaField):
    """Text of several paragraphs; line ends are kept as one kind."""

    widget_name = "paragraphs"

    def __init__(
        self,
        label: str,
        *,
        required: str | None = None,
        maximum: int = TEXT_MAXIMUM,
        hint: str = "",
        rows: int = 5,
        **kwargs: Any,
    ) -> None:
        self.rows = rows
        checks = _checks(required, Plain(maximum))
        super().__init__(label, checks, filters=[_tidy_paragraphs], description=hint, **kwargs)


class Choice(SelectField):
    """One of a list. `empty` is the first line where nothing is chosen yet; an unknown id is refused."""

    widget_name = "select"
    choices: Any = ()
    """(value, label) pairs, as our templates draw them, in place of the library's own kind."""

    def __init__(
        self,
        label: str,
        *,
        choices: Choices = (),
        required: str | None = None,
        hint: str = "",
        empty: str | None = "Choose one",
        **kwargs: Any,
    ) -> None:
        self.empty = empty
        self.unknown = required or f"Choose {label[:1].lower()}{label[1:]} from the list"
        super().__init__(
            label, _checks(required), description=hint, coerce=_text, validate_choice=False, **kwargs
        )
        self.choices = list(choices)

    def pre_validate(self, form: FlaskForm) -> None:
        if self.data and self.data not in {value for value, *_ in self.choices or []}:
            raise StopValidation(self.unknown)


class RadioChoice(Choice):
    """One of a few, all seen at once."""

    widget_name = "radios"


class Checks(SelectMultipleField):
    """Any of a few."""

    widget_name = "checkboxes"
    choices: Any = ()

    def __init__(
        self, label: str, *, choices: Choices = (), required: str | None = None, hint: str = "", **kwargs: Any
    ) -> None:
        self.unknown = required or f"Choose {label[:1].lower()}{label[1:]} from the list"
        super().__init__(
            label, _checks(required), description=hint, coerce=_text, validate_choice=False, **kwargs
        )
        self.choices = list(choices)

    def pre_validate(self, form: FlaskForm) -> None:
        known = {value for value, *_ in self.choices or []}
        if any(value not in known for value in self.data or []):
            raise StopValidation(self.unknown)


class Decision(BooleanField):
    """A single box to tick, such as a confirmation."""

    widget_name = "decision"

    def __init__(self, label: str, *, required: str | None = None, hint: str = "", **kwargs: Any) -> None:
        super().__init__(label, [_Ticked(required)] if required else [], description=hint, **kwargs)


class _Ticked:
    field_flags = {"required": True}

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if not field.data:
            raise StopValidation(self.sentence)


class WholeNumber(IntegerField):
    """A whole number between two bounds. What was typed stays in the box, right or wrong."""

    widget_name = "number"

    def __init__(
        self,
        label: str,
        *,
        required: str | None = None,
        minimum: int = 0,
        maximum: int = 1_000_000,
        hint: str = "",
        **kwargs: Any,
    ) -> None:
        self.minimum, self.maximum = minimum, maximum
        super().__init__(label, _checks(required) or [Optional()], description=hint, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = (valuelist[0] if valuelist else "").strip().replace(",", "")
        self.data = None
        if not typed:
            return
        digits = typed.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
            raise ValueError(f"{self.label.text} must be a whole number, such as 12")
        number = int(typed)
        if not self.minimum <= number <= self.maximum:
            raise ValueError(f"{self.label.text} must be between {self.minimum:,} and {self.maximum:,}")
        self.data = number


class DayField(Field):
    """A date in three boxes. `typed` keeps what stands in each, `error_part` names the box to mend."""

    widget_name = "day"
    parts = ("day", "month", "year")

    def __init__(
        self,
        label: str,
        *,
        required: str | None = None,
        earliest: date | None = None,
        hint: str = "For example, 12 8 2026",
        **kwargs: Any,
    ) -> None:
        self.earliest = earliest
        self.typed: dict[str, str] = dict.fromkeys(self.parts, "")
        self.error_part = "day"
        super().__init__(label, _checks(required), description=hint, **kwargs)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.data: date | None = data if isinstance(data, date) else getattr(self, "default", None)
        if callable(self.data):
            self.data = self.data()
        if self.data is not None:
            self.typed = {part: str(getattr(self.data, part)) for part in self.parts}
        if formdata is None:
            return
        names = {part: f"{self.name}-{part}" for part in self.parts}
        if not any(name in formdata for name in names.values()):
            self.data, self.typed = None, dict.fromkeys(self.parts, "")
            return
        self.typed = {part: formdata.get(name, "").strip()[:20] for part, name in names.items()}
        try:
            self.data = self._read()
        except ValueError as problem:
            self.data = None
            self.process_errors.append(str(problem))

    def _read(self) -> date | None:
        name = self.label.text
        missing = [part for part in self.parts if not self.typed[part]]
        if len(missing) == len(self.parts):
            return None
        if missing:
            self.error_part = missing[0]
            raise ValueError(f"{name} must include a {' and '.join(missing)}")
        for part in self.parts:
            digits = self.typed[part]
            if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_DAY_PART):
                self.error_part = part
                raise ValueError(f"{name} must be a real date, such as 12 8 2026")
        if len(self.typed["year"]) != 4 or int(self.typed["year"]) < 1880:
            self.error_part = "year"
            raise ValueError(f"{name}: enter the year in four figures, such as 2026")
        try:
            return date(int(self.typed["year"]), int(self.typed["month"]), int(self.typed["day"]))
        except ValueError:
            raise ValueError(f"{name} must be a real date, such as 12 8 2026") from None

    def _value(self) -> str:
        return self.data.isoformat() if self.data else ""


class Confirmation(Form):
    """A page whose only answer is its button."""


def choices_of(pairs: Iterable[tuple[Any, str]]) -> list[tuple[str, str]]:
    """Choices from ids and names."""
    return [(str(value), name) for value, name in pairs]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _tidy_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _tidy_paragraphs(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()


__all__ = [
    "Checks", "Choice", "Confirmation", "DayField", "Decision", "EditForm", "Form", "Line", "Paragraphs",
    "RadioChoice", "Required", "WholeNumber", "choices_of",
]  # fmt: skip
