"""Headers on every answer of every status: what a browser may load, frame, keep and tell others.

The policy admits scripts of our own, the one inline line of the page layout by its hash, and htmx by
its full address with its own hash in the tag; nothing else. Case data must not outlive the screen it
was shown on, so that only files under /static may be kept.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, request, session

HTMX_ADDRESS = "https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn"
INLINE_LINE = "sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw="

REPORTS = "/csp-report"
"""Where a browser tells what the policy kept from running (`psg/overview/published.py`)."""

POWERS = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen",
    "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment",
    "picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial", "usb",
    "xr-spatial-tracking",
)  # fmt: skip

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # no-referrer would break the same-origin check of a form over TLS
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{power}=()" for power in POWERS),
    "X-Robots-Tag": "noindex",
}
TWO_YEARS = 63_072_000
KEPT_FOR_EVER = "public, max-age=31536000, immutable"
KEPT_AN_HOUR = "public, max-age=3600"


def policy(*, cdn: bool) -> str:
    """The Content-Security-Policy; `cdn` where htmx is fetched from its public address first."""
    scripts = ["'self'", f"'{INLINE_LINE}'", *([HTMX_ADDRESS] if cdn else [])]
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(scripts)}",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'none'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "object-src 'none'",
            "frame-ancestors 'none'",
            f"report-uri {REPORTS}",
        )
    )


def fixed(config: Mapping[str, Any]) -> dict[str, str]:
    """What every answer carries, whatever it answers."""
    sent = {**FIXED, "Content-Security-Policy": policy(cdn=config.get("PSG_HTMX_SOURCE", "cdn") != "local")}
    if config.get("PSG_ENV") == "production":
        sent["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"
    return sent


def of_refusal(config: Mapping[str, Any]) -> dict[str, str]:
    """For an answer that is given before, or after, there is a request to speak of."""
    return {**fixed(config), "Cache-Control": "no-store", "Vary": "Cookie, HX-Request"}


def init_app(app: Flask) -> None:
    sent = fixed(app.config)

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers.update(sent)
        if request.endpoint == "static" and response.status_code in (200, 304):
            response.headers["Cache-Control"] = KEPT_FOR_EVER if "v" in request.args else KEPT_AN_HOUR
            session.accessed = False  # a file is the same for everyone; Vary: Cookie would fetch it again
        else:
            response.headers["Cache-Control"] = "no-store"
            response.vary.update(("Cookie", "HX-Request"))
        return response

    app.jinja_env.globals.update(htmx_address=HTMX_ADDRESS, htmx_integrity=HTMX_INTEGRITY)
