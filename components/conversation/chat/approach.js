/**
 * Rows that come to an end of the list, and that go from one, in a frame. Half as many take 80 % of the time, since a frame
 * in which any come has its own cost.
 */
const STEP = 8;

/**
 * Leads from the rows that are rendered one step nearer to those that are wanted, so that no frame takes long.
 * @param {string[]} rendered keys from top to bottom @param {string[]} wanted keys from top to bottom
 * @returns {string[]} `wanted` itself if that is no more than a step, or is another place than another part of the list
 */
export function approach(rendered, wanted) {
  const known = new Set(rendered);
  const first = wanted.findIndex((key) => known.has(key));
  const start = rendered.indexOf(wanted[first]);
  let stay = 0;
  while (start >= 0 && start + stay < rendered.length && rendered[start + stay] === wanted[first + stay]) stay += 1;
  const [goneAbove, goneBelow] = [rendered.slice(0, start), rendered.slice(start + stay)];
  const [newAbove, newBelow] = [wanted.slice(0, first), wanted.slice(first + stay)];
  const isSameList = stay && !newBelow.some((key) => known.has(key));
  const isWindow = !(goneAbove.length && newAbove.length) && !(goneBelow.length && newBelow.length);
  const isStep = [goneAbove, goneBelow, newAbove, newBelow].every(({ length }) => length <= STEP);
  if (isStep || !isSameList || !isWindow) return wanted;
  const kept = wanted.slice(Math.max(0, first - STEP), first + stay + STEP);
  return [...goneAbove.slice(STEP), ...kept, ...goneBelow.slice(0, -STEP)];
}
