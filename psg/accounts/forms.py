from wtforms import PasswordField

from psg.accounts.services import LONGEST_PASSWORD
from psg.web.forms import Form, Line, Plain, Required


class Password(PasswordField):
    widget_name = "password"


class SignInForm(Form):
    email = Line("E-mail address", required="Enter your e-mail address", maximum=254)
    password = Password("Password", [Plain(LONGEST_PASSWORD), Required("Enter your password")])
