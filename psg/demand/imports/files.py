"""What kind of file was sent, told by its content: the ending of its name says nothing that can be relied on."""

from psg.base import Refused
from psg.demand.imports.csv_table import read_csv
from psg.demand.imports.table import Opener, Table
from psg.demand.imports.workbook import read_workbook

LARGEST_FILE = 40_000_000
ZIP = b"PK\x03\x04"
OTHERS = {
    b"\xd0\xcf\x11\xe0": "The file is an old Excel workbook (.xls) or has a password: save it as .xlsx without one.",
    b"%PDF": "The file is a PDF: export the rows as CSV or as an Excel workbook.",
    b"{\\rtf": "The file is a letter, not a table: export the rows as CSV or as an Excel workbook.",
    b"<": "The file is a web page or XML: export the rows as CSV or as an Excel workbook.",
}


def open_table(open_file: Opener, *, sheet: str = "") -> Table:
    """The table in this file. Raises `Refused` where there is none."""
    with open_file() as file:
        first = file.read(64)
    if first.startswith(ZIP):
        return read_workbook(open_file, sheet=sheet)
    for beginning, sentence in OTHERS.items():
        if first.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(beginning):
            raise Refused(sentence)
    return read_csv(open_file)
