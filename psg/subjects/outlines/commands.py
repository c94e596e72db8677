"""`psg areas`."""

from pathlib import Path

import click
from flask.cli import AppGroup

from psg.subjects.outlines.geojson import LARGEST_FILE
from psg.subjects.outlines.services import load_outlines
from psg.web.dates import now
from psg.web.transaction import command_transaction

areas_group = AppGroup("areas", help="The outlines that maps are drawn over.")


@areas_group.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--source", required=True, help="Where the outlines come from; it stands under every map.")
@click.option("--licence", required=True, help="Under which licence, in its own words for attribution.")
@click.option("--name-property", default="", help="The property that names an area, where it is not plain.")
def load(file: Path, source: str, licence: str, name_property: str) -> None:
    """Read outlines from a GeoJSON file, in place of those loaded before."""
    with file.open("rb") as opened:
        data = opened.read(LARGEST_FILE + 1)
    with command_transaction():
        loaded = load_outlines(
            data, source=source, licence=licence, name_property=name_property, by=None, now=now()
        )
    for sentence in loaded.sentences:
        click.echo(sentence)
