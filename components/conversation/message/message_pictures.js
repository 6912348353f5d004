/** Longest side of a picture in pixels: models see tiles of 512 to 768 pixels, and more would only cost more. */
const LONGEST_SIDE = 768;
/** Opening larger files would freeze the page. */
const LARGEST_FILE = 50e6; // bytes

/** Steps that make pictures smaller: the scale of their sides and their JPEG quality, best first. */
const STEPS = [
  [1, 0.85],
  [1, 0.7],
  [1, 0.5],
  [0.75, 0.5],
  [0.5, 0.5],
  [0.35, 0.4],
];

/** @typedef {{ canvas: HTMLCanvasElement, url: string }} Picture to be shown, and to be made smaller for sending */

/** The reason why a message cannot be sent: a key of `message_box` in assets/languages. */
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
  return Object.freeze({ canvas, url: canvas.toDataURL("image/jpeg", STEPS[0][1]) }); // frozen, so that Vue adds no proxy
}

/**
 * Encode the pictures as `data:` URLs that together have at most `budget` characters.
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
  throw new Unusable("too_large");
}

function scaled(source, width, height, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d");
  context.fillStyle = "white"; // JPEG has no transparency
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}
