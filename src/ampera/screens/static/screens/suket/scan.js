// Finds the QR code of a suket before a camera or in a photograph. The browser's own detector where
// it has one; else a decoder that is fetched when it is wanted (docs/decisions), for neither
// iPhones nor browsers on Linux have any.

export const DECODER = new URL("../vendor/qr-0.7.0.decode.min.js", import.meta.url).href;

// After so long somebody holding a telephone wants to be told what else can be done.
const SECONDS_MAX = 20;
// Between two looks the page answers its buttons: on a cheap telephone a look is a tenth of a second.
const PAUSE_MS = 80;
// A code of 65 modules needs some 300 pixels; more than this only costs time.
const FRAME_SIDE = 1280;
// One of these sizes fits, whether the code fills the photograph or stands on a whole page.
const PHOTO_SIDES = [1400, 2400, 700, 3600];

async function native() {
  if (!("BarcodeDetector" in globalThis)) return null;
  try {
    const formats = await BarcodeDetector.getSupportedFormats();
    return formats.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
  } catch {
    return null; // it is there, and what it needs is not
  }
}

// Must the decoder be kept for days without a line?
export const needsDecoder = async () => (await native()) === null;

let reading = null;
let misses = 0;

// What reads: `live(video)` and `still(image)` → the text of a code, or null.
function reader() {
  reading ??= made().catch((error) => {
    reading = null; // the next try may have a line again,
    misses += 1; // and asks by another name: browsers keep it in mind that a script did not come
    throw error;
  });
  return reading;
}

async function made() {
  const detector = await native();
  if (detector !== null) {
    const look = async (source) => (await detector.detect(source))[0]?.rawValue ?? null;
    return { live: look, still: look };
  }
  const { decodeQR } = await import(misses ? `${DECODER}?${misses}` : DECODER);
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const look = (source, [width, height], side, effort) => {
    const scale = Math.min(1, side / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    pen.drawImage(source, 0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(pen.getImageData(0, 0, canvas.width, canvas.height), effort);
    } catch {
      return null; // its way of saying that there is none
    }
  };
  return {
    live: async (video) => look(video, [video.videoWidth, video.videoHeight], FRAME_SIDE, {}),
    still: async (image) => {
      const size = [image.width, image.height];
      const useful = PHOTO_SIDES.filter((each) => each < 1.5 * Math.max(1000, ...size));
      for (const side of useful) {
        const text = look(image, size, side, { effort: Infinity, timeLimit: 2000 });
        if (text !== null) return text;
      }
      return null;
    },
  };
}

// The text of the code in a picture file. Throws one of the words below.
export async function inPhoto(file) {
  const read = await reader().catch(() => Promise.reject(new Error("no_reader")));
  const image = await createImageBitmap(file).catch(() => Promise.reject(new Error("no_code")));
  const text = await read.still(image).finally(() => image.close());
  if (text === null) throw new Error("no_code");
  return text;
}

const WORDS = new Set(["no_camera", "camera_missing", "camera_busy", "no_https", "no_reader"]);
const REASONS = {
  NotAllowedError: "no_camera",
  SecurityError: "no_camera",
  NotFoundError: "camera_missing",
  OverconstrainedError: "camera_missing",
};

async function opened() {
  // Browsers give a camera to pages over https only: elsewhere there is no one to ask.
  if (!navigator.mediaDevices?.getUserMedia) throw new Error("no_https");
  const video = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
  try {
    return await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch (error) {
    throw new Error(REASONS[error.name] ?? "camera_busy");
  }
}

// A camera that looks for one code. It stops when it has it, when nobody looks at the page any more,
// when it is told to and after twenty seconds; `stopped` gets the word for why, or null.
export class Camera {
  constructor(video, { found, stopped }) {
    this.video = video;
    this.found = found;
    this.stopped = stopped;
    this.isOn = false;
    document.addEventListener("visibilitychange", () => document.hidden && this.stop());
    addEventListener("pagehide", () => this.stop());
  }

  async start() {
    this.isOn = true;
    try {
      const stream = await opened();
      if (!this.isOn) return stream.getTracks().forEach((each) => each.stop());
      this.video.srcObject = stream;
      stream.getVideoTracks()[0].addEventListener("ended", () => this.stop("camera_busy"));
      this.video.hidden = false;
      const read = await reader().catch(() => Promise.reject(new Error("no_reader")));
      await this.video.play();
      this.ends = setTimeout(() => this.stop("nothing_seen"), SECONDS_MAX * 1000);
      await this.look(read);
    } catch (error) {
      // What was stopped in the middle has been told already.
      if (this.isOn) this.stop(WORDS.has(error.message) ? error.message : "camera_busy");
    }
  }

  async look(read) {
    while (this.isOn) {
      const text = this.video.videoWidth ? await read.live(this.video) : null;
      if (text !== null && this.isOn) {
        this.stop();
        this.found(text);
        return;
      }
      await new Promise((next) => setTimeout(next, PAUSE_MS));
    }
  }

  stop(word = null) {
    if (!this.isOn) return;
    this.isOn = false;
    clearTimeout(this.ends);
    this.video.srcObject?.getTracks().forEach((each) => each.stop());
    this.video.srcObject = null;
    this.video.hidden = true;
    this.stopped(word);
  }
}
