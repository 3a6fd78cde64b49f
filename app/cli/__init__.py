"""Commands: `flask --app wsgi …` (`commands.py`), and what `make run` starts (`start.py`)."""
