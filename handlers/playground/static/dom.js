// Elements without markup strings: nothing that anybody wrote is ever parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== undefined && child !== null && child !== ""));
  return node;
}

const PATHS = {
  send: "M3.4 20.4 20.9 12.900a1 1 0 0 0 0-1.800L3.400 3.600a.8.8 0 0 0-1.100 1L4.600 11 14 12l-9.400 1-2.300 6.400a.8.8 0 0 0 1.100 1z",
  attach: "M16.500 6.500v10a4.500 4.500 0 0 1-9 0v-11a3 3 0 0 1 6 0V16a1.500 1.500 0 0 1-3 0V6.500",
  more: "M12 5.500h.01M12 12h.01M12 18.500h.01",
  commands: "M5 7h14M5 12h14M5 17h14",
  keys: "M4 5h6v6H4zM14 5h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z",
  reply: "M10 5 4 11l6 6M4 11h9a7 7 0 0 1 7 7v1",
  down: "m6 10 6 6 6-6",
  tick: "m1.500 6.500 3 3 6-7",
  ticks: "m1.500 6.500 3 3 6-7M6.800 9l.7.5 6-7",
  photo: "M4 6h16v12H4zM4 15l4.500-4 4 4 3-2.500 4.500 4M15.500 9.500h.01",
  album: "M7 8h13v11H7zM4 16V5h13M7 16l4-3.500 3.500 3 2-1.500 3.500 3",
  file: "M7 3.500h7l4 4v13H7zM14 3.500v4h4",
  note: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM10.500 9v6l5-3z",
  pin: "M12 21s-6.500-6-6.500-11a6.500 6.500 0 0 1 13 0c0 5-6.500 11-6.500 11zM12 10h.01",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20c.5-4 3.500-6 7.500-6s7 2 7.500 6",
  link: "M8 16 16.500 7.500M9 7h8v8",
};
const FILLED = new Set(["send"]);

export function icon(name, size = 24) {
  const box = name.startsWith("tick") ? "0 0 15 12" : "0 0 24 24";
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: box, width: size, height: size, "aria-hidden": "true", class: `i i-${name}` })) svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  if (FILLED.has(name)) path.setAttribute("class", "filled");
  svg.append(path);
  return svg;
}

const COLOURS = 7;

export function face(node, id, name) {
  node.textContent = [...name.trim()][0]?.toUpperCase() ?? "?";
  node.dataset.colour = String(Math.abs(Number(id)) % COLOURS);
  return node;
}
