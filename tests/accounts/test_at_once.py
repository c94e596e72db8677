"""What is good once is good once, also where two use it at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from psg.accounts import factors, links, throttle
from psg.accounts.models import User
from psg.accounts.sign_in_models import FailedAttempt, LinkPurpose
from psg.extensions import db
from psg.web.dates import now
from psg.web.mail import Letter
from tests.accounts.signing_in import CODE
from tests.browser import Browser
from tests.factories.accounts import PASSWORD, App, give_app, make_user

AT_ONCE = 8


def somebody(app: Flask) -> tuple[int, str, App, list[str]]:
    with app.app_context():
        person = make_user()
        telephone, codes = give_app(person)
        db.session.commit()
        return person.id, person.email, telephone, codes


def together(app: Flask, act: Callable[[int], bool]) -> list[bool]:
    """Each in a thread and an application context of its own, all at the same moment."""
    start = Barrier(AT_ONCE)

    def one(number: int) -> bool:
        with app.app_context():
            start.wait()
            done = act(number)
            db.session.commit()
            return done

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_a_code_of_the_app_used_by_eight_at_once_opens_to_one(own_app: Flask) -> None:
    number, _, telephone, _ = somebody(own_app)
    code = telephone.code()
    opened = together(
        own_app, lambda _: factors.check_code(db.session.get_one(User, number), code, now=now())
    )
    assert opened.count(True) == 1


def test_a_recovery_code_used_by_eight_at_once_opens_to_one(own_app: Flask) -> None:
    number, _, _, codes = somebody(own_app)
    opened = together(
        own_app, lambda _: factors.check_recovery_code(db.session.get_one(User, number), codes[3], now=now())
    )
    assert opened.count(True) == 1


def test_a_link_used_by_eight_at_once_works_for_one(own_app: Flask) -> None:
    number, *_ = somebody(own_app)
    with own_app.app_context():
        address = links.create(db.session.get_one(User, number), LinkPurpose.RESET, now=now())
        db.session.commit()
    token = address.rpartition("/")[2]

    def use(_: int) -> bool:
        link = links.find(token, now=now())
        return link is not None and links.use(link, now=now())

    assert together(own_app, use).count(True) == 1


def test_sixteen_wrong_codes_at_once_are_not_sixteen_guesses(own_app: Flask) -> None:
    """As many more than ten may be looked at as there are threads between looking and counting, and no more."""
    _, email, _, _ = somebody(own_app)
    browsers = []
    for _ in range(AT_ONCE):
        browser = own_app.test_client()
        assert isinstance(browser, Browser)
        assert browser.send("/sign-in", {"email": email, "password": PASSWORD}).status_code == 303
        browsers.append((browser, browser.hidden_fields(CODE)))
    start = Barrier(AT_ONCE)

    def guess(number: int) -> list[int]:
        browser, hidden = browsers[number]
        start.wait()
        return [browser.post(CODE, data={**hidden, "code": "000000"}).status_code for _ in range(4)]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = [status for some in pool.map(guess, range(AT_ONCE)) for status in some]
    assert set(answers) <= {422, 429}
    assert throttle.PER_ACCOUNT <= answers.count(422) < throttle.PER_ACCOUNT + AT_ONCE
    with own_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(FailedAttempt)) == answers.count(422)
        assert db.session.scalar(select(func.count()).select_from(Letter)) == 0
