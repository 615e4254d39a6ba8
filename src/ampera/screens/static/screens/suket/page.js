// The page on which anybody checks a suket. Without this script, or in a browser that cannot verify
// Ed25519, its form is sent to the server, which gives the same answer.

import { canCheck, check } from "./letter.js";

const form = document.getElementById("periksa");
const field = document.getElementById("teks");
const result = document.getElementById("hasil");
const scanning = document.getElementById("pindai");
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

// ---- scanning, where the browser can ----

async function detector() {
  if (!("BarcodeDetector" in globalThis)) return null;
  const formats = await BarcodeDetector.getSupportedFormats();
  return formats.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
}

async function found(codes) {
  if (codes.length === 0) return false;
  field.value = codes[0].rawValue;
  form.requestSubmit();
  return true;
}

function offerPhoto(reader) {
  const photo = document.getElementById("foto");
  photo.addEventListener("change", async () => {
    const [file] = photo.files;
    if (!file) return;
    const image = await createImageBitmap(file);
    const isFound = await found(await reader.detect(image));
    if (!isFound) shown({ finding: "no_code" }, null);
  });
}

function offerCamera(reader) {
  const button = document.getElementById("kamera");
  const video = document.getElementById("gambar");
  if (!navigator.mediaDevices?.getUserMedia) {
    button.hidden = true;
    return;
  }
  const stop = () => {
    video.srcObject?.getTracks().forEach((each) => each.stop());
    video.srcObject = null;
    video.hidden = true;
  };
  button.addEventListener("click", async () => {
    if (video.srcObject) return stop();
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "environment" },
      });
    } catch {
      shown({ finding: "no_camera" }, null);
      return undefined;
    }
    video.hidden = false;
    await video.play();
    const look = async () => {
      if (!video.srcObject) return;
      if (await found(await reader.detect(video))) stop();
      else requestAnimationFrame(look);
    };
    return look();
  });
}

async function begin() {
  const reader = await detector();
  if (reader !== null) {
    scanning.hidden = false;
    offerPhoto(reader);
    offerCamera(reader);
  }
  if (!(await canCheck())) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    checkHere().catch(() => form.submit()); // no keys here: the server knows
  });
  form.dataset.siap = "peramban";
  if ("serviceWorker" in navigator) {
    await navigator.serviceWorker.register(form.dataset.worker, { scope: form.dataset.scope });
    await navigator.serviceWorker.ready;
    document.getElementById("luring").hidden = false;
  }
}

begin();
