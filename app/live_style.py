"""How the live page lies on a phone: the buttons of its head in one row, the markers under the thumb."""

from __future__ import annotations

STYLE = """<style>
@media (max-width: 640px) {
  .st-key-live-head {gap: .3rem;}
  .st-key-live-head > :first-child {flex-basis: 100%;}
  .st-key-live-head > :not(:first-child) {flex: 1 1 0; min-width: 0;}
  .st-key-live-head button {width: 100%; padding: .2rem .15rem;}
  .st-key-live-head button span:has(> [data-testid="stIconMaterial"]) {display: none;}
  .st-key-live-head button p {font-size: .7rem; line-height: 1.1;}
  .st-key-marker-bar {position: fixed; z-index: 90; left: 0; right: 0; bottom: 0; gap: .3rem; width: auto;
    padding: .35rem .5rem calc(.35rem + env(safe-area-inset-bottom)); background: light-dark(#fbfbf9, #14181b);
    border-top: 1px solid rgba(128,128,128,.35);}
  .st-key-marker-row {flex-wrap: nowrap; align-items: stretch; gap: .3rem;}
  .st-key-marker-row > * {flex: 1 1 0; min-width: 0;}
  .st-key-marker-row .stButton, .st-key-marker-row button {width: 100%; height: 100%;}
  .st-key-marker-row button {min-height: 3.4rem; padding: .2rem .05rem;}
  .st-key-marker-row kbd {display: none;}
  .st-key-marker-row [data-has-shortcut] {flex-direction: column; gap: 0;}
  .st-key-marker-row [data-testid="stMarkdownContainer"] {line-height: 1; text-align: center;}
  .st-key-marker-row button p {font-size: .7rem; line-height: 1.1; white-space: normal; overflow-wrap: anywhere;}
  .stMainBlockContainer.block-container {padding-bottom: 7rem;}
}
</style>"""
