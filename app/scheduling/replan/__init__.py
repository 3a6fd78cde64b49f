"""A day that breaks: somebody is away, a place is closed, bad weather. What could become of each
visit (`options.py`), one choice for all of them together (`choose.py`), and each line
approved as an act of its own (`approve.py`). The thinking is pure; `facts.py` and `breaks.py`
read for it.
"""
