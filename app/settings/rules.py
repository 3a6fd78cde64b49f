"""The rules' numbers, each with its default, unit, limits and where the number comes from.

Pure: no table, no clock. A `Rules` is passed as a value to slots, matching, cycles, texts and the
watch. Defaults are DESIGN.md section 6; "policy" means that the team decides it.
"""

from dataclasses import dataclass, fields
from typing import Any

from app.settings.course_rules import CourseRules, rule

__all__ = ["Rules", "default_minutes", "lengths", "rule"]


@dataclass(frozen=True)
class Rules(CourseRules):
    """Every setting of the service. Times of day are minutes since London midnight."""

    # Home visits and the watch.
    cover_from: int = rule(
        8 * 60 + 30, "Duty cover from", "time of day", "Home visits", least=0, most=1440
    )
    cover_until: int = rule(
        18 * 60, "Duty cover until", "time of day", "Home visits", least=0, most=1440
    )
    home_visits_end_before_cover: int = rule(
        60, "Home visits end before duty cover does by", "minutes", "Home visits", least=0, most=240
    )
    assessment_months: int = rule(
        6, "Look at a home again after", "months", "Home visits", least=1, most=12
    )
    check_in_late_minutes: int = rule(
        15, "Not checked in: ask after", "minutes", "Home visits", least=5, most=60
    )
    extend_minutes: int = rule(
        30, "One extension of a visit", "minutes", "Home visits", least=5, most=60
    )
    overdue_buddy_minutes: int = rule(
        15,
        "Not checked out: tell the buddy after",
        "minutes",
        "Home visits",
        least=5,
        most=60,
        source="reference/domain.md 3.3",
    )
    overdue_manager_minutes: int = rule(
        30,
        "Not checked out: tell the duty manager after",
        "minutes",
        "Home visits",
        least=5,
        most=120,
    )
    overdue_manager_minutes_raised: int = rule(
        20, "The same at a raised or high home", "minutes", "Home visits", least=5, most=120
    )
    overdue_all_minutes: int = rule(
        45, "Not checked out: all managers after", "minutes", "Home visits", least=10, most=180
    )
    overdue_all_minutes_raised: int = rule(
        35, "The same at a raised or high home", "minutes", "Home visits", least=10, most=180
    )
    check_in_early_minutes: int = rule(
        60, "Check in before the start by at most", "minutes", "Home visits", least=5, most=240
    )
    alarm_again_minutes: int = rule(
        10,
        "All managers, while nobody has taken an alarm: text again every",
        "minutes",
        "Home visits",
        least=5,
        most=60,
    )
    watch_stale_seconds: int = rule(
        120, "Say that the watch has stopped after", "seconds", "Home visits", least=30, most=600
    )

    # Texts.
    texts_from: int = rule(9 * 60, "Texts from", "time of day", "Texts", least=0, most=1440)
    texts_until: int = rule(19 * 60, "Texts until", "time of day", "Texts", least=0, most=1440)
    reminder_at: int = rule(10 * 60, "Reminders at", "time of day", "Texts", least=0, most=1440)
    early_reminder_days: int = rule(
        5,
        "First reminder before",
        "days",
        "Texts",
        least=2,
        most=14,
        source="Hallsworth 2015: five days before",
    )
    reminder_working_days: int = rule(
        1, "Last reminder before", "working days", "Texts", least=1, most=5
    )
    texts_apart_hours: int = rule(
        12, "Between two texts about one appointment", "hours", "Texts", least=0, most=48
    )
    too_late_minutes: int = rule(
        120,
        "A reminder is not sent later than, before the start",
        "minutes",
        "Texts",
        least=0,
        most=600,
        source="reference/domain.md 4.4",
    )
    contact_check_days: int = rule(
        90,
        "Ask again whether texting is safe after",
        "days",
        "Texts",
        least=7,
        most=365,
        source="reference/domain.md 4.3",
    )
    text_parts_a_second: int = rule(
        8,
        "Texts go out at most (each part of a long text counts)",
        "a second",
        "Texts",
        least=1,
        most=100,
        source="Twilio: a UK number sends 10 parts a second; a fifth is left for alarms and answers",
    )
    send_lease_seconds: int = rule(
        60, "A worker holds a text for", "seconds", "Texts", least=30, most=600
    )
    quarantine_seconds: int = rule(
        300,
        "An unknown send is looked into after",
        "seconds",
        "Texts",
        least=120,
        most=3600,
        source="reference/messaging.md 1.8: at least 2 minutes",
    )

    # Referrals and the family's choice.
    referral_days: int = rule(
        2, "Settle a referral within", "working days", "Referrals", least=1, most=20
    )
    ask_family_days: int = rule(
        5,
        "Ask a new family what it would like within",
        "working days",
        "Referrals",
        least=1,
        most=20,
    )
    referrals_an_hour: int = rule(
        10, "Referrals from one address, at most", "an hour", "Referrals", least=1, most=200
    )

    # Talking to another parent.
    offer_hours: int = rule(
        72, "An offer can be answered for", "hours", "Conversations", least=12, most=240
    )
    offer_ends_at: int = rule(
        12 * 60,
        "It runs out on a working day at",
        "time of day",
        "Conversations",
        least=0,
        most=1439,
    )
    offer_target_days: int = rule(
        2, "First offer within", "working days", "Conversations", least=1, most=10
    )
    date_target_days: int = rule(
        5, "Date agreed within", "working days", "Conversations", least=1, most=20
    )
    debrief_target_days: int = rule(
        2, "Debrief within", "working days", "Conversations", least=1, most=10
    )
    peer_months_after_vig: int = rule(
        3, "A peer finished VIG at least", "months ago", "Conversations", least=0, most=36
    )
    peer_monthly_limit: int = rule(
        2,
        "Conversations a month, where the peer has not said",
        "conversations",
        "Conversations",
        least=1,
        most=8,
    )
    peer_rest_days: int = rule(
        28, "A full rest since the last conversation", "days", "Conversations", least=1, most=180
    )
    conversations_most: int = rule(
        3, "Conversations for one family", "conversations", "Conversations", least=1, most=6
    )

    # The calendars that staff keep elsewhere.
    calendar_hosts: str = rule(
        "outlook.office365.com, outlook.office.com, outlook.live.com, calendar.google.com",
        "Calendars are read from",
        "hosts",
        "Own calendars",
        most=200,
        source="reference/security.md 5",
    )
    calendar_minutes: int = rule(
        30, "A calendar is read every", "minutes", "Own calendars", least=15, most=1440
    )

    # Signing in.
    idle_minutes: int = rule(
        30, "Signed out after", "minutes without use", "Signing in", least=5, most=480
    )
    session_hours: int = rule(
        12, "Signed out in any case after", "hours", "Signing in", least=1, most=24
    )

    def changed(self, **values: Any) -> "Rules":
        """The same rules with some values changed (unknown names raise TypeError)."""
        return type(self)(**{**{f.name: getattr(self, f.name) for f in fields(self)}, **values})


def lengths(kind: str, rules: Rules) -> tuple[int, int]:
    """The least and the most minutes of an appointment kind."""
    return int(getattr(rules, f"{kind}_least")), int(getattr(rules, f"{kind}_most"))


def default_minutes(kind: str, rules: Rules) -> int:
    """The usual length of an appointment kind in minutes."""
    return int(getattr(rules, f"{kind}_minutes"))
