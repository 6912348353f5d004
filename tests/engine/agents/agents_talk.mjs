/** A conversation held by a `RealtimeSession` of `@openai/agents-realtime`, in a page as well as in Node. */
export class Talk {
  /** @param {{ RealtimeAgent: any, RealtimeSession: any }} library @param {any} transport */
  constructor({ RealtimeAgent, RealtimeSession }, transport) {
    this.transport = transport;
    this.session = new RealtimeSession(new RealtimeAgent({ name: "Partner", instructions: "Be brief." }), { transport });
    /** @type {string[]} */
    this.errors = [];
    /** @type {object[]} all server events */
    this.events = [];
    this.session.on("error", ({ error }) => this.errors.push(error?.message ?? JSON.stringify(error)));
    transport.on("*", (event) => this.events.push(event));
  }

  /**
   * Waits until somebody has said this, by the history that the library keeps.
   * @param {"user" | "assistant"} role @param {string} words
   * @returns {Promise<string>} the whole sentence
   */
  said(role, words) {
    return new Promise((resolve) => {
      const look = () => {
        for (const item of this.session.history.filter((item) => item.role === role && item.status === "completed")) {
          const text = item.content.map((part) => part.transcript ?? part.text ?? "").join(" ");
          if (!text.includes(words)) continue;
          this.session.off("history_updated", look);
          resolve(text);
        }
      };
      this.session.on("history_updated", look);
      look();
    });
  }
}
