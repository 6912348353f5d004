/** Codes of the service, or of Parley where it places the call, that say more than the HTTP status they come with. */
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
 * Why a call could not be placed or ended early. `code` is a key of `failures` in assets/languages,
 * where the sentence for people stands; `detail` is the cause in its own words.
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
  }

  /** @param {unknown} error @returns {CallFailure} */
  static from(error) {
    return error instanceof CallFailure ? error : new CallFailure("unknown", String(error));
  }

  /**
   * What a service said instead of an SDP answer.
   * @param {Response} response
   * @returns {Promise<CallFailure>}
   */
  static async fromResponse(response) {
    const body = await response.text().catch(() => "");
    let error;
    try {
      error = JSON.parse(body).error;
    } catch {
      // not every server in between answers in JSON
    }
    const code = SERVICE_CODES.includes(error?.code) ? error.code : `http_${response.status}`;
    return new CallFailure(code, String(error?.message ?? body.slice(0, 300)) || response.statusText);
  }
}

/**
 * Bounds a step of the call: rejects with `code` after `ms`, and as soon as the signal aborts.
 * ICE can stay silent for ever, so nothing here is awaited without a bound.
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
