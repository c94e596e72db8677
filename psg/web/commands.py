"""`psg mail send`: letters that wait leave. Run it from a timer, every minute."""

from pathlib import Path
from smtplib import SMTPException

import click
from flask import current_app
from flask.cli import AppGroup

from psg.base import Refused
from psg.web import mail
from psg.web.dates import now
from psg.web.transaction import command_transaction

mail_group = AppGroup("mail", help="Letters that wait to be sent.")
FOLDER = "mail"


@mail_group.command("send")
def send() -> None:
    """Send every letter that waits. One that cannot leave waits for the next time (exit 1)."""
    with command_transaction():
        sender, done = _sender()
        mail.forget_old(now())
        waiting = mail.waiting()
    outcomes = [_send(number, sender) for number in waiting]
    failed = outcomes.count(False)
    click.echo(f"{_letters(outcomes.count(True))} {done}.")
    if failed:
        raise click.ClickException(
            f"{_letters(failed)} could not be sent: check PSG_SMTP_URL and the mail server, then run psg mail send again."
        )


def _sender() -> tuple[mail.Sender, str]:
    config = current_app.config
    if config["PSG_SMTP_URL"]:
        return mail.by_smtp(config["PSG_SMTP_URL"], config["PSG_MAIL_FROM"]), "sent"
    if config["PSG_ENV"] == "production":
        raise Refused("Set PSG_SMTP_URL to the mail server, such as smtps://user:password@host:465.")
    folder = Path(current_app.instance_path) / FOLDER
    done = f"written to {folder}; nothing was sent, because PSG_SMTP_URL is not set"
    return mail.into_folder(folder, config["PSG_MAIL_FROM"]), done


def _send(number: int, sender: mail.Sender) -> bool | None:
    """True where it left, False where it could not, None where nobody is to have it."""
    with command_transaction():
        letter = mail.take(number, now=now())
    if letter is None:
        return None
    try:
        sender(letter)
    except (OSError, SMTPException, ValueError):
        with command_transaction():
            mail.note_failed(number)
        return False
    with command_transaction():
        mail.note_sent(number, now=now())
    return True


def _letters(count: int) -> str:
    return "1 letter" if count == 1 else f"{count} letters"
