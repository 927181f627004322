/**
 * The forms that stand for emoticons and emoji. They are plain letters because the tokenizer would
 * cut anything else into single characters.
 */
export const FACE_FORMS = {
  happy: "happyface",
  sad: "sadface",
  playful: "playfulface",
  wry: "wryface",
  heart: "heartsign",
  broken: "brokenheartsign",
  good: "thumbsup",
  bad: "thumbsdown",
} as const;

const EMOTICONS: readonly (readonly [string, string])[] = [
  // The broken heart first: it holds the heart.
  [String.raw`<\/+3+`, FACE_FORMS.broken],
  [String.raw`<3+`, FACE_FORMS.heart],
  [String.raw`[:=]'?-?d+(?![a-z0-9])`, FACE_FORMS.happy],
  [String.raw`[:=8][~o]?'?-?[)\]}]+`, FACE_FORMS.happy],
  [String.raw`\^[_.-]*\^`, FACE_FORMS.happy],
  [String.raw`;[~o]?-?[)\]d]+`, FACE_FORMS.playful],
  [String.raw`[:=;]-?p+(?![a-z0-9])`, FACE_FORMS.playful],
  [String.raw`[:=][~o]?'?-?[(\[{]+(?![a-z0-9])`, FACE_FORMS.sad],
  [String.raw`(?<![a-z0-9)])d'?:(?![a-z0-9])`, FACE_FORMS.sad],
  [String.raw`t_+t|;_+;|>_*<`, FACE_FORMS.sad],
  [String.raw`[:=]-?[/\\|]+(?![/\\])`, FACE_FORMS.wry],
  [String.raw`-_+-`, FACE_FORMS.wry],
];

const EMOTICON = new RegExp(EMOTICONS.map(([pattern]) => `(${pattern})`).join("|"), "g");

/** Replaces emoticons (`:)`, `<3`, ...) in a lower-case word by their forms. */
export function replaceEmoticons(word: string): string {
  return word.replace(EMOTICON, (...found: unknown[]) => {
    for (let i = 0; i < EMOTICONS.length; i++) {
      if (found[i + 1] !== undefined) return ` ${EMOTICONS[i]![1]} `;
    }
    return " ";
  });
}

const EMOJI: readonly (readonly [string, string])[] = [
  ["😀😁😂😃😄😅😆😊😇🙂😌😍🥰😘😗😙😚😎🤩🥳🤗😺😸😻☺🎉🎊🤣", FACE_FORMS.happy],
  ["😉😋😛😜😝🤪😏", FACE_FORMS.playful],
  ["😞😔😟😕🙁☹😣😖😫😩🥺😢😭😤😠😡🤬😱😨😰😥😓😿😾🤮🤢💩", FACE_FORMS.sad],
  ["😐😑😒🙄😬😶", FACE_FORMS.wry],
  ["❤♥💕💖💗💘💙💚💛💜🖤🤍🤎🧡💞💓💝", FACE_FORMS.heart],
  ["💔", FACE_FORMS.broken],
  ["👍👏🙌💯⭐🌟✅🏆", FACE_FORMS.good],
  ["👎", FACE_FORMS.bad],
];

const EMOJI_FORMS = new Map(
  EMOJI.flatMap(([symbols, form]) => Array.from(symbols, (symbol) => [symbol, form] as const)),
);

/** Replaces the emoji that show a feeling by their forms; others stay. */
export function replaceEmoji(word: string): string {
  let out = "";
  for (const symbol of word) {
    const form = EMOJI_FORMS.get(symbol);
    out += form === undefined ? symbol : ` ${form} `;
  }
  return out;
}
