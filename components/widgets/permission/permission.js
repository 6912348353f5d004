/**
 * Tells whether the server or the page around this one forbids a device, so that nobody is even asked.
 * @param {"camera" | "microphone"} device
 */
export function isForbidden(device) {
  /** @type {any} a working draft (W3C Permissions Policy, section 9); Chromium has its older name, others have neither */
  const page = document;
  return (page.permissionsPolicy ?? page.featurePolicy)?.allowsFeature(device) === false;
}
