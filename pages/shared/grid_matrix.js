const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

const make = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });

function withRole(role, className, text) {
  const made = make("div", className, text);
  made.setAttribute("role", role);
  return made;
}

function head(role, className, prompt, label) {
  const made = withRole(role, `head ${className}`);
  made.append(make("small", "", prompt), label);
  made.title = `${prompt}: ${label}`;
  return made;
}

/** How far a cell is, as one bar: a part per state, as wide as its share of the calls. */
function bar(steps) {
  const made = make("div", "bar");
  for (const [state, count] of steps) {
    const part = make("i", state);
    part.style.flexGrow = count;
    made.append(part);
  }
  made.title = steps.map(([state, count]) => `${count} ${state}`).join(", ");
  return made;
}

function fill(element, cell, isBaseline) {
  const top = make("div", "top");
  top.append(make("span", cell.tone, cell.status));
  if (isBaseline) top.append(make("span", "badge", "baseline"));
  element.classList.toggle("ran", cell.steps.length > 0);
  const parting = make("div", cell.parts ? "parting parts" : "parting", cell.parting);
  element.replaceChildren(
    top, bar(cell.steps), make("div", "words", cell.words), make("div", "figures", cell.figures), parting);
}

function mount(root) {
  const frame = make("div", "frame");
  const matrix = withRole("grid", "matrix");
  matrix.setAttribute("aria-label", "Combinations");
  frame.append(matrix);
  root.append(frame);
  const view = { data: null, send: null };
  let elements = []; // the cells, row by row
  let axes = "";

  const enter = (position, focus) => {
    elements.forEach((element, at) => { element.tabIndex = at === position ? 0 : -1; });
    if (focus) elements[position].focus();
  };
  const choose = (position) => {
    view.data.selected = position;
    paint();
    view.send("chosen", position);
  };
  const moved = (position, [down, right]) => {
    const [rows, columns] = [view.data.rows.labels.length, view.data.columns.labels.length];
    const row = Math.max(0, Math.min(rows - 1, Math.floor(position / columns) + down));
    const column = Math.max(0, Math.min(columns - 1, (position % columns) + right));
    return row * columns + column;
  };
  const cellElement = (position) => {
    const element = withRole("gridcell", "cell");
    element.onclick = () => choose(position);
    element.onkeydown = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (MOVES[event.key]) enter(moved(position, MOVES[event.key]), true);
      else if (event.key === "Enter" || event.key === " ") choose(position);
      else return;
      event.preventDefault();
    };
    return element;
  };
  const build = () => {
    const { rows, columns } = view.data;
    matrix.style.gridTemplateColumns = `max-content repeat(${columns.labels.length}, minmax(11rem, 1fr))`;
    const first = withRole("row", "row");
    const heads = columns.labels.map((label) => head("columnheader", "across", columns.prompt, label));
    first.append(withRole("columnheader", "head down"), ...heads);
    elements = view.data.cells.map((_, position) => cellElement(position));
    const lines = rows.labels.map((label, at) => {
      const line = withRole("row", "row");
      const own = elements.slice(at * columns.labels.length, (at + 1) * columns.labels.length);
      line.append(head("rowheader", "down", rows.prompt, label), ...own);
      return line;
    });
    matrix.replaceChildren(first, ...lines);
    enter(Math.max(0, view.data.selected), false);
  };
  const paint = () => {
    const { rows, columns, cells, baseline, selected } = view.data;
    cells.forEach((cell, position) => {
      const element = elements[position];
      const label = `${rows.labels[Math.floor(position / columns.labels.length)]} × ${columns.labels[position % columns.labels.length]}`;
      element.setAttribute("aria-selected", String(position === selected));
      element.setAttribute("aria-label", [label, cell.status, cell.parting, cell.words].filter(Boolean).join(", "));
      // What stays as it is isn't touched, or a text could not be selected while others run.
      const wanted = JSON.stringify([cell, position === baseline]);
      if (wanted !== element.drawn) fill(element, cell, position === baseline);
      element.drawn = wanted;
    });
  };
  view.update = (data) => {
    view.data = data;
    const wanted = JSON.stringify([data.rows, data.columns]);
    if (wanted !== axes) build();
    axes = wanted;
    paint();
  };
  return view;
}

const views = new WeakMap();

export default function ({ parentElement, data, setTriggerValue }) {
  if (!views.has(parentElement)) views.set(parentElement, mount(parentElement));
  const view = views.get(parentElement);
  view.send = setTriggerValue;
  view.update(data);
}
