// Stands after pan_zoom.js in one module.
const STEP = 1.25;
const MARKS = ["reused", "will-run", "running", "ran", "changed", "failed"];

const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
const titleOf = (group) => group.querySelector("title").textContent;
const isInputsBox = (name) => name.startsWith("_");

/** DOT text as an SVG element with nothing in it that loads, links or runs. */
async function drawn(url, dot) {
  const viz = await (await import(new URL(url, document.baseURI).href)).instance();
  const svg = document.importNode(viz.renderSVGElement(dot), true);
  for (const element of svg.querySelectorAll("script, image, foreignObject, style")) element.remove();
  for (const link of svg.querySelectorAll("a")) link.replaceWith(...link.childNodes);
  return svg;
}

function mount(root) {
  const frame = make("div", { className: "frame" });
  const note = make("div", { className: "note", textContent: "Drawing the dataflow…" });
  const tools = make("div", { className: "tools" });
  note.setAttribute("role", "status");
  frame.append(note, tools);
  root.append(frame);
  const view = { data: null, send: null };
  const moves = panZoom(frame);
  let dot = null;
  let svg = null;

  const tool = (text, title, onclick) => {
    const button = make("button", { type: "button", textContent: text, title, onclick });
    button.setAttribute("aria-label", title);
    tools.append(button);
  };
  tool("+", "Zoom in", () => moves.zoom(STEP));
  tool("−", "Zoom out", () => moves.zoom(1 / STEP));
  tool("⤢", "Fit the drawing", moves.fit);

  const mark = (node, kind, words) => {
    node.classList.remove(...MARKS);
    if (kind) node.classList.add(kind);
    let text = node.querySelector("text.mark");
    if (!text && words) {
      const box = node.getBBox();
      text = document.createElementNS(svg.namespaceURI, "text");
      const places = { class: "mark", "text-anchor": "middle", x: box.x + box.width / 2, y: box.y + box.height + 11 };
      for (const [key, value] of Object.entries(places)) text.setAttribute(key, value);
      node.append(text);
    }
    if (text) text.textContent = words;
  };
  const paint = () => {
    const { lit, selected, marks } = view.data;
    for (const node of svg.querySelectorAll("g.node")) {
      const name = titleOf(node);
      const [kind, words] = marks[name] ?? ["", ""];
      mark(node, kind, words);
      if (!isInputsBox(name)) node.setAttribute("aria-label", [node.dataset.label, words].filter(Boolean).join(", "));
      node.classList.toggle("selected", name === selected);
      node.classList.toggle("lit", lit.includes(name));
      if (!isInputsBox(name)) node.setAttribute("aria-pressed", String(name === selected));
    }
    for (const edge of svg.querySelectorAll("g.edge")) {
      edge.classList.toggle("lit", titleOf(edge).split("->").every((name) => lit.includes(name)));
    }
  };
  const choose = (name) => {
    view.data.selected = name;
    paint();
    view.send("selected", name);
  };
  const wire = (node) => {
    const name = titleOf(node);
    if (isInputsBox(name)) return;
    const type = [...node.querySelectorAll("text")].at(-1).textContent;
    const kind = node.classList.contains("prompt") ? ["prompt"] : [];
    node.setAttribute("tabindex", "0");
    node.setAttribute("role", "button");
    node.dataset.label = [name, ...kind, type].join(", ");
    node.onfocus = () => moves.reveal(node);
    node.onclick = () => { if (!moves.wasDrag()) choose(name); };
    node.onkeydown = (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose(name);
    };
  };
  const replace = (drawing, text) => {
    svg?.remove();
    svg = drawing;
    note.textContent = text;
    note.classList.toggle("failed", !drawing);
  };

  view.update = async (data) => {
    view.data = data;
    frame.style.height = `${data.height}px`;
    if (dot === data.dot) {
      if (svg) paint();
      return;
    }
    dot = data.dot;
    let drawing;
    try {
      drawing = await drawn(data.viz, data.dot);
    } catch (error) {
      if (dot === data.dot) replace(null, `The dataflow can't be drawn: ${error.message}`);
      return;
    }
    // A newer drawing was asked for while this one was laid out.
    if (dot !== data.dot) return;
    drawing.setAttribute("role", "group");
    drawing.setAttribute("aria-label", "Dataflow");
    drawing.querySelectorAll("g.node").forEach(wire);
    drawing.querySelectorAll("g.edge").forEach((edge) => edge.setAttribute("aria-hidden", "true"));
    replace(drawing, "");
    frame.insertBefore(drawing, tools);
    moves.attach(drawing);
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
