"""Copies the browser files that npm fetched into `static/vendor/`: `python -m psg.web.vendor`.

The service is not on a gov.uk domain, so by GOV.UK Frontend's own terms it may use neither the GDS
Transport font nor the royal crest and crown. They are taken out here and counted: an upgrade in which
they are fewer or more is refused until someone has looked, for it could bring them back unseen.
"""

import re
import shutil
import sys
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha384
from pathlib import Path

from psg.web.headers import HTMX_INTEGRITY

ROOT = Path(__file__).resolve().parents[2]
NODE_MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"

HTMX_FILE = "htmx.org/dist/htmx.min.js"


@dataclass(frozen=True)
class Library:
    """Where a library's files lie, and how often its stylesheet holds what must change."""

    name: str
    folder: str
    fonts: int
    font_uses: int
    crests: int
    images: int


LIBRARIES = (
    Library("govuk-frontend", "govuk-frontend/dist/govuk", fonts=2, font_uses=55, crests=3, images=0),
    Library("moj-frontend", "@ministryofjustice/frontend/moj", fonts=0, font_uses=60, crests=0, images=11),
)


class UnexpectedFile(RuntimeError):
    """A fetched file is missing, or is not as this step knows it."""


def prepared(node_modules: Path) -> dict[str, bytes]:
    """The files of `static/vendor/` by name; nothing is written when one of them is refused."""
    files = {}
    for library in LIBRARIES:
        source = node_modules / library.folder
        style = rebranded(_read(source / f"{library.name}.min.css").decode(), library)
        script = without_source_map(_read(source / f"{library.name}.min.js").decode())
        files[f"{library.name}.min.css"] = style.encode()
        files[f"{library.name}.min.js"] = script.encode()
        for image in sorted(set(re.findall(r"url\(images/([^)]+)\)", style))):
            files[f"images/{image}"] = _read(source / "assets" / "images" / image)
    files["htmx.min.js"] = _read(node_modules / HTMX_FILE)
    found = integrity(files["htmx.min.js"])
    if found != HTMX_INTEGRITY:
        raise UnexpectedFile(f"{HTMX_FILE} is {found}, but pages ask the CDN for {HTMX_INTEGRITY}.")
    return files


def rebranded(style: str, library: Library) -> str:
    """A stylesheet without the government's font and crest, that looks for its images beside itself."""
    crest = r"[a-z-]+:url\(/assets/[^)]*(?:crest|crown)[^)]*\);?"
    for what, pattern, replacement, times in (
        ("font", r"(?:/\*[^*]*\*/)?@font-face\{[^}]*\}", "", library.fonts),
        (
            "use of the font",
            "GDS Transport,arial,sans-serif",
            "Arial,Helvetica,sans-serif",
            library.font_uses,
        ),
        ("crest or crown", crest, "", library.crests),
        ("image", r"url\(/assets/(images/[\w.-]+)\)", r"url(\1)", library.images),
    ):
        style, count = re.subn(pattern, replacement, style)
        if count != times:
            raise UnexpectedFile(
                f"{library.name} holds {count} × {what} where {times} were expected: look, then count."
            )
    for remains in ("GDS Transport", "@font-face", "@import", "/assets/", "url(http", "url(//", "url(data:"):
        if remains in style:
            raise UnexpectedFile(f"{library.name} still holds “{remains}”.")
    return without_source_map(style)


def without_source_map(text: str) -> str:
    """Source maps are not copied, so a line that names one would only send browsers after a missing file."""
    return re.sub(r"\s*(?://# sourceMappingURL=\S+|/\*# sourceMappingURL=[^*]+\*/)\s*$", "\n", text)


def integrity(content: bytes) -> str:
    """What a browser compares a script from a CDN with (Subresource Integrity)."""
    return "sha384-" + b64encode(sha384(content).digest()).decode()


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise UnexpectedFile(f"{path} is missing: run make assets.")
    return path.read_bytes()


def main() -> int:
    try:
        files = prepared(NODE_MODULES)
    except UnexpectedFile as refusal:
        print(refusal, file=sys.stderr)
        return 1
    shutil.rmtree(VENDOR, ignore_errors=True)
    for name, content in files.items():
        target = VENDOR / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
