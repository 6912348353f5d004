/** Error codes of the service, or of Parley as the placing server, that say more than their HTTP status. */
const SERVICE_CODES = [
  "invalid_api_key",
  "insufficient_quota",
  "model_not_found",
  "rate_limit_exceeded",
  "invalid_offer",
  "session_limit_reached",
  "engine_stopped",
  "provider_unreachable",
  "provider_timeout",
  "provider_answer_unusable",
  "ticket_invalid",
  "ticket_used",
  "too_many_calls",
  "minutes_used_up",
  "day_used_up",
  "visit_over",
];

/**
 * Why a call could not be placed or ended early. `code` is a key of `failures` in assets/languages, which holds the
 * sentence for people; `detail` is the original message; `at` is when it happened, on the clock of performance.now().
 */
export class CallFailure extends Error {
  /**
   * @param {string} code
   * @param {string} [detail]
   */
  constructor(code, detail = "") {
    super(detail || code);
    this.name = "CallFailure";
    this.code = code;
    this.detail = detail;
    this.at = performance.now();
  }

  /** Wraps any error that is not a `CallFailure` yet. @param {unknown} error @returns {CallFailure} */
  static from(error) {
    return error instanceof CallFailure ? error : new CallFailure("unknown", String(error));
  }

  /**
   * Reads the error response to an SDP offer.
   * @param {Response} response
   * @returns {Promise<CallFailure>}
   */
  static async fromResponse(response) {
    const body = await response.text().catch(() => "");
    let error;
    try {
      error = JSON.parse(body).error;
    } catch {
      // a proxy in between may answer with anything
    }
    const code = SERVICE_CODES.includes(error?.code) ? error.code : `http_${response.status}`;
    return new CallFailure(code, String(error?.message ?? body.slice(0, 300)) || response.statusText);
  }
}

/** @typedef {{ code: string, detail: string, sentence: string, next_step: string }} Explanation a failure in words */

const LONGEST_QUOTE = 200;

/**
 * Looks up the words for a failure. An HTTP status without words of its own gets those of its class (`http_4xx`). Words
 * with a place for them quote the service's own, except for an error of Parley's (`unknown`).
 * @param {{ code: string, detail: string }} failure
 * @param {Texts} failures the section `failures` of assets/languages
 * @returns {Explanation}
 */
export function explain({ code, detail }, failures) {
  const words = failures[code] ?? failures[code.replace(/^(http_\d)\d\d$/, "$1xx")] ?? failures.unknown;
  const quote = code === "unknown" ? "" : cleaned(detail);
  const sentence = words.said && quote ? words.said.replace("{detail}", () => quote) : words.sentence;
  return { ...words, sentence, code, detail };
}

/**
 * Returns words from outside as one line of bounded length, without control characters; nothing of a page of HTML, which
 * comes from a proxy and is not for people who talk.
 * @param {string} text
 */
function cleaned(text) {
  if (/^\s*</.test(text)) return "";
  const line = text.replace(/[\p{C}\p{Z}]+/gu, " ").trim();
  return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE - 1)}…` : line;
}

/**
 * Bounds a step of the call: rejects with `code` after `ms`, or as soon as the signal aborts.
 * ICE can stay silent forever, so no step is awaited without a bound.
 * @template T
 * @param {Promise<T>} promise
 * @param {{ ms: number, code: string, signal: AbortSignal }} bounds
 * @returns {Promise<T>}
 */
export function within(promise, { ms, code, signal }) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new CallFailure(code)), ms);
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    });
  });
}
