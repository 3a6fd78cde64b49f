"""How a rule is declared; the service itself, and the rules of booking, travel and programmes.

Pure: no table, no clock. `rules.py` adds the rest and says what a `Rules` is for.
"""

from dataclasses import dataclass, field
from typing import Any


def rule(
    default: Any,
    label: str,
    unit: str,
    group: str,
    *,
    least: float | None = None,
    most: float | None = None,
    source: str = "policy",
) -> Any:
    meta = {
        "label": label,
        "unit": unit,
        "group": group,
        "least": least,
        "most": most,
        "source": source,
    }
    return field(default=default, metadata=meta)


@dataclass(frozen=True)
class CourseRules:
    """The service itself, and the rules of booking, travel and programmes."""

    # The service itself, on every page and text.
    service_name: str = rule("VIG service", "Name of the service", "text", "The service", most=40)
    organisation: str = rule("Penhallow Council", "Organisation", "text", "The service", most=80)
    service_phone: str = rule("01632 960 100", "Phone", "phone", "The service", most=20)
    service_email: str = rule("vig@example.org", "E-mail", "e-mail", "The service", most=120)
    service_hours: str = rule(
        "Monday to Friday, 9am to 5pm", "Staffed hours", "text", "The service", most=60
    )
    neutral_name: str = rule(
        "Jo at the family office", "Who a neutral text is from", "text", "The service", most=40
    )
    neutral_email: str = rule(
        "appointments@example.org",
        "E-mail that families’ invitations come from",
        "e-mail",
        "The service",
        most=120,
    )

    # Booking.
    grid_minutes: int = rule(15, "Starts are on a grid of", "minutes", "Booking", least=5, most=60)
    notice_hours: int = rule(24, "Notice before a visit", "hours", "Booking", least=0, most=240)
    horizon_weeks: int = rule(12, "Booked ahead at most", "weeks", "Booking", least=1, most=52)
    visits_a_day: int = rule(
        4, "Visits a day for one practitioner", "visits", "Booking", least=1, most=12
    )
    goals_visit_minutes: int = rule(60, "Goals visit", "minutes", "Booking", least=5, most=240)
    video_session_minutes: int = rule(
        45, "Video session", "minutes", "Booking", least=5, most=240, source="the service's leaflet"
    )
    shared_review_minutes: int = rule(
        60, "Shared review", "minutes", "Booking", least=5, most=240, source="the service's leaflet"
    )
    conversation_minutes: int = rule(30, "Conversation", "minutes", "Booking", least=5, most=240)
    follow_up_minutes: int = rule(30, "Follow-up", "minutes", "Booking", least=5, most=240)
    # Least and most minutes of each kind of appointment.
    goals_visit_least: int = rule(
        45, "Goals visit, shortest", "minutes", "Booking", least=5, most=120
    )
    goals_visit_most: int = rule(
        90, "Goals visit, longest", "minutes", "Booking", least=15, most=240
    )
    video_session_least: int = rule(
        20,
        "Video session, shortest",
        "minutes",
        "Booking",
        least=5,
        most=120,
        source="the service's leaflet",
    )
    video_session_most: int = rule(
        45,
        "Video session, longest",
        "minutes",
        "Booking",
        least=15,
        most=240,
        source="the service's leaflet",
    )
    shared_review_least: int = rule(
        45, "Shared review, shortest", "minutes", "Booking", least=5, most=120
    )
    shared_review_most: int = rule(
        90, "Shared review, longest", "minutes", "Booking", least=15, most=240
    )
    conversation_least: int = rule(
        15, "Conversation, shortest", "minutes", "Booking", least=5, most=120
    )
    conversation_most: int = rule(
        60, "Conversation, longest", "minutes", "Booking", least=15, most=240
    )
    follow_up_least: int = rule(15, "Follow-up, shortest", "minutes", "Booking", least=5, most=120)
    follow_up_most: int = rule(60, "Follow-up, longest", "minutes", "Booking", least=15, most=240)
    keep_apart_minutes: int = rule(
        60,
        "Between visits of two carers who must not meet",
        "minutes",
        "Booking",
        least=0,
        most=480,
    )

    # Travel.
    road_factor: float = rule(
        1.35,
        "Road distance over straight line",
        "times",
        "Travel",
        least=1,
        most=3,
        source="reference/scheduling.md",
    )
    road_speed_kmh: float = rule(48, "Driving speed", "km/h", "Travel", least=10, most=110)
    parking_minutes: int = rule(5, "To park", "minutes", "Travel", least=0, most=30)
    same_district_minutes: int = rule(
        12, "Within one postcode district", "minutes", "Travel", least=0, most=60
    )
    unknown_travel_minutes: int = rule(
        30, "Where a place is not known", "minutes", "Travel", least=1, most=120
    )
    between_visits_minutes: int = rule(
        10, "Added before and after every drive", "minutes", "Travel", least=0, most=60
    )

    # Programme.
    cycles_least: int = rule(
        3,
        "Cycles planned, fewest",
        "cycles",
        "Programme",
        least=1,
        most=7,
        source="the service's leaflet",
    )
    cycles_most: int = rule(
        7,
        "Cycles planned, most without a manager's reason",
        "cycles",
        "Programme",
        least=3,
        most=12,
        source="the service's leaflet",
    )
    review_target_days: int = rule(
        7, "Review after its video", "days", "Programme", least=1, most=28
    )
    review_least_working_days: int = rule(
        1, "Review after its video, at least", "working days", "Programme", least=0, most=10
    )
    review_warn_days: int = rule(
        14, "Warn when a review is later than", "days", "Programme", least=1, most=60
    )
    review_flag_days: int = rule(
        21, "Flag when a review is later than", "days", "Programme", least=1, most=90
    )
    next_video_days: int = rule(
        7, "Next video after a review", "days", "Programme", least=1, most=28, source="issue 3"
    )
    clips_wanted: int = rule(
        3,
        "Clips for a review",
        "clips",
        "Programme",
        least=1,
        most=6,
        source="the service's leaflet",
    )
    clip_least_seconds: int = rule(2, "Shortest clip", "seconds", "Programme", least=1, most=30)
    clip_most_seconds: int = rule(
        60,
        "Longest clip",
        "seconds",
        "Programme",
        least=10,
        most=300,
        source="the service's leaflet",
    )
    clips_call_days: int = rule(
        2,
        "Clips chosen nearer to the review than this: ring, do not text",
        "working days",
        "Programme",
        least=0,
        most=10,
    )
    goals_most: int = rule(
        3,
        "Goals at a time, at most",
        "goals",
        "Programme",
        least=1,
        most=5,
        source="reference/domain.md 1.5",
    )
    media_keep_days: int = rule(
        61,
        "Delete videos after the ending",
        "days",
        "Programme",
        least=0,
        most=365,
        source="reference/domain.md 1.3: erased within 2 months of the end",
    )
    follow_up_months: int = rule(
        6, "Follow-up after the ending", "months", "Programme", least=1, most=24
    )
