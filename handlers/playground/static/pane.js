// One chat as its person sees it: the log, the composer, the keyboards, the menus.

import { el, icon, face } from "./dom.js";
import { bubble } from "./bubble.js";
import { Menu } from "./menu.js";
import { tell } from "./talk.js";

const NEAR = 120; // pixels from the end that count as reading the newest
export const TYPING_MS = 5000; // a chat action shows this long, or until a message comes
const TOAST_MS = 3500;
const PATIENCE_MS = 15000; // a button waits this long for its answer

export class Pane {
  constructor(root, { group, onSeen }) {
    this.root = root;
    this.group = group;
    this.onSeen = onSeen;
    this.chat = null;
    this.person = 0;
    this.editing = null;
    this.replying = null;
    this.waiting = new Map();
    this.missed = 0;
    this.stuck = true; // to the end, until the person scrolls up
    this.top = 0;
    root.append(document.getElementById("pane-template").content.cloneNode(true));
    this.find = (selector) => root.querySelector(selector);
    this.log = this.find(".log");
    this.input = this.find("textarea");
    this.dress();
    this.wire();
  }

  dress() {
    const icons = { ".more": "more", ".commands": "commands", ".attach": "attach", ".send": "send", ".keys-toggle": "keys" };
    for (const [selector, name] of Object.entries(icons)) this.find(`button${selector}`).append(icon(name));
    this.find(".down").prepend(icon("down"));
  }

  wire() {
    this.find(".compose").addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("input", () => this.grow());
    this.log.addEventListener("scroll", () => this.scrolled());
    new ResizeObserver(() => this.stuck && this.toEnd()).observe(this.log);
    this.find(".down").addEventListener("click", () => this.toEnd());
    this.find(".start button").addEventListener("click", () => this.startOrUnblock());
    this.find(".edit button").addEventListener("click", () => this.edit(null));
    this.find(".keys-toggle").addEventListener("click", () => this.showKeys(this.find(".keys").hidden));
    this.find("input[type=file]").addEventListener("change", (event) => this.picked(event.target));
    new Menu(this.find("button.attach"), this.find(".menu-attach"), () => this.attachments());
    new Menu(this.find("button.more"), this.find(".menu-more"), () => this.actions());
    this.commandMenu = new Menu(this.find("button.commands"), this.find(".menu-commands"), () => this.commands());
  }

  // What is shown

  open(chat, person, title) {
    this.chat = chat;
    this.person = person;
    this.edit(null);
    this.find("h2").textContent = title;
    face(this.find(".face"), this.group ? 5 : 2, title);
    this.status();
    this.log.replaceChildren();
    for (const message of chat.messages.values()) this.log.append(bubble(message, this));
    this.arrange();
    this.keyboard();
    this.footing();
    this.toEnd();
  }

  status() {
    const typing = this.chat.typing;
    this.find(".status").textContent = typing ?? (this.chat.blocked ? "blocked" : this.group ? this.chat.crowd : "bot");
    this.find(".status").classList.toggle("busy", Boolean(typing));
  }

  put(message) {
    const old = this.log.querySelector(`[data-id="${message.message_id}"]`);
    const fresh = bubble(message, this);
    if (old) old.replaceWith(fresh);
    else { fresh.classList.add("new"); this.log.append(fresh); }
    this.arrange();
    this.footing();
    const mine = message.from.id === this.person;
    if (this.stuck || (mine && !old)) this.toEnd();
    else if (!old) { this.missed += 1; this.badge(); }
  }

  drop(id) {
    this.log.querySelector(`[data-id="${id}"]`)?.remove();
    this.arrange();
    this.footing();
  }

  arrange() {
    for (const line of this.log.querySelectorAll(".day")) line.remove();
    let before = null;
    for (const one of this.log.querySelectorAll(".message")) {
      const follows = before && before.dataset.from === one.dataset.from && before.dataset.day === one.dataset.day;
      one.classList.toggle("first", !follows);
      one.classList.add("last");
      if (follows) before.classList.remove("last");
      if (before?.dataset.day !== one.dataset.day) one.before(el("p", { class: "day" }, el("span", {}, one.dataset.day)));
      before = one;
    }
  }

