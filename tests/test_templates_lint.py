"""What no template may do, found in its syntax tree and its markup (reference/security.md 2.6)."""

import re
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file())
ENVIRONMENT = jinja2.Environment(autoescape=True)

NOT_A_BLOCK = "html that is not from a set block"
TAG = re.compile(r"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>""")
QUOTED = re.compile(r""""[^"]*"|'[^']*'""")
IN_MARKUP = {
    "a script in the page": r"<script\b(?![^>]*\ssrc=)",
    "a style in the page": r"<style\b",
    "a refresh by itself": r"http-equiv=.?refresh",
    "a javascript: address": r"(?:href|src|action)=[\"']?\s*javascript:",
    "something from another site": r"<(?:script|link|img|iframe)\b[^>]*=[\"'](?:https?:)?//",
}
IN_TAGS = {
    "style=": r"\sstyle\s*=",
    "a handler in an attribute": r"\son[a-z]+\s*=",
    "an attribute without quotes": r"=\s*(?!\"\")",
}


def faults(name: str, source: str) -> list[str]:
    if not name.endswith((".html", ".txt")):
        return ["a name that is not escaped: only .html and .txt"]
    found = list(faults_in_tree(name, ENVIRONMENT.parse(source)))
    if name.endswith(".html"):
        found += faults_in_markup(markup_of(source))
    return found


def faults_in_tree(name: str, tree: nodes.Template) -> Iterator[str]:
    if any(node.name == "safe" for node in tree.find_all(nodes.Filter)):
        yield "|safe"
    if any(node.name == "Markup" for node in tree.find_all(nodes.Name)):
        yield "Markup()"
    if any(tree.find_all((nodes.EvalContextModifier, nodes.ScopedEvalContextModifier))):
        yield "escaping turned off"
    blocks = {node.target.name for node in tree.find_all(nodes.AssignBlock)}
    plain = {
        name.name
        for node in tree.find_all((nodes.Assign, nodes.For))
        for name in [node.target, *node.target.find_all(nodes.Name)]
        if isinstance(name, nodes.Name)
    }
    for key, value in parameters(tree):
        if key.lower().endswith("html") and not is_escaped_markup(value, blocks - plain):
            yield f"{key} that is not from a set block"
    if name.endswith(".html") and any(other.endswith(".txt") for other in others(tree)):
        yield "a .txt template inside a page"


def parameters(tree: nodes.Template) -> Iterator[tuple[str, nodes.Expr]]:
    for pair in tree.find_all(nodes.Pair):
        if isinstance(pair.key, nodes.Const) and isinstance(pair.key.value, str):
            yield pair.key.value, pair.value
    for keyword in tree.find_all(nodes.Keyword):
        yield keyword.key, keyword.value


def is_escaped_markup(value: nodes.Expr, blocks: set[str]) -> bool:
    if isinstance(value, nodes.Call) and isinstance(value.node, nodes.Name):
        return value.node.name == "caller"
    return isinstance(value, nodes.Name) and value.name in blocks


def others(tree: nodes.Template) -> Iterator[str]:
    for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        for constant in [node.template, *node.template.find_all(nodes.Const)]:
            if isinstance(constant, nodes.Const) and isinstance(constant.value, str):
                yield constant.value


def markup_of(source: str) -> str:
    """The template without Jinja: an expression becomes one letter, a statement nothing."""
    text = []
    for _, kind, value in ENVIRONMENT.lex(source):
        if kind == "data":
            text.append(value)
        elif kind == "variable_begin":
            text.append("x")
    return "".join(text)


def faults_in_markup(markup: str) -> list[str]:
    found = [words for words, pattern in IN_MARKUP.items() if re.search(pattern, markup, re.I)]
    tags = [QUOTED.sub('""', tag) for tag in TAG.findall(markup)]
    for words, pattern in IN_TAGS.items():
        if any(re.search(pattern, tag, re.I) for tag in tags):
            found.append(words)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_keeps_the_rules_of_templates(name: str) -> None:
    assert faults(name, (TEMPLATES / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ name | safe }}", "|safe"),
        ("{{ Markup(name) }}", "Markup()"),
        ("{% autoescape false %}{{ name }}{% endautoescape %}", "escaping turned off"),
        ("{{ govukTag({'html': '<b>' ~ name}) }}", NOT_A_BLOCK),
        ("{{ box({'titleHtml': name}) }}", "titleHtml that is not from a set block"),
        ("{{ box(html=name) }}", NOT_A_BLOCK),
        ("{% set h = '<b>%s'|format(n) %}{{ box({'html': h}) }}", NOT_A_BLOCK),
        ("{% for h in hs %}{{ box({'html': h}) }}{% endfor %}", NOT_A_BLOCK),
        ("{% for h in a %}{% set h %}b{% endset %}{{ box(html=h) }}{% endfor %}", NOT_A_BLOCK),
        ("<script>go()</script>", "a script in the page"),
        ("<style>p {}</style>", "a style in the page"),
        ('<p style="color: red">', "style="),
        ('<p{% if a %} onclick="{{ b }}"{% endif %}>', "a handler in an attribute"),
        ("<a href={{ address }}>", "an attribute without quotes"),
        ("<input {% if a %}value={{ b }}{% endif %}>", "an attribute without quotes"),
        ('<a href="javascript:go()">', "a javascript: address"),
        ('<meta http-equiv="refresh" content="15">', "a refresh by itself"),
        ('<script src="https://cdn.example.org/a.js"></script>', "something from another site"),
        ('{% include "texts/reminder.txt" %}', "a .txt template inside a page"),
        ('{% extends "a.txt" if b else "c.html" %}', "a .txt template inside a page"),
    ],
)
def test_finds_a_planted_fault(source: str, words: str) -> None:
    assert faults("planted.html", source) == [words]


@pytest.mark.parametrize(
    "source",
    [
        "{% set h %}<b>{{ name }}</b>{% endset %}{{ box({'html': h}) }}",
        "{% macro m() %}{{ box({'html': caller()}) }}{% endmacro %}",
        '<script type="module" src="{{ asset(\'site.js\') }}"></script>',
        '<a class="x{{ " y" if a }}" href="/?a=1"{% if c %} rel="next"{% endif %}>one = two</a>',
    ],
)
def test_lets_good_markup_pass(source: str) -> None:
    assert faults("good.html", source) == []


@pytest.mark.parametrize("name", ["a.md", "a.html.j2", "a.HTML", "a.ics"])
def test_refuses_a_name_that_jinja_does_not_escape(name: str) -> None:
    assert faults(name, "{{ name }}") == ["a name that is not escaped: only .html and .txt"]
