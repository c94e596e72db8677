"""The file of outlines, with what has to stand under every map drawn over it."""

from typing import Any

from flask import request

from psg.web.fields import Line
from psg.web.forms import Form

LARGEST_HERE = 1_000_000


class LoadForm(Form):
    """The file itself is no field: a browser never gives one back, so it is chosen again after an error."""

    source = Line(
        "Source",
        required="Enter where the outlines come from",
        hint="For example: Office for National Statistics, wards of May 2026. It stands under every map",
    )
    licence = Line(
        "Licence",
        required="Enter the licence, in the words that its owner asks for",
        hint="For example: Contains OS data © Crown copyright and database right 2026",
    )
    name_property = Line(
        "Property that holds the names",
        maximum=60,
        hint="Such as WD26NM. Leave it empty to take the one that names most wards of the district",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file = request.files.get("file") if self.is_submitted() else None
        self.content = file.read() if file is not None else b""

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if valid and not self.content:
            self.refuse(None, "Choose the GeoJSON file")
        return valid and not self.errors
