// A menu that a button opens: arrows walk, Escape and a click elsewhere close.

import { el, icon } from "./dom.js";

export class Menu {
  constructor(opener, box, items) {
    this.opener = opener;
    this.box = box;
    opener.addEventListener("click", () => (box.hidden ? this.open(items()) : this.close()));
    box.addEventListener("click", () => this.close());
    box.addEventListener("keydown", (event) => this.walk(event));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    document.addEventListener("pointerdown", (event) => { if (!box.contains(event.target) && !opener.contains(event.target)) this.close(); });
  }

  open(items) {
    this.fill(items);
    this.opener.setAttribute("aria-expanded", "true");
    this.box.querySelector("button")?.focus();
  }

  fill(items) {
    this.box.replaceChildren(...items.map((item) => el("button", { type: "button", role: "menuitem", class: item.danger ? "danger" : "", on: { click: item.act } }, item.icon ? icon(item.icon, 20) : "", el("span", {}, item.text), item.hint ? el("small", {}, item.hint) : "")));
    this.box.hidden = items.length === 0;
  }

  close() {
    if (!this.box.hidden && this.box.contains(document.activeElement)) this.opener.focus();
    this.box.hidden = true;
    this.opener.setAttribute("aria-expanded", "false");
  }

  walk(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = [...this.box.querySelectorAll("button")];
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  }
}
