// Text with entities into nodes. Offsets are UTF-16 units, as JavaScript counts.

import { el } from "./dom.js";

const WRAPS = {
  bold: () => el("strong"),
  italic: () => el("em"),
  underline: () => el("u"),
  strikethrough: () => el("s"),
  code: () => el("code"),
  pre: () => el("pre"),
  blockquote: () => el("blockquote"),
  expandable_blockquote: () => el("blockquote"),
  spoiler: () => el("button", { type: "button", class: "spoiler", "aria-label": "Hidden text: press to show", on: { click: (event) => event.currentTarget.replaceWith(...event.currentTarget.childNodes) } }),
  text_link: (entity) => link(entity.url),
  url: (_entity, words) => link(words),
  email: (_entity, words) => link(`mailto:${words}`),
  bot_command: (_entity, words, act) => el("button", { type: "button", class: "link", on: { click: () => act(words) } }),
};

function link(url) {
  const safe = /^(https?|mailto|tg):/i.test(url) ? url : `https://${url}`;
  return el("a", { href: safe, target: "_blank", rel: "noopener noreferrer" });
}

export function rich(text, entities = [], act = () => {}) {
  const root = document.createDocumentFragment();
  fill(root, text, 0, text.length, [...entities], act);
  return root;
}

// Entities are sorted by offset, the outer before the inner.
function fill(parent, text, start, end, entities, act) {
  let at = start;
  while (entities.length) {
    const entity = entities.shift();
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (from >= to) continue;
    parent.append(text.slice(at, from));
    const inner = [];
    while (entities.length && entities[0].offset < to) inner.push(entities.shift());
    const wrap = WRAPS[entity.type]?.(entity, text.slice(from, to), act) ?? el("span");
    fill(wrap, text, from, to, inner, act);
    parent.append(wrap);
    at = to;
  }
  parent.append(text.slice(at, end));
}
