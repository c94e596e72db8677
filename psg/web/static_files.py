"""Addresses of our own static files, with a mark of their content so that a browser may keep them for good."""

from hashlib import sha256
from pathlib import Path

from flask import Flask, url_for


class Assets:
    """Knows each file's mark. In development a changed file is read again; elsewhere it is read once."""

    def __init__(self, folder: Path, *, watching: bool) -> None:
        self._folder = folder
        self._watching = watching
        self._marks: dict[str, tuple[int, str]] = {}

    def address(self, name: str) -> str:
        mark = self._mark(name)
        return url_for("static", filename=name, v=mark) if mark else url_for("static", filename=name)

    def _mark(self, name: str) -> str:
        known = self._marks.get(name)
        if known and not self._watching:
            return known[1]
        path = self._folder / name
        if not path.is_file():
            return ""
        changed = path.stat().st_mtime_ns
        if known is None or known[0] != changed:
            known = self._marks[name] = (changed, sha256(path.read_bytes()).hexdigest()[:12])
        return known[1]


def init_app(app: Flask) -> None:
    assets = Assets(Path(app.static_folder or "static"), watching=app.config.get("PSG_ENV") == "development")
    app.jinja_env.globals["asset"] = assets.address
