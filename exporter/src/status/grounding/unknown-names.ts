import type { Language } from "../../language.ts";

/** What looks like the name of a resource by its spelling alone. */
const NAME_SHAPES: readonly RegExp[] = [
  // A path. A slash inside a word or a unit (MB/s) is none.
  /(?<![\p{Script=Latin}\p{N}_)%])\/[\w.@-]*(?:\/[\w.@-]+)*/giu,
  // A Windows drive.
  /\b[A-Z]:\\?(?=\s|$)/gu,
  // Network interfaces and block devices as Linux, macOS and BSD name them.
  /\b(?:eth|ens?|enp|eno|wlan|wlp|wl|lo|docker|veth|utun|awdl|llw|bridge|br|tun|tap|sd|nvme|xvd|vd|disk)-?[a-z]*\d\w*/giu,
  // Whatever stands in code quotes.
  /(?<=`)[^`]+(?=`)/gu,
];

/** Words that may stand behind "process", "disk" or "interface" and are no names. */
const NO_NAMES = new Set(
  (
    "is are was were has have uses use using used runs run running takes took needs consumes " +
    "and or of on in at with that which for to by from the a an its their this it usage use time " +
    "space count information status list names named called receives sends received sent full " +
    "busy down up free left total state health also as than more most not no only all each " +
    "because but while who whose be being can will there"
  ).split(" "),
);

const AFTER_NOUN =
  /\b(?:process(?:es)?|program|disk|drive|volume|interface)\s+["'`]?(?<name>[\p{L}\p{N}_/][\p{L}\p{N}_/.:@+-]*)/giu;

/**
 * What looks like the name of a process, disk or interface.
 *
 * @param masked - a text in which the known names are replaced by something that is no name
 */
export function unknownNames(masked: string, language: Language): string[] {
  const shaped = NAME_SHAPES.flatMap((shape) => [...masked.matchAll(shape)].map(([name]) => name));
  const named =
    language === "en"
      ? [...masked.matchAll(AFTER_NOUN)]
          .map((match) => match.groups!["name"]!.replace(/[.:]+$/, ""))
          .filter((name) => !/^[\d.,]+$/.test(name) && !NO_NAMES.has(name.toLowerCase()))
      : [];
  return [...new Set([...shaped, ...named])];
}
