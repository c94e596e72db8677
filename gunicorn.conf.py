"""How gunicorn serves PSG, wherever it is started from this directory. Options of the command line come first."""

from typing import Any

from psg.web.logs import JsonLines

accesslog = None  # its lines hold paths and addresses; ours hold neither
forwarded_allow_ips = ""  # forwarded headers are read by PSG alone, for PSG_PROXY_HOPS proxies


def on_starting(server: Any) -> None:
    """The server's own messages, in the form of the operating log and as silent about paths."""
    for handler in server.log.error_log.handlers:
        handler.setFormatter(JsonLines())


on_reload = on_starting
