"""The one list of features that have pages, and the navigation between them."""

from flask import Flask, current_app, request
from flask_login import current_user

from psg.accounts import (
    by_mail,
    kept_pages,
    profile,
    second_factor,
    session_pages,
)
from psg.accounts import views as accounts
from psg.accounts.administration import own_agency, users
from psg.accounts.administration import views as administration
from psg.accounts.permissions import Permission, permits
from psg.actions import views as actions
from psg.cases import access_pages, chronology, emergency_pages, network_pages
from psg.cases import combining as of_cases
from psg.cases import views as cases
from psg.demand import combining as of_demand
from psg.demand import contact_pages
from psg.demand import views as demand
from psg.demand.areas import views as areas
from psg.demand.costs import of_case
from psg.demand.costs import views as costs
from psg.demand.imports import views as import_pages
from psg.demand.mapping import views as mapping
from psg.demand.screening import views as screening
from psg.meetings import console
from psg.meetings import views as meetings
from psg.osara import conduct, worksheets
from psg.osara import views as osara
from psg.overview import health, published, record
from psg.overview import views as overview
from psg.plan import views as plan
from psg.reports import views as reports
from psg.responses import combining as of_responses
from psg.responses import views as responses
from psg.scoring import combining as of_scoring
from psg.scoring import of_subject
from psg.scoring import views as scoring
from psg.scoring.judging import views as judgement_pages
from psg.scoring.matrices import drafting as draft_pages
from psg.scoring.matrices import views as matrix_pages
from psg.sharing import clearing
from psg.sharing import combining as of_sharing
from psg.sharing import views as sharing
from psg.subjects import caution_pages, residence_pages, wards
from psg.subjects import views as subjects
from psg.subjects.duplicates import views as duplicates
from psg.subjects.links import views as links
from psg.subjects.merging import views as merging
from psg.subjects.outlines import views as outlines
from psg.web.dates import today

BLUEPRINTS = (
    overview.bp,
    accounts.bp,
    session_pages.bp,
    kept_pages.bp,
    second_factor.bp,
    by_mail.bp,
    profile.bp,
    administration.bp,
    users.bp,
    own_agency.bp,
    subjects.bp,
    caution_pages.bp,
    residence_pages.bp,
    wards.bp,
    outlines.bp,
    links.bp,
    merging.bp,
    duplicates.bp,
    demand.bp,
    import_pages.bp,
    areas.bp,
    contact_pages.bp,
    screening.bp,
    costs.bp,
    mapping.bp,
    cases.bp,
    chronology.bp,
    network_pages.bp,
    access_pages.bp,
    emergency_pages.bp,
    scoring.bp,
    judgement_pages.bp,
    matrix_pages.bp,
    draft_pages.bp,
    actions.bp,
    plan.bp,
    meetings.bp,
    console.bp,
    sharing.bp,
    clearing.bp,
    responses.bp,
    osara.bp,
    worksheets.bp,
    conduct.bp,
    reports.bp,
    record.bp,
    health.bp,
    published.bp,
)

COMBINING = (of_cases, of_demand, of_scoring, of_responses, of_sharing)
"""What features have to say when two records of one person or place are combined. It is heard once they are named."""

ON_SUBJECTS = (of_subject,)
"""What features have to show on the page of a person or place. It is heard once they are named."""

ON_CASES = (of_case,)
"""What features have to show on the overview of a case. It is heard once they are named."""

NAVIGATION = (
    ("Board", "/board", Permission.READ_CASES),
    ("Cases", "/cases", Permission.READ_CASES),
    ("People", "/people", Permission.READ_CASES),
    ("Places", "/places", Permission.READ_CASES),
    ("Scores", "/scoring/matrices", Permission.READ_MATRICES),
    ("Imports", "/demand/imports", Permission.IMPORT_DEMAND),
    ("Plan", "/plan", Permission.READ_PLAN),
    ("Meetings", "/meetings", Permission.ATTEND_MEETINGS),
    ("Sharing", "/sharing", Permission.READ_SHARING_LOG),
    ("Totals", "/reports", Permission.READ_TOTALS),
    ("Record", "/audit", Permission.READ_RECORD),
    ("Agency", "/agency", Permission.LEAD_AGENCY),
    ("Administration", "/administration", Permission.MANAGE_ACCOUNTS),
)


def init_app(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.context_processor(_page_frame)


def _page_frame() -> dict[str, object]:
    """What the frame of every page shows: where this person may go, and whether this is a demonstration."""
    frame: dict[str, object] = {
        "demo_mode": current_app.config["PSG_ENV"] == "development",
        "htmx_source": current_app.config["PSG_HTMX_SOURCE"],
        "navigation": [],
    }
    if current_user.is_authenticated:
        frame["navigation"] = [
            (label, path, request.path == path or request.path.startswith(path + "/"))
            for label, path, permission in NAVIGATION
            if permits(current_user, permission, today())
        ]
    return frame
