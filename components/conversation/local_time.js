import { defineComponent } from "vue";

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const FORMS = {
  time: { timeStyle: "short" },
  day: { weekday: "long", day: "numeric", month: "long" },
  "date-time": { dateStyle: "medium", timeStyle: "short" },
  "day-time": { weekday: "long", day: "numeric", month: "long", hour: "numeric", minute: "2-digit" },
};

/** A time, written in the language of the page and by the clock of the reader. */
export const LocalTime = defineComponent({
  template: `<time :datetime="time.datetime" :title="time.title">{{ time.text }}</time>`,
  props: { at: { type: Number, required: true }, form: { type: String, default: "time" } },
  computed: {
    time() {
      return localTime(this.at, this.form);
    },
  },
});

export default LocalTime;

/** The text and attributes of a `time` element. @param {number} at Unix seconds @param {string} [form] one of `FORMS` */
export function localTime(at, form = "time") {
  const date = new Date(at * 1000);
  const title = format(date, { dateStyle: "full", timeStyle: "medium" });
  return { datetime: date.toISOString(), title, text: format(date, FORMS[form]) };
}

/** @type {Map<string, Intl.DateTimeFormat>} making one takes longer than all the rest of a bubble */
const formats = new Map();

/** @param {Date} date @param {Intl.DateTimeFormatOptions} form */
function format(date, form) {
  const language = document.documentElement.lang;
  const key = language + JSON.stringify(form);
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(language || undefined, form)));
  return found.format(date);
}
