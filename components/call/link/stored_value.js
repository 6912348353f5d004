/** A value in local storage, shared by all pages of this browser. Where storage is forbidden, nothing is kept. */
export class StoredValue {
  /** @param {string} key in local storage */
  constructor(key) {
    this.key = key;
  }

  /** @returns {any} null if nothing is stored, or something that is not JSON */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "null");
    } catch {
      return null;
    }
  }

  /** @param {unknown} value anything JSON can hold */
  write(value) {
    try {
      localStorage.setItem(this.key, JSON.stringify(value));
    } catch {
      // storage is forbidden or full
    }
  }
}
