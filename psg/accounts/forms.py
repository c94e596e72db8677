"""What is asked for on the way in: passwords, codes, and nothing that must be typed twice."""

from typing import Any

from wtforms import HiddenField, PasswordField

from psg.accounts import passwords
from psg.accounts.factors import LONGEST_CODE
from psg.accounts.services import LONGEST_EMAIL
from psg.web.fields import Line, Plain, Required
from psg.web.forms import Form


class Password(PasswordField):
    """Never shown again, whatever else was wrong with the page."""

    widget_name = "password"

    def __init__(self, label: str, *, required: str, hint: str = "", **kwargs: Any) -> None:
        checks = [Plain(passwords.LONGEST * 4), Required(required)]
        super().__init__(label, checks, description=hint, **kwargs)


class SignInForm(Form):
    email = Line("E-mail address", required="Enter your e-mail address", maximum=LONGEST_EMAIL)
    password = Password("Password", required="Enter your password")


class CodeForm(Form):
    code = Line(
        "Code from your authenticator app",
        required="Enter the six figures that your app shows",
        maximum=LONGEST_CODE,
        hint="Six figures, such as 123 456. They change every 30 seconds.",
    )


class RecoveryCodeForm(Form):
    code = Line(
        "Recovery code",
        required="Enter one of your ten recovery codes",
        maximum=LONGEST_CODE,
        hint="One of the ten that you were given with your app, such as K7QF-M2XW-9HDR-T4BN. Each works once.",
    )


class SetUpForm(CodeForm):
    """`sealed` is the secret that the page shows, which only the server can read."""

    sealed = HiddenField()


class ForgottenForm(Form):
    email = Line("E-mail address", required="Enter your e-mail address", maximum=LONGEST_EMAIL)


class ChoosePasswordForm(Form):
    new_password = Password("New password", required="Enter the password you want", hint=passwords.HINT)


class ChangePasswordForm(Form):
    password = Password("Password you have now", required="Enter the password you have now")
    new_password = Password("New password", required="Enter the password you want", hint=passwords.HINT)


class UnlockForm(Form):
    password = Password("Password", required="Enter your password")


class StepUpForm(UnlockForm):
    code = Line(
        "Code from your authenticator app",
        required="Enter the six figures that your app shows",
        maximum=LONGEST_CODE,
    )
