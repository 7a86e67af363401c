// Stands after template_grammar.js in one module.
const SEND_AFTER_MS = 500;

const make = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });

function chip(kind, name, note, insert) {
  const made = make(insert ? "button" : "span", `chip ${kind}`, `{${name}}`);
  made.title = note;
  if (kind !== "used") made.append(make("small", "", kind === "unknown" ? "unknown" : "missing"));
  if (insert) {
    made.type = "button";
    made.setAttribute("aria-label", `Insert {${name}}: ${note}`);
    // Else the textarea would lose its cursor before the click.
    made.onmousedown = (event) => event.preventDefault();
    made.onclick = insert;
  }
  return made;
}

function mount(root) {
  const label = make("label", "label");
  const field = make("div", "field");
  const layer = make("div", "layer");
  const area = make("textarea", "area");
  const chips = make("div", "chips");
  const count = make("span", "count");
  const foot = make("div", "foot");
  const error = make("div", "error");
  area.id = label.htmlFor = "area";
  area.spellcheck = false;
  area.setAttribute("aria-describedby", error.id = "error");
  error.setAttribute("role", "status");
  layer.setAttribute("aria-hidden", "true");
  field.append(layer, area);
  foot.append(chips, count);
  root.append(label, field, foot, error);
  const editor = { area, timer: 0, frame: 0, sent: null, data: null, send: null };

  const commit = () => {
    clearTimeout(editor.timer);
    if (area.value === editor.sent) return;
    editor.sent = area.value;
    editor.send.setStateValue("edit", { seed: editor.data.seed, text: area.value });
  };
  const insert = (name) => {
    area.focus();
    // The only way in that native undo knows of.
    document.execCommand("insertText", false, `{${name}}`);
  };
  editor.draw = () => {
    const { known, required, notes, keywords, plain, disabled } = editor.data;
    const found = plain ? plainTokens(area.value, Object.keys(known)) : tokens(area.value, keywords);
    const mark = (token) => {
      const kind = token.kind === "slot" && !Object.hasOwn(known, token.name) ? "unknown" : token.kind;
      return kind === "plain" ? token.text : make("mark", kind, token.text);
    };
    // The last line break needs something after it, or the layer is a line shorter than the textarea.
    layer.replaceChildren(...found.map(mark), "\u200b");
    const used = [...new Set(found.filter((token) => token.kind === "slot").map((token) => token.name))];
    const missing = Object.keys(known).filter((name) => !used.includes(name));
    const absent = (name) => {
      const must = required.includes(name);
      const note = (must ? "required; " : "") + (notes[name] || known[name]);
      return chip(must ? "required" : "optional", name, note, disabled ? null : () => insert(name));
    };
    chips.replaceChildren(
      ...used.map((name) =>
        Object.hasOwn(known, name) ? chip("used", name, known[name]) : chip("unknown", name, "Nothing fills this slot")),
      ...missing.map(absent),
    );
    const characters = [...area.value].length;
    count.textContent = `${characters.toLocaleString("en")} chars · ~${estimatedTokens(area.value).toLocaleString("en")} tokens`;
    error.textContent = firstError(found);
    area.setAttribute("aria-invalid", String(error.textContent !== ""));
    layer.scrollTop = area.scrollTop;
  };
  editor.update = (data) => {
    const fresh = !editor.data || editor.data.seed !== data.seed || data.disabled;
    if (!editor.data) area.style.height = `${data.height}px`;
    editor.data = data;
    label.textContent = data.label;
    area.readOnly = data.disabled;
    if (fresh) {
      clearTimeout(editor.timer);
      area.value = editor.sent = data.text;
    }
    editor.draw();
  };
  editor.commit = commit;
  area.onscroll = () => { layer.scrollTop = area.scrollTop; };
  area.onblur = commit;
  area.oninput = () => {
    // Inserting many lines is an input event for each of them.
    cancelAnimationFrame(editor.frame);
    editor.frame = requestAnimationFrame(editor.draw);
    clearTimeout(editor.timer);
    editor.timer = setTimeout(commit, SEND_AFTER_MS);
  };
  area.onkeydown = (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    // Else a button with the same shortcut would run a second time.
    event.stopPropagation();
    if (event.isComposing) return;
    event.preventDefault();
    commit();
    editor.send.setTriggerValue("run", true);
  };
  return editor;
}

const editors = new WeakMap();

export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  const root = parentElement;
  if (!editors.has(root)) editors.set(root, mount(root));
  const editor = editors.get(root);
  editor.send = { setStateValue, setTriggerValue };
  editor.update(data);
  return editor.commit;
}
