/** Longest side of a picture in pixels: models see tiles of 512 to 768 pixels, so more would only add cost. */
const LONGEST_SIDE = 768;
/** A larger file would freeze the page while it is decoded. */
const LARGEST_FILE = 50e6; // bytes

/** Ways to make pictures smaller, mildest first: the scale of their sides, and the JPEG quality. @type {[number, number][]} */
const STEPS = [
  [1, 0.85],
  [1, 0.7],
  [1, 0.5],
  [0.75, 0.5],
  [0.5, 0.5],
  [0.35, 0.4],
  [0.25, 0.4],
  [0.18, 0.35],
];

/** @typedef {{ canvas: HTMLCanvasElement, url: string }} Picture can be shown, and scaled down for sending */

/** A message cannot be sent like this; the error's message is a key of `message_box` in assets/languages. */
export class Unusable extends Error {}

/**
 * @param {Blob} file
 * @returns {Promise<Picture>}
 * @throws {Unusable}
 */
export async function readPicture(file) {
  if (!file.type.startsWith("image/")) throw new Unusable("not_a_picture");
  if (file.size > LARGEST_FILE) throw new Unusable("too_large");
  const bitmap = await createImageBitmap(file).catch(() => {
    throw new Unusable("unreadable");
  });
  const picture = takePicture(bitmap, bitmap);
  bitmap.close();
  return picture;
}

/**
 * @param {CanvasImageSource} source
 * @param {{ width: number, height: number }} size of the source
 * @returns {Picture}
 */
export function takePicture(source, { width, height }) {
  const canvas = scaled(source, width, height, Math.min(1, LONGEST_SIDE / Math.max(width, height)));
  return Object.freeze({ canvas, url: canvas.toDataURL("image/jpeg", STEPS[0][1]) }); // frozen: Vue does not wrap it
}

/**
 * Encodes pictures as `data:` URLs of at most `budget` characters together.
 * @param {Picture[]} pictures
 * @param {number} budget
 * @returns {string[]}
 * @throws {Unusable}
 */
export function encode(pictures, budget) {
  for (const [scale, quality] of STEPS) {
    const urls = pictures.map(({ canvas }) =>
      scaled(canvas, canvas.width, canvas.height, scale).toDataURL("image/jpeg", quality),
    );
    if (urls.join("").length <= budget) return urls;
  }
  throw new Unusable("no_room");
}

/**
 * @param {CanvasImageSource} source
 * @param {number} width pixels of the source
 * @param {number} height pixels of the source
 * @param {number} scale
 * @returns {HTMLCanvasElement}
 */
function scaled(source, width, height, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.fillStyle = "white"; // JPEG has no transparency
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}
