"""Every table of the product, known before a schema is made from the models."""

import importlib
import pkgutil

import psg


def import_models() -> None:
    for module in pkgutil.walk_packages(psg.__path__, "psg."):
        importlib.import_module(module.name)
