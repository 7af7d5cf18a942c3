// Choose, shrink, send in pieces, go on where the line broke. Without this file the form does it in one go.
"use strict";

const SIDE = 4000; // pixels of the longer side that are kept
const QUALITY = 0.9;
const SMALL = 2.5e6; // bytes of a photo that is sent as it is
const PIECE = 256 * 1024;
const WAIT = [1000, 2000, 4000, 8000, 15000]; // milliseconds between tries
const PHOTO = /^image\/(jpeg|png|webp)$/;
const KINDS = /^(image\/(jpeg|png|webp|heic|heif)|application\/pdf)$/;
const NAMES = /\.(jpe?g|png|webp|heic|heif|pdf)$/i;

const form = document.querySelector("form");
const words = form.dataset;
const [input, list, send, state, progress, problem] = ["files", "list", "send", "state", "progress", "problem"].map((id) => document.getElementById(id));
const here = location.pathname;
let chosen = [];

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const say = (element, text) => { element.textContent = text || ""; };
const big = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

function element(tag, attributes, ...children) {
  const made = Object.assign(document.createElement(tag), attributes);
  made.append(...children);
  return made;
}

function thumbnail(file) {
  if (!PHOTO.test(file.type)) return element("span", { className: "pdf" }, (file.name.split(".").pop() || "").toUpperCase().slice(0, 4));
  const image = element("img", { alt: "", src: URL.createObjectURL(file) });
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  return image;
}

function show() {
  list.replaceChildren(...chosen.map((file) => {
    const away = element("button", { type: "button", ariaLabel: `${words.remove}: ${file.name}` }, words.remove);
    away.addEventListener("click", () => { chosen = chosen.filter((one) => one !== file); say(problem, ""); show(); });
    return element("li", {}, thumbnail(file), element("span", { className: "name" }, file.name, element("small", {}, big(file.size))), away);
  }));
  list.hidden = !chosen.length;
  send.disabled = !chosen.length;
  say(document.getElementById("choose"), chosen.length ? words.more : words.choose);
}

function wrong(file) {
  if (!file.size) return words.problemEmpty;
  if (!(KINDS.test(file.type) || NAMES.test(file.name))) return words.problemKind;
  return file.size > words.largest && !PHOTO.test(file.type) ? words.problemTooBig : "";
}

function choose() {
  const wrongs = [...input.files].map(wrong);
  chosen.push(...[...input.files].filter((_, n) => !wrongs[n]));
  say(problem, wrongs.find(Boolean));
  if (chosen.length > words.most) say(problem, words.problemTooMany);
  chosen.length = Math.min(chosen.length, words.most);
  input.value = "";
  show();
}

async function shrunk(file) {
  if (!PHOTO.test(file.type)) return file;
  let image;
  try {
    image = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file; // what this browser cannot open, the other end may
  }
  const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
  if (scale === 1 && file.size <= SMALL) return file;
  const canvas = element("canvas", { width: Math.round(image.width * scale), height: Math.round(image.height * scale) });
  const brush = canvas.getContext("2d");
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.imageSmoothingQuality = "high";
  brush.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const smaller = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return smaller && (scale < 1 || smaller.size < file.size) ? smaller : file;
}

// A file is known by its digest: chosen again after the page was closed, it goes on where it stopped.
async function digest(blob) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

class Refused extends Error {}

async function tried(ask) {
  for (let n = 0; ; n += 1) {
    try {
      const answer = await ask();
      if (answer.status < 500) return answer;
      if (n >= WAIT.length) throw new Refused(words.problemBusy);
    } catch (error) {
      if (error instanceof Refused) throw error;
    }
    say(state, words.waiting);
    await pause(WAIT[Math.min(n, WAIT.length - 1)]);
  }
}

async function sendOne(blob, name, moved) {
  const place = `${here}/${name}`;
  let there = Number((await tried(() => fetch(place, { method: "HEAD" }))).headers.get("Upload-Offset")) || 0;
  while (there < blob.size) {
    moved(there);
    const headers = { "Upload-Offset": there, "Upload-Length": blob.size, "Content-Type": "application/offset+octet-stream" };
    const answer = await tried(() => fetch(place, { method: "PATCH", headers, body: blob.slice(there, there + PIECE) }));
    if (answer.status === 404 || answer.status === 410) throw new Refused("");
    if (answer.status === 413) throw new Refused(words.problemTooBig);
    if (!answer.ok && answer.status !== 409) throw new Refused(words.problemUnfinished);
    there = Number(answer.headers.get("Upload-Offset"));
  }
  moved(blob.size);
}

async function sendAll() {
  say(state, words.preparing);
  const blobs = await Promise.all(chosen.map(shrunk));
  if (blobs.some((blob) => blob.size > words.largest)) throw new Refused(words.problemTooBig);
  const whole = blobs.reduce((sum, blob) => sum + blob.size, 0);
  const names = [];
  let before = 0;
  progress.hidden = false;
  for (const blob of blobs) {
    const name = await digest(blob);
    await sendOne(blob, name, (there) => {
      progress.value = Math.floor((100 * (before + there)) / whole);
      say(state, words.sending.replace("{percent}", progress.value));
    });
    names.push(name);
    before += blob.size;
  }
  say(state, words.checking);
  const body = new FormData();
  names.forEach((name) => body.append("kept", name));
  return tried(() => fetch(here, { method: "POST", body }));
}

// The answer is this very page, as it stands now: with thanks, or with what was wrong.
async function becomes(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const said = page.getElementById("problem");
  if (said) throw new Refused(said.textContent);
  document.title = page.title;
  document.querySelector("main").replaceWith(page.querySelector("main"));
  window.scrollTo(0, 0);
}

async function submit(event) {
  event.preventDefault();
  if (!chosen.length) return say(problem, words.problemNothing);
  const controls = [input, send, ...list.querySelectorAll("button")];
  controls.forEach((one) => { one.disabled = true; });
  form.classList.add("sending");
  say(problem, "");
  try {
    await becomes(await sendAll());
  } catch (error) {
    if (error instanceof Refused && !error.message) return location.reload();
    say(problem, error instanceof Refused ? error.message : words.problemUnfinished);
    say(state, "");
    progress.hidden = true;
    form.classList.remove("sending");
    controls.forEach((one) => { one.disabled = false; });
  }
}

if (window.crypto?.subtle) { // only where the line is safe: without, the plain form stays as it is
  document.documentElement.classList.add("js");
  input.required = false;
  input.addEventListener("change", choose);
  form.addEventListener("submit", submit);
  show();
}
