"use strict";
const figures = JSON.parse(document.getElementById("figures").textContent);
const PRINTED_PX = 680; // the width of an A4 page less its margins
const LIGHT = { ink: "#20262b", paper: "#ffffff" };

function colours() {
  const style = getComputedStyle(document.documentElement);
  return { ink: style.getPropertyValue("--ink").trim(), paper: style.getPropertyValue("--paper").trim() };
}

// The paper is given its colour, or a picture that is saved of a dark page would have light letters on white.
function dressed(look) {
  return { "font.color": look.ink, "paper_bgcolor": look.paper, "modebar.color": "#8A8A8A", "modebar.bgcolor": "rgba(0,0,0,0)" };
}

function all(change) {
  for (const name of Object.keys(figures)) Plotly.relayout(name, change);
}

// Room for the words at the axes, which a dashboard's theme would leave.
function roomy(layout) {
  const axes = Object.entries(layout).filter(([key]) => /^[xy]axis/.test(key));
  return { ...layout, ...Object.fromEntries(axes.map(([key, axis]) => [key, { ...axis, automargin: true }])) };
}

for (const [name, figure] of Object.entries(figures)) {
  const layout = { ...roomy(figure.layout), template: {}, autosize: true };
  const button = { format: "png", scale: 2, filename: document.title + " " + name };
  const config = { responsive: true, displaylogo: false, displayModeBar: true, modeBarButtons: [["toImage"]], toImageButtonOptions: button };
  Plotly.newPlot(name, figure.data, layout, config);
}
all(dressed(colours()));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => all(dressed(colours())));
addEventListener("beforeprint", () => all({ ...dressed(LIGHT), width: PRINTED_PX }));
addEventListener("afterprint", () => all({ ...dressed(colours()), width: null, autosize: true }));
