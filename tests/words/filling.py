"""A person who fills every box of a form, and afterwards looks whether each still holds what they typed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from xml.etree.ElementTree import Element

import html5lib

TYPED = ("text", "search", "email", "tel", "url", "")
_words = count(1)


@dataclass
class Filled:
    """One form as it stands on a page. `boxes` are what a person sees and fills; htmx sends a live one."""

    action: str
    is_live: bool = False
    endpoint: str = ""
    hidden: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, list[str]] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, str | list[str]]:
        return {**self.hidden, **self.boxes}


def forms_of(page: str) -> list[Element]:
    """The forms of a page that are posted. Each says where it is sent, wherever it is shown."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    forms = [form for form in tree.iter("form") if form.get("method", "").lower() == "post"]
    assert all(form.get("action") for form in forms)
    return forms


def form_to(action: str, page: str) -> Element:
    """The form on the page that is sent to `action` and has most to fill."""
    wanted = [form for form in forms_of(page) if form.get("action") == action]
    assert wanted, f"no form is sent to {action}"
    return max(wanted, key=lambda form: len(fill(form).boxes))


def fill(form: Element) -> Filled:
    """Something of one's own in every box; the last of every list, every box ticked."""
    filled = Filled(form.get("action", ""), "hx-post" in form.attrib)
    for name, kind, control in _controls(form):
        if kind == "hidden":
            filled.hidden[name] = control.get("value", "")
        elif kind == "select":
            filled.boxes[name] = [[option.get("value", "") for option in control.iter("option")][-1]]
        elif kind == "radio":
            filled.boxes[name] = [control.get("value", "")]
        elif kind == "checkbox":
            filled.boxes.setdefault(name, []).append(control.get("value", ""))
        else:
            filled.boxes[name] = [_something(name, kind)]
    return filled


def shown(form: Element) -> dict[str, list[str]]:
    """What stands in the boxes of a form."""
    stands: dict[str, list[str]] = {}
    for name, kind, control in _controls(form):
        if kind == "select":
            options = list(control.iter("option"))
            chosen = [option for option in options if "selected" in option.attrib] or options
            stands[name] = [chosen[0].get("value", "")]
        elif kind in ("radio", "checkbox"):
            stands.setdefault(name, []).extend(
                [control.get("value", "")] if "checked" in control.attrib else []
            )
        elif kind == "textarea":
            stands[name] = ["".join(control.itertext()).removeprefix("\n")]
        elif kind != "hidden":
            stands[name] = [control.get("value", "")]
    return stands


def _controls(form: Element) -> Iterator[tuple[str, str, Element]]:
    for control in form.iter():
        name, kind = control.get("name", ""), control.get("type", "").lower()
        if not name:
            continue
        if control.tag in ("textarea", "select"):
            yield name, str(control.tag), control
        elif control.tag == "input" and kind not in ("submit", "button", "password", "file"):
            yield name, kind, control


def _something(name: str, kind: str) -> str:
    if name.endswith(("-day", "-month")):
        return "7"
    if name.endswith("-year"):
        return "2031"
    if kind not in (*TYPED, "textarea"):
        return "3"
    return f"My own words {next(_words)}" + (
        " in\nseveral lines, “quoted” & <marked>" if kind == "textarea" else ""
    )
