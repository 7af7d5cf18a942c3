// The page: state, news, clock, tray, tabs, and where dropped and pasted files go.

import { el, face } from "./dom.js";
import { Pane, TYPING_MS } from "./pane.js";
import { ask, listen, tell } from "./talk.js";

const STEPS = [["hour", "+1 hour"], ["day", "+1 day"], ["week", "+1 week"], ["month", "+1 month"], ["year", "+1 year"]];
const NOW = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
const ACTIONS = { typing: "typing", upload_photo: "sending a photo", upload_document: "sending a file" };
const byId = (id) => document.getElementById(id);

const state = { bot: null, people: [], groups: [], chats: new Map(), specimens: [], happenings: [], seller: 0, staff: "", queue: [], ready: false };
const panes = { seller: new Pane(byId("seller"), { group: false }), staff: new Pane(byId("staff"), { group: true }) };
let active = "seller";

// State and news

// Everything anew: at the first connection and after each that was lost.
async function load() {
  state.ready = false;
  let fresh = await ask("state");
  if (fresh.people.length === 0) {
    await tell("people", {});
    fresh = await ask("state");
  }
  state.chats.clear();
  take(fresh);
  tray();
  outside();
  showTime(fresh.now);
  choose(state.chats.has(state.seller) ? state.seller : state.people.at(-1).id);
  member(seats().includes(state.staff) ? state.staff : seats()[0]);
  state.ready = true;
  state.queue.splice(0).forEach(arrived);
}

// Who is there and which commands there are; the chats that are open stay as they are.
async function refresh() {
  take(await ask("state"));
  Object.values(panes).forEach((pane) => { pane.footing(); pane.offered(); });
  badges();
}

function take(fresh) {
  Object.assign(state, { bot: fresh.bot, people: fresh.people, groups: fresh.groups, specimens: fresh.specimens, happenings: fresh.happenings });
  for (const [key, chat] of Object.entries(fresh.chats)) {
    const known = state.chats.get(Number(key));
    if (known) known.menu = chat.menu;
    else state.chats.set(Number(key), readChat(Number(key), chat));
  }
  for (const { id, start, hint } of state.people) Object.assign(state.chats.get(id), { start, hint });
}

function readChat(id, chat) {
  const group = state.groups.find((one) => one.id === id);
  const crowd = group ? `${group.staff.length + 1} members` : "";
  return { id, unread: 0, crowd, typing: null, ...chat, messages: new Map(chat.messages.map((message) => [message.message_id, message])) };
}

const NEWS = {
  message: (chat, news) => { put(chat, { ...news.message, by_bot: news.by_bot }); idle(chat); count(chat, news); },
  edited: (chat, news) => edited(chat, news),
  deleted: (chat, news) => { chat.messages.delete(news.message_id); at(chat)?.drop(news.message_id); },
  cleared: (chat) => { chat.messages.clear(); reopen(chat); },
  keyboard: (chat, news) => { chat.keyboard = news.markup; at(chat)?.keyboard(); },
  typing: (chat, news) => busy(chat, ACTIONS[news.action] ?? "busy"),
  answered: (chat, news) => answered(chat, news),
  read: (chat, news) => { for (const [id, message] of chat.messages) if (id <= news.message_id && !message.by_bot && !message.read) put(chat, { ...message, read: true }); },
  reacted: (chat, news) => put(chat, { ...chat.messages.get(news.message_id), reaction: news.emoji }),
  blocked: (chat, news) => { chat.blocked = news.blocked; at(chat)?.footing(); at(chat)?.status(); },
};

function edited(chat, news) {
  const { read, reaction } = chat.messages.get(news.message.message_id) ?? {};
  put(chat, { ...news.message, by_bot: news.by_bot, read, reaction });
}

function arrived(news) {
  if (news.event === "clock") return showTime(news.now);
  if (!state.ready) return state.queue.push(news);
  if (news.event === "person" || news.event === "commands") return refresh();
  const chat = state.chats.get(news.chat);
  if (chat) NEWS[news.event]?.(chat, news);
}

