import { defineComponent, h } from "vue";

/** Renders what is in it once the page is connected to Python. */
export default defineComponent({
  data: () => ({ isDue: false }),
  methods: {
    show() {
      this.isDue = true;
    },
  },
  render() {
    return h("div", this.isDue ? this.$slots.default?.() : []);
  },
});
