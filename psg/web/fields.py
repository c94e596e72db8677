"""Fields by what an officer enters: a line, paragraphs, a choice, a day. Each says in a sentence what to do."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import Field
from wtforms.validators import Optional, StopValidation

LINE_MAXIMUM = 200
TEXT_MAXIMUM = 20_000
LONGEST_DAY_PART = 5
Choices = Sequence[tuple[str, str]]


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


def choices_of(pairs: Iterable[tuple[Any, str]]) -> list[tuple[str, str]]:
    """Choices from ids and names."""
    return [(str(value), name) for value, name in pairs]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _tidy_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _tidy_paragraphs(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()