  footing() {
    const empty = !this.group && this.chat.messages.size === 0;
    const blocked = this.chat.blocked;
    this.find(".start").hidden = !(empty || blocked);
    this.find(".start button").textContent = blocked ? "Unblock" : "Start";
    this.find(".compose").hidden = empty || blocked;
    this.log.classList.toggle("empty", this.chat.messages.size === 0);
    if (empty) this.log.replaceChildren(el("div", { class: "hello" }, el("h3", {}, "No messages here yet"), el("p", {}, `Press Start to begin the conversation with ${this.find("h2").textContent}.`), this.chat.hint ? el("p", {}, this.chat.hint) : ""));
    else if (this.chat.messages.size === 0) this.log.replaceChildren(el("div", { class: "hello" }, el("h3", {}, "A quiet group"), el("p", {}, "What needs a person shows up here by itself.")));
    else this.log.querySelector(".hello")?.remove();
    this.find("button.commands").hidden = this.chat.menu.length === 0;
    if (empty || blocked) this.showKeys(false);
  }

  keyboard() {
    const markup = this.chat.keyboard;
    const rows = markup?.keyboard ?? [];
    const keys = this.find(".keys");
    keys.replaceChildren(...rows.map((row) => el("div", { class: "row" }, ...row.map((key) => el("button", { type: "button", class: "key", on: { click: () => this.press(key) } }, key.request_contact ? icon("person", 17) : "", key.text)))));
    keys.classList.toggle("tall", !markup?.resize_keyboard);
    this.input.placeholder = markup?.input_field_placeholder ?? "Message";
    this.find(".keys-toggle").hidden = rows.length === 0;
    this.showKeys(rows.length > 0);
    if (markup?.force_reply) this.input.focus();
  }

  showKeys(shown) {
    this.find(".keys").hidden = !shown;
    this.find(".keys-toggle").setAttribute("aria-pressed", String(shown));
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.stuck = true;
    this.missed = 0;
    this.badge();
  }

  scrolled() {
    const near = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR;
    if (near) { this.stuck = true; this.missed = 0; }
    else if (this.log.scrollTop < this.top) this.stuck = false;
    this.top = this.log.scrollTop;
    this.badge();
  }

  badge() {
    this.find(".down").hidden = this.stuck;
    const badge = this.find(".down .badge");
    badge.hidden = this.missed === 0;
    badge.textContent = String(this.missed);
  }

  // What the person does

  act(name, values = {}) {
    return tell(`chats/${this.chat.id}/${name}`, { person: this.person, ...values }).catch((error) => this.oops(error));
  }

  oops(error) { this.toast(error.message); }

  toast(text) {
    const note = el("p", { class: "toast" }, text);
    this.find(".toasts").append(note);
    setTimeout(() => note.remove(), TOAST_MS);
  }

  say(text, reply_to) { return this.act("says", reply_to ? { text, reply_to } : { text }); }

