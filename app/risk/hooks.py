"""What packages above do when what is known of a home changes. Filled by wiring."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.places.models import Place
from app.registry import Registry

# (home, by, at): called in the transaction of the act, after the assessment is stored.
on_assessment: Registry[Callable[[Place, Any, datetime], None]] = Registry("risk.on_assessment")
