"""`psg audit`: what can be asked of the record from a terminal, and done for its keeping."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError

from psg.audit import services as audit
from psg.audit.evidence import Given, read_root, root_text
from psg.audit.export import ExportRefused, refuse_unless_empty, snapshot, write_export
from psg.audit.keys import KeyFileError, make_key
from psg.audit.models import Operation
from psg.audit.notes import NoteError
from psg.audit.signer import Signed, SigningError
from psg.audit.signing import EXTENSION, sign_now, the_signer
from psg.audit.succession import Reason, declare_loss, succeed
from psg.audit.verify import Result, verify
from psg.audit.witnesses import Witnessed, newest_checkpoint
from psg.base import Refused
from psg.extensions import db
from psg.web.dates import now
from psg.web.transaction import command_transaction

audit_group = AppGroup("audit", help="The record of who saw, changed and disclosed what.")


class _Bytes(click.ParamType[bytes]):
    """A file that is named and must open; what is in it is judged by the verifier."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return Path(value).read_bytes()
        except OSError as error:
            self.fail(f"{value}: {error.strerror}", param, ctx)


class _Root(click.ParamType[tuple[int, bytes]]):
    name = "size=base64"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return read_root(value)
        except NoteError as error:
            self.fail(f"{value}: {error}", param, ctx)


@contextmanager
def _refusing() -> Iterator[None]:
    """What cannot be done is one sentence and exit 1."""
    try:
        yield
    except (SigningError, ExportRefused, KeyFileError, Refused) as refusal:
        raise click.ClickException(str(refusal)) from refusal


@audit_group.command("verify")
@click.option("--key", type=_Bytes(), help="The log’s public key, kept elsewhere.")
@click.option("--checkpoint", "checkpoints", type=_Bytes(), multiple=True, help="A checkpoint or a receipt.")
@click.option("--root", "roots", type=_Root(), multiple=True, help="Size and root, as minutes print them.")
@click.option("--strict", is_flag=True, help="A declared loss is a failure too.")
@click.pass_context
def verify_command(
    context: click.Context,
    key: bytes | None,
    checkpoints: tuple[bytes, ...],
    roots: tuple[tuple[int, bytes], ...],
    strict: bool,
) -> None:
    """Recompute the whole record; exit 1 where any of it is not as it was written."""
    with _refusing():
        states = the_signer().places() if EXTENSION in current_app.extensions else {}
    with snapshot() as connection:
        result = verify(connection, Given(key, checkpoints, roots), states)
    for line in result.findings if result.holds else ():
        click.echo(line)
    click.echo(result.verdict, err=not result.holds)
    if result.holds and result.entries:
        _record_verification(result)
    context.exit(0 if result.holds and not (strict and result.losses) else 1)


def _record_verification(result: Result) -> None:
    """A record that may only be read is verified all the same; then nobody is told of it here."""
    detail: dict[str, Any] = {"event": "verified", "size": result.entries, "root": root_text(result.root)}
    try:
        audit.record(Operation.CUSTODY, "record.verify", by=None, **detail)
        db.session.commit()
    except SQLAlchemyError:
        db.session.rollback()


@audit_group.command("checkpoint")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the checkpoint here too.")
@click.option("--holder", default="", help="Who is given that copy, for the record.")
def checkpoint_command(out: Path | None, holder: str) -> None:
    """Sign the record as it stands, for cron; with --out, a copy for somebody outside to keep."""
    with _refusing():
        signed = sign_now()
        if out is not None:
            _hand_out(signed, out, holder)
    click.echo(f"{signed.size}={root_text(signed.root)}")


def _hand_out(signed: Signed, out: Path, holder: str) -> None:
    with snapshot() as connection:
        newest = newest_checkpoint(connection)
    if newest is None or newest.size < signed.size:
        raise SigningError("The checkpoint that was signed is not held: run psg audit verify.")
    try:
        out.write_bytes(newest.note)
    except OSError as error:
        raise ExportRefused(f"{out} cannot be written: {error.strerror}.") from error
    with command_transaction():
        _record_handing_out(newest, holder or out.name)


def _record_handing_out(newest: Witnessed, holder: str) -> None:
    detail: dict[str, Any] = {"event": "handed_out", "holder": holder, **newest.handed_out}
    audit.record(Operation.CUSTODY, "checkpoint.hand_out", by=None, **detail)


@audit_group.command("export")
@click.argument("directory", type=click.Path(path_type=Path))
def export_command(directory: Path) -> None:
    """Write the whole record to DIRECTORY, which must be absent or empty, with what verifies it."""
    with _refusing():
        refuse_unless_empty(directory)
        the_signer()
        with command_transaction():
            audit.record(Operation.CUSTODY, "record.export", by=None, event="exported")
        signed = sign_now()
        with snapshot() as connection:
            write_export(directory, connection, signed.generation, signed.size)
    click.echo(f"{signed.size} entries are in {directory}: python3 {directory / 'verify.py'} {directory}")


@audit_group.command("key")
@click.argument("file", type=click.Path(path_type=Path))
def key_command(file: Path) -> None:
    """Make a new key for signing in FILE, readable to its owner alone."""
    with _refusing():
        make_key(file)
    click.echo(
        f"A new key is in {file}. Keep it out of the database, of backups and of the web server’s reach."
    )


@audit_group.command("succeed")
@click.argument("reason", type=click.Choice([reason.value for reason in Reason]))
@click.option("--authorised-by", required=True, help="Who decided it, by office.")
@click.option("--checkpoint", "checkpoints", type=_Bytes(), multiple=True, help="A newer one, from anywhere.")
def succeed_command(reason: str, authorised_by: str, checkpoints: tuple[bytes, ...]) -> None:
    """Close this generation of the record and open the next, after a restore or a change of key."""
    with _refusing():
        signer = the_signer()
        with command_transaction():
            origin = audit.current_origin()
            own = signer.note_of_place(origin) if origin and reason != Reason.KEY_CHANGE else None
            lost = succeed(
                db.session.connection(),
                reason=Reason(reason),
                authorised_by=authorised_by,
                base_origin=current_app.config["PSG_AUDIT_ORIGIN"],
                public=signer.public(),
                notes=[*checkpoints, *([own] if own else [])],
                at=now(),
            )
        sign_now()
    click.echo(f"The next generation is open; {lost} entries are declared lost.")


@audit_group.command("declare-loss")
@click.argument("checkpoint", type=_Bytes())
@click.option("--authorised-by", required=True, help="Who decided it, by office.")
def declare_loss_command(checkpoint: bytes, authorised_by: str) -> None:
    """Record that CHECKPOINT, found since, is of more of an earlier generation than was kept."""
    with _refusing():
        with command_transaction():
            lost = declare_loss(
                db.session.connection(),
                note=checkpoint,
                reason=Reason.RESTORE,
                authorised_by=authorised_by,
                at=now(),
            )
        sign_now()
    click.echo(f"{lost} entries are declared lost.")
