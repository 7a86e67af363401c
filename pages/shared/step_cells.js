const NARROWEST_PX = 6; // of a cell and its gap; where more items are than fit, a cell stands for several
const STATES = { s: "same", d: "differs", n: "not reached" };

const inWords = (number) => number.toLocaleString("en");
/** "page 3", "pages 2 to 5" */
const range = (one, first, last) =>
  first === last ? `${one} ${inWords(first)}` : `${one}s ${inWords(first)} to ${inWords(last)}`;
const count = (cell, state) => cell.states.split(state).length - 1;

/** What one cell stands for: items first to last of a row. It differs when one of them does. */
function cellOf(row, first, last) {
  const states = row.states.slice(first, last + 1);
  return { first, last, states, state: ["d", "n", "s"].find((state) => states.includes(state)) };
}

/** A row in as many cells as there is room for. */
function cellsOf(row, width) {
  const total = row.states.length;
  const each = Math.ceil(total / Math.max(1, Math.floor(width / NARROWEST_PX)));
  return Array.from({ length: Math.ceil(total / each) }, (_, at) =>
    cellOf(row, at * each, Math.min(total, (at + 1) * each) - 1));
}

/** The items of a cell, each in a cell of its own. */
function itemsOf(row, { first, last }) {
  return Array.from({ length: last - first + 1 }, (_, at) => cellOf(row, first + at, first + at));
}

/** "chunk 7 of 40 · page 3 · differs", "chunks 8 to 14 · pages 3 to 5 · 2 differ", "summarized_text · same" */
function described(row, cell, pages) {
  if (!row.list) return `${row.node} · ${STATES[cell.state]}`;
  const several = cell.last > cell.first;
  const which = range(row.noun, cell.first + 1, cell.last + 1) + (several ? "" : ` of ${inWords(row.states.length)}`);
  const read = row.noun === "chunk" ? [range("page", pages[cell.first][0], pages[cell.last][1])] : [];
  const those = count(cell, cell.state);
  const said = cell.state === "d" && those > 1 ? "differ" : STATES[cell.state];
  return [which, ...read, several && cell.state !== "s" ? `${those} ${said}` : said].join(" · ");
}
