import json
from pathlib import Path

import pytest

from psg.web import headers, vendor

PAGES_ASK_FOR = [
    "govuk-frontend.min.css",
    "govuk-frontend.min.js",
    "htmx.min.js",
    "moj-frontend.min.css",
    "moj-frontend.min.js",
]
GOVUK, MOJ = vendor.LIBRARIES


@pytest.fixture(scope="module")
def vendored() -> dict[str, str]:
    return {
        str(path.relative_to(vendor.VENDOR)): path.read_text()
        for path in vendor.VENDOR.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def nothing_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(vendor, "NODE_MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(vendor, "VENDOR", tmp_path / "vendor")
    return tmp_path / "vendor"


def test_every_file_that_pages_ask_for_is_there(vendored: dict[str, str]) -> None:
    assert [name for name in sorted(vendored) if "/" not in name] == PAGES_ASK_FOR


@pytest.mark.parametrize("sheet", ["govuk-frontend.min.css", "moj-frontend.min.css"])
def test_stylesheets_carry_no_government_font_or_crest(vendored: dict[str, str], sheet: str) -> None:
    style = vendored[sheet]
    assert "@font-face" not in style
    assert "GDS Transport" not in style
    assert "font-family:Arial,Helvetica,sans-serif" in style
    assert "crest.svg" not in style


def test_no_font_crest_or_crown_is_copied(vendored: dict[str, str]) -> None:
    for name in vendored:
        assert not any(
            word in name for word in ("woff", "crest", "crown", "favicon", "logotype", "opengraph")
        )


@pytest.mark.parametrize("sheet", ["govuk-frontend.min.css", "moj-frontend.min.css"])
def test_stylesheets_ask_only_for_files_beside_them(vendored: dict[str, str], sheet: str) -> None:
    asked = [part.split(")")[0].strip("'\"") for part in vendored[sheet].split("url(")[1:]]
    assert [url for url in asked if url not in vendored] == []
    assert "@import" not in vendored[sheet]


def test_no_file_names_a_source_map_that_is_not_there(vendored: dict[str, str]) -> None:
    assert [name for name, text in vendored.items() if "sourceMappingURL" in text] == []


def test_local_htmx_is_the_file_the_browser_checks_the_cdn_against(vendored: dict[str, str]) -> None:
    assert vendor.integrity(vendored["htmx.min.js"].encode()) == headers.HTMX_INTEGRITY


def test_the_cdn_is_asked_for_the_version_that_is_pinned() -> None:
    pinned = json.loads((vendor.ROOT / "package.json").read_text())["dependencies"]
    assert (
        f"https://cdn.jsdelivr.net/npm/htmx.org@{pinned['htmx.org']}/dist/htmx.min.js" == headers.HTMX_ADDRESS
    )


def test_lock_files_name_no_registry() -> None:
    locks = [vendor.ROOT / "package-lock.json", *vendor.ROOT.glob("requirements*.txt")]
    assert len(locks) == 4
    for lock in locks:
        text = lock.read_text()
        assert "://" not in text, lock.name
        assert "index-url" not in text, lock.name
        assert '"resolved"' not in text, lock.name


def test_stylesheet_with_another_number_of_fonts_is_refused() -> None:
    with pytest.raises(vendor.UnexpectedFile, match="govuk-frontend holds 1 × font where 2 were expected"):
        vendor.rebranded("@font-face{font-family:GDS Transport;src:url(/assets/fonts/a.woff)}", GOVUK)


def test_stylesheet_that_names_the_font_in_a_new_way_is_refused() -> None:
    known = (
        "@font-face{}" * GOVUK.fonts
        + "a{font-family:GDS Transport,arial,sans-serif}" * GOVUK.font_uses
        + "a{mask-image:url(/assets/images/govuk-crest.svg)}" * GOVUK.crests
    )
    assert "GDS" not in vendor.rebranded(known, GOVUK)
    with pytest.raises(vendor.UnexpectedFile, match="still holds “GDS Transport”"):
        vendor.rebranded(known + "a{font-family:'GDS Transport'}", GOVUK)


def test_changed_htmx_is_refused_and_nothing_is_written(
    nothing_fetched: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for library in vendor.LIBRARIES:
        _fetched(library)
    _write(vendor.HTMX_FILE, "changed on the way")
    assert vendor.main() == 1
    assert "htmx.min.js is sha384-" in capsys.readouterr().err
    assert not nothing_fetched.exists()


def test_missing_library_is_one_sentence(nothing_fetched: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert vendor.main() == 1
    assert capsys.readouterr().err.strip().endswith("is missing: run make assets.")
    assert not nothing_fetched.exists()


def _fetched(library: vendor.Library) -> None:
    style = (
        "@font-face{}" * library.fonts
        + "a{font-family:GDS Transport,arial,sans-serif}" * library.font_uses
        + "a{mask-image:url(/assets/images/govuk-crest.svg)}" * library.crests
        + "a{background:url(/assets/images/icon.svg)}" * library.images
    )
    _write(f"{library.folder}/{library.name}.min.css", style)
    _write(f"{library.folder}/{library.name}.min.js", "export{}")
    _write(f"{library.folder}/assets/images/icon.svg", "<svg/>")


def _write(name: str, text: str) -> None:
    path = vendor.NODE_MODULES / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
