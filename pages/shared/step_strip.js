// Stands after step_cells.js in one module.
const TIGHT_PX = 9;
const ROOMY_PX = 15;
const NARROW_PX = 560;
const GLYPHS = { s: "", d: "≠", n: "–" };

const make = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });

function withRole(role, className, text) {
  const made = make("div", className, text);
  made.setAttribute("role", role);
  return made;
}

function legend() {
  const made = make("div", "legend");
  for (const [state, said] of Object.entries(STATES)) {
    const sample = make("i", state);
    sample.append(make("span", "mark", GLYPHS[state]));
    const entry = make("span");
    entry.append(sample, said);
    made.append(entry);
  }
  return made;
}

function mount(root) {
  const strip = make("div", "strip");
  const grid = withRole("grid", "grid");
  grid.setAttribute("aria-label", "Steps of the chain");
  strip.append(grid, legend());
  root.append(strip);
  const view = { data: null, send: null };
  let lines = []; // the cells of each line, from the top
  let drawn = ""; // the data and the width that are drawn

  const holds = (row, cell) => {
    const { node, index } = view.data.selected;
    return row.node === node && cell.first <= (index ?? 0) && (index ?? 0) <= cell.last;
  };
  const isSelected = (element) => element.getAttribute("aria-selected") === "true";
  const placeOf = (wanted) => {
    const line = lines.findIndex((elements) => elements.some(wanted));
    return line < 0 ? null : [line, lines[line].findIndex(wanted)];
  };
  const nearest = ([line, at]) => {
    const there = Math.max(0, Math.min(line, lines.length - 1));
    return [there, Math.max(0, Math.min(at, lines[there].length - 1))];
  };
  /** Make one cell the one that Tab comes to. */
  const enter = ([line, at], focus) => {
    for (const element of lines.flat()) element.tabIndex = -1;
    lines[line][at].tabIndex = 0;
    if (focus) lines[line][at].focus();
  };
  /** Where a key leads from a cell; null for keys that lead nowhere. */
  const led = ([line, at], key) => {
    const share = at / Math.max(1, lines[line].length - 1);
    const across = (other) => [other, Math.round(share * ((lines[other]?.length ?? 1) - 1))];
    switch (key) {
      case "ArrowRight": return [line, at + 1];
      case "ArrowLeft": return [line, at - 1];
      case "ArrowDown": return lines[line + 1] ? across(line + 1) : [line, at];
      case "ArrowUp": return lines[line - 1] ? across(line - 1) : [line, at];
      case "Home": return [line, 0];
      case "End": return [line, Infinity];
    }
    return null;
  };
  const choose = (row, cell) => {
    const index = cell.first + Math.max(0, cell.states.indexOf("d"));
    view.data.selected = { node: row.node, index: row.list ? index : null };
    view.send("chosen", view.data.selected);
    draw();
  };

  const cellElement = (row, cell, place, glyph) => {
    const element = withRole("gridcell", `cell ${cell.state}`);
    element.append(make("span", "mark", glyph));
    element.style.setProperty("--share", count(cell, "d") / cell.states.length);
    element.title = described(row, cell, view.data.pages);
    element.setAttribute("aria-label", element.title);
    element.setAttribute("aria-selected", String(holds(row, cell)));
    element.onclick = () => choose(row, cell);
    element.onkeydown = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const goal = led(place, event.key);
      if (goal) enter(nearest(goal), true);
      else if (event.key === "Enter" || event.key === " ") choose(row, cell);
      else return;
      event.preventDefault();
    };
    return element;
  };
  const fill = (line, row, cells, width) => {
    const room = width / cells.length;
    const elements = cells.map((cell, at) =>
      cellElement(row, cell, [lines.length, at], room < ROOMY_PX ? "" : GLYPHS[cell.state]));
    lines.push(elements);
    line.classList.toggle("tight", room < TIGHT_PX);
    line.append(...elements);
  };
  const emptyRow = (name, className, said) => {
    const row = withRole("row", "row");
    const head = withRole("rowheader", className, name);
    head.title = name;
    row.append(head, make("div", "cells"), make("div", "said", said));
    return row;
  };
  const draw = () => {
    const had = placeOf((element) => element === strip.getRootNode().activeElement);
    const { rows } = view.data;
    lines = [];
    // Names and counts come first: they decide how much room is left for cells.
    const elements = rows.map((row) => emptyRow(row.node, "name", row.said));
    grid.replaceChildren(...elements);
    const width = elements[0].children[1].clientWidth;
    rows.forEach((row, at) => {
      const cells = cellsOf(row, width);
      fill(elements[at].children[1], row, cells, width);
      const group = cells.find((cell) => holds(row, cell) && cell.last > cell.first);
      if (!group) return;
      const lens = emptyRow(range(row.noun, group.first + 1, group.last + 1), "name lens-name", "");
      elements[at].after(lens);
      lens.children[1].classList.add("lens");
      fill(lens.children[1], row, itemsOf(row, group), width);
    });
    enter(had ? nearest(had) : (placeOf(isSelected) ?? [0, 0]), had !== null);
  };

  const redraw = () => {
    const width = strip.clientWidth;
    const wanted = JSON.stringify([view.data, width]);
    if (!view.data || !width || wanted === drawn) return;
    drawn = wanted;
    strip.classList.toggle("narrow", width < NARROW_PX);
    draw();
  };
  view.update = (data) => {
    view.data = data;
    redraw();
  };
  new ResizeObserver(redraw).observe(strip);
  return view;
}

const views = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  if (!views.has(parentElement)) views.set(parentElement, mount(parentElement));
  const view = views.get(parentElement);
  view.send = setTriggerValue;
  view.update(data);
}
