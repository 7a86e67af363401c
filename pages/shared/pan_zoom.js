const MOVE_PX = 4;

/** Pan by drag and zoom by Ctrl+wheel of the SVG in a frame. Boxes are viewBoxes: {x, y, width, height}. */
function panZoom(frame) {
  let svg = null;
  let whole = null;
  let box = null;
  let from = null;
  let dragged = false;

  const show = (next) => {
    box = next;
    svg.setAttribute("viewBox", [box.x, box.y, box.width, box.height].join(" "));
  };
  /** Where a point of the screen is in the drawing. */
  const place = (x, y) => new DOMPoint(x, y).matrixTransform(svg.getScreenCTM().inverse());
  const fit = () => { if (svg) show({ ...whole }); };
  const zoom = (factor, at) => {
    if (!svg) return;
    const width = Math.min(Math.max(box.width / factor, whole.width / 12), whole.width * 3);
    const ratio = width / box.width;
    const fixed = at ?? { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const [x, y] = [fixed.x - (fixed.x - box.x) * ratio, fixed.y - (fixed.y - box.y) * ratio];
    show({ x, y, width, height: box.height * ratio });
  };
  /** Brings an element into view for those who reach it by keyboard. */
  const reveal = (element) => {
    const here = element.getBoundingClientRect();
    const around = frame.getBoundingClientRect();
    const across = here.left >= around.left && here.right <= around.right;
    if (across && here.top >= around.top && here.bottom <= around.bottom) return;
    const middle = place((here.left + here.right) / 2, (here.top + here.bottom) / 2);
    show({ ...box, x: middle.x - box.width / 2, y: middle.y - box.height / 2 });
  };

  const press = (event) => {
    if (event.button !== 0) return;
    dragged = false;
    from = { id: event.pointerId, x: event.clientX, y: event.clientY, box };
  };
  const move = (event) => {
    if (from?.id !== event.pointerId) return;
    const [right, down] = [event.clientX - from.x, event.clientY - from.y];
    if (!dragged && Math.hypot(right, down) < MOVE_PX) return;
    dragged = true;
    svg.setPointerCapture(event.pointerId);
    const scale = svg.getScreenCTM().a;
    show({ ...from.box, x: from.box.x - right / scale, y: from.box.y - down / scale });
  };
  const wheel = (event) => {
    // Without Ctrl the wheel scrolls the page.
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 300), place(event.clientX, event.clientY));
  };
  /** Takes charge of a drawing as Graphviz made it, and fits it in. */
  const attach = (drawing) => {
    svg = drawing;
    const { x, y, width, height } = svg.viewBox.baseVal;
    // A small graph is not blown up: Graphviz counts in points, and a pixel is 3/4 of a point.
    const grow = Math.max(1, Math.min((frame.clientWidth * 0.75) / width, (frame.clientHeight * 0.75) / height));
    whole = { x: x - (width * (grow - 1)) / 2, y: y - (height * (grow - 1)) / 2, width: width * grow, height: height * grow };
    for (const name of ["width", "height"]) svg.removeAttribute(name);
    svg.onpointerdown = press;
    svg.onpointermove = move;
    svg.onpointerup = svg.onpointercancel = () => { from = null; };
    svg.addEventListener("wheel", wheel, { passive: false });
    fit();
  };
  return { attach, fit, zoom, reveal, wasDrag: () => dragged };
}

