from tests.browser import Browser


def test_process_is_alive(client: Browser) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok"}


def test_schema_that_was_not_migrated_is_not_ready(client: Browser) -> None:
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["schema"] is False
