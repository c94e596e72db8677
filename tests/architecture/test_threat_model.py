"""The threat model names the test that holds each control. A test that was moved or dropped is noticed here."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.compile(r"`(tests/[\w/.]+|psg/[\w/.]+)`")


def test_every_test_that_the_threat_model_names_is_there() -> None:
    text = (ROOT / "docs" / "threat-model.md").read_text()
    named = set(NAMED.findall(text))
    assert len(named) > 15
    assert sorted(name for name in named if not (ROOT / name).is_file()) == []


def test_every_threat_has_a_control_and_a_test() -> None:
    section = (ROOT / "docs" / "threat-model.md").read_text().partition("## Threats and controls")[2]
    rows = [row for row in section.partition("## Accepted risks")[0].splitlines() if row.startswith("| ")]
    threats = [row.strip("| ").split(" | ") for row in rows if not row.startswith("| threat")]
    assert len(threats) > 25
    assert [row for row in threats if len(row) != 3 or not NAMED.search(row[2])] == []