  submit() {
    const text = this.input.value.trim();
    if (!text) return;
    if (this.editing) this.act("edits", { message_id: this.editing, text });
    else this.say(text, this.replying);
    this.edit(null);
    this.input.value = "";
    this.grow();
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.submit(); }
    else if (event.key === "ArrowUp" && !this.input.value) { event.preventDefault(); this.editLast(); }
    else if (event.key === "Escape") this.edit(null);
  }

  grow() {
    this.input.rows = Math.min(6, Math.max(1, this.input.value.split("\n").length));
    const begun = this.input.value.startsWith("/") && !this.input.value.includes(" ");
    if (begun) this.commandMenu.fill(this.commands().filter((item) => item.text.startsWith(this.input.value)));
    else this.commandMenu.close();
  }

  editLast() {
    const own = [...this.chat.messages.values()].filter((message) => message.from.id === this.person && message.text !== undefined).pop();
    if (own) this.edit(own);
  }

  edit(message) {
    this.aim(message, message && `Edit: ${message.text}`);
    this.editing = message?.message_id ?? null;
    if (message) { this.input.value = message.text; this.grow(); }
  }

  reply(message) {
    if (this.editing) this.input.value = "";
    this.aim(message, `Reply to ${message.from.first_name}: ${message.text ?? message.caption ?? "Media"}`);
    this.replying = message.message_id;
  }

  // The line above the composer says what the next words are for; null: for nothing in particular.
  aim(message, words) {
    this.editing = this.replying = null;
    this.find(".edit").hidden = !message;
    this.find(".edit span").textContent = words ?? "";
    if (message) this.input.focus();
  }

  press(key) {
    if (key.request_contact) this.shareContact();
    else if (key.request_location) this.act("location", { latitude: 52.52, longitude: 13.405 });
    else this.say(key.text);
    if (this.chat.keyboard?.one_time_keyboard) this.showKeys(false);
  }

  shareContact() { return this.act("contact"); }

  async tap(message, button, key) {
    key.classList.add("busy");
    key.setAttribute("aria-busy", "true");
    const answer = await this.act("taps", { message_id: message.message_id, data: button.callback_data });
    if (!answer) return this.rest(key);
    const early = this.waiting.get(answer.callback_id) === null;
    this.waiting.set(answer.callback_id, key);
    if (early) this.answered(answer.callback_id);
    else setTimeout(() => this.answered(answer.callback_id), PATIENCE_MS);
  }

  // The answer may overtake the tap's own response: then null marks it.
  answered(id) {
    const key = this.waiting.get(id);
    if (key) { this.rest(key); this.waiting.delete(id); }
    else this.waiting.set(id, null);
  }

  rest(key) {
    key.classList.remove("busy");
    key.removeAttribute("aria-busy");
    const twin = this.log.querySelector(`.key.busy[data-callback="${CSS.escape(key.dataset.callback)}"]`);
    if (twin && twin !== key) this.rest(twin);
  }

  copy(text) { navigator.clipboard?.writeText(text).then(() => this.toast("Copied"), (error) => this.oops(error)); }

  show(url) {
    const viewer = document.getElementById("viewer");
    viewer.querySelector("img").src = url;
    viewer.showModal();
  }

  startOrUnblock() { return this.chat.blocked ? this.act("blocks", { blocked: false }) : this.say(this.chat.start); }

  // Files

  choose(act, accept, multiple) {
    const input = this.find("input[type=file]");
    Object.assign(input, { accept, multiple, value: "" });
    input.dataset.act = act;
    input.click();
  }

  picked(input) { if (input.files.length) this.send(input.dataset.act, [...input.files]); }

  async send(act, files) {
    const form = new FormData();
    form.append("person", String(this.person));
    if (this.input.value.trim() && act !== "video_note") { form.append("caption", this.input.value.trim()); this.input.value = ""; }
    if (act === "video_note") form.append("duration", String(await seconds(files[0])));
    files.forEach((file, index) => form.append(`file${index}`, file, file.name));
    return tell(`chats/${this.chat.id}/${act}`, form).catch((error) => this.oops(error));
  }

  // Pictures go as photos (several: as an album), unless they are wanted as files; all else goes as a file.
  async sendDropped(files, asFile) {
    const photos = asFile ? [] : files.filter((file) => file.type.startsWith("image/"));
    const others = files.filter((file) => !photos.includes(file));
    if (photos.length) await this.send("photos", photos.slice(0, 10));
    if (others.length) await this.send("document", others);
  }

  // Menus

  attachments() {
    return [
      { icon: "photo", text: "Photo", act: () => this.choose("photos", "image/*", false) },
      { icon: "album", text: "Album", act: () => this.choose("photos", "image/*", true) },
      { icon: "file", text: "File", act: () => this.choose("document", "", true) },
      { icon: "note", text: "Video message", act: () => this.choose("video_note", "video/*", false) },
      { icon: "person", text: "My contact", act: () => this.shareContact() },
      { icon: "pin", text: "Location", act: () => this.act("location", { latitude: 52.52, longitude: 13.405 }) },
    ];
  }

  actions() {
    const own = [
      { text: "Edit my last message", act: () => this.editLast() },
      { text: "Send somebody else's contact", act: () => this.act("contact", { phone: "447700900999", name: "Cousin" }) },
      { text: "Forward a message", act: () => this.act("forward", { text: "Forwarded words", author: "A friend" }) },
      { text: "Send a sticker", act: () => this.act("sticker") },
    ];
    if (this.group) return own;
    const blocked = this.chat.blocked;
    return [...own, { text: blocked ? "Unblock the bot" : "Block the bot", act: () => this.act("blocks", { blocked: !blocked }) }, { text: "Delete the chat", danger: true, act: () => this.act("clears") }];
  }

  // The open list of commands, after there are others.
  offered() {
    if (!this.commandMenu.box.hidden && !this.input.value) this.commandMenu.open(this.commands());
  }

  commands() { return this.chat.menu.map((item) => ({ text: `/${item.command}`, hint: item.description, act: () => { this.input.value = ""; this.grow(); this.say(`/${item.command}`); } })); }
}

function seconds(file) {
  return new Promise((resolve) => {
    const video = document.createElement("video");
    const done = (length) => { URL.revokeObjectURL(video.src); resolve(Number.isFinite(length) ? Math.round(length) : 0); };
    video.addEventListener("loadedmetadata", () => done(video.duration));
    video.addEventListener("error", () => done(0));
    video.src = URL.createObjectURL(file);
  });
}
