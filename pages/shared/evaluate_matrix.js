const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const CHANGES = { regressed: "▼ regressed", gained: "▲ gained" };
const SAID = { good: "passes", part: "fails in part", bad: "fails", running: "running", stopped: "stopped", open: "open" };

const make = (tag, className = "", text = "") => Object.assign(document.createElement(tag), { className, textContent: text });

function withRole(tag, role, className = "") {
  const made = make(tag, className);
  made.setAttribute("role", role);
  return made;
}

function headOf({ label, said, is_baseline: isBaseline }) {
  const made = withRole("th", "columnheader");
  made.append(make("b", "", label));
  if (isBaseline) made.append(make("span", "badge", "baseline"));
  made.append(make("small", "", said));
  return made;
}

function mount(root) {
  const frame = make("div", "frame");
  const table = withRole("table", "grid");
  table.setAttribute("aria-label", "Cases and variants");
  const [head, body] = [withRole("thead", "rowgroup"), withRole("tbody", "rowgroup")];
  table.append(head, body);
  frame.append(table);
  root.append(frame);
  const view = { data: null, send: null };
  let cells = []; // row by row
  let shape = "";

  const width = () => view.data.heads.length;
  const enter = ([row, column], focus) => {
    const at = row * width() + column;
    cells.forEach((cell, position) => { cell.tabIndex = position === at ? 0 : -1; });
    if (focus) cells[at]?.focus();
  };
  const choose = ([row, column]) => {
    view.data.selected = [row, column];
    enter([row, column], false);
    paint();
    view.send("chosen", { row, column });
  };
  const moved = ([row, column], event) => {
    const last = [view.data.lines.length - 1, width() - 1];
    if (event.key === "Home") return [row, 0];
    if (event.key === "End") return [row, last[1]];
    const [down, right] = MOVES[event.key];
    return [Math.max(0, Math.min(last[0], row + down)), Math.max(0, Math.min(last[1], column + right))];
  };
  const cellOf = (place) => {
    const cell = withRole("div", "gridcell", "cell");
    cell.onclick = () => choose(place);
    cell.onkeydown = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (MOVES[event.key] || event.key === "Home" || event.key === "End") enter(moved(place, event), true);
      else if (event.key === "Enter" || event.key === " ") choose(place);
      else return;
      event.preventDefault();
    };
    return cell;
  };
  const build = () => {
    const { lines, heads } = view.data;
    cells = [];
    body.replaceChildren(...lines.map((line, row) => {
      const made = withRole("tr", "row");
      const name = withRole("th", "rowheader");
      made.append(name);
      heads.forEach((_, column) => {
        const place = withRole("td", "presentation");
        const cell = cellOf([row, column]);
        cells.push(cell);
        place.append(cell);
        made.append(place);
      });
      return made;
    }));
    enter(view.data.selected ?? [0, 0], false);
  };
  const fill = (cell, box) => {
    cell.className = `cell ${box.tone}`;
    const parts = [make("span", "mark", box.mark), make("span", "text", box.text)];
    if (box.change) parts.push(make("span", "change", CHANGES[box.change]));
    parts[0].setAttribute("aria-hidden", "true");
    cell.replaceChildren(...parts);
  };
  const paint = () => {
    const { heads, lines, selected } = view.data;
    const first = withRole("tr", "row");
    const corner = withRole("th", "columnheader");
    corner.append(make("b", "", "Case"));
    first.append(corner, ...heads.map(headOf));
    head.replaceChildren(first);
    lines.forEach((line, row) => {
      const name = body.children[row].firstChild;
      const named = JSON.stringify([line.name, line.detail]);
      if (named !== name.drawn) name.replaceChildren(line.name, make("small", "", line.detail));
      name.drawn = named;
      line.boxes.forEach((box, column) => {
        const cell = cells[row * heads.length + column];
        const isSelected = Boolean(selected) && selected[0] === row && selected[1] === column;
        cell.setAttribute("aria-selected", String(isSelected));
        cell.setAttribute("aria-label", [line.name, heads[column].label, SAID[box.tone], box.text, box.change].filter(Boolean).join(", "));
        // What stays as it is isn't touched: others stream in meanwhile.
        const wanted = JSON.stringify(box);
        if (wanted !== cell.drawn) fill(cell, box);
        cell.drawn = wanted;
      });
    });
  };
  view.update = (data) => {
    view.data = data;
    const wanted = JSON.stringify([data.lines.length, data.heads.length]);
    if (wanted !== shape) build();
    else if (data.selected) enter(data.selected, false);
    shape = wanted;
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
