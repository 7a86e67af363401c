// The grammar is the one of dataflows/templates.py; a test holds both to the same answers.
const TOKEN = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;
const PLAIN_NAME = /^[\p{XIDS}_]\p{XIDC}*$/u;
const CJK = /[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]|[\u{20000}-\u{3ffff}]/gu;

const wrongName = (name, keywords) => {
  if (!PLAIN_NAME.test(name)) return "is not a plain name";
  if (keywords.includes(name)) return "is a Python keyword";
  if (name.normalize("NFKC") !== name) return "would be renamed by Python (write it in plain characters)";
  if (name.startsWith("_") || name.includes("__")) return "begins with _ or has __, which mean something to Hamilton";
  return "";
};

/** The template as tokens: {text, kind: "plain" | "slot" | "brace" | "wrong", name?, why?}; joined, they are the text. */
export function tokens(text, keywords) {
  const found = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > end) found.push({ kind: "plain", text: text.slice(end, match.index) });
    end = match.index + match[0].length;
    const token = { kind: "brace", text: match[0] };
    if (match[0].length === 1) {
      token.kind = "wrong";
      token.why = `single ${match[0]}; write ${match[0].repeat(2)} for a brace`;
    } else if (match[1] !== undefined) {
      const why = wrongName(match[1], keywords);
      const letters = [...match[0]];
      const shown = letters.length <= 40 ? match[0] : `${letters.slice(0, 40).join("")}…`;
      token.kind = why ? "wrong" : "slot";
      token.name = match[1];
      token.why = why && `${shown} ${why}; write {{ and }} for braces`;
    }
    found.push(token);
  }
  if (end < text.length) found.push({ kind: "plain", text: text.slice(end) });
  return found;
}

/** The same of a text whose braces are braces, but for these names: the grammar of workbench/prompts/plain_text.py. */
export function plainTokens(text, names) {
  const found = [];
  let rest = text;
  while (rest) {
    const places = names.map((name) => [rest.indexOf(`{${name}}`), name]).filter(([place]) => place >= 0);
    const [place, name] = places.sort(([left], [right]) => left - right)[0] ?? [rest.length, null];
    if (place > 0) found.push({ kind: "plain", text: rest.slice(0, place) });
    if (name !== null) found.push({ kind: "slot", text: `{${name}}`, name });
    rest = rest.slice(place + (name === null ? 0 : name.length + 2));
  }
  return found;
}

/** The first grammar error as "line 2, column 5: ...", or "". Columns count characters, from 1. */
export function firstError(found) {
  let before = "";
  for (const token of found) {
    if (token.kind === "wrong") {
      const lines = before.split("\n");
      return `line ${lines.length}, column ${[...lines.at(-1)].length + 1}: ${token.why}`;
    }
    before += token.text;
  }
  return "";
}

/** A rough count: a token is one CJK character, or four others. */
export const estimatedTokens = (text) => {
  const wide = (text.match(CJK) ?? []).length;
  return wide + Math.ceil(([...text].length - wide) / 4);
};
