"""The pages of the entrance, as plain HTML that needs no script: signing in, the first set-up, an invitation."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from urllib.parse import quote

from monitor.people.passwords import LONGEST, SHORTEST
from monitor.people.purpose import EXPLAINED, Purpose, law
from monitor.words import _, language

STYLE = """
:root {color-scheme: light dark; --back: #fbfbf9; --card: #fff; --text: #11161a; --quiet: #4c555c; --line: #8a949b;
  --accent: #1f6f8b; --on: #fff; --bad: #a4262c;}
@media (prefers-color-scheme: dark) {:root {--back: #14181b; --card: #1f252a; --text: #e8ecee; --quiet: #b4bcc2;
  --line: #76818a; --accent: #58a6c4; --on: #0d1417; --bad: #ff9a9a;}}
* {box-sizing: border-box;}
body {margin: 0; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI",
  Roboto, sans-serif;}
main {max-width: 27rem; margin: 8vh auto 2rem; padding: 0 1.2rem;}
main.wide {max-width: 44rem; margin-top: 4vh;}
h1 {font-size: 1.7rem; line-height: 1.2; margin: .2rem 0 1rem;}
h2 {font-size: 1.15rem; margin: 1.6rem 0 .3rem;}
p.mark {margin: 0; color: var(--quiet);}
.law {border-left: 4px solid var(--accent); padding: .1rem 0 .1rem 1rem; margin: 1rem 0;}
.law p {margin: .5rem 0;}
label, legend {display: block; font-weight: 600; margin: 1rem 0 .25rem;}
fieldset {border: 0; padding: 0; margin: 0;}
label.choice {display: flex; gap: .6rem; font-weight: 400; margin: .45rem 0; align-items: baseline;}
input:not([type=radio]), textarea {width: 100%; font: inherit; color: inherit; background: var(--card);
  border: 1px solid var(--line); border-radius: .6rem; padding: .6rem .75rem;}
input:focus-visible, textarea:focus-visible, button:focus-visible, a:focus-visible {outline: 3px solid var(--accent);
  outline-offset: 2px;}
small {display: block; color: var(--quiet); margin-top: .25rem;}
button, a.button {width: 100%; margin-top: 1.5rem; padding: .7rem; font: inherit; font-weight: 600; border: 0;
  border-radius: .6rem; background: var(--accent); color: var(--on); cursor: pointer;}
a {color: var(--accent);}
a.button {display: block; margin-top: .5rem; color: var(--on); text-align: center; text-decoration: none;}
p.or {color: var(--quiet); text-align: center; margin: 1.2rem 0 0;}
.error {border: 1px solid var(--bad); color: var(--bad); border-radius: .6rem; padding: .6rem .8rem; margin: 0 0 1rem;}
footer {color: var(--quiet); margin-top: 2rem; font-size: .9rem;}
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def page(title: str, body: str, wide: bool = False) -> str:
    """`body` is HTML."""
    mark = escape(_("Classroom mood"))
    return (
        f'<!doctype html><html lang="{language()}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)} · {mark}</title>'
        f'<link rel="icon" href="/favicon.png"><style>{STYLE}</style></head>'
        f'<body><main{" class=wide" if wide else ""}><p class="mark">🙂 {mark}</p><h1>{escape(title)}</h1>{body}'
        "</main></body></html>"
    )


def sign_in_page(back: str, error: str = "", name: str = "", school: str = "") -> str:
    """`back`: where the form leads; `school`: what the button to the school's own sign-in says, if there is one."""
    return page(
        _("Sign in"),
        f'{_error(error)}{_school(back, school)}<form method="post" action="/sign-in">{_hidden("next", back)}'
        f"{_name(name)}{_password(_('Password'), 'current-password')}<button>{escape(_('Sign in'))}</button></form>"
        f"<footer>{escape(_('Students need no account: open the link of the lesson, or'))} "
        f'<a href="/?join=">{escape(_("type its code"))}</a>. '
        f"{escape(_('Forgotten? An administrator can send you a new link.'))}</footer>",
    )


def invitation_page(token: str, name: str, error: str = "") -> str:
    return page(
        _("Choose a password"),
        f"{_error(error)}<p>{escape(_('For the account “{name}”.').format(name=name))}</p>"
        f'<form method="post" action="/invitation">{_hidden("token", token)}{_hidden("name", name, "username")}'
        f"{_new_password()}<button>{escape(_('Keep it and sign in'))}</button></form>",
    )


def setup_page(token: str, error: str = "", name: str = "", purpose: str = "", words: str = "") -> str:
    """`purpose` and `words`: as they were sent before."""
    paragraphs = "".join(f"<p>{escape(one)}</p>" for one in law())
    choices = "".join(
        f'<label class="choice"><input type="radio" name="purpose" value="{escape(one.value)}" required'
        f"{' checked' if one.value == purpose else ''}><span>{escape(_(EXPLAINED[one]))}</span></label>"
        for one in Purpose
    )
    return page(
        _("Set up this dashboard"),
        f"{_error(error)}<p>{escape(_('You become its first administrator. This link works once.'))}</p>"
        f'<h2>{escape(_("The law first"))}</h2><div class="law">{paragraphs}</div>'
        f'<form method="post" action="/setup">{_hidden("token", token)}'
        f"<fieldset><legend>{escape(_('Where and for what is it used?'))}</legend>{choices}</fieldset>"
        f'<label for="words">{escape(_("The place, and the legal basis"))}</label>'
        f'<textarea id="words" name="words" rows="3" required aria-describedby="words-help">{escape(words)}</textarea>'
        f'<small id="words-help">{escape(_("Kept with the date and your name, and shown to whoever signs in. "))}'
        f"{escape(_('Without it no camera can be started.'))}</small>"
        f"<h2>{escape(_('Your account'))}</h2>{_name(name)}{_new_password()}"
        f"<button>{escape(_('Set it up'))}</button></form>",
        wide=True,
    )


def told_page(title: str, words: str) -> str:
    return page(title, f'<p>{escape(words)}</p><p><a href="/sign-in">{escape(_("Sign in"))}</a></p>')


def _error(words: str) -> str:
    return f'<p class="error" role="alert">{escape(words)}</p>' if words else ""


def _school(back: str, name: str) -> str:
    """A link: a form that leads to another site is what the policy of these pages forbids."""
    if not name:
        return ""
    told = escape(_("Sign in with {school}").format(school=name))
    return f'<a class="button" href="/sign-in/provider?next={quote(back, safe="")}">{told}</a>' + (
        f'<p class="or">{escape(_("or with a password of this dashboard"))}</p>'
    )


def _hidden(name: str, value: str, autocomplete: str = "off") -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value)}" autocomplete="{autocomplete}">'


def _name(value: str) -> str:
    return (
        f'<label for="name">{escape(_("Name"))}</label><input id="name" name="name" value="{escape(value)}" required '
        'maxlength="120" autocomplete="username" autocapitalize="none" spellcheck="false">'
    )


def _password(label: str, autocomplete: str, field: str = "password", told: str = "") -> str:
    about = f' aria-describedby="{field}-help"' if told else ""
    return (
        f'<label for="{field}">{escape(label)}</label><input id="{field}" name="{field}" type="password" required '
        f'maxlength="{LONGEST}" autocomplete="{autocomplete}"{about}>'
        + (f'<small id="{field}-help">{escape(told)}</small>' if told else "")
    )


def _new_password() -> str:
    told = _("{least} characters or more. A few words in a row are a good one.").format(least=SHORTEST)
    return _password(_("Password"), "new-password", told=told) + _password(
        _("The same again"), "new-password", field="again"
    )
