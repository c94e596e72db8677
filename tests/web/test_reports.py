"""A browser's reports of what the policy kept from running: counted, never copied."""

import json

import pytest

from psg.web import reports

OLD = {
    "csp-report": {
        "document-uri": "https://psg.example/people/P-0001?q=Reedmace",
        "referrer": "https://psg.example/cases/PSG-0142",
        "violated-directive": "script-src-elem",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/Reedmace.js",
        "script-sample": "Jo Reedmace",
    }
}
NEW = [
    {
        "type": "csp-violation",
        "url": "https://psg.example/people/P-0001",
        "body": {"effectiveDirective": "style-src-attr", "blockedURL": "inline", "sample": "Reedmace"},
    }
]


@pytest.mark.parametrize(
    ("sent", "summary"),
    [
        (OLD, {"directive": "script-src-elem", "blocked": "https"}),
        (NEW, {"directive": "style-src-attr", "blocked": "inline"}),
        ({"csp-report": {}}, {"directive": "other", "blocked": "other"}),
        ({"csp-report": {"violated-directive": "script-src 'self'", "blocked-uri": "data"}}, {"directive": "script-src", "blocked": "data"}),
        ({"csp-report": {"effective-directive": "Reedmace", "blocked-uri": "Reedmace"}}, {"directive": "other", "blocked": "other"}),
        ({"csp-report": {"effective-directive": ["x"], "blocked-uri": "http://[evil"}}, {"directive": "other", "blocked": "other"}),
    ],
)  # fmt: skip
def test_of_a_report_only_words_of_ours_are_kept(sent: object, summary: dict[str, str]) -> None:
    assert reports.summaries(json.dumps(sent).encode()) == [summary]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"1", b"null", b'"x"', b"{}", b'{"csp-report": 1}', b"\xff\xfe", b"[" * 10_000, b'[{"body": []}]'],
)  # fmt: skip
def test_what_is_no_report_is_refused(body: bytes) -> None:
    with pytest.raises(reports.Unreadable):
        reports.summaries(body)


def test_only_so_many_are_taken_in_any_minute() -> None:
    moment = 0.0
    limiter = reports.Limiter(3, clock=lambda: moment)
    assert [limiter.admits() for _ in range(5)] == [True, True, True, False, False]
    moment = 59.9
    assert not limiter.admits()
    moment = 60.0
    assert [limiter.admits() for _ in range(4)] == [True, True, True, False]
