"""Whom a step tells: never nobody while anybody can be told, and never only the one it is about."""

import pytest

from app.lone_working.told import OnCall, told

TAMSIN, BUDDY, MORWENNA, ELOWEN = 1, 2, 3, 4
ALL = OnCall(MORWENNA, BUDDY, (MORWENNA, ELOWEN))


@pytest.mark.parametrize(
    ("step", "on_call", "texts"),
    [
        ("not_in", ALL, [("check_in_asked", TAMSIN), ("check_in_missed", BUDDY)]),
        ("remind_out", ALL, [("check_out_reminder", TAMSIN)]),
        ("buddy", ALL, [("overdue_buddy", BUDDY)]),
        ("manager", ALL, [("overdue_manager", MORWENNA)]),
        ("all_managers", ALL, [("overdue_all", MORWENNA), ("overdue_all", ELOWEN)]),
        ("help", ALL, [("help_asked", MORWENNA), ("help_asked", BUDDY)]),
        # no buddy: the manager at once
        ("buddy", OnCall(MORWENNA, None, (MORWENNA,)), [("overdue_buddy", MORWENNA)]),
        ("not_in", OnCall(MORWENNA, None, (MORWENNA,)),
         [("check_in_asked", TAMSIN), ("check_in_missed", MORWENNA)]),
        # nobody on duty: all managers at once
        ("manager", OnCall(None, BUDDY, (MORWENNA, ELOWEN)),
         [("overdue_manager", MORWENNA), ("overdue_manager", ELOWEN)]),
        ("buddy", OnCall(None, None, (MORWENNA, ELOWEN)),
         [("overdue_buddy", MORWENNA), ("overdue_buddy", ELOWEN)]),
        # the one it is about is the buddy, or the manager on duty
        ("buddy", OnCall(MORWENNA, TAMSIN, (MORWENNA,)), [("overdue_buddy", MORWENNA)]),
        ("manager", OnCall(TAMSIN, BUDDY, (TAMSIN, ELOWEN)), [("overdue_manager", ELOWEN)]),
        ("all_managers", OnCall(TAMSIN, BUDDY, (TAMSIN, ELOWEN)), [("overdue_all", ELOWEN)]),
        # a duty manager who is no manager by role is told with all managers
        ("all_managers", OnCall(BUDDY, None, (MORWENNA,)),
         [("overdue_all", MORWENNA), ("overdue_all", BUDDY)]),
        ("manager", OnCall(None, None, ()), []),
    ],
)  # fmt: skip
def test_a_step_tells(step, on_call, texts):
    assert told(step, TAMSIN, on_call) == texts