const at = (chat) => Object.values(panes).find((pane) => pane.chat === chat);

function put(chat, message) {
  chat.messages.set(message.message_id, message);
  at(chat)?.put(message);
  if (message.date * 1000 > Number(byId("now").dataset.at ?? 0)) showTime(new Date(message.date * 1000).toISOString());
}

function reopen(chat) { if (at(chat)) at(chat).open(chat, at(chat).person, chat.title || state.bot.first_name); }

function busy(chat, action) {
  clearTimeout(chat.timer);
  chat.typing = action;
  chat.timer = setTimeout(() => idle(chat), TYPING_MS);
  at(chat)?.status();
}

function idle(chat) {
  clearTimeout(chat.timer);
  chat.typing = null;
  at(chat)?.status();
}

function answered(chat, news) {
  const pane = at(chat);
  pane?.answered(news.callback_id);
  if (!news.text || pane?.person !== news.person) return;
  if (news.show_alert) { byId("alert").querySelector("p").textContent = news.text; byId("alert").showModal(); }
  else pane.toast(news.text);
}

// Unread

function count(chat, news) {
  if (!news.by_bot && !state.groups.some((group) => group.id === chat.id)) return;
  const pane = at(chat);
  const seen = pane && pane.root.checkVisibility() && !document.hidden;
  if (!seen) { chat.unread += 1; badges(); }
}

function badges() {
  const sellers = state.people.reduce((sum, person) => sum + state.chats.get(person.id).unread, 0);
  const staff = state.groups.reduce((sum, group) => sum + state.chats.get(group.id).unread, 0);
  mark(byId("tab-seller").querySelector(".badge"), sellers);
  mark(byId("tab-staff").querySelector(".badge"), staff);
  document.title = (sellers + staff ? `(${sellers + staff}) ` : "") + state.bot.first_name;
  chips();
  chairs();
}

function mark(badge, unread) {
  badge.hidden = unread === 0;
  badge.textContent = String(unread);
}

function seen() {
  for (const pane of Object.values(panes)) if (pane.chat && pane.root.checkVisibility() && !document.hidden) pane.chat.unread = 0;
  badges();
}

// People

function choose(id) {
  state.seller = id;
  panes.seller.open(state.chats.get(id), id, state.bot.first_name);
  seen();
}

