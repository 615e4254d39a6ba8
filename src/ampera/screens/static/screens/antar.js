// The carrier's queue. An act is written into the phone's storage under an id of its own before
// anything else happens, and leaves it only when the office has said what became of it.
"use strict";

(() => {
  const KEPT = "antar-1";
  const PREFIX = "antar:";
  const WAIT_FIRST_MS = 2000;
  const WAIT_MAX_MS = 60000;
  const DONE_KEPT_MS = 3 * 24 * 3600 * 1000;
  const root = document.getElementById("antar");
  if (!root) return;
  const line = document.getElementById("antar-line");
  const refused = document.getElementById("antar-refused");
  let isSending = false;
  let isAskedAgain = false;
  let wait = WAIT_FIRST_MS;
  let timer = 0;

  // One key for each act: two open windows cannot overwrite each other's.
  const save = (act) => localStorage.setItem(PREFIX + act.command, JSON.stringify(act));
  const forget = (act) => localStorage.removeItem(PREFIX + act.command);
  const acts = () =>
    Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => JSON.parse(localStorage.getItem(key)))
      .sort((one, other) => (one.told_at < other.told_at ? -1 : 1));
  const waiting = () => acts().filter((act) => act.state === "WAITING");

  const newCommand = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return "cmd_" + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const say = (words, tone) => {
    line.textContent = words;
    line.classList.toggle("calm", tone !== "attention");
    line.classList.toggle("is-attention", tone === "attention");
  };

  const badge = (words, tone) => {
    const made = document.createElement("span");
    made.className = "state is-" + tone;
    made.textContent = words;
    return made;
  };

  const WORDS = {
    WAITING: ["tersimpan di ponsel, belum terkirim", "wait"],
    DONE: ["tercatat di kantor", "good"],
    REFUSED: ["ditolak kantor", "stop"],
  };

  const paint = () => {
    const all = acts();
    for (const act of all) {
      const door = root.querySelector(`.door[data-card="${CSS.escape(act.card)}"]`);
      if (!door) continue;
      const [words, tone] = WORDS[act.state];
      const what = act.act === "GIVEN" ? "Diserahkan: " : "Kembali: ";
      door.querySelector(".door-state").replaceChildren(badge(what + words, tone));
      const isOver = act.act === "GIVEN" && act.state !== "REFUSED";
      for (const part of door.querySelectorAll(".door-acts")) part.hidden = isOver;
    }
    const no = all.filter((act) => act.state === "REFUSED");
    refused.hidden = no.length === 0;
    refused.querySelector("ul").replaceChildren(...no.map(refusal));
  };

  const refusal = (act) => {
    const item = document.createElement("li");
    const what = document.createElement("p");
    what.className = "mb-1";
    what.textContent = `${act.nama}: ${act.text} ${act.next}`;
    const done = document.createElement("button");
    done.type = "button";
    done.className = "btn btn-sm btn-outline-primary";
    done.textContent = "Sudah dibicarakan di loket";
    done.addEventListener("click", () => {
      forget(act);
      paint();
    });
    item.append(what, done);
    return item;
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
    wait = Math.min(wait * 2, WAIT_MAX_MS);
  };

  const ask = async () => {
    const options = { cache: "no-store", redirect: "manual", credentials: "same-origin" };
    return fetch(root.dataset.state, options);
  };

  const give = async (act, csrf) => {
    const { state, nama, officer, text, next, code, ...told } = act;
    return fetch(root.dataset.send, {
      method: "POST",
      credentials: "same-origin",
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify(told),
    });
  };

  // Gives back whether all that could be sent was sent.
  const sendAll = async () => {
    let known;
    try {
      known = await ask();
    } catch {
      const count = waiting().length;
      say(count ? `Tanpa jaringan. ${count} catatan tersimpan di ponsel ini.` : "Tanpa jaringan.");
      return waiting().length === 0;
    }
    if (known.type === "opaqueredirect" || known.status === 401 || known.status === 403) {
      const link = document.createElement("a");
      link.href = root.dataset.login;
      link.textContent = "Masuk lagi";
      say(`Anda sudah keluar. ${waiting().length} catatan menunggu dikirim. `, "attention");
      line.append(link);
      return true;
    }
    if (!known.ok) return false;
    const told = await known.json();
    let strangers = 0;
    for (const act of waiting()) {
      if (act.officer !== told.officer) {
        strangers += 1;
        continue;
      }
      let answer;
      try {
        answer = await give(act, told.csrf);
      } catch {
        say(`Jaringan terputus. ${waiting().length} catatan tersimpan di ponsel ini.`);
        return false;
      }
      const isRead = (answer.headers.get("Content-Type") || "").startsWith("application/json");
      const said = isRead ? await answer.json() : {};
      if (said.state === "DONE") save({ ...act, state: "DONE" });
      else if (said.state === "REFUSED") save({ ...act, ...said });
      else {
        say(said.text || "Kantor belum dapat mencatat; dicoba lagi.", "attention");
        return false;
      }
      paint();
    }
    if (strangers) say(`${strangers} catatan milik petugas lain menunggu akunnya.`, "attention");
    else say("Tersambung. Semua catatan sudah terkirim.");
    return true;
  };

  const send = async () => {
    if (isSending) {
      isAskedAgain = true;
      return;
    }
    isSending = true;
    clearTimeout(timer);
    try {
      if (await sendAll()) wait = WAIT_FIRST_MS;
      else later();
    } finally {
      isSending = false;
      paint();
    }
    if (isAskedAgain) {
      isAskedAgain = false;
      send();
    }
  };

  const strokesOf = new WeakMap();

  const drawOn = (canvas) => {
    const pen = canvas.getContext("2d");
    let strokes = "";
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      const x = ((event.clientX - box.left) * canvas.width) / box.width;
      const y = ((event.clientY - box.top) * canvas.height) / box.height;
      return [Math.round(x), Math.round(y)];
    };
    const put = (letter, [x, y]) => {
      if (strokes.length < 15000) strokes += `${letter}${x} ${y}`;
      strokesOf.set(canvas, strokes);
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      pen.lineWidth = 2;
      pen.beginPath();
      pen.moveTo(...at(event));
      put("M", at(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      pen.lineTo(...at(event));
      pen.stroke();
      put("L", at(event));
    });
    return () => {
      strokes = "";
      strokesOf.delete(canvas);
      pen.clearRect(0, 0, canvas.width, canvas.height);
    };
  };

  const keep = (event) => {
    event.preventDefault();
    const form = event.target;
    const said = new FormData(form);
    const door = form.closest(".door");
    const part = (name) => String(said.get(name) || "").trim();
    if (part("to") === "PROXY" && !(part("name") && part("relation"))) {
      say("Isi nama wakil dan hubungannya.", "attention");
      line.scrollIntoView();
      return;
    }
    const canvas = form.querySelector("canvas");
    const act = {
      command: newCommand(),
      officer: root.dataset.officer,
      state: "WAITING",
      nama: door.querySelector("h3").textContent,
      act: form.dataset.act,
      card: door.dataset.card,
      bundle: door.dataset.bundle,
      told_at: new Date().toISOString(),
      to: part("to") || "HOLDER",
      name: part("name"),
      relation: part("relation"),
      old_card: part("old_card"),
      why: part("why"),
      note: part("note"),
      signature: (canvas && strokesOf.get(canvas)) || "",
    };
    try {
      save(act);
    } catch {
      say("Penyimpanan ponsel penuh: catat di lembar antar.", "attention");
      return;
    }
    form.closest("details").open = false;
    form.reset();
    paint();
    say("Tersimpan di ponsel ini.");
    send();
  };

  const tidyUp = () => {
    const old = new Date(Date.now() - DONE_KEPT_MS).toISOString();
    for (const act of acts()) if (act.state === "DONE" && act.told_at < old) forget(act);
  };

  const keepPage = async () => {
    if (!("caches" in window)) return;
    const parts = document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src], img");
    const files = [...parts].map((each) => each.href || each.src);
    const kept = await caches.open(KEPT);
    await kept.addAll([...new Set([location.href.split("#")[0], ...files])]);
  };

  for (const form of root.querySelectorAll("form[data-act]")) form.addEventListener("submit", keep);
  for (const part of root.querySelectorAll(".signing")) {
    part.hidden = false;
    const clear = drawOn(part.querySelector("canvas"));
    part.querySelector(".signing-clear").addEventListener("click", clear);
    part.closest("form").addEventListener("reset", clear);
  }
  for (const form of document.querySelectorAll("form[action$='/keluar/']")) {
    form.addEventListener("submit", (event) => {
      const count = waiting().length;
      const words = `${count} catatan belum terkirim. Tetap keluar? Catatan tetap di ponsel ini.`;
      if (count && !window.confirm(words)) event.preventDefault();
      else if ("caches" in window) caches.delete(KEPT);
    });
  }
  window.addEventListener("online", () => {
    wait = WAIT_FIRST_MS;
    send();
  });
  window.addEventListener("offline", () => say("Tanpa jaringan. Catatan disimpan di ponsel ini."));
  document.addEventListener("visibilitychange", () => document.hidden || send());
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker
      .register(root.dataset.worker)
      .then(() => keepPage())
      .catch(() => say("Tanpa https halaman ini tidak tersimpan: jangan ditutup saat di jalan."));
  }
  tidyUp();
  paint();
  send();
})();
