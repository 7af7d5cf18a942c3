// One message as a bubble.

import { el, icon, face } from "./dom.js";
import { rich } from "./text.js";

const HOURS = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
const DAYS = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

export const dayOf = (message) => DAYS.format(new Date(message.date * 1000));
const fileUrl = (file) => `/playground/files/${encodeURIComponent(file.file_id)}`;

export function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function photo(message, pane) {
  const largest = message.photo[message.photo.length - 1];
  const image = el("img", { src: fileUrl(largest), width: largest.width, height: largest.height, alt: message.caption ? "" : "Photo", loading: "lazy" });
  return el("button", { type: "button", class: "photo", "aria-label": "Open the photo", on: { click: () => pane.show(fileUrl(largest)) } }, image);
}

function documentCard(message) {
  const { document: file } = message;
  const mark = el("span", { class: "file-mark" }, file.thumbnail ? el("img", { src: fileUrl(file.thumbnail), alt: "" }) : icon("file", 26));
  const name = el("span", { class: "file-name" }, file.file_name ?? "File");
  return el("a", { class: "file", href: fileUrl(file), download: file.file_name ?? "file" }, mark, el("span", { class: "file-text" }, name, el("small", {}, size(file.file_size ?? 0))));
}

function note(message) {
  const video = el("video", { class: "note", src: fileUrl(message.video_note), preload: "metadata", playsinline: true, tabindex: "0", "aria-label": "Video message: press to play" });
  const toggle = () => (video.paused ? video.play() : video.pause());
  video.addEventListener("click", toggle);
  video.addEventListener("keydown", (event) => event.key === "Enter" && toggle());
  return video;
}

function contact(message) {
  const who = message.contact;
  const mark = face(el("span", { class: "face", "aria-hidden": "true" }), who.user_id ?? who.phone_number, who.first_name);
  return el("div", { class: "file" }, mark, el("span", { class: "file-text" }, el("span", { class: "file-name" }, who.first_name), el("small", {}, `+${who.phone_number.replace(/^\+/, "")}`)));
}

function place(message) {
  const { latitude, longitude } = message.location;
  return el("div", { class: "file" }, el("span", { class: "file-mark" }, icon("pin", 26)), el("span", { class: "file-text" }, el("span", { class: "file-name" }, "Location"), el("small", {}, `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`)));
}

const MEDIA = {
  photo,
  document: documentCard,
  video_note: note,
  voice: (message) => el("audio", { controls: true, preload: "none", src: fileUrl(message.voice) }),
  sticker: (message) => el("span", { class: "sticker" }, message.sticker.emoji),
  location: place,
  contact,
};

function stamp(message, mine) {
  const edited = message.edit_date && mine !== undefined && message.text ? "edited " : "";
  const time = el("time", { datetime: new Date(message.date * 1000).toISOString() }, edited + HOURS.format(new Date(message.date * 1000)));
  const ticks = mine ? el("span", { class: "ticks", role: "img", "aria-label": message.read ? "Read" : "Sent" }, icon(message.read ? "ticks" : "tick", 15)) : "";
  return el("span", { class: "stamp" }, time, ticks);
}

function origin(message) {
  const from = message.forward_origin;
  if (!from) return "";
  return el("p", { class: "origin" }, `Forwarded from ${from.sender_user_name ?? from.sender_user?.first_name ?? "somebody"}`);
}

function quoted(message) {
  const other = message.reply_to_message;
  if (!other) return "";
  return el("p", { class: "quoted" }, el("strong", {}, other.from.first_name), el("span", {}, other.text ?? other.caption ?? "Media"));
}

function inlineButton(button, message, pane) {
  if (button.url) return el("a", { class: "key", href: button.url, target: "_blank", rel: "noopener noreferrer" }, button.text, icon("link", 14));
  const key = el("button", { type: "button", class: `key ${button.style ?? ""}`, "data-callback": button.callback_data }, el("span", {}, button.text));
  if (button.copy_text) key.addEventListener("click", () => pane.copy(button.copy_text.text));
  else if (button.callback_data) key.addEventListener("click", () => pane.tap(message, button, key));
  else key.disabled = true;
  return key;
}

function inlineKeys(message, pane) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  if (!rows.some((row) => row.length)) return "";
  return el("div", { class: "inline", role: "group", "aria-label": "Answers" }, ...rows.map((row) => el("div", { class: "row" }, ...row.map((button) => inlineButton(button, message, pane)))));
}

export function bubble(message, pane) {
  const mine = message.from.id === pane.person;
  const kind = Object.keys(MEDIA).find((name) => name in message) ?? "text";
  const words = message.text ?? message.caption;
  const body = words === undefined ? "" : el("div", { class: "words", dir: "auto" }, rich(words, message.entities ?? message.caption_entities, (command) => pane.say(command)));
  const author = pane.group && !mine ? el("p", { class: "author", "data-colour": String(Math.abs(message.from.id) % 7) }, message.from.first_name) : "";
  const media = MEDIA[kind]?.(message, pane) ?? "";
  const reaction = message.reaction ? el("span", { class: "reaction", "aria-label": `Reaction ${message.reaction}` }, message.reaction) : "";
  const bare = kind === "video_note" || kind === "sticker";
  const box = el("div", { class: `box ${kind}${words === undefined ? " wordless" : ""}${bare ? " bare" : ""}` }, author, origin(message), quoted(message), media, body, reaction, stamp(message, mine));
  if (!mine) box.addEventListener("dblclick", () => pane.reply(message));
  const reply = mine ? "" : el("button", { type: "button", class: "icon reply", "aria-label": "Reply", title: "Reply", on: { click: () => pane.reply(message) } }, icon("reply", 18));
  const label = `${mine ? "You" : message.from.first_name}`;
  return el("article", { class: `message ${mine ? "out" : "in"}`, "data-id": message.message_id, "data-from": message.from.id, "data-day": dayOf(message), "data-album": message.media_group_id, "aria-label": label }, box, reply, inlineKeys(message, pane));
}
