"""Pages as a browser reads them: the shape of one, the addresses in it, and its forms with what each would take."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import html5lib

ADDRESSES = frozenset(
    [
        "action",
        "background",
        "cite",
        "code",
        "codebase",
        "data",
        "formaction",
        "href",
        "icon",
        "manifest",
        "poster",
        "profile",
        "src",
        "srcdoc",
        "srcset",
        "xlink:href",
        "hx-get",
        "hx-post",
        "hx-put",
        "hx-patch",
        "hx-delete",
        "hx-action",
        "hx-push-url",
        "hx-replace-url",
        "data-hx-get",
        "data-hx-post",
        "data-fallback",
    ]
)
TYPED = frozenset({"text", "search", "email", "password", "tel", "url"})
ADDRESS = re.compile(rf'\s(?:{"|".join(sorted(ADDRESSES, key=len, reverse=True))})="([^"]*)"')
NUMBER = re.compile(r"\d+")
OURS = re.compile(r"/(?![/\\])|\?|#|$")

Shape = Counter[tuple[str, tuple[tuple[str, str], ...]]]
"""How often each element stands at its place in the tree, with its attributes. Not in which order: a list
of people is sorted by what they are called."""


def tree_of(page: str) -> Element:
    return html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)


def walk(element: Element, place: str = "") -> Iterator[tuple[str, str, dict[str, str]]]:
    place = f"{place}/{element.tag}"
    yield place, str(element.tag), {str(name): value for name, value in element.attrib.items()}
    for child in element:
        yield from walk(child, place)


def addresses_in(page: str) -> set[str]:
    """Of our own making: what is typed has no quotes left that could begin one."""
    return set(ADDRESS.findall(page)) - {"true", "false"}


def read(page: str) -> tuple[Shape, set[str]]:
    """Every element with its attributes, of addresses and the like their values too; and the addresses."""
    shape, addresses = Shape(), set()
    for place, tag, attributes in walk(tree_of(page)):
        if tag == "option":
            attributes.pop("selected", None)  # names decide the order of a list, and so which is chosen in it
        shape[place, tuple(sorted((name, _kept(name, value)) for name, value in attributes.items()))] += 1
        addresses |= {value for name, value in attributes.items() if name in ADDRESSES} - {"true", "false"}
    return shape, addresses


def _kept(name: str, value: str) -> str:
    """Numbers apart: the second telling of a story counts on from the first."""
    if name in ADDRESSES:
        return NUMBER.sub("N", value.partition("?")[0])
    is_kept = name.startswith(("hx-", "data-hx-", "on")) or name in ("type", "method", "id", "target")
    return NUMBER.sub("N", value) if is_kept else ""


def leads_away(address: str) -> bool:
    """Anything but a path, a query or a place on this site."""
    return not OURS.match(unquote(address)) or bool(urlsplit(address).netloc)


@dataclass
class Box:
    """One thing a form asks for: its kind, what may be chosen, and what stands in it."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)

    @property
    def is_text(self) -> bool:
        return self.kind == "textarea" or self.kind in TYPED


class Forms(HTMLParser):
    """Each form of a page: how and where it is sent, and its boxes."""

    def __init__(self, page: str, address: str) -> None:
        super().__init__()
        self.address = address
        self.open: Box | None = None
        self.found: list[tuple[str, str, dict[str, Box]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            target = said.get("action") or self.address
            self.found.append((said.get("method", "get").lower(), target, {}))
        elif tag == "option" and self.open is not None:
            self.open.choices.append(said.get("value", ""))
        elif self.found and "name" in said and tag in ("input", "textarea", "select", "button"):
            self._take(tag, said)

    def _take(self, tag: str, said: dict[str, str]) -> None:
        kind = said.get("type", "text") if tag == "input" else tag
        if kind == "text" and said.get("inputmode") == "numeric":
            kind = "number"
        box = self.found[-1][2].setdefault(said["name"], Box(said["name"], kind))
        self.open = box if kind == "select" else None
        if kind in ("radio", "checkbox", "button"):
            box.choices.append(said.get("value", "on"))
        else:
            box.value = said.get("value", "")


def forms_in(page: str, address: str) -> list[tuple[str, str, list[Box]]]:
    return [(method, target, list(boxes.values())) for method, target, boxes in Forms(page, address).found]
