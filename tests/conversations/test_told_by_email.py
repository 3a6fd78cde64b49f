"""A carer who is told by e-mail is asked by e-mail which time suits, and what they decided."""

from email import message_from_string, policy

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import db
from app.families.models import Carer
from app.messaging.models import SimulatedMessage
from tests.cast import NOW, Cast
from tests.conversations.arranging import agreed, texts
from tests.messaging.steps import work

ADDRESS = "hannah.rowe@example.org"


def answers(**more: object) -> None:
    carer = db.session.scalars(select(Carer).where(Carer.first_name == "Hannah")).one()
    said = {"email": ADDRESS, "safe_to_email": "yes", "prefers": "email", "link_ok": False, **more}
    for name, value in said.items():
        setattr(carer, name, value)
    db.session.commit()


def mails() -> list[str]:
    rows = db.session.scalars(
        select(SimulatedMessage.body).where(SimulatedMessage.to_address == ADDRESS)
    )
    mails = [message_from_string(body, policy=policy.default) for body in rows]
    return [f"{mail['Subject']}\n{mail.get_content()}" for mail in mails]


def test_the_question_which_time_suits_goes_by_e_mail_and_its_link_opens(
    asking: Cast, client: FlaskClient
) -> None:
    answers()
    agreed(asking)
    work(NOW)

    (mail,) = mails()
    assert mail.startswith("A time to talk")
    assert "Pick a time that suits you:" in mail
    path = "/f/" + mail.split("/f/")[1].split()[0]
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("wording", ["neutral", "strict"])
def test_only_full_wording_speaks_of_another_parent(asking: Cast, wording: str) -> None:
    answers(wording=wording)
    agreed(asking)
    work(NOW)

    assert mails() == []
    assert texts("choose_time") == []