function chips() {
  const bar = panes.seller.find(".chips");
  bar.hidden = state.people.length < 2;
  bar.replaceChildren(...state.people.map((person) => {
    const { unread } = state.chats.get(person.id);
    const dot = el("span", { class: "badge" }, String(unread));
    dot.hidden = unread === 0;
    return el("button", { type: "button", role: "tab", "aria-selected": String(person.id === state.seller), on: { click: () => choose(person.id) } }, face(el("span", { class: "face", "aria-hidden": "true" }), person.id, person.first_name), person.first_name, dot);
  }));
  bar.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// A seat is a person in a group, as "chat:person"; whoever sits in two groups has two.
function seats() {
  return state.groups.flatMap((group) => (group.staff.length ? group.staff : [{ id: 0 }]).map((person) => `${group.id}:${person.id}`));
}

function member(seat) {
  state.staff = seat;
  const [group, id] = seat.split(":").map(Number);
  const chat = state.chats.get(group);
  panes.staff.open(chat, id, chat.title);
  panes.staff.find(".as").hidden = state.groups.every((one) => one.staff.length === 0);
  seen();
}

function chairs() {
  const select = panes.staff.find(".as select");
  select.replaceChildren(...state.groups.flatMap((group, nth) => group.staff.map((person) => {
    const { title, unread } = state.chats.get(group.id);
    const where = nth ? ` in ${title}` : "";
    return el("option", { value: `${group.id}:${person.id}` }, `${person.first_name}${where}${nth && unread ? ` (${unread} new)` : ""}`);
  })));
  select.value = state.staff;
  select.onchange = () => member(select.value);
}

byId("new-seller").addEventListener("click", async () => {
  const person = await tell("people", { language_code: byId("language").value });
  await refresh();
  choose(person.id);
  tab("seller");
});

// Clock

function showTime(iso) {
  const moment = new Date(iso);
  byId("now").dataset.at = String(moment.getTime());
  byId("now").dateTime = iso;
  byId("now").textContent = `${NOW.format(moment)} UTC`;
}

async function step(by) {
  const clock = document.querySelector(".clock");
  clock.setAttribute("aria-busy", "true");
  for (const button of clock.querySelectorAll("button")) button.disabled = true;
  await tell("clock", { by }).then((answer) => showTime(answer.now), (error) => toast(error.message));
  for (const button of clock.querySelectorAll("button")) button.disabled = false;
  clock.removeAttribute("aria-busy");
}

byId("steps").append(...STEPS.map(([by, label]) => el("button", { type: "button", "data-by": by, "aria-label": `Move the clock: ${label}`, on: { click: () => step(by) } }, label)));

// Tray

function tray() {
  byId("no-specimens").hidden = state.specimens.length > 0;
  const list = byId("specimens");
  if (list.childElementCount === state.specimens.length) return;
  list.replaceChildren(...state.specimens.map((label, number) => {
    const image = el("img", { src: `/playground/specimens/${number}`, alt: "", loading: "lazy" });
    return el("li", {}, el("button", { type: "button", on: { click: () => sendSpecimen(number) } }, image, el("span", {}, label)));
  }));
}

function outside() {
  byId("outside").hidden = state.happenings.length === 0;
  byId("happenings").replaceChildren(...state.happenings.map((label, number) =>
    el("li", {}, el("button", { type: "button", on: { click: (event) => happen(number, label, event.currentTarget) } }, el("span", {}, label)))));
}

async function happen(number, label, button) {
  if (!panes.seller.chat.messages.size) return toast("Press Start first, as in Telegram.");
  button.disabled = true;
  await tell(`happenings/${number}`, { person: state.seller }).then(() => toast(`The bot was told: ${label}.`), (error) => toast(error.message));
  button.disabled = false;
}

function sendSpecimen(number) {
  const pane = panes.seller;
  if (!pane.chat.messages.size) return toast("Press Start first, as in Telegram.");
  tab("seller");
  return pane.act(byId("as-file").checked ? "document" : "photos", { specimen: number });
}

// Tabs, files, toasts

function tab(name) {
  document.body.dataset.tab = name;
  for (const button of document.querySelectorAll(".tabs button")) button.setAttribute("aria-selected", String(button.dataset.tab === name));
  if (panes[name]) { active = name; panes[name].toEnd(); }
  if (state.ready) seen();
}

for (const button of document.querySelectorAll(".tabs button")) button.addEventListener("click", () => tab(button.dataset.tab));
for (const name of Object.keys(panes)) panes[name].root.addEventListener("pointerdown", () => { active = name; });
document.addEventListener("visibilitychange", () => state.ready && seen());

const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
let depth = 0;

document.addEventListener("dragenter", (event) => { if (hasFiles(event)) { depth += 1; byId("drop").hidden = false; byId("drop-how").textContent = byId("as-file").checked ? "as a file" : "pictures as photos, the rest as files"; } });
document.addEventListener("dragleave", () => { depth = Math.max(0, depth - 1); byId("drop").hidden = depth === 0; });
document.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
document.addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  depth = 0;
  byId("drop").hidden = true;
  const box = panes.staff.root.getBoundingClientRect();
  const over = event.clientX >= box.left && event.clientX < box.right ? "staff" : "seller";
  panes[over].sendDropped([...event.dataTransfer.files], byId("as-file").checked);
});
document.addEventListener("paste", (event) => {
  const files = [...(event.clipboardData?.files ?? [])];
  if (files.length) { event.preventDefault(); panes[active].sendDropped(files, byId("as-file").checked); }
});

const toast = (text) => panes[active].toast(text);

tab("seller");
listen(() => load().catch((error) => toast(error.message)), arrived);
