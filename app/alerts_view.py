"""Quiet alerts: the dialog in which a teacher sets the rules, and the banner of the live page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import streamlit as st

from app import resources
from app.guard import toasted
from app.marker_words import plain
from monitor.insight.alerts import SUGGESTED, in_words, shown
from monitor.people.rights import Right
from monitor.teaching import LONGEST_RULE_S, Alert, Measure, Rule
from monitor.words import _


def alerts_button() -> None:
    """Opens the rules."""
    if st.button(_("Alerts"), icon=":material/notifications:", help=_("Rules that show a quiet line on the live page")):
        for left in ("rule_open", "rule_doomed"):
            st.session_state.pop(left, None)
        st.dialog(_("Quiet alerts"), width="medium")(rules)()


def banner(alerts: tuple[Alert, ...], now: datetime) -> None:
    """A line for each rule that holds or was just over; none makes a sound or names a student."""
    zone = resources.zone()
    for alert in shown(alerts, now):
        with st.container(horizontal=True, vertical_alignment="center", border=True, gap="small"):
            start = f"{alert.at.astimezone(zone):%H:%M:%S}"
            times = _("since {start}").format(start=start)
            if alert.over_at is not None:
                times = _("{start}–{end}, over").format(start=start, end=f"{alert.over_at.astimezone(zone):%H:%M:%S}")
            st.markdown(f":material/notifications: **{plain(in_words(alert.rule))}** · {times}", width="stretch")
            st.button(
                _("Dismiss"),
                key=f"dismiss-{alert.id}",
                type="tertiary",
                help=_("For this lesson; the report lists it still"),
                on_click=_dismiss,
                args=(alert,),
            )


@toasted
def _dismiss(alert: Alert) -> None:
    resources.require(alert.lesson_id, Right.EDIT)
    resources.watcher(alert.lesson_id).dismiss(alert, resources.now())


def rules() -> None:
    st.caption(
        _(
            "A rule that holds shows one quiet line on the live page, never a sound, and never about one student. "
            "The report lists it. No rule is on before you set one."
        )
    )
    found = resources.store().alerts.rules()
    for rule in found:
        _row(rule)
    known = {replace(rule, id=0, on=True) for rule in found}
    missing = [rule for rule in SUGGESTED if rule not in known]
    if missing:
        st.button(
            _("Add the suggested rules"),
            icon=":material/playlist_add:",
            help=" · ".join(in_words(rule) for rule in missing),
            on_click=_add_all,
            args=(missing,),
        )
    if st.session_state.get("rule_open") is None:
        st.button(_("New rule"), icon=":material/add:", on_click=_open, args=(0,))
    else:
        _form(next((rule for rule in found if rule.id == st.session_state["rule_open"]), None))


def _row(rule: Rule) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        key = f"rule-on-{rule.id}"
        st.toggle(in_words(rule), rule.on, key=key, on_change=_switch, args=(rule, key), width="stretch")
        st.button(_("Change"), key=f"rule-change-{rule.id}", type="tertiary", on_click=_open, args=(rule.id,))
        st.button(_("Delete"), key=f"rule-delete-{rule.id}", type="tertiary", on_click=_doom, args=(rule.id,))
    if st.session_state.get("rule_doomed") == rule.id:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(_("Delete this rule? What it raised stays in the reports."), width="stretch")
            st.button(_("Yes, delete"), key="rule-doom", type="primary", on_click=_delete, args=(rule.id,))
            st.button(_("No"), key="rule-spare", on_click=_doom, args=(None,))


def _form(rule: Rule | None) -> None:
    old = rule or SUGGESTED[0]
    with st.container(border=True):
        measures = list(Measure)
        measure = st.selectbox(
            _("When the"),
            measures,
            measures.index(old.measure),
            format_func=lambda measure: measure.word,
            key=f"rule-measure-{old.id}",
        )
        side, limit = st.columns(2)
        side.segmented_control(
            _("is"),
            [True, False],
            default=old.below,
            required=True,
            key=f"rule-below-{old.id}",
            format_func=lambda one: _("below") if one else _("above"),
        )
        known = old.limit if old.measure is measure else None
        if measure is Measure.MOOD:
            mood = -0.2 if known is None else known
            limit.number_input(_("mood, −1 … +1"), -1.0, 1.0, mood, 0.05, key=f"rule-mood-{old.id}")
        else:
            share = 50 if known is None else round(100 * known)
            limit.number_input(_("% of the class"), 0, 100, share, 5, key=f"rule-share-{old.id}")
        st.number_input(_("for so many seconds"), 1, LONGEST_RULE_S, old.seconds, 10, key=f"rule-seconds-{old.id}")
        st.caption(in_words(_written(old)))
        with st.container(horizontal=True):
            st.button(_("Keep the rule"), type="primary", on_click=_keep, args=(old,))
            st.button(_("Cancel"), on_click=_open, args=(None,))


def _written(old: Rule) -> Rule:
    """The rule as its form says it now."""
    values = st.session_state
    measure = Measure(values[f"rule-measure-{old.id}"])
    mood, share = values.get(f"rule-mood-{old.id}"), values.get(f"rule-share-{old.id}")
    limit = mood if measure is Measure.MOOD else None if share is None else share / 100
    below, seconds = bool(values[f"rule-below-{old.id}"]), values[f"rule-seconds-{old.id}"]
    if limit is None:  # the measure was only just chosen, and the field for its limit is not drawn yet
        limit = next(rule.limit for rule in SUGGESTED if rule.measure is measure)
    return replace(old, measure=measure, below=below, limit=limit, seconds=seconds)


@toasted
def _keep(old: Rule) -> None:
    alerts, rule = resources.store().alerts, _written(old)
    if rule.id:
        alerts.change(rule)
    else:
        alerts.add(rule)
    _open(None)


def _open(rule_id: int | None) -> None:
    """The form for that rule, for a new one where it is 0, closed where it is None."""
    st.session_state["rule_open"] = rule_id


def _doom(rule_id: int | None) -> None:
    st.session_state["rule_doomed"] = rule_id


@toasted
def _delete(rule_id: int) -> None:
    resources.store().alerts.delete(rule_id)
    _doom(None)


@toasted
def _switch(rule: Rule, key: str) -> None:
    resources.store().alerts.change(replace(rule, on=bool(st.session_state[key])))


@toasted
def _add_all(missing: list[Rule]) -> None:
    for rule in missing:
        resources.store().alerts.add(rule)
