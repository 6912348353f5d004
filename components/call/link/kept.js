/** Something that the browser keeps for later pages. Some forbid that: then each page begins anew. */
export class Kept {
  /** @param {string} name in local storage */
  constructor(name) {
    this.name = name;
  }

  /** @returns {any} null where nothing is kept, or nothing of ours */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.name));
    } catch {
      return null;
    }
  }

  /** @param {any} value that JSON can hold */
  write(value) {
    try {
      localStorage.setItem(this.name, JSON.stringify(value));
    } catch {
      // forbidden, or full
    }
  }
}
