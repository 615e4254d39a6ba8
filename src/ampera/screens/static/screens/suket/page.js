// The page on which anybody checks a suket. Without this script, or in a browser that cannot verify
// Ed25519, its form is sent to the server, which gives the same answer.

import { canCheck, check } from "./letter.js";
import { Camera, DECODER, inPhoto, needsDecoder } from "./scan.js";

const form = document.getElementById("periksa");
const field = document.getElementById("teks");
const result = document.getElementById("hasil");
const language = document.documentElement.lang;

async function listed(address) {
  // Asked anew each time: what was taken back a minute ago must be told.
  const answer = await fetch(address, { credentials: "omit", cache: "no-cache" });
  if (!answer.ok) throw new Error(address);
  return answer.json();
}

const bytesOf = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));

// Public keys and the sukets that ended; without a line both come from the copy kept here.
async function known() {
  const [keys, ended] = await Promise.all([
    listed(form.dataset.keys),
    listed(form.dataset.ended).catch(() => null),
  ]);
  return {
    keys: new Map(keys.keys.map((each) => [each.kid, bytesOf(each.x)])),
    ended: new Set(ended === null ? [] : ended.ended),
    asOf: ended === null ? null : new Date(ended.as_of),
    // The city of a demonstration has a clock of its own.
    now: keys.demo_now ? Date.parse(keys.demo_now) / 1000 : Date.now() / 1000,
  };
}

const day = (date, more = {}) =>
  new Intl.DateTimeFormat(language, {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: form.dataset.zone,
    ...more,
  }).format(date);

function shown(seen, asOf) {
  const panel = document.getElementById(`kata-${seen.finding}`).content.cloneNode(true);
  if (seen.number) {
    const told = document.getElementById("kata-isi").content.cloneNode(true);
    const [year, month, date] = [0, 4, 6].map((at) => seen.born.slice(at, at + (at ? 2 : 4)));
    const born = new Date(`${year}-${month}-${date}T12:00:00Z`);
    const texts = {
      name: seen.name,
      born: day(born, { timeZone: "UTC" }),
      number: seen.number,
      until: day(new Date((seen.expires - 1) * 1000)),
      status: seen.status,
      issuer: seen.issuer,
    };
    for (const [name, text] of Object.entries(texts))
      told.querySelector(`[data-isi=${name}]`).textContent = text;
    const sample = told.querySelector("[data-isi=sample]");
    if (!seen.isSample) sample.remove();
    const listed = told.querySelector("[data-isi=listed]");
    if (asOf === null) listed.remove();
    else
      listed.querySelector("span").textContent = day(asOf, { hour: "2-digit", minute: "2-digit" });
    panel.firstElementChild.append(told);
  }
  result.replaceChildren(panel);
  result.dataset.oleh = "peramban"; // who checked: this browser, by itself
  result.scrollIntoView({ block: "nearest" });
}

async function checkHere() {
  const { asOf, ...facts } = await known();
  shown(await check(field.value, facts), asOf);
}

// ---- scanning ----

function take(text) {
  field.value = text;
  form.requestSubmit();
}

function offerPhotos() {
  for (const photo of document.querySelectorAll("#pindai input[type=file]"))
    photo.addEventListener("change", async () => {
      const [file] = photo.files;
      if (!file) return;
      camera.stop();
      try {
        take(await inPhoto(file));
      } catch (error) {
        shown({ finding: error.message }, null);
      }
      photo.value = ""; // the same picture may be chosen again
    });
}

const button = document.getElementById("kamera");
const told = document.getElementById("kamera-kata");

const camera = new Camera(document.getElementById("gambar"), {
  found: take,
  stopped: (word) => {
    button.textContent = button.dataset.start;
    told.textContent = "";
    if (word !== null) shown({ finding: word }, null);
  },
});

function offerCamera() {
  button.addEventListener("click", () => {
    if (camera.isOn) return camera.stop();
    result.replaceChildren();
    button.textContent = button.dataset.stop;
    told.textContent = told.dataset.words;
    return camera.start();
  });
}

// ---- days without a line ----

async function keepForLater() {
  if (!("serviceWorker" in navigator)) return;
  const worker = navigator.serviceWorker;
  await worker.register(form.dataset.worker, { scope: form.dataset.scope });
  await worker.ready;
  // The decoder is no part of the first look at this page; whoever pays for each byte gets it when
  // the camera is switched on.
  if (!navigator.connection?.saveData && (await needsDecoder())) {
    if (!worker.controller)
      await new Promise((so) => worker.addEventListener("controllerchange", so, { once: true }));
    await fetch(DECODER, { priority: "low" });
  }
  document.getElementById("luring").hidden = false;
}

async function begin() {
  document.getElementById("pindai").hidden = false;
  offerPhotos();
  offerCamera();
  if (await canCheck()) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      checkHere().catch(() => form.submit()); // no keys here: the server knows
    });
    form.dataset.siap = "peramban";
    await keepForLater();
  }
}

begin();
