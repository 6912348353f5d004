const ICON = "link[rel~=icon]";
const DOT = '<circle cx="50" cy="14" r="13" fill="#c92a2a" stroke="#fff" stroke-width="4"/>';
const MARK = "● ";

/** Shows on the tab of this page, by its title and icon, whether a call is live. */
export class LiveSign {
  constructor() {
    this.isLive = false;
    /** @type {string | null} of the icon without the sign */
    this.address = null;
  }

  /** @param {boolean} isLive */
  async show(isLive) {
    if (isLive === this.isLive) return;
    this.isLive = isLive;
    document.title = isLive ? MARK + document.title : document.title.replace(MARK, "");
    const icon = /** @type {HTMLLinkElement | null} */ (document.querySelector(ICON));
    if (!icon) return;
    this.address ??= icon.getAttribute("href");
    if (!isLive && this.address) icon.href = this.address;
    if (!isLive || !this.address) return;
    const drawing = await fetch(this.address).then((answer) => answer.text(), () => ""); // without Parley, the title tells
    if (this.isLive && drawing.includes("</svg>"))
      icon.href = `data:image/svg+xml,${encodeURIComponent(drawing.replace("</svg>", `${DOT}</svg>`))}`;
  }
}
