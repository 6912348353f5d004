import { CopyButton } from "copy_button";
import { defineComponent, h } from "vue";

/**
 * @typedef {object} FormattedNode an element as formatted_text.py describes it
 * @property {string} tag
 * @property {(FormattedNode | string)[]} children
 * @property {string} href
 * @property {string} align
 * @property {number} start
 * @property {Record<string, string>} attributes
 */

/** The elements that are shown. The rest of what comes is shown as its text. */
const TAGS = new Set("p h3 h4 h5 h6 ul ol li blockquote hr table thead tbody tr th td strong em s br code pre a".split(" "));

/** The elements of formulas (MathML), and what arranges them, as formula.py lists them. */
const MATH = new Set(
  `math mrow mi mn mo mtext mspace msup msub msubsup mfrac msqrt mroot mover munder munderover mtable mtr mtd mstyle
  mpadded mphantom`.split(/\s+/),
);
const MATH_ATTRIBUTES = new Set(
  `display mathvariant stretchy fence form accent linethickness columnalign width lspace rspace minsize maxsize
  movablelimits displaystyle scriptlevel`.split(/\s+/),
);

/** Shows a text in Markdown, of which Python has made a tree. Texts in it are never read as HTML. */
export const FormattedText = defineComponent({
  props: {
    nodes: { type: /** @type {import("vue").PropType<FormattedNode[]>} */ (Array), required: true },
    texts: { type: Object, required: true },
  },
  render() {
    return h("div", { class: "formatted" }, this.nodes.map((node) => this.show(node)));
  },
  methods: {
    /** @param {FormattedNode | string} node @returns {import("vue").VNode | string | (import("vue").VNode | string)[]} */
    show(node) {
      if (typeof node === "string") return node;
      const children = node.children.flatMap((child) => this.show(child));
      if (MATH.has(node.tag)) return this.showMath(node, children);
      if (!TAGS.has(node.tag)) return children;
      if (node.tag === "pre") return this.showCode(/** @type {string[]} */ (node.children).join(""));
      if (node.tag === "table") return h("div", { class: "formatted__table", tabindex: 0 }, h("table", children));
      return h(node.tag, attributes(node), children);
    },
    /** @param {FormattedNode} node @param {(import("vue").VNode | string)[]} children */
    showMath({ tag, attributes }, children) {
      const element = h(tag, Object.fromEntries(Object.entries(attributes).filter(([name]) => MATH_ATTRIBUTES.has(name))), children);
      return tag === "math" ? h("span", { class: ["formula", `formula--${attributes.display}`], dir: "ltr" }, element) : element;
    },
    /** @param {string} code */
    showCode(code) {
      return h("div", { class: "formatted__code" }, [
        h("pre", { dir: "ltr", tabindex: 0 }, h("code", code)),
        h(CopyButton, { text: code, label: this.texts.code, texts: this.texts, "data-testid": "code-copy" }),
      ]);
    },
  },
});

/** @param {FormattedNode} node */
function attributes({ tag, href, align, start }) {
  if (tag === "a") return { href, target: "_blank", rel: "noopener noreferrer" };
  if (tag === "ol" && start !== 1) return { start };
  return align ? { style: { textAlign: align } } : null;
}
